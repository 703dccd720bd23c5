"""What a run does, as it happens: one JSON line per event in logs/refresh.jsonl, and the last one to the hooks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scripts.settings import Settings

ALWAYS, FAILURE = "DEPOSITS_ON_FINISH", "DEPOSITS_ON_FAILURE"
PATIENCE, DEFAULT_SECONDS = "DEPOSITS_HOOK_SECONDS", 30.0
# what a hook, which may send on all it sees, must not see
SECRETS = ("DEPOSITS_KEY", "DEPOSITS_EXTRACT_KEY_", "PGPASSWORD")


def events_file(settings: Settings) -> Path:
    """The log for machines."""
    return settings.home / "logs" / "refresh.jsonl"


def note(settings: Settings, event: str, **details: Any) -> dict[str, Any]:
    """Appends an event and returns it. A log that can't be written stops no run."""
    line = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **details}
    try:
        file = events_file(settings)
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
    except OSError:
        pass
    return line


def call_hooks(settings: Settings, event: dict[str, Any]) -> None:
    """Hands the end of a run to the commands that the environment names. They can neither break nor hold it."""
    for name in (ALWAYS, FAILURE):
        command = os.environ.get(name)
        if command and (name == ALWAYS or event["exit_code"] != 0):
            problem = _call(command, json.dumps(event, ensure_ascii=False, default=str), _seconds())
            if problem:
                print(f"The command in {name} {problem}; the run itself isn't touched by that.")
            note(settings, "hook_finished", run_id=event["run_id"], hook=name, message=problem or "called")


def _seconds() -> float:
    try:
        return max(float(os.environ.get(PATIENCE) or DEFAULT_SECONDS), 0)
    except ValueError:
        return DEFAULT_SECONDS


def _call(command: str, text: str, seconds: float) -> str | None:
    """What went wrong, if anything. The command and all that it started end when its time is up."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith(SECRETS)}
    try:
        process = subprocess.Popen(
            command, shell=True, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=variables, start_new_session=True, text=True,
        )  # fmt: skip
    except (OSError, ValueError) as error:
        return f"couldn't be started ({error})"
    try:
        process.communicate(text, timeout=seconds)
    except subprocess.TimeoutExpired:
        return f"took more than {seconds:g} s and was ended"
    except (OSError, ValueError):
        return "couldn't be told"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return f"ended with {process.returncode}" if process.returncode else None
