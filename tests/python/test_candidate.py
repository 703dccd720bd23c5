"""The work file's copy that a run builds upon, made beside the checks of the landing."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Event

import duckdb
import pytest

from scripts.refresh import candidate
from scripts.refresh.durable import copy_file
from scripts.refresh.run import Run, connect
from scripts.refresh.state import Plan
from scripts.settings import Settings

INCREMENTAL = Plan(False, "a test")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    settings = Settings(landing=tmp_path / "landing", home=tmp_path)
    settings.work_file.parent.mkdir()
    with duckdb.connect(str(settings.work_file)) as connection:
        connection.execute("create table kept as select 1 as one")
    return Run(settings)


@pytest.mark.parametrize("is_linux", [True, False])
def test_a_copy_holds_what_the_file_holds(tmp_path, monkeypatch, is_linux):
    monkeypatch.setattr("scripts.refresh.durable.PIECE_BYTES", 1000)
    if not is_linux:
        monkeypatch.delattr(os, "copy_file_range", raising=False)
    (tmp_path / "old").write_bytes(os.urandom(4321))
    copy_file(tmp_path / "old", tmp_path / "new", Event())
    assert (tmp_path / "new").read_bytes() == (tmp_path / "old").read_bytes()


def test_a_copy_that_is_given_up_ends(tmp_path):
    (tmp_path / "old").write_bytes(b"content")
    is_given_up = Event()
    is_given_up.set()
    copy_file(tmp_path / "old", tmp_path / "new", is_given_up)
    assert (tmp_path / "new").read_bytes() == b""


def test_the_copy_is_whole_when_the_build_asks_for_it(run):
    with candidate.beginning_candidate(run, INCREMENTAL) as copied:
        pass
    candidate.prepare_candidate(run, INCREMENTAL, copied)
    with connect(run.settings, run.work_candidate, read_only=True) as connection:
        assert connection.execute("select one from kept").fetchall() == [(1,)]


def test_a_full_refresh_copies_nothing(run):
    plan = Plan(True, "a test")
    with candidate.beginning_candidate(run, plan) as copied:
        candidate.prepare_candidate(run, plan, copied)
    assert run.quarantine_candidate.parent.is_dir()
    assert not run.work_candidate.exists()


def test_a_refused_landing_leaves_no_candidate(run):
    with pytest.raises(RuntimeError, match="refused"), candidate.beginning_candidate(run, INCREMENTAL):
        raise RuntimeError("refused")
    assert not run.work_candidate.parent.exists()
    assert not run.quarantine_candidate.parent.exists()


def test_a_copy_that_fails_fails_the_build_not_the_landing(run, monkeypatch):
    def fail(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(candidate, "copy_file", fail)
    with candidate.beginning_candidate(run, INCREMENTAL) as copied:
        pass
    with pytest.raises(OSError, match="no room"):
        candidate.prepare_candidate(run, INCREMENTAL, copied)


def test_halves_of_a_connection_share_the_memory_and_no_folder(run, monkeypatch):
    monkeypatch.setenv("DEPOSITS_MEMORY_LIMIT", "3GB")
    setting = "select current_setting('memory_limit'), current_setting('temp_directory')"
    with connect(run.settings) as whole, connect(run.settings, half="one") as one, connect(run.settings) as again:
        again.execute("set memory_limit = '1.5GB'")
        limit, folder = one.execute(setting).fetchone()
        assert limit == again.execute(setting).fetchone()[0]
        assert folder != whole.execute(setting).fetchone()[1]
