"""What isn't landed is unknown: without an optional table its features are null, and all others stay as they are."""

from __future__ import annotations

import shutil

import pytest
from landing_builder import LandingBuilder
from warehouse import Warehouse

Row = dict[str, object]

OPTIONAL_SOURCES = {
    "wealth": ("positions", "risk_assessments"),
    "lending": ("loans", "loan_positions", "credit_ratings"),
    "crm": ("consents", "interactions", "judgements"),
    "market": ("fx_rates", "interest_rates", "regions"),
}

# Of each table: the features that are unknown without it, ...
ARREARS = {"max_dpd_12m", "overdue_months_12m", "days_past_due", "worst_five_class"}
LOANS = {"loan_outstanding", "has_loan", "npl_share"} | ARREARS
UNKNOWN = {
    "wealth.positions": {"market_value", "market_value_share", "implied_risk_level", "is_risk_profile_conflict"},
    "wealth.risk_assessments": {
        "risk_level_code", "risk_preference_code", "risk_tolerance_score", "risk_awareness_score",
        "is_risk_profile_conflict",
    },
    "lending.loans": LOANS,
    "lending.loan_positions": LOANS,
    "lending.credit_ratings": {"credit_rating_code"},
    "market.interest_rates": {"contribution_1m", "contribution_12m"},
    "market.regions": {
        "region_income_level_code", "region_average_wage_amount", "region_unemployment_rate",
        "region_gdp_per_capita_amount",
    },
}  # fmt: skip
# ... and those that are known all the same, but may be others: sums and counts over several sources.
RELATION = {"product_line_count", "primacy_score"}
CHANGED = {
    "wealth.positions": {"aum_1m", "is_aum_deposits_only", "valuation_change_1m", "is_card_held"} | RELATION,
    "lending.loans": {"contribution_1m", "contribution_12m"} | RELATION,
    "lending.loan_positions": {"contribution_1m", "contribution_12m"} | RELATION,
    "lending.credit_ratings": {"contribution_1m", "contribution_12m"},
}


def tables_of(*sources: str) -> tuple[str, ...]:
    """All optional tables of some sources."""
    return tuple(f"{source}.{table}" for source in sources for table in OPTIONAL_SOURCES[source])


def landing() -> LandingBuilder:
    """A bank in base currency whose one customer has something in every table, and another with accounts alone."""
    bank = LandingBuilder()
    bank.customer("C1", region_code="north").account("A1", "C1", interest_rate="0.003")
    bank.customer("C2", region_code="south").account("A2", "C2", interest_rate="0.003")
    for month in range(1, 8):
        bank.transaction("A1", f"2024-{month:02d}-05", "1000.00")
        bank.transaction("A2", f"2024-{month:02d}-06", "2000.00")
        bank.position("C1", f"2024-{month:02d}-20", 500 + month, product_code="equity_fund")
        bank.position("C1", f"2024-{month:02d}-20", "1.00", product_code="credit_card")
        bank.loan_position("L1", f"2024-{month:02d}-25", days_past_due="3", five_class_code="3")
    bank.transaction("A1", "2024-07-31", "10.00")
    bank.risk_assessment("C1", "2024-01-02", "C1").loan("L1", "C1").credit_rating("C1", "2024-01-03", "B")
    bank.consent("C1", "2024-01-02").interaction("C1", "2024-02-02")
    bank.judgement("C1", "value_tier", "high", valid_from="2024-02-01")
    bank.fx_rate("USD", "2024-01-01", "7.1")
    bank.interest_rate("1", "2023-01-01", "0.015").interest_rate("12", "2023-01-01", "0.02")
    bank.region("north", "2023-12-31").region("south", "2023-12-31", average_wage="4000.00")
    return bank


def features(warehouse: Warehouse, missing: tuple[str, ...]) -> dict[tuple[str, str], Row]:
    """The features of the bank built anew without some tables; nothing of it fails."""
    bank = landing()
    for table in missing:
        bank.omit_table(table)
    shutil.rmtree(warehouse.landing, ignore_errors=True)
    bank.write(warehouse.landing)
    # all that there is where nothing is left out, or everything; else what features need
    is_partial = 0 < len(missing) < len(tables_of(*OPTIONAL_SOURCES))
    warehouse.build("--full-refresh", *(("--select", "+customer_features_monthly") if is_partial else ()))
    with warehouse.connect() as connection:
        cursor = connection.execute("select * from marts.customer_features_monthly")
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    return {(row["customer_key"], row["as_of_date"]): row for row in rows}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """One home for all landings: dbt parses the project once."""
    folder = tmp_path_factory.mktemp("bank")
    return Warehouse(home=folder / "home", landing=folder / "landing")


@pytest.fixture(scope="module")
def everything(warehouse: Warehouse) -> dict[tuple[str, str], Row]:
    """The features of the bank with all its tables."""
    return features(warehouse, ())


def test_the_bank_has_something_in_every_table(everything: dict[tuple[str, str], Row]) -> None:
    """Otherwise the other tests would prove nothing."""
    known = {name for row in everything.values() for name, value in row.items() if value is not None}
    assert set().union(*UNKNOWN.values(), *CHANGED.values()) <= known


@pytest.mark.parametrize(
    "missing",
    [
        tables_of(*OPTIONAL_SOURCES),
        *(tables_of(source) for source in OPTIONAL_SOURCES),
        # a table of each source at a time: their features have nothing in common
        ("wealth.positions", "lending.credit_ratings", "market.regions"),
        ("wealth.risk_assessments", "lending.loans", "market.fx_rates"),
        ("lending.loan_positions", "market.interest_rates", "crm.judgements"),
    ],
    ids=lambda missing: "+".join(missing) if len(missing) < len(tables_of(*OPTIONAL_SOURCES)) else "all",
)
def test_features_of_a_missing_table_are_null_and_no_others(
    missing: tuple[str, ...], everything: dict[tuple[str, str], Row], warehouse: Warehouse
) -> None:
    """The build passes, the same rows are there, and only what needs the missing tables differs."""
    found = features(warehouse, missing)
    unknown = set().union(*(UNKNOWN.get(table, set()) for table in missing))
    changed = set().union(*(CHANGED.get(table, set()) for table in missing)) - unknown
    assert found.keys() == everything.keys()
    known = {name for row in found.values() for name in unknown if row[name] is not None}
    assert not known
    others = {
        name
        for key, row in found.items()
        for name, value in row.items()
        if name not in unknown | changed and value != everything[key][name]
    }
    assert not others
    if "wealth.positions" in missing:
        assert_assets_are_deposits_only(found)


def assert_assets_are_deposits_only(found: dict[tuple[str, str], Row]) -> None:
    """Assets go on without positions; the change in valuation is zero in the first month, then unknown."""
    assert all(row["aum_1m"] == row["adb_1m"] and row["is_aum_deposits_only"] for row in found.values())
    first = min(as_of_date for _, as_of_date in found)
    changes = {as_of_date: row["valuation_change_1m"] for (_, as_of_date), row in found.items()}
    assert changes == {as_of_date: 0 if as_of_date == first else None for as_of_date in changes}
