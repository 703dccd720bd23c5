"""Samples for schedulers: cron, systemd, Dagster. docs/scheduling.md says how to use them."""
