"""Runs a command and measures each of its stages: wall and CPU seconds, and the most memory that was in use at once."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from scripts.settings import PROJECT

PAUSE = 0.05  # seconds between two looks at the memory
STAGE_END = " ..."  # a refresh announces a stage with its name and this


@dataclass(frozen=True)
class Stage:
    """What a stage of a command took."""

    stage: str
    wall_seconds: float
    cpu_seconds: float
    peak_memory_bytes: int


class Watch:
    """The stages of a running process; its children count as well."""

    def __init__(self, process: psutil.Process, first_stage: str) -> None:
        self.process = process
        self.stages: list[Stage] = []
        self._name, self._peak = first_stage, 0
        self._cpu_by_process: dict[int, float] = {}  # Spark's engine is a child that nobody waits for
        self._wall, self._cpu = time.perf_counter(), 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def turn(self, name: str) -> None:
        """Ends the present stage and begins the next one."""
        with suppress(psutil.Error):
            times = self.process.cpu_times()
            self._close(times.user + times.system + times.children_user + times.children_system)
            self._name = name

    def end(self, cpu_seconds: float, peak_memory_bytes: int) -> list[Stage]:
        """Ends the last stage. The system knows the peak of the process: a stage alone had it."""
        self._ended.set()
        self._thread.join()
        if not self.stages:
            self._peak = max(self._peak, peak_memory_bytes)
        self._close(cpu_seconds)
        return self.stages

    def _close(self, cpu_seconds: float) -> None:
        now = time.perf_counter()
        cpu_seconds = max(cpu_seconds, sum(list(self._cpu_by_process.values())))
        wall, cpu = now - self._wall, max(cpu_seconds - self._cpu, 0.0)
        self.stages.append(Stage(self._name, round(wall, 3), round(cpu, 3), self._peak))
        self._wall, self._cpu, self._peak = now, cpu_seconds, 0

    def _look(self) -> None:
        while not self._ended.wait(PAUSE):
            with suppress(psutil.Error):
                family = [self.process, *self.process.children(recursive=True)]
                self._peak = max(self._peak, sum(member.memory_info().rss for member in family))
                for member in family:
                    times = member.cpu_times()
                    self._cpu_by_process[member.pid] = times.user + times.system


def run(
    command: list[str], stage: str, environment: Mapping[str, str], log: Path, *, names: tuple[str, ...] = ()
) -> list[Stage]:
    """Runs a command; output goes into the log. `names` are the stages that the command announces by itself."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as written:
        process = subprocess.Popen(
            command, cwd=PROJECT, env={**os.environ, **environment}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        watch = Watch(psutil.Process(process.pid), stage)
        assert process.stdout is not None
        for line in process.stdout:
            written.write(line)
            written.flush()
            name = line.rstrip("\n").removesuffix(STAGE_END)
            if name in names and line.rstrip("\n").endswith(STAGE_END):
                watch.turn(name)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    peak = usage.ru_maxrss * (1 if os.uname().sysname == "Darwin" else 1024)
    stages = watch.end(usage.ru_utime + usage.ru_stime, peak)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}; see {log}")
    return stages
