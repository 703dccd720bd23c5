"""Build what changed in the landing, check it, and publish it.

Stages: lock, landing (structure, keys, expectations), build (dbt models and tests, in a work file of its
own), audit (row and balance reconciliation, rejected rows, expectations on the marts), publish. Whatever
happens, the release served so far stays until the new one is complete.

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
  130  interrupted
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from pathlib import Path

from scripts.refresh.outcome import ExitCode, RefreshError, in_use_error, redacted
from scripts.settings import Settings, read_settings


def main(arguments: list[str] | None = None) -> int:
    """Runs a refresh and says how it ended; returns the exit code."""
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
        "--base-currency", metavar="CODE", type=_currency, help="currency of all published money"
    )
    options = parser.parse_args(arguments)

    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    os.environ["DO_NOT_TRACK"] = "1"
    from scripts.refresh.pipeline import refresh

    settings = read_settings()
    try:
        refresh(
            settings,
            as_of_text=options.as_of,
            is_full_refresh_asked=options.full_refresh,
            base_currency=options.base_currency,
        )
    except RefreshError as error:
        print(str(error), file=sys.stderr)
        return error.code
    except KeyboardInterrupt:
        print("Interrupted; the release served so far stays.", file=sys.stderr)
        return ExitCode.INTERRUPTED
    except OSError as error:
        print(f"{error.strerror or error}: {error.filename}. The release served so far stays.", file=sys.stderr)
        return ExitCode.UNEXPECTED
    except Exception as error:
        raised = in_use_error(error)
        if raised:
            print(str(raised), file=sys.stderr)
            return raised.code
        log = _note_fault(settings, error)
        reason = f"Unexpected {type(error).__name__}; the release served so far stays."
        print(f"{reason} Details: {log}", file=sys.stderr)
        return ExitCode.UNEXPECTED
    return ExitCode.PUBLISHED


def _currency(text: str) -> str:
    """An ISO 4217 code in upper case."""
    if not (len(text) == 3 and text.isascii() and text.isalpha()):
        raise argparse.ArgumentTypeError(f"'{text}' is no currency: give its three letters, such as CZK")
    return text.upper()


def _note_fault(settings: Settings, error: Exception) -> Path:
    """Where the program failed, for its maintainers; without values."""
    log = settings.home / "logs" / "refresh.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as file:
        file.write("".join(traceback.format_tb(error.__traceback__)))
        file.write(f"{type(error).__name__}: {redacted(str(error))}\n")
    return log


if __name__ == "__main__":
    sys.exit(main())
