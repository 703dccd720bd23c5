"""The warehouse against the independent recomputation: every row, every value, on landings of several kinds."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from nasty_landing import NastyBank
from reference import ReferenceResult, classify
from warehouse import KEY, PYTHON, Warehouse

RATIO_TOLERANCE = 1e-9
TIER_COLUMNS = ("earned_value_tier_code", "service_value_tier_code", "value_tier_code", "tier_status_code")


def assert_same_accounting(warehouse: Warehouse, expected: ReferenceResult) -> None:
    """Rows landed, accepted, duplicate and rejected, table by table, and every finding with its key's hash."""
    with warehouse.connect() as connection:
        counts = {
            f"{source}.{table}": dict(
                zip(("landed", "accepted", "duplicate", "rejected"), row, strict=True)
            )
            for source, table, *row in connection.execute(
                "select source_name, table_name, landed_count, accepted_count, duplicate_count, rejected_count"
                " from marts.data_reconciliation"
            ).fetchall()
        }
        findings = Counter(
            connection.execute(
                "select source_name || '.' || table_name, key_hash, severity_code, reason_code, column_name"
                " from marts.data_rejections where reason_code <> 'no_rate_yet'"
            ).fetchall()
        )
    assert counts == expected.reconciliation
    assert findings == Counter(
        (found.source_table, found.key_hash, found.outcome, found.reason_code, found.column_name)
        for found in expected.rejections
    )


def is_same(value: object, expected: object) -> bool:
    """Exact for counts, codes, flags and money; 1e-9 relative for ratios."""
    if isinstance(value, float) and isinstance(expected, float):
        return abs(value - expected) <= RATIO_TOLERANCE * max(1.0, abs(expected))
    return value == expected


def assert_same_features(warehouse: Warehouse, expected: ReferenceResult) -> None:
    """Every customer, month and feature that the recomputation knows."""
    with warehouse.connect() as connection:
        cursor = connection.execute("select * from marts.customer_features_monthly")
        names = [column[0] for column in cursor.description]
        features = {(row[0], row[1]): dict(zip(names, row, strict=True)) for row in cursor.fetchall()}
    published = {as_of_date for _, as_of_date in features}
    wanted = {key: values for key, values in expected.features.items() if key[1] in published}
    assert features.keys() == wanted.keys()
    wrong = [
        (key, feature, features[key][feature], value)
        for key, values in wanted.items()
        for feature, value in values.items()
        if not is_same(features[key][feature], value)
    ]
    assert not wrong, f"{len(wrong)} values differ, such as {wrong[:5]}"


def assert_same_tiers(warehouse: Warehouse, expected: ReferenceResult) -> None:
    """Every customer's tiers and status in every published month."""
    with warehouse.connect() as connection:
        tiers = {
            (key, as_of_date): dict(zip(TIER_COLUMNS, codes, strict=True))
            for key, as_of_date, *codes in connection.execute(
                f"select customer_key, as_of_date, {', '.join(TIER_COLUMNS)} from marts.customer_segments_monthly"
            ).fetchall()
        }
    published = {as_of_date for _, as_of_date in tiers}
    assert tiers == {key: codes for key, codes in expected.segments.items() if key[1] in published}


def assert_agrees(warehouse: Warehouse, expected: ReferenceResult) -> None:
    """All of it."""
    assert_same_accounting(warehouse, expected)
    assert_same_features(warehouse, expected)
    assert_same_tiers(warehouse, expected)


@pytest.mark.parametrize(("form", "customers", "seed"), [("parquet", 400, 20260101), ("csv", 200, 7)])
def test_synthetic_bank_agrees(tmp_path: Path, form: str, customers: int, seed: int) -> None:
    """Clean and dirty rows of the synthetic bank, typed Parquet and text alike."""
    warehouse = Warehouse(home=tmp_path / "home", landing=tmp_path / "landing")
    warehouse.run(
        PYTHON, "-m", "scripts.landing.synthetic",
        "--customers", str(customers), "--months", "24", "--seed", str(seed), "--format", form,
        "--landing", str(warehouse.landing), "--truth", str(tmp_path / "truth"),
    )  # fmt: skip
    warehouse.build("--full-refresh")
    assert_agrees(warehouse, classify(warehouse.landing, KEY))


@pytest.mark.parametrize("seed", [1, 2])
def test_nasty_bank_agrees(tmp_path: Path, seed: int) -> None:
    """Nothing but trouble: every reason to reject, null or warn, often and in combination."""
    warehouse = Warehouse(home=tmp_path / "home", landing=tmp_path / "landing")
    NastyBank(seed).build().write(warehouse.landing)
    warehouse.build("--full-refresh")
    expected = classify(warehouse.landing, KEY)
    assert len({found.reason_code for found in expected.rejections}) >= 20
    assert_agrees(warehouse, expected)
