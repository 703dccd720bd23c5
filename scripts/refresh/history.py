"""The runs so far: who did what when, how it ended, and how long it took.

    ./scripts/run history [--last N] [--json]

Reads the table `runs` of run_log.duckdb; docs/operations.md describes its columns.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

import duckdb

from scripts.refresh.run_log import log_file, waiting_entries
from scripts.settings import Settings, read_settings


def read_runs(settings: Settings, last: int) -> list[dict[str, Any]]:
    """The newest runs, oldest first; with those that wait for their place in the log."""
    runs = [entry["run"] for entry in waiting_entries(settings)]
    if log_file(settings).exists():
        with duckdb.connect(str(log_file(settings)), read_only=True) as connection:
            cursor = connection.execute("select * from runs order by run_id desc limit ?", [last])
            names = [column[0] for column in cursor.description]
            runs += [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    unique = {run["run_id"]: run for run in runs}
    return [unique[name] for name in sorted(unique)][-last:]


def main(arguments: list[str] | None = None) -> int:
    """Prints the runs; returns the exit code."""
    lines = __doc__.split("\n\n")
    parser = argparse.ArgumentParser(prog="./scripts/run history", description=lines[0], epilog=lines[-1])
    parser.add_argument("--last", type=int, default=20, metavar="N", help="how many (default: 20)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, with every column")
    options = parser.parse_args(arguments)
    try:
        runs = read_runs(read_settings(), options.last)
    except duckdb.Error as error:
        print(f"The run log can't be read now ({type(error).__name__}); try again.", file=sys.stderr)
        return 1
    if not runs:
        print("No run yet.", file=sys.stderr)
    for run in runs:
        if options.json:
            print(json.dumps(run, ensure_ascii=False, default=str))
            continue
        seconds = sum((run["stage_seconds"] or {}).values())
        code = "" if run["exit_code"] is None else f" ({run['exit_code']})"
        first_line = (run["message"] or "").partition("\n")[0]
        print(
            f"{str(run['started_at'])[:19].replace('T', ' ')}  {run['kind'] or '':8}  {run['os_user'] or '':10}"
            f"  {run['result'] + code:15}  month {run['as_of_date'] or '-'!s:10}  {seconds:7.1f} s  {run['run_id']}"
        )
        if first_line:
            print(f"    {first_line}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
