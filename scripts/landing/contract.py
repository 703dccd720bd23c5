"""The landing contract, read from its only home: the dbt source files of the staging models."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from scripts.settings import PROJECT

STAGING = PROJECT / "models" / "staging"
LOADER_SCHEMA = "landing"  # what the loader tells the models about the landing


@dataclass(frozen=True)
class Column:
    """A contract column. `data_type` is what staging makes of it; it may land as text."""

    name: str
    data_type: str
    is_optional: bool
    is_personal: bool


@dataclass(frozen=True)
class Table:
    """A contract table. Of the rows of a key the newest `stamp` wins; without one there are no versions."""

    source: str
    schema: str
    name: str
    key: tuple[str, ...]
    stamp: str | None
    is_optional: bool
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Source:
    """A source system: a folder of the landing, a schema of the warehouse."""

    name: str
    schema: str
    tables: tuple[Table, ...]


@cache
def load_contract(staging: Path = STAGING) -> tuple[Source, ...]:
    """All source systems, by name; the source `landing` is the loader's own and no part of the contract."""
    files = staging.glob("*/_*__sources.yml")
    documents = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]
    raw_sources = [source for document in documents for source in document["sources"]]
    sources = [_source(source) for source in raw_sources if source["schema"] != LOADER_SCHEMA]
    return tuple(sorted(sources, key=lambda source: source.name))


def contract_tables() -> list[Table]:
    """All tables of all sources."""
    return [table for source in load_contract() for table in source.tables]


def _source(raw: dict[str, Any]) -> Source:
    tables = tuple(_table(raw, table) for table in raw["tables"])
    return Source(name=raw["name"], schema=raw["schema"], tables=tables)


def _table(source: dict[str, Any], raw: dict[str, Any]) -> Table:
    meta = _meta(raw)
    return Table(
        source=source["name"],
        schema=source["schema"],
        name=raw["name"],
        key=tuple(meta["key"]),
        stamp=meta.get("stamp"),
        is_optional=meta.get("is_optional", False),
        columns=tuple(_column(column) for column in raw["columns"] if not _meta(column).get("is_added")),
    )


def _column(raw: dict[str, Any]) -> Column:
    meta = _meta(raw)
    return Column(
        name=raw["name"],
        data_type=raw["data_type"],
        is_optional=meta.get("is_optional", False),
        is_personal=meta.get("is_personal", False),
    )


def _meta(raw: dict[str, Any]) -> dict[str, Any]:
    return raw.get("config", {}).get("meta", {})
