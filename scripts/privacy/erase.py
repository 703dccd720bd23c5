"""Erases a person: from the landing, the quarantine, the work file, and all releases.

    python -m scripts.privacy.erase --customer-id X [--from-file FILE] [--dry-run] [--despite-holds REASON] [--by NAME]

Rows of the person's customer numbers (all records of the party), of the accounts that nobody else holds and of the
loans leave the landed files. A shared account stays and loses the person as holder. Where another customer's booking
names the person as counterparty, a random token takes its place. Then everything is built anew, published, and the
releases that knew the person are removed. A receipt without any landed value is written to $DEPOSITS_HOME/erasures.
Running it again does no harm, and completes an erasure that was cut off.

exit codes:
  0  erased, or there is nothing of the person
  1  a file couldn't be written: the erasure isn't complete, run it again
  2  wrong arguments, or a hold forbids it (seed erasure_holds); nothing was changed
  others as of the refresh: the landing may be erased already, but the old releases are still served; run it again
"""

from __future__ import annotations

import argparse
import getpass
import secrets
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from scripts.keys import customer_key, read_key
from scripts.landing.gate import inspect_landing
from scripts.landing.landed import LandedTable, LandingError
from scripts.privacy.holds import holds_against
from scripts.privacy.key_mapping import forget_old_keys
from scripts.privacy.person import FileRows, Person, find_person
from scripts.privacy.receipt import Receipt, write_receipt
from scripts.privacy.releases import releases_with, remove_builds, remove_releases
from scripts.privacy.rewrite import rewrite
from scripts.refresh.__main__ import main as refresh
from scripts.refresh.lock import refresh_lock
from scripts.refresh.outcome import ExitCode, RefreshError, as_refresh_error
from scripts.settings import Settings, read_settings

TOKEN_BYTES = 12


@dataclass(frozen=True)
class Request:
    """What is asked for."""

    customer_id: str
    by: str
    is_dry_run: bool = False
    reason_despite_holds: str = ""


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customer-id", action="append", default=[], help="customer number as landed; may be repeated")
    parser.add_argument("--from-file", type=Path, help="a file with one customer number a line")
    parser.add_argument("--dry-run", action="store_true", help="say what would go, and change nothing")
    parser.add_argument("--despite-holds", metavar="REASON", default="", help="erase although a hold forbids it")
    parser.add_argument("--by", default=getpass.getuser(), help="who erases, for the receipt (default: the user)")
    parser.add_argument("--accept-drift", metavar="REASON", help="publish although figures moved far; see refresh")
    options = parser.parse_args(arguments)
    customer_ids = list(options.customer_id)
    if options.from_file:
        customer_ids += options.from_file.read_text(encoding="utf-8-sig").splitlines()
    customer_ids = list(dict.fromkeys(text.strip() for text in customer_ids if text.strip()))
    if not customer_ids:
        parser.error("name a person: --customer-id or --from-file")
    settings = read_settings()
    try:
        requests = [Request(text, options.by, options.dry_run, options.despite_holds) for text in customer_ids]
        return erase(settings, requests, options.accept_drift)
    except LandingError as error:
        print(f"The landing can't be read; repair it first. Nothing was changed.\n{error}", file=sys.stderr)
        return ExitCode.LANDING
    except RefreshError as error:
        print(str(error), file=sys.stderr)
        return error.code
    except duckdb.Error as error:
        raised = as_refresh_error(error, ExitCode.UNEXPECTED, "A database of the home can't be read")
        print(str(raised), file=sys.stderr)
        return raised.code
    except OSError as error:
        print(f"{error.strerror or error}: {error.filename}. The erasure isn't complete: repeat it.", file=sys.stderr)
        return ExitCode.UNEXPECTED


def erase(settings: Settings, requests: list[Request], accept_drift: str | None = None) -> int:
    """Erases all persons from the files, or none; then publishes once. Returns the exit code."""
    with refresh_lock(settings.home):
        persons = [_look(settings, request) for request in requests]
        if not any(persons) or requests[0].is_dry_run:
            return ExitCode.PUBLISHED
        receipts = [
            _erase_from_landing(settings, request, person)
            for request, person in zip(requests, persons, strict=True)
            if person
        ]
        remove_builds(settings)
    code = _publish(accept_drift)
    if code != ExitCode.PUBLISHED:
        print("The landing is erased, the releases of before are still there: run it again.", file=sys.stderr)
        return code
    with refresh_lock(settings.home):
        for receipt in receipts:
            receipt.releases_removed = remove_releases(settings, receipt.keys)
            receipt.published_release = (settings.releases / "current").readlink().name
            print(f"Receipt: {write_receipt(settings, receipt)}")
    return ExitCode.PUBLISHED


def _look(settings: Settings, request: Request) -> Person | None:
    """What there is of a person; None when there is nothing. Raises when a hold forbids the erasure."""
    person = find_person(settings, inspect_landing(settings.landing), request.customer_id)
    releases = releases_with(settings, sorted(customer_keys(settings, person.customer_ids)))
    if not (person.touched or releases):
        print("There is nothing of this customer: neither in the landing nor in a release.")
        return None
    holds = holds_against(person)
    if holds and not (request.reason_despite_holds or request.is_dry_run):
        reasons = "\n".join(f"  {hold}" for hold in holds)
        raise RefreshError(
            ExitCode.USAGE,
            f"A hold forbids the erasure (seed erasure_holds); nothing was changed.\n{reasons}\n"
            "When the law asks for it all the same: --despite-holds REASON; the receipt keeps the reason.",
        )
    _say(person, holds, releases, is_dry_run=request.is_dry_run)
    return person


def _erase_from_landing(settings: Settings, request: Request, person: Person) -> Receipt:
    """Rewrites the files, as they are now: another person's rows may have gone since they were looked at."""
    tables = inspect_landing(settings.landing)
    holds = holds_against(person)
    person = find_person(settings, tables, request.customer_id)
    receipt = Receipt(
        keys=sorted(customer_keys(settings, person.customer_ids)),
        by=request.by,
        rows_removed={name: len(rows.removed) for name, rows in person.touched.items() if rows.removed},
        rows_pseudonymised={name: len(rows.mentioning) for name, rows in person.touched.items() if rows.mentioning},
        shared_account_count=person.shared_account_count,
        holds_overruled=holds,
        reason_despite_holds=request.reason_despite_holds if holds else "",
    )
    _rewrite_files(tables, person.touched)
    forget_old_keys(settings, receipt.keys)
    write_receipt(settings, receipt)  # it is completed once the person is out of the releases
    return receipt


def _rewrite_files(tables: list[LandedTable], found: dict[str, FileRows]) -> None:
    """File by file, in the order in which an erasure that is cut off can be taken up again."""
    token = cache(lambda _: f"erased-{secrets.token_hex(TOKEN_BYTES)}")
    by_name = {file.name: file for table in tables for file in table.files}
    for name, rows in found.items():
        rewrite(by_name[name], rows, token)


def _publish(accept_drift: str | None) -> int:
    """A refresh with all its gates, as from the command line; its exit code."""
    return refresh(["--full-refresh", *(["--accept-drift", accept_drift] if accept_drift else [])])


def customer_keys(settings: Settings, customer_ids: set[str]) -> set[str]:
    """The keys under which the warehouse knows these customer numbers."""
    key = read_key(settings)
    return {customer_key(key, text) for text in customer_ids}


def _say(person: Person, holds: list[str], releases: list[str], *, is_dry_run: bool) -> None:
    """What goes, in numbers alone."""
    print("Would go (dry run, nothing is changed):" if is_dry_run else "Goes:")
    print(f"  {len(person.customer_ids)} customer number(s), {len(person.account_ids)} account(s) of their own,")
    print(f"  {len(person.loan_ids)} loan(s); {person.shared_account_count} shared account(s) stay, without the holder")
    for name, rows in person.touched.items():
        print(f"  {name}: {len(rows.removed)} rows removed, {len(rows.mentioning)} counterparties replaced")
    print(f"  releases that know the person: {', '.join(releases) or 'none'}")
    for hold in holds:
        print(f"  hold: {hold}")


if __name__ == "__main__":
    sys.exit(main())
