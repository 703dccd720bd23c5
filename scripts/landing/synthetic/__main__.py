"""Command line of the synthetic bank."""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from pathlib import Path

from .parameters import Parameters, Settings
from .simulation import Simulation
from .truth import TruthWriter
from .writers import Landing


def main() -> int:
    p = argparse.ArgumentParser()
    p.add_argument("--customers", type=int, default=5000)
    p.add_argument("--months", type=int, default=24)
    p.add_argument("--seed", type=int, default=20260101)
    p.add_argument("--first-month", default="2024-01")
    p.add_argument("--format", default="parquet", choices=("parquet", "csv"))
    p.add_argument("--landing", type=Path, required=True)
    p.add_argument("--truth", type=Path, required=True)
    p.add_argument("--block-size", type=int, default=40_000)
    a = p.parse_args()
    s = Settings(a.customers, a.months, a.seed, a.first_month, a.block_size)
    shutil.rmtree(a.landing, ignore_errors=True)
    t = time.time()
    truth = TruthWriter(a.truth)
    with Landing(a.landing, a.format) as landing:
        sim = Simulation(s, Parameters(), landing)
        sim.run(truth.add, lambda share: None)
    truth.close(s, a.format, landing.rows, {})
    for k, v in landing.rows.items():
        print(f"{k:28}{v:>12,}")
    print(f"{time.time() - t:.1f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
