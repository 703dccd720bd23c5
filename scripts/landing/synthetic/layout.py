"""Where and in which form each table lands.

Large tables are folders of monthly parts, so that a new month only adds files. Small tables are single
files that grow at their end. The default mixes forms as real extracts do: Parquet for the large tables; CSV
for the customer records and for the CRM and market data, one of them with semicolons and a byte order mark,
one with Windows line ends, one with upper-case column names, one with a column that nobody asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Form:
    """How a table is written."""

    is_folder: bool
    kind: str = "csv"
    delimiter: str = ","
    has_bom: bool = False
    line_end: str = "\n"
    upper_names: bool = False
    extra_column: str | None = None


_MIXED: dict[str, Form] = {
    "core.customers": Form(True, delimiter=";", has_bom=True),
    "core.accounts": Form(True, "parquet"),
    "core.account_holders": Form(True, "parquet"),
    "core.transactions": Form(True, "parquet"),
    "wealth.positions": Form(True, "parquet"),
    "wealth.risk_assessments": Form(False),
    "lending.loans": Form(False, "parquet"),
    "lending.loan_positions": Form(True, "parquet"),
    "lending.credit_ratings": Form(False),
    "crm.consents": Form(False, upper_names=True),
    "crm.interactions": Form(True, extra_column="agent_note"),
    "crm.judgements": Form(False, line_end="\r\n"),
    "market.fx_rates": Form(False),
    "market.interest_rates": Form(False, "parquet"),
    "market.regions": Form(False, delimiter=";"),
}


def forms(kind: str) -> dict[str, Form]:
    """Form of every table: `parquet` is the mixed default, `csv` has no Parquet at all."""
    if kind == "csv":
        return {table: replace(form, kind="csv") for table, form in _MIXED.items()}
    return dict(_MIXED)
