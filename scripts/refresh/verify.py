"""Is a release still what its manifest says? Every file by its hash, then every table by its rows.

    ./scripts/run verify-release [RUN_ID ...] [--all]

Without a release it looks at the one that is served. An extract whose key isn't at hand, or was replaced since, is
compared as a file only.

exit codes:
  0  all is as listed
  1  something differs: it is named
  2  there is no such release
"""

from __future__ import annotations

import sys

from scripts.refresh.command_line import command_parser
from scripts.refresh.manifest import find_damage
from scripts.refresh.outcome import ExitCode, RefreshError
from scripts.refresh.release import list_releases, served
from scripts.settings import Settings, read_settings


def verify(settings: Settings, names: list[str]) -> int:
    """Prints what became of each release; the exit code."""
    known = {path.name: path for path in list_releases(settings.releases)}
    missing = [name for name in names if name not in known]
    if missing or not names:
        print(f"There is no release {', '.join(missing) or f'in {settings.releases}'}.", file=sys.stderr)
        return ExitCode.USAGE
    is_damaged = False
    for name in names:
        problems, closed = find_damage(settings, known[name])
        is_damaged = is_damaged or bool(problems)
        print(f"{name}: {'differs from its manifest' if problems else 'as its manifest says'}")
        for problem in problems:
            print(f"  {problem}")
        if closed:
            print(f"  compared as files only, for want of their key: {', '.join(closed)}")
    return int(is_damaged)


def main(arguments: list[str] | None = None) -> int:
    """Verifies releases; returns the exit code."""
    parser = command_parser("verify-release", __doc__ or "")
    parser.add_argument("releases", nargs="*", metavar="RUN_ID", help="which releases (default: the served one)")
    parser.add_argument("--all", action="store_true", help="every release that is kept")
    options = parser.parse_args(arguments)
    settings = read_settings()
    names = [path.name for path in list_releases(settings.releases)] if options.all else options.releases
    current = served(settings.releases)
    try:
        return verify(settings, names or ([current] if current else []))
    except RefreshError as error:
        print(str(error), file=sys.stderr)
        return error.code


if __name__ == "__main__":
    sys.exit(main())
