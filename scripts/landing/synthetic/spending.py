"""Everyday money: what customers pay, withdraw, transfer and deposit themselves, and what the bank books
monthly."""

from __future__ import annotations

import numpy as np

from .accounts import FOREIGN, MAIN, SECOND
from .block import Block, Month
from .codes import CHANNEL, CODE, party
from .fates import balance_factor
from .habits import CHANNEL_TABLE, MIX_TABLE, SPENDING, WEIGHT
from .months import DAY
from .randomness import Floats, Ints, element


def channels(block: Block, who: Ints, code: Ints, address: Ints, number: int) -> Ints:
    """Channel that a customer uses for a code."""
    part = (block.draws.uniform("spending/channel", address, number) * 256).astype(np.int64)
    return CHANNEL_TABLE[code, block.people.digital[who], part]


def day_time(block: Block, month: Month, who: Ints, address: Ints, stream: str) -> Ints:
    """Second of the month: any day on which the customer may book, between 07:00 and 22:00."""
    first = month.earliest[who] // DAY + (month.earliest[who] > 0)
    day = block.draws.integers(f"{stream}/day", address, np.minimum(first, month.days - 1), month.days, month.number)
    hour = block.draws.uniform(f"{stream}/hour", address, month.number)
    return day * DAY + 7 * 3600 + (15 * 3600 * hour).astype(np.int64)


def _demand(block: Block, month: Month) -> Floats:
    """Cents by which the main account should fall this month (negative: rise), before noise of single
    payments."""
    draws, daily, index = block.draws, block.parameters.daily, block.index
    credits = month.journal.main_total(credits=True) - month.journal.main_total(credits=False)
    goal = block.target * np.exp(block.wander) * balance_factor(block.fates, month.number, draws, block.parameters.fate)
    balance = block.accounts.balance[:, MAIN] + credits
    pull = np.where(month.churn_age >= 0, daily.pull_churner, daily.pull)
    noise = block.people.volatility * draws.normal("spending/noise", index, month.number)
    return pull * (balance - goal) + (1 - pull) * np.maximum(credits, 0) + noise * np.abs(balance)


def add_spending(block: Block, month: Month) -> None:
    """Payments, withdrawals and transfers of the customers."""
    draws, who, number, daily = block.draws, block.people, month.number, block.parameters.daily
    season = daily.season[month.calendar.month_of_year(number) - 1]
    # Who has the salary here also spends from here.
    intensity = np.where(who.has_payroll, np.maximum(who.intensity, daily.least_with_salary), who.intensity)
    count = draws.poisson("spending/count", block.index, intensity * month.activity * season, number)
    count = np.minimum(np.where(month.here, count, 0), 400)
    demand = _demand(block, month)
    # A churner takes the money away even in a month without everyday payments.
    count = np.where((month.churn_age >= 0) & month.here & (demand > 50_000), np.maximum(count, 1), count)
    floor = count * daily.ticket * 100 * np.minimum(who.income / daily.usual_income, 4.0)
    total = np.maximum(demand, floor)
    rows = np.repeat(np.arange(len(count)), count)
    turn = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    address = element(block.index[rows], turn)
    group = np.where(block.fates.is_corporate, 3, who.digital)[rows]
    kind = MIX_TABLE[group, (draws.uniform("spending/kind", address, number) * 256).astype(np.int64)]
    draining = (month.churn_age[rows] >= 0) & (turn == 0)
    kind = np.where(draining, 1, kind)
    weight = np.where(draining, daily.drain_weight, WEIGHT[kind])
    weight *= np.exp(daily.payment_sigma * draws.normal("spending/size", address, number))
    share = weight / np.bincount(rows, weight, minlength=len(count))[rows]
    cents = np.floor(total[rows] * share)
    cents = np.where(kind == 2, np.maximum(cents // 10_000, 1) * 10_000, cents)  # machines give hundreds
    code = np.array([CODE[name] for name in SPENDING])[kind]
    partner = draws.integers("spending/party", address, 0, 5_000, number)
    kinds = [
        party("merchant", partner),
        party("person", block.index[rows] * 7 + partner % 9),
        np.full(len(rows), -1),
        party("utility", partner % 60),
    ]
    bank = draws.choose("spending/bank", address, daily.other_banks, number)
    bank = np.where(draining, 1 + block.index[rows] % 6, np.where(kind == 2, -1, np.where(kind == 3, 0, bank)))
    month.journal.add(
        rows,
        MAIN,
        block.accounts.number[rows, MAIN],
        day_time(block, month, rows, address, "spending"),
        -cents,
        code,
        channels(block, rows, code, address, number),
        party=np.choose(kind, kinds),
        bank=bank,
        flexible=True,
    )
    _add_cash_deposits(block, month, -demand)


def _add_cash_deposits(block: Block, month: Month, missing: Floats) -> None:
    """Cash that people bring when the account is below what they want to keep."""
    daily, draws, number = block.parameters.daily, block.draws, month.number
    saver = draws.chance("spending/cash_saver", block.index, daily.cash_saver_share)
    chance = np.where(saver, daily.cash_saver, daily.cash_others) * month.activity
    rows = np.flatnonzero(
        draws.chance("spending/deposit", block.index, chance, number) & (missing > daily.cash_from * 100) & month.here
    )
    cents = np.floor(
        missing[rows] * draws.between("spending/deposit_size", block.index[rows], 0.4, 1.0, number) / 10_000
    )
    second = day_time(block, month, rows, block.index[rows], "spending/deposit")
    code = np.full(len(rows), CODE["cash_deposit"])
    channel = channels(block, rows, code, element(block.index[rows], 4_000), number)
    month.journal.add(rows, MAIN, block.accounts.number[rows, MAIN], second, cents * 10_000, code, channel)


def add_standing(block: Block, month: Month) -> None:
    """Standing orders, direct debits, fees, taxes of firms, corrections."""
    draws, daily, who, number = block.draws, block.parameters.daily, block.people, month.number
    lives = month.here & ~month.asleep & (block.fates.join_month < number) & (month.churn_age < 2)
    corporate = block.fates.is_corporate
    tax_month = month.calendar.month_of_year(number) % 3 == 1
    correct = draws.chance("standing/corrects", block.index, daily.correction, number)
    jobs = (
        (
            "standing_order",
            draws.chance("standing/order", block.index, daily.standing_order_share) & lives,
            -1,
            daily.standing_order,
            party("person", block.index * 7 + 5),
            CHANNEL["batch"],
            True,
        ),
        (
            "direct_debit",
            draws.chance("standing/debit", block.index, daily.direct_debit_share) & lives,
            -1,
            daily.direct_debit,
            party("utility", block.index % 40),
            CHANNEL["batch"],
            True,
        ),
        (
            "tax",
            corporate & lives & tax_month,
            -1,
            daily.tax,
            party("authority", who.region + 100),
            CHANNEL["batch"],
            True,
        ),
        ("correction", correct & lives, 1, daily.corrected, np.full(len(block.index), -1), -1, False),
    )
    for name, chosen, sign, size, partner, channel, flexible in jobs:
        rows = np.flatnonzero(chosen)
        day = draws.integers(f"standing/{name}/day", block.index[rows], 1, 27)
        steady = np.floor(who.income[rows] * size * draws.between(f"standing/{name}/size", block.index[rows], 0.5, 1.5))
        small = np.maximum(
            np.round(steady * draws.between(f"standing/{name}", block.index[rows], 0.97, 1.03, number), 2), 1
        )
        amount = steady if name == "standing_order" else small
        month.journal.add(
            rows,
            MAIN,
            block.accounts.number[rows, MAIN],
            day * DAY + 4 * 3600,
            sign * np.rint(amount * 100),
            CODE[name],
            channel,
            party=partner[rows],
            bank=np.where(partner[rows] < 0, -1, block.index[rows] % 5),
            flexible=flexible,
        )
    fee = np.where(corporate, daily.fee_corporate, daily.fee) * (month.here & (block.fates.join_month < number))
    rows = np.flatnonzero(draws.chance("standing/fee", block.index, fee, number))
    cents = (
        100 * np.array(daily.fees)[draws.integers("standing/fee_size", block.index[rows], 0, len(daily.fees), number)]
    )
    month.journal.add(
        rows,
        MAIN,
        block.accounts.number[rows, MAIN],
        20 * DAY + 9_000,
        -cents,
        CODE["fee"],
        -1,
        flexible=True,
    )


def add_interest(block: Block, month: Month) -> None:
    """Quarterly interest of demand accounts on the 21st, penalty interest on overdrafts."""
    accounts, who, daily = block.accounts, np.flatnonzero(month.here), block.parameters.daily
    overdrawn = who[accounts.balance[who, MAIN] < -daily.overdraft_free * 100]
    cents = np.rint(accounts.balance[overdrawn, MAIN] * daily.overdraft_rate / 12)
    month.journal.add(
        overdrawn,
        MAIN,
        accounts.number[overdrawn, MAIN],
        20 * DAY + 7_200,
        cents,
        CODE["penalty_interest"],
        -1,
    )
    if month.calendar.month_of_year(month.number) % 3:
        return
    for place in (MAIN, SECOND, FOREIGN):
        rows = who[accounts.is_open(place)[who] & (accounts.start_number[who, place] == accounts.number[who, place])]
        rate = np.asarray(block.parameters.accounts.demand_rates)[accounts.product[rows, place]]
        cents = np.floor(np.maximum(accounts.balance[rows, place], 0) * rate / 4)
        month.journal.add(rows, place, accounts.number[rows, place], 20 * DAY + 3_600, cents, CODE["interest"], -1)
