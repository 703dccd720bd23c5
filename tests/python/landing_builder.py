"""Builds tiny landings for tests: every column has a default, so a test writes only what matters to it.

    builder = LandingBuilder()
    builder.customer("C1").account("A1", owner="C1", opened_date="2024-06-01")
    builder.transaction("A1", "2024-06-28 10:00:00", "300.00")
    landing = builder.write(tmp_path / "landing")

Values are written as they are given: `None` is blank, text stays raw (also nonsense such as `"2024-13-45"`),
dates, numbers and booleans become their plain text. Dirty landings: `raw_line` appends a line verbatim,
`omit_table` and `omit_column` leave things out, `header_only` lands an empty table, `extra_column` adds
columns outside the contract, `rename_column` writes a column under another heading. Required tables are
always written (a header alone when they have no rows); optional ones only with rows, raw lines or
`header_only`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from reference.contract import TABLES

_LONG_AGO = "2020-01-01"


def as_text(value: object) -> str:
    """The text that is landed for a Python value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Fraction):
        return format(Decimal(value.numerator) / Decimal(value.denominator), "f")
    return str(value)


class LandingBuilder:
    """Collects rows table by table and writes them as a landing folder."""

    def __init__(self, base_currency: str = "CNY") -> None:
        self.base_currency = base_currency
        self.rows: dict[str, list[dict[str, str]]] = {name: [] for name in TABLES}
        self.raw_lines: dict[str, list[str]] = {name: [] for name in TABLES}
        self._extra_columns: dict[str, list[str]] = {name: [] for name in TABLES}
        self._renamed: dict[tuple[str, str], str] = {}
        self._omitted_tables: set[str] = set()
        self._omitted_columns: set[tuple[str, str]] = set()
        self._header_only: set[str] = set()
        self._document_numbers: dict[str, str] = {}
        self._counters: dict[str, int] = {}

    # ---- rows ------------------------------------------------------------------------------------

    def row(self, table: str, **values: object) -> LandingBuilder:
        """A row of any table without defaults: columns that aren't given are blank."""
        known = {*TABLES[table].column_names, *self._extra_columns[table]}
        unknown = sorted(set(values) - known)
        if unknown:
            raise TypeError(f"{table} has no column {', '.join(unknown)}; declare it with extra_column()")
        self.rows[table].append({name: as_text(value) for name, value in values.items()})
        return self

    def customer(self, customer_id: object, **values: object) -> LandingBuilder:
        """A version of a customer; each customer_id has a document of its own unless one is given."""
        number = self._document_numbers.setdefault(
            as_text(customer_id), f"ID{len(self._document_numbers) + 1:010d}"
        )
        defaults = {
            "customer_type": "individual",
            "full_name": f"Name of {as_text(customer_id)}",
            "id_document_type": "national_id",
            "id_document_number": number,
            "birth_date": "1980-01-01",
            "gender": "female",
            "education_code": "bachelor",
            "occupation_code": "salaried",
            "marital_status": "single",
            "dependents_count": "0",
            "declared_annual_income": "100000.00",
            "branch_id": "B1",
            "relationship_manager_id": "RM1",
            "customer_since_date": _LONG_AGO,
            "updated_at": f"{_LONG_AGO} 00:00:00",
        }
        return self.row("core.customers", **{"customer_id": customer_id, **defaults, **values})

    def account(self, account_id: object, owner: object | None = None, **values: object) -> LandingBuilder:
        """A version of an account; with `owner` also the holder row of its owner (share left blank)."""
        defaults = {
            "product_code": "demand_deposit",
            "currency_code": self.base_currency,
            "opened_date": _LONG_AGO,
            "opening_channel_code": "counter",
            "updated_at": f"{_LONG_AGO} 00:00:00",
        }
        self.row("core.accounts", **{"account_id": account_id, **defaults, **values})
        if owner is not None:
            self.holder(account_id, owner)
        return self

    def term_account(
        self, account_id: object, owner: object | None = None, **values: object
    ) -> LandingBuilder:
        """A term deposit of twelve months from its opening date unless stated otherwise."""
        defaults = {
            "product_code": "term_deposit",
            "term_months": "12",
            "interest_rate": "0.02",
            "auto_renew": "false",
        }
        return self.account(account_id, owner, **{**defaults, **values})

    def holder(self, account_id: object, customer_id: object, **values: object) -> LandingBuilder:
        """A holder of an account: the owner, with a blank share, unless stated otherwise."""
        row = {"account_id": account_id, "customer_id": customer_id, "role": "owner", **values}
        return self.row("core.account_holders", **row)

    def transaction(
        self,
        account_id: object,
        booked_at: object,
        amount: object,
        direction: object = "credit",
        **values: object,
    ) -> LandingBuilder:
        """A cash deposit or withdrawal at the counter, loaded when booked, unless stated otherwise."""
        defaults = {
            "transaction_id": self._next("T"),
            "transaction_code": "cash_withdrawal" if direction == "debit" else "cash_deposit",
            "channel_code": "counter",
            "loaded_at": booked_at,
        }
        row = {
            "account_id": account_id,
            "booked_at": booked_at,
            "amount": amount,
            "direction": direction,
            **defaults,
            **values,
        }
        return self.row("core.transactions", **row)

    def reversal(
        self,
        reverses: object,
        account_id: object,
        booked_at: object,
        amount: object,
        direction: object = "debit",
        **values: object,
    ) -> LandingBuilder:
        """A reversal of the transaction `reverses`; by default that was a credit."""
        row = {"transaction_code": "reversal", "channel_code": None, "reverses_transaction_id": reverses}
        return self.transaction(account_id, booked_at, amount, direction, **{**row, **values})

    def position(
        self, customer_id: object, position_date: object, market_value: object, **values: object
    ) -> LandingBuilder:
        """A wealth position in a balanced fund, base currency, unless stated otherwise."""
        row = {
            "customer_id": customer_id,
            "product_code": "balanced_fund",
            "position_date": position_date,
            "market_value": market_value,
            "currency_code": self.base_currency,
            **values,
        }
        return self.row("wealth.positions", **row)

    def risk_assessment(
        self, customer_id: object, assessed_at: object, risk_level: object = "C3", **values: object
    ) -> LandingBuilder:
        """A risk assessment with middling scores."""
        row = {"assessed_at": assessed_at, "risk_level": risk_level, "tolerance_score": "50"}
        row = {"customer_id": customer_id, **row, "awareness_score": "50", **values}
        return self.row("wealth.risk_assessments", **row)

    def loan(self, loan_id: object, customer_id: object, **values: object) -> LandingBuilder:
        """A consumer loan of 10 000 at 6 %, from 2020 to 2030."""
        row = {
            "loan_id": loan_id,
            "customer_id": customer_id,
            "product_code": "consumer_loan",
            "disbursed_date": _LONG_AGO,
            "maturity_date": "2030-01-01",
            "principal": "10000.00",
            "interest_rate": "0.06",
            "currency_code": self.base_currency,
            **values,
        }
        return self.row("lending.loans", **row)

    def loan_position(
        self, loan_id: object, position_date: object, outstanding_amount: object = "5000.00", **values: object
    ) -> LandingBuilder:
        """A healthy position of a loan: no day past due, class 1."""
        row = {"loan_id": loan_id, "position_date": position_date, "outstanding_amount": outstanding_amount}
        return self.row(
            "lending.loan_positions", **{**row, "days_past_due": "0", "five_class_code": "1", **values}
        )

    def credit_rating(
        self, customer_id: object, rated_at: object, rating_code: object = "A", **values: object
    ) -> LandingBuilder:
        """A credit rating."""
        row = {"customer_id": customer_id, "rated_at": rated_at, "rating_code": rating_code, **values}
        return self.row("lending.credit_ratings", **row)

    def consent(self, customer_id: object, effective_at: object, **values: object) -> LandingBuilder:
        """Marketing consent granted."""
        row = {"consent_code": "marketing", "is_granted": "true", "effective_at": effective_at}
        return self.row("crm.consents", **{"customer_id": customer_id, **row, **values})

    def interaction(self, customer_id: object, occurred_at: object, **values: object) -> LandingBuilder:
        """An accepted offer of a balanced fund outside any holdout."""
        row = {
            "interaction_id": self._next("I"),
            "customer_id": customer_id,
            "occurred_at": occurred_at,
            "interaction_type": "offer",
            "product_code": "balanced_fund",
            "campaign_id": "CAMPAIGN1",
            "is_holdout": "false",
            "outcome_code": "accepted",
            **values,
        }
        return self.row("crm.interactions", **row)

    def judgement(
        self, customer_id: object, dimension: object, value_code: object, **values: object
    ) -> LandingBuilder:
        """An approved judgement, valid from 2020 on."""
        row = {
            "customer_id": customer_id,
            "dimension": dimension,
            "value_code": value_code,
            "reason": "Known to the branch",
            "judged_by": "J1",
            "approved_by": "J2",
            "valid_from": _LONG_AGO,
            **values,
        }
        return self.row("crm.judgements", **row)

    def fx_rate(
        self, currency_code: object, rate_date: object, rate_to_base: object, **values: object
    ) -> LandingBuilder:
        """A rate of a currency, known from its date on."""
        row = {"currency_code": currency_code, "rate_date": rate_date, "rate_to_base": rate_to_base}
        return self.row("market.fx_rates", **{**row, **values})

    def interest_rate(
        self, tenor_months: object, rate_date: object, annual_rate: object, **values: object
    ) -> LandingBuilder:
        """A point of the funds-transfer curve."""
        row = {"curve_code": "ftp", "tenor_months": tenor_months, "rate_date": rate_date}
        return self.row("market.interest_rates", **{**row, "annual_rate": annual_rate, **values})

    def region(self, region_code: object, period_end_date: object, **values: object) -> LandingBuilder:
        """A region's figures of one period."""
        row = {
            "region_code": region_code,
            "period_end_date": period_end_date,
            "gdp_per_capita": "90000.00",
            "average_wage": "9000.00",
            "unemployment_rate": "0.05",
            "consumption_per_capita": "40000.00",
            "region_name": f"Region {as_text(region_code)}",
            "region_name_zh": f"地区{as_text(region_code)}",
            **values,
        }
        return self.row("market.regions", **row)

    def _next(self, prefix: str) -> str:
        self._counters[prefix] = self._counters.get(prefix, 0) + 1
        return f"{prefix}{self._counters[prefix]}"

    # ---- dirt ------------------------------------------------------------------------------------

    def raw_line(self, table: str, line: str) -> LandingBuilder:
        """A line that is written verbatim after the table's rows, without its line end (CSV only)."""
        self.raw_lines[table].append(line)
        return self

    def omit_table(self, table: str) -> LandingBuilder:
        """Don't write this table at all."""
        self._omitted_tables.add(table)
        return self

    def omit_column(self, table: str, column: str) -> LandingBuilder:
        """Leave this column out of the header and of every row."""
        self._omitted_columns.add((table, column))
        return self

    def header_only(self, table: str) -> LandingBuilder:
        """Land this optional table although it may have no rows."""
        self._header_only.add(table)
        return self

    def extra_column(self, table: str, column: str) -> LandingBuilder:
        """A column outside the contract, after the others; rows given later may fill it."""
        self._extra_columns[table].append(column)
        return self

    def rename_column(self, table: str, column: str, heading: str) -> LandingBuilder:
        """Write the column under another heading (upper case, a typo, a repeated name)."""
        self._renamed[table, column] = heading
        return self

    # ---- files -----------------------------------------------------------------------------------

    def write(
        self,
        path: Path,
        *,
        delimiter: str = ",",
        newline: str = "\n",
        encoding: str = "utf-8",
        parts: dict[str, int] | None = None,
        parquet: Sequence[str] = (),
    ) -> Path:
        """Writes the landing and returns its folder.

        `encoding="utf-8-sig"` writes a BOM. `parts={"core.transactions": 3}` writes a table as a folder of
        that many files, rows dealt in turn (raw lines go to the first). `parquet=("core.accounts",)` writes
        a table as Parquet with text columns instead of CSV.
        """
        for table, rows in self.rows.items():
            if table in self._omitted_tables:
                continue
            is_wanted = not TABLES[table].optional or table in self._header_only
            if not (is_wanted or rows or self.raw_lines[table]):
                continue
            source, entity = table.split(".")
            folder = Path(path) / source
            suffix = "parquet" if table in parquet else "csv"
            count = (parts or {}).get(table)
            if count is None:
                targets = [(folder / f"{entity}.{suffix}", rows, self.raw_lines[table])]
            else:
                targets = [
                    (
                        folder / entity / f"part-{n}.{suffix}",
                        rows[n::count],
                        [] if n else self.raw_lines[table],
                    )
                    for n in range(count)
                ]
            for target, some_rows, raw_lines in targets:
                target.parent.mkdir(parents=True, exist_ok=True)
                if suffix == "parquet":
                    self._write_parquet(target, table, some_rows)
                else:
                    text = self._csv_text(table, some_rows, delimiter, newline)
                    text += "".join(line + newline for line in raw_lines)
                    target.write_bytes(text.encode(encoding))
        return Path(path)

    def columns(self, table: str) -> list[str]:
        """The columns that are written for a table, before renaming."""
        names = [*TABLES[table].column_names, *self._extra_columns[table]]
        return [name for name in names if (table, name) not in self._omitted_columns]

    def _csv_text(self, table: str, rows: list[dict[str, str]], delimiter: str, newline: str) -> str:
        columns = self.columns(table)
        buffer = io.StringIO()
        writer = csv.writer(buffer, delimiter=delimiter, lineterminator=newline)
        writer.writerow([self._renamed.get((table, name), name) for name in columns])
        writer.writerows([row.get(name, "") for name in columns] for row in rows)
        return buffer.getvalue()

    def _write_parquet(self, target: Path, table: str, rows: list[dict[str, str]]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        columns = self.columns(table)
        arrays = [pa.array([row.get(name) or None for row in rows], pa.string()) for name in columns]
        headings = [self._renamed.get((table, name), name) for name in columns]
        pq.write_table(pa.Table.from_arrays(arrays, names=headings), target)
