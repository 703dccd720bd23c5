"""What differs between two releases.

    ./scripts/run diff                               the release before the current one, and the current one
    ./scripts/run diff 20260101T0400Z-1 current      releases of this home by name
    ./scripts/run diff main.duckdb branch.duckdb --html diff.html --json diff.json

A and B are names of releases, their folders, or warehouse files with a schema `marts`. Only counts, means and codes are
shown; `--customers N` lists up to N keys of customers per mart.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import duckdb

from scripts.diff.compare import compare
from scripts.diff.show import page, text
from scripts.settings import Settings, read_settings

FILE = "warehouse.duckdb"


def main(arguments: list[str] | None = None) -> int:
    """Prints and writes; 2 when there is nothing to compare."""
    parser = argparse.ArgumentParser(prog="scripts/run diff", description="What differs between two releases.")
    parser.add_argument("releases", nargs="*", metavar="A B", help="names or folders of releases, or warehouse files")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything here")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page here")
    parser.add_argument("--customers", type=int, default=0, metavar="N", help="list up to N keys of customers per mart")
    options = parser.parse_args(arguments)
    if len(options.releases) not in (0, 2):
        parser.error("name two releases, or none for the current one and the one before it")
    settings = read_settings()
    try:
        names = options.releases or _newest_two(settings)
        found = compare(*(_find(name, settings) for name in names), listed_customers=options.customers)
    except (LookupError, duckdb.Error) as error:
        print(f"{error}", file=sys.stderr)
        return 2
    print(text(found))
    for path, content in ((options.json, json.dumps(found, indent=2, ensure_ascii=False)), (options.html, page(found))):
        if path:
            path.write_text(content + "\n", encoding="utf-8")
            print(f"\nWrote {path}")
    return 0


def _newest_two(settings: Settings) -> list[str]:
    current = (settings.releases / "current").resolve()
    older = [path for path in sorted(settings.releases.glob("*/manifest.json")) if path.parent.resolve() < current]
    if not older:
        raise LookupError(f"There is no release before the current one in {settings.releases}: name two.")
    return [str(older[-1].parent), str(current)]


def _find(name: str, settings: Settings) -> Path:
    """The file that a name means: itself, the warehouse of a folder, or of a release of this home."""
    for path in (Path(name), Path(name) / FILE, settings.releases / name / FILE):
        if path.is_file():
            return path.resolve()
    raise LookupError(f"{name} is no release, no folder of one and no warehouse file.")


if __name__ == "__main__":
    sys.exit(main())
