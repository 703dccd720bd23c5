"""The seeds of the project as Python reads them: rows of text by the names of their columns."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scripts.settings import PROJECT

SEEDS = PROJECT / "seeds"
RULES = SEEDS / "rules"

Row = dict[str, str]
Words = tuple[str, str]  # English, Chinese


@dataclass(frozen=True)
class Seed:
    """A seed as it stands in its file."""

    name: str
    columns: list[str]
    rows: list[Row]

    @property
    def is_versioned(self) -> bool:
        """Whether its rows belong to rule versions."""
        return "rule_version" in self.columns

    def write(self, folder: Path) -> None:
        """The whole file again."""
        with (folder / f"{self.name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, self.columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(self.rows)


def read_seed(folder: Path, name: str) -> Seed:
    """One seed of a folder."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
        return Seed(name, list(reader.fieldnames or []), rows)


@cache
def seed_rows(name: str) -> tuple[Row, ...]:
    """The rows of a seed of the project, in whichever folder it lies."""
    (file,) = SEEDS.glob(f"*/{name}.csv")
    return tuple(read_seed(file.parent, name).rows)


def display_labels(rows: Iterable[Row], name: str) -> dict[str, Words]:
    """Labels of a list of display_labels, in its order. Argument: rows (of that seed)."""
    listed = sorted((row for row in rows if row["list"] == name), key=lambda row: int(row["rank"]))
    return {row["code"]: (row["label"], row["label_zh"]) for row in listed}
