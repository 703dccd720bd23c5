"""Segments, scores and classes of the warehouse against the independent recomputation, row for row.

The recomputation is fed with the features that the warehouse publishes, so that a wrong feature shows up in
`test_reference_agreement.py` and only there.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from moving_landing import MovingBank
from nasty_landing import NastyBank
from reference.classification import Classification, classify_rows
from reference.history import read_history
from reference.rows import FEATURES_READ
from warehouse import KEY, PYTHON, Warehouse

ALL_MONTHS = "{history_months: 1200}"  # holds and clocks look back to the first ledger month
TOLERANCE = Fraction(1, 10**8)  # of scores and points; shares and parts are smaller numbers with the same scale
EFFECTIVE_TOLERANCE = 1e-9 + 1e-12  # the specification's, and the noise of adding doubles
SEGMENTS = (
    "wealth_need_score",
    "financing_need_score",
    "settlement_need_score",
    "need_segment_code",
    "activity_state_code",
    "deposit_stability_code",
    "stable_amount",
    "less_stable_amount",
    "runoff_amount",
    "earned_customer_class_code",
    "customer_class_code",
)
SCORES = (
    "contribution_score",
    "risk_score",
    "potential_score",
    "composite_score",
    "observed_weight_share",
    "confidence_grade",
)
COMPONENTS = ("status_code", "weight", "normalised_value", "points", "effective_points")


def read_mart(warehouse: Warehouse, mart: str, key: int = 2) -> dict[tuple, dict[str, object]]:
    """A mart's rows by the first columns."""
    with warehouse.connect() as connection:
        cursor = connection.execute(f"select * from marts.{mart}")
        names = [column[0] for column in cursor.description]
        return {row[:key]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


def recompute(warehouse: Warehouse) -> Classification:
    """What the recomputation makes of the published features."""
    features = read_mart(warehouse, "customer_features_monthly")
    lacking = [name for name in FEATURES_READ if name not in next(iter(features.values()))]
    assert not lacking, f"customer_features_monthly doesn't publish {lacking}"
    history = read_history(warehouse.landing, KEY, max(as_of_date for _, as_of_date in features))
    return classify_rows(features, history.first_ledger_day, history.judgements, history.vetoed)


def is_same(value: object, expected: object) -> bool:
    """Exact for codes and money, within a tolerance for scores."""
    if isinstance(value, float) and isinstance(expected, Fraction):
        return abs(Fraction(value) - expected) <= TOLERANCE
    if isinstance(value, Decimal) and isinstance(expected, Fraction):
        return Fraction(value) == expected
    return value == expected


def differences(actual: dict, expected: dict, names: tuple[str, ...]) -> list[str]:
    """What differs, most frequent columns first, each with an example."""
    assert actual.keys() == expected.keys()
    wrong = [
        (name, grain, actual[grain][name], values[name])
        for grain, values in expected.items()
        for name in names
        if not is_same(actual[grain][name], values[name])
    ]
    examples = {name: (grain, value, wanted) for name, grain, value, wanted in reversed(wrong)}
    return [
        f"{name}: {count} differ, such as {grain}: {value}, not {shown(wanted)}"
        for name, count in Counter(name for name, *_ in wrong).most_common()
        for grain, value, wanted in [examples[name]]
    ]


def shown(value: object) -> object:
    """A fraction as a number that can be read."""
    return float(value) if isinstance(value, Fraction) else value


def component_rows(expected: Classification) -> dict[tuple[str, date, str], dict[str, object]]:
    """The components of all rows in the shape of their mart."""
    return {
        (*grain, component.indicator_code): {name: getattr(component, name) for name in COMPONENTS}
        for grain, components in expected.components.items()
        for component in components
    }


def assert_agrees(warehouse: Warehouse, expected: Classification) -> None:
    """Every row and column of the three marts; of the components the months that are published."""
    problems = differences(read_mart(warehouse, "customer_segments_monthly"), expected.segments, SEGMENTS)
    problems += differences(read_mart(warehouse, "customer_scores_monthly"), expected.scores, SCORES)
    components = read_mart(warehouse, "customer_score_components", key=3)
    months = {as_of_date for _, as_of_date, _ in components}
    assert months >= set(sorted({as_of_date for _, as_of_date in expected.scores})[-2:])
    wanted = {grain: row for grain, row in component_rows(expected).items() if grain[1] in months}
    problems += differences(components, wanted, COMPONENTS)
    assert not problems, "\n".join(problems)


def assert_effective_points_add_up(warehouse: Warehouse) -> None:
    """The components of a row explain its composite to 1e-9."""
    composites = {
        grain: row["composite_score"] for grain, row in read_mart(warehouse, "customer_scores_monthly").items()
    }
    sums: dict[tuple, list[float]] = {}
    for (*grain, _), row in read_mart(warehouse, "customer_score_components", key=3).items():
        sums.setdefault(tuple(grain), []).append(row["effective_points"] or 0.0)
    wrong = {
        grain: (sum(points), composites[grain])
        for grain, points in sums.items()
        if composites[grain] is not None and abs(sum(points) - composites[grain]) > EFFECTIVE_TOLERANCE
    }
    assert not wrong, list(wrong.items())[:5]


def build(warehouse: Warehouse) -> Classification:
    """Builds the warehouse with every month published, and what the recomputation makes of its features."""
    warehouse.build("--full-refresh", "--vars", ALL_MONTHS)
    return recompute(warehouse)


def codes(expected: Classification, name: str) -> set[object]:
    """The codes that occur."""
    return {row[name] for row in expected.segments.values()}


LENDING = ("lending.loans", "lending.loan_positions", "lending.credit_ratings")
WEALTH = ("wealth.positions", "wealth.risk_assessments")


@pytest.mark.parametrize(("seed", "without"), [(1, ()), (2, LENDING), (3, (*WEALTH, "market.interest_rates"))])
def test_moving_bank_agrees(tmp_path: Path, seed: int, without: tuple[str, ...]) -> None:
    """Customers that move between all states, in a bank with and without the optional sources."""
    warehouse = Warehouse(home=tmp_path / "home", landing=tmp_path / "landing")
    MovingBank(seed, without=without).build().write(warehouse.landing)
    expected = build(warehouse)
    if not without:
        assert codes(expected, "activity_state_code") == {
            "new", "active", "reactivated", "slowing", "inactive", "dormant", "closed"
        }  # fmt: skip
        assert codes(expected, "customer_class_code") >= {"quality", "potential", "general", "risk"}
        assert codes(expected, "need_segment_code") >= {"wealth", "financing", "settlement", "mixed"}
        assert codes(expected, "deposit_stability_code") == {"stable", "less_stable"}
        held = [row for row in expected.segments.values() if row["held_customer_class_code"] == "quality"]
        assert any(row["earned_customer_class_code"] != "quality" for row in held)
    assert_agrees(warehouse, expected)
    assert_effective_points_add_up(warehouse)


@pytest.mark.parametrize("seed", [1, 2])
def test_nasty_bank_agrees(tmp_path: Path, seed: int) -> None:
    """Holes in everything: rates, persons, dates; judgements that don't count."""
    warehouse = Warehouse(home=tmp_path / "home", landing=tmp_path / "landing")
    NastyBank(seed).build().write(warehouse.landing)
    assert_agrees(warehouse, build(warehouse))


def test_synthetic_bank_agrees(tmp_path: Path) -> None:
    """The bank of the demonstration."""
    warehouse = Warehouse(home=tmp_path / "home", landing=tmp_path / "landing")
    warehouse.run(
        PYTHON, "-m", "scripts.landing.synthetic",
        "--customers", "300", "--months", "24", "--seed", "20260101", "--format", "parquet",
        "--landing", str(warehouse.landing), "--truth", str(tmp_path / "truth"),
    )  # fmt: skip
    assert_agrees(warehouse, build(warehouse))
