"""Refresh: build what changed in the landing, check it, publish it (write, audit, publish)."""
