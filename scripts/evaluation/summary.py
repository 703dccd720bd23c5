"""The snapshot in one JSON document: what the report says, for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

from scripts.evaluation import checks as first_page
from scripts.evaluation.release import EvaluationError, Release
from scripts.evaluation.rules import seed_by
from scripts.evaluation.words import is_missing, percent, whole
from scripts.seeds import seed_rows

SCHEMA = Path(__file__).with_name("summary.schema.json")
FORMAT_VERSION = 1
CELL = ["metric_code", "dimension", "segment_code", "subject_code", "outcome_code", "horizon_months"]


def summarise(release: Release, tables: dict[str, dict[str, Any]], previous: dict[str, Any] | None) -> dict[str, Any]:
    """The summary of a release's month, and what changed since the previous snapshot's summary."""
    found = first_page.checks(release)
    summary = {
        "format_version": FORMAT_VERSION,
        "as_of_date": release.as_of_date,
        "rule_version": rule_version(release),
        "verdict": first_page.verdict(found),
        "checks": found,
        "totals": totals(release),
        "segments": segments(release),
        "alarms": alarms(release),
        "outcomes": outcomes(release),
        "not_evaluable": not_evaluable(release),
        "headline": headline(release),
        "previous": None,
        "tables": tables,
    }
    if previous is not None:
        summary["previous"] = {
            "as_of_date": previous["as_of_date"],
            "rule_version": previous["rule_version"]["rule_version"],
            "changes": changes(previous, summary),
        }
    validate(summary)
    return summary


def validate(summary: Any) -> None:
    """Raises when a summary isn't what the schema says."""
    try:
        jsonschema.validate(summary, json.loads(SCHEMA.read_text(encoding="utf-8")))
    except jsonschema.ValidationError as error:
        raise EvaluationError(f"The summary doesn't fit its schema at {error.json_path}: {error.message}") from error


def rule_version(release: Release) -> dict[str, str | None]:
    """The rules of the month and who approved them, from the registry."""
    row = seed_by("rule_versions", "rule_version").get((release.rule_version,), {})
    names = ("valid_from", "approved_by", "approved_date", "reason")
    return {"rule_version": release.rule_version, **{name: row.get(name) for name in names}}


def totals(release: Release) -> dict[str, Any]:
    """How many customers, and what they hold."""
    sizes = release.tables["sizes"]
    sizes = sizes[(sizes["as_of_date"] == release.as_of_date) & (sizes["dimension"] == "value_tier")]
    return {
        "customer_count": int(sizes["customer_count"].sum()),
        **{name: round(float(sizes[name].sum()), 2) for name in ("month_end_balance", "adb_1m", "aum_1m")},
    }


def segments(release: Release) -> list[dict[str, Any]]:
    """The segments that somebody manages, with a suggestion full of live numbers."""
    found = []
    for row in seed_rows("evaluation_suggestions"):
        numbers, texts = segment_numbers(release, row["dimension"], row["segment_code"])
        if not numbers.get("customer_count"):
            continue
        label = _labels(release, row["dimension"], row["segment_code"])
        found.append(
            {
                "dimension": row["dimension"],
                "segment_code": row["segment_code"],
                **label,
                "numbers": numbers,
                "suggestion": row["text"].format(**texts),
                "suggestion_zh": row["text_zh"].format(**texts),
            }
        )
    return found


def segment_numbers(release: Release, dimension: str, segment: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Every metric of a segment that suggestions may name, as numbers and as they are told."""
    now = release.now
    rows = now[(now["dimension"] == dimension) & (now["segment_code"] == segment)]
    numbers: dict[str, Any] = {}
    for row in rows.to_dict("records"):
        if row["metric_code"] == "outcome_rate":
            numbers[f"{row['outcome_code']}_{row['horizon_months']}m"] = _number(row["value"])
        elif row["outcome_code"] == "all" and row["subject_code"] == "all":
            numbers[row["metric_code"]] = _number(row["value"])
        if row["metric_code"] == "customer_share":
            numbers["customer_count"] = int(0 if is_missing(row["numerator"]) else row["numerator"])
    texts = {name: whole(value) if name == "customer_count" else percent(value) for name, value in numbers.items()}
    return numbers, texts


def alarms(release: Release) -> list[dict[str, Any]]:
    """What asks for attention."""
    rows = release.now[release.now["is_alarm"]]
    names = [
        "metric_label",
        "metric_label_zh",
        "segment_label",
        "segment_label_zh",
        "subject_label",
        "subject_label_zh",
    ]
    numbers = ["value", "critical_value", "lower_bound", "upper_bound"]
    return [
        {name: row[name] for name in CELL[:-1] + names}
        | {"horizon_months": int(row["horizon_months"]), "sample_size": int(row["sample_size"])}
        | {name: _number(row[name]) for name in numbers}
        for row in rows.to_dict("records")
    ]


def outcomes(release: Release) -> list[dict[str, Any]]:
    """How well the scores told what happened next."""
    now = release.now
    rows = now[now["metric_code"].isin(["auc", "ks", "score_lift"])].dropna(subset=["value"])
    names = ["cohort_date", "subject_code", "subject_label", "subject_label_zh"]
    names += ["outcome_code", "outcome_label", "outcome_label_zh"]
    found: dict[tuple, dict[str, Any]] = {}
    for row in rows.to_dict("records"):
        key = (row["subject_code"], row["outcome_code"], int(row["horizon_months"]))
        entry = found.setdefault(
            key,
            {
                **{name: row[name] for name in names},
                "horizon_months": key[2],
                **dict.fromkeys(("auc", "lower_bound", "upper_bound", "ks", "lift", "case_count", "other_count")),
            },
        )
        if row["metric_code"] == "auc":
            entry |= {"auc": _number(row["value"]), "lower_bound": _number(row["lower_bound"]),
                      "upper_bound": _number(row["upper_bound"]), "case_count": int(row["numerator"]),
                      "other_count": int(row["denominator"])}  # fmt: skip
        else:
            entry["ks" if row["metric_code"] == "ks" else "lift"] = _number(row["value"])
    return [found[key] for key in sorted(found)]


def not_evaluable(release: Release) -> list[dict[str, Any]]:
    """Metrics without a single value this month, by outcome, and what they would need."""
    now = release.now
    needs = seed_by("evaluation_metrics", "metric_code")
    outcome_needs = seed_by("outcome_definitions", "outcome_code")
    found = []
    for (_, metric, outcome), rows in now.groupby(["metric_rank", "metric_code", "outcome_code"], sort=True):  # ty: ignore[not-iterable]
        if rows["value"].notna().any():
            continue
        first = rows.iloc[0]
        wanted = [needs[(metric,)]] + ([outcome_needs[(outcome,)]] if outcome != "all" else [])
        found.append(
            {
                "metric_code": metric,
                "outcome_code": outcome,
                "metric_label": first["metric_label"],
                "metric_label_zh": first["metric_label_zh"],
                "outcome_label": first["outcome_label"] if outcome != "all" else "",
                "outcome_label_zh": first["outcome_label_zh"] if outcome != "all" else "",
                "cell_count": len(rows),
                "requires": "; ".join(row["requires"] for row in wanted),
                "requires_zh": "；".join(row["requires_zh"] for row in wanted),
            }
        )
    return found


def headline(release: Release) -> list[dict[str, Any]]:
    """What two snapshots are compared by: headline metrics of all customers, size and money of every segment."""
    now = release.now
    wanted = {row["metric_code"] for row in seed_rows("evaluation_metrics") if row["is_headline"] == "true"}
    rows = now[
        now["metric_code"].isin(wanted) & ((now["segment_code"] == "all") | (now["metric_family_code"] == "size"))
    ]
    rows = rows.dropna(subset=["value"])
    return [
        {name: row[name] for name in CELL[:-1]}
        | {"horizon_months": int(row["horizon_months"]), "value": _number(row["value"]), "unit": row["unit"]}
        | {name: row[name] for name in ("direction_code", "metric_label", "metric_label_zh", "segment_label",
                                        "segment_label_zh", "subject_label", "subject_label_zh", "outcome_label",
                                        "outcome_label_zh")}
        for row in rows.to_dict("records")
    ]  # fmt: skip


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """Headline metrics of two summaries that differ, the largest change first; all lie about between 0 and 1."""
    known = {tuple(row[name] for name in CELL): row for row in before["headline"]}
    found = []
    for row in after["headline"]:
        other = known.get(tuple(row[name] for name in CELL))
        if other is None or other["value"] is None or row["value"] == other["value"]:
            continue
        change = round(row["value"] - other["value"], 9)
        found.append({**row, "before": other["value"], "change": change})
    return sorted(found, key=lambda row: (-abs(row["change"]), [row[name] for name in CELL]))


def _labels(release: Release, dimension: str, segment: str) -> dict[str, str]:
    now = release.now
    row = now[(now["dimension"] == dimension) & (now["segment_code"] == segment)].iloc[0]
    place = seed_by("evaluation_dimensions", "dimension")[(dimension,)]
    return {
        "dimension_label": place["label"],
        "dimension_label_zh": place["label_zh"],
        "segment_label": row["segment_label"],
        "segment_label_zh": row["segment_label_zh"],
    }


def _number(value: Any) -> float | None:
    return None if is_missing(value) else float(value)
