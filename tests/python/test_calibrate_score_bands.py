"""Bands at the quantiles of a month: a draft with its record, and everything published as it was."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from scripts import calibrate_score_bands as calibration
from scripts import rule_versions as rules
from scripts.seeds import RULES, read_seed

FEATURES = ("adb_12m", "aum_1m", "contribution_12m", "customer_txn_per_month_12m", "income_level_amount",
            "annual_revenue_amount")  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the project's own rules."""
    return Path(shutil.copytree(RULES, tmp_path / "rules"))


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """100 customers with deposits of 1,000 to 100,000; assets all the same; nobody has an income."""
    file = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema marts")
        columns = ", ".join(f"{name} double" for name in FEATURES)
        connection.execute(f"create table marts.customer_features_monthly (as_of_date date, {columns})")
        for number in range(1, 101):
            connection.execute(
                "insert into marts.customer_features_monthly values ('2024-01-31', ?, 7, ?, ?, null, null)",
                [number * 1000, number - 51, number / 10],
            )
    return file


def test_points_lie_at_the_quantiles_and_tile_the_line(release: Path, folder: Path) -> None:
    """The normalised values of the seed at the quantiles of the month; flat outside; one band meets the next."""
    before = read_seed(folder, "score_bands").rows
    lines = calibration.propose(release, "2030.1", "2020.1", date(2030, 1, 1), None, folder)
    after = read_seed(folder, "score_bands").rows
    assert [row for row in after if row["rule_version"] == "2020.1"] == before
    bands = [
        {name: row[name] for name in ("min_value", "below_value", "value_at_min", "value_at_below")}
        for row in after
        if (row["rule_version"], row["indicator_code"]) == ("2030.1", "adb_12m")
    ]
    assert [tuple(band.values()) for band in bands] == [
        ("-inf", "2000", "0", "0"),
        ("2000", "35000", "0", "30"),
        ("35000", "60000", "30", "50"),
        ("60000", "90000", "50", "85"),
        ("90000", "99000", "85", "100"),
        ("99000", "inf", "100", "100"),
    ]
    record = read_seed(folder, "score_band_calibrations").rows
    record = [row for row in record if row["indicator_code"] == "adb_12m"]
    assert {row["cut_point"] for row in record} == {"2000", "35000", "60000", "90000", "99000"}
    assert {row["customer_count"] for row in record} == {"100"}
    assert {row["calibrated_as_of_date"] for row in record} == {"2024-01-31"}
    kept = [line for line in lines if "kept" in line]
    assert {line.split()[0] for line in kept} == {"aum_1m", "income_level_amount", "annual_revenue_amount"}


def test_what_cannot_be_calibrated_keeps_its_bands(release: Path, folder: Path) -> None:
    """All the same, unknown, or not in the quantile seed: the draft has the bands of its source."""
    calibration.propose(release, "2030.1", "2020.1", date(2030, 1, 1), None, folder)
    rows = read_seed(folder, "score_bands").rows
    for indicator in ("aum_1m", "income_level_amount", "max_dpd_12m"):
        old, new = (
            [
                {**row, "rule_version": ""}
                for row in rows
                if (row["rule_version"], row["indicator_code"]) == (version, indicator)
            ]
            for version in ("2020.1", "2030.1")
        )
        assert old == new


def test_nothing_is_ever_overwritten(release: Path, folder: Path) -> None:
    """The same draft twice is refused; published rows are as they were frozen; the reason says what was done."""
    calibration.propose(release, "2030.1", "2020.1", date(2030, 1, 1), None, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(rules.RuleError, match="never overwritten"):
        calibration.propose(release, "2030.1", "2020.1", date(2030, 1, 1), None, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert rules.check(folder) == []
    version = next(row for row in read_seed(folder, "rule_versions").rows if row["rule_version"] == "2030.1")
    assert version["status_code"] == "draft"
    assert "2024-01-31" in version["reason"]
    assert "adb_12m" in version["reason"]


def test_a_missing_release_or_month_is_said_plainly(release: Path, folder: Path) -> None:
    """And nothing is drafted."""
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for file, month in ((release.with_name("none.duckdb"), None), (release, "2020-01-31")):
        with pytest.raises(rules.RuleError):
            calibration.propose(file, "2030.1", "2020.1", date(2030, 1, 1), month, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0", "0"), ("123456.78", "123000"), ("0.0123456", "0.0123"), ("-987.65", "-988"), ("5", "5"), ("99.95", "100")],
)
def test_cut_points_are_readable(value: str, expected: str) -> None:
    """Three digits, rounded half away from zero."""
    assert calibration.readable(Decimal(value)) == Decimal(expected)
