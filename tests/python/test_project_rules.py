"""The rules of the house, read from dbt's own manifest: floors, folders, YAML that means what it says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from dbt_semantic_interfaces.implementations.semantic_manifest import PydanticSemanticManifest
from dbt_semantic_interfaces.validations.semantic_manifest_validator import SemanticManifestValidator
from warehouse import KEY, PROJECT, Warehouse

# A model may read its own floor and those before it.
FLOORS = ["staging", "panel", "features", "segments", "scores", "actions", "evaluation", "marts", "departments", "qc"]

# dbt checks YAML keys for four cloud adapters only; this adds ours and asks for every deprecation.
PARSE_STRICTLY = """
import sys
from dbt.jsonschemas import jsonschemas
jsonschemas._JSONSCHEMA_SUPPORTED_ADAPTERS.add("duckdb")
from dbt.cli.main import dbtRunner
result = dbtRunner().invoke(["parse", "--no-partial-parse", "--show-all-deprecations"])
sys.exit(0 if result.success else 1)
"""


@pytest.fixture(scope="module")
def artifacts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of dbt's artifacts and what dbt printed while it parsed the project strictly."""
    home = tmp_path_factory.mktemp("parse")
    warehouse = Warehouse(home=home, landing=home / "landing")
    done = subprocess.run(
        [sys.executable, "-c", PARSE_STRICTLY], cwd=PROJECT, text=True, capture_output=True, check=False,
        env={**os.environ, **warehouse.environment, "DEPOSITS_KEY": KEY},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    return home / "target", done.stdout


@pytest.fixture(scope="module")
def parsed(artifacts: tuple[Path, str]) -> tuple[dict, str]:
    """The manifest and what dbt printed."""
    folder, output = artifacts
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8")), output


def models(manifest: dict) -> list[dict]:
    """All models of the project."""
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def floor(node: dict) -> str:
    """The floor of a model: its first folder."""
    return node["fqn"][1]


def test_yaml_is_valid(parsed: tuple[dict, str]) -> None:
    """No key that dbt doesn't know, nothing deprecated, no warning of any kind."""
    _, output = parsed
    noise = [line for line in output.splitlines() if re.search(r"warning|deprecat|does not match|invalid", line, re.I)]
    assert not noise, "\n".join(noise[:20])


def test_data_falls_straight_down(parsed: tuple[dict, str]) -> None:
    """No model reads a floor above its own."""
    manifest, _ = parsed
    up = [
        f"{node['name']} reads {manifest['nodes'][parent]['name']}"
        for node in models(manifest)
        for parent in node["depends_on"]["nodes"]
        if parent.startswith("model.") and FLOORS.index(floor(manifest["nodes"][parent])) > FLOORS.index(floor(node))
    ]
    assert not up, up


def test_the_list_of_built_months_is_written_last(parsed: tuple[dict, str]) -> None:
    """A build that broke off before a model kept its months must not look complete."""
    manifest, _ = parsed
    ancestors: set[str] = set()
    waiting = [node["unique_id"] for node in models(manifest) if node["name"] == "built_months"]
    while waiting:
        parents = set(manifest["parent_map"][waiting.pop()]) - ancestors
        ancestors |= parents
        waiting += parents
    keeping = {node["unique_id"] for node in models(manifest) if node["config"]["materialized"] == "incremental"}
    assert keeping <= ancestors, keeping - ancestors


def test_a_kept_table_reads_only_what_its_hash_sees(parsed: tuple[dict, str]) -> None:
    """Landed files, seeds, tables of its kind and small ones, as depends_on has them; nothing looked up by name."""
    manifest, _ = parsed
    seen = {
        node["unique_id"]
        for node in models(manifest)
        if node["config"]["materialized"] == "kept_table" or node["config"]["meta"].get("is_hashed_by_rows")
    }
    seen |= {name for name, node in manifest["nodes"].items() if node["resource_type"] == "seed"}
    seen |= set(manifest["sources"])
    looking_up = {"built_relation", "existing_relation", "load_relation", "run_query"}
    wrong = []
    for node in models(manifest):
        if node["config"]["materialized"] != "kept_table":
            continue
        wrong += [f"{node['name']} reads {parent}" for parent in node["depends_on"]["nodes"] if parent not in seen]
        wrong += [f"{node['name']} reads itself" for _ in re.findall(r"{{ *this|adapter\.", node["raw_code"])]
        macros, waiting = set(), list(node["depends_on"]["macros"])
        while waiting:
            macro = waiting.pop()
            if macro not in macros:
                macros.add(macro)
                waiting += manifest["macros"][macro]["depends_on"]["macros"]
        used = {macro.split(".")[-1] for macro in macros}
        wrong += [f"{node['name']} calls {macro}" for macro in sorted(used & looking_up)]
    assert not wrong, wrong


def test_only_the_panel_reads_transactions(parsed: tuple[dict, str]) -> None:
    """One pass over the many rows: nobody after the panel looks at them."""
    manifest, _ = parsed
    transactions = next(node for node in models(manifest) if node["name"] == "stg_core__transactions")
    readers = {
        floor(node) for node in models(manifest) if transactions["unique_id"] in node["depends_on"]["nodes"]
    }
    assert readers <= {"staging", "panel"}


def test_what_is_intermediate_is_private(parsed: tuple[dict, str]) -> None:
    """An intermediate or quarantined model is private to its floor's group, a mart is public, the rest protected."""
    manifest, _ = parsed
    wrong = []
    for node in models(manifest):
        hidden = {"intermediate", "quarantine", "qc"} & set(node["fqn"])
        wanted = "private" if hidden else "public" if floor(node) in ("marts", "departments") else "protected"
        if node["access"] != wanted:
            wrong.append(f"{node['name']}: {node['access']}, not {wanted}")
    assert not wrong, wrong


def test_every_model_is_described(parsed: tuple[dict, str]) -> None:
    """Models, their columns, seeds, macros and what uses them have descriptions; marts have enforced contracts."""
    manifest, _ = parsed
    nodes = [*models(manifest), *(node for node in manifest["nodes"].values() if node["resource_type"] == "seed")]
    bare = [node["name"] for node in nodes if not node["description"].strip()]
    for kind in ("macros", "exposures", "metrics", "semantic_models"):
        own = (node for node in manifest[kind].values() if node["package_name"] == "deposit_customers")
        bare += [node["name"] for node in own if not (node["description"] or "").strip()]
    bare += [
        f"{node['name']}.{name}"
        for node in nodes
        for name, column in node["columns"].items()
        if not column["description"].strip()
    ]
    assert not bare, bare
    published = [node for node in models(manifest) if floor(node) in ("marts", "departments")]
    loose = [node["name"] for node in published if not node["contract"]["enforced"]]
    assert not loose, loose


def run_tool(name: str, *arguments: str) -> None:
    """Runs a linter of dbt projects from the environment; an assertion with what it says."""
    command = [str(Path(sys.executable).with_name(name)), *arguments]
    done = subprocess.run(command, cwd=PROJECT, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_dbt_score(artifacts: tuple[Path, str]) -> None:
    """Metadata of the project as a whole, and of its worst item."""
    manifest = str(artifacts[0] / "manifest.json")
    run_tool("dbt-score", "lint", "-m", manifest, "--fail-project-under", "9.5", "--fail-any-item-under", "8")


def test_dbt_bouncer(artifacts: tuple[Path, str], tmp_path: Path) -> None:
    """Conventions of dbt projects: no error, and no baseline of old ones."""
    settings = (PROJECT / "dbt-bouncer.yml").read_text(encoding="utf-8")
    config = tmp_path / "dbt-bouncer.yml"
    config.write_text(settings.replace("dbt_artifacts_dir: target", f"dbt_artifacts_dir: {artifacts[0]}"))
    run_tool("dbt-bouncer", "run", "--config-file", str(config))


def test_workflow_is_valid() -> None:
    """GitHub's own schema of a workflow file."""
    run_tool("check-jsonschema", "--builtin-schema", "vendor.github-workflows", ".github/workflows/ci.yml")


def test_semantic_layer_is_valid(artifacts: tuple[Path, str]) -> None:
    """MetricFlow's own validator has nothing to say, and there is something to validate."""
    text = (artifacts[0] / "semantic_manifest.json").read_text(encoding="utf-8")
    semantics = PydanticSemanticManifest.parse_raw(text)
    assert semantics.semantic_models
    assert semantics.metrics
    found = SemanticManifestValidator[PydanticSemanticManifest]().validate_semantic_manifest(semantics)
    assert not found.all_issues, [issue.as_readable_str() for issue in found.all_issues]


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"current_date|current_timestamp|\bnow\(\)|getdate|today\(\)", "a model reads the wall clock"),
        (r"target\.(type|name)", "an engine's branch belongs in macros/engine"),
        (r"ignore nulls|\bqualify\b|\basof\b|\bunpivot\b|list_", "PostgreSQL hasn't got that"),
    ],
)
def test_models_keep_to_standard_sql(pattern: str, why: str) -> None:
    """What a model must not say."""
    found = [
        f"{path.relative_to(PROJECT)}:{number}"
        for path in Path(PROJECT, "models").rglob("*.sql")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(pattern, line, re.I) and not line.lstrip().startswith("--")
    ]
    assert not found, f"{why}: {found}"


def test_no_threshold_in_a_model() -> None:
    """Numbers in a model are 0, 1, 100, a window's length or a type's digits; all others are rules and have a seed."""
    allowed = {
        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "11", "12", "18", "23", "24", "28", "31", "38", "40", "100",
        "1000000", "0.000001",
    }  # fmt: skip
    found = [
        f"{path.relative_to(PROJECT)}:{number}: {literal}"
        for path in Path(PROJECT, "models").rglob("*.sql")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        for literal in re.findall(r"(?<![\w.'\"])(\d+(?:\.\d+)?)(?![\w.'\"])", re.sub(r"'[-\d]+'|--.*", "", line))
        if literal not in allowed
    ]
    assert not found, found
