"""Stage `publish`: a compact database of the marts alone, with a manifest, served by one atomic swap."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import yaml

from scripts.landing.sql_text import identifier, literal
from scripts.refresh.content_hash import comment_statement, hash_table, row_order
from scripts.refresh.outcome import ExitCode, RefreshError, as_refresh_error
from scripts.refresh.run import Run
from scripts.refresh.state import hash_key
from scripts.settings import PROJECT
from scripts.validate import DoorResult

MARTS = "marts"
# a department's marts lie in a schema that begins so, and leave in a file of their own
DEPARTMENT_MARTS = "marts_"
DEPARTMENTS = "departments"
CURRENT = "current"
UNFINISHED = ".unfinished-"
LISTED_VERSIONS = ("dbt-core", "dbt-duckdb", "duckdb", "great-expectations")


def publish(run: Run, validation: DoorResult, project_hash: str) -> Path:
    """Makes the release aside and swaps the link `current`; returns the release's folder."""
    releases = run.settings.releases
    for leaving in releases.glob(f"{UNFINISHED}*"):
        shutil.rmtree(leaving) if leaving.is_dir() and not leaving.is_symlink() else leaving.unlink()
    folder = releases / f"{UNFINISHED}{run.run_id}"
    try:
        folder.mkdir(parents=True)
        tables = _copy_marts(run, folder / run.settings.work_file.name, MARTS)
        departments = _copy_departments(run, folder / DEPARTMENTS)
        _write_json(folder / "validation.json", validation.to_json())
        _write_json(folder / "manifest.json", _manifest(run, tables, departments, project_hash))
        release = folder.rename(releases / run.run_id)
        swap_current(releases, release.name)
    except duckdb.Error as error:
        raise as_refresh_error(error, ExitCode.PUBLISH, "The release couldn't be written") from error
    except OSError as error:
        raise RefreshError(
            ExitCode.PUBLISH,
            f"The release couldn't be written ({error.strerror}: {error.filename}).\nThe one served so far stays.",
        ) from error
    return release


def swap_current(releases: Path, name: str) -> None:
    """Points `current` at a release; readers see the old one or the new one, never nothing."""
    link = releases / f"{UNFINISHED}{CURRENT}"
    link.unlink(missing_ok=True)
    link.symlink_to(name, target_is_directory=True)
    link.replace(releases / CURRENT)


def prune_releases(releases: Path, keep: int) -> list[str]:
    """Removes all but the newest releases and the current one; returns what was removed."""
    current = (releases / CURRENT).resolve()
    found = sorted(path for path in releases.iterdir() if (path / "manifest.json").exists() and not path.is_symlink())
    removed = [path for path in found[:-keep] if path.resolve() != current]
    for path in removed:
        shutil.rmtree(path, ignore_errors=True)
    return [path.name for path in removed]


def _copy_departments(run: Run, folder: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """An extract for each department: a file that holds its own marts and nothing else."""
    with run.database(run.settings.work_file, read_only=True) as connection:
        schemas = [
            name
            for (name,) in connection.execute(
                "select distinct schema_name from duckdb_tables() where database_name = current_database()"
                " and starts_with(schema_name, ?) order by schema_name",
                [DEPARTMENT_MARTS],
            ).fetchall()
        ]
    folder.mkdir()
    departments = [(schema.removeprefix(DEPARTMENT_MARTS), schema) for schema in schemas]
    return {name: _copy_marts(run, folder / f"{name}.duckdb", schema) for name, schema in departments}


def _copy_marts(run: Run, target: Path, schema: str) -> dict[str, dict[str, Any]]:
    """Copies every table of a schema with its types, constraints and comments, rows in the order of the key."""
    with run.database(target) as connection:
        connection.execute(f"attach {literal(str(run.settings.work_file))} as work (read_only)")
        connection.execute(f"create schema {schema}")
        tables = connection.execute(
            "select table_name, sql, comment from duckdb_tables()"
            " where database_name = 'work' and schema_name = ? order by table_name",
            [schema],
        ).fetchall()
        for name, definition, comment in tables:
            connection.execute(definition)
            order = ", ".join(identifier(column) for column in row_order(connection, schema, name))
            connection.execute(f"insert into {schema}.{name} select * from work.{schema}.{name} order by {order}")
            _copy_comments(connection, schema, name, comment)
        connection.execute("detach work")
        connection.execute("checkpoint")
    with run.database(target, read_only=True) as connection:
        return {
            name: {
                "row_count": connection.execute(f"select count(*) from {schema}.{name}").fetchone()[0],
                "content_sha256": hash_table(connection, schema, name),
            }
            for name, _, _ in tables
        }


def _copy_comments(connection: duckdb.DuckDBPyConnection, schema: str, table: str, comment: str | None) -> None:
    if comment:
        connection.execute(comment_statement("table", f"{schema}.{table}", comment))
    columns = connection.execute(
        "select column_name, comment from duckdb_columns() where database_name = 'work' and schema_name = ?"
        " and table_name = ? and comment is not null",
        [schema, table],
    ).fetchall()
    for column, text in columns:
        connection.execute(comment_statement("column", f"{schema}.{table}.{identifier(column)}", text))


def _manifest(
    run: Run,
    tables: dict[str, dict[str, Any]],
    departments: dict[str, dict[str, dict[str, Any]]],
    project_hash: str,
) -> dict[str, Any]:
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    return {
        "run_id": run.run_id,
        "as_of_date": str(run.as_of_date),
        "rule_version": run.rule_version,
        "git_sha": _git_sha(),
        "project_sha256": project_hash,
        "key_hash": hash_key(run.settings),  # an erasure asks under which secret key the customer keys were made
        "versions": {"project": project["version"], **{name: version(name) for name in LISTED_VERSIONS}},
        "tables": tables,
        "departments": departments,
    }


def _git_sha() -> str | None:
    """The commit that was built, `-dirty` when files differ from it; None outside a repository."""
    command = [
        "git",
        "-C",
        str(PROJECT),
        "describe",
        "--always",
        "--abbrev=40",
        "--dirty",
        "--match",
        "no-such-tag",
    ]
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return result.stdout.strip() or None


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
