"""The golden cases: rows on both sides of every threshold, and what becomes of them.

Two kinds: the dbt unit tests of the segments that read the real seeds, with the results that they expect; and the cases
below for tags, dormancy packs and value tiers, whose rows stand at the bounds that held when they were pinned. Rows and
results of the latter are in golden.json: a rule that moves doesn't move them.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import yaml

from .mutants import SEEDS, rows, step_of

PINNED = Path(__file__).parent / "golden.json"
MODELS = SEEDS.parent / "models" / "segments"
DAY, MONTH = "2024-12-31", 24299
Row = dict[str, object]


@dataclass
class Case:
    """Rows of the inputs, the models to run one after the other, and the last one's rows."""

    name: str
    models: list[str]
    given: dict[str, list[Row]]
    expected: list[Row] = field(default_factory=list)
    pack: str = "default"


def from_unit_tests() -> list[Case]:
    """The unit tests in which a seed is the real one."""
    cases = []
    for path in sorted(MODELS.glob("*__unit_tests.yml")):
        for test in yaml.safe_load(path.read_text(encoding="utf-8"))["unit_tests"]:
            is_plain = test.get("overrides", {}) == {"macros": {"is_incremental": False}}
            inputs = {one["input"].removeprefix("ref('").removesuffix("')"): one.get("rows") for one in test["given"]}
            if is_plain and any(inputs[name] is None for name in inputs):
                given = {name: found for name, found in inputs.items() if found is not None}
                cases.append(Case(test["name"], [test["model"]], given, test["expect"]["rows"]))
    return cases


def version_rows() -> dict[str, list[Row]]:
    """One month of the published version."""
    return {
        "rebuild_window": [{"rebuild_from_month_number": 0}],
        "month_rule_versions": [{"as_of_date": DAY, "month_number": MONTH, "rule_version": "2020.1"}],
    }


# Where tags look that isn't a feature: the table of the column.
TABLES = {
    "value_tier_code": "customer_value_tiers",
    "tier_status_code": "customer_value_tiers",
    "need_segment_code": "customer_needs",
    "wealth_need_score": "customer_needs",
    "financing_need_score": "customer_needs",
    "settlement_need_score": "customer_needs",
    "activity_state_code": "customer_activity_states",
    "deposit_stability_code": "customer_deposit_stability",
}


def tag_case() -> Case:
    """For every tag and type of customer a value on each bound, one just below it, and the code of a fact."""
    given: dict[str, list[Row]] = {
        **version_rows(),
        "customer_features": [],
        **{table: [] for table in TABLES.values()},
    }
    number = 0
    for tag in rows("tags"):
        feature = tag["feature"]
        if tag["kind"] == "fact":
            values: list[object] = ["X" if tag["code_value"] == "*" else tag["code_value"]]
        else:
            limits = [float(tag[name]) for name in ("min_value", "below_value") if "inf" not in tag[name]]
            values = [value for limit in limits for value in (limit, round(limit - step_of(feature) / 100, 9))]
            if feature.startswith(("is_", "has_")):
                values = [False, True]
            elif feature.endswith(("_count", "_days", "_months", "_lines", "_score", "_years", "_class")) or (
                values and all(isinstance(value, float) and value % 1 == 0 for value in limits) and is_whole(feature)
            ):
                values = [int(value) for limit in limits for value in (limit, limit - 1)]
        for value in values:
            for customer_type in ("individual", "corporate"):
                number += 1
                row: Row = {"customer_sk": number, "as_of_date": DAY, "customer_type_code": customer_type}
                if feature in TABLES:
                    given[TABLES[feature]].append({"customer_sk": number, "as_of_date": DAY, feature: value})
                else:
                    row[feature] = value
                given["customer_features"].append(row)
    return Case("tags_at_their_bounds", ["customer_tag_events"], given)


def is_whole(feature: str) -> bool:
    """Whether a feature is a whole number."""
    return any(row["feature"] == feature and row["data_type"] == "integer" for row in rows("feature_catalogue"))


def pack_cases() -> list[Case]:
    """For every dormancy pack the days and balances around its bounds, with and without what spares."""
    cases = []
    for pack in rows("dormancy_packs"):
        silent: list[Row] = []
        days = [float(pack[name]) for name in ("inactive_days", "dormant_days", "escheat_days") if pack[name] != "inf"]
        limits = [float(pack[name]) for name in ("balance_min_value", "balance_below_value") if "inf" not in pack[name]]
        balances = [0.0, *(value for limit in limits for value in (limit, round(limit - 0.01, 2)))]
        for day in sorted({int(day) + offset for day in days for offset in (-1, 0)}):
            for balance in balances:
                silent.append({"inactivity_days": day, "month_end_balance": balance})
        longest = {"inactivity_days": int(max(days)), "month_end_balance": 0.0}
        silent += [{**longest, "is_term_deposit_held": True}, {**longest, "is_contract_linked": True}]
        open_row = {
            "as_of_date": DAY, "month_number": MONTH, "rule_version": "2020.1", "open_account_count": 1,
            "days_since_opening": 9000, "is_term_deposit_held": False, "is_contract_linked": False,
        }  # fmt: skip
        given = {
            **version_rows(),
            "int_activity_signals": [{"customer_sk": n, **open_row, **row} for n, row in enumerate(silent, start=1)],
        }
        cases.append(Case(f"pack {pack['pack_code']}", ["int_activity_states"], given, pack=pack["pack_code"]))
    return cases


def tier_case() -> Case:
    """Customers around every boundary, through their holds, a veto and losses in value."""
    months = [
        {"as_of_date": day, "month_number": MONTH - 19 + n, "rule_version": "2020.1"}
        for n, day in enumerate(
            f"{2023 + (4 + n) // 12}-{(4 + n) % 12 + 1:02}-{last}"
            for n, last in enumerate([31, 30, 31, 31, 30, 31, 30, 31, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
        )
    ]
    given: dict[str, list[Row]] = {
        "rebuild_window": [{"rebuild_from_month_number": 0}],
        "month_rule_versions": months,
        "ledger_months": [{name: row[name] for name in ("as_of_date", "month_number")} for row in months],
        "judgements_in_force": [], "customer_months": [], "feat_customers__basics": [], "loan_months": [],
    }  # fmt: skip

    def customer(
        kind: str, assets: list[float], changes: dict[int, float] | None = None, loan: Row | None = None
    ) -> None:
        number = len({row["customer_sk"] for row in given["customer_months"]}) + 1
        for n, amount in enumerate(assets):
            key = {"customer_sk": number, "as_of_date": months[n]["as_of_date"]}
            change = (changes or {}).get(n, 0.0)
            given["customer_months"].append({**key, "aum_1m": amount, "valuation_change_1m": change})
            given["feat_customers__basics"].append({**key, "customer_type_code": kind})
            if loan and n == loan["month"]:
                given["loan_months"].append({**key, **{name: loan[name] for name in loan if name != "month"}})

    for kind in ("individual", "corporate"):
        tiers = [row for row in rows("value_tiers") if row["customer_type"] == kind and row["currency_code"] == "CNY"]
        for tier in tiers:
            enter, stay = float(tier["enter_at"]), float(tier["stay_at"])
            for first in (enter, enter - 0.01):
                for second in (stay, stay - 0.01):
                    customer(kind, [first, second, *[1.0] * 8])
    for loan in ({"days_past_due": 91}, {"days_past_due": 90}, {"worst_five_class": 3}, {"worst_five_class": 2}):
        customer("individual", [60000.0, 1.0, 1.0, 1.0], loan={"month": 1, **loan})
    customer("individual", [60000.0, *[1.0] * 19], changes={1: -59999.0})
    return Case(
        "value tiers",
        [
            "vetoed_months",
            "int_value_tier_thresholds",
            "int_value_tier_boundaries",
            "int_value_tier_clocks",
            "customer_value_tiers",
        ],
        given,
    )


def proposed() -> list[Case]:
    """The cases of the rules as they are now, without results."""
    return [tag_case(), *pack_cases(), tier_case()]


def pinned() -> list[Case]:
    """The cases as they were pinned."""
    return [Case(**case) for case in json.loads(PINNED.read_text(encoding="utf-8"))]


def pin(cases: list[Case]) -> None:
    """Writes the cases with their results."""
    text = json.dumps([asdict(case) for case in cases], ensure_ascii=False, separators=(",", ":"))
    PINNED.write_text(text.replace('},{"', '},\n{"') + "\n", encoding="utf-8")
