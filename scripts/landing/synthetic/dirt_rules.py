"""What is wrong in the landing, table by table.

An *edit* changes a value of a real row in a way that leaves the row acceptable: another case, blanks, another spelling
of a boolean or number, a bad value in a descriptive column. A *phantom* is an extra row, made from a real one, that must
be rejected or counted as a duplicate; the real row stays, so that the accounts of the accepted rows always add up.
Rules marked `text` need a column of text: they are skipped where the table is written as typed Parquet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Row = dict[str, str | None]


@dataclass(frozen=True)
class Edit:
    """A change of one column of a share of the real rows."""

    name: str
    column: str
    change: Callable[[str], str]
    factor: float = 1.0
    """Multiplies the table's share."""
    text: bool = True


@dataclass(frozen=True)
class Phantom:
    """Extra rows made from a share of the real ones."""

    name: str
    make: Callable[[Row], list[Row]]
    factor: float = 1.0
    text: bool = False
    is_raw: bool = False
    """The row is written with too few fields."""


def _with(**values: str | None) -> Callable[[Row], list[Row]]:
    return lambda row: [{**row, **values}]


def _resend(row: Row) -> list[Row]:
    return [dict(row)]


def _renamed(key: str, letter: str, **values: str | None) -> Callable[[Row], list[Row]]:
    """A row under a key that nothing else has."""
    return lambda row: [{**row, key: letter + str(row[key])[1:], **values}]


def _conflict(key: str, letter: str, column: str, one: str, other: str) -> Callable[[Row], list[Row]]:
    """Two rows of the same new key and stamp with different content."""
    return lambda row: [{**row, key: letter + str(row[key])[1:], column: value} for value in (one, other)]


def _older(stamp: str, column: str, value: str) -> Callable[[Row], list[Row]]:
    """The same key with an older stamp."""
    return lambda row: [{**row, stamp: "1999" + str(row[stamp])[4:], column: value}]


def _newer(stamp: str, **values: str | None) -> Callable[[Row], list[Row]]:
    """An invalid newest version: it is rejected and the older one stands."""
    return lambda row: [{**row, stamp: str(row[stamp])[:17] + "59", **values}]


def _upper(value: str) -> str:
    return value.upper()


def _padded(value: str) -> str:
    return f"  {value} "


def _constant(text: str) -> Callable[[str], str]:
    return lambda _value: text


def _exponent(value: str) -> str:
    return f"{float(value):.6e}"


def _spelled(yes: str, no: str) -> Callable[[str], str]:
    return lambda value: yes if value == "true" else no


def _offset(value: str) -> str:
    return value.replace(" ", "T") + "+08:00"


_WIDTH = Phantom("wrong_width", _resend, text=True, is_raw=True)
_SENT_AGAIN = Phantom("resend", _resend, factor=2.0)


def _orphan(key: str | None = None) -> Phantom:
    if key is None:
        return Phantom("orphan", _with(customer_id="C99000001"))
    return Phantom("orphan", _renamed(key, "Z", customer_id="C99000001"))


EDITS: dict[str, tuple[Edit, ...]] = {
    "core.customers": (
        Edit("odd_case", "customer_type", _upper), Edit("padded", "customer_type", _padded),
        Edit("odd_case", "gender", str.title), Edit("padded", "full_name", _padded),
        Edit("exponent", "declared_annual_income", _exponent),
        Edit("date_as_timestamp", "customer_since_date", lambda value: value + " 00:00:00"),
        Edit("nulled", "birth_date", _constant("1985-02-30")), Edit("nulled", "birth_date", _constant("2035-01-01")),
        Edit("nulled", "gender", _constant("x")), Edit("nulled", "occupation_code", _constant("wizard")),
        Edit("nulled", "dependents_count", _constant("-1")), Edit("nulled", "dependents_count", _constant("two")),
        Edit("nulled", "declared_annual_income", _constant("n.a.")), Edit("nulled", "region_code", _constant("R99")),
        Edit("nulled", "education_code", _constant("phd")), Edit("nulled", "annual_revenue", _constant("NaN")),
        Edit("nulled", "employee_count", _constant("1e99")), Edit("nulled", "customer_since_date", _constant("unknown")),
        # A customer whose only version is rejected: accounts and holders that refer to it become orphans.
        Edit("unknown_type", "customer_type", _constant("person"), factor=0.1),
    ),
    "core.accounts": (Edit("nulled", "opening_channel_code", _constant("fax"), text=False),),
    "wealth.risk_assessments": (Edit("odd_case", "risk_level", str.lower, factor=4.0),),
    "lending.credit_ratings": (Edit("nulled", "rating_code", _constant("AB")), Edit("odd_case", "rating_code", str.lower)),
    "crm.consents": (
        Edit("spelled", "is_granted", _spelled("1", "0"), factor=60.0), Edit("spelled", "is_granted", _spelled("Y", "n"), 60.0),
        Edit("spelled", "is_granted", _spelled("T", "F"), 30.0), Edit("offset", "effective_at", _offset, 40.0),
        Edit("day_only", "effective_at", lambda value: value[:10], 10.0), Edit("odd_case", "consent_code", str.title, 5.0),
    ),
    "crm.interactions": (
        Edit("nulled", "outcome_code", _constant("maybe")), Edit("nulled", "product_code", _constant("gold_bar")),
        Edit("padded", "interaction_type", _padded, 3.0),
    ),
    "crm.judgements": (Edit("odd_case", "dimension", _upper, 30.0), Edit("padded", "value_code", _padded, 20.0)),
    "market.regions": (Edit("padded", "region_code", _padded, 30.0),),
}  # fmt: skip

PHANTOMS: dict[str, tuple[Phantom, ...]] = {
    "core.customers": (
        _SENT_AGAIN, _WIDTH, Phantom("missing_key", _with(customer_id=None)),
        Phantom("bad_date", _newer("updated_at", updated_at="2024-13-01 10:00:00"), text=True),
        Phantom("unknown_code", _newer("updated_at", customer_type="partnership")),
        Phantom("version_conflict", lambda row: [
            {**row, "updated_at": "1998-03-03 03:03:03", "phone": phone} for phone in ("+44 7700 900111", "+44 7700 900222")]),
    ),
    "core.accounts": (
        _SENT_AGAIN, _WIDTH, Phantom("older_version", _older("updated_at", "opening_channel_code", "kiosk")),
        Phantom("unknown_code", _newer("updated_at", product_code="gold_vault")),
        Phantom("impossible_date", _newer("updated_at", closed_date="1990-01-01")),
        Phantom("missing_value", _newer("updated_at", opened_date=None)),
        Phantom("unknown_currency", _renamed("account_id", "Z", currency_code="THB")),
        Phantom("version_conflict", _conflict("account_id", "Y", "opening_balance", "10.00", "20.00")),
        Phantom("bad_date", _with(opened_date="31/12/2023"), text=True),
        Phantom("bad_number", _with(opening_balance="12.3.4"), text=True),
        Phantom("bad_boolean", _with(auto_renew="perhaps"), text=True),
    ),
    "core.account_holders": (
        _SENT_AGAIN, _WIDTH, _orphan(), Phantom("orphan", _with(account_id="A99000000009")),
        Phantom("unknown_code", _with(role="guardian")), Phantom("out_of_range", _with(ownership_share="1.500000")),
        Phantom("version_conflict", _conflict("customer_id", "Y", "ownership_share", "0.400000", "0.500000"), 0.5),
    ),
    "wealth.positions": (
        _SENT_AGAIN, _WIDTH, _orphan(), Phantom("unknown_code", _with(product_code="gold_bar")),
        Phantom("unknown_currency", _with(currency_code="THB")), Phantom("missing_value", _with(market_value=None)),
        Phantom("version_conflict", _conflict("customer_id", "Y", "market_value", "1.00", "2.00"), 0.5),
        Phantom("bad_number", _with(market_value="1,000.00"), text=True),
    ),
    "wealth.risk_assessments": (
        _SENT_AGAIN, _WIDTH, _orphan(), Phantom("unknown_code", _with(risk_level="C9")),
        Phantom("out_of_range", _with(tolerance_score="140")), Phantom("bad_number", _with(awareness_score="high"), text=True),
    ),
    "lending.loans": (
        _SENT_AGAIN, _WIDTH, _orphan("loan_id"), Phantom("unknown_code", _with(product_code="payday_loan")),
        Phantom("impossible_date", _renamed("loan_id", "Z", maturity_date="1990-01-01")),
        Phantom("bad_number", _with(principal="infinity"), text=True),
    ),
    "lending.loan_positions": (
        _SENT_AGAIN, _WIDTH, Phantom("orphan", _with(loan_id="L9900000001")), Phantom("out_of_range", _with(days_past_due="-5")),
        Phantom("unknown_code", _with(five_class_code="7")), Phantom("missing_value", _with(outstanding_amount=None)),
        Phantom("version_conflict", _conflict("loan_id", "Y", "outstanding_amount", "1.00", "2.00"), 0.5),
    ),
    "lending.credit_ratings": (
        _SENT_AGAIN, _WIDTH, _orphan(), Phantom("bad_date", _with(rated_at="yesterday"), text=True),
        Phantom("missing_key", _with(customer_id=None)),
    ),
    "crm.consents": (
        _SENT_AGAIN, _WIDTH, _orphan(), Phantom("unknown_code", _with(consent_code="newsletter")),
        Phantom("bad_boolean", _with(is_granted="maybe"), text=True), Phantom("bad_date", _with(effective_at="2024-02-30"), text=True),
        Phantom("version_conflict", lambda row: [
            {**row, "effective_at": "2001-01-01 01:01:01", "is_granted": value} for value in ("true", "false")], 0.5),
    ),
    "crm.interactions": (
        _SENT_AGAIN, _WIDTH, _orphan("interaction_id"), Phantom("unknown_code", _with(interaction_type="telepathy")),
        Phantom("missing_value", _with(occurred_at=None)), Phantom("bad_boolean", _with(is_holdout="perhaps"), text=True),
        Phantom("version_conflict", _conflict("interaction_id", "Y", "interaction_type", "service", "notice"), 0.5),
    ),
    "crm.judgements": (
        _SENT_AGAIN, _WIDTH, _orphan(), Phantom("unknown_code", _with(dimension="mood")),
        Phantom("impossible_date", _with(valid_to="1999-12-31")),
    ),
    "market.fx_rates": (
        _SENT_AGAIN, _WIDTH, Phantom("out_of_range", _with(rate_to_base="0.00000000")),
        Phantom("bad_date", _with(rate_date="2024-02-31"), text=True),
        Phantom("bad_number", _with(rate_to_base="seven"), text=True),
    ),
    "market.interest_rates": (
        _SENT_AGAIN, Phantom("unknown_code", _with(curve_code="libor")), Phantom("out_of_range", _with(tenor_months="-3")),
    ),
    "market.regions": (_SENT_AGAIN, Phantom("bad_number", _with(average_wage="high"), text=True)),
    "core.transactions": (
        _WIDTH, Phantom("bad_date", _with(booked_at="2024-02-30 10:00:00"), text=True),
        Phantom("bad_number", _with(amount="12,50"), text=True), Phantom("bad_number", _with(amount="NaN"), text=True),
    ),
}  # fmt: skip

BOOST = {"crm.judgements": 6.0, "market.fx_rates": 4.0, "market.interest_rates": 4.0, "market.regions": 10.0,
         "lending.loans": 2.0, "lending.credit_ratings": 2.0}  # fmt: skip
"""Small tables get a larger share, so that every kind has a chance to appear in the demo."""
