"""A small run of the fuzz task (`./scripts/run fuzz`): always the same landings, through the door alone."""

from __future__ import annotations

from pathlib import Path

from tests.fuzz.door import fuzz_door


def test_fuzzed_landings_are_refused_with_words_or_arrive_whole(tmp_path: Path) -> None:
    outcomes = fuzz_door(60, 1, tmp_path)
    assert sum(outcomes.values()) >= 60
    assert outcomes["arrived whole"] > outcomes["refused"] > 0
