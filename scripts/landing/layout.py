"""Which files of the landing belong to which contract table, by their names alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from scripts.landing.contract import Source, Table, load_contract
from scripts.landing.landed import Problem

FORMATS = ("parquet", "csv")


@dataclass
class Layout:
    """The files of each contract table as paths inside the landing, the ignored names, the problems."""

    files: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def find_files(landing: Path) -> Layout:
    """Assigns every file to a table or to the ignored ones; checks forms, formats and required tables."""
    layout = Layout()
    sources = {source.name: source for source in load_contract()}
    layout.ignored = [name for name in _names(landing) if name not in sources]
    for source in sources.values():
        _assign_source(landing, source, layout)
    return layout


def _assign_source(landing: Path, source: Source, layout: Layout) -> None:
    unused = set(_names(landing / source.name))
    for table in source.tables:
        forms: dict[str, list[str]] = {}
        for extension in FORMATS:
            if f"{table.name}.{extension}" in unused:
                forms[f"file.{extension}"] = [f"{table.name}.{extension}"]
                unused.remove(f"{table.name}.{extension}")
        if table.name in unused and (landing / source.name / table.name).is_dir():
            unused.remove(table.name)
            for part in _names(landing / source.name / table.name):
                extension = part.rpartition(".")[2]
                if extension in FORMATS and part[0] not in "._":
                    forms.setdefault(f"parts.{extension}", []).append(f"{table.name}/{part}")
                else:
                    layout.ignored.append(f"{source.name}/{table.name}/{part}")
        names = [f"{source.name}/{name}" for form in forms.values() for name in form]
        layout.files[source.name, table.name] = [name for name in names if _is_utf8(name)]
        layout.problems += [_not_utf8(name) for name in names if not _is_utf8(name)]
        if len(forms) > 1:
            examples = [f"{source.name}/{form[0]}" for form in forms.values()]
            layout.problems.append(_mixed_forms(table, examples))
        if not forms and not table.is_optional:
            found = layout.ignored + [f"{source.name}/{name}" for name in unused]
            layout.problems.append(_absent_table(table, found))
    layout.ignored += sorted(f"{source.name}/{name}" for name in unused)


def _names(folder: Path) -> list[str]:
    """Names in a folder, sorted; none where there is no such folder."""
    return sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []


def _mixed_forms(table: Table, examples: Iterable[str]) -> Problem:
    return Problem(
        file=", ".join(sorted(examples)),
        text=f"table {table.source}.{table.name} is landed in more than one form or format",
        remedy="Keep one: a single Parquet or CSV file, or a folder of parts of one format",
    )


def _absent_table(table: Table, found: Iterable[str]) -> Problem:
    """The required table isn't there; names that look like it are mentioned."""
    place = f"{table.source}/{table.name}"
    alike = sorted(name for name in found if name.lower() == table.source or name.lower().startswith(place))
    names = ", ".join(alike)
    hint = f" (found {names}: names must be lower case and end in .parquet or .csv)" if alike else ""
    return Problem(
        file=f"{place}.parquet or {place}.csv",
        text=f"required table {table.source}.{table.name} is absent{hint}",
        remedy=f"Land the file, or a folder {place}/ of parts; a header alone is a table without rows",
    )


def _is_utf8(name: str) -> bool:
    """Whether a file's name can be handed to a database."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _not_utf8(name: str) -> Problem:
    return Problem(file=ascii(name), text="the file's name is not UTF-8", remedy="Rename the file")
