"""Serve an older release again, or list what there is.

    ./scripts/run rollback [RUN_ID] [--reason TEXT]

Without a release it lists all. The release is compared with its manifest first; then one atomic swap. The releases
after it are marked as withdrawn: a refresh won't publish the same input again unless told to. Naming a newer
release rolls forward.

exit codes:
  0  served, or listed
  2  there is no such release
  3  a refresh of this home is running
  7  the release is damaged, or the link couldn't be swapped
"""

from __future__ import annotations

import sys

from scripts.refresh.command_line import command_parser
from scripts.refresh.durable import read_json
from scripts.refresh.manifest import MANIFEST, find_damage
from scripts.refresh.outcome import ExitCode, RefreshError
from scripts.refresh.release import list_releases, served, swap_current, tidy_releases
from scripts.refresh.run import ROLLBACK, Run
from scripts.refresh.session import perform
from scripts.refresh.withdrawn import read_withdrawn, withdraw_after
from scripts.settings import Settings, read_settings


def print_releases(settings: Settings) -> None:
    """All releases, newest first."""
    current, withdrawn = served(settings.releases), read_withdrawn(settings.releases)
    found = list_releases(settings.releases)
    if not found:
        print(f"No release in {settings.releases}.")
    for path in reversed(found):
        content = read_json(path / MANIFEST) or {}
        customers = content.get("tables", {}).get("customer_360_current", {}).get("row_count")
        mark = "served" if path.name == current else "withdrawn" if path.name in withdrawn else ""
        print(
            f"{path.name}  {mark:9}  month {content.get('as_of_date')}  rule version {content.get('rule_version')}"
            f"  {customers} customers"
        )


def roll_back(run: Run, name: str, reason: str | None) -> None:
    """Serves a release that is whole."""
    releases = run.settings.releases
    with run.stage("publish"):
        tidy_releases(releases)
        run.compared_with = served(releases)
        if name not in {path.name for path in list_releases(releases)}:
            raise RefreshError(ExitCode.USAGE, f"There is no release {name}; ./scripts/run rollback lists them.")
        problems, _ = find_damage(run.settings, releases / name)
        if problems:
            reasons = "\n".join(f"  {problem}" for problem in problems)
            raise RefreshError(ExitCode.PUBLISH, f"{name} differs from its manifest and isn't served:\n{reasons}")
        later = withdraw_after(run, name, reason)
        swap_current(releases, name)
    content = read_json(releases / name / MANIFEST)
    run.rule_version = content["rule_version"]
    run.mart_rows = {mart: table["row_count"] for mart, table in content["tables"].items()}
    run.summary = f"Serves {name}, month {content['as_of_date']}, instead of {run.compared_with}."
    if reason:
        run.summary += f" {reason}"
    print(run.summary)
    if later:
        print(f"Withdrawn: {', '.join(later)}. A refresh of the same input is refused until it is accepted.")


def main(arguments: list[str] | None = None) -> int:
    """Rolls back or lists; returns the exit code."""
    parser = command_parser("rollback", __doc__ or "")
    parser.add_argument("release", nargs="?", metavar="RUN_ID", help="which release to serve")
    parser.add_argument("--reason", help="why, for the run log")
    options = parser.parse_args(arguments)
    settings = read_settings()
    if options.release is None:
        print_releases(settings)
        return 0
    return perform(Run(settings, kind=ROLLBACK), lambda run: roll_back(run, options.release, options.reason))


if __name__ == "__main__":
    sys.exit(main())
