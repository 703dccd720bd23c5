"""Names, texts and readers written as DuckDB SQL."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

LANDED_PATH = "__landed_path"  # the reader's column with the path of a row's file


def identifier(name: str) -> str:
    """A name, quoted."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text, quoted."""
    return "'" + text.replace("'", "''") + "'"


def path_literal(path: Path) -> str:
    """A path that means this very file, whatever wildcards its name holds."""
    return literal(re.sub(r"[*?\[]", r"[\g<0>]", str(path)))


def parquet_reader(paths: Iterable[Path]) -> str:
    """Reads Parquet files of the same columns."""
    files = ", ".join(path_literal(path) for path in paths)
    return f"read_parquet([{files}], hive_partitioning = false, filename = {literal(LANDED_PATH)})"
