"""Which old customer key became which new one: kept beside the secret key, for a limited time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from scripts.settings import Settings

Row = tuple[str, str, datetime]
TABLE = """
create table main.key_mapping (
    old_customer_key varchar primary key, new_customer_key varchar not null, expires_at timestamp not null
)
"""


def mapping_file(settings: Settings) -> Path:
    """Where it lies."""
    return settings.keys_file.with_name("key_mapping.duckdb")


def write_mapping(settings: Settings, rows: list[Row]) -> None:
    """Puts a whole new mapping in its place."""
    fresh = mapping_file(settings).with_name("key_mapping.new.duckdb")
    fresh.unlink(missing_ok=True)
    with duckdb.connect(str(fresh)) as connection:
        fresh.chmod(0o600)
        connection.execute(TABLE)
        if rows:
            connection.executemany("insert into main.key_mapping values (?, ?, ?)", rows)
    fresh.replace(mapping_file(settings))


def forget_old_keys(settings: Settings, erased: list[str] | None = None) -> None:
    """Removes the mapping once its time is up, and erased persons from it before."""
    if not mapping_file(settings).exists():
        return
    with duckdb.connect(str(mapping_file(settings)), read_only=True) as connection:
        rows = connection.execute("select * from main.key_mapping order by 1").fetchall()
    now = datetime.now(UTC).replace(tzinfo=None)
    kept = [row for row in rows if row[2] > now and row[1] not in (erased or [])]
    if not kept:
        mapping_file(settings).unlink()
    elif len(kept) < len(rows):
        write_mapping(settings, kept)
