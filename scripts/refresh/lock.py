"""One refresh at a time: a file lock that the operating system drops when its process ends or crashes."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from scripts.refresh.outcome import ExitCode, RefreshError


@contextmanager
def refresh_lock(home: Path) -> Iterator[None]:
    """Holds home/refresh.lock; raises at once when another refresh holds it."""
    path = home / "refresh.lock"
    with _open(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise RefreshError(
                ExitCode.LOCKED,
                f"Another refresh of this home is running ({holder}).\n"
                f"Wait for it to end and start again; nothing was changed. Lock: {path}",
            ) from error
        file.truncate(0)
        file.write(f"process {os.getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n")
        file.flush()
        yield


def _open(path: Path) -> TextIO:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a+", encoding="utf-8")
    except OSError as error:
        reason = (
            f"The home can't be written ({error.strerror}: {error.filename}); set DEPOSITS_HOME to a folder that can."
        )
        raise RefreshError(ExitCode.USAGE, reason) from error
