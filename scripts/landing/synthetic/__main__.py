"""Command line of the synthetic bank.

    python -m scripts.landing.synthetic --customers 5000 --months 24 --landing DIR --truth DIR
    python -m scripts.landing.synthetic --change next-month --landing DIR --truth DIR
    python -m scripts.landing.synthetic --change late-facts --landing DIR --truth DIR

The landing gets the tables of the contract and nothing else. The truth folder gets what was planted, and a
manifest from which a later change knows what was asked for.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path

from . import late
from .parameters import Parameters, Settings
from .progress import Progress
from .simulation import Simulation
from .truth import Manifest, TruthWriter
from .writers import Landing

_SMALLEST, _LARGEST = 200, 1_000_000
_SOURCES = ("core", "crm", "lending", "market", "wealth")
_YEARS = range(2005, 2090)
"""Years in which a history may begin; relations begin in 2000."""


def _month(text: str) -> str:
    match = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text)
    if not match or int(match[1]) not in _YEARS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a month YYYY-MM of {_YEARS.start} to {_YEARS.stop - 1}")
    return text


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    default = Settings()
    parser = argparse.ArgumentParser(prog="python -m scripts.landing.synthetic", description=__doc__.split("\n")[0])
    parser.add_argument(
        "--landing", type=Path, required=True, help="folder of the landing; replaced if generated with this --truth"
    )
    parser.add_argument("--truth", type=Path, required=True, help="folder of the planted truth, outside the landing")
    parser.add_argument("--customers", type=int, default=default.customers, help="customers after 24 months")
    parser.add_argument("--months", type=int, default=default.months)
    parser.add_argument("--seed", type=int, default=default.seed)
    parser.add_argument("--first-month", type=_month, default=default.first_month, metavar="YYYY-MM")
    parser.add_argument(
        "--format",
        choices=("parquet", "csv"),
        default="parquet",
        help="parquet: large tables as Parquet, small ones as CSV; csv: everything as CSV",
    )
    parser.add_argument("--block-size", type=int, default=default.block_size, help="customers held in memory at a time")
    parser.add_argument(
        "--change",
        choices=("next-month", "late-facts"),
        help="add to an existing landing; what it was generated with comes from the truth folder",
    )
    return parser.parse_args(arguments)


def _check(options: argparse.Namespace) -> None:
    landing, truth = options.landing.resolve(), options.truth.resolve()
    if truth == landing or landing in truth.parents:
        raise SystemExit("--truth must lie outside --landing: the warehouse must never see it")
    if landing in {Path.cwd(), *Path.cwd().parents}:
        raise SystemExit("--landing is replaced by a new generation: it can't be the current folder or above it")
    if not options.change and not _SMALLEST <= options.customers <= _LARGEST:
        raise SystemExit(f"--customers must lie between {_SMALLEST} and {_LARGEST}")
    if options.months < 1 or options.block_size < 1:
        raise SystemExit("--months and --block-size must be at least 1")


def _clear(landing: Path, truth: Path) -> None:
    """Remove an earlier generation. Files that this generator didn't write are never touched."""
    files = [path for path in landing.rglob("*") if path.is_file() and not path.name.startswith(".")]
    if files and not Manifest.made(landing, truth):
        raise SystemExit(
            f"{landing} holds files that weren't generated with --truth {truth}, such as {files[0].name}: "
            "name an empty folder, or empty it yourself"
        )
    for source in _SOURCES:
        shutil.rmtree(landing / source, ignore_errors=True)
    landing.mkdir(parents=True, exist_ok=True)


def generate(landing: Path, truth: Path, plan: Manifest, *, from_month: int = 0) -> Manifest:
    """Generate what is planned, or of it only the months from `from_month` on."""
    writer = TruthWriter(truth)
    with Landing(landing, plan.form, append=from_month > 0) as target:
        simulation = Simulation(plan.settings, Parameters(), target, write_from=from_month)
        simulation.run(writer.add, Progress("Synthetic bank"))
    writer.close()
    return replace(plan, rows=dict(target.rows), planted=dict(+simulation.dirt.planted))


def next_month(landing: Path, truth: Path, old: Manifest) -> Manifest:
    """Add the month after the last one."""
    settings = replace(old.settings, months=old.settings.months + 1)
    new = generate(landing, truth, replace(old, settings=settings), from_month=old.settings.months)
    for table, count in new.rows.items():
        if count:
            print(f"{table}: {count:,} rows more")
    return new.after(old)


def late_facts(landing: Path, old: Manifest) -> Manifest:
    """Add late and corrected facts."""
    change = 1 + old.changes.count("late-facts")
    report, added = late.add(landing, old.form, old.settings, Parameters(), change)
    print("\n".join(report))
    return replace(old, rows=added, planted={}).after(old)


def _change(options: argparse.Namespace) -> None:
    old = Manifest.read(options.truth)
    replace(old, is_complete=False).write(options.truth)
    is_month = options.change == "next-month"
    new = next_month(options.landing, options.truth, old) if is_month else late_facts(options.landing, old)
    replace(new, changes=[*old.changes, options.change]).write(options.truth)


def _generation(options: argparse.Namespace) -> None:
    settings = Settings(options.customers, options.months, options.seed, options.first_month, options.block_size)
    _clear(options.landing, options.truth)
    plan = Manifest.plan(settings, options.format, options.landing)
    plan.write(options.truth)
    made = generate(options.landing, options.truth, plan)
    for table, count in made.rows.items():
        print(f"{table:26}{count:>14,} rows")
    replace(made, is_complete=True).write(options.truth)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    options = _arguments(arguments)
    _check(options)
    if options.change:
        _change(options)
    else:
        _generation(options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
