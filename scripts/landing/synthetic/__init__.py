"""A synthetic bank: deterministic landing data with a planted truth. See `__main__` for the command line."""
