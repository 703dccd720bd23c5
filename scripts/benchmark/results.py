"""The results of one size as JSON, checked against results.schema.json; and the ratios that the page tells."""

from __future__ import annotations

import json
import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jsonschema
import psutil

from scripts.benchmark.yardsticks import SCRIPTS

FORMAT_VERSION = 1
SCHEMA = json.loads(Path(__file__).with_name("results.schema.json").read_text("utf-8"))
PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb")


def machine_facts() -> dict[str, Any]:
    """What the figures depend on."""
    return {
        "machine": {
            "cores": os.cpu_count(),
            "memory_bytes": psutil.virtual_memory().total,
            "system": f"{platform.system()} {platform.machine()}",
        },
        "versions": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
        "threads": int(os.environ.get("DBT_THREADS", "2")),
    }


def add_case(file: Path, facts: dict[str, Any], name: str, result: dict[str, Any]) -> dict[str, Any]:
    """Puts a case into the file of its size, instead of an older one of the same name."""
    known = read_results_file(file)["cases"] if file.exists() else {}
    content = {"format_version": FORMAT_VERSION, **facts, "cases": {**known, name: result}}
    jsonschema.validate(content, SCHEMA)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return content


def read_results_file(file: Path) -> dict[str, Any]:
    """The results of one size."""
    content = json.loads(file.read_text("utf-8"))
    jsonschema.validate(content, SCHEMA)
    return content


def read_all(folder: Path) -> list[dict[str, Any]]:
    """All sizes, smallest first."""
    found = [read_results_file(file) for file in folder.glob("*.json")]
    return sorted(found, key=lambda size: (size["memory_limit"] != "6GB", size["customers"], size["memory_limit"]))


def stage_seconds(case: dict[str, Any], *names: str) -> float:
    """Wall seconds of some stages of a case."""
    return sum(stage["wall_seconds"] for stage in case["stages"] if stage["stage"] in names)


def ratios(size: dict[str, Any]) -> dict[str, float | None]:
    """What one size shows; null where a case of it hasn't been measured."""
    cases = size["cases"]
    wall = {name: case["wall_seconds"] for name, case in cases.items()}
    models = {
        script: stage_seconds(cases["models"], f"models-{script}") if "models" in cases else None for script in SCRIPTS
    }
    build = stage_seconds(cases["full"], "build") / cases["full"]["transactions"] if "full" in cases else None
    full = wall.get("full")
    per_row = {
        name: case["wall_seconds"] / case["transactions"] for name, case in cases.items() if case["transactions"]
    }
    scripts = [per_row.get(f"hand-written-{script}") for script in SCRIPTS]
    return {
        **{f"models_to_{script}": _ratio(models[script], wall.get(f"hand-written-{script}")) for script in SCRIPTS},
        "build_to_scripts": _ratio(build, sum(taken for taken in scripts if taken) if all(scripts) else None),
        "next_month_to_full": _ratio(wall.get("next-month"), wall.get("full")),
        "late_day_to_full": _ratio(wall.get("late-day"), wall.get("full")),
        "next_month_to_half_history": _ratio(wall.get("next-month"), wall.get("half-history")),
        "next_month_to_half_history_per_transaction": _ratio(per_row.get("next-month"), per_row.get("half-history")),
        "spark_to_models": _ratio(
            stage_seconds(cases["spark-models"], "models-panel") if "spark-models" in cases else None, models["panel"]
        ),
        "spark_core_to_models": _ratio(wall.get("spark"), models["panel"]),
        "polars_core_to_models": _ratio(wall.get("polars"), models["panel"]),
        "full_microseconds_per_transaction": _ratio(full and 1e6 * full, size["transactions"]),
    }


def _ratio(above: float | None, below: float | None) -> float | None:
    return round(above / below, 3) if above is not None and below else None
