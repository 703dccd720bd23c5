"""Proposes bands of the score from a chosen month: a draft rule version whose points lie at quantiles of that month.

    python -m scripts.calibrate_score_bands --rule-version 2026.1 --valid-from 2026-07-01 [--as-of 2026-05-31]
        [--from 2020.1]

Reads the features of the current release and copies a rule version to a new draft. For the indicators of the seed
score_band_quantiles the draft's bands are replaced: the normalised values of the seed at the quantiles of the month,
rounded to three digits that people can read. Everything else stays as it was, and no version that exists is touched.
What was measured goes into score_band_calibrations.csv. The points are frozen there: no run ever ranks customers.

Exit code 2: nothing written, the message says why.
"""

from __future__ import annotations

import argparse
import csv
import sys
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path

import duckdb

from scripts.calibrate_value_tiers import cut_point
from scripts.rule_versions import RuleError, draft
from scripts.seeds import RULES, Seed, read_seed
from scripts.settings import read_settings

DIGITS = 3
FEWEST_CUSTOMERS = 20
BANDS, CALIBRATIONS, QUANTILES = "score_bands", "score_band_calibrations", "score_band_quantiles"


@dataclass(frozen=True)
class Point:
    """A normalised value, and where the month puts it."""

    normalised_value: Decimal
    quantile: Decimal
    value: Decimal


def readable(value: Decimal) -> Decimal:
    """Rounded to the digits that a person keeps in mind."""
    if value == 0:
        return Decimal(0)
    place = Decimal(1).scaleb(value.adjusted() - DIGITS + 1)
    return value.quantize(place, ROUND_HALF_UP) if place < 1 else (value / place).quantize(1, ROUND_HALF_UP) * place


def points_of(values: list[Decimal], wanted: list[tuple[Decimal, Decimal]]) -> list[Point]:
    """The points of one indicator, rising; of several at the same value the one that is worth least stays."""
    points: list[Point] = []
    for normalised_value, quantile in sorted(wanted):
        value = readable(cut_point(values, quantile))
        if not points or value > points[-1].value:
            points.append(Point(normalised_value, quantile, value))
    return points


def bands_of(version: str, indicator: str, points: list[Point]) -> list[dict[str, str]]:
    """Half-open bands that tile the line: flat outside the points, straight between them."""
    bounds = ["-inf", *(f"{point.value:f}" for point in points), "inf"]
    worth = [points[0], *points, points[-1]]
    return [
        {
            "rule_version": version,
            "indicator_code": indicator,
            "min_value": lower,
            "below_value": upper,
            "value_at_min": f"{worth[place].normalised_value:f}",
            "value_at_below": f"{worth[place + 1].normalised_value:f}",
        }
        for place, (lower, upper) in enumerate(pairwise(bounds))
    ]


def measure(release: Path, features: dict[str, str], as_of: str | None) -> tuple[str, dict[str, list[Decimal]]]:
    """The month, and the known values of every indicator's feature in it, smallest first."""
    if not release.exists():
        raise RuleError(f"There is no release at {release}: run a refresh first.")
    mart = "marts.customer_features_monthly"
    with duckdb.connect(str(release), read_only=True) as connection:
        ((month,),) = connection.execute(
            f"select max(as_of_date) from {mart} where ? is null or as_of_date = cast(? as date)", [as_of, as_of]
        ).fetchall()
        if month is None:
            raise RuleError(f"{as_of} isn't a month-end of the release.")
        values = {
            indicator: [
                Decimal(str(value))
                for (value,) in connection.execute(
                    f"select {feature} from {mart} where as_of_date = ? and {feature} is not null order by 1", [month]
                ).fetchall()
            ]
            for indicator, feature in features.items()
        }
    return str(month), values


def propose(
    release: Path, version: str, source: str, valid_from: date, as_of: str | None, folder: Path = RULES
) -> list[str]:
    """Writes the draft; what was proposed and what was left, line by line."""
    wanted: dict[str, list[tuple[Decimal, Decimal]]] = {}
    for row in read_seed(folder, QUANTILES).rows:
        wanted.setdefault(row["indicator_code"], []).append(
            (Decimal(row["normalised_value"]), Decimal(row["quantile"]))
        )
    features = {
        row["indicator_code"]: row["feature"]
        for row in read_seed(folder, "score_indicators").rows
        if row["rule_version"] == source and row["indicator_code"] in wanted
    }
    month, values = measure(release, features, as_of)
    lines, found = [], {}
    for indicator in features:
        points = points_of(values[indicator], wanted[indicator]) if len(values[indicator]) >= FEWEST_CUSTOMERS else []
        if len(points) < len(wanted[indicator]):
            lines.append(f"{indicator:<28} kept: {len(values[indicator])} known values give {len(points)} points")
        else:
            found[indicator] = points
            told = ", ".join(f"{point.value:f} → {point.normalised_value:f}" for point in points)
            lines.append(f"{indicator:<28} {told}  ({len(values[indicator])} customers)")
    if not found:
        raise RuleError(f"No indicator has enough different values on {month} to be calibrated.")
    draft(version, source, valid_from, f"Bands of {', '.join(found)} at the quantiles of {month}", folder)
    _replace_bands(version, found, folder)
    _record(version, found, month, values, folder)
    return lines


def _replace_bands(version: str, found: dict[str, list[Point]], folder: Path) -> None:
    """The draft's own rows of the calibrated indicators."""
    seed = read_seed(folder, BANDS)
    kept = [row for row in seed.rows if row["rule_version"] != version or row["indicator_code"] not in found]
    new = [row for indicator, points in found.items() for row in bands_of(version, indicator, points)]
    Seed(seed.name, seed.columns, kept + new).write(folder)


def _record(
    version: str, found: dict[str, list[Point]], month: str, values: dict[str, list[Decimal]], folder: Path
) -> None:
    """Where the points come from; a copy of the old version's record would be a lie."""
    seed = read_seed(folder, CALIBRATIONS)
    rows = [row for row in seed.rows if row["rule_version"] != version or row["indicator_code"] not in found]
    rows += [
        {
            "rule_version": version,
            "indicator_code": indicator,
            "normalised_value": f"{point.normalised_value:f}",
            "quantile": f"{point.quantile:f}",
            "cut_point": f"{point.value:f}",
            "calibrated_as_of_date": month,
            "customer_count": str(len(values[indicator])),
        }
        for indicator, points in found.items()
        for point in points
    ]
    Seed(seed.name, seed.columns, rows).write(folder)


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rule-version", required=True, help="name of the new draft")
    parser.add_argument("--from", dest="source", default="2020.1", help="the version that it is a copy of")
    parser.add_argument("--valid-from", type=date.fromisoformat, required=True)
    parser.add_argument("--as-of", help="a published month-end, YYYY-MM-DD; default: the newest")
    options = parser.parse_args(arguments)
    release = read_settings().releases / "current" / "warehouse.duckdb"
    try:
        lines = propose(release, options.rule_version, options.source, options.valid_from, options.as_of)
    except (RuleError, duckdb.Error, csv.Error) as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(lines))
    print(f"Draft {options.rule_version} is written. Look at ./scripts/run challenger --version {options.rule_version}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
