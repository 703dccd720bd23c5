"""The Dagster definitions, loaded and run on a small bank."""
