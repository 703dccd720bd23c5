"""A small bank for the refresh tests, with canaries: texts that must never leave landing, quarantine and keys."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from landing_builder import LandingBuilder
from warehouse import WAY_AROUND

from scripts.keys import hmac_pads
from scripts.refresh import build as build_stage
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
    "reverses_transaction_id": "CANARYREVERSED01",
    "loan_id": "CANARYLOAN01",
    "interaction_id": "CANARYCONTACT01",
    "judged_by": "CANARYJUDGE01",
    "approved_by": "CANARYAPPROVER01",
    "reason": "Canaria owes her neighbour money",
    "bad value": "CANARYVALUE01",
    "surplus field": "CANARYSURPLUS01",
    "extra column": "CANARYEXTRA01",
}
BIRTH_DATE = "1911-03-17"  # the features need it: it may stand in the work file, and no further
CUSTOMERS = 30

# Without the package that encrypts them, releases are made without extracts.
HAS_ENCRYPTION = importlib.util.find_spec("duckdb_extension_httpfs") is not None
needs_encryption = pytest.mark.skipif(
    not HAS_ENCRYPTION, reason=f"DuckDB {duckdb.__version__} has no package duckdb-extension-httpfs, which encrypts"
)


@contextlib.contextmanager
def without_data_tests() -> Iterator[None]:
    """Refreshes without the models' tests, which have runs of their own; here they would only take time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build_stage, "EXCLUDED_KINDS", ("unit_test", "test"))
        yield


def bank(months: int) -> LandingBuilder:
    """Thirty customers with a booking a month, one of them a canary; two rejected rows and one resend."""
    builder = LandingBuilder()
    plant_canary(builder)
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


def plant_canary(builder: LandingBuilder) -> None:
    """One customer with a canary in every personal column, in a bad value, a surplus field and an extra column."""
    canary = CANARIES["customer_id"]
    named = ("full_name", "id_document_number", "phone", "email", "relationship_manager_id")
    builder.extra_column("core.customers", "nickname")
    builder.customer(
        canary,
        **{name: CANARIES[name] for name in named},
        birth_date=BIRTH_DATE,
        dependents_count=CANARIES["bad value"],
        nickname=CANARIES["extra column"],
    )
    builder.account(CANARIES["account_id"], owner=canary)
    builder.raw_line("core.account_holders", f"A1,{canary},joint,,{CANARIES['surplus field']}")
    reversed_one = CANARIES["reverses_transaction_id"]
    builder.reversal(reversed_one, CANARIES["account_id"], "2024-01-20 12:00:00", "1.00")
    builder.position(canary, "2024-01-31", "1000.00").risk_assessment(canary, "2024-01-10 09:00:00")
    builder.loan(CANARIES["loan_id"], canary).loan_position(CANARIES["loan_id"], "2024-01-31")
    builder.credit_rating(canary, "2024-01-05").consent(canary, "2023-01-01 00:00:00")
    builder.interaction(canary, "2024-01-15 10:00:00", interaction_id=CANARIES["interaction_id"])
    words = {name: CANARIES[name] for name in ("reason", "judged_by", "approved_by")}
    builder.judgement(canary, "value_tier", "high", **words)


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
            **WAY_AROUND,
            **({} if HAS_ENCRYPTION else {"DEPOSITS_EXTRACTS": "off"}),
        )
        os.environ.update(variables)
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
    """The columns of a DuckDB or Parquet file, which compress what they store, that hold a canary."""
    wanted = [*CANARIES.values(), KEY]
    if "work" not in file.parts:
        wanted.append(BIRTH_DATE)
    pattern = "|".join(re.escape(text) for text in wanted)
    return [f"{file.name}: {place}" for place in columns_that_hold(file, pattern, key)]


def columns_that_hold(file: Path, pattern: str, key: str | None = None) -> list[str]:
    """The columns of a DuckDB or Parquet file in which a value, written as text, matches a pattern."""
    if file.suffix not in (".duckdb", ".parquet"):
        return []
    with duckdb.connect() as connection:
        if file.suffix == ".parquet":
            connection.execute(f"create table landed_file as from read_parquet('{file}')")
        else:
            options = f"read_only, encryption_key '{key}'" if key else "read_only"
            connection.execute(f"attach '{file}' as {file.stem} ({options}); use {file.stem}")
        tables = connection.execute(
            "select concat_ws('.', database_name, schema_name, table_name), list(column_name) from duckdb_columns()"
            " where database_name = current_database() and not internal and table_name in"
            " (select table_name from duckdb_tables()) group by database_name, schema_name, table_name"
        ).fetchall()
        found = []
        for table, columns in tables:
            counts = [f"count_if(regexp_matches(cast({column} as varchar), $1))" for column in columns]
            row = connection.execute(f"select {', '.join(counts)} from {table}", [pattern]).fetchone()
            found += [f"{table}.{column}" for column, count in zip(columns, row, strict=True) if count]
    return found
