"""The report: one HTML file that opens offline, in English and Chinese."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2

from scripts.evaluation import words
from scripts.evaluation.charts import CHARTS, draw
from scripts.evaluation.release import Release
from scripts.evaluation.rules import seed_by, setting
from scripts.seeds import seed_rows

STATES = {
    "ok": ("Good", "良好"),
    "attention": ("Look", "关注"),
    "failed": ("Stop", "停用"),
    "unknown": ("Unknown", "未知"),
}
LANGUAGES = ("en", "zh")


def render(release: Release, summary: dict[str, Any], progress: Any = print) -> str:
    """The whole page."""
    charts = {}
    for number, name in enumerate(CHARTS, start=1):
        progress(f"chart {number} of {len(CHARTS)}: {name}")
        charts[name] = {language: draw(release, name, language) for language in LANGUAGES}
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("report.html.j2").render(
        summary=summary,
        charts=charts,
        states=STATES,
        landing=release.tables["landing"].to_dict("records"),
        units={row["metric_code"]: row["unit"] for row in seed_rows("evaluation_metrics")},
        not_evaluable=gathered(summary["not_evaluable"]),
        listed_changes=int(setting("listed_change_count")),
        place=place,
        whole=words.whole,
        money=words.money,
        percent=words.percent,
        measured=words.measured,
    )


def gathered(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What couldn't be evaluated, all metrics of an outcome in one row, with what is wanting of it."""
    outcomes = seed_by("outcome_definitions", "outcome_code")
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        outcome = outcomes.get((row["outcome_code"],))
        key = row["outcome_code"] if outcome else row["metric_code"]
        if key in found:
            found[key]["metrics"] += f", {row['metric_label'].lower()}"
            found[key]["metrics_zh"] += f"、{row['metric_label_zh']}"
            continue
        found[key] = {
            "outcome_label": row["outcome_label"],
            "outcome_label_zh": row["outcome_label_zh"],
            "metrics": row["metric_label"].lower() if outcome else row["metric_label"],
            "metrics_zh": row["metric_label_zh"],
            "requires": f"{outcome['requires']}, and cases" if outcome else row["requires"],
            "requires_zh": f"{outcome['requires_zh']}，且有发生" if outcome else row["requires_zh"],
        }
    return list(found.values())


def place(row: dict[str, Any], language: str) -> str:
    """Where a metric was measured, in words: dimension, segment, subject, outcome."""
    suffix = "_zh" if language == "zh" else ""
    parts = []
    dimension = seed_by("evaluation_dimensions", "dimension").get((row["dimension"],))
    if dimension and row["dimension"] != "all":
        parts.append(dimension[f"label{suffix}"])
    if row["segment_code"] != "all":
        parts.append(row[f"segment_label{suffix}"])
    if row["subject_code"] != "all":
        parts.append(row[f"subject_label{suffix}"])
    if row["outcome_code"] != "all":
        outcome = seed_by("outcome_definitions", "outcome_code").get((row["outcome_code"],), {})
        parts.append(outcome.get(f"label{suffix}", row["outcome_code"]))
        months = row["horizon_months"]
        parts.append(f"{months}个月" if language == "zh" else f"{months} months")
    if not parts:
        parts.append("全部客户" if language == "zh" else "All customers")
    return " · ".join(parts)
