"""Great Expectations at the two doors of the warehouse: what comes in, and what goes out."""
