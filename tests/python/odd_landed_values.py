"""Texts that files really hold, and what each type of the landing contract makes of them: the same on every engine."""

from __future__ import annotations

import json
from typing import Any

from warehouse import Warehouse

from scripts.reader import open_reader

# What a text is in each type; in the types that aren't named it is none (null), and as text it is itself, trimmed.
WHITE_SPACE = " \t\r\n\u00a0\u3000"
WHOLE, AMOUNT, RATIO = "integer", "decimal(18, 2)", "double"
EXPECTED: dict[str, dict[str, Any]] = {
    "2024-01-05": {"date": "2024-01-05", "timestamp": "2024-01-05 00:00:00"},
    " \t2024-01-05\u00a0\u3000": {"date": "2024-01-05", "timestamp": "2024-01-05 00:00:00"},
    "2024-01-05 10:00": {"date": "2024-01-05", "timestamp": "2024-01-05 10:00:00"},
    "2024-01-05T23:59:59Z": {"date": "2024-01-05", "timestamp": "2024-01-05 23:59:59"},
    "2024-01-05 23:59:59.1234567+08:00": {"date": "2024-01-05", "timestamp": "2024-01-05 23:59:59.123456"},
    "2024-01-05 10:00:00 -0530": {"date": "2024-01-05", "timestamp": "2024-01-05 10:00:00"},
    "9999-12-31": {"date": "9999-12-31", "timestamp": "9999-12-31 00:00:00"},
    "1000-01-01": {"date": "1000-01-01", "timestamp": "1000-01-01 00:00:00"},
    "1500-02-29": {},
    "1600-02-29": {"date": "1600-02-29", "timestamp": "1600-02-29 00:00:00"},
    "0": {WHOLE: 0, AMOUNT: 0.0, RATIO: 0.0, "boolean": False},
    "1": {WHOLE: 1, AMOUNT: 1.0, RATIO: 1.0, "boolean": True},
    "-0.00": {WHOLE: 0, AMOUNT: 0.0, RATIO: 0.0},
    "0.005": {AMOUNT: 0.01, RATIO: 0.005},
    "-0.005": {AMOUNT: -0.01, RATIO: -0.005},
    "1.0049999999999999": {AMOUNT: 1.0, RATIO: 1.0049999999999999},
    ".5": {AMOUNT: 0.5, RATIO: 0.5},
    "5.": {WHOLE: 5, AMOUNT: 5.0, RATIO: 5.0},
    "+7": {WHOLE: 7, AMOUNT: 7.0, RATIO: 7.0},
    "20240105": {WHOLE: 20240105, AMOUNT: 20240105.0, RATIO: 20240105.0},
    "007": {WHOLE: 7, AMOUNT: 7.0, RATIO: 7.0},
    "1e3": {WHOLE: 1000, AMOUNT: 1000.0, RATIO: 1000.0},
    "1E+5": {WHOLE: 100000, AMOUNT: 100000.0, RATIO: 100000.0},
    "12e-1": {AMOUNT: 1.2, RATIO: 1.2},
    "2147483647": {WHOLE: 2147483647, AMOUNT: 2147483647.0, RATIO: 2147483647.0},
    "-2147483648": {AMOUNT: -2147483648.0, RATIO: -2147483648.0},
    "9999999999999999.994": {AMOUNT: 9999999999999999.99, RATIO: 9999999999999999.994},
    "9999999999999999.995": {RATIO: 9999999999999999.995},
    "1e16": {RATIO: 1e16},
    "1e20": {},
    "1e400": {},
    "-1e400": {},
    "1e999": {},
    "1e-400": {WHOLE: 0, AMOUNT: 0.0, RATIO: 0.0},
    "0e400": {WHOLE: 0, AMOUNT: 0.0, RATIO: 0.0},
    "0" * 400: {WHOLE: 0, AMOUNT: 0.0, RATIO: 0.0},
    "0" * 400 + "1": {WHOLE: 1, AMOUNT: 1.0, RATIO: 1.0},
    "1" * 60: {},
    "0." + "3" * 60: {AMOUNT: 0.33, RATIO: 0.333333333333333333},
    "TRUE ": {"boolean": True},
    "t": {"boolean": True},
    "Yes": {"boolean": True},
    "n": {"boolean": False},
    "F": {"boolean": False},
}
# What is nothing but a text.
NOTHING = (
    *("2024-1-5", "2024-1-5 10:00", "2024-01-05 1:00", "2024-02-30", "2024-13-01", "05.01.2024"),
    *("0000-00-00", "0999-12-31", "10000-01-01", "-2024-01-01", "2024-01-05 24:00:00", "2024-01-05 10:00:60"),
    *("2024-01-05 10:00:00 Asia/Shanghai", "2024-01-05 (BC)", "2024-01-05\n10:00", "2024-01-05 10", "2024-01"),
    *("２０２４-01-05", "inf", "-inf", "infinity", "-infinity", "Infinity", "nan", "NaN", "epoch", "now", "today"),
    *("1,000.00", "1 000", "1_000", "0x10", "0b1", "１２", "٣", "--1", "1e", "1e1000", "e5", ".", "+", "1d", "1f"),
    *("1L", "on", "off", "2024-01-05 10:00:00+99:99x", "truth", "null", "$1", "%s", "1\n", "2024-01-05\nx"),
)
EXPECTED |= {text: {} for text in NOTHING}
EXPECTED["1\n"] = EXPECTED["1"]  # a line end is white space
EXPECTED |= {blank: {"varchar": None} for blank in ("", " ", WHITE_SPACE)}
TYPES = ("varchar", "date", "timestamp", "boolean", WHOLE, AMOUNT, RATIO)


# Values of typed columns: to a server they come as the texts that DuckDB makes of them.
TYPED = {
    "date '2024-01-05'": "2024-01-05",
    "timestamp '9999-12-31 23:59:59.5'": "9999-12-31",
    "date '0999-12-31'": None,
    "date '10000-01-01'": None,
    "timestamp '10000-01-01 00:00:00'": None,
    "date 'infinity'": None,
    "timestamp '-infinity'": None,
}


def literal(text: str) -> str:
    """A text without quotes or backslashes in it."""
    assert not set(text) & set("'\\{")
    return f"'{text}'"


def assert_read_as_expected(warehouse: Warehouse, engine: str) -> None:
    """Every text in every type, by the macros that staging reads the landing with."""
    cells = " union all ".join(
        f"select {number} as place, cast({literal(text)} as {{{{ dbt.type_string() }}}}) as cell"
        for number, text in enumerate(EXPECTED)
    )
    values = ", ".join(
        f"{{{{ typed_value('cells.cell', '{type}') }}}} as value_{number}" for number, type in enumerate(TYPES)
    )
    rows = rows_of(f"select {values} from ({cells}) as cells order by place", warehouse, engine)
    wrong = [
        (text, type, value)
        for (text, known), row in zip(EXPECTED.items(), rows, strict=True)
        for type, value in zip(TYPES, row, strict=True)
        if as_expected(value, type) != known.get(type, text.strip(WHITE_SPACE) if type == "varchar" else None)
    ]
    assert not wrong, "\n".join(map(str, wrong))


def assert_typed_columns_are_read_as_texts(warehouse: Warehouse) -> None:
    """On DuckDB a typed column isn't read by way of text, with the same outcome."""
    inline = " union all ".join(
        f"select {place}, {{{{ landed_date('cell') }}}}, {{{{ landed_timestamp('cell') }}}}"
        f" from (select {value} as cell)"
        for place, value in enumerate(TYPED)
    )
    found = {place: (date, moment) for place, date, moment in rows_of(inline, warehouse, "duckdb")}
    for place, (value, expected) in enumerate(TYPED.items()):
        date, moment = found[place]
        assert (date and str(date)) == expected == (moment and str(moment)[:10]), value


def rows_of(inline: str, warehouse: Warehouse, engine: str) -> list[tuple]:
    """The rows of a query with macros in it."""
    query = compiled_query(inline, warehouse)
    with open_reader(engine, warehouse.home / "work" / "warehouse.duckdb") as reader:
        cursor = reader.connection.cursor()
        cursor.execute(query)
        return cursor.fetchall()


def compiled_query(inline: str, warehouse: Warehouse) -> str:
    """A query with its macros expanded."""
    compiled = warehouse.run(*warehouse.dbt_command, "compile", "--output", "json", "--inline", inline)
    return json.loads(compiled[compiled.index("{") :])["compiled"]


def as_expected(value: Any, type: str) -> Any:
    """A value as EXPECTED has it: dates and times as texts, whatever the driver makes of them; decimals as floats."""
    convert = {"date": str, "timestamp": str, AMOUNT: float}.get(type)
    return convert(value) if convert and value is not None else value
