"""What the landing holds of a person: its customer numbers, the accounts and loans that are its own, their rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import duckdb

from scripts.landing.landed import BLANKS, LandedTable
from scripts.landing.load_duckdb import create_landing_views
from scripts.settings import Settings

HOLDING_ROLES = ("owner", "joint")
# a row goes when one of these columns names the person, or what belongs to the person alone
OWN_COLUMNS = ("customer_id", "account_id", "loan_id")
# somebody else's row stays, and the person's number in it gives way to a token
MENTIONS = ("counterparty_id",)
# what tells whose a row is goes last, so that an erasure that was cut off can be run again
LAST = ("loans", "account_holders", "customers")


@dataclass
class FileRows:
    """The rows of one landed file that go, and those in which a number gives way to a token, by landed_row."""

    removed: set[int] = field(default_factory=set)
    mentioning: dict[int, str] = field(default_factory=dict)  # the number that is mentioned


@dataclass
class Person:
    """Everything of a person in a landing."""

    customer_ids: set[str]
    account_ids: set[str] = field(default_factory=set)
    loan_ids: set[str] = field(default_factory=set)
    shared_account_count: int = 0
    open_account_count: int = 0
    open_loan_count: int = 0
    last_closed_date: date | None = None
    files: dict[str, FileRows] = field(default_factory=dict)

    @property
    def touched(self) -> dict[str, FileRows]:
        """The files that hold something of the person, in the order in which they are to be written again."""
        return {name: rows for name, rows in self.files.items() if rows.removed or rows.mentioning}

    @property
    def identifiers(self) -> set[str]:
        """All numbers that lead to the person."""
        return self.customer_ids | self.account_ids | self.loan_ids


def find_person(settings: Settings, tables: list[LandedTable], customer_id: str) -> Person:
    """Reads the landing once; nothing of it is kept."""
    with duckdb.connect(config={"preserve_insertion_order": "false"}) as connection:
        create_landing_views(connection, tables)
        person = Person(_all_records_of(settings, customer_id))
        _find_accounts(connection, person)
        _find_loans(connection, person)
        for table in sorted(tables, key=_turn):
            _find_rows(connection, table, person)
    return person


def _all_records_of(settings: Settings, customer_id: str) -> set[str]:
    """The customer numbers that the last build found to be the same party; the given one alone without a build."""
    if not settings.quarantine_file.exists():
        return {customer_id}
    with duckdb.connect(str(settings.quarantine_file), read_only=True) as connection:
        try:
            rows = connection.execute(
                "select customer_id from quarantine.quarantine.party_members where surviving_customer_id ="
                " (select any_value(surviving_customer_id) from quarantine.quarantine.party_members"
                " where customer_id = ?)",
                [customer_id],
            ).fetchall()
        except duckdb.CatalogException:
            rows = []
    return {customer_id, *(found for (found,) in rows)}


def _find_accounts(connection: duckdb.DuckDBPyConnection, person: Person) -> None:
    """An account is the person's own when no other landed customer owns it or holds it jointly."""
    own, shared = set(), set()
    rows = connection.execute(
        f"""
        with holders as (
            select
                {_trimmed('account_id')} as account_id,
                {_trimmed('customer_id')} as customer_id,
                lower({_trimmed('role')}) as role
            from landing_core.account_holders
        )
        select
            account_id,
            bool_or(not {_among('customer_id', 'ids')} and customer_id in (
                select {_trimmed('customer_id')} from landing_core.customers
            )) as is_shared
        from holders
        where role in ('{"', '".join(HOLDING_ROLES)}')
        group by account_id
        having bool_or({_among('customer_id', 'ids')})
        """,
        {"ids": sorted(person.customer_ids)},
    ).fetchall()
    for account_id, is_shared in rows:
        (shared if is_shared else own).add(account_id)
    person.account_ids, person.shared_account_count = own, len(shared)
    ((person.open_account_count, person.last_closed_date),) = connection.execute(
        f"""
        with accounts as (
            select
                {_trimmed('account_id')} as account_id,
                max(try_cast(left({_trimmed('closed_date')}, 10) as date)) as closed_date
            from landing_core.accounts
            where {_among('account_id', 'ids')}
            group by 1
        )
        select count(*) filter (closed_date is null), max(closed_date) from accounts
        """,
        {"ids": sorted(own)},
    ).fetchall()


def _find_loans(connection: duckdb.DuckDBPyConnection, person: Person) -> None:
    """The loans of the person, and how many of them are still owed by their newest position."""
    rows = connection.execute(
        f"select distinct {_trimmed('loan_id')} from landing_lending.loans"
        f" where {_among('customer_id', 'ids')}",
        {"ids": sorted(person.customer_ids)},
    ).fetchall()
    person.loan_ids = {loan_id for (loan_id,) in rows if loan_id}
    ((person.open_loan_count,),) = connection.execute(
        f"""
        with positions as (
            select
                {_trimmed('loan_id')} as loan_id,
                try_cast({_trimmed('outstanding_amount')} as double) as outstanding,
                row_number() over (
                    partition by {_trimmed('loan_id')}
                    order by try_cast({_trimmed('position_date')} as timestamp) desc nulls last
                ) as place
            from landing_lending.loan_positions
            where {_among('loan_id', 'ids')}
        )
        select count(*) from positions where place = 1 and outstanding > 0
        """,
        {"ids": sorted(person.loan_ids)},
    ).fetchall()


def _find_rows(connection: duckdb.DuckDBPyConnection, table: LandedTable, person: Person) -> None:
    """Notes the rows of a table file by file. A row of the wrong width goes when any of its fields names the person."""
    contract = table.contract
    names = {column.name for column in contract.columns}
    sets = dict(zip(OWN_COLUMNS, (person.customer_ids, person.account_ids, person.loan_ids), strict=True))
    own = [_among(name, name) for name in OWN_COLUMNS if name in names]
    mention = next((name for name in MENTIONS if name in names), None)
    if not own or not table.files:
        return
    for file in table.files:
        person.files.setdefault(file.name, FileRows())
    fields = f"list_transform(json_extract_string(landed_text, '$.*'), lambda field: {_trimmed('field')})"
    anywhere = f"is_wrong_width and list_has_any({fields}, cast($identifiers as varchar[]))"
    is_mentioned = _among(mention, "identifiers") if mention else "false"
    rows = connection.execute(
        f"""
        with judged as (
            select
                landed_file,
                landed_row,
                coalesce({" or ".join(own)}, false) or coalesce({anywhere}, false) as is_removed,
                case when {is_mentioned} then {_trimmed(mention) if mention else 'null'} end as mentioned
            from {contract.schema}.{contract.name}
        )
        select * from judged where is_removed or mentioned is not null
        """,
        {name: sorted(found) for name, found in sets.items() if name in names}
        | {"identifiers": sorted(person.identifiers)},
    ).fetchall()
    for file_name, row, is_removed, mentioned in rows:
        found = person.files[file_name]
        if is_removed:
            found.removed.add(row)
        else:
            found.mentioning[row] = mentioned


def _turn(table: LandedTable) -> int:
    return LAST.index(table.contract.name) + 1 if table.contract.name in LAST else 0


def _among(column: str, parameter: str) -> str:
    return f"list_contains(cast(${parameter} as varchar[]), {_trimmed(column)})"


def _trimmed(column: str) -> str:
    blanks = " || ".join(f"chr({ord(blank)})" for blank in BLANKS)
    return f"trim(cast({column} as varchar), {blanks})"
