"""Sends random landings through the landing's door, and some whole banks through the refresh.

    ./scripts/run fuzz [--examples 1000] [--builds 20] [--paths 5] [--seed 1]

Neither may end in a traceback, and no row may be lost: a landing is refused with words, or every landed row is
accepted, duplicate or rejected. Other banks are corrected at random and built again upon the last build, which has to
make what a build from nothing makes. The same seed gives the same landings. Exit code 1 when something is wrong; the
message says what, and where the landing lies.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from .builds import fuzz_builds
from .door import fuzz_door
from .paths import fuzz_paths


def main() -> int:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=1000, help="landings through the door alone")
    parser.add_argument("--builds", type=int, default=20, help="banks through the whole refresh, about a minute each")
    parser.add_argument("--paths", type=int, default=5, help="banks that are corrected, about two minutes each")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other landings")
    options = parser.parse_args()
    faults: list[str] = []
    if options.examples:
        begun = time.perf_counter()
        outcomes = fuzz_door(options.examples, options.seed)
        print(f"door: {dict(outcomes)}, {time.perf_counter() - begun:.0f} s", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    if options.builds:
        begun = time.perf_counter()
        outcomes, faults = fuzz_builds(options.builds, options.seed, folder)
        print(f"builds: {dict(outcomes)}, {time.perf_counter() - begun:.0f} s, in {folder}")
    if options.paths:
        faults += fuzz_paths(options.paths, options.seed, folder)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
