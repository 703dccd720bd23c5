"""The door in: does the landing make sense, before anything is built from it?

Single bad rows are the business of staging, which rejects them one by one. Here a whole delivery is looked
at: empty, cut off, shifted by a column, of another bank. Most of it warns; what can't be meant blocks.
"""

from __future__ import annotations

import great_expectations.expectations as gxe

from scripts.reader import DUCKDB
from tests.expectations.project import run_parameter
from tests.expectations.sql import as_date, as_number, count_if, has_value, landed_text, months_between, ratio
from tests.expectations.suite import CRITICAL, WARNING, Suite, at_least, at_most, none_of

MOST_BAD = 0.5  # above it a needed column isn't delivered at all
FEW_BAD = run_parameter("max_rejected_share")
MIN_BAD_ROWS = run_parameter("min_rejected_rows")
REDELIVER = "Look at the newest files of the table and have the source deliver them again"
NOT_DELIVERED = f"Most rows lack it: the column is shifted, misnamed or not delivered. {REDELIVER}"
WILL_BE_REJECTED = f"Such rows are rejected, and above {FEW_BAD:.2%} nothing is published. {REDELIVER}"

# table: the columns that every row needs as text, as a date, as a number
NEEDED = {
    "core.customers": (("customer_id", "customer_type"), ("updated_at",), ()),
    "core.accounts": (("account_id", "product_code", "currency_code"), ("opened_date",), ()),
    "core.account_holders": (("account_id", "customer_id", "role"), (), ()),
    "core.transactions": (
        ("transaction_id", "account_id", "direction", "transaction_code"),
        ("booked_at",),
        ("amount",),
    ),
    "wealth.positions": (("customer_id", "product_code"), ("position_date",), ("market_value",)),
    "wealth.risk_assessments": (("customer_id", "risk_level"), ("assessed_at",), ()),
    "lending.loans": (("loan_id", "customer_id", "product_code", "currency_code"), (), ()),
    "lending.loan_positions": (("loan_id",), ("position_date",), ("outstanding_amount", "five_class_code")),
    "lending.credit_ratings": (("customer_id",), ("rated_at",), ()),
    "crm.consents": (("customer_id", "consent_code", "is_granted"), ("effective_at",), ()),
    "crm.interactions": (("interaction_id", "customer_id"), ("occurred_at",), ()),
    "crm.judgements": (("customer_id", "dimension", "value_code"), ("valid_from",), ()),
    "market.fx_rates": (("currency_code",), ("rate_date",), ("rate_to_base",)),
    "market.interest_rates": (("curve_code",), ("rate_date",), ("tenor_months", "annual_rate")),
    "market.regions": (("region_code",), ("period_end_date",), ()),
}


def suites(landed_tables: set[str], engine: str = DUCKDB) -> list[Suite]:
    """The suites of the tables that have been landed, named `source.table`."""
    return [
        suite
        for table in NEEDED
        if table in landed_tables
        for suite in (_transactions(table, engine) if table == "core.transactions" else [_profile(table, engine)])
    ]


def _profile(table: str, engine: str) -> Suite:
    return Suite(table, f"select {_measures(table, engine)} from landing_{table}", _expected_profile(table))


def _transactions(table: str, engine: str) -> list[Suite]:
    """One scan for the table, its files and its months."""
    direction = landed_text("direction", engine)
    loaded_date = as_date("loaded_at", engine)
    query = f"""
        with counted as (
            select
                case
                    when grouping(landed_file) = 0 then 'file'
                    when grouping(booked_month) = 0 then 'month'
                    else 'table'
                end as grain,
                booked_month,
                {_measures(table, engine)},
                {count_if(f"{direction} = 'credit'")} as credit_count,
                {count_if(f"{direction} = 'debit'")} as debit_count,
                {count_if("booked_date < date '1970-01-01'")} as ancient_count,
                {ratio(count_if(f"booked_date > {loaded_date}"), "count(*)")} as booked_after_load_share
            from (
                select
                    *,
                    {as_date("booked_at", engine)} as booked_date,
                    cast(date_trunc('month', {as_date("booked_at", engine)}) as date) as booked_month
                from landing_{table}
            ) as transactions
            group by grouping sets ((), (landed_file), (booked_month))
        )

        select
            *,
            {months_between("lag(booked_month) over months", "booked_month")} as month_step_count,
            -- not for the newest month, which has only begun
            case
                when lead(booked_month) over months is not null
                    then {ratio("row_count", "lag(row_count) over months")}
            end as growth_ratio
        from counted
        where grain <> 'month' or (row_count >= {MIN_BAD_ROWS} and booked_month is not null)
        window months as (partition by grain order by booked_month)
    """
    whole = (
        *_expected_profile(table),
        at_least("credit_count", 1, WARNING, "No money comes in: is a file with credits missing?"),
        at_least("debit_count", 1, WARNING, "No money goes out: is a file with debits missing?"),
        none_of("ancient_count", WARNING, "Bookings before 1970 start the ledger there: check the dates"),
        at_most("booked_after_load_share", FEW_BAD, WARNING, f"Booked after loaded_at. {WILL_BE_REJECTED}"),
    )
    file = tuple(at_most(column, MOST_BAD, WARNING, f"In one file. {NOT_DELIVERED}") for column in _bad_values(table))
    month = (
        at_most("month_step_count", 1, WARNING, "A month between others has no row: is a file missing?"),
        at_least("growth_ratio", 0.2, WARNING, "A month has under a fifth of the one before: a file cut off?"),
    )
    return [
        Suite(table, query, whole, "table"),
        Suite(f"{table} by file", query, file, "file"),
        Suite(f"{table} by month", query, month, "month"),
    ]


def _bad_values(table: str, engine: str = DUCKDB) -> dict[str, str]:
    """Per needed column of a table a condition on the bad rows, by the name of their share."""
    texts, dates, numbers = NEEDED[table]
    directions = {"direction_bad_share": f"{landed_text('direction', engine)} not in ('credit', 'debit')"}
    return {
        **(directions if table == "core.transactions" else {}),
        **{f"{column}_blank_share": f"not ({has_value(column, engine)})" for column in texts},
        **{f"{column}_bad_share": f"{as_date(column, engine)} is null" for column in dates},
        **{f"{column}_bad_share": f"{as_number(column, engine)} is null" for column in numbers},
        "wrong_width_share": "is_wrong_width",
    }


def _measures(table: str, engine: str) -> str:
    """The number of rows and all shares, as select items; a share of a few bad rows counts as 0."""
    items = ["count(*) as row_count"]
    for name, condition in _bad_values(table, engine).items():
        bad = count_if(condition)
        items.append(f"case when {bad} >= {MIN_BAD_ROWS} then {ratio(bad, 'count(*)')} else 0 end as {name}")
    return ", ".join(items)


def _expected_profile(table: str) -> tuple[gxe.Expectation, ...]:
    """Rows at all; of every needed column, few bad values warn and mostly bad ones block."""
    emptiness = CRITICAL if table.startswith("core.") else WARNING
    expectations = [at_least("row_count", 1, emptiness, f"The table is a header alone. {REDELIVER}")]
    for column in _bad_values(table):
        expectations.append(at_most(column, MOST_BAD, CRITICAL, NOT_DELIVERED))
        expectations.append(at_most(column, FEW_BAD, WARNING, WILL_BE_REJECTED))
    return tuple(expectations)
