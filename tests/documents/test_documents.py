"""Every command of every document, run in document order in a copy of the project with a small synthetic bank.

A block that can't be run says why in a comment above it: `<!-- skip: why -->`. Blocks share the copy, as a reader who
follows the documents from the README on would; each has a shell of its own.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts.settings import PROJECT
from tests.documents.blocks import Block, blocks, documents

COMMANDS = [block for document in documents() for block in blocks(document) if block.language == "bash"]
BANK = ("--customers", "200", "--months", "24")
LONGEST = 1800  # seconds


def shell_environment() -> dict[str, str]:
    """What a person has who has just opened a terminal."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DEPOSITS_", "DBT_", "PG", "PYTEST_")) and name != "PYTHONPATH"
    }


def run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A script in a shell that stops at the first error."""
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=folder, env=shell_environment(), text=True,
        capture_output=True, check=False, timeout=LONGEST,
    )  # fmt: skip


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as it is in the working tree, with this one's packages and a small bank landed."""
    folder = tmp_path_factory.mktemp("documents") / "project"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=PROJECT, text=True,
        capture_output=True, check=True,
    ).stdout  # fmt: skip
    for name in filter(None, listed.split("\0")):
        if (PROJECT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, folder / name, follow_symlinks=False)
    packages = folder / ".venv"
    packages.mkdir()
    for part in ("bin", "lib", "include", "pyvenv.cfg"):
        (packages / part).symlink_to(PROJECT / ".venv" / part)
    lock = (folder / "requirements.lock").read_bytes()
    checksum = subprocess.run(["cksum"], input=lock, capture_output=True, check=True).stdout.decode().strip()
    (packages / ".lock-installed").write_text(f"{checksum} {packages}\n", encoding="utf-8")
    keep = "git init -q . && git add -A && git -c user.name=test -c user.email=test@example.com commit -qm copy"
    prepared = run(f"{keep} && ./scripts/run generate {' '.join(BANK)}", folder)
    assert prepared.returncode == 0, prepared.stderr[-3000:]
    return folder


@pytest.mark.parametrize("block", COMMANDS, ids=lambda block: block.place)
def test_a_command_of_a_document_runs(block: Block, copy: Path) -> None:
    """As it stands there."""
    if block.note == "skip":
        pytest.skip(f"{block.value}")
    done = run(block.text, copy)
    assert done.returncode == 0, f"{block.place}\n{block.text}\n{done.stdout[-4000:]}\n{done.stderr[-3000:]}"


def test_commands_are_fenced() -> None:
    """A command that is merely indented would be run by nobody."""
    indented = [
        f"{path.relative_to(PROJECT)}:{number}"
        for path in documents()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.match(r" {4,}(\./scripts/run|dbt |\.venv/bin)", line)
    ]
    assert indented == []
