"""Kills refreshes at random moments, and reads all the while."""
