"""What is odd in the real rows of the landing, table by table (the transactions have a module of their
own)."""

from __future__ import annotations

from .dirt_kinds import Edit, constant, exponent, offset, padded, spelled, upper

EDITS: dict[str, tuple[Edit, ...]] = {
    "core.customers": (
        Edit("odd_case", "customer_type", upper),
        Edit("padded", "customer_type", padded),
        Edit("odd_case", "gender", str.title),
        Edit("padded", "full_name", padded),
        Edit("exponent", "declared_annual_income", exponent),
        Edit("date_as_timestamp", "customer_since_date", lambda value: value + " 00:00:00"),
        Edit("nulled", "birth_date", constant("1985-02-30")),
        Edit("nulled", "birth_date", constant("2035-01-01")),
        Edit("nulled", "gender", constant("x")),
        Edit("nulled", "occupation_code", constant("wizard")),
        Edit("nulled", "dependents_count", constant("-1")),
        Edit("nulled", "dependents_count", constant("two")),
        Edit("nulled", "declared_annual_income", constant("n.a.")),
        Edit("nulled", "region_code", constant("R99")),
        Edit("nulled", "education_code", constant("phd")),
        Edit("nulled", "annual_revenue", constant("NaN")),
        Edit("nulled", "employee_count", constant("1e99")),
        Edit("nulled", "customer_since_date", constant("unknown")),
        # A customer whose only version is rejected: accounts and holders that refer to it become orphans.
        Edit("unknown_type", "customer_type", constant("person"), factor=0.1),
    ),
    "core.accounts": (Edit("nulled", "opening_channel_code", constant("fax"), text=False),),
    "wealth.risk_assessments": (Edit("odd_case", "risk_level", str.lower, factor=4.0),),
    "lending.credit_ratings": (
        Edit("nulled", "rating_code", constant("AB")),
        Edit("odd_case", "rating_code", str.lower),
    ),
    "crm.consents": (
        Edit("spelled", "is_granted", spelled("1", "0"), factor=60.0),
        Edit("spelled", "is_granted", spelled("Y", "n"), 60.0),
        Edit("spelled", "is_granted", spelled("T", "F"), 30.0),
        Edit("offset", "effective_at", offset, 40.0),
        Edit("day_only", "effective_at", lambda value: value[:10], 10.0),
        Edit("odd_case", "consent_code", str.title, 5.0),
    ),
    "crm.interactions": (
        Edit("nulled", "outcome_code", constant("maybe")),
        Edit("nulled", "product_code", constant("gold_bar")),
        Edit("padded", "interaction_type", padded, 3.0),
    ),
    "crm.judgements": (
        Edit("odd_case", "dimension", upper, 30.0),
        Edit("padded", "value_code", padded, 20.0),
    ),
    "market.regions": (Edit("padded", "region_code", padded, 30.0),),
}
