"""The CRM system: consents, contacts, campaigns with their holdout and outcomes, complaints, judgements."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from . import codes, columns
from .block import Block, Month
from .months import DAY
from .randomness import Ints, element
from .schema import TABLES

_OFFER, _SERVICE, _COMPLAINT, _NOTICE, _OBJECTION = range(5)
_ACCEPTED, _DECLINED, _SILENT, _RESOLVED, _OPEN = range(5)
_PRODUCTS = (*codes.DEPOSIT_PRODUCTS, *codes.WEALTH_PRODUCTS, *codes.LOAN_PRODUCTS)
_CAMPAIGN_PRODUCTS = (
    "term_deposit",
    "fixed_income_product",
    "large_certificate",
    "cash_management",
    "consumer_loan",
)


def has_consents(block: Block) -> np.ndarray:
    """Customers who were ever asked."""
    return block.draws.chance("crm/asked", block.index, block.parameters.crm.consent_share)


def _consent_rows(customer: Ints, consent: Ints, granted: np.ndarray, stamp: Ints) -> pa.Table:
    return pa.table(
        [
            columns.customers(customer),
            columns.choices(codes.CONSENTS, consent),
            columns.flags(granted),
            columns.stamps(stamp),
        ],
        names=TABLES["crm.consents"].names,
    )


def consents(block: Block, month: Month) -> pa.Table:
    """First decisions of those who are new to the landing, and later changes of mind."""
    crm, draws, number, index = block.parameters.crm, block.draws, month.number, block.index
    asked = has_consents(block)
    begins = asked & ((block.fates.join_month == number) | ((number == 0) & (block.fates.join_month < 0)))
    tables = []
    for consent, share in ((0, crm.marketing_granted), (1, crm.profiling_granted)):
        rows = np.flatnonzero(begins)
        first = draws.chance("crm/granted", index * 2 + consent, share)
        ago = draws.integers("crm/when", index * 2 + consent, 5 * DAY, 500 * DAY)
        start = np.maximum(block.people.since_day * DAY, month.start * DAY - ago)
        stamp = np.where(block.fates.join_month < 0, start + 40_000, block.people.since_day * DAY + 50_000)
        tables.append(_consent_rows(index[rows], np.full(len(rows), consent), first[rows], stamp[rows]))
        changes = asked & ~begins & month.here
        changes &= draws.chance("crm/changes", index * 2 + consent, crm.consent_change, number)
        rows = np.flatnonzero(changes)
        now = draws.chance(
            "crm/mind",
            index[rows] * 2 + consent,
            np.where(first[rows], 1 - crm.granted_again, crm.granted_again),
            number,
        )
        stamp = month.stamp(draws.integers("crm/change_at", index[rows] * 2 + consent, DAY, 26 * DAY, number))
        tables.append(_consent_rows(index[rows], np.full(len(rows), consent), now, stamp))
    return pa.concat_tables(tables)


def _offers(block: Block, month: Month) -> dict[str, np.ndarray]:
    """The month's campaign, if there is one. Acceptance brings new money next month; the holdout isn't
    contacted and buys less often, by itself."""
    crm, draws, number, index = block.parameters.crm, block.draws, month.number, block.index
    active = number % crm.campaign_every == 1
    granted = has_consents(block) & draws.chance("crm/granted", index * 2, crm.marketing_granted)
    reached = (
        granted & month.here & ~month.asleep & draws.chance("crm/reached", index, crm.campaign_reach * active, number)
    )
    reached &= block.fates.join_month < number
    rows = np.flatnonzero(reached)
    holdout = block.fates.is_holdout[rows]
    uniform = draws.uniform("crm/accepts", index[rows], number)
    chance = block.fates.response[rows] * np.where(holdout, crm.organic, 1.0)
    accepted = uniform < chance
    outcome = np.where(accepted, _ACCEPTED, np.where((uniform < crm.declined_below) & ~holdout, _DECLINED, _SILENT))
    low, high = crm.accepted_inflow
    size = draws.between("crm/brings", index[rows], low, high, number)
    block.inflow[rows] += np.where(
        accepted, size * np.minimum(block.people.wealth[rows], crm.offer_wealth_most) * 100, 0.0
    )
    return {
        "who": rows,
        "kind": np.full(len(rows), _OFFER),
        "outcome": outcome,
        "holdout": holdout.astype(int),
    }


def _contacts(block: Block, month: Month) -> list[dict[str, np.ndarray]]:
    """Service, complaints, notices and objections."""
    crm, draws, number = block.parameters.crm, block.draws, month.number
    near_churn = (month.churn_age >= -2) & (month.churn_age < 6)
    waves = (
        (_SERVICE, np.where(month.asleep, crm.asleep, 1.0) * crm.service, crm.resolved[0]),
        (_COMPLAINT, np.where(near_churn, crm.complaint_churner, crm.complaint), crm.resolved[1]),
        (_NOTICE, np.full(len(block.index), crm.notice), -1.0),
        (_OBJECTION, np.full(len(block.index), crm.objection), crm.resolved[2]),
    )
    result = []
    for kind, rate, resolved in waves:
        rows = np.flatnonzero(month.here & draws.chance(f"crm/contact{kind}", block.index, rate, number))
        solved = draws.chance(f"crm/solved{kind}", block.index[rows], resolved, number)
        outcome = np.where(solved, _RESOLVED, _OPEN) if resolved >= 0 else np.full(len(rows), -1)
        result.append(
            {
                "who": rows,
                "kind": np.full(len(rows), kind),
                "outcome": outcome,
                "holdout": np.full(len(rows), -1),
            }
        )
    return result


def interactions(block: Block, month: Month) -> pa.Table:
    """Rows of crm.interactions of a month."""
    parts = [_offers(block, month), *_contacts(block, month)]
    merged = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    who, kind = merged["who"], merged["kind"]
    draws, number = block.draws, month.number
    customer = block.index[who]
    day = draws.integers("crm/day", element(customer, kind), 1, month.days, number)
    hour = draws.integers("crm/hour", element(customer, kind), 9 * 3600, 18 * 3600, number)
    early = month.earliest[who]
    stamp = month.stamp(np.maximum(day * DAY + hour, early + 600))
    is_offer = kind == _OFFER
    sold = number // block.parameters.crm.campaign_every % len(_CAMPAIGN_PRODUCTS)
    product = np.where(is_offer, _PRODUCTS.index(_CAMPAIGN_PRODUCTS[sold]), -1)
    some = draws.chance("crm/product", element(customer, kind), block.parameters.crm.product_named, number) & ~is_offer
    product = np.where(some, draws.integers("crm/which", element(customer, kind), 0, len(_PRODUCTS), number), product)
    name = f"CMP-{month.calendar.label(number)}-{_CAMPAIGN_PRODUCTS[sold].upper()}"
    return pa.table(
        [
            columns.numbered("I", (block.calendar.compact(number) * 10**8 + customer) * 10 + kind, 13),
            columns.customers(customer),
            columns.stamps(stamp),
            columns.choices(codes.INTERACTIONS, kind),
            columns.choices(_PRODUCTS, product),
            columns.choices((name,), np.where(is_offer, 0, -1)),
            columns.flags(merged["holdout"] == 1, is_offer),
            columns.choices(codes.OUTCOMES, merged["outcome"]),
        ],
        names=TABLES["crm.interactions"].names,
    )


_JUDGED = (
    ("value_tier", "ordinary"),
    ("value_tier", "mid"),
    ("value_tier", "high"),
    ("need", "wealth"),
    ("need", "financing"),
    ("need", "settlement"),
    ("need", "mixed"),
    ("activity", "active"),
    ("activity", "slowing"),
    ("class", "quality"),
    ("class", "potential"),
    ("class", "general"),
    ("class", "risk"),
)
_REASONS = (
    "Key relation of the branch",
    "网点重点客户, 由客户经理提名",
    'Visited on site; "real" business, larger than it looks',
    "Merger announced,\nfunds will move",
    "Family of a key customer",
)


def judgements(block: Block, month: Month) -> pa.Table:
    """Expert judgements: some without approval, some that have run out, some that overlap an earlier one."""
    draws, number, crm = block.draws, month.number, block.parameters.crm
    chance = draws.chance("crm/judged", block.index, crm.judgement, number)
    rows = np.flatnonzero(month.here & chance & (block.fates.join_month < number))
    rows = np.repeat(rows, np.where(draws.chance("crm/overlap", block.index[rows], crm.overlapping, number), 2, 1))
    again = np.r_[False, rows[1:] == rows[:-1]] if len(rows) else np.zeros(0, bool)
    customer = block.index[rows]
    kind = draws.integers("crm/judgement", customer, 0, len(_JUDGED), number)
    # The overlapping one has the same dimension, another value and a later start.
    dimension = [_JUDGED[k][0] for k in kind]
    values = [[value for name, value in _JUDGED if name == d] for d in dimension]
    place = [names.index(_JUDGED[k][1]) for names, k in zip(values, kind, strict=True)]
    value = [names[(p + int(a)) % len(names)] for names, p, a in zip(values, place, again, strict=True)]
    start = month.start + draws.integers("crm/judged_day", customer, 0, 20, number) + 7 * again
    length = draws.choose("crm/judged_for", customer, crm.lasting, number)
    end = start + np.array([60, 180, 365, 0])[length]
    approved = draws.chance("crm/approved", element(customer, again), crm.approved, number)
    reason = draws.integers("crm/reason", element(customer, again), 0, len(_REASONS), number)
    return pa.table(
        [
            columns.customers(customer),
            pa.array(dimension, pa.string()),
            pa.array(value, pa.string()),
            columns.choices(_REASONS, reason),
            columns.numbered("RM", customer % 211, 4),
            columns.numbered("HEAD", np.where(approved, customer % 17, -1), 2),
            columns.dates(start),
            columns.dates(end, length < 3),
        ],
        names=TABLES["crm.judgements"].names,
    )


def risk_assessments(block: Block, month: Month, investor: np.ndarray, boldness: np.ndarray) -> pa.Table:
    """Risk assessments: most are renewed after a year, some run out, a few change their level."""
    wealth, draws, number, index = block.parameters.wealth, block.draws, month.number, block.index
    share = np.where(investor, wealth.assessed_share, wealth.assessed_others)
    assessed = ~block.fates.is_corporate & draws.chance("wealth/assessed", index, share)
    phase = draws.integers("wealth/phase", index, 0, 12)
    starts = (number == 0) & (block.fates.join_month < 0) & assessed
    renewed = draws.chance("wealth/renewed", index, wealth.reassessed, number)
    due = assessed & month.here & (number % 12 == phase) & (number > block.fates.join_month)
    due &= (renewed | (block.fates.join_month + 12 > number) & (block.fates.join_month >= 0)) & ~month.asleep
    tables = []
    for chosen, is_first in ((starts, True), (due, False)):
        rows = np.flatnonzero(chosen)
        # Before the history: one assessment 12 months before the customer's phase, up to two years old.
        ago = (12 - phase[rows]) * 30 + 365 * draws.chance("wealth/old", index[rows], wealth.old_assessment)
        day = month.start - ago if is_first else month.start + draws.integers("wealth/on", index[rows], 1, 27, number)
        day = np.maximum(day, block.people.since_day[rows])
        noise = wealth.level_noise * draws.normal("wealth/assessment", index[rows], number if not is_first else -1)
        level = np.searchsorted(wealth.level_edges, boldness[rows] + noise)
        tolerance = np.clip(50 + 17 * (boldness[rows] + noise), 0, 100).round(1)
        awareness = np.clip(
            55 + 12 * block.fates.quality[rows] + 12 * draws.normal("wealth/awareness", index[rows], number),
            0,
            100,
        ).round(1)
        tables.append(
            pa.table(
                [
                    columns.customers(index[rows]),
                    columns.stamps(day * DAY + 39_600),
                    columns.choices(codes.RISK_LEVELS, level),
                    pa.array(tolerance),
                    pa.array(awareness),
                ],
                names=TABLES["wealth.risk_assessments"].names,
            )
        )
    return pa.concat_tables(tables)
