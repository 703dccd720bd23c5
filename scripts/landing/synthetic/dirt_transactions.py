"""Dirt of the transactions, vectorised: resends, older versions, odd codes, and phantom rows that must be
rejected."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa

from . import codes, columns
from .accounts import MAIN
from .block import Block, Month
from .ledger import Booked
from .months import DAY, day_number
from .parameters import Dirt
from .randomness import Ints
from .schema import TABLES

_CODES = len(codes.TRANSACTION_CODES)
_CHANNELS = len(codes.CHANNELS)
CODE_TEXTS = (
    *codes.TRANSACTION_CODES,
    *(c.upper() for c in codes.TRANSACTION_CODES),
    *(f" {c} " for c in codes.TRANSACTION_CODES),
    "teleport",
)
CHANNEL_TEXTS = (*codes.CHANNELS, *(c.title() for c in codes.CHANNELS), "carrier_pigeon")
DIRECTION_TEXTS = (*codes.DIRECTIONS, *(d.upper() for d in codes.DIRECTIONS), "sideways")
_UNKNOWN_CODE, _UNKNOWN_CHANNEL, _UNKNOWN_DIRECTION = 3 * _CODES, 2 * _CHANNELS, 4

AWAITED_NUMBER = 900
"""Running number of an account that the ledger knows, but that only lands with the late facts."""
AWAITED_FROM_MONTH = 2
_NOBODY = 99_000_000_000
_LONG_AGO = day_number("1995-05-05") * DAY + 36_000
_KINDS = (
    "orphan",
    "non_positive_amount",
    "non_positive_amount",
    "unknown_code",
    "unknown_code",
    "bad_reversal",
    "bad_reversal",
    "bad_reversal",
    "version_conflict",
    "impossible_date",
    "impossible_date",
    "missing_value",
    "missing_value",
    "missing_key",
    "orphan",
)


def transaction_table(booked: Booked, amount_known: np.ndarray | None = None) -> pa.Table:
    """Rows of core.transactions."""
    return pa.table(
        [
            columns.transactions(booked.id),
            _account_ids(booked.account),
            columns.stamps(booked.booked),
            columns.money(booked.cents, amount_known),
            columns.choices(DIRECTION_TEXTS, booked.is_debit),
            columns.choices(CODE_TEXTS, booked.code),
            columns.choices(CHANNEL_TEXTS, booked.channel),
            columns.parties(booked.party),
            columns.choices(codes.BANKS, booked.bank),
            columns.money(booked.balance),
            columns.transactions(booked.reverses),
            columns.stamps(booked.loaded),
        ],
        names=TABLES["core.transactions"].names,
    )


def _account_ids(account: Ints) -> pa.Array:
    """Account ids as a dictionary: an account has several rows."""
    distinct, places = np.unique(account, return_inverse=True)
    unknown = int(np.searchsorted(distinct, 0))
    return columns.indexed(columns.accounts(distinct[unknown:]), places - unknown, pa.int32())


def awaited(block: Block, every: int) -> Ints:
    """Customers of the block with an account that is still awaited."""
    return np.flatnonzero(
        (block.index % every == every // 2) & (block.fates.join_month < 0) & ~block.fates.is_corporate
    )


def awaited_cents(customer: Ints) -> Ints:
    """What such an account receives every month."""
    return 50_000 + customer * 7 % 100 * 1_000


def _awaited_rows(block: Block, month: Month, every: int) -> Booked:
    """One deposit a month on each awaited account."""
    who = awaited(block, every) if month.number >= AWAITED_FROM_MONTH else np.zeros(0, np.int64)
    customer = block.index[who]
    cents = awaited_cents(customer)
    booked = month.start * DAY + (8 + customer % 15) * DAY + 40_000
    none = np.full(len(who), -1)
    return Booked(
        id=block.calendar.compact(month.number) * 10**12 + customer * 10**4 + 8_000,
        account=customer * 1_000 + AWAITED_NUMBER,
        booked=booked,
        cents=cents,
        is_debit=np.zeros(len(who), dtype=np.int64),
        code=none * 0 + codes.CODE["cash_deposit"],
        channel=none * 0,
        party=none,
        bank=none,
        balance=cents * (month.number - AWAITED_FROM_MONTH + 1),
        reverses=none,
        loaded=(booked // DAY + 1) * DAY + 10_800,
    )


def _phantoms(block: Block, month: Month, booked: Booked, share: float) -> tuple[Booked, np.ndarray, Counter[str]]:
    """Extra rows, each with one thing wrong; made from real ones under numbers of their own."""
    uniform = block.draws.uniform("dirt/transactions/phantom", booked.id, month.number)
    chosen = np.flatnonzero(uniform < share * len(_KINDS))
    kind = (uniform[chosen] / share).astype(np.int64)
    real = booked.take(chosen)
    new = booked.take(chosen)
    new.is_debit = new.is_debit.astype(np.int64)
    new.id = real.id // 10_000 * 10_000 + 9_000 + real.id % 1_000
    new.reverses = np.full(len(chosen), -1)
    neighbour = (real.account // 1_000 ^ 1) * 1_000
    new.account = np.select(
        [kind == 0, kind == 7, kind == 11], [_NOBODY + 1 + real.id % 50, neighbour, -1], real.account
    )
    new.cents = np.select([kind == 1, kind == 2, kind == 6], [0, -real.cents, real.cents + 100], real.cents)
    new.code = np.select([kind == 3, (kind >= 5) & (kind <= 7)], [_UNKNOWN_CODE, codes.CODE["reversal"]], real.code)
    new.is_debit = np.select(
        [kind == 4, (kind == 6) | (kind == 7)], [_UNKNOWN_DIRECTION, 1 - new.is_debit], new.is_debit
    )
    # Kinds 5 to 7 reverse in the same direction, too much, and on another account; 14 a rejected original.
    new.reverses = np.where((kind >= 5) & (kind <= 7), real.id, new.reverses)
    new.booked = np.where(kind == 10, _LONG_AGO, real.booked)
    new.booked = np.where((kind >= 5) & (kind <= 7), np.minimum(real.booked + 60, real.loaded), new.booked)
    new.loaded = np.where(kind == 9, real.booked - 3 * DAY, real.loaded)
    new.id = np.where(kind == 13, -1, new.id)
    amount_known = kind != 12
    again = np.flatnonzero(kind == 8)
    conflict = new.take(again)
    conflict.cents = conflict.cents + 1
    last = np.flatnonzero(kind == 14)
    original, reversal = real.take(last), real.take(last)
    for rows, number in ((original, 9_000), (reversal, 7_000)):
        rows.id = rows.id // 10_000 * 10_000 + number + rows.id % 1_000
        rows.is_debit = rows.is_debit.astype(np.int64)
    original.cents = -original.cents
    reversal.code = np.full(len(last), codes.CODE["reversal"])
    reversal.is_debit = 1 - reversal.is_debit
    reversal.reverses = original.id.copy()
    keep = kind != 14
    parts = [new.take(np.flatnonzero(keep)), conflict, original, reversal]
    known = np.r_[amount_known[keep], np.ones(len(again) + 2 * len(last), bool)]
    planted = Counter(f"core.transactions: {_KINDS[k]}" for k in kind.tolist())
    planted["core.transactions: version_conflict"] += len(again)
    planted["core.transactions: non_positive_amount"] += len(last)
    return Booked.join(parts), known, planted


def _after_closing(block: Block, month: Month, booked: Booked, share: float) -> Booked:
    """Rows booked on an account after it was closed."""
    customer = booked.account // 1_000
    who = customer - block.index[0]
    place = np.full(len(who), MAIN)
    closed = (block.accounts.number[who, place] < 0) & (booked.account % 1_000 == 0)
    chosen = np.flatnonzero(
        closed & block.draws.chance("dirt/transactions/closed", booked.id, min(1.0, share * 200), month.number)
    )
    late = booked.take(chosen)
    late.is_debit = late.is_debit.astype(np.int64)
    late.id = late.id // 10_000 * 10_000 + 6_000 + late.id % 1_000
    late.booked = late.booked + 40 * DAY
    late.loaded = late.loaded + 41 * DAY
    late.reverses = np.full(len(chosen), -1)
    return late


def soiled(block: Block, month: Month, booked: Booked, shares: Dirt) -> tuple[pa.Table, Counter[str]]:
    """The month's transactions with their dirt, as a table, and what was planted."""
    draws, number = block.draws, month.number
    phantoms, known, planted = _phantoms(block, month, booked, shares.phantom)
    after = _after_closing(block, month, booked, shares.phantom)
    resent = booked.take(np.flatnonzero(draws.chance("dirt/transactions/resend", booked.id, shares.resend, number)))
    older = booked.take(
        np.flatnonzero(draws.chance("dirt/transactions/older", booked.id, shares.older_version, number))
    )
    older.cents = older.cents + 100 + older.id % 900
    older.loaded = np.maximum(older.booked + 30, older.loaded - 6 * 3_600)
    odd = draws.uniform("dirt/transactions/odd", booked.id, number)
    booked.is_debit = booked.is_debit.astype(np.int64)
    for rows in (booked, resent, older):
        at = odd if rows is booked else draws.uniform("dirt/transactions/odd", rows.id, number)
        rows.is_debit = rows.is_debit + 2 * (at < shares.odd_case / 3)
        rows.code = rows.code + _CODES * ((at > shares.odd_case / 3) & (at < shares.odd_case * 2 / 3))
        rows.code = rows.code + 2 * _CODES * ((at > shares.odd_case * 2 / 3) & (at < shares.odd_case))
        rows.channel = np.where((at > 0.5) & (at < 0.5 + shares.odd_channel), _UNKNOWN_CHANNEL, rows.channel)
        titled = (at > 0.6) & (at < 0.6 + shares.odd_case) & (rows.channel >= 0) & (rows.channel < _CHANNELS)
        rows.channel = rows.channel + _CHANNELS * titled
    waiting = _awaited_rows(block, month, shares.awaited_accounts)
    parts = [booked, resent, older, phantoms, after, waiting]
    everything = Booked.join(parts)
    amount_known = np.ones(len(everything), dtype=bool)
    start = len(booked) + len(resent) + len(older)
    amount_known[start : start + len(known)] = known
    planted.update(
        {
            "core.transactions: resend": len(resent),
            "core.transactions: older_version": len(older),
            "core.transactions: impossible_date": len(after),
            "core.transactions: awaited_account": len(waiting),
            "core.transactions: odd_case": int((odd < shares.odd_case).sum()),
            "core.transactions: nulled": int(((odd > 0.5) & (odd < 0.5 + shares.odd_channel)).sum()),
        }
    )
    return transaction_table(everything, None if amount_known.all() else amount_known), planted
