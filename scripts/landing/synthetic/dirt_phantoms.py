"""The extra rows of the landing that must be rejected or counted as duplicates, table by table."""

from __future__ import annotations

from .dirt_kinds import Phantom, conflict, newer, older, renamed, resend, with_values

_WIDTH = Phantom("wrong_width", resend, text=True, is_raw=True)
_SENT_AGAIN = Phantom("resend", resend, factor=2.0)


def _orphan(key: str | None = None) -> Phantom:
    if key is None:
        return Phantom("orphan", with_values(customer_id="C99000001"))
    return Phantom("orphan", renamed(key, "Z", customer_id="C99000001"))


PHANTOMS: dict[str, tuple[Phantom, ...]] = {
    "core.customers": (
        _SENT_AGAIN,
        _WIDTH,
        Phantom("missing_key", with_values(customer_id=None)),
        Phantom("bad_date", newer("updated_at", updated_at="2024-13-01 10:00:00"), text=True),
        Phantom("unknown_code", newer("updated_at", customer_type="partnership")),
        # Somebody who never opened an account: accepted, and counted as a warning.
        Phantom("no_account", renamed("customer_id", "P", id_document_number=None), factor=4.0),
        Phantom(
            "version_conflict",
            lambda row: [
                {**row, "updated_at": "1998-03-03 03:03:03", "phone": phone}
                for phone in ("+44 7700 900111", "+44 7700 900222")
            ],
        ),
    ),
    "core.accounts": (
        _SENT_AGAIN,
        _WIDTH,
        Phantom("older_version", older("updated_at", "opening_channel_code", "kiosk")),
        Phantom("unknown_code", newer("updated_at", product_code="gold_vault")),
        Phantom("impossible_date", newer("updated_at", closed_date="1990-01-01")),
        Phantom("missing_value", newer("updated_at", opened_date=None)),
        Phantom("unknown_currency", renamed("account_id", "Z", currency_code="THB")),
        Phantom("version_conflict", conflict("account_id", "Y", "opening_balance", "10.00", "20.00")),
        Phantom("bad_date", with_values(opened_date="31/12/2023"), text=True),
        Phantom("bad_number", with_values(opening_balance="12.3.4"), text=True),
        Phantom("bad_boolean", with_values(auto_renew="perhaps"), text=True),
    ),
    "core.account_holders": (
        _SENT_AGAIN,
        _WIDTH,
        _orphan(),
        Phantom("orphan", with_values(account_id="A99000000009")),
        Phantom("unknown_code", with_values(role="guardian")),
        Phantom("out_of_range", with_values(ownership_share="1.500000")),
        Phantom("version_conflict", conflict("customer_id", "Y", "ownership_share", "0.400000", "0.500000"), 0.5),
    ),
    "wealth.positions": (
        _SENT_AGAIN,
        _WIDTH,
        _orphan(),
        Phantom("unknown_code", with_values(product_code="gold_bar")),
        Phantom("unknown_currency", with_values(currency_code="THB")),
        Phantom("missing_value", with_values(market_value=None)),
        Phantom("version_conflict", conflict("customer_id", "Y", "market_value", "1.00", "2.00"), 0.5),
        Phantom("bad_number", with_values(market_value="1,000.00"), text=True),
    ),
    "wealth.risk_assessments": (
        _SENT_AGAIN,
        _WIDTH,
        _orphan(),
        Phantom("unknown_code", with_values(risk_level="C9")),
        Phantom("out_of_range", with_values(tolerance_score="140")),
        Phantom("bad_number", with_values(awareness_score="high"), text=True),
    ),
    "lending.loans": (
        _SENT_AGAIN,
        _WIDTH,
        _orphan("loan_id"),
        Phantom("unknown_code", with_values(product_code="payday_loan")),
        Phantom("impossible_date", renamed("loan_id", "Z", maturity_date="1990-01-01")),
        Phantom("bad_number", with_values(principal="infinity"), text=True),
    ),
    "lending.loan_positions": (
        _SENT_AGAIN,
        _WIDTH,
        Phantom("orphan", with_values(loan_id="L9900000001")),
        Phantom("out_of_range", with_values(days_past_due="-5")),
        Phantom("unknown_code", with_values(five_class_code="7")),
        Phantom("missing_value", with_values(outstanding_amount=None)),
        Phantom("version_conflict", conflict("loan_id", "Y", "outstanding_amount", "1.00", "2.00"), 0.5),
    ),
    "lending.credit_ratings": (
        _SENT_AGAIN,
        _WIDTH,
        _orphan(),
        Phantom("bad_date", with_values(rated_at="yesterday"), text=True),
        Phantom("missing_key", with_values(customer_id=None)),
    ),
    "crm.consents": (
        _SENT_AGAIN,
        _WIDTH,
        _orphan(),
        Phantom("unknown_code", with_values(consent_code="newsletter")),
        Phantom("bad_boolean", with_values(is_granted="maybe"), text=True),
        Phantom("bad_date", with_values(effective_at="2024-02-30"), text=True),
        Phantom(
            "version_conflict",
            lambda row: [
                {**row, "effective_at": "2001-01-01 01:01:01", "is_granted": value} for value in ("true", "false")
            ],
            0.5,
        ),
    ),
    "crm.interactions": (
        _SENT_AGAIN,
        _WIDTH,
        _orphan("interaction_id"),
        Phantom("unknown_code", with_values(interaction_type="telepathy")),
        Phantom("missing_value", with_values(occurred_at=None)),
        Phantom("bad_boolean", with_values(is_holdout="perhaps"), text=True),
        Phantom("version_conflict", conflict("interaction_id", "Y", "interaction_type", "service", "notice"), 0.5),
    ),
    "crm.judgements": (
        _SENT_AGAIN,
        _WIDTH,
        _orphan(),
        Phantom("unknown_code", with_values(dimension="mood")),
        Phantom("impossible_date", with_values(valid_to="1999-12-31")),
    ),
    "market.fx_rates": (
        _SENT_AGAIN,
        _WIDTH,
        Phantom("out_of_range", with_values(rate_to_base="0.00000000")),
        Phantom("bad_date", with_values(rate_date="2024-02-31"), text=True),
        Phantom("bad_number", with_values(rate_to_base="seven"), text=True),
    ),
    "market.interest_rates": (
        _SENT_AGAIN,
        Phantom("unknown_code", with_values(curve_code="libor")),
        Phantom("out_of_range", with_values(tenor_months="-3")),
    ),
    "market.regions": (_SENT_AGAIN, Phantom("bad_number", with_values(average_wage="high"), text=True)),
    "core.transactions": (
        _WIDTH,
        Phantom("bad_date", with_values(booked_at="2024-02-30 10:00:00"), text=True),
        Phantom("bad_number", with_values(amount="12,50"), text=True),
        Phantom("bad_number", with_values(amount="NaN"), text=True),
    ),
}

BOOST = {
    "crm.judgements": 2.0,
    "market.fx_rates": 2.0,
    "market.interest_rates": 4.0,
    "market.regions": 3.0,
    "lending.loans": 2.0,
    "lending.credit_ratings": 2.0,
}
"""Small tables get a larger share, so that every kind has a chance to appear in the demo."""
