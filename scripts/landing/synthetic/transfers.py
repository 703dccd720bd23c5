"""Transfers between a customer's own accounts, foreign-currency accounts, joining and leaving."""

from __future__ import annotations

import numpy as np

from . import investments, lending
from .accounts import FOREIGN, MAIN, NO_OPENING, PLACES, SECOND, TERMS
from .block import Block, Month, main_product
from .codes import CHANNEL, CODE, PRODUCT, party
from .market import base_rate
from .months import DAY
from .randomness import Ints


def join(block: Block, month: Month) -> None:
    """Open the main account of the customers who join in this month; some bring a balance from a migrated
    system."""
    draws, who, kinds = block.draws, block.people, block.parameters.accounts
    rows = np.flatnonzero(block.fates.join_month == month.number)
    if not len(rows):
        return
    block.target[rows] = np.maximum(who.wealth[rows], 50.0) * 100
    migrated = draws.chance("join/migrated", block.index[rows], kinds.migrated_share)
    opening = np.where(migrated, np.floor(block.target[rows] * kinds.migrated_part), 0).astype(np.int64)
    null = ~migrated & draws.chance("join/null", block.index[rows], 0.6)
    opened = month.start + who.join_second[rows] // DAY
    product = main_product(block)[rows]
    block.accounts.open(
        rows,
        MAIN,
        product=product,
        opened=opened,
        opening=np.where(null, NO_OPENING, opening),
        rate=np.asarray(kinds.demand_rates)[product],
        stamp=opened * DAY + 66_000,
        channel=draws.choose("join/channel", block.index[rows], kinds.channels_new),
    )


def open_more(block: Block, month: Month) -> None:
    """Customers who open a second or a foreign-currency account; it is filled by later transfers."""
    accounts, draws, rates, number = block.accounts, block.draws, block.parameters.accounts, month.number
    may = month.here & ~month.asleep & (month.churn_age < 0) & (block.fates.join_month < number)
    digital = np.where(block.people.digital == 2, CHANNEL["mobile"], CHANNEL["counter"])
    kinds = (
        (SECOND, rates.second_opened, ("demand_deposit", "notice_deposit"), [1.0]),
        (FOREIGN, rates.foreign_opened, ("foreign_currency_deposit",), rates.currencies),
    )
    for place, rate, products, currencies in kinds:
        free = may & (accounts.number[:, place] < 0) & (accounts.start_number[:, place] < 0)
        rows = np.flatnonzero(free & draws.chance(f"open/{place}", block.index, rate, number))
        chosen = draws.integers(f"open/{place}/product", block.index[rows], 0, len(products), number)
        product = np.array([PRODUCT[name] for name in products])[chosen]
        currency = draws.choose(f"open/{place}/currency", block.index[rows], currencies, number)
        opened = month.start + draws.integers(f"open/{place}/day", block.index[rows], 0, month.days, number)
        accounts.open(
            rows,
            place,
            product=product,
            currency=currency,
            opened=opened,
            rate=np.asarray(rates.demand_rates)[product],
            channel=digital[rows],
            stamp=opened * DAY + 66_000,
        )


def own_transfers(block: Block, month: Month) -> None:
    """Money between the main and the second account; some second accounts are emptied and closed."""
    accounts, draws, number, kinds = block.accounts, block.draws, month.number, block.parameters.accounts
    has = accounts.is_open(SECOND) & month.here & ~month.asleep
    leaves = np.where(month.churn_age >= 0, kinds.second_closed_churner, kinds.second_closed)
    closes = has & draws.chance("own/closes", block.index, leaves, number)
    moves = has & ~closes & draws.chance("own/moves", block.index, kinds.own_transfer, number)
    to_main = draws.chance("own/way", block.index, 0.5, number)
    share = draws.between("own/share", block.index, *kinds.own_transfer_part, number)
    second = draws.integers("own/at", block.index, 9 * 3600, (month.days - 2) * DAY, number)
    # The withdrawal must not meet the interest of the 21st in a closing account.
    balance = accounts.balance[:, SECOND]
    amount = np.where(to_main, balance * share, -np.minimum(month.spendable, 0.5 * np.abs(block.target)) * share)
    amount = np.where(closes, balance, np.trunc(amount / 1_000) * 1_000).astype(np.int64)
    rows = np.flatnonzero((moves | closes) & ((amount != 0) | closes))
    channel = np.array([CHANNEL["counter"], CHANNEL["online"], CHANNEL["mobile"]])[block.people.digital[rows]]
    for place, sign, later in ((MAIN, 1, 1), (SECOND, -1, 0)):
        month.journal.add(
            rows,
            place,
            accounts.number[rows, place],
            second[rows] + later,
            sign * amount[rows],
            CODE["own_transfer"],
            channel,
            party=party("self", block.index[rows]),
            bank=0,
        )
    out = np.maximum(-amount, 0)
    month.spendable[rows] -= out[rows]
    rows = np.flatnonzero(closes)
    day = month.start + second[rows] // DAY
    accounts.close(rows, SECOND, day, (day + 1) * DAY + 7_200)
    block.target[rows] += balance[rows] * (month.churn_age[rows] < 0)


def foreign(block: Block, month: Month) -> None:
    """Foreign currency: incoming transfers, exchange against the main account, payments abroad."""
    accounts, draws, number, kinds = block.accounts, block.draws, month.number, block.parameters.accounts
    rows = np.flatnonzero(accounts.is_open(FOREIGN) & month.here & ~month.asleep)
    rows = rows[draws.chance("foreign/moves", block.index[rows], kinds.foreign_moves * month.activity[rows], number)]
    kind = draws.choose("foreign/kind", block.index[rows], kinds.foreign_kinds, number)
    share = draws.between("foreign/share", block.index[rows], *kinds.foreign_part_moved, number)
    cents = np.floor(np.maximum(accounts.balance[rows, FOREIGN], 20_000) * share / 100).astype(np.int64) * 100
    second = draws.integers("foreign/at", block.index[rows], 9 * 3600, (month.days - 1) * DAY, number)
    channel = np.where(block.people.digital[rows] == 0, CHANNEL["counter"], CHANNEL["online"])
    rate = base_rate(draws, number, block.parameters.market)[accounts.currency[rows, FOREIGN]]
    in_base = np.rint(cents * rate).astype(np.int64)
    held = accounts.balance[rows, FOREIGN] >= 20_000
    affordable = np.select([kind == 1, kind >= 2], [in_base <= month.spendable[rows], held], True)
    number_of = accounts.number[rows, FOREIGN]
    for which, code, sign, bank in (
        (0, "transfer_in", 1, 1 + block.index[rows] % 6),
        (1, "own_transfer", 1, 0),
        (2, "own_transfer", -1, 0),
        (3, "transfer_out", -1, 1 + block.index[rows] % 6),
    ):
        at = np.flatnonzero((kind == which) & affordable)
        partner = party("self" if code == "own_transfer" else "firm", block.index[rows[at]])
        month.journal.add(
            rows[at],
            FOREIGN,
            number_of[at],
            second[at],
            sign * cents[at],
            CODE[code],
            channel[at],
            party=partner,
            bank=np.broadcast_to(bank, len(rows))[at],
            flexible=sign < 0 and code != "own_transfer",
        )
        if code == "own_transfer":
            month.journal.add(
                rows[at],
                MAIN,
                accounts.number[rows[at], MAIN],
                second[at] + 1,
                -sign * in_base[at],
                CODE[code],
                channel[at],
                party=partner,
                bank=0,
            )
            month.spendable[rows[at]] -= in_base[at] if sign > 0 else 0


def leave(block: Block, month: Month) -> Ints:
    """Churners who close everything: all balances go to another bank on one day.

    Returns who leaves; these book nothing else in the month.
    """
    accounts, draws, kinds = block.accounts, block.draws, block.parameters.accounts
    loans: lending.Loans = block.extra["loans"]
    holdings: investments.Holdings = block.extra["holdings"]
    free = ~((loans.number >= 0) & (loans.outstanding > 0)).any(axis=1) & ~(holdings.value > 0).any(axis=1)
    free &= ~(accounts.number[:, TERMS[0] :] >= 0).any(axis=1) & (accounts.balance >= 0).all(axis=1)
    wants = month.here & block.fates.churn_closes & (month.churn_age >= kinds.closing_after)
    goes = wants & free & draws.chance("leave/goes", block.index, kinds.closing, month.number)
    rows = np.flatnonzero(goes)
    day = draws.integers("leave/day", block.index[rows], 3, 27, month.number)
    for place in range(PLACES):
        held = accounts.is_open(place)[rows]
        at, when = rows[held], day[held]
        second = when * DAY + 15 * 3600
        month.journal.add(
            at,
            place,
            accounts.number[at, place],
            second,
            -accounts.balance[at, place],
            CODE["transfer_out"],
            CHANNEL["counter"],
            party=party("self", block.index[at]),
            bank=1 + block.index[at] % 6,
        )
        closed = month.start + when
        accounts.close(at, place, closed, (closed + 1) * DAY + 7_200)
    accounts.left[rows] = True
    month.here[rows] = False
    month.activity[rows] = 0.0
    month.spendable[rows] = 0.0
    return rows
