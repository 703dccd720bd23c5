"""The landing: its contract, the gate that checks its structure, the loaders that show it to dbt."""
