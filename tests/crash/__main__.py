"""100 SIGKILLs at random moments: 20 over the whole refresh, 80 in publication; and a reader that never pauses.

    ./scripts/run crash-test [--refreshes N] [--publications N] [--seed N] [--folder DIR]

After each kill readers must see a whole old or a whole new release, and the next run must come to the same content
as an undisturbed one and leave nothing behind. Half of the kills in publication fall into its last steps, in slow
motion, where a swap could go wrong. Takes about an hour; ends with 1 when anything was not as it must be.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from scripts.refresh.release import served
from tests.crash.place import DELIVERIES, PAUSE, Place, describe, environment, import_all
from tests.crash.reader import ask

STEPS = 14  # pauses of a publication in slow motion


class CrashTest:
    """The rounds, and what went wrong in them."""

    def __init__(self, place: Place, seed: int) -> None:
        self.place = place
        self.chance = random.Random(seed)
        self.problems: list[str] = []
        self.outcomes: Counter[str] = Counter()
        self.seconds: dict[str, float] = {}
        self.turn = 1  # B is served first

    def prepare(self) -> None:
        """Undisturbed runs of both deliveries: what the others must come to, and how long they take."""
        for delivery in DELIVERIES:
            self.place.land(delivery)
            code, self.seconds["refresh"] = self.place.run(self.place.refresh)
            self._demand(code == 0, f"undisturbed refresh of {delivery} ended with {code}")
            self.place.hashes[delivery] = self.place.served_hashes()
            self.place.keep_work_file(delivery)
        self._demand(self.place.hashes["A"] != self.place.hashes["B"], "the deliveries don't differ")
        code, self.seconds["publication"] = self.place.run(self.place.publish)
        self._demand(code == 0, f"undisturbed publication ended with {code}")
        print(f"undisturbed: {', '.join(f'{name} {value:.1f} s' for name, value in self.seconds.items())}", flush=True)

    def refreshes(self, count: int) -> None:
        """Kills anywhere in a refresh."""
        number = 1
        while number <= count:
            delivery = self._next()
            self.place.land(delivery)
            after = self.chance.uniform(0, self.seconds["refresh"])
            before = served(self.place.settings.releases)
            was_killed = self.place.kill(self.place.refresh, after)
            what = f"refresh {number}/{count}, killed after {after:.2f} s"
            self.seconds["refresh"] = self._judge(what, delivery, before, was_killed, self.place.refresh)
            number += was_killed  # one that was faster than the kill is tried again

    def publications(self, count: int) -> None:
        """Kills in the audit and the publication of a work file that is built; every other one in its last steps."""
        sign = self.place.root / "swapping"
        number = 1
        while number <= count:
            delivery = self._next()
            self.place.use_work_file(delivery)
            before = served(self.place.settings.releases)
            if number % 2:
                after = self.chance.uniform(0, self.seconds["publication"])
                was_killed = self.place.kill(self.place.publish, after)
            else:
                sign.unlink(missing_ok=True)
                after = self.chance.uniform(0, PAUSE * STEPS)
                was_killed = self.place.kill(self.place.publish_slowly, after, sign)
            what = f"{'publication' if number % 2 else 'last-steps'} {number}/{count}, killed after {after:.3f} s"
            self.seconds["publication"] = self._judge(what, delivery, before, was_killed, self.place.publish)
            number += was_killed

    def _next(self) -> str:
        self.turn += 1
        return DELIVERIES[self.turn % 2]

    def _judge(
        self, what: str, delivery: str, before: str | None, was_killed: bool, again: Callable[[], int]
    ) -> float:
        """Looks at what the kill left, runs again, looks at that; the seconds of the run that wasn't disturbed."""
        after = served(self.place.settings.releases)
        kind = "not killed in time" if not was_killed else "old release" if after == before else "new release"
        self.outcomes[f"{what.split(' ')[0]}: {kind}"] += 1
        self._demand(self.place.is_whole(), f"{what}: the served release isn't whole")
        self._demand(self.place.served_delivery() is not None, f"{what}: neither old nor new: {describe(self.place)}")
        if after != before:
            self._demand(self.place.served_delivery() == delivery, f"{what}: a new release of old content")
        code, seconds = self.place.run(again)
        self._demand(code == 0, f"{what}: the next run ended with {code}")
        self._demand(self.place.served_delivery() == delivery, f"{what}: the next run came to other content")
        self._demand(not self.place.leavings(), f"{what}: left behind {self.place.leavings()}")
        print(f"{time.strftime('%H:%M:%S')} {what}: {kind}; the next run took {seconds:.1f} s", flush=True)
        return seconds

    def _demand(self, holds: bool, problem: str) -> None:
        if not holds:
            self.problems.append(problem)
            print(f"PROBLEM {problem}", flush=True)


def judge_reader(place: Place) -> tuple[dict, list[str]]:
    """What the reader saw, and what it should not have seen."""
    seen = json.loads((place.root / "reader.json").read_text(encoding="utf-8"))
    wanted = {json.dumps(ask(place.root / f"{delivery}.duckdb")) for delivery in DELIVERIES}
    mixed = [answer for answer in seen["answers"] if answer not in wanted]
    problems = [f"a reader saw a mixture: {answer}" for answer in mixed]
    problems += [f"a reader saw an error: {error}" for error in seen["errors"][:5]]
    seen["answers"] = list(seen["answers"].values())
    return seen, problems


def main() -> int:
    """Runs the rounds; 0 when all was as it must be."""
    parser = argparse.ArgumentParser(prog="./scripts/run crash-test", description=__doc__.split("\n\n")[0])
    parser.add_argument("--refreshes", type=int, default=20, help="kills over the whole refresh")
    parser.add_argument("--publications", type=int, default=80, help="kills in publication")
    parser.add_argument("--seed", type=int, default=1, help="of the random moments")
    parser.add_argument("--folder", type=Path, help="where to work (default: a new temporary folder)")
    options = parser.parse_args()
    root = (options.folder or Path(tempfile.mkdtemp(prefix="crash-test-"))).absolute()
    root.mkdir(parents=True, exist_ok=True)
    (root / "stop").unlink(missing_ok=True)
    environment(root)
    print(f"seed {options.seed}, folder {root}", flush=True)
    import_all()
    test = CrashTest(Place(root), options.seed)
    test.prepare()
    command = ["nice", "-n", "15", sys.executable, "-P", "-m", "tests.crash.reader", str(root)]
    with subprocess.Popen(command) as reader:
        try:
            test.refreshes(options.refreshes)
            test.publications(options.publications)
        except KeyboardInterrupt:
            test.problems.append("stopped before the last round")
        finally:
            (root / "stop").touch()
            reader.wait()
    seen, problems = judge_reader(test.place)
    problems = test.problems + problems
    summary = {"kills": dict(test.outcomes), "reader": seen, "problems": problems}
    print(json.dumps(summary, indent=2))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
