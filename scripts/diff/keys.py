"""What a row of a mart is: the columns that identify it, as the YAML of the models says."""

from __future__ import annotations

import yaml

from scripts.settings import PROJECT


def mart_keys() -> dict[str, list[str]]:
    """Per mart its primary key, else the columns of its uniqueness test; a mart without either is left out."""
    keys = {}
    for file in sorted((PROJECT / "models" / "marts").glob("_*__models.yml")):
        for model in yaml.safe_load(file.read_text(encoding="utf-8"))["models"]:
            tests = [
                test["unique_combination"]["arguments"] for test in model.get("data_tests", []) if _is_unique(test)
            ]
            constraints = [item for item in model.get("constraints", []) if item["type"] == "primary_key"]
            found = constraints or tests
            if found:
                keys[model["name"]] = found[0]["columns"]
    return keys


def _is_unique(test: object) -> bool:
    return isinstance(test, dict) and "unique_combination" in test
