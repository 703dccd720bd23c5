"""Fenced blocks of the project's documents, in document order, with the note that stands before them.

A note is an HTML comment on the line above a block: `<!-- skip: why -->` for what no test runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from scripts.settings import PROJECT

BLOCK = re.compile(
    r"(?:^<!-- (?P<note>\w+): (?P<value>[^\n]*?) -->\n+)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.M | re.S
)


@dataclass(frozen=True)
class Block:
    """A fenced block: where it stands, in which language, and the note above it."""

    document: Path
    line: int
    language: str
    text: str
    note: str | None
    value: str | None

    @property
    def place(self) -> str:
        """For messages."""
        return f"{self.document.relative_to(PROJECT)}:{self.line}"


def documents() -> list[Path]:
    """All documents that people read, the README first."""
    return [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").rglob("*.md"))]


def blocks(document: Path) -> Iterator[Block]:
    """The fenced blocks of a document."""
    text = document.read_text(encoding="utf-8")
    for match in BLOCK.finditer(text):
        line = text.count("\n", 0, match.start("language")) + 1
        yield Block(document, line, match["language"], match["text"], match["note"], match["value"])


def questions() -> list[Block]:
    """The queries of docs/questions.md."""
    return [block for block in blocks(PROJECT / "docs" / "questions.md") if block.language == "sql"]


def examples() -> dict[str, str]:
    """The example query in the description of each mart, by the mart's name."""
    marts, departments = PROJECT / "models" / "marts", PROJECT / "models" / "departments"
    files = [*marts.glob("_*__models.yml"), *departments.glob("*/_*__models.yml")]
    models = [model for file in files for model in yaml.safe_load(file.read_text(encoding="utf-8"))["models"]]
    return {model["name"]: BLOCK.search(model["description"])["text"] for model in models}
