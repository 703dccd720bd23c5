"""What is left of an erasure: who did it, when, how many rows where. No landed value; the person is a keyed hash."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from scripts.settings import Settings


@dataclass
class Receipt:
    """One person's erasure."""

    keys: list[str]  # customer keys under the secret key of that day
    by: str
    rows_removed: dict[str, int]  # by landed file
    rows_pseudonymised: dict[str, int]
    shared_account_count: int
    holds_overruled: list[str]
    reason_despite_holds: str
    erased_at: str = field(default_factory=lambda: f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    releases_removed: list[str] = field(default_factory=list)
    published_release: str = ""


def write_receipt(settings: Settings, receipt: Receipt) -> Path:
    """Writes it into a private folder; returns the file."""
    folder = settings.home / "erasures"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    file = folder / f"{receipt.erased_at.replace(':', '')}-{receipt.keys[0][:12]}.json"
    file.write_text(json.dumps(asdict(receipt), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return file
