"""The planted truth on disk, apart from the landing."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from . import columns, customers
from .archetypes import ARCHETYPES
from .block import Block
from .months import NEVER
from .parameters import Parameters, Settings
from .randomness import Bools, Ints

MANIFEST = "manifest.json"
TRUTH = "customers.parquet"


def _month_ends(block: Block, months: Ints, valid: Bools) -> pa.Array:
    starts = np.array([block.calendar.start(m) for m in range(block.settings.months)])
    return columns.dates(starts[np.clip(months, 0, len(starts) - 1)], valid)


def table(block: Block) -> pa.Table:
    """What was planted for each customer, as far as it lies inside the history; months as their first day."""
    fate, last = block.fates, block.settings.months
    source, is_duplicate, blocked = customers.originals(block, np.arange(len(block.index)))

    def seen(month: Ints) -> pa.Array:
        return _month_ends(block, month, (month >= 0) & (month < last) & (month < NEVER))

    dormant = (fate.dormant_from < last) & (fate.dormant_from < NEVER)
    has_salary = block.people.has_payroll & ~block.people.is_pension
    has_loan = (block.extra["loans"].count > 0) if "loans" in block.extra else np.zeros(len(block.index), bool)
    return pa.table(
        {
            "customer_id": columns.customers(fate.index),
            "archetype": columns.choices([kind.name for kind in ARCHETYPES], fate.archetype),
            "joined_month": seen(fate.join_month),
            "quality": pa.array(fate.quality),
            "fragility": pa.array(fate.fragility),
            "wealth": columns.money(np.rint(block.people.wealth * 100)),
            "churn_start_month": seen(fate.churn_start),
            "is_churn_abrupt": columns.flags(fate.churn_abrupt, fate.churn_start < last),
            "dormant_since_before": columns.flags(fate.dormant_from < 0),
            "dormancy_start_month": seen(fate.dormant_from),
            "reactivation_month": _month_ends(block, fate.reactivated, dormant & (fate.reactivated < last)),
            "salary_stop_month": _month_ends(block, fate.salary_stop, has_salary & (fate.salary_stop < last)),
            "new_employer_month": _month_ends(block, fate.new_employer, has_salary & (fate.new_employer < last)),
            "default_month": _month_ends(
                block, fate.default_month, has_loan & (fate.default_month >= 0) & (fate.default_month < last)
            ),
            "defaulted_before": columns.flags(has_loan & (fate.default_month < 0)),
            "is_holdout": pa.array(fate.is_holdout),
            "expected_response": pa.array(fate.response),
            "duplicate_of": columns.customers(np.where(is_duplicate, source, -1)),
            "is_merge_blocked": columns.flags(blocked, is_duplicate),
        }
    ).combine_chunks()


class TruthWriter:
    """Writes the truth while the blocks go by."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._writer: pq.ParquetWriter | None = None

    def add(self, block: Block) -> None:
        """Add a finished block."""
        joined = block.fates.join_month < block.settings.months
        rows = table(block).filter(pa.array(joined))
        if self._writer is None:
            self._writer = pq.ParquetWriter(self.folder / TRUTH, rows.schema)
        self._writer.write_table(rows)

    def close(self) -> None:
        """Finish the file."""
        if self._writer is not None:
            self._writer.close()


def _fingerprint() -> str:
    """Short hash of all parameters: a landing can only be continued by the generator that made it."""
    text = repr((Parameters(), ARCHETYPES))
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True)
class Manifest:
    """What a landing was generated with, and what has happened to it since."""

    settings: Settings
    form: str
    landing: str
    parameters: str
    rows: dict[str, int]
    planted: dict[str, int]
    """Dirty rows by table and kind."""
    changes: list[str]
    is_complete: bool
    """False while files are being written, and after a run that was interrupted."""

    @staticmethod
    def plan(settings: Settings, form: str, landing: Path) -> Manifest:
        """What is about to be generated."""
        return Manifest(settings, form, str(landing.resolve()), _fingerprint(), {}, {}, [], is_complete=False)

    def after(self, old: Manifest) -> Manifest:
        """This change on top of what was there."""
        rows = Counter(old.rows) + Counter(self.rows)
        planted = Counter(old.planted) + Counter(self.planted)
        return replace(self, rows=dict(rows), planted=dict(planted), is_complete=True)

    def write(self, folder: Path) -> None:
        """Keep it beside the truth."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(asdict(self), indent=2, sort_keys=True)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")

    @staticmethod
    def made(landing: Path, folder: Path) -> bool:
        """Whether the run that this truth belongs to made that landing."""
        path = folder / MANIFEST
        return path.exists() and json.loads(path.read_text(encoding="utf-8")).get("landing") == str(landing.resolve())

    @staticmethod
    def read(folder: Path) -> Manifest:
        """The manifest of an earlier run, fit to be continued."""
        path = folder / MANIFEST
        if not path.exists():
            raise SystemExit(f"{path} is missing: --change needs the --truth folder of the run that made the landing")
        content = json.loads(path.read_text(encoding="utf-8"))
        if content.get("parameters") != _fingerprint():
            raise SystemExit(f"{path} belongs to another version of the generator: generate the landing again")
        if not content["is_complete"]:
            raise SystemExit(f"{path}: the last run was interrupted: generate the landing again")
        return Manifest(**{**content, "settings": Settings(**content["settings"])})  # ty: ignore[invalid-argument-type]
