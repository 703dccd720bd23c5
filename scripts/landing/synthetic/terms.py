"""Term deposits: placing, rolling over, paying out, breaking early; what becomes of the money that falls
due."""

from __future__ import annotations

import numpy as np

from .accounts import MAIN, TERMS
from .block import Block, Month, open_term
from .codes import CHANNEL, CODE, party
from .months import DAY, add_months
from .randomness import Bools, Floats, Ints

_PAYOUT_HOUR = 8 * 3600
_INTEREST_HOUR = 3_600


def step(block: Block, month: Month) -> None:
    """Everything that happens to term deposits in a month."""
    for place in TERMS:
        untouched = block.accounts.due[:, place] > month.end
        _mature(block, month, place)
        _break_early(block, month, place, untouched)
    _place_surplus(block, month)


def _address(block: Block, rows: Ints, place: int) -> Ints:
    return block.index[rows] * 1_000 + block.accounts.number[rows, place]


def _interest(block: Block, rows: Ints, place: int, share: Floats | float = 1.0) -> Ints:
    """Cents of interest of a whole term, or of a share of it."""
    accounts = block.accounts
    years = accounts.term[rows, place] / 12.0
    return np.floor(accounts.balance[rows, place] * accounts.rate[rows, place] * years * share).astype(np.int64)


def _mature(block: Block, month: Month, place: int) -> None:
    accounts, draws, terms = block.accounts, block.draws, block.parameters.terms
    due = np.flatnonzero(accounts.is_open(place) & (accounts.due[:, place] <= month.end))
    if not len(due):
        return
    address = _address(block, due, place)
    first_time = accounts.due[due, place] == accounts.maturity[due, place]
    day = np.maximum(accounts.due[due, place], month.start)  # an untouched one may wait for less than a month
    renews = accounts.renews[due, place]
    stays = draws.chance("terms/untouched", address, terms.untouched_share) | month.asleep[due]
    waits = ~renews & first_time & stays
    for rows, at in ((due[renews], day[renews]), (due[waits], day[waits])):
        _book_interest(block, month, rows, place, at, _interest(block, rows, place))
    rows = due[renews]
    turns = (day[renews] - accounts.opened[rows, place]) * 12 / 365.25 / accounts.term[rows, place]
    next_turn = np.rint(turns).astype(np.int64) + 1
    accounts.due[rows, place] = add_months(accounts.opened[rows, place], next_turn * accounts.term[rows, place])
    rows = due[waits]
    wait = np.where(month.asleep[rows], 400, draws.integers("terms/wait", address[waits], 20, 75))
    accounts.due[rows, place] = day[waits] + wait
    paid = ~renews & ~waits
    interest = np.where(first_time[paid], _interest(block, due[paid], place), 0)
    _pay_out(block, month, due[paid], place, day[paid], interest)


def _book_interest(block: Block, month: Month, rows: Ints, place: int, day: Ints, cents: Ints) -> None:
    second = (day - month.start) * DAY + _INTEREST_HOUR
    month.journal.add(
        rows, place, block.accounts.number[rows, place], second, cents, CODE["interest"], CHANNEL["batch"]
    )


def _pay_out(block: Block, month: Month, rows: Ints, place: int, day: Ints, interest: Ints) -> None:
    """Pay a term deposit to the main account, close it, and decide what becomes of the money."""
    accounts, draws, terms = block.accounts, block.draws, block.parameters.terms
    if not len(rows):
        return
    address = _address(block, rows, place)
    _book_interest(block, month, rows, place, day, interest)
    cents = accounts.balance[rows, place] + interest
    second = (day - month.start) * DAY + _PAYOUT_HOUR
    _transfer(block, month, rows, place, second, cents, "term_payout", to_main=True, channel=CHANNEL["batch"])
    renews_at, old_term, old_rate = day, accounts.term[rows, place], accounts.rate[rows, place]
    accounts.close(rows, place, day, (day + 1) * DAY + 7_200)
    leaving = month.churn_age[rows] >= 0
    uniform = draws.uniform("terms/next", address)
    leave = uniform < np.where(leaving, terms.leave_churner, terms.leave_share)
    redeposit = ~leave & (uniform < np.where(leaving, 1.0, terms.leave_share + terms.redeposit_share))
    redeposit &= ~month.asleep[rows] & (cents >= terms.minimum * 100)
    stay = ~leave & ~redeposit
    block.target[rows[stay]] += cents[stay]
    _take_away(block, month, rows[leave], day[leave], cents[leave], address[leave])
    chosen = rows[redeposit]
    latest = month.end - renews_at[redeposit]
    wait = np.minimum(draws.integers("terms/redeposit_day", address[redeposit], 0, 7), latest)
    share = draws.between("terms/redeposit_share", address[redeposit], *terms.redeposit_part)
    whole = draws.chance("terms/redeposit_whole", address[redeposit], terms.redeposit_whole)
    amount = np.where(whole, cents[redeposit], np.floor(cents[redeposit] * share / 100_000) * 100_000).astype(np.int64)
    block.target[chosen] += cents[redeposit] - amount
    _place(
        block,
        month,
        chosen,
        place,
        renews_at[redeposit] + wait,
        amount,
        old_term[redeposit],
        old_rate[redeposit],
    )


def _take_away(block: Block, month: Month, rows: Ints, day: Ints, cents: Ints, address: Ints) -> None:
    """Send most of a payout to another bank within the month."""
    share = block.draws.between("terms/taken", address, *block.parameters.terms.taken_part)
    wait = block.draws.integers("terms/taken_day", address, 0, 10)
    second = np.minimum((day - month.start + wait) * DAY + 11 * 3600, month.days * DAY - 600)
    digital = block.people.digital[rows] == 2
    month.journal.add(
        rows,
        MAIN,
        block.accounts.number[rows, MAIN],
        second,
        -np.floor(cents * share),
        CODE["transfer_out"],
        np.where(digital, CHANNEL["mobile"], CHANNEL["counter"]),
        party=party("self", block.index[rows]),
        bank=1 + block.index[rows] % 6,
        flexible=True,
    )


def _transfer(
    block: Block,
    month: Month,
    rows: Ints,
    place: int,
    second: Ints,
    cents: Ints,
    code: str,
    *,
    to_main: bool,
    channel: Ints | int,
) -> None:
    """Both legs of a transfer between the main account and another one of the same currency."""
    sign = 1 if to_main else -1
    own = party("self", block.index[rows])
    for where, way, later in ((MAIN, sign, 1 if to_main else 0), (place, -sign, 0 if to_main else 1)):
        number = block.accounts.number[rows, where]
        month.journal.add(rows, where, number, second + later, way * cents, CODE[code], channel, party=own, bank=0)


def _place(
    block: Block, month: Month, rows: Ints, place: int, day: Ints, cents: Ints, months: Ints, rate: Floats
) -> None:
    """Open a term deposit in a free place and fund it from the main account."""
    if not len(rows):
        return
    address = block.index[rows] * 1_000 + block.accounts.count[rows]
    renews: Bools = block.draws.chance("terms/renews", address, block.parameters.terms.renew_share)
    second = (day - month.start) * DAY + 10 * 3600
    open_term(block, rows, place, cents, months, np.round(rate, 8), renews, day, day * DAY + 64_800)
    digital = block.people.digital[rows] == 2
    channel = np.where(digital, CHANNEL["mobile"], CHANNEL["counter"])
    _transfer(block, month, rows, place, second, cents, "term_placement", to_main=False, channel=channel)
    block.accounts.balance[rows, place] = cents


def _break_early(block: Block, month: Month, place: int, untouched: Bools) -> None:
    """Pay out before maturity, with a little interest; not in a month in which the deposit falls due."""
    accounts, terms = block.accounts, block.parameters.terms
    running = accounts.is_open(place) & untouched & month.here & ~month.asleep
    running &= accounts.start_number[:, place] == accounts.number[:, place]
    rows = np.flatnonzero(running)
    address = _address(block, rows, place)
    chance = np.where(month.churn_age[rows] >= 1, terms.break_churner, terms.break_early)
    rows = rows[block.draws.chance("terms/break", address, chance, month.number)]
    day = month.start + block.draws.integers(
        "terms/break_day", _address(block, rows, place), 1, month.days - 1, month.number
    )
    interest = np.floor(accounts.balance[rows, place] * terms.early_interest).astype(np.int64)
    _pay_out(block, month, rows, place, day, interest)


def _place_surplus(block: Block, month: Month) -> None:
    """New term deposits from money that isn't needed on the main account."""
    accounts, draws, terms, number = block.accounts, block.draws, block.parameters.terms, month.number
    willing = month.here & ~month.asleep & (month.churn_age < 0) & (block.people.term_share > terms.willing_from)
    chance = terms.placement * np.minimum(3.0, block.people.term_share / 0.2)
    rows = np.flatnonzero(
        willing & (month.spendable > terms.minimum * 200) & draws.chance("terms/surplus", block.index, chance, number)
    )
    part = draws.between("terms/surplus_part", block.index[rows], *terms.placed_part, number)
    cents = np.floor(month.spendable[rows] * part / 100_000).astype(np.int64) * 100_000
    chosen = draws.choose("terms/surplus_term", block.index[rows], terms.month_weights, number)
    day = month.start + draws.integers("terms/surplus_day", block.index[rows], 2, month.days, number)
    drift = terms.rate_cut * (number // 6)
    for place in TERMS[::-1]:
        free = (
            (accounts.number[rows, place] < 0)
            & (cents >= terms.minimum * 100)
            & (accounts.start_number[rows, place] < 0)
        )
        at = rows[free]
        rate = np.maximum(np.asarray(terms.rates)[chosen[free]] - drift, terms.least_rate)
        _place(block, month, at, place, day[free], cents[free], np.asarray(terms.months)[chosen[free]], rate)
        block.target[at] = np.maximum(
            block.target[at] - terms.target_kept[0] * cents[free], terms.target_kept[1] * block.target[at]
        )
        month.spendable[at] = np.maximum(month.spendable[at] - cents[free], 0)
        cents = np.where(free, 0, cents)
