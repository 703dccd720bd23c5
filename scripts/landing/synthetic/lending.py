"""Loans: two places by customer (a secured or business loan, and a consumer loan or card), instalments,
arrears."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .accounts import MAIN
from .archetypes import of_each
from .block import Block, Month
from .codes import CHANNEL, CODE, LOAN, RATINGS, party
from .income import pay_day, salary
from .months import DAY, NEVER, add_months
from .randomness import Bools, Floats, Ints

LOAN_PLACES = 2
_CLASS_EDGES = (0, 90, 180, 360)
"""Days past due above which the five-class code rises by one."""


@dataclass
class Loans:
    """Loans by customer and place."""

    number: Ints
    product: Ints
    outstanding: Ints
    instalment: Ints
    rate: Floats
    maturity: Ints
    missed: Ints
    first_missed: Ints
    day: Ints
    count: Ints
    opened: list[dict[str, np.ndarray]] = field(default_factory=list)

    @staticmethod
    def empty(customers: int) -> Loans:
        """No loans."""
        shape = (customers, LOAN_PLACES)
        zeros = [np.zeros(shape, dtype=np.int64) for _ in range(4)]
        return Loans(
            number=np.full(shape, -1, dtype=np.int64),
            product=zeros[0],
            outstanding=zeros[1],
            instalment=zeros[2],
            rate=np.zeros(shape),
            maturity=np.full(shape, NEVER, dtype=np.int64),
            missed=zeros[3],
            first_missed=np.full(shape, NEVER, dtype=np.int64),
            day=np.full(shape, 15, dtype=np.int64),
            count=np.zeros(customers, dtype=np.int64),
        )

    def take_opened(self) -> list[dict[str, np.ndarray]]:
        """Loans disbursed since the last call."""
        opened, self.opened = self.opened, []
        return opened


def create(block: Block) -> Loans:
    """Loans that already run when the history begins."""
    loans = Loans.empty(len(block.index))
    lending, old = block.parameters.lending, block.fates.join_month < 0
    mortgage = of_each("mortgage")[block.fates.archetype]
    other = of_each("loan")[block.fates.archetype]
    corporate = block.fates.is_corporate
    dormant = block.fates.dormant_from < 0
    has_first = old & ~dormant & block.draws.chance("lending/first", block.index, np.where(corporate, other, mortgage))
    product = np.where(corporate, LOAN["business_loan"], LOAN["mortgage"])
    _grant_old(block, loans, np.flatnonzero(has_first), 0, product)
    has_second = (
        old & ~dormant & ~corporate & block.draws.chance("lending/second", block.index, other + lending.card_share)
    )
    card = block.draws.uniform("lending/card", block.index) < lending.card_share / (other + lending.card_share)
    product = np.where(card, LOAN["credit_card"], LOAN["consumer_loan"])
    _grant_old(block, loans, np.flatnonzero(has_second), 1, product)
    return loans


def _principal(block: Block, rows: Ints, product: Ints, address: Ints, month: int) -> Ints:
    """Cents, by income and product."""
    lending = block.parameters.lending
    multiple = np.array(lending.income_multiples)[product]
    noise = np.exp(lending.principal_sigma * block.draws.normal("lending/principal", address, month))
    return np.floor(block.people.income[rows] * multiple * noise / 1_000).astype(np.int64).clip(3) * 100_000


def _grant(
    block: Block,
    loans: Loans,
    rows: Ints,
    place: int,
    product: Ints,
    disbursed: Ints,
    elapsed: Ints,
    month: int,
) -> None:
    address = block.index[rows] * 2 + place
    lending = block.parameters.lending
    low, high = np.array(lending.terms)[product].T
    term = block.draws.integers("lending/term", address, low, high, month).clip(elapsed + 6)
    rate = np.array(lending.rates)[product]
    rate = rate + np.round(lending.rate_on_fragility * block.fates.fragility[rows], 4)
    rate = np.maximum(rate, lending.least_rate)
    principal = _principal(block, rows, product, address, month)
    growth = (1 + rate / 12) ** term
    instalment = np.ceil(principal * rate / 12 * growth / (growth - 1))
    paid = ((1 + rate / 12) ** elapsed - 1) / (growth - 1)
    loans.number[rows, place] = loans.count[rows]
    loans.count[rows] += 1
    for name, value in (
        ("product", product),
        ("outstanding", np.rint(principal * (1 - paid))),
        ("instalment", instalment),
        ("rate", rate),
        ("maturity", add_months(disbursed, term)),
        ("missed", 0),
        ("first_missed", NEVER),
        ("day", block.draws.integers("lending/day", address, 8, 27)),
    ):
        getattr(loans, name)[rows, place] = value
    loans.opened.append(
        {
            "who": rows,
            "number": loans.number[rows, place].copy(),
            "product": product,
            "disbursed": disbursed,
            "maturity": loans.maturity[rows, place].copy(),
            "principal": principal,
            "rate": rate,
        }
    )


def _grant_old(block: Block, loans: Loans, rows: Ints, place: int, product: Ints) -> None:
    product = product[rows]
    longest = np.array(block.parameters.lending.ages)[product]
    elapsed = block.draws.integers("lending/elapsed", block.index[rows] * 2 + place, 1, longest)
    disbursed = add_months(np.full(len(rows), block.calendar.start(0) + 14), -elapsed)
    _grant(block, loans, rows, place, product, disbursed, elapsed, -1)
    late = rows[(block.fates.default_month[rows] < 0) & (elapsed >= 12)]
    loans.missed[late, place] = -block.fates.default_month[late]
    first_due = np.full(len(late), block.calendar.start(0)) + loans.day[late, place]
    loans.first_missed[late, place] = add_months(first_due, block.fates.default_month[late])


def step(block: Block, month: Month, loans: Loans) -> None:
    """Instalments of the month, paid or missed, and new loans."""
    for place in range(LOAN_PLACES):
        _collect(block, month, loans, place)
    write_off(block, month, loans)
    _disburse(block, month, loans)


def _misses(block: Block, month: Month, loans: Loans, rows: Ints, place: int, needed: Ints, second: Ints) -> Bools:
    """Who doesn't pay: defaulted, forgetful or without the money."""
    draws, lending, fate = block.draws, block.parameters.lending, block.fates
    address, number = block.index[rows] * 2 + place, month.number
    since = number - fate.default_month[rows]
    cure = 3 + draws.first_month("lending/cure", address, np.full(len(rows), block.parameters.fate.cure))
    defaulted = (since >= 0) & (since < cure)
    forgets = draws.chance(
        "lending/late",
        address,
        lending.late_payer * np.exp(lending.late_on_fragility * fate.fragility[rows]),
        number,
    )
    wages = np.where(pay_day(block, month)[rows] * DAY + 8 * 3600 < second, salary(block, month)[rows], 0)
    no_money = needed > month.spendable[rows] + wages + block.overdraft[rows]
    grace = draws.chance("lending/other_funds", address, lending.other_funds, number)  # most find the money elsewhere
    return defaulted | forgets | (no_money & ~grace) | ~month.here[rows]


def _collect(block: Block, month: Month, loans: Loans, place: int) -> None:
    rows = np.flatnonzero((loans.number[:, place] >= 0) & (loans.outstanding[:, place] > 0))
    if not len(rows):
        return
    due = month.start + np.minimum(loans.day[rows, place], month.days - 1)
    second = (due - month.start) * DAY + 5 * 3600
    interest = np.floor(loans.outstanding[rows, place] * loans.rate[rows, place] / 12)
    instalment = np.minimum(loans.instalment[rows, place], loans.outstanding[rows, place] + interest)
    instalment = np.where(
        due >= loans.maturity[rows, place] - 20, loans.outstanding[rows, place] + interest, instalment
    )
    needed = np.minimum(instalment * (1 + loans.missed[rows, place]), loans.outstanding[rows, place] + interest)
    misses = _misses(block, month, loans, rows, place, needed, second)
    late = rows[misses]
    loans.missed[late, place] += 1
    loans.first_missed[late, place] = np.minimum(loans.first_missed[late, place], due[misses])
    pays, penalty = (
        ~misses,
        np.where(loans.missed[rows, place] > 0, np.floor(block.parameters.lending.penalty * needed), 0),
    )
    paid = rows[pays]
    number = block.accounts.number[paid, MAIN]
    topup = np.maximum(needed + penalty - month.spendable[rows] - salary(block, month)[rows], 0)[pays]
    month.journal.add(
        paid,
        MAIN,
        number,
        np.maximum(second[pays] - DAY, month.earliest[paid]),
        np.ceil(topup / 10_000) * 10_000,
        CODE["transfer_in"],
        CHANNEL["online"],
        party=party("self", block.index[paid]),
        bank=1 + block.index[paid] % 6,
    )
    month.journal.add(
        paid,
        MAIN,
        number,
        second[pays],
        -needed[pays],
        CODE["loan_instalment"],
        CHANNEL["batch"],
        party=party("authority", block.index[paid] * 0 + 1),
        bank=0,
    )
    month.journal.add(paid, MAIN, number, second[pays] + 60, -penalty[pays], CODE["penalty_interest"], CHANNEL["batch"])
    month.spendable[paid] = np.maximum(month.spendable[paid] - needed[pays], 0)
    loans.outstanding[paid, place] -= (needed - interest)[pays].astype(np.int64)
    loans.outstanding[paid, place] = np.maximum(loans.outstanding[paid, place], 0)
    loans.missed[paid, place] = 0
    loans.first_missed[paid, place] = NEVER


def _disburse(block: Block, month: Month, loans: Loans) -> None:
    kinds = (of_each("mortgage") + of_each("loan"))[block.fates.archetype]
    chance = block.parameters.lending.new_loan * kinds / 0.25
    free = month.here & ~month.asleep & (month.churn_age < 0) & (block.fates.join_month < month.number)
    free &= (loans.number[:, 1] < 0) & (month.number < block.fates.default_month)
    rows = np.flatnonzero(free & block.draws.chance("lending/new", block.index, chance, month.number))
    product = np.where(block.fates.is_corporate[rows], LOAN["business_loan"], LOAN["consumer_loan"])
    day = block.draws.integers("lending/new_day", block.index[rows], 2, 26, month.number)
    _grant(block, loans, rows, 1, product, month.start + day, np.zeros(len(rows), int), month.number)
    number, amount = block.accounts.number[rows, MAIN], loans.outstanding[rows, 1]
    second = day * DAY + 9 * 3600
    month.journal.add(rows, MAIN, number, second, amount, CODE["loan_disbursement"], -1, bank=0)
    used = block.draws.between("lending/used", block.index[rows], *block.parameters.lending.used, month.number)
    month.journal.add(
        rows,
        MAIN,
        number,
        second + 7_200,
        -np.floor(amount * used),
        CODE["transfer_out"],
        CHANNEL["counter"],
        party=party("merchant", block.index[rows] % 900),
        bank=1 + block.index[rows] % 6,
    )


def write_off(block: Block, month: Month, loans: Loans) -> None:
    """Give up loans that are hopelessly overdue."""
    hopeless = days_past_due(month, loans) > block.parameters.lending.write_off_days
    loans.outstanding[hopeless] = 0


def days_past_due(month: Month, loans: Loans) -> Ints:
    """At the month's end, by customer and place."""
    return np.where(loans.first_missed < NEVER, month.end - loans.first_missed, 0).clip(0)


def five_class(days: Ints) -> Ints:
    """Five-class code from days past due."""
    return 1 + np.add.reduce([(days > edge).astype(np.int64) for edge in _CLASS_EDGES])


def rating(block: Block, month: int, defaulted: Bools) -> Ints:
    """Rating by the latent fragility seen through noise; C or D after a default."""
    lending = block.parameters.lending
    noise = lending.rating_noise * block.draws.normal("lending/rating", block.index, month)
    grade = np.searchsorted(lending.rating_edges, block.fates.fragility + noise)
    broken = np.where(month - block.fates.default_month > 4, RATINGS.index("D"), RATINGS.index("C"))
    return np.where(defaulted, broken, grade)
