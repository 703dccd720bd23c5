"""Programs that do the same work without dbt: what they cover, how they are run, whether their results agree."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scripts.benchmark.core_input import write_core_input
from scripts.benchmark.hand_written import script_file
from scripts.benchmark.measure import run
from scripts.settings import PROJECT, Settings

SCRIPTS = ("panel", "scores", "tags")  # in the order in which their models are built
OTHER_PYTHON = str(PROJECT / ".venv-benchmark/bin/python")
# name: the Python that runs it, the program, and what it is told beside the folders
YARDSTICKS = {
    **{f"hand-written-{script}": (sys.executable, "hand_written", script) for script in SCRIPTS},
    "polars": (OTHER_PYTHON, "polars_core"),
    "spark": (OTHER_PYTHON, "spark_core"),
}


def script_names(script: str, kind: str) -> list[str]:
    """The models that a hand-written script is handed (`input`) or computes (`result`), as it says itself."""
    lines = script_file(script).read_text("utf-8").splitlines()
    return [line.removeprefix(f"-- {kind}: ") for line in lines if line.startswith(f"-- {kind}: ")]


def measure_yardstick(name: str, settings: Settings, folder: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    """Runs a yardstick, then compares what it wrote with the work file; how long it took, and what was compared."""
    python, program, *more = YARDSTICKS[name]
    if not Path(python).exists():
        raise SystemExit(f"{name} needs the environment of the benchmark: ./scripts/run benchmark makes it.")
    folder.mkdir(parents=True, exist_ok=True)
    if program.endswith("_core"):
        write_core_input(settings, folder)
    print(f"{name} ...", flush=True)
    command = [python, "-P", "-m", f"scripts.benchmark.{program}", str(settings.landing), str(folder), *more]
    stages = run(command, name, environment, folder / "run.log")
    print(f"  {stages[0].wall_seconds:.1f} s, CPU {stages[0].cpu_seconds:.1f} s", flush=True)
    compare = [sys.executable, "-P", "-m", "scripts.benchmark.compare", name, str(settings.work_file), str(folder)]
    run(compare, "compare", environment, folder / "compare.log")
    compared = json.loads((folder / "compared.json").read_text("utf-8"))
    for table in compared:
        print(f"  {table['table']}: {table['rows']:,} rows, {'the same' if table['is_same'] else 'DIFFERENT'}")
    return {"stages": [asdict(stage) for stage in stages], "compared": compared}
