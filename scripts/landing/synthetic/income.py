"""Money that comes in: salaries, pensions, turnover of firms, gifts, and the first deposit of a new
customer."""

from __future__ import annotations

import numpy as np

from .accounts import MAIN
from .archetypes import STUDENT
from .block import Block, Month
from .codes import CHANNEL, CODE, OCCUPATION, party
from .months import DAY
from .randomness import Floats, Ints, element

_BATCH_HOUR = 5 * 3600
PENSION_DAY = 10


def is_paid(block: Block, month: Month) -> np.ndarray:
    """Whose salary or pension arrives this month."""
    fate, number = block.fates, month.number
    stopped = (number >= fate.salary_stop) & (number < fate.new_employer) & ~block.people.is_pension
    return block.people.has_payroll & month.here & ~month.asleep & ~stopped


def pay_day(block: Block, month: Month) -> Ints:
    """Day of the month (0 = first) on which the employer pays: fixed, moved to Friday when it falls on a
    weekend."""
    employer = block.people.employer
    day = 4 + (employer * 7919) % 22
    day = np.where(block.people.is_pension, PENSION_DAY, np.minimum(day, month.days - 1))
    weekday = (month.start + day + 3) % 7  # 0 = Monday
    return np.maximum(day - np.maximum(weekday - 4, 0), 0)


def salary(block: Block, month: Month) -> Ints:
    """Cents of this month's salary or pension, 0 for those who get none."""
    draws, who, fate = block.draws, block.people, block.fates
    rates = block.parameters.income
    noisy = draws.chance("income/noisy", who.employer, rates.noisy_employers) & ~who.is_pension
    spread = np.where(noisy, rates.noise_of_noisy, rates.noise)
    years = np.floor(month.number / 12.0)
    personal = rates.growth + rates.growth_on_quality * fate.quality
    personal += rates.growth_sigma * draws.normal("income/growth", block.index)
    level = who.income * (1 + np.where(who.is_pension, rates.growth_of_pensions, personal)) ** years
    new_job = month.number >= fate.new_employer
    level = np.where(new_job, level * draws.between("income/new_job", block.index, *rates.new_job), level)
    bonus_month = month.calendar.month_of_year(month.number) == 1
    gives_bonus = draws.chance("income/bonus", who.employer, rates.bonus_employers) & ~who.is_pension
    level = level * np.where(gives_bonus & bonus_month, rates.bonus, 1.0)
    amount = level * np.exp(spread * draws.normal("income/noise", block.index, month.number))
    return np.where(is_paid(block, month), np.floor(amount) * 100, 0).astype(np.int64)


def add_salaries(block: Block, month: Month) -> None:
    """Book salaries and pensions from their payers."""
    who, draws = block.people, block.draws
    cents = salary(block, month)
    second = pay_day(block, month) * DAY + _BATCH_HOUR + who.employer % 3_000
    rows = np.flatnonzero((cents > 0) & (second >= month.earliest))
    changed = month.number >= block.fates.new_employer
    employer = np.where(changed, (who.employer * 31 + block.index + 17) % 99_991 + 100_000, who.employer)
    by_transfer = draws.chance("income/transfer", who.employer, block.parameters.income.transfer_employers)
    code = np.where(by_transfer, CODE["transfer_in"], CODE["salary"])
    code = np.where(who.is_pension, CODE["pension"], code)
    payer = np.where(who.is_pension, party("authority", who.region + 1), party("employer", employer))
    month.journal.add(
        rows,
        MAIN,
        block.accounts.number[rows, MAIN],
        second[rows],
        cents[rows],
        code[rows],
        CHANNEL["batch"],
        party=payer[rows],
        bank=np.where(employer[rows] % 3 == 0, 0, 1 + employer[rows] % 6),
    )


def _turnover(block: Block, month: Month) -> Floats:
    """Yuan that firms and the self-employed take in this month."""
    draws, fate, rates = block.draws, block.fates, block.parameters.income
    season = block.parameters.daily.season[month.calendar.month_of_year(month.number) - 1]
    growth = (rates.turnover_growth + rates.turnover_on_quality * fate.quality) * month.number / 12.0
    noise = rates.turnover_noise + rates.turnover_on_fragility * np.maximum(fate.fragility, 0)
    noise *= draws.normal("income/turnover", block.index, month.number)
    return block.people.income * np.exp(growth + noise) * season * month.activity


def add_receipts(block: Block, month: Month) -> None:
    """Receipts of firms and of the self-employed, and gifts between people."""
    draws, fate, index, rates = block.draws, block.fates, block.index, block.parameters.income
    trades = fate.is_corporate | ((block.people.occupation == OCCUPATION["self_employed"]) & ~block.people.has_payroll)
    expected = np.where(trades, rates.receipts * block.people.intensity, 0.0) * np.minimum(month.activity, 1.0)
    count = draws.poisson("income/receipts", index, np.where(month.here, expected, 0.0), month.number)
    turnover = _turnover(block, month) * np.where(fate.is_corporate, rates.turnover_part, rates.turnover_part_of_people)
    _spread(block, month, "receipts", count, turnover)
    gift = rates.gifts * np.where(fate.is_corporate | ~month.here, 0.0, month.activity)
    gift = gift * np.where(
        (fate.archetype == STUDENT) & month.here, rates.gifts_of_students, 1.0
    )  # students live on transfers
    count = draws.poisson("income/gifts", index, gift, month.number)
    _spread(block, month, "gifts", count, rates.gift_size * block.people.income * np.maximum(count, 1))


def _spread(block: Block, month: Month, stream: str, count: Ints, total: Floats) -> None:
    """Split an amount into `count` incoming transfers."""
    who = np.repeat(np.arange(len(count)), count)
    if not len(who):
        return
    turn = np.arange(len(who)) - np.repeat(np.cumsum(count) - count, count)
    address = element(block.index[who], turn)
    draws, number, rates = block.draws, month.number, block.parameters.income
    weight = np.exp(rates.receipt_sigma * draws.normal(f"income/{stream}/weight", address, number))
    share = weight / np.bincount(who, weight, minlength=len(count))[who]
    cents = np.floor(total[who] * share) * 100
    second = draws.between(
        f"income/{stream}/at",
        address,
        np.maximum(month.earliest[who], 7 * 3600),
        month.days * DAY - 3_600,
        number,
    )
    partner = (block.index[who] * 13 + draws.integers(f"income/{stream}/from", address, 0, 12, number)) % 10**8
    kind = np.where(block.fates.is_corporate[who], party("firm", partner), party("person", partner))
    bank = draws.choose(f"income/{stream}/bank", address, rates.sender_banks, number)
    channel = np.where(
        draws.chance(f"income/{stream}/channel", address, 0.6, number), CHANNEL["online"], CHANNEL["mobile"]
    )
    month.journal.add(
        who,
        MAIN,
        block.accounts.number[who, MAIN],
        second,
        cents,
        CODE["transfer_in"],
        channel,
        party=kind,
        bank=bank,
    )


def add_new_money(block: Block, month: Month) -> None:
    """Money that accepted offers and the first months of a new customer bring in."""
    draws, index, rates = block.draws, block.index, block.parameters.income
    gap = np.maximum(block.target - block.accounts.balance[:, MAIN], 0)
    arriving = month.here & (block.fates.join_month >= 0) & (month.number - block.fates.join_month < 2)
    first = np.where(arriving, gap * draws.between("income/first", index, *rates.first_part, month.number), 0)
    block.inflow = np.where(month.here, block.inflow, 0.0)
    for stream, amount in (("first", first), ("offer", block.inflow)):
        rows = np.flatnonzero(np.floor(amount / 100) > 0)
        low = np.maximum(month.earliest[rows], 8 * 3600)
        second = draws.between(f"income/{stream}/at", index[rows], low, low + 2 * DAY, month.number)
        cash = draws.chance(f"income/{stream}/cash", index[rows], rates.cash_part, month.number)
        cash &= amount[rows] < rates.cash_most * 100
        month.journal.add(
            rows,
            MAIN,
            block.accounts.number[rows, MAIN],
            np.minimum(second, month.days * DAY - 1),
            np.floor(amount[rows] / 100) * 100,
            np.where(cash, CODE["cash_deposit"], CODE["transfer_in"]),
            np.where(cash, CHANNEL["counter"], CHANNEL["mobile"]),
            party=np.where(cash, -1, party("self", index[rows])),
            bank=np.where(cash, -1, 1 + index[rows] % 6),
        )
    block.target += block.inflow
    block.inflow = np.zeros(len(index))
