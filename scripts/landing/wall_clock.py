"""Bank-local time from a Parquet timestamp that carries a time zone.

Such a file stores the instant; its writer's zone, when the file names one, gives back the clock that the
writer saw. That clock is kept and the zone dropped, as the contract asks for offsets. No zone means UTC.
"""

from __future__ import annotations

import re

import duckdb

from scripts.landing.sql_text import literal

ZONED = "TIMESTAMP WITH TIME ZONE"
OFFSET = re.compile(r"([+-])(\d{2}):(\d{2})")
MICROSECONDS_A_MINUTE = 60_000_000


def wall_clock(reference: str, zone: str | None) -> str:
    """SQL for the local time of a zoned timestamp; doesn't depend on the session's time zone."""
    if zone is None or zone == "UTC":
        return f"make_timestamp(epoch_us({reference}))"
    offset = OFFSET.fullmatch(zone)
    if offset is None:
        return f"timezone({literal(zone)}, {reference})"
    minutes = int(offset[2]) * 60 + int(offset[3])
    return f"make_timestamp(epoch_us({reference}) {offset[1]} {minutes * MICROSECONDS_A_MINUTE})"


def is_known_zone(zone: str, connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the database can tell the time in a zone."""
    try:
        connection.execute(f"select {wall_clock('make_timestamptz(0)', zone)}")
    except duckdb.Error:
        return False
    return True
