"""Cut-points at quantiles: computed once, frozen in the seed, never overwritten."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from scripts import calibrate_value_tiers as calibration
from scripts.seeds import seed_rows


def release(folder: Path, amounts: dict[str, list[str]]) -> Path:
    """A release with nothing but assets."""
    file = folder / "warehouse.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.customer_features_monthly"
            " (as_of_date date, customer_type_code varchar, aum_1m decimal(18, 2))"
        )
        for customer_type, values in amounts.items():
            for value in values:
                connection.execute(
                    "insert into marts.customer_features_monthly values ('2024-01-31', ?, ?)", [customer_type, value]
                )
    return file


def test_a_cut_point_is_the_smallest_amount_that_the_share_does_not_exceed() -> None:
    """Of 100 customers with 1 to 100, 65 % have 65 or less; a single customer is every quantile."""
    amounts = [Decimal(number) for number in range(1, 101)]
    assert calibration.cut_point(amounts, Decimal("0.65")) == 65
    assert calibration.cut_point(amounts, Decimal("0.651")) == 66
    assert calibration.cut_point([Decimal(7)], Decimal("0.93")) == 7


def test_a_type_without_customers_takes_the_cut_points_of_all(tmp_path: Path) -> None:
    """Individuals only: corporates get the same boundaries, and the stay band is a cent-rounded share of them."""
    file = release(tmp_path, {"individual": [f"{number}.05" for number in range(1, 101)]})
    as_of_date, by_type = calibration.assets(file, None)
    rows = calibration.calibrate(by_type, as_of_date, "XXX", "9.9")
    boundaries = {(row["customer_type"], row["tier_code"]): (row["enter_at"], row["stay_at"]) for row in rows}
    assert boundaries["individual", "mid"] == ("65.05", "58.55")
    assert boundaries["corporate", "high"] == boundaries["individual", "high"] == ("93.05", "83.75")


def test_frozen_rows_are_never_overwritten(tmp_path: Path) -> None:
    """The second calibration of a rule version and currency is refused and changes nothing."""
    seed = tmp_path / "value_tier_calibrations.csv"
    with calibration.CALIBRATIONS.open(encoding="utf-8") as file:
        header = file.readline()
    seed.write_text(header, encoding="utf-8")
    rows = calibration.calibrate({"individual": [Decimal("5.00")]}, "2024-01-31", "XXX", "9.9")
    calibration.append(rows, seed)
    before = seed.read_text(encoding="utf-8")
    with pytest.raises(calibration.CalibrationError, match="frozen"):
        calibration.append(rows, seed)
    assert seed.read_text(encoding="utf-8") == before
    with seed.open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(seed_rows("value_tier_quantiles"))


def test_a_missing_release_or_month_is_said_plainly(tmp_path: Path) -> None:
    """No release, or nobody with assets in the month: a message that says what to do."""
    with pytest.raises(calibration.CalibrationError, match="refresh"):
        calibration.assets(tmp_path / "none.duckdb", None)
    with pytest.raises(calibration.CalibrationError, match="2020-01-31"):
        calibration.assets(release(tmp_path, {"individual": ["1.00"]}), "2020-01-31")
