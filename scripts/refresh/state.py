"""What the last good work file was made with, and so whether a run may build upon it."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from scripts.keys import read_key
from scripts.refresh.durable import read_json, write_json
from scripts.refresh.run import Run
from scripts.settings import PROJECT, Settings

BUILT_FROM = ("dbt_project.yml", "models", "macros", "seeds", "requirements.lock")
NOT_BUILT_FROM = ("seeds/rules/drift_limits.csv",)  # judges a build; a new limit needs no new one
ENGINES = ("dbt-core", "dbt-duckdb", "duckdb")


@dataclass(frozen=True)
class Plan:
    """How to build, and why."""

    is_full_refresh: bool
    reason: str
    built_upon: str | None = None  # the run that made the work file


@dataclass(frozen=True)
class State:
    """Written beside the work file when that is promoted."""

    run_id: str
    project_hash: str
    key_hash: str
    work_file_size: int
    work_file_changed_at: int
    is_sound: bool  # it has passed the checks that a wrong build would fail


def hash_project(project: Path = PROJECT) -> str:
    """A hash of everything that decides what a build computes, the landing and the as-of date apart."""
    digest = hashlib.sha256()
    for name in ENGINES:
        digest.update(f"{name} {version(name)}\n".encode())
    for root in BUILT_FROM:
        path = project / root
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            name = file.relative_to(project).as_posix()
            if file.is_file() and "__pycache__" not in file.parts and name not in NOT_BUILT_FROM:
                content = hashlib.sha256(file.read_bytes()).hexdigest()
                digest.update(f"{name} {content}\n".encode())
    return digest.hexdigest()


def hash_key(settings: Settings) -> str:
    """Tells one secret key from another, as safe as the customer keys themselves."""
    return hmac.new(read_key(settings).encode(), b"refresh state", hashlib.sha256).hexdigest()


def plan_build(run: Run, project_hash: str) -> Plan:
    """Builds upon the last work file only when nothing but the landing can differ."""
    settings = run.settings
    if run.is_full_refresh_asked:
        return Plan(True, "asked for")
    if not settings.work_file.exists():
        return Plan(True, "there is no earlier build")
    state = _read(settings)
    if state is None:
        return Plan(True, "the work file wasn't made by a complete refresh")
    if not state.is_sound:
        return Plan(True, "the last build failed its audit")
    if state.project_hash != project_hash:
        return Plan(True, "models, macros, seeds or versions changed")
    if state.key_hash != hash_key(settings):
        return Plan(True, "the secret key changed")
    is_unfinished = settings.work_file.with_name(settings.work_file.name + ".wal").exists()
    if is_unfinished or (state.work_file_size, state.work_file_changed_at) != _stamp(settings.work_file):
        return Plan(True, "the work file was written since the last refresh")
    return Plan(False, "only the months that changed", state.run_id)


def write_state(run: Run, project_hash: str, *, is_sound: bool) -> None:
    """Notes the present work file."""
    size, changed_at = _stamp(run.settings.work_file)
    state = State(run.run_id, project_hash, hash_key(run.settings), size, changed_at, is_sound)
    write_json(state_file(run.settings), asdict(state))


def state_file(settings: Settings) -> Path:
    """Where the state is kept."""
    return settings.work_file.parent / "refresh_state.json"


def _read(settings: Settings) -> State | None:
    try:
        return State(**read_json(state_file(settings)))
    except TypeError:
        return None


def _stamp(file: Path) -> tuple[int, int]:
    stat = file.stat()
    return stat.st_size, stat.st_mtime_ns
