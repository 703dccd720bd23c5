"""The manifest: what a release is made of and made from, and whether it still is."""

from __future__ import annotations

import subprocess
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import yaml

from scripts.landing.landed import hash_file
from scripts.refresh.durable import read_json
from scripts.refresh.extract_keys import are_extracts_written, key_id, read_extract_key
from scripts.refresh.marts_file import Tables, read_tables
from scripts.refresh.run import Run
from scripts.refresh.state import hash_key
from scripts.settings import PROJECT, Settings

MANIFEST = "manifest.json"
WAREHOUSE = "warehouse.duckdb"
MARTS = "marts"
# a department's marts lie in a schema that begins so, and leave in a file of their own
DEPARTMENT_MARTS = "marts_"
DEPARTMENTS = "departments"
LISTED_VERSIONS = ("dbt-core", "dbt-duckdb", "duckdb", "great-expectations")


def describe(
    run: Run, folder: Path, tables: Tables, departments: dict[str, Tables], project_hash: str, drift: dict[str, Any]
) -> dict[str, Any]:
    """The manifest of a release whose other files are complete."""
    keys = {name: read_extract_key(run.settings, name) for name in departments}
    return {
        "run_id": run.run_id,
        "as_of_date": str(run.as_of_date),
        "rule_version": run.rule_version,
        "base_currency": run.base_currency or project_settings()["vars"]["base_currency"],
        "git_sha": git_sha(),
        "project_sha256": project_hash,
        "input_sha256": run.input_hash,
        "key_hash": hash_key(run.settings),  # an erasure asks under which secret key the customer keys were made
        "versions": {"project": project_settings()["version"], **{name: version(name) for name in LISTED_VERSIONS}},
        "drift": drift,
        "has_extracts": are_extracts_written(),
        "extract_key_ids": {name: key_id(key) for name, key in keys.items() if key},
        "files": hash_files(folder),
        "tables": tables,
        "departments": departments,
    }


def hash_files(folder: Path) -> dict[str, dict[str, Any]]:
    """Size and SHA-256 of every file of a release but the manifest."""
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {name: describe_file(path) for name, path in files.items() if name != MANIFEST}


def describe_file(path: Path) -> dict[str, Any]:
    """Size and SHA-256 of a file."""
    return {"bytes": path.stat().st_size, "sha256": hash_file(path)}


def find_damage(settings: Settings, folder: Path) -> tuple[list[str], list[str]]:
    """What differs between a release and its manifest; the extracts whose tables couldn't be opened to compare."""
    content = read_json(folder / MANIFEST)
    if not isinstance(content, dict) or not isinstance(content.get("files"), dict):
        return [f"{MANIFEST} is missing, broken, or of an older version that listed no files"], []
    problems = compare(content["files"], hash_files(folder), "file")
    if problems:
        return problems, []
    # content hashes are DuckDB's own; where it is another one, files that are the same to the byte must do
    has_hashes = content["versions"]["duckdb"] == duckdb.__version__
    has_hashes = has_hashes and all("content_hash" in table for table in content["tables"].values())
    problems = _compare_tables(settings, folder / WAREHOUSE, MARTS, content["tables"], None, has_hashes)
    closed = []
    for name, tables in content["departments"].items():
        key = read_extract_key(settings, name)
        if key is None or key_id(key) != content["extract_key_ids"].get(name):
            closed.append(name)
            continue
        file = folder / DEPARTMENTS / f"{name}.duckdb"
        problems += _compare_tables(settings, file, DEPARTMENT_MARTS + name, tables, key, has_hashes)
    return problems, closed


def _compare_tables(
    settings: Settings, file: Path, schema: str, wanted: Tables, key: str | None, has_hashes: bool
) -> list[str]:
    try:
        found = read_tables(settings, file, schema, key)
        sides = [
            {name: (table["row_count"], has_hashes and table["content_hash"]) for name, table in side.items()}
            for side in (wanted, found)
        ]
        return compare(*sides, f"{file.name}: table")
    except duckdb.Error as error:
        return [f"{file.name} can't be read ({type(error).__name__})"]


def compare(wanted: dict[str, Any], found: dict[str, Any], what: str) -> list[str]:
    """The differences between what is listed and what is there."""
    return [
        *(f"{what} {name} is missing" for name in wanted.keys() - found.keys()),
        *(f"{what} {name} isn't listed" for name in found.keys() - wanted.keys()),
        *(f"{what} {name} has changed" for name in wanted.keys() & found.keys() if wanted[name] != found[name]),
    ]


def project_settings() -> dict[str, Any]:
    """dbt_project.yml."""
    return yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))


@cache
def git_sha() -> str | None:
    """The commit at hand, `-dirty` when files differ from it; None outside a repository."""
    options = ["--always", "--abbrev=40", "--dirty", "--match", "no-such-tag"]
    command = ["git", "-C", str(PROJECT), "describe", *options]
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return result.stdout.strip() or None
