"""Runs a hand-written script into a file of its own.

    python -m scripts.benchmark.hand_written LANDING FOLDER SCRIPT

Statement by statement, with the seconds of each in statements.json. The tables that a script is handed lie in
the home of the models (DEPOSITS_HOME).
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from pathlib import Path

import duckdb

from scripts.landing.sql_text import literal
from scripts.settings import read_settings

FOLDER = Path(__file__).parent


def statements(text: str) -> list[str]:
    """The statements of the script; no text in it holds a semicolon at the end of a line."""
    return [part.strip() for part in re.split(r";[ \t]*\n", text) if re.sub(r"--[^\n]*", "", part).strip()]


def script_file(script: str) -> Path:
    """Where a script lies."""
    return FOLDER / f"hand_written_{script}.sql"


def main(landing: str, folder: str, script: str) -> int:
    """Writes yardstick.duckdb."""
    file = Path(folder) / "yardstick.duckdb"
    for old in file.parent.glob("yardstick.duckdb*"):
        old.unlink()
    # all cores, as DuckDB has them for the models, however many of these dbt builds at a time
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": os.environ.get("DEPOSITS_MEMORY_LIMIT", "6GB"),
        "temp_directory": str(Path(folder) / "spill"),
        "preserve_insertion_order": False,
    }
    taken = []
    settings = read_settings()
    with duckdb.connect(str(file), config=config) as connection:
        connection.execute(f"attach {literal(str(settings.work_file))} as work (read_only)")
        connection.execute(f"attach {literal(str(settings.quarantine_file))} as quarantine (read_only)")
        connection.execute(f"set variable landing = {literal(landing)}")
        for statement in statements(script_file(script).read_text("utf-8")):
            start, cpu = time.perf_counter(), time.process_time()
            connection.execute(statement)
            seconds, cpu = round(time.perf_counter() - start, 3), round(time.process_time() - cpu, 3)
            head = re.sub(r"--[^\n]*\n|\s+", " ", statement).strip()[:60]
            taken.append({"statement": head, "seconds": seconds, "cpu_seconds": cpu})
            print(f"{seconds:8.2f} s  CPU {cpu:8.2f} s  {head}", flush=True)
    (Path(folder) / "statements.json").write_text(json.dumps(taken, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
