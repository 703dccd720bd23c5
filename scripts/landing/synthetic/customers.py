"""The customer records: versions of the attributes over time, duplicate parties, obviously synthetic
identities."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import codes, columns
from .archetypes import of_each
from .block import Block, Month
from .fates import archetypes, join_months
from .months import DAY
from .people import birth_days
from .randomness import Bools, Ints
from .schema import TABLES

_SIZES_BY_STAFF = (10, 40, 400)
_PHONES = 1_000
"""The numbers +44 7700 900000 to 900999 are reserved for fiction; many customers share one."""


@dataclass
class Records:
    """Current values of the attributes that change."""

    region: Ints
    branch: Ints
    occupation: Ints
    marital: Ints
    dependents: Ints
    income: Ints
    """Declared annual income, cents; -1 not given."""
    staff: Ints
    revenue: Ints
    size: Ints
    phone: Ints


def create(block: Block) -> Records:
    """Values of the first version."""
    who, draws, index, rates = block.people, block.draws, block.index, block.parameters.records
    corporate = block.fates.is_corporate
    declared = who.income * 12 * np.exp(rates.declared_sigma * draws.normal("records/declared", index))
    given = draws.chance("records/income_given", index, rates.income_given) & ~corporate
    revenue = who.income * 12 * draws.between("records/revenue", index, *rates.revenue_spread)
    staff = np.maximum(
        1, revenue / rates.revenue_per_head * np.exp(rates.staff_sigma * draws.normal("records/staff", index))
    ).astype(np.int64)
    size = 3 - np.searchsorted(_SIZES_BY_STAFF, staff)
    return Records(
        region=who.region.copy(),
        branch=draws.integers("records/branch", index, 0, block.parameters.population.branches_per_region),
        occupation=np.where(draws.chance("records/no_occupation", index, rates.no_occupation), -1, who.occupation),
        marital=who.marital.copy(),
        dependents=who.dependents.copy(),
        income=np.where(given, np.floor(declared / 100) * 10_000, -1).astype(np.int64),
        staff=np.where(corporate, staff, -1),
        revenue=np.where(corporate, np.floor(revenue / 1_000) * 100_000, -1).astype(np.int64),
        size=np.where(corporate & draws.chance("records/size_given", index, rates.size_given), size, -1),
        phone=index * 37 % _PHONES,
    )


def change(block: Block, month: Month, records: Records) -> Ints:
    """Change attributes of some customers; returns who has a new version."""
    draws, number = block.draws, month.number
    rate = block.parameters.records.change
    moves_on = (
        month.here & (block.fates.join_month < number) & draws.chance("records/changes", block.index, rate, number)
    )
    rows = np.flatnonzero(moves_on)
    kind = draws.choose("records/kind", block.index[rows], block.parameters.records.change_kinds, number)
    corporate = block.fates.is_corporate[rows]
    at = rows[kind == 0]
    records.region[at] = draws.integers(
        "records/moved", block.index[at], 0, block.parameters.population.regions, number
    )
    records.phone[at] = (records.phone[at] + 501) % _PHONES
    at = rows[(kind == 1) & ~corporate]
    records.occupation[at] = draws.integers("records/job", block.index[at], 0, len(codes.OCCUPATIONS), number)
    at = rows[(kind == 2) & (records.income[rows] > 0)]
    records.income[at] = records.income[at] // 1_000_000 * 1_080_000
    at = rows[(kind == 3) & ~corporate]
    records.marital[at] = np.where(records.marital[at] == 0, 1, records.marital[at])
    records.dependents[at] = np.minimum(records.dependents[at] + 1, 6)
    at = rows[(kind >= 2) & corporate]
    records.staff[at] = np.maximum(records.staff[at] * 6 // 5, 2)
    records.revenue[at] = records.revenue[at] // 100_000 * 115_000
    records.size[at] = 3 - np.searchsorted(_SIZES_BY_STAFF, records.staff[at])
    return rows


def originals(block: Block, rows: Ints) -> tuple[Ints, Bools, Bools]:
    """For duplicate parties the customer whose document they share (else themselves), whether they are
    duplicates, and whether their birth date differs, so that they must not merge."""
    index = block.index[rows]
    rates = block.parameters.records
    share = rates.duplicate
    earlier = np.maximum(index - 1, 0)
    is_duplicate = block.draws.chance("records/duplicate", index, share)
    is_duplicate &= ~block.draws.chance("records/duplicate", earlier, share) & (index > 0)
    corporate = of_each("corporate")
    same_kind = corporate[archetypes(earlier, block.draws, block.parameters)] == block.fates.is_corporate[rows]
    known = join_months(earlier, block.settings) <= block.fates.join_month[rows]
    is_duplicate &= same_kind & known
    blocked = (
        is_duplicate
        & block.draws.chance("records/blocked", index, rates.duplicate_blocked)
        & ~block.fates.is_corporate[rows]
    )
    return np.where(is_duplicate, earlier, index), is_duplicate, blocked


def _documents(block: Block, rows: Ints, source: Ints, is_duplicate: Bools) -> pa.Array:
    """Document numbers; a duplicate's is typed in another way; some are placeholders or missing."""
    plain = columns.numbered("SYN", source * 7919 + 100_000_000_000, 15, "X")
    typed = columns.numbered("syn-", source * 7919 + 100_000_000_000, 15, " x ")
    clean = columns.numbered("SYN ", source * 7919 + 100_000_000_000, 15, "-X")
    odd = block.index[rows] % 2 == 0
    numbers = pc.if_else(pa.array(is_duplicate), pc.if_else(pa.array(odd), typed, clean), plain)
    special = block.draws.uniform("records/document", block.index[rows])
    limit = 0.0
    for text, share in (*block.parameters.records.placeholders, (None, block.parameters.records.no_document)):
        chosen = (special >= limit) & (special < limit + share) & ~is_duplicate
        numbers = pc.if_else(pa.array(chosen), pa.scalar(text, pa.string()), numbers)
        limit += share
    return numbers


def _names(block: Block, rows: Ints) -> pa.Array:
    index, corporate = block.index[rows], block.fates.is_corporate[rows]
    english = columns.numbered("Synthetic Person ", index, 8)
    chinese = columns.numbered("合成客户", index, 8)
    firm = columns.numbered("Synthetic Company ", index, 8)
    person = pc.if_else(pa.array(index % 3 == 0), english, chinese)
    return pc.if_else(pa.array(corporate), firm, person)


def table(block: Block, records: Records, rows: Ints, stamp: Ints) -> pa.Table:
    """Rows of core.customers with the present values."""
    who, index, corporate = block.people, block.index[rows], block.fates.is_corporate[rows]
    rates = block.parameters.records
    source, is_duplicate, blocked = originals(block, rows)
    document = np.where(corporate, 2, np.where(block.draws.chance("records/passport", source, rates.passport), 1, 0))
    birth = _birth_days(block, source, blocked)
    has_birth = ~corporate & ~block.draws.chance("records/no_birth", index, rates.no_birth_date)
    return pa.table(
        [
            columns.customers(index),
            columns.choices(("individual", "corporate"), corporate.astype(int)),
            _names(block, rows),
            columns.choices(codes.DOCUMENT_TYPES, document),
            _documents(block, rows, source, is_duplicate),
            columns.numbered("+44 7700 900", records.phone[rows], 3),
            columns.numbered("customer", index, 8, "@example.com"),
            columns.dates(birth, has_birth),
            columns.choices(codes.GENDERS, who.gender[rows]),
            columns.choices(codes.EDUCATIONS, who.education[rows]),
            columns.choices(codes.OCCUPATIONS, records.occupation[rows]),
            columns.choices(codes.MARITAL_STATUSES, records.marital[rows]),
            columns.counts(records.dependents[rows], records.dependents[rows] >= 0),
            columns.money(records.income[rows], records.income[rows] >= 0),
            columns.choices(codes.INDUSTRIES, who.industry[rows]),
            columns.choices(codes.ENTERPRISE_SIZES, records.size[rows]),
            columns.counts(records.staff[rows], records.staff[rows] >= 0),
            columns.money(records.revenue[rows], records.revenue[rows] >= 0),
            columns.numbered("R", records.region[rows] + 1, 2),
            columns.numbered("B", (records.region[rows] + 1) * 100 + records.branch[rows], 4),
            columns.numbered("RM", np.where(who.wealth[rows] > rates.manager_from, index % 211, -1), 4),
            columns.dates(who.since_day[rows]),
            columns.stamps(stamp),
        ],
        names=TABLES["core.customers"].names,
    )


def _birth_days(block: Block, source: Ints, blocked: Bools) -> Ints:
    """Own birth day; a duplicate has that of its original, or another where the merge must be blocked."""
    archetype = archetypes(source, block.draws, block.parameters)
    return birth_days(source, archetype, block.draws, block.calendar) + blocked * 366


def earlier_versions(block: Block, records: Records, rows: Ints, stamp: Ints) -> pa.Table:
    """Versions from before those that the history begins with: another branch and phone, a lower income."""
    share = block.parameters.records.earlier_version
    at = block.draws.chance("records/earlier", block.index[rows], share) & (block.fates.join_month[rows] < 0)
    rows, stamp = rows[at], stamp[at]
    earlier = replace(
        records,
        branch=(records.branch + 1) % block.parameters.population.branches_per_region,
        phone=(records.phone + 77) % _PHONES,
        income=np.where(records.income > 0, records.income // 1_000_000 * 900_000, records.income),
    )
    return table(
        block,
        earlier,
        rows,
        stamp - block.draws.integers("records/ago", block.index[rows], 30 * DAY, 600 * DAY),
    )


def first_stamps(block: Block, rows: Ints) -> Ints:
    """When the first landed version was written: any time in the three years before the history, or on
    joining."""
    old = block.fates.join_month[rows] < 0
    ago = block.draws.integers("records/first", block.index[rows], 5 * DAY, 1_000 * DAY)
    start = block.calendar.start(0) * DAY
    since = block.people.since_day[rows] * DAY + 64_000
    return np.where(old, np.maximum(start - ago, np.minimum(since, start - DAY)), since)
