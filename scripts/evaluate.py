"""Writes an evaluation snapshot of a published release or of a server's marts, or compares two of them.

    python -m scripts.evaluate [--release FILE | --engine postgres] [--as-of 2026-06-30] [--output DIR] [--replace]
    python -m scripts.evaluate --compare A B

A snapshot is a folder <as_of>_<rule_version> in $DEPOSITS_HOME/evaluations with summary.json (its schema stands in
scripts/evaluation/summary.schema.json), report.html (opens offline) and Parquet tables. The same release gives the same
bytes. It holds counts and sums, never a row of a customer.

exit codes:
  0  written, unchanged, or compared
  2  nothing was written: the message says why, and what to do
  3  there is another snapshot of the same month and rule version; --replace overwrites it
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scripts.evaluation.compare import compare
from scripts.evaluation.release import EvaluationError, read_release
from scripts.evaluation.snapshot import REPORT, SnapshotExistsError, write_snapshot
from scripts.reader import DUCKDB, UnreadableError, add_engine_option, open_reader
from scripts.settings import read_settings


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line."""
    settings = read_settings()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--release", type=Path, help="a published warehouse.duckdb; default: the current release")
    parser.add_argument("--as-of", help="an evaluated month-end, YYYY-MM-DD; default: the newest")
    parser.add_argument("--output", type=Path, help="folder of the snapshots; default: evaluations in DEPOSITS_HOME")
    parser.add_argument("--replace", action="store_true", help="overwrite a snapshot that differs")
    parser.add_argument("--compare", nargs=2, metavar=("A", "B"), help="two snapshots: folders, or their names")
    add_engine_option(parser)
    options = parser.parse_args(arguments)
    evaluations = options.output or settings.home / "evaluations"
    try:
        if options.compare:
            print(compare(evaluations, *options.compare))
            return 0
        engine = DUCKDB if options.release else options.engine
        file = options.release or settings.releases / "current" / "warehouse.duckdb"
        if engine == DUCKDB and not file.exists():
            raise EvaluationError(
                f"There is no release at {file}: run a refresh first, or name another file with --release."
            )
        place = str(file) if engine == DUCKDB else engine
        say(f"Reading {place}")
        with open_reader(engine, file) as reader:
            release = read_release(reader, place, options.as_of)
        folder, outcome = write_snapshot(release, evaluations, options.replace, say)
    except SnapshotExistsError as error:
        print(error, file=sys.stderr)
        return 3
    except (EvaluationError, UnreadableError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{outcome.capitalize()}: {folder / REPORT}")
    return 0


def say(text: str) -> None:
    """A line of progress."""
    print(f"  {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
