"""The SQL of a landed table: its contract columns as they lie in the files, and where each row comes from.

Every table has the columns of its contract in order, then

    landed_file     path inside the landing
    landed_row      number of the data row in its file, from 1
    is_wrong_width  a CSV record with fewer or more fields than the header
    landed_text     the whole row as JSON, extra columns and surplus fields too; null where there is nothing

A column is text (CSV) or has its Parquet type, if staging can take that as it is; else it is text.
Nothing is computed unless it is selected.
"""

from __future__ import annotations

import re

from scripts.landing.contract import Column
from scripts.landing.landed import BLANKS, CsvShape, LandedColumn, LandedFile, LandedTable
from scripts.landing.sql_text import LANDED_PATH, identifier, literal, parquet_reader, path_literal
from scripts.landing.wall_clock import ZONED, wall_clock

BUFFER_BYTES = 32_000_000  # about as much of a CSV file is held at once
NEVER = r"E'\nnever'"  # no unquoted field has a line end: a blank field stays '', null means "not there"
NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL")


def landed_query(table: LandedTable) -> str:
    """A query over the table's files; without files it has no rows."""
    if not table.files:
        return _empty(table.contract.columns)
    if table.files[0].csv is not None:
        return "\nunion all\n".join(_csv_query(file, file.csv, table) for file in table.files if file.csv)
    groups: dict[tuple[LandedColumn, ...], list[LandedFile]] = {}
    for file in table.files:
        groups.setdefault(file.columns, []).append(file)
    return "\nunion all\n".join(_parquet_query(group, table) for group in groups.values())


def _empty(columns: tuple[Column, ...]) -> str:
    nulls = [f"cast(null as varchar) as {column.name}" for column in columns]
    return _select(
        nulls,
        landed_file="cast(null as varchar)",
        landed_row="cast(null as bigint)",
        is_wrong_width="cast(null as boolean)",
        landed_text="cast(null as varchar)",
        source="(select 1) as nothing\nwhere false",
    )


def _select(
    columns: list[str],
    *,
    landed_file: str,
    landed_row: str,
    is_wrong_width: str,
    landed_text: str,
    source: str,
) -> str:
    lines = [
        *columns,
        f"{landed_file} as landed_file",
        f"{landed_row} as landed_row",
        f"{is_wrong_width} as is_wrong_width",
        f"{landed_text} as landed_text",
    ]
    return "select\n    " + ",\n    ".join(lines) + f"\nfrom {source}"


def _parquet_query(files: list[LandedFile], table: LandedTable) -> str:
    """One reader for files of the same columns and types."""
    first = files[0]
    root = str(first.path).removesuffix(first.name)
    contract = table.contract.columns
    columns = [f"{_parquet_value(column, first, table)} as {column.name}" for column in contract]
    return _select(
        columns,
        landed_file=f"substr(part.{LANDED_PATH}, {len(root) + 1})",
        landed_row="part.file_row_number + 1",
        is_wrong_width="false",
        landed_text=_json([(column.name, f"cast({_value(column)} as varchar)") for column in first.columns]),
        source=f"{parquet_reader(file.path for file in files)} as part",
    )


def _parquet_value(column: Column, file: LandedFile, table: LandedTable) -> str:
    """The column's value; as text when its type isn't fit for the contract, or differs between the parts."""
    landed = file.column(column.name)
    if landed is None:
        return "cast(null as varchar)"
    types = {part.data_type for part in (other.column(column.name) for other in table.files) if part}
    is_everywhere = all(other.column(column.name) for other in table.files)
    if is_everywhere and len(types) == 1 and _is_fit(landed.data_type, column.data_type):
        return _value(landed)
    return f"cast({_value(landed)} as varchar)"


def _is_fit(landed_type: str, contract_type: str) -> bool:
    """Whether staging can type a value of this physical type without a detour over text."""
    if landed_type.startswith("TIMESTAMP") or landed_type == "DATE":
        return contract_type in ("date", "timestamp")
    if re.sub(r"\(\d+,\d+\)$", "", landed_type).removeprefix("U") in NUMBERS:
        return contract_type in ("integer", "double") or contract_type.startswith("decimal")
    return landed_type == "BOOLEAN" and contract_type == "boolean"


def _value(column: LandedColumn) -> str:
    """A Parquet value: binary as text, timestamps as local ones in microseconds, the others as they are."""
    reference = f"part.{identifier(column.name)}"
    if column.data_type == "BLOB":
        return f"coalesce(try(decode({reference})), cast({reference} as varchar))"
    if column.data_type == ZONED:
        return wall_clock(reference, column.zone)
    if column.data_type.startswith("TIMESTAMP_"):
        return f"cast({reference} as timestamp)"
    return reference


def _csv_query(file: LandedFile, shape: CsvShape, table: LandedTable) -> str:
    fields = [f"record.field_{number}" for number in range(1, shape.most_fields + 1)]
    width = len(file.columns)
    by_name = {column.contract_name: fields[number] for number, column in enumerate(file.columns)}
    contract = table.contract.columns
    columns = [f"{by_name.get(column.name, 'cast(null as varchar)')} as {column.name}" for column in contract]
    names = [column.name for column in file.columns] + [""] * (len(fields) - width)
    pairs = list(zip(names, fields, strict=True))
    whole = _without_nulls(_json(pairs))
    is_too_wide = f"{fields[width]} is not null" if len(fields) > width else "false"
    return _select(
        columns,
        landed_file=literal(file.name),
        landed_row="record.record_number - 1",
        is_wrong_width=f"{fields[width - 1]} is null or {is_too_wide}",
        landed_text=f"case when {is_too_wide} then {whole} else {_json(pairs[:width])} end",
        source=f"(\n{_records(file, shape)}\n) as record\nwhere record.record_number > 1",
    )


def _records(file: LandedFile, shape: CsvShape) -> str:
    """The numbered records of a CSV file without its empty lines; the header is number 1.

    The reader's buffers are cut so that the last one is nearly full: DuckDB 1.5.5 loses a last record without
    line end that is to be padded and lies across the last two buffers. Without strict mode any mixture of
    line ends is understood; the gate has been strict already.
    """
    least_bytes = max(BUFFER_BYTES, 4 * shape.longest_record)
    buffer_count = max(1, shape.byte_count // least_bytes)
    buffer_bytes = -(-shape.byte_count // buffer_count) + 1
    fields = ", ".join(f"'field_{number}': 'varchar'" for number in range(1, shape.most_fields + 1))
    options = {
        "auto_detect": "false",
        "header": "false",
        "columns": f"{{{fields}}}",
        "delim": literal(shape.delimiter),
        "quote": "'\"'",
        "escape": "'\"'",
        "comment": "''",
        "new_line": r"'\n'",
        "nullstr": NEVER,
        "allow_quoted_nulls": "false",
        "null_padding": "true",
        "strict_mode": "false",
        "parallel": "false",
        "hive_partitioning": "false",
        "buffer_size": str(buffer_bytes),
        "max_line_size": str(buffer_bytes),
    }
    written = ", ".join(f"{name} = {value}" for name, value in options.items())
    blanks = " || ".join(f"chr({ord(blank)})" for blank in BLANKS)
    return (
        "    select *, row_number() over () as record_number\n"
        f"    from read_csv({path_literal(file.path)}, {written})\n"
        f"    where not (field_2 is null and trim(field_1, {blanks}) = '')"
    )


def _json(pairs: list[tuple[str, str]]) -> str:
    """An object of names and texts; an unnamed field is called by its position."""
    keys = [name.strip(BLANKS) or f"field {number}" for number, (name, _) in enumerate(pairs, start=1)]
    members = ", ".join(f"{literal(key)}, {value}" for key, (_, value) in zip(keys, pairs, strict=True))
    return f"cast(json_object({members}) as varchar)"


def _without_nulls(json: str) -> str:
    """The object without its nulls, so that a row's text doesn't depend on the widest row of its file."""
    return f"cast(json_merge_patch('{{}}', {json}) as varchar)"
