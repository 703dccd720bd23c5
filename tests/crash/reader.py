"""A reader that never pauses: opens the served release, asks several marts, closes it, again and again.

Each answer must be that of one delivery in all marts; an error or a mixture is written down. Ends when the file
`stop` appears in its folder.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import duckdb

QUESTION = """
select
    (select cast(sum(adb_1m) as varchar) from marts.customer_features_monthly),
    (select cast(sum(aum_1m) as varchar) from marts.segment_sizes_monthly),
    (select cast(sum(adb_1m) as varchar) from marts.customer_360_current),
    (select cast(sum(hash(points)) as varchar) from marts.customer_score_components)
"""


def ask(file: Path) -> tuple[str, ...]:
    """One answer of the release."""
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(QUESTION).fetchone()


def main(root: Path) -> None:
    """Reads until told to stop."""
    current = root / "home" / "releases" / "current"
    seen, errors, switches, last = Counter(), [], 0, None
    while not (root / "stop").exists():
        try:
            release = current.readlink().name
            answer = json.dumps(ask(current / "warehouse.duckdb"))
        except Exception as error:  # whatever it is, a reader mustn't see it
            errors.append(f"{type(error).__name__}: {error}")
            continue
        seen[answer] += 1
        switches += release != last
        last = release
    summary = {"reads": seen.total(), "answers": dict(seen), "releases": switches, "errors": errors}
    (root / "reader.json").write_text(json.dumps(summary, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
