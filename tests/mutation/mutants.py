"""Every threshold of the segment rules and tags, moved by one step, one mutant each.

A step is one day, one count, one point, one unit of money, one per cent of a ratio. What has no neighbour (a bound of
infinity) isn't moved, and neither is what no customer could notice, for the reason that stands beside it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
VERSION = "2020.1"


# Who opened the first account in the last 90 days can't have slept for a year, who woke up isn't asleep; without a
# score none leads, and only one does.
DISJOINT = {
    ("recently_joined", "woke_up"),
    ("woke_up", "dormant_by_pack"),
    ("nothing_observed", "wealth_leads"),
    ("wealth_leads", "financing_leads"),
    ("financing_leads", "settlement_leads"),
}


@dataclass(frozen=True)
class Mutant:
    """One cell of one seed row with another value."""

    seed: str
    key: tuple[tuple[str, str], ...]
    column: str
    old: str
    new: str

    @property
    def name(self) -> str:
        """For people."""
        row = " ".join(value for column, value in self.key if column != "rule_version")
        return f"{self.seed}: {row}: {self.column} {self.old} → {self.new}"


@cache
def rows(seed: str) -> list[dict[str, str]]:
    """The rows of a seed of the published version."""
    (path,) = SEEDS.glob(f"*/{seed}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row.get("rule_version", VERSION) == VERSION]


def step_of(feature: str) -> float:
    """One step of a feature, by its unit in the catalogue; 1 for what isn't there, a point of a score by its name."""
    units = {row["feature"]: row["unit"] for row in rows("feature_catalogue")}
    return 0.01 if units.get(feature) in ("ratio", "ln per month") else 1


def moved(row: dict[str, str], seed: str, key: tuple[str, ...], column: str, step: float) -> Iterator[Mutant]:
    """A number one step up and one step down."""
    value = float(row[column])
    if abs(value) == float("inf"):
        return
    names = tuple((name, row[name]) for name in key)
    for sign in (1, -1):
        yield Mutant(seed, names, column, row[column], repr(round(value + sign * step, 9)))


def replaced(row: dict[str, str], seed: str, key: tuple[str, ...], column: str, new: str) -> Mutant:
    """Another text or flag."""
    return Mutant(seed, tuple((name, row[name]) for name in key), column, row[column], new)


def mutants() -> Iterator[Mutant]:
    """All of them, seed by seed."""
    key = ("rule_version", "dimension", "rule_code", "feature")
    for row in rows("segment_rule_conditions"):
        for column in ("min_value", "below_value"):
            yield from moved(row, "segment_rule_conditions", key, column, step_of(row["feature"]))

    key = ("rule_version", "dimension", "rule_code")
    for dimension in ("activity", "need"):
        rules = sorted(
            (row for row in rows("segment_rules") if row["dimension"] == dimension),
            key=lambda row: int(row["priority"]),
        )
        # a rule tried after its neighbour, unless nobody can meet both
        for row, after in pairwise(rules):
            if (row["rule_code"], after["rule_code"]) in DISJOINT:
                continue
            yield replaced(row, "segment_rules", key, "priority", str(int(after["priority"]) + 1))

    key = ("rule_version", "signal_code")
    for row in rows("activity_signals"):
        step = 1 if row["unit"] in ("days", "flag") else 0.01
        yield from moved(row, "activity_signals", key, "threshold", step)
        yield from moved(row, "activity_signals", key, "points", 1)

    # no set of components has between 55 and 60 per cent of a need's weight: a smaller step would change nobody
    steps = {"need_observed_share": 0.05, "runoff_rate_stable": 0.01, "runoff_rate_less_stable": 0.01}
    key = ("rule_version", "threshold_code")
    for row in rows("segment_thresholds"):
        yield from moved(row, "segment_thresholds", key, "value", steps.get(row["threshold_code"], 1))

    key = ("rule_version", "need_code", "component_code")
    for row in rows("need_components"):
        step = max(abs(float(row["cap_value"]) - float(row["floor_value"])), 1e-9) / 100
        # a flag is 0 or 1: bounds that lie further in give both the same worth
        inwards = {"floor_value": 1, "cap_value": -1} if row["feature"].startswith(("is_", "has_")) else {}
        for column in ("floor_value", "cap_value"):
            for mutant in moved(row, "need_components", key, column, step):
                if (float(mutant.new) - float(mutant.old)) * inwards.get(column, 0) <= 0:
                    yield mutant
        yield from moved(row, "need_components", key, "weight", 1)
    caps = {row["feature"]: float(row["cap_value"]) for row in rows("need_components")}
    for row in rows("feature_points"):
        for mutant in moved(row, "feature_points", ("rule_version", "feature", "code"), "points", 1):
            if float(mutant.new) <= caps[row["feature"]]:  # beyond the cap there is nothing to gain
                yield mutant

    key = ("rule_version", "pack_code")
    for row in rows("dormancy_packs"):
        for column in ("inactive_days", "dormant_days", "escheat_days", "balance_min_value", "balance_below_value"):
            for mutant in moved(row, "dormancy_packs", key, column, 1):
                # money is due for handing over from the dormant alone
                if column != "escheat_days" or float(mutant.new) >= float(row["dormant_days"]):
                    yield mutant
        for column in ("is_term_deposit_exempt", "is_linked_contract_exempt"):
            yield replaced(row, "dormancy_packs", key, column, "false" if row[column] == "true" else "true")

    key = ("rule_version", "tag_code")
    for row in rows("tags"):
        if row["kind"] == "fact":
            yield replaced(row, "tags", key, "code_value", "another")
        else:
            for column in ("min_value", "below_value"):
                yield from moved(row, "tags", key, column, step_of(row["feature"]))
        for customer_types in {"all", "individual", "corporate"} - {row["customer_types"]}:
            yield replaced(row, "tags", key, "customer_types", customer_types)

    key = ("rule_version", "currency_code", "customer_type", "tier_code")
    for row in rows("value_tiers"):
        for column in ("enter_at", "stay_at", "hold_months"):
            yield from moved(row, "value_tiers", key, column, 1)
    for row in rows("rule_parameters"):
        if row["parameter_code"] in ("veto_days_past_due", "veto_five_class", "valuation_protection_months"):
            yield from moved(row, "rule_parameters", ("parameter_code",), "value", 1)
