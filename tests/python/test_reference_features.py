"""Anchors the oracle's features: personas worked out by hand, and the arithmetic that they rest on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from landing_builder import LandingBuilder
from personas import PERSONAS, SHARED, Persona, bank
from reference import ReferenceResult, classify
from reference.codes import FEATURE_TYPES
from reference.salary import _arc
from reference.values import add_months, median, published_ratio, published_root, whole_months

KEY = "a secret of tests"
KINDS = {"decimal(18,2)": Decimal, "double": float, "integer": int, "boolean": bool, "text": str}


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> ReferenceResult:
    """All personas that fit into one bank."""
    return classify(bank(SHARED).write(tmp_path_factory.mktemp("together") / "landing"), KEY)


def mistakes(persona: Persona, result: ReferenceResult) -> list[tuple]:
    """Where a persona's features aren't what they must be."""
    return [
        (customer_id, str(day), feature, result.features[result.customer_keys[customer_id], day][feature], value)
        for customer_id, days in persona.by_customer().items()
        for day, row in days.items()
        for feature, value in row.items()
        if result.features[result.customer_keys[customer_id], day][feature] != value
    ]


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.name)
def test_persona(persona: Persona, tmp_path: Path) -> None:
    """Each alone in a bank."""
    landing = bank([persona], persona.needs_optional_tables).write(tmp_path / "landing")
    assert not mistakes(persona, classify(landing, KEY)), persona.story


@pytest.mark.parametrize("persona", SHARED, ids=lambda persona: persona.name)
def test_persona_among_others(persona: Persona, together: ReferenceResult) -> None:
    """In one bank nobody's features depend on the others."""
    assert not mistakes(persona, together), persona.story


def test_every_feature_of_the_contract_is_there_with_its_type(together: ReferenceResult) -> None:
    """Each name of the list in each row, and a value that isn't null in at least one."""
    for feature, kind in FEATURE_TYPES.items():
        values = {type(row[feature]) for row in together.features.values()}
        assert KINDS[kind] in values and values <= {KINDS[kind], type(None)}, feature


def test_every_feature_is_asked_of_some_persona() -> None:
    """Features of the newer sections; the balances have tests of their own."""
    asked = {name for one in PERSONAS for days in one.expected.values() for row in days.values() for name in row}
    balances = set(list(FEATURE_TYPES)[: list(FEATURE_TYPES).index("term_adb_1m")])
    assert set(FEATURE_TYPES) - balances <= asked


def test_months_are_the_same_without_the_future(tmp_path: Path, together: ReferenceResult) -> None:
    """The personas' bank as of an earlier month-end."""
    early = classify(bank(SHARED).write(tmp_path / "landing"), KEY, date(2024, 6, 30))
    assert len(early.features) > len(SHARED)
    for place, row in early.features.items():
        assert together.features[place] == row


# ---- arithmetic ----


@pytest.mark.parametrize(
    ("days", "arc"),
    [([15, 15, 15], 0), ([30, 31, 1, 2], 3), ([29, 3, 31], 5), ([1, 6, 3], 5), ([1, 7], 6), ([1, 16, 31], 16)],
)
def test_the_least_arc_that_holds_all_days(days: list[int], arc: int) -> None:
    """The 31st and the 1st are neighbours."""
    assert _arc(days) == arc


def test_months_are_added_from_the_first_day_and_clamped() -> None:
    """Not month after month: the 31st comes back."""
    opened = date(2024, 1, 31)
    assert [str(add_months(opened, count)) for count in (1, 2, 12, 13)] == [
        "2024-02-29", "2024-03-31", "2025-01-31", "2025-02-28",
    ]  # fmt: skip
    assert add_months(opened, 12 * 8000) is None


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [("2024-01-31", "2024-02-28", 0), ("2024-01-31", "2024-02-29", 1), ("2024-01-15", "2025-01-14", 11),
     ("2024-01-15", "2025-01-15", 12), ("2024-02-29", "2025-02-28", 12), ("2024-05-05", "2024-05-05", 0)],
)  # fmt: skip
def test_whole_months_between_two_days(start: str, end: str, months: int) -> None:
    """A clamped day completes the month."""
    assert whole_months(date.fromisoformat(start), date.fromisoformat(end)) == months


def test_ratios_are_rounded_half_away_before_they_become_doubles() -> None:
    """Nine decimals; roots without any double on the way."""
    assert published_ratio(Fraction(1, 3)) == 0.333333333
    assert published_ratio(Fraction("0.0000000005")) == 1e-9
    assert published_ratio(Fraction("-0.0000000005")) == -1e-9
    assert published_root(Fraction(2)) == 1.414213562
    assert published_root(Fraction("0.09")) == 0.3
    assert published_root(Fraction("0.3000000005") ** 2) == 0.300000001
    assert median([Fraction(3), Fraction(1), Fraction(2), Fraction(10)]) == Fraction(5, 2)


@pytest.mark.parametrize(
    ("attributes", "stage"),
    [
        ({"birth_date": None, "occupation_code": "retired"}, "retired"),
        ({"birth_date": "1964-06-30", "occupation_code": "student"}, "retired"),
        ({"birth_date": "1964-07-01", "occupation_code": "student"}, "student"),
        ({"birth_date": None, "occupation_code": "student"}, "student"),
        ({"birth_date": "1989-07-01", "marital_status": "divorced", "dependents_count": "0"}, "young_single"),
        ({"birth_date": "1989-07-01", "marital_status": None, "dependents_count": None}, "young_single"),
        ({"birth_date": "1989-07-01", "dependents_count": "1"}, "young_family"),
        ({"birth_date": "1989-06-30"}, "young_family"),
        ({"birth_date": "1979-06-30"}, "mature_family"),
        ({"birth_date": None, "marital_status": "married"}, None),
        ({"birth_date": "1950-01-01", "customer_type": "corporate"}, None),
    ],
)
def test_life_stage(attributes: dict, stage: str | None, tmp_path: Path) -> None:
    """The first that fits on 2024-06-30."""
    builder = bank([]).customer("C", **attributes).account("A", owner="C")
    result = classify(builder.write(tmp_path / "landing"), KEY, date(2024, 6, 30))
    assert result.features[result.customer_keys["C"], date(2024, 6, 30)]["life_stage_code"] == stage


@pytest.mark.parametrize(
    ("employees", "revenue", "given", "size"),
    [
        (1000, "400000000", None, "large"),
        (1000, "399999999.99", None, "medium"),
        (299, "400000000", None, "small"),
        (19, "3000000", None, "micro"),
        (None, "20000000", None, "medium"),
        (20, None, None, "small"),
        (None, None, None, None),
        (5000, "900000000", "micro", "micro"),
    ],
)
def test_enterprise_size(
    employees: int | None, revenue: str | None, given: str | None, size: str | None, tmp_path: Path
) -> None:
    """Both figures need both bounds; one known decides alone; a given size stands."""
    values = {"employee_count": employees, "annual_revenue": revenue, "enterprise_size_code": given}
    builder = bank([]).customer("C", customer_type="corporate", **values).account("A", owner="C")
    result = classify(builder.write(tmp_path / "landing"), KEY, date(2024, 1, 31))
    row = result.features[result.customer_keys["C"], date(2024, 1, 31)]
    assert row["enterprise_size_code"] == size
    assert row["occupation_stability_code"] == "medium"  # basics are published as known


@pytest.mark.parametrize(
    ("table", "rows", "feature", "value"),
    [
        # the newest by time; at the same time the worse, the more careful
        ("ratings", [("2024-01-05", "A"), ("2024-01-05 10:00", "BB"), ("2024-02-01", "D")], "credit_rating_code", "BB"),
        ("ratings", [("2024-01-05", "B"), ("2024-01-06", None)], "credit_rating_code", "B"),
        ("assessments", [("2023-01-05", "C3")], "risk_level_code", None),
        ("assessments", [("2023-01-31", "C3")], "risk_level_code", "C3"),
    ],
)
def test_newest_judgement_of_a_customer(
    table: str, rows: list[tuple], feature: str, value: str | None, tmp_path: Path
) -> None:
    """As known on 2024-01-31."""
    builder: LandingBuilder = bank([]).customer("C").account("A", owner="C")
    for at, code in rows:
        (builder.credit_rating if table == "ratings" else builder.risk_assessment)("C", at, code)
    result = classify(builder.write(tmp_path / "landing"), KEY, date(2024, 1, 31))
    assert result.features[result.customer_keys["C"], date(2024, 1, 31)][feature] == value


def test_records_of_a_party_at_the_same_time(tmp_path: Path) -> None:
    """The worse of two ratings and the lower of two risk levels."""
    builder = bank([])
    for customer, rating, level in (("C", "AA", "C4"), ("D", "B", "C2")):
        builder.customer(customer, id_document_number="X1").account(f"A{customer}", owner=customer)
        builder.credit_rating(customer, "2024-01-02", rating).risk_assessment(customer, "2024-01-02", level)
    result = classify(builder.write(tmp_path / "landing"), KEY, date(2024, 1, 31))
    row = result.features[result.customer_keys["C"], date(2024, 1, 31)]
    assert (row["credit_rating_code"], row["risk_level_code"]) == ("B", "C2")
