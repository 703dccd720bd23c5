"""A connection to Spark's Thrift server, from the variables that profiles.yml reads."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyhive import hive

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 10000


@contextmanager
def spark_cursor() -> Iterator[Any]:
    """A cursor in a session that tells the time as UTC."""
    variables = os.environ
    connection = hive.connect(
        host=variables.get("SPARK_THRIFT_HOST", DEFAULT_HOST),
        port=int(variables.get("SPARK_THRIFT_PORT", DEFAULT_PORT)),
        username=variables.get("SPARK_THRIFT_USER", "deposits"),
        auth=variables.get("SPARK_THRIFT_AUTH", "NONE"),
        password=variables.get("SPARK_THRIFT_PASSWORD") or None,
        kerberos_service_name=variables.get("SPARK_THRIFT_SERVICE") or None,
        configuration={"spark.sql.session.timeZone": "UTC"},
    )
    try:
        yield connection.cursor()
    finally:
        connection.close()


def fetch_rows(cursor: Any) -> list[tuple]:
    """The rows of the last query; the driver leaves dates as texts."""
    dates = {number for number, column in enumerate(cursor.description) if column[1] == "DATE_TYPE"}
    return [
        tuple(
            datetime.date.fromisoformat(value) if number in dates and value is not None else value
            for number, value in enumerate(row)
        )
        for row in cursor.fetchall()
    ]
