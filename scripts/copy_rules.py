"""Begins a new rule version: all rows of an old one again, under the new name.

    python -m scripts.copy_rules 2020.1 2026.1

Published rows are never edited, so a change begins with a copy of everything that has a rule_version. What is to change
is then changed in the copy; rule_versions.csv, where a version is approved, is left to a person.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from pathlib import Path

from scripts.settings import PROJECT

VERSIONS = "rule_versions"


def copied(text: str, old: str, new: str) -> str:
    """The rows of the old version under the new name, to be appended; empty where the seed has none."""
    rows = list(csv.reader(io.StringIO(text)))
    if "rule_version" not in rows[0]:
        return ""
    place = rows[0].index("rule_version")
    if any(row[place] == new for row in rows[1:]):
        raise SystemExit(f"There are rows of version {new} already.")
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerows([*row[:place], new, *row[place + 1 :]] for row in rows[1:] if row[place] == old)
    return lines.getvalue()


def copy_version(folder: Path, old: str, new: str) -> list[str]:
    """Appends to every seed of a folder; the lines that say what was done."""
    added = {
        path: copied(path.read_text(encoding="utf-8"), old, new)
        for path in sorted(folder.glob("*.csv"))
        if path.stem != VERSIONS
    }
    added = {path: lines for path, lines in added.items() if lines}
    if not added:
        raise SystemExit(f"No seed of {folder} has rows of version {old}.")
    for path, lines in added.items():
        text = path.read_text(encoding="utf-8")
        path.write_text(text + ("" if text.endswith("\n") else "\n") + lines, encoding="utf-8")
    return [f"{path.name}: {len(lines.splitlines())} rows" for path, lines in added.items()]


def main(arguments: list[str]) -> None:
    """Copies, and says what is left to do."""
    parser = argparse.ArgumentParser(prog="copy-rules", description=__doc__.splitlines()[0])
    parser.add_argument("old", help="version to copy, such as 2020.1")
    parser.add_argument("new", help="name of the new version, such as 2026.1")
    options = parser.parse_args(arguments)
    print("\n".join(copy_version(PROJECT / "seeds" / "rules", options.old, options.new)))
    print(f"Now change the rows of {options.new}, and add it to {VERSIONS}.csv when it is approved.")


if __name__ == "__main__":
    main(sys.argv[1:])
