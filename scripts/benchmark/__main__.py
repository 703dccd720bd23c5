"""Measure the warehouse on a synthetic bank of one size, and write docs/benchmark.md from all sizes measured so far.

    ./scripts/run benchmark --customers 100000 --months 24 --home DIR
    ./scripts/run benchmark --customers 100000 --home DIR --only models,hand-written-panel
    ./scripts/run benchmark --page

A size's results lie in docs/benchmark/; a case that is measured again replaces its old result. Nothing else should
run on the machine meanwhile.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from scripts.benchmark.bank import make_bank, remove
from scripts.benchmark.page import write_page
from scripts.benchmark.protocol import Protocol
from scripts.benchmark.results import add_case, machine_facts
from scripts.benchmark.yardsticks import YARDSTICKS
from scripts.settings import PROJECT

RESULTS = PROJECT / "docs" / "benchmark"
HOME = PROJECT / "target" / "benchmark"
CASES = ("models", "spark-models", *YARDSTICKS, "full", "late-day", "customer-records", "next-month", "half-history")


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    lines = (__doc__ or "").split("\n\n")
    parser = argparse.ArgumentParser(prog="scripts/run benchmark", description=lines[0], epilog=lines[-1])
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--home", type=Path, default=HOME, help="holds landing/, which is reused when it is there")
    parser.add_argument("--only", type=_cases, default=list(CASES), metavar="CASE,...", help=", ".join(CASES))
    parser.add_argument("--memory-limit", type=_memory, metavar="4GB", help="DuckDB's; the results are kept apart")
    parser.add_argument("--late-months", type=int, default=1, help="months from the late day to the newest")
    parser.add_argument("--late-day", type=int, default=15, help="its day of the month; another one for a kept home")
    parser.add_argument(
        "--build-only", action="store_true", help="land and build in place: no copy, audit and release"
    )
    parser.add_argument("--keep", action="store_true", help="leave the homes of the cases for a later run with --only")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the results")
    parser.add_argument("--page", action="store_true", help="only write the page again")
    return parser.parse_args(arguments)


def _cases(text: str) -> list[str]:
    unknown = [name for name in text.split(",") if name not in CASES]
    if unknown:
        raise argparse.ArgumentTypeError(f"no case {', '.join(unknown)}: there are {', '.join(CASES)}")
    return [name for name in CASES if name in text.split(",")]


def _memory(text: str) -> str:
    if not re.fullmatch(r"\d+(MB|GB)", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 4GB")
    return text


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line."""
    options = _arguments(arguments)
    differing = [] if options.page else measure(options)
    page = write_page(options.results)
    print(f"Wrote {page}")
    if differing:
        print(f"Results differ from the models': {', '.join(differing)}", file=sys.stderr)
    return 1 if differing else 0


def measure(options: argparse.Namespace) -> list[str]:
    """The cases asked for, each noted as soon as it is known; those whose results aren't the models'."""
    home = options.home.absolute()
    bank = make_bank(home, options.customers, options.months)
    protocol = Protocol(
        home, bank, bank.months[: options.months], options.memory_limit, options.build_only, options.late_months,
        options.late_day,
    )  # fmt: skip
    cases = protocol.cases()
    facts = {
        "customers": options.customers,
        "months": options.months,
        "transactions": bank.transactions(protocol.months),
        "memory_limit": options.memory_limit or "6GB",
        "is_build_only": options.build_only,
        **machine_facts(),
    }
    suffix = f"_{options.memory_limit}" if options.memory_limit else ""
    file = options.results / f"{options.customers}{suffix}.json"
    differing = []
    for name in options.only:
        result = cases[name]()
        add_case(file, facts, name, result)
        if not all(table["is_same"] for table in result.get("compared", [])):
            differing.append(name)
    if not options.keep:
        for folder in ("cases", "yardsticks"):
            remove(home / folder)
    return differing


if __name__ == "__main__":
    sys.exit(main())
