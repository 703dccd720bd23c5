"""Build what changed in the landing, check it, and publish it.

Stages: lock, landing (structure, keys, expectations), build (dbt models and tests, in a work file of its
own), audit (row and balance reconciliation, rejected rows, expectations on the marts, drift against the release
served), publish. Whatever happens, the release served so far stays until the new one is complete.

exit codes:
  0    published
  1    unexpected error: a fault of this program, see home/logs/refresh.log
  2    wrong arguments or settings
  3    another refresh of this home is running
  4    the landing is refused: repair the files (or the month) named in the message
  5    the build failed: a model or a test, named with what to do
  6    built, but the audit forbids publication: too many rejected rows, or figures that don't add up
  7    the release couldn't be written
  8    a file is in use by another process
  9    built and sound, but too different from the release served: look at it, then --accept-drift or repair
  130  interrupted
"""

from __future__ import annotations

import argparse
import os
import sys

from scripts.refresh.landing_stage import parse_month_end
from scripts.refresh.outcome import ExitCode, RefreshError
from scripts.refresh.run import DRY_RUN, REFRESH, Run
from scripts.refresh.session import perform
from scripts.settings import read_settings


def main(arguments: list[str] | None = None) -> int:
    """Runs a refresh and says how it ended; returns the exit code."""
    options = _parse(arguments)
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    os.environ["DO_NOT_TRACK"] = "1"
    from scripts.refresh.dry_run import dry_run
    from scripts.refresh.pipeline import refresh

    run = Run(
        read_settings(),
        kind=DRY_RUN if options.dry_run else REFRESH,
        is_full_refresh_asked=options.full_refresh,
        base_currency=options.base_currency,
        accepted_drift=options.accept_drift,
    )

    def action(run: Run) -> None:
        _read_months(run, options)
        (dry_run if options.dry_run else refresh)(run)

    return perform(run, action)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    lines = __doc__.split("\n\n", maxsplit=1)
    parser = argparse.ArgumentParser(
        prog="python -m scripts.refresh",
        description=lines[0],
        epilog=lines[1],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--full-refresh", action="store_true", help="build all months anew")
    parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="newest month-end to publish (default: the latest)")
    parser.add_argument(
        "--backfill", metavar="FROM[:TO]", help="make months again from this month-end on; TO is the same as --as-of"
    )
    parser.add_argument("--dry-run", action="store_true", help="check the landing and say what would be done")
    parser.add_argument("--accept-drift", metavar="REASON", type=_reason, help="publish a drift that would block")
    parser.add_argument("--base-currency", metavar="CODE", type=_currency, help="currency of all published money")
    return parser.parse_args(arguments)


def _read_months(run: Run, options: argparse.Namespace) -> None:
    first, _, last = (options.backfill or "").partition(":")
    if last and options.as_of and last != options.as_of:
        raise RefreshError(ExitCode.USAGE, "--backfill FROM:TO and --as-of name different newest months.")
    run.as_of = parse_month_end(options.as_of or last, "--as-of" if options.as_of else "TO")
    run.backfill_from = parse_month_end(first, "--backfill")
    if run.as_of and run.backfill_from and run.backfill_from > run.as_of:
        raise RefreshError(ExitCode.USAGE, f"--backfill {first} lies after the newest month asked for, {run.as_of}.")


def _reason(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("say why the drift is right; the reason is kept")
    return " ".join(text.split())


def _currency(text: str) -> str:
    """An ISO 4217 code in upper case."""
    if not (len(text) == 3 and text.isascii() and text.isalpha()):
        raise argparse.ArgumentTypeError(f"'{text}' is no currency: give its three letters, such as CZK")
    return text.upper()


if __name__ == "__main__":
    sys.exit(main())
