"""The small bank that is refreshed and killed: two deliveries that take turns, and what each must come to."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from scripts.refresh import build, durable, pipeline, release
from scripts.refresh.__main__ import main
from scripts.refresh.durable import read_json
from scripts.refresh.release import CURRENT, UNFINISHED, served
from scripts.refresh.run import Run
from scripts.refresh.session import perform
from scripts.settings import PROJECT, Settings

sys.path.insert(0, str(PROJECT / "tests" / "python"))
from refresh_bank import KEY, bank

MONTHS = 3
NEWEST = date(2024, 3, 31)
DELIVERIES = ("A", "B")
KEEP = 3
PAUSE = 0.04  # seconds before each step of a publication in slow motion


@dataclass
class Place:
    """A home whose landing is one delivery or the other, and a log of what its processes print."""

    root: Path
    hashes: dict[str, dict[str, str]] = field(default_factory=dict)  # of the marts, by delivery

    @property
    def settings(self) -> Settings:
        """Where things are."""
        return Settings(landing=self.root / "landing", home=self.root / "home")

    def land(self, delivery: str) -> None:
        """B differs from A in the newest month alone."""
        builder = bank(MONTHS)
        if delivery == "B":
            builder.transaction("A1", f"{NEWEST:%Y-%m}-20 10:00:00", "123.45", transaction_id="TB")
        builder.write(self.settings.landing)

    def keep_work_file(self, delivery: str) -> None:
        """The built work file, to publish from again and again."""
        shutil.copyfile(self.settings.work_file, self.root / f"{delivery}.duckdb")

    def use_work_file(self, delivery: str) -> None:
        """Puts a built work file into its place."""
        shutil.copyfile(self.root / f"{delivery}.duckdb", self.settings.work_file)

    def refresh(self) -> int:
        """A whole refresh, without the models' tests, which have runs of their own."""
        build.EXCLUDED_KINDS = ("unit_test", "test")
        return main([])

    def publish(self) -> int:
        """Audit and publication of the work file as it is."""
        run = Run(self.settings, as_of_date=NEWEST)

        def action(run: Run) -> None:
            release.tidy_releases(self.settings.releases)
            pipeline.audit_and_publish(run, KEEP)

        return perform(run, action)

    def publish_slowly(self) -> int:
        """The same with a pause before each of the last steps, so that kills fall between them."""

        def slow(step: Callable) -> Callable:
            def wait(*arguments: object, **options: object) -> object:
                time.sleep(PAUSE)
                return step(*arguments, **options)

            return wait

        def begin(folder: Path) -> None:
            durable.sync_tree(folder)
            (self.root / "swapping").touch()

        release.sync_tree = begin
        release.write_json = slow(durable.write_json)
        release.sync = slow(durable.sync)
        for name in ("rename", "replace", "symlink_to", "unlink"):
            setattr(Path, name, slow(getattr(Path, name)))
        return self.publish()

    def served_hashes(self) -> dict[str, str]:
        """Content hashes of the marts that readers see, by the manifest."""
        content = read_json(self.settings.releases / CURRENT / "manifest.json")
        return {name: table["content_hash"] for name, table in content["tables"].items()}

    def served_delivery(self) -> str | None:
        """Which delivery readers see; None when it is neither."""
        seen = self.served_hashes()
        return next((name for name in DELIVERIES if self.hashes[name] == seen), None)

    def is_whole(self) -> bool:
        """The served release against its manifest, by the command that a person would use."""
        command = [sys.executable, "-P", "-m", "scripts.refresh.verify"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))
        if done.returncode:
            print(done.stdout + done.stderr)
        return done.returncode == 0

    def leavings(self) -> list[str]:
        """What a completed run should have removed."""
        releases = self.settings.releases
        patterns = (f"{UNFINISHED}*", ".publishing*")
        found = [path.name for pattern in patterns for path in releases.glob(pattern)]
        candidates = [self.settings.work_file.parent / "candidate", self.settings.quarantine_file.parent / "candidate"]
        return found + [str(path) for path in candidates if path.exists()]

    def start(self, work: Callable[[], int]) -> int:
        """Runs work in a process of its own; its process id."""
        sys.stdout.flush()
        child = os.fork()
        if child:
            return child
        log = os.open(self.root / "processes.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        code = 99
        try:
            code = work()
        finally:
            sys.stdout.flush()
            os._exit(code)

    def run(self, work: Callable[[], int]) -> tuple[int, float]:
        """Undisturbed: exit code and seconds."""
        start = time.monotonic()
        _, status = os.waitpid(self.start(work), 0)
        return os.waitstatus_to_exitcode(status), time.monotonic() - start

    def kill(self, work: Callable[[], int], after: float, sign: Path | None = None) -> bool:
        """Kills the process some seconds after its start, or after its sign; False when it had ended by then."""
        child = self.start(work)
        while sign and not sign.exists() and os.waitpid(child, os.WNOHANG) == (0, 0):
            time.sleep(0.002)
        time.sleep(after)
        try:
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
        except (ProcessLookupError, ChildProcessError):
            return False
        return os.WIFSIGNALED(status)


def environment(root: Path) -> None:
    """Nothing from outside: the home and the key of the crash test."""
    for name in list(os.environ):
        if name.startswith(("DBT_", "DEPOSITS_")):
            del os.environ[name]
    os.environ.update(
        DEPOSITS_HOME=str(root / "home"), DEPOSITS_LANDING=str(root / "landing"), DEPOSITS_KEY=KEY,
        DEPOSITS_KEEP_RELEASES=str(KEEP),
    )  # fmt: skip


def import_all() -> None:
    """What the processes would each spend their first seconds on: kills shall fall into the work itself."""
    for name in ("great_expectations", "dbt.cli.main", "tests.expectations.landing", "tests.expectations.marts"):
        importlib.import_module(name)


def describe(place: Place) -> str:
    """What is served, for messages."""
    return json.dumps({"served": served(place.settings.releases), "delivery": place.served_delivery()})
