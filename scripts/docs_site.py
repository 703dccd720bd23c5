"""The documentation of the warehouse as one file that opens offline, and how complete it is.

    ./scripts/run docs                  after a refresh or a build: reads the columns that are there

`dbt docs` draws the page, `<home>/docs/index.html`. dbt-coverage says how many columns are described (all must be) and
tested. It counts tests that hang on one column; here most are about a whole row (`unique_combination`, `holds`), and
marts have constraints, which the database enforces. So it is given a copy of the manifest in which each of these counts
for every column that it names, as do singular tests and what unit tests expect. Features count too: tests of Python
compute each of them a second time (tests/python/test_reference_agreement.py).
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from scripts.seeds import seed_rows
from scripts.settings import PROJECT, read_settings

TESTED_SHARE = 0.95  # of the columns of the marts; elsewhere tests of Python compute every value a second time
TOOLS = Path(sys.executable).parent
NAME = re.compile(r"[a-z_][a-z0-9_]*")


def named_columns(manifest: dict[str, Any]) -> dict[str, set[str]]:
    """Per relation, every word that a test, a constraint or a unit test says of it; columns are among them."""
    named: dict[str, set[str]] = {}
    for node in manifest["nodes"].values():
        said = named.setdefault(node.get("attached_node") or node["unique_id"], set())
        if node["resource_type"] == "test" and node.get("test_metadata"):
            said |= set(NAME.findall(json.dumps(node["test_metadata"]["kwargs"]).lower()))
        elif node["resource_type"] == "test":
            for parent in node["depends_on"]["nodes"]:
                named.setdefault(parent, set()).update(NAME.findall(node["raw_code"].lower()))
        for column in node.get("columns", {}).values():
            if column.get("constraints"):
                said.add(column["name"])
        for constraint in node.get("constraints") or []:
            said |= {*NAME.findall((constraint.get("expression") or "").lower()), *(constraint.get("columns") or [])}
    for test in manifest["unit_tests"].values():
        model = f"model.{test['package_name']}.{test['model']}"
        named.setdefault(model, set()).update(name for row in test["expect"]["rows"] or [] for name in row)
    features = {row["feature"] for row in seed_rows("feature_catalogue")}
    named["model.deposit_customers.customer_features_monthly"] |= features
    return named


def spelled_out(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest with a test for every column that something checks, and no other test."""
    nodes = {key: node for key, node in manifest["nodes"].items() if node["resource_type"] != "test"}
    for relation, names in named_columns(manifest).items():
        for name in names & set(nodes.get(relation, {}).get("columns", {})):
            nodes[f"test.{relation}.{name}"] = {
                "resource_type": "test",
                "test_metadata": {"name": "checked", "kwargs": {"column_name": name}},
                "column_name": name,
                "depends_on": {"nodes": [relation]},
            }
    return {**manifest, "nodes": nodes}


def coverage(kind: str, folder: Path, *arguments: str) -> int:
    """Runs dbt-coverage on the artifacts of a folder; prints its last line and what is short of it."""
    command = [str(TOOLS / "dbt-coverage"), "compute", kind, "--run-artifacts-dir", str(folder)]
    report = folder / f"coverage_{kind}.json"
    command += ["--cov-report", str(report), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    for table in json.loads(report.read_text(encoding="utf-8"))["tables"] if report.exists() else []:
        missing = [column["name"] for column in table["columns"] if not column["covered"]]
        if missing and done.returncode:
            print(f"  {table['name']}: {', '.join(missing)}")
    total = [line for line in done.stdout.splitlines() if line.startswith("Total")]
    print(f"{kind} coverage: {' '.join(total[-1].split()[1:]) if total else done.stdout + done.stderr}")
    return done.returncode


def main() -> int:
    """Page and figures; 1 when a column isn't described or the marts are tested too little."""
    settings = read_settings()
    if not settings.work_file.exists():
        print(f"Nothing is built yet, {settings.work_file} is missing: ./scripts/run refresh first.", file=sys.stderr)
        return 2
    target, page = settings.home / "docs" / "artifacts", settings.home / "docs" / "index.html"
    target.mkdir(parents=True, exist_ok=True)
    dbt = [str(TOOLS / "dbt"), "--quiet", "docs", "generate", "--static", "--target-path", str(target)]
    if subprocess.run(dbt, cwd=PROJECT, check=False).returncode:
        return 1
    shutil.copy(target / "static_index.html", page)
    print(f"Documentation, one file that opens offline: {page}")
    undescribed = coverage("doc", target, "--cov-fail-under", "1")
    spelled = target / "spelled_out"
    spelled.mkdir(exist_ok=True)
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    (spelled / "manifest.json").write_text(json.dumps(spelled_out(manifest)), encoding="utf-8")
    shutil.copy(target / "catalog.json", spelled)
    tested = ["--model-path-filter", "models/marts/", "--cov-fail-under", str(TESTED_SHARE)]
    untested = coverage("test", spelled, *tested)
    return 1 if undescribed or untested else 0


if __name__ == "__main__":
    sys.exit(main())
