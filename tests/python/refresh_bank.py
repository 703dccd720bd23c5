"""A small bank for the refresh tests, with canaries: texts that must never leave landing, quarantine and keys."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
from landing_builder import LandingBuilder

from scripts.keys import hmac_pads
from scripts.refresh.__main__ import main
from scripts.settings import Settings

KEY = "canary-key-text-4711"
CANARIES = {
    "customer_id": "CANARYCUSTOMER01",
    "full_name": "Canaria Vogelsang",
    "id_document_number": "CANARYDOC99887766",
    "phone": "+86 139 0000 CANARY",
    "email": "canary@cage.example",
    "account_id": "CANARYACCOUNT01",
    "transaction_id": "CANARYBOOKING01",
    "rejected transaction_id": "CANARYBOOKING02",
    "counterparty_id": "CANARYPAYER01",
    "relationship_manager_id": "CANARYMANAGER01",
}
CUSTOMERS = 30


def bank(months: int) -> LandingBuilder:
    """Thirty customers with a booking a month, one of them a canary; one rejected row and one resend."""
    builder = LandingBuilder()
    named = {name: CANARIES[name] for name in ("full_name", "id_document_number", "phone", "email")}
    builder.customer(CANARIES["customer_id"], relationship_manager_id=CANARIES["relationship_manager_id"], **named)
    builder.account(CANARIES["account_id"], owner=CANARIES["customer_id"])
    for number in range(1, CUSTOMERS):
        builder.customer(f"C{number}", gender="male" if number % 2 else "female")
        builder.account(f"A{number}", owner=f"C{number}", opened_date=f"2023-{number % 12 + 1:02d}-15")
    for month in range(1, months + 1):
        for number in range(1, CUSTOMERS):
            day = number % 27 + 1
            builder.transaction(
                f"A{number}",
                f"2024-{month:02d}-{day:02d} 10:00:00",
                f"{number * 2000 + month}.25",
                "debit" if number % 5 == 0 else "credit",
                transaction_id=f"T{month}-{number}",
            )
        builder.transaction(
            CANARIES["account_id"],
            f"2024-{month:02d}-28 12:00:00",
            "60000.00",
            transaction_id=CANARIES["transaction_id"] if month == 1 else f"T{month}-0",
            counterparty_id=CANARIES["counterparty_id"],
        )
    bad = {"transaction_id": CANARIES["rejected transaction_id"]}
    builder.transaction(CANARIES["account_id"], "2024-01-29 12:00:00", "a lot", **bad)
    builder.rows["core.transactions"].append(dict(builder.rows["core.transactions"][0]))
    return builder


@dataclass(frozen=True)
class Outcome:
    """What a refresh said and returned."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Bank:
    """A landing and a home, refreshed in this process with nothing in the environment but what is needed."""

    landing: Path
    home: Path

    @property
    def settings(self) -> Settings:
        """Where things are."""
        return Settings(landing=self.landing, home=self.home)

    @property
    def current(self) -> Path:
        """The served release."""
        return self.home / "releases" / "current"

    def refresh(self, *arguments: str, **variables: str) -> Outcome:
        """Runs `python -m scripts.refresh`."""
        out, err = io.StringIO(), io.StringIO()
        with self.environment(**variables), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(list(arguments))
        return Outcome(int(code), out.getvalue(), err.getvalue())

    @contextlib.contextmanager
    def environment(self, **variables: str) -> Iterator[None]:
        """What a shell would have exported."""
        saved = dict(os.environ)
        for name in saved:
            if name.startswith(("DBT_", "DEPOSITS_")):
                del os.environ[name]
        os.environ.update(
            DEPOSITS_HOME=str(self.home),
            DEPOSITS_LANDING=str(self.landing),
            DEPOSITS_KEY=KEY,
            **variables,
        )
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(saved)


def canary_bytes() -> dict[str, bytes]:
    """All canaries, the key and its padded blocks as bytes."""
    inner_pad, outer_pad = hmac_pads(KEY)
    pads = {"inner pad": inner_pad[: len(KEY)], "outer pad": outer_pad[: len(KEY)]}
    return {**{name: text.encode() for name, text in CANARIES.items()}, "key": KEY.encode(), **pads}


def find_bytes(file: Path) -> list[str]:
    """The canaries whose bytes a file holds."""
    content = file.read_bytes()
    return [f"{name} in {file}" for name, text in canary_bytes().items() if text in content]


def find_in_tables(file: Path, key: str | None = None) -> list[str]:
    """The canaries that stand in any text of any table of a DuckDB file, which compresses what it stores."""
    found = []
    wanted = "|".join([*(text.replace("+", "[+]") for text in CANARIES.values()), KEY])
    options = f"read_only, encryption_key '{key}'" if key else "read_only"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{file}' as {file.stem} ({options}); use {file.stem}")
        columns = connection.execute(
            "select database_name, schema_name, table_name, column_name from duckdb_columns()"
            " where database_name = current_database() and not internal and table_name in"
            " (select table_name from duckdb_tables())"
        ).fetchall()
        for database, schema, table, column in columns:
            query = (
                f"select count(*) from {database}.{schema}.{table} where regexp_matches(cast({column} as varchar), ?)"
            )
            if connection.execute(query, [wanted]).fetchone()[0]:
                found.append(f"{file.name}: {schema}.{table}.{column}")
    return found
