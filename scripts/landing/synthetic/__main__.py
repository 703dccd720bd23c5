"""Command line of the synthetic bank.

    python -m scripts.landing.synthetic --customers 5000 --months 24 --landing DIR --truth DIR
    python -m scripts.landing.synthetic --change next-month --landing DIR --truth DIR
    python -m scripts.landing.synthetic --change late-facts --landing DIR --truth DIR

The landing gets the tables of the contract and nothing else. The truth folder gets what was planted, and a
manifest from which a later change knows what was asked for.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

from . import late
from .parameters import Parameters, Settings
from .progress import Progress
from .simulation import Simulation
from .truth import Manifest, TruthWriter
from .writers import Landing

_SMALLEST, _LARGEST = 200, 1_000_000


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    default = Settings()
    parser = argparse.ArgumentParser(prog="python -m scripts.landing.synthetic", description=__doc__.split("\n")[0])
    parser.add_argument(
        "--landing", type=Path, required=True, help="folder of the landing; a new generation replaces it"
    )
    parser.add_argument("--truth", type=Path, required=True, help="folder of the planted truth, outside the landing")
    parser.add_argument("--customers", type=int, default=default.customers, help="customers after 24 months")
    parser.add_argument("--months", type=int, default=default.months)
    parser.add_argument("--seed", type=int, default=default.seed)
    parser.add_argument("--first-month", default=default.first_month, metavar="YYYY-MM")
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


def _clear(folder: Path) -> None:
    """Empty the landing, but only if it looks like one."""
    if folder.exists():
        known = {"core", "crm", "lending", "market", "wealth"}
        strange = [entry.name for entry in folder.iterdir() if entry.name not in known]
        if strange:
            raise SystemExit(f"{folder} holds other things ({', '.join(sorted(strange)[:3])}): name an empty folder")
        shutil.rmtree(folder)
    folder.mkdir(parents=True)


def generate(
    landing: Path, truth: Path, settings: Settings, form: str, *, quiet: bool = False, from_month: int = 0
) -> Manifest:
    """Generate a landing, or the months from `from_month` on of one that exists."""
    writer = TruthWriter(truth)
    progress = Progress("Synthetic bank")
    with Landing(landing, form, append=from_month > 0) as target:
        simulation = Simulation(settings, Parameters(), target, write_from=from_month)
        simulation.run(writer.add, (lambda share: None) if quiet else progress)
    writer.close()
    return Manifest(settings, form, dict(target.rows), dict(simulation.dirt.planted), [])


def next_month(landing: Path, truth: Path, old: Manifest, *, quiet: bool = False) -> Manifest:
    """Add the month after the last one."""
    settings = replace(old.settings, months=old.settings.months + 1)
    new = generate(landing, truth, settings, old.form, quiet=quiet, from_month=old.settings.months)
    rows = Counter(old.rows) + Counter(new.rows)
    planted = Counter(old.planted) + Counter(new.planted)
    for table, count in new.rows.items():
        if count:
            print(f"{table}: {count:,} rows more")
    return Manifest(settings, old.form, dict(rows), dict(planted), [*old.changes, "next-month"])


def late_facts(landing: Path, old: Manifest) -> Manifest:
    """Add late and corrected facts."""
    change = 1 + sum(name == "late-facts" for name in old.changes)
    report, added = late.add(landing, old.form, old.settings, Parameters(), change)
    print("\n".join(report))
    rows = Counter(old.rows) + Counter(added)
    return Manifest(old.settings, old.form, dict(rows), old.planted, [*old.changes, "late-facts"])


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    options = _arguments(arguments)
    _check(options)
    if options.change:
        manifest = Manifest.read(options.truth)
        if options.change == "next-month":
            manifest = next_month(options.landing, options.truth, manifest)
        else:
            manifest = late_facts(options.landing, manifest)
    else:
        settings = Settings(options.customers, options.months, options.seed, options.first_month, options.block_size)
        _clear(options.landing)
        manifest = generate(options.landing, options.truth, settings, options.format)
        for table, count in manifest.rows.items():
            print(f"{table:26}{count:>14,} rows")
    manifest.write(options.truth)
    return 0


if __name__ == "__main__":
    sys.exit(main())
