"""The keys of the departments' extracts: hand one out, or replace it.

    ./scripts/run extract-key DEPARTMENT [--rotate]

Prints the key alone, so that it can be piped into a vault; what to do with it goes to the error output. A key is
made when a department is published for the first time. `--rotate` makes a new one: the next refresh encrypts with
it, and extracts published before keep the key that they were made with.

exit codes:
  0  printed
  2  no such department, no key yet, or a key that the environment gives and so only the environment can replace
  3  a refresh of this home is running
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import sys
from pathlib import Path

from scripts.refresh.command_line import command_parser
from scripts.refresh.durable import read_json, sync
from scripts.refresh.lock import refresh_lock
from scripts.refresh.outcome import ExitCode, RefreshError
from scripts.seeds import seed_rows
from scripts.settings import Settings, read_settings

SETTING = "DEPOSITS_EXTRACTS"  # whether releases hold extracts at all: on, unless it says off
VARIABLE = "DEPOSITS_EXTRACT_KEY_"  # followed by the department in capitals
SHORTEST = 16  # characters of a key from the environment: below, it can be guessed


def are_extracts_written() -> bool:
    """Whether a refresh writes extracts; without the package that encrypts them it can only run when told not to."""
    value = os.environ.get(SETTING) or "on"
    if value not in ("on", "off"):
        raise RefreshError(ExitCode.USAGE, f"{SETTING} must be on or off, not '{value}'.")
    return value == "on"


def key_file(settings: Settings, department: str) -> Path:
    """Where a department's key is kept, when the environment gives none."""
    return settings.keys_file.parent / "extracts" / f"{department}.key"


def read_extract_key(settings: Settings, department: str) -> str | None:
    """The key of a department; None when it has none yet."""
    given = os.environ.get(VARIABLE + department.upper())
    if given:
        if len(given) < SHORTEST:
            raise RefreshError(
                ExitCode.USAGE,
                f"{VARIABLE}{department.upper()} is too short for a key: give at least {SHORTEST} characters.",
            )
        return given
    file = key_file(settings, department)
    if not file.exists():
        return None
    key = file.read_text(encoding="utf-8").strip()
    if not key:
        raise RefreshError(ExitCode.USAGE, f"{file} is empty: restore the key, or delete the file for a new one.")
    return key


def ensure_extract_key(settings: Settings, department: str) -> str:
    """The key of a department, made when there is none."""
    return read_extract_key(settings, department) or _make_key(settings, department)


def key_id(key: str) -> str:
    """Names a key without giving it away: the manifest says with which one an extract opens."""
    return hmac.new(key.encode(), b"extract key", hashlib.sha256).hexdigest()[:12]


def _make_key(settings: Settings, department: str) -> str:
    file = key_file(settings, department)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    key = secrets.token_hex(32)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as text:
        text.write(key + "\n")
    sync(fresh)
    fresh.replace(file)
    sync(file.parent)
    return key


def _departments() -> list[str]:
    return [row["department_code"] for row in seed_rows("departments")]


def _releases_with(settings: Settings, department: str, key: str) -> list[str]:
    """The releases whose extract opens with a key."""
    manifests = {path.parent.name: read_json(path) or {} for path in settings.releases.glob("[!.]*/manifest.json")}
    return sorted(
        name
        for name, content in manifests.items()
        if name != "current" and content.get("extract_key_ids", {}).get(department) == key_id(key)
    )


def hand_out(settings: Settings, department: str, *, is_rotation: bool) -> None:
    """Prints a department's key, a new one if asked for."""
    with refresh_lock(settings.home):
        if is_rotation and os.environ.get(VARIABLE + department.upper()):
            raise RefreshError(ExitCode.USAGE, f"The key comes from {VARIABLE}{department.upper()}: replace it there.")
        key = _make_key(settings, department) if is_rotation else read_extract_key(settings, department)
    if key is None:
        reason = f"{department} has no key yet: the first refresh that publishes its extract makes one."
        raise RefreshError(ExitCode.USAGE, reason)
    opened = ", ".join(_releases_with(settings, department, key)) or "none yet: the next refresh encrypts with it"
    print(f"Key {key_id(key)} of {department}. Releases whose extract it opens: {opened}.", file=sys.stderr)
    print("Hand it over apart from the file. To open the extract: docs/operations.md.", file=sys.stderr)
    print(key)


def main(arguments: list[str] | None = None) -> int:
    """Hands out a key; returns the exit code."""
    parser = command_parser("extract-key", __doc__ or "")
    parser.add_argument("department", choices=_departments(), help="whose extract")
    parser.add_argument("--rotate", action="store_true", help="make a new key")
    options = parser.parse_args(arguments)
    try:
        hand_out(read_settings(), options.department, is_rotation=options.rotate)
    except RefreshError as error:
        print(str(error), file=sys.stderr)
        return error.code
    return 0


if __name__ == "__main__":
    sys.exit(main())
