"""The first page: can today's numbers be trusted? One status and one sentence for each check."""

from __future__ import annotations

from typing import Any

import pandas as pd

from scripts.evaluation.release import Release
from scripts.evaluation.rules import seed_by, setting
from scripts.evaluation.words import money, number, percent, whole
from scripts.seeds import seed_rows

OK, ATTENTION, FAILED, UNKNOWN = "ok", "attention", "failed", "unknown"


def checks(release: Release) -> list[dict[str, Any]]:
    """Every check of the seed, in its order."""
    found = []
    for row in seed_rows("evaluation_checks"):
        status, values, values_zh = CHECKS[row["check_code"]](release)
        found.append(
            {
                "code": row["check_code"],
                "status": status,
                "label": row["label"],
                "label_zh": row["label_zh"],
                "text": row[f"text_{status}"].format(**values),
                "text_zh": row[f"text_{status}_zh"].format(**(values | values_zh)),
            }
        )
    return found


def verdict(found: list[dict[str, Any]]) -> str:
    """The worst status decides; what can't be told asks for attention."""
    statuses = {check["status"] for check in found}
    if FAILED in statuses:
        return FAILED
    return ATTENTION if statuses & {ATTENTION, UNKNOWN} else OK


Finding = tuple[str, dict[str, str], dict[str, str]]


def _landing(release: Release) -> Finding:
    table = release.tables["landing"]
    table = table[table["is_landed"]]
    if table.empty:
        return UNKNOWN, {}, {}
    values = {"landed": whole(table["landed_count"].sum()), "rejected": whole(table["rejected_count"].sum())}
    bad = table[~(table["is_reconciled"].astype(bool) & table["is_publishable"].astype(bool))]
    if not bad.empty:
        return FAILED, values | {"table": f"{bad.iloc[0]['source_name']}.{bad.iloc[0]['table_name']}"}, {}
    rejected = table[table["rejected_count"] > 0].sort_values(
        ["rejected_share", "source_name", "table_name"], ascending=[False, True, True]
    )
    if not rejected.empty and rejected.iloc[0]["rejected_share"] >= setting("rejected_share_attention"):
        worst = rejected.iloc[0]
        values |= {
            "table": f"{worst['source_name']}.{worst['table_name']}",
            "share": percent(worst["rejected_share"], 2),
        }
        return ATTENTION, values, {}
    return OK, values, {}


def _ledger(release: Release) -> Finding:
    table = release.tables["ledger"]
    table = table[table["as_of_date"] == release.as_of_date]
    if table.empty:
        return UNKNOWN, {}, {}
    row = table.iloc[0]
    missing = float(row["ledger_balance"]) - sum(
        float(row[name])
        for name in ("unallocated_balance", "unpublished_balance", "published_balance", "rounding_difference")
    )
    difference = float(row["rounding_difference"])
    values = {
        "customers": whole(row["customer_count"]),
        "difference": money(abs(difference)),
        "unallocated": money(float(row["unallocated_balance"])),
        "unconverted": whole(row["unconverted_account_count"]),
    }
    # each customer's balance is rounded to the cent once, so half a cent each is all that can be missing
    if abs(difference) > 0.005 * max(int(row["customer_count"]), 1) or abs(missing) >= 0.01:
        return FAILED, values, {}
    values_zh = {
        "difference": money(abs(difference), "zh"),
        "unallocated": money(float(row["unallocated_balance"]), "zh"),
    }
    return (ATTENTION if row["unconverted_account_count"] > 0 else OK), values, values_zh


def _coverage(release: Release) -> Finding:
    rows = release.now[release.now["metric_code"] == "coverage"].dropna(subset=["value"])
    if rows.empty:
        return UNKNOWN, {}, {}
    worst = rows.sort_values(["value", "dimension"]).iloc[0]
    dimension = seed_by("evaluation_dimensions", "dimension")[(worst["dimension"],)]
    values = {"coverage": percent(worst["value"]), "dimension": dimension["label"].lower()}
    return (ATTENTION if rows["is_alarm"].any() else OK), values, {"dimension": dimension["label_zh"]}


def _stability(release: Release) -> Finding:
    rows = release.now[release.now["metric_code"].isin(["psi", "segment_psi"])].dropna(subset=["value"])
    if rows.empty:
        return UNKNOWN, {}, {}
    alarms = rows[rows["is_alarm"]]
    worst = (rows if alarms.empty else alarms).sort_values(
        ["value", "subject_code", "dimension"], ascending=[False, True, True]
    ).iloc[0]  # fmt: skip
    label, label_zh = _subject(worst)
    values = {"index": number(worst["value"], 3), "subject": label, "count": whole(len(alarms))}
    return (OK if alarms.empty else ATTENTION), values, {"subject": label_zh}


def _order(release: Release) -> Finding:
    rows = release.now[release.now["metric_code"] == "rank_correlation"].dropna(subset=["value"])
    if rows.empty:
        return UNKNOWN, {}, {}
    worst = rows.sort_values(["value", "subject_code"]).iloc[0]
    values = {"correlation": number(worst["value"], 3), "subject": worst["subject_label"]}
    return (ATTENTION if rows["is_alarm"].any() else OK), values, {"subject": worst["subject_label_zh"]}


def _outcomes(release: Release) -> Finding:
    """What each score is meant to tell apart, where there are cases enough; the weakest one is told."""
    rows = release.now[release.now["metric_code"] == "auc"].dropna(subset=["value", "lower_bound"])
    rows = rows[rows["numerator"] >= setting("minimum_case_count")]
    if rows.empty:  # a young bank: no horizon has passed yet
        return UNKNOWN, {}, {}
    claims = {(row["subject_code"], row["outcome_code"]) for row in seed_rows("evaluation_claims")}
    rows = rows[[pair in claims for pair in zip(rows["subject_code"], rows["outcome_code"], strict=True)]]
    reached = [months for months in rows["horizon_months"].unique() if months <= setting("chart_horizon_months")]
    if not reached:
        return UNKNOWN, {}, {}
    rows = rows[rows["horizon_months"] == max(reached)]
    worst = rows.sort_values(["lower_bound", "subject_code", "outcome_code"]).iloc[0]
    values = {
        "subject": worst["subject_label"],
        "outcome": worst["outcome_label"].lower(),
        "auc": number(worst["value"]),
        "lower": number(worst["lower_bound"]),
        "upper": number(worst["upper_bound"]),
        "horizon": whole(worst["horizon_months"]),
        "count": whole(len(rows)),
    }
    # an interval that reaches a coin's chance tells nothing apart
    status = OK if worst["lower_bound"] > 0.5 else ATTENTION
    return status, values, {"subject": worst["subject_label_zh"], "outcome": worst["outcome_label_zh"]}


def _fairness(release: Release) -> Finding:
    rows = release.now[release.now["metric_code"] == "adverse_impact_ratio"].dropna(subset=["value"])
    if rows.empty:
        return UNKNOWN, {}, {}
    worst = rows.sort_values(["value", "dimension", "segment_code", "subject_code"]).iloc[0]
    values = {
        "ratio": number(worst["value"]),
        "group": f"{worst['segment_label']}, {worst['subject_label'].lower()}",
        "count": whole(rows["is_alarm"].sum()),
    }
    group_zh = {"group": f"{worst['segment_label_zh']}，{worst['subject_label_zh']}"}
    return (ATTENTION if rows["is_alarm"].any() else OK), values, group_zh


def _rules(release: Release) -> Finding:
    version = seed_by("rule_versions", "rule_version").get((release.rule_version,))
    if version is None:
        return UNKNOWN, {"version": release.rule_version}, {}
    values = {
        "version": release.rule_version,
        "valid_from": version["valid_from"],
        "approver": version["approved_by"],
        "approved": version["approved_date"],
    }
    return OK, values, {}


def _subject(row: pd.Series) -> tuple[str, str]:
    """What moved: a score, or the segments of a dimension."""
    if row["metric_code"] == "segment_psi":
        dimension = seed_by("evaluation_dimensions", "dimension")[(row["dimension"],)]
        return dimension["label"], dimension["label_zh"]
    return row["subject_label"], row["subject_label_zh"]


CHECKS = {
    "landing": _landing,
    "ledger": _ledger,
    "coverage": _coverage,
    "stability": _stability,
    "order": _order,
    "outcomes": _outcomes,
    "fairness": _fairness,
    "rules": _rules,
}
