"""The landing contract as plain Python, written down from section 2 of the specification.

It repeats on purpose what `models/staging/*/_*__sources.yml` says: the oracle must not read the file that it
helps to test. `test_reference.py` compares the two, so that neither drifts unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Column:
    """How one column is typed and judged."""

    name: str
    kind: str = "text"  # text date timestamp money rate share integer double boolean
    codes: str | None = None  # list of canonical codes, or 'currency' / 'region' / 'product'
    needed: bool = False  # null is missing_value
    descriptive: bool = False  # a bad value becomes null with a warning
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    positive: bool = False  # else non_positive_amount
    above_zero: bool = False  # else out_of_range
    optional: bool = False  # the column may be absent


@dataclass(frozen=True)
class Table:
    """One landed table: its key, its version stamp and its columns in contract order."""

    name: str
    key: tuple[str, ...]
    stamp: str | None
    columns: tuple[Column, ...]
    optional: bool = False

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def column_names(self) -> tuple[str, ...]:
        """All column names in contract order."""
        return tuple(column.name for column in self.columns)


ZERO, ONE, HUNDRED = Fraction(0), Fraction(1), Fraction(100)


def _col(name: str, kind: str = "text", codes: str | None = None, **flags) -> Column:
    return Column(name, kind, codes, **flags)


def _described(name: str, codes: str) -> Column:
    """A descriptive code: unknown becomes null."""
    return Column(name, codes=codes, descriptive=True)


_CUSTOMERS = (
    _col("customer_id"),
    _col("customer_type", codes="customer_type", needed=True),
    _col("full_name"),
    _described("id_document_type", "id_document_type"),
    _col("id_document_number"),
    _col("phone"),
    _col("email"),
    _col("birth_date", "date", descriptive=True),
    _described("gender", "gender"),
    _described("education_code", "education_code"),
    _described("occupation_code", "occupation_code"),
    _described("marital_status", "marital_status"),
    _col("dependents_count", "integer", descriptive=True, minimum=ZERO),
    _col("declared_annual_income", "money", descriptive=True, minimum=ZERO),
    _described("industry_code", "industry_code"),
    _described("enterprise_size_code", "enterprise_size_code"),
    _col("employee_count", "integer", descriptive=True, minimum=ZERO),
    _col("annual_revenue", "money", descriptive=True, minimum=ZERO),
    _described("region_code", "region_code"),
    _col("branch_id"),
    _col("relationship_manager_id"),
    _col("customer_since_date", "date", descriptive=True),
    _col("updated_at", "timestamp"),
)

_ACCOUNTS = (
    _col("account_id"),
    _col("product_code", codes="product_code", needed=True),
    _col("currency_code", codes="currency_code", needed=True),
    _col("opened_date", "date", needed=True),
    _col("closed_date", "date"),
    _col("term_months", "integer", minimum=ZERO),
    _col("maturity_date", "date"),
    _col("interest_rate", "rate"),
    _col("auto_renew", "boolean"),
    _col("opening_balance", "money"),
    _described("opening_channel_code", "channel_code"),
    _col("updated_at", "timestamp"),
)

_HOLDERS = (
    _col("account_id"),
    _col("customer_id"),
    _col("role", codes="role", needed=True),
    _col("ownership_share", "share", minimum=ZERO, maximum=ONE),
)

_TRANSACTIONS = (
    _col("transaction_id"),
    _col("account_id", needed=True),
    _col("booked_at", "timestamp", needed=True),
    _col("amount", "money", needed=True, positive=True),
    _col("direction", codes="direction", needed=True),
    _col("transaction_code", codes="transaction_code", needed=True),
    _described("channel_code", "channel_code"),
    _col("counterparty_id"),
    _col("counterparty_bank_code"),
    _col("balance_after", "money", optional=True),
    _col("reverses_transaction_id"),
    _col("loaded_at", "timestamp"),
)

_POSITIONS = (
    _col("customer_id"),
    _col("product_code", codes="product_code"),
    _col("position_date", "date"),
    _col("market_value", "money", needed=True),
    _col("currency_code", codes="currency_code"),
)

_RISK_ASSESSMENTS = (
    _col("customer_id"),
    _col("assessed_at", "timestamp"),
    _col("risk_level", codes="risk_level", needed=True),
    _col("tolerance_score", "double", minimum=ZERO, maximum=HUNDRED),
    _col("awareness_score", "double", minimum=ZERO, maximum=HUNDRED),
)

_LOANS = (
    _col("loan_id"),
    _col("customer_id", needed=True),
    _col("product_code", codes="product_code", needed=True),
    _col("disbursed_date", "date"),
    _col("maturity_date", "date"),
    _col("principal", "money"),
    _col("interest_rate", "rate"),
    _col("currency_code", codes="currency_code", needed=True),
)

_LOAN_POSITIONS = (
    _col("loan_id"),
    _col("position_date", "date"),
    _col("outstanding_amount", "money", needed=True),
    _col("days_past_due", "integer", minimum=ZERO),
    _col("five_class_code", codes="five_class_code", needed=True),
)

_CREDIT_RATINGS = (
    _col("customer_id"),
    _col("rated_at", "timestamp"),
    _described("rating_code", "rating_code"),
)

_CONSENTS = (
    _col("customer_id"),
    _col("consent_code", codes="consent_code"),
    _col("is_granted", "boolean", needed=True),
    _col("effective_at", "timestamp"),
)

_INTERACTIONS = (
    _col("interaction_id"),
    _col("customer_id", needed=True),
    _col("occurred_at", "timestamp", needed=True),
    _col("interaction_type", codes="interaction_type", needed=True),
    _described("product_code", "product_code"),
    _col("campaign_id"),
    _col("is_holdout", "boolean"),
    _described("outcome_code", "outcome_code"),
)

_JUDGEMENTS = (
    _col("customer_id"),
    _col("dimension", codes="judgement_dimension"),
    _col("value_code", needed=True),
    _col("reason"),
    _col("judged_by"),
    _col("approved_by"),
    _col("valid_from", "date"),
    _col("valid_to", "date"),
)

_FX_RATES = (
    _col("currency_code"),
    _col("rate_date", "date"),
    _col("rate_to_base", "rate", needed=True, above_zero=True),
)

_INTEREST_RATES = (
    _col("curve_code", codes="curve_code"),
    _col("tenor_months", "integer", minimum=ZERO),
    _col("rate_date", "date"),
    _col("annual_rate", "rate", needed=True),
)

_REGIONS = (
    _col("region_code"),
    _col("period_end_date", "date"),
    _col("gdp_per_capita", "money"),
    _col("average_wage", "money"),
    _col("unemployment_rate", "rate"),
    _col("consumption_per_capita", "money", optional=True),
    _col("region_name"),
    _col("region_name_zh"),
)

_ALL = (
    Table("core.customers", ("customer_id",), "updated_at", _CUSTOMERS),
    Table("core.accounts", ("account_id",), "updated_at", _ACCOUNTS),
    Table("core.account_holders", ("account_id", "customer_id"), None, _HOLDERS),
    Table("core.transactions", ("transaction_id",), "loaded_at", _TRANSACTIONS),
    Table(
        "wealth.positions",
        ("customer_id", "product_code", "currency_code", "position_date"),
        None,
        _POSITIONS,
        optional=True,
    ),
    Table("wealth.risk_assessments", ("customer_id", "assessed_at"), None, _RISK_ASSESSMENTS, optional=True),
    Table("lending.loans", ("loan_id",), None, _LOANS, optional=True),
    Table("lending.loan_positions", ("loan_id", "position_date"), None, _LOAN_POSITIONS, optional=True),
    Table("lending.credit_ratings", ("customer_id", "rated_at"), None, _CREDIT_RATINGS, optional=True),
    Table("crm.consents", ("customer_id", "consent_code", "effective_at"), None, _CONSENTS, optional=True),
    Table("crm.interactions", ("interaction_id",), None, _INTERACTIONS, optional=True),
    Table("crm.judgements", ("customer_id", "dimension", "valid_from"), None, _JUDGEMENTS, optional=True),
    Table("market.fx_rates", ("currency_code", "rate_date"), None, _FX_RATES, optional=True),
    Table(
        "market.interest_rates",
        ("curve_code", "tenor_months", "rate_date"),
        None,
        _INTEREST_RATES,
        optional=True,
    ),
    Table("market.regions", ("region_code", "period_end_date"), None, _REGIONS, optional=True),
)

TABLES: dict[str, Table] = {table.name: table for table in _ALL}
