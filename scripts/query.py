"""Asks the current release one question in SQL and prints the answer.

./scripts/run query "select * from marts.segment_sizes_monthly limit 5"
"""

from __future__ import annotations

import sys

import duckdb

from scripts.settings import read_settings


def main(arguments: list[str] | None = None) -> int:
    """2 when there is no release or the question is none."""
    words = sys.argv[1:] if arguments is None else arguments
    release = read_settings().releases / "current" / "warehouse.duckdb"
    if not words:
        print(__doc__)
        return 2
    if not release.exists():
        print(f"Nothing is published yet, {release} is missing: ./scripts/run demo first.", file=sys.stderr)
        return 2
    try:
        with duckdb.connect(str(release), read_only=True) as connection:
            connection.sql(" ".join(words)).show(max_width=200, max_rows=100)
    except duckdb.Error as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
