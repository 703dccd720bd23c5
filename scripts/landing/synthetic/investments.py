"""Wealth products: up to three holdings by customer, market moves, purchases and redemptions through the
account."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .accounts import MAIN
from .block import Block, Month, allocate
from .codes import CHANNEL, CODE, WEALTH
from .months import DAY
from .randomness import Bools, Draws, Floats, Ints

HOLDINGS = 3


@dataclass
class Holdings:
    """Market values (cents of their currency) by customer and place; -1 product: free place."""

    product: Ints
    value: Ints
    currency: Ints
    was_held: Bools
    """Held at the last month's end: an emptied holding is delivered once more with 0."""

    @staticmethod
    def empty(customers: int) -> Holdings:
        """Nothing held."""
        shape = (customers, HOLDINGS)
        return Holdings(
            product=np.full(shape, -1, dtype=np.int64),
            value=np.zeros(shape, dtype=np.int64),
            currency=np.zeros(shape, dtype=np.int64),
            was_held=np.zeros(shape, dtype=bool),
        )


def is_investor(block: Block) -> Bools:
    """Whose wealth plan has products in it."""
    return allocate(block)[1] > 0


def boldness(block: Block) -> Floats:
    """Appetite for risk, about normal: part quality, part own."""
    wealth = block.parameters.wealth
    noise = wealth.bold_sigma * block.draws.normal("wealth/boldness", block.index)
    return wealth.bold_on_quality * block.fates.quality + noise


def products(block: Block) -> Ints:
    """The three products that a customer would hold, different from each other."""
    wealth = block.parameters.wealth
    bold = boldness(block) > wealth.bold_from
    conflict = block.draws.chance("wealth/conflict", block.index, wealth.conflict_share)
    bold = np.where(conflict, ~bold, bold)
    chosen = np.zeros((len(block.index), HOLDINGS), dtype=np.int64)
    for turn in range(HOLDINGS):
        address = block.index * HOLDINGS + turn
        choices = [block.draws.choose("wealth/product", address, weights) for weights in (wealth.timid, wealth.bold)]
        chosen[:, turn] = np.where(bold, choices[1], choices[0])
    for turn in range(1, HOLDINGS):
        for _ in range(2):
            for earlier in range(turn):
                same = chosen[:, turn] == chosen[:, earlier]
                chosen[:, turn] = np.where(same, (chosen[:, turn] + 1) % len(wealth.timid), chosen[:, turn])
    return chosen


def create(block: Block) -> Holdings:
    """Holdings from before the history; some people also show their debit card, without value."""
    holdings, wealth = Holdings.empty(len(block.index)), block.parameters.wealth
    amount = np.where(block.fates.join_month < 0, allocate(block)[1], 0.0)
    pieces = np.where(
        amount > wealth.pieces_from, block.draws.integers("wealth/pieces", block.index, 1, HOLDINGS + 1), 1
    )
    chosen = products(block)
    foreign = block.draws.chance("wealth/foreign", block.index, wealth.foreign_share) & (amount > wealth.foreign_from)
    for turn in range(HOLDINGS):
        rows = np.flatnonzero((amount > 0) & (turn < pieces))
        currency = np.where(foreign[rows] & (turn == 0), 1, 0)
        cents = np.floor(amount[rows] / pieces[rows] * 100 / np.where(currency > 0, 7.1, 1.0))
        holdings.product[rows, turn] = chosen[rows, turn]
        holdings.currency[rows, turn] = currency
        holdings.value[rows, turn] = cents
    card = block.draws.chance("wealth/card", block.index, wealth.card_share)
    rows = np.flatnonzero(
        card & (block.fates.join_month < 0) & (holdings.product[:, 2] < 0) & ~block.fates.is_corporate
    )
    holdings.product[rows, 2] = WEALTH["debit_card"]
    return holdings


def market_returns(draws: Draws, month: int, drift: tuple[float, ...], volatility: tuple[float, ...]) -> Floats:
    """Return of each product in a month, the same for everybody."""
    noise = draws.normal("wealth/market", np.arange(len(drift)), month)
    noise[2:5] = 0.6 * noise[3] + 0.8 * noise[2:5]  # shares move together
    return np.asarray(drift) + np.asarray(volatility) * noise


def step(block: Block, month: Month, holdings: Holdings) -> None:
    """Market moves and trades of a month."""
    wealth, draws, number = block.parameters.wealth, block.draws, month.number
    holdings.was_held = (holdings.product >= 0) & ((holdings.value > 0) | (holdings.product == WEALTH["debit_card"]))
    returns = market_returns(draws, number, wealth.drift, wealth.volatility)[holdings.product]
    holdings.value = np.maximum(np.rint(holdings.value * (1 + returns)), 0).astype(np.int64)
    willing = month.here & ~month.asleep & (block.fates.join_month < number)
    investor = (holdings.product[:, 0] >= 0) | (is_investor(block) & (month.number - block.fates.join_month > 1))
    trades = willing & investor & draws.chance("wealth/trades", block.index, wealth.trade, number)
    leaving = (
        (month.churn_age >= 1) & draws.chance("wealth/leaves", block.index, wealth.sells_churner, number) & willing
    )
    buys = draws.chance("wealth/buys", block.index, wealth.buys, number) & (month.churn_age < 0)
    turn = draws.integers("wealth/turn", block.index, 0, HOLDINGS, number)
    _buy(block, month, holdings, np.flatnonzero(trades & buys), turn)
    sells = np.flatnonzero(trades & ~buys)
    _sell(
        block,
        month,
        holdings,
        sells,
        turn[sells],
        draws.between("wealth/sold", block.index[sells], *wealth.sold_part, number),
    )
    rows = np.flatnonzero(leaving & ~trades)
    for place in range(HOLDINGS):
        _sell(block, month, holdings, rows, np.full(len(rows), place), np.full(len(rows), 1.0))


def _channel(block: Block, rows: Ints) -> Ints:
    return np.array([CHANNEL["counter"], CHANNEL["online"], CHANNEL["mobile"]])[block.people.digital[rows]]


def _buy(block: Block, month: Month, holdings: Holdings, rows: Ints, turn: Ints) -> None:
    wealth = block.parameters.wealth
    part = block.draws.between("wealth/bought", block.index[rows], *wealth.bought_part, month.number)
    budget = month.spendable[rows] * part
    cents = np.floor(budget / 100_000).astype(np.int64) * 100_000
    place = turn[rows]
    fits = (holdings.product[rows, place] != WEALTH["debit_card"]) & (holdings.currency[rows, place] == 0)
    rows, place, cents = rows[fits & (cents > 0)], place[fits & (cents > 0)], cents[fits & (cents > 0)]
    wanted = products(block)[rows, place]
    free = holdings.product[rows, place] < 0
    doubled = (holdings.product[rows] == wanted[:, None]).any(axis=1) & free
    rows, place, cents, wanted, free = (column[~doubled] for column in (rows, place, cents, wanted, free))
    holdings.product[rows, place] = np.where(free, wanted, holdings.product[rows, place])
    holdings.value[rows, place] += cents
    _book(block, month, rows, place, -cents, "investment_purchase")
    month.spendable[rows] -= cents
    block.target[rows] = np.maximum(
        block.target[rows] - wealth.target_bought[0] * cents, wealth.target_bought[1] * block.target[rows]
    )


def _sell(block: Block, month: Month, holdings: Holdings, rows: Ints, place: Ints, share: Floats) -> None:
    value = holdings.value[rows, place]
    cents = np.where(share >= 1, value, np.floor(value * share)).astype(np.int64)
    fits = (cents > 0) & (holdings.currency[rows, place] == 0)
    rows, place, cents = rows[fits], place[fits], cents[fits]
    holdings.value[rows, place] -= cents
    _book(block, month, rows, place, cents, "investment_redemption")
    block.target[rows] += np.where(month.churn_age[rows] >= 0, 0, block.parameters.wealth.target_sold * cents)


def _book(block: Block, month: Month, rows: Ints, place: Ints, cents: Ints, code: str) -> None:
    address = block.index[rows] * HOLDINGS + place
    second = block.draws.integers("wealth/at", address, 9 * 3600, (month.days - 1) * DAY, month.number)
    number = block.accounts.number[rows, MAIN]
    month.journal.add(
        rows,
        MAIN,
        number,
        np.maximum(second, month.earliest[rows]),
        cents,
        CODE[code],
        _channel(block, rows),
        bank=0,
    )


def delivered(holdings: Holdings) -> Bools:
    """Positions of a month-end: what is held, and what was emptied in the month."""
    held = (holdings.value > 0) | (holdings.product == WEALTH["debit_card"])
    return (holdings.product >= 0) & (held | holdings.was_held)


def release(holdings: Holdings) -> None:
    """Free the places of emptied holdings after they were delivered."""
    empty = (holdings.value == 0) & (holdings.product != WEALTH["debit_card"])
    holdings.product[empty] = -1
