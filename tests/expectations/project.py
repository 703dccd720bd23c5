"""What the project says: the codes of the seeds and the run parameters, read from their files.

So a release can be judged without the work file that it came from.
"""

from __future__ import annotations

import csv

import yaml

from scripts.settings import PROJECT

SEEDS = PROJECT / "seeds"


def classification_codes(dimension: str) -> list[str]:
    """The codes of a dimension."""
    rows = _rows("reference/classification_codes.csv")
    return [row["code"] for row in rows if row["dimension"] == dimension]


def other_codes(name: str) -> list[str]:
    """The codes of another canonical list."""
    return [row["code"] for row in _rows("reference/other_codes.csv") if row["list"] == name]


def reason_codes() -> list[str]:
    """Why a landed row doesn't stand, or is warned about."""
    return [row["reason_code"] for row in _rows("reference/reason_codes.csv")]


def rule_versions() -> list[str]:
    """All versions of the rules."""
    return [row["rule_version"] for row in _rows("rules/rule_versions.csv")]


def run_parameter(name: str) -> float:
    """A number among the vars of dbt_project.yml."""
    content = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    return content["vars"][name]


def _rows(path: str) -> list[dict[str, str]]:
    with (SEEDS / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
