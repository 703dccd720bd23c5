"""Proposes value tiers for a currency that has no fixed ones: cut-points at quantiles of a chosen month's assets.

    python -m scripts.calibrate_value_tiers --currency CZK [--as-of 1994-02-28] [--rule-version 2020.1]

Reads aum_1m of the current release, writes rows to seeds/rules/value_tier_calibrations.csv and leaves the rest to
the next refresh. The rows are frozen there: no run ever ranks customers again. The quantiles are themselves a seed
(value_tier_quantiles.csv). Rows that exist for the same rule version and currency are never overwritten.

Exit code 2: nothing written, the message says why.
"""

from __future__ import annotations

import argparse
import csv
import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb

from scripts.seeds import RULES, Row, read_seed, seed_rows
from scripts.settings import PROJECT, read_settings

CALIBRATIONS = RULES / "value_tier_calibrations.csv"
CENT = Decimal("0.01")


class CalibrationError(Exception):
    """Why nothing can be calibrated, and what to do."""


def assets(release: Path, as_of_date: str | None) -> tuple[str, dict[str, list[Decimal]]]:
    """The month and the known assets of its customers by type, smallest first."""
    if not release.exists():
        raise CalibrationError(f"There is no release at {release}: run a refresh first.")
    with duckdb.connect(str(release), read_only=True) as connection:
        chosen = "cast(? as date)" if as_of_date else "(select max(as_of_date) from marts.customer_features_monthly)"
        rows = connection.execute(
            "select as_of_date, customer_type_code, aum_1m from marts.customer_features_monthly"
            f" where as_of_date = {chosen} and aum_1m is not null order by aum_1m",
            [as_of_date] if as_of_date else [],
        ).fetchall()
    if not rows:
        raise CalibrationError(f"Nobody has known assets on {as_of_date}: choose a month-end of the release.")
    by_type: dict[str, list[Decimal]] = {}
    for _, customer_type, amount in rows:
        by_type.setdefault(customer_type, []).append(amount)
    return str(rows[0][0]), by_type


def cut_point(amounts: list[Decimal], quantile: Decimal) -> Decimal:
    """The smallest amount that at least this share of the customers doesn't exceed."""
    place = max(int((quantile * len(amounts)).to_integral_value(rounding="ROUND_CEILING")), 1)
    return amounts[place - 1]


def calibrate(by_type: dict[str, list[Decimal]], as_of_date: str, currency: str, rule_version: str) -> list[Row]:
    """The seed rows of one rule version and currency. A type without customers takes the cut-points of all."""
    everybody = sorted(amount for amounts in by_type.values() for amount in amounts)
    rows = []
    for wanted in seed_rows("value_tier_quantiles"):
        amounts = by_type.get(wanted["customer_type"], everybody)
        enter_at = cut_point(amounts, Decimal(wanted["quantile"]))
        stay_at = (enter_at * Decimal(wanted["stay_ratio"])).quantize(CENT, ROUND_HALF_UP)
        rows.append(
            {
                "rule_version": rule_version,
                "currency_code": currency,
                "customer_type": wanted["customer_type"],
                "tier_code": wanted["tier_code"],
                "enter_at": str(enter_at),
                "stay_at": str(stay_at),
                "hold_months": wanted["hold_months"],
                "quantile": wanted["quantile"],
                "calibrated_as_of_date": as_of_date,
                "customer_count": str(len(amounts)),
            }
        )
    return rows


def append(rows: list[Row], path: Path = CALIBRATIONS) -> None:
    """Adds rows to the seed; a rule version's rows of a currency are never changed."""
    seed = read_seed(path.parent, path.stem)
    known = {(row["rule_version"], row["currency_code"]) for row in seed.rows}
    taken = {(row["rule_version"], row["currency_code"]) for row in rows} & known
    if taken:
        version, currency = min(taken)
        raise CalibrationError(
            f"{path.name} already has {currency} under rule version {version}. Cut-points stay frozen:"
            " add a rule version to rule_versions.csv and calibrate that one."
        )
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, seed.columns, lineterminator="\n").writerows(rows)


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--currency", required=True, help="the base currency of the release, such as CZK")
    parser.add_argument("--as-of", help="a published month-end, YYYY-MM-DD; default: the newest")
    parser.add_argument("--rule-version", default="2020.1", help="rule version that the rows belong to")
    options = parser.parse_args(arguments)
    release = read_settings().releases / "current" / "warehouse.duckdb"
    try:
        as_of_date, by_type = assets(release, options.as_of)
        rows = calibrate(by_type, as_of_date, options.currency.upper(), options.rule_version)
        append(rows)
    except (CalibrationError, duckdb.Error) as error:
        print(error, file=sys.stderr)
        return 2
    for row in rows:
        print(
            f"{row['customer_type']:<12} {row['tier_code']:<6} from {row['enter_at']:>16} {row['currency_code']}"
            f"  (quantile {row['quantile']} of {row['customer_count']} customers on {as_of_date})"
        )
    print(f"Written to {CALIBRATIONS.relative_to(PROJECT)}; the next refresh uses them.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
