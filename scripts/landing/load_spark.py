"""Shows the landing to Spark: the same relations as on DuckDB and PostgreSQL, every column as text.

    python -m scripts.landing.load_spark      (SPARK_THRIFT_HOST, SPARK_THRIFT_PORT, ...)

Spark reads Parquet files where they lie, through a view a table. What it would read otherwise than the gate did (CSV
files, types that it doesn't know, columns under other names) is written once as Parquet of texts, from the very views
that DuckDB's models read. The key's pads become a file that Spark reads: they never stand in a statement.

A cluster elsewhere must see the landing and the home: DEPOSITS_LANDING_URI and DEPOSITS_HOME_URI say under which
addresses, file: where they aren't set.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from scripts.keys import ensure_keys
from scripts.landing.contract import LOADER_SCHEMA
from scripts.landing.gate import EXIT_REFUSED, inspect_landing, print_landing, print_problems
from scripts.landing.landed import LandedFile, LandedTable, LandingError
from scripts.landing.load_duckdb import create_landing_views
from scripts.settings import Settings, read_settings
from scripts.spark.server import spark_cursor

KEYS_SCHEMA = "keys"
PLAIN_TYPE = r"VARCHAR|DATE|TIMESTAMP|BOOLEAN|(TINY|SMALL|BIG)?INT|INTEGER|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)"
PLAIN_NAME = r"[\w./=-]+"


def load_landing(cursor: Any, settings: Settings, tables: list[LandedTable], variables: Mapping[str, str]) -> None:
    """Replaces every landed relation, the lists of what was landed and keys.hmac_pads."""
    landing_uri = variables.get("DEPOSITS_LANDING_URI", settings.landing.as_uri())
    files = settings.home / "spark" / "files"
    files_uri = variables.get("DEPOSITS_HOME_URI", settings.home.as_uri()) + "/spark/files"
    with duckdb.connect() as reader:
        create_landing_views(reader, tables)
        for table in tables:
            contract = table.contract
            name = f"{contract.schema}.{contract.name}"
            if is_read_in_place(table):
                query = in_place_query(table, landing_uri)
            else:
                texts = ", ".join(f"cast({column.name} as varchar) as {column.name}" for column in contract.columns)
                rows = f"select {texts}, landed_file, landed_row, is_wrong_width, landed_text from {name}"
                _write(reader, rows, files / contract.schema / f"{contract.name}.parquet")
                query = f"select * from parquet.`{files_uri}/{contract.schema}/{contract.name}.parquet`"
            _show(cursor, contract.schema, contract.name, query)
        reader.execute(f"attach '{settings.keys_file}' as keys (read_only)")
        for schema, name, rows in (
            (LOADER_SCHEMA, "landed_columns", f"from {LOADER_SCHEMA}.landed_columns"),
            (LOADER_SCHEMA, "landed_files", f"from {LOADER_SCHEMA}.landed_files"),
            (KEYS_SCHEMA, "hmac_pads", "from keys.main.hmac_pads"),
        ):
            _write(reader, rows, files / schema / f"{name}.parquet")
            _show(cursor, schema, name, f"select * from parquet.`{files_uri}/{schema}/{name}.parquet`")


def is_read_in_place(table: LandedTable) -> bool:
    """Whether Spark reads the files as the gate did."""
    return bool(table.files) and all(_is_plain(file, table) for file in table.files)


def _is_plain(file: LandedFile, table: LandedTable) -> bool:
    names = [column.name for column in file.columns]
    return (
        file.csv is None
        and re.fullmatch(PLAIN_NAME, file.name) is not None
        and all(re.fullmatch(PLAIN_TYPE, column.data_type) for column in file.columns)
        and len({name.lower() for name in names}) == len(names)
        and {column.name for column in table.contract.columns} >= set(names)
    )


def in_place_query(table: LandedTable, uri: str) -> str:
    """The landed files as texts. Files with the same columns and types are read together."""
    groups: dict[tuple, list[LandedFile]] = {}
    for file in table.files:
        groups.setdefault(file.columns, []).append(file)
    return "\nunion all\n".join(_files_query(group, table, uri) for group in groups.values())


def _files_query(group: list[LandedFile], table: LandedTable, uri: str) -> str:
    landed = {column.name for column in group[0].columns}
    columns = [
        f"cast({column.name if column.name in landed else 'null'} as string) as {column.name}"
        for column in table.contract.columns
    ]
    folder = Path(group[0].name).parent
    names = ",".join(Path(file.name).name for file in group)
    place = f"{uri}/{folder}/{{{names}}}" if len(group) > 1 else f"{uri}/{group[0].name}"
    return (
        f"select {', '.join(columns)},"
        f" '{folder}/' || element_at(split(_metadata.file_path, '/'), -1) as landed_file,"
        " _metadata.row_index + 1 as landed_row, false as is_wrong_width, to_json(struct(*)) as landed_text"
        f" from parquet.`{place}`"
    )


def _write(reader: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Writes rows as a Parquet file that nobody but its owner reads."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{path.name}")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    reader.execute(f"copy ({query}) to '{fresh}' (format parquet)")
    fresh.chmod(0o600)
    fresh.replace(path)


def _show(cursor: Any, schema: str, name: str, query: str) -> None:
    cursor.execute(f"create schema if not exists {schema}")
    cursor.execute(f"create or replace view {schema}.{name} as {query}")


def main() -> int:
    """Gate, then the views; one line a table."""
    settings = read_settings()
    try:
        tables = inspect_landing(settings.landing)
        ensure_keys(settings)
        with spark_cursor() as cursor:
            load_landing(cursor, settings, tables, os.environ)
    except LandingError as error:
        print_problems(error)
        return EXIT_REFUSED
    print_landing(tables, settings.landing)
    return 0


if __name__ == "__main__":
    sys.exit(main())
