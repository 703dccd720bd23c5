"""`--change late-facts`: late and corrected facts, dated in earlier months, for an existing landing.

They are read off the landing itself, so nothing is simulated again. Folder tables get one more part
(`late-01`, then `late-02`, …), single files grow at their end. All facts are loaded after the last month.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from . import late_kinds
from .late_facts import LateFacts
from .parameters import Parameters, Settings
from .writers import Landing

_KINDS: tuple[Callable[[LateFacts, int], None], ...] = (
    late_kinds.transactions,
    late_kinds.accounts,
    late_kinds.attributes,
)


def add(
    folder: Path, form: str, settings: Settings, parameters: Parameters, change: int
) -> tuple[list[str], dict[str, int]]:
    """Add the change-th set of late facts; returns what was changed, and the rows by table."""
    with Landing(folder, form, append=True) as landing:
        late = LateFacts(landing, settings, parameters, change)
        for kind in _KINDS:
            kind(late, parameters.late.each)
        late.write()
    return late.report, {table: len(rows) for table, rows in late.facts.items()}
