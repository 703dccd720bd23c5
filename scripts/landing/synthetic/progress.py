"""Progress on standard error: a line that renews itself on a terminal, else one line every 10 %."""

from __future__ import annotations

import sys
import time
from typing import TextIO


class Progress:
    """Shows how much is done and how long it will take."""

    def __init__(self, label: str, stream: TextIO | None = None) -> None:
        self.label = label
        self.stream = sys.stderr if stream is None else stream
        self.is_terminal = self.stream.isatty()
        self.started = time.monotonic()
        self.shown = 0

    def __call__(self, share: float) -> None:
        """Report a share from 0 to 1."""
        step = int(share * (100 if self.is_terminal else 10))
        if step <= self.shown:
            return
        self.shown = step
        elapsed = time.monotonic() - self.started
        left = elapsed / share - elapsed
        text = f"{self.label}: {share:4.0%}, {elapsed:.0f} s, {left:.0f} s to go"
        self.stream.write(f"\r{text}   " if self.is_terminal else text + "\n")
        if self.is_terminal and share >= 1:
            self.stream.write("\n")
        self.stream.flush()
