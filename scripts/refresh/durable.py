"""Writes that outlast a crash or a power cut: contents reach the disk before the name that shows them does."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from threading import Event
from typing import Any

PIECE_BYTES = 1 << 26


def sync(path: Path) -> None:
    """Waits until a file's contents, or a folder's list of names, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """The same for everything in a folder, and the folder itself."""
    for path in [*folder.rglob("*"), folder]:
        sync(path)


def copy_file(source: Path, target: Path, is_given_up: Event | None = None) -> None:
    """Copies a file's contents; one that can be given up, as far as it got.

    Linux copies by itself, and file systems that let files share blocks (XFS, Btrfs) then copy nothing; where that
    can't be had, the contents are read and written.
    """
    with source.open("rb") as old, target.open("wb") as new:
        while is_given_up is None or not is_given_up.is_set():
            try:
                count = os.copy_file_range(old.fileno(), new.fileno(), PIECE_BYTES)
            except (AttributeError, OSError):
                shutil.copyfileobj(old, new, PIECE_BYTES)
                return
            if count == 0:
                return


def write_json(path: Path, content: Any) -> None:
    """Readers see the old file or the whole new one."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    sync(fresh)
    fresh.replace(path)
    sync(path.parent)


def read_json(path: Path) -> Any:
    """The content; None when there is no such file or it isn't whole."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def remove(path: Path) -> None:
    """A file, link or folder with everything in it; nothing to remove is fine."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
