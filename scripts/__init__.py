"""The project's Python side: everything that happens before, around and after dbt."""
