"""scripts/schedule: what systemd says of the units, and whether the crontab runs what it should."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts.refresh.outcome import ExitCode
from scripts.settings import PROJECT

SAMPLES = PROJECT / "scripts" / "schedule"
INSTALLED = "/srv/deposits-project"
UNITS = ("deposits-refresh.service", "deposits-refresh.timer")


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(delimiters=("=",), comment_prefixes=("#",), strict=True)
    parser.optionxform = str
    parser.read(SAMPLES / name, encoding="utf-8")
    return parser


def test_units_run_the_refresh_every_night():
    service, timer = (unit(name) for name in UNITS)
    assert service["Service"]["ExecStart"] == f"{INSTALLED}/scripts/run refresh"
    assert int(service["Service"]["SuccessExitStatus"]) == ExitCode.LOCKED
    assert timer["Timer"]["Unit"] == UNITS[0]
    assert re.fullmatch(r"\*-\*-\* \d\d:\d\d:\d\d", timer["Timer"]["OnCalendar"])


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd")
def test_systemd_finds_nothing_wrong(tmp_path: Path):
    """It asks whether the command and the account exist: they stand in for the installed ones."""
    for name in UNITS:
        text = (SAMPLES / name).read_text(encoding="utf-8").replace(INSTALLED, str(PROJECT))
        (tmp_path / name).write_text(text.replace("User=deposits", "User=root"), encoding="utf-8")
    command = ["systemd-analyze", "verify", *(str(tmp_path / name) for name in UNITS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("exit_code", [0, 5])
def test_the_crontab_line_runs_and_prints_only_when_it_fails(tmp_path: Path, exit_code: int):
    """As cron runs it: by sh, with the crontab's variables alone."""
    lines = [line for line in (SAMPLES / "crontab").read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    variables, (entry,) = lines[:-1], lines[-1:]
    fields, command = entry.split()[:5], entry.split(maxsplit=5)[5]
    assert all(re.fullmatch(r"\*|\d+", field) for field in fields)
    assert "%" not in command, "cron takes it for a line end"
    stand_in = tmp_path / "scripts" / "run"
    stand_in.parent.mkdir()
    stand_in.write_text(f'#!/bin/sh\necho "$1 of $DEPOSITS_HOME"\nexit {exit_code}\n', encoding="utf-8")
    stand_in.chmod(0o755)
    (tmp_path / "home" / "logs").mkdir(parents=True)
    home = str(tmp_path / "home")
    environment = dict(line.replace("/srv/deposits", home).split("=") for line in variables)
    command = command.replace(INSTALLED, str(tmp_path)).replace("/srv/deposits", home)
    done = subprocess.run(["/bin/sh", "-c", command], env=environment, capture_output=True, text=True, check=False)
    assert (tmp_path / "home" / "logs" / "cron.log").read_text(encoding="utf-8") == f"refresh of {home}\n"
    assert done.stdout == (f"refresh of {home}\n" if exit_code else "")
