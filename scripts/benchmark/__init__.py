"""How fast the warehouse is, and how much memory it needs: a fixed protocol, beside programs that do the same work."""
