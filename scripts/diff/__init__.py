"""What differs between two releases, or between two warehouse files: rows, columns, and who moved to which segment."""
