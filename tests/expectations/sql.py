"""SQL that means the same on DuckDB, PostgreSQL and Spark, as text."""

from __future__ import annotations

from scripts.reader import DUCKDB, POSTGRES, SPARK

KEY_LENGTH = 64  # hexadecimal digits of a keyed hash
# PostgreSQL also takes `yesterday`, `01/02/2024` and `0x10`, which DuckDB does not
POSTGRES_DATE = "^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$"
POSTGRES_NUMBER = "^[+-]?([0-9.]+(e[+-]?[0-9]+)?|nan|inf|infinity)$"


def count_if(condition: str) -> str:
    """How many rows meet a condition; 0 of none."""
    return f"count(case when {condition} then 1 end)"


def ratio(part: str, whole: str) -> str:
    """A share or growth, of whole numbers, too; null when the whole is 0."""
    return f"1.0 * {part} / nullif({whole}, 0)"


def is_hashed(key: str) -> str:
    """Whether a text is a keyed hash; never null."""
    return f"coalesce(length({key}) = {KEY_LENGTH} and translate({key}, '0123456789abcdef', '') = '', false)"


def months_between(first: str, last: str) -> str:
    """From one date's month to another's."""
    years = f"extract(year from {last}) - extract(year from {first})"
    return f"cast(({years}) * 12 + extract(month from {last}) - extract(month from {first}) as integer)"


def is_month_end(day: str) -> str:
    """Whether the next day is the first of a month."""
    return f"extract(day from {day} + interval '1' day) = 1"


# Of a landed cell. DuckDB's columns have their file's type, and it folds `typeof` while planning, so that typed ones
# aren't turned into text; on PostgreSQL all are text; Spark has both and casts what it can.


def has_value(column: str, engine: str) -> str:
    """Whether there is more than blanks in it; never null."""
    filled = f"{landed_text(column, engine)} <> ''"
    if engine == DUCKDB:
        filled = f"case when typeof({column}) = 'VARCHAR' then {filled} else {column} is not null end"
    return f"coalesce({filled}, false)"


def as_date(column: str, engine: str) -> str:
    """As a date; null when it is none."""
    text = f"substr({landed_text(column, engine)}, 1, 10)"
    if engine == POSTGRES:
        is_date = f"{text} ~ '{POSTGRES_DATE}' and pg_input_is_valid({text}, 'date')"
        return f"case when {is_date} then cast({text} as date) end"
    if engine == SPARK:
        return f"try_cast({text} as date)"
    return f"case when typeof({column}) = 'VARCHAR' then try_cast({text} as date) else try_cast({column} as date) end"


def as_number(column: str, engine: str) -> str:
    """As a number; null when it is none."""
    text = landed_text(column, engine)
    if engine == POSTGRES:
        is_number = f"{text} ~* '{POSTGRES_NUMBER}' and pg_input_is_valid({text}, 'double precision')"
        return f"case when {is_number} then cast({text} as double precision) end"
    if engine == SPARK:
        return f"try_cast({text} as double)"
    return (
        f"case when typeof({column}) = 'VARCHAR' then try_cast({text} as double) else try_cast({column} as double) end"
    )


def landed_text(column: str, engine: str) -> str:
    """As text without the blanks around it."""
    if engine == POSTGRES:  # its trim knows one blank only, DuckDB's those of all scripts
        return f"btrim({column}, ' ' || chr(160) || chr(12288))"
    return f"trim(cast({column} as {'string' if engine == SPARK else 'varchar'}))"
