"""Reads tables of any engine that the project runs on: a SELECT in, a pandas frame out, with the same types everywhere.

DuckDB is read from a file, PostgreSQL and Spark from a server that the environment names, as in profiles.yml. Which
one: the option --engine of a command, or DBT_TARGET, or DuckDB. Only standard SQL means the same on all three.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

DUCKDB, POSTGRES, SPARK = "duckdb", "postgres", "spark"
ENGINES = (DUCKDB, POSTGRES, SPARK)

# pandas' types by what the engines call theirs; values of any other type stay what they are
TYPES = {
    **dict.fromkeys(("tinyint",), "int8"),
    **dict.fromkeys(("smallint", "int2"), "int16"),
    **dict.fromkeys(("integer", "int", "int4"), "int32"),
    **dict.fromkeys(("bigint", "int8"), "int64"),
    **dict.fromkeys(("hugeint", "decimal", "numeric", "double", "float8", "float", "float4", "real"), "float64"),
    **dict.fromkeys(("boolean", "bool"), "bool"),
    **dict.fromkeys(("varchar", "text", "string", "bpchar", "date"), "str"),
}


class UnreadableError(Exception):
    """Why an engine's tables can't be read."""


class Reader:
    """An open connection of any engine (DB-API)."""

    def __init__(
        self,
        connection: Any,
        engine: str = DUCKDB,
        errors: type[Exception] = duckdb.Error,
        type_name: Callable[[Any], str] = str,
    ) -> None:
        self.connection = connection
        self.engine = engine
        self.errors = errors
        self._type_name = type_name

    def frame(self, query: str) -> pd.DataFrame:
        """What a query gives: whole numbers, doubles (of decimals, too), text, dates as text YYYY-MM-DD.

        Whole numbers with a null among them become doubles, as pandas has it.
        """
        # DuckDB's cursors are connections of their own, without what is set for this one
        cursor = self.connection if self.engine == DUCKDB else self.connection.cursor()
        cursor.execute(query)
        described, rows = cursor.description, cursor.fetchall()
        columns = zip(*rows, strict=True) if rows else [()] * len(described)
        return pd.DataFrame(
            {
                column[0]: _series(list(values), self._type_name(column[1]))
                for column, values in zip(described, columns, strict=True)
            }
        )

    def has_table(self, table: str) -> bool:
        """Whether a table is there for this login."""
        try:
            self.frame(f"select 1 as one from {table} where 1 = 0")
        except self.errors:
            return False
        return True


def _series(values: list[Any], type_name: str) -> pd.Series:
    """A column; `decimal(18,2)` and Hive's `DECIMAL_TYPE` are both decimals."""
    kind = TYPES.get(re.sub(r"_type$|\(.*", "", type_name.lower()), "object")
    if kind.startswith("int") and None in values:
        kind = "float64"
    if kind == "bool" and None in values:
        kind = "object"
    convert = {"float64": float, "str": str}.get(kind)
    return pd.Series([convert(value) if convert and value is not None else value for value in values], dtype=kind)


@contextmanager
def open_reader(engine: str, file: Path) -> Iterator[Reader]:
    """A reader of a DuckDB file, or of the server that the environment names."""
    connect = {POSTGRES: _postgres, SPARK: _spark}.get(engine)
    reader = connect(os.environ) if connect else _duckdb(file)
    try:
        yield reader
    finally:
        reader.connection.close()


def _duckdb(file: Path) -> Reader:
    try:
        return Reader(duckdb.connect(str(file), read_only=True))
    except duckdb.Error as error:
        reason = "another process has it open" if "lock" in str(error) else type(error).__name__
        raise UnreadableError(f"{file} can't be read: {reason}.") from error


def _postgres(variables: Mapping[str, str]) -> Reader:
    """PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PGSSLMODE ..."""
    try:
        import psycopg

        from scripts.landing.load_postgres import tls_mode

        connection = psycopg.connect(sslmode=tls_mode(variables), autocommit=True)
    except ImportError as error:
        raise UnreadableError(f"Reading PostgreSQL needs the package {error.name}.") from error
    except psycopg.OperationalError as error:
        raise UnreadableError(f"No connection to the server. {error}") from error

    def name(oid: int) -> str:
        known = connection.adapters.types.get(oid)
        return known.name if known else str(oid)

    return Reader(connection, POSTGRES, psycopg.Error, name)


def _spark(variables: Mapping[str, str]) -> Reader:
    """A Thrift server, found as dbt finds it: SPARK_THRIFT_HOST, _PORT, _USER, _AUTH ..."""
    try:
        from dbt.adapters.spark.connections import build_ssl_transport
        from pyhive import exc, hive
        from thrift.transport.TTransport import TTransportException
    except ImportError as error:
        raise UnreadableError(f"Reading Spark needs the package {error.name}.") from error
    server = {
        "host": variables.get("SPARK_THRIFT_HOST", "127.0.0.1"),
        "port": int(variables.get("SPARK_THRIFT_PORT", "10000")),
        "username": variables.get("SPARK_THRIFT_USER", "deposits"),
        "auth": variables.get("SPARK_THRIFT_AUTH", "NONE"),
        "password": variables.get("SPARK_THRIFT_PASSWORD") or None,
        "kerberos_service_name": variables.get("SPARK_THRIFT_SERVICE") or None,
    }
    try:
        if variables.get("SPARK_THRIFT_SSL") == "true":
            connection = hive.connect(thrift_transport=build_ssl_transport(**server))
        else:
            connection = hive.connect(**server)
    except (exc.Error, TTransportException) as error:
        raise UnreadableError(f"No connection to the Thrift server. {error}") from error
    return Reader(connection, SPARK, exc.Error)


def add_engine_option(parser: argparse.ArgumentParser) -> None:
    """--engine, for commands that read."""
    default = os.environ.get("DBT_TARGET") or DUCKDB
    parser.add_argument("--engine", choices=ENGINES, default=default, help=f"which engine to read (here: {default})")
