"""A block of customers: everything the simulation remembers from month to month."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from . import codes, fates, people
from .accounts import FOREIGN, MAIN, NO_OPENING, SECOND, TERMS, Accounts
from .journal import Batch, Journal
from .months import DAY, Calendar, add_months
from .parameters import Parameters, Settings
from .randomness import Bools, Draws, Floats, Ints


@dataclass
class Month:
    """One month of one block while it is being simulated."""

    number: int
    calendar: Calendar
    journal: Journal
    here: Bools
    """Customers who have joined and not left."""
    earliest: Ints
    """Second of the month from which a customer may book."""
    spendable: Floats
    """Cents of the main account that fixed debits of this month may still take."""
    asleep: Bools
    activity: Floats
    churn_age: Ints

    @property
    def start(self) -> int:
        """Day number of the first day."""
        return self.calendar.start(self.number)

    @property
    def end(self) -> int:
        """Day number of the last day."""
        return self.calendar.end(self.number)

    @property
    def days(self) -> int:
        """Length."""
        return self.calendar.length(self.number)

    def stamp(self, second: np.ndarray) -> Ints:
        """Seconds since 1970 of seconds of the month."""
        return self.start * DAY + np.asarray(second, dtype=np.int64)


@dataclass
class Block:
    """Customers `index` and their state; amounts in cents."""

    index: Ints
    draws: Draws
    parameters: Parameters
    settings: Settings
    calendar: Calendar
    fates: fates.Fates
    people: people.People
    accounts: Accounts
    target: Floats
    """Balance that a customer tends to keep on the main account."""
    overdraft: Floats
    wander: Floats
    """Logarithm of the present over the usual target."""
    drift: Floats
    """Its monthly trend."""
    inflow: Floats
    """New money that an accepted offer brings next month."""
    pending: Batch | None = None
    """Reversals of this month's bookings that are booked next month."""
    extra: dict[str, Any] = field(default_factory=dict)
    """State of the modules: loans, holdings."""

    @staticmethod
    def create(first: int, count: int, draws: Draws, parameters: Parameters, settings: Settings) -> Block:
        """The customers first … first + count - 1 before the history begins."""
        index = np.arange(first, first + count, dtype=np.int64)
        calendar = Calendar(settings.first_month)
        fate = fates.decide(index, draws, parameters, settings)
        who = people.describe(fate, draws, parameters, settings, calendar)
        kinds, daily = parameters.accounts, parameters.daily
        risky = np.where(fate.is_corporate, kinds.overdraft_corporate, 1.0)
        risky *= np.exp(kinds.overdraft_on_fragility * fate.fragility)
        has_overdraft = draws.chance("block/overdraft", index, kinds.overdraft_share * risky)
        block = Block(
            index=index,
            draws=draws,
            parameters=parameters,
            settings=settings,
            calendar=calendar,
            fates=fate,
            people=who,
            accounts=Accounts(count),
            target=np.zeros(count),
            overdraft=np.where(has_overdraft, np.floor(kinds.overdraft_of_income * who.income) * 100, 0.0),
            wander=daily.wander_start * draws.normal("block/wander", index),
            drift=daily.drift_start * draws.normal("block/drift", index),
            inflow=np.zeros(count),
        )
        _open_initial(block)
        return block

    def begin(self, number: int) -> Month:
        """Start a month."""
        self.accounts.begin_month()
        joining = self.fates.join_month == number
        here = (self.fates.join_month <= number) & ~self.accounts.left
        daily = self.parameters.daily
        self.drift = daily.drift_memory * self.drift + daily.drift * self.draws.normal(
            "daily/drift", self.index, number
        )
        shock = daily.wander * self.draws.normal("daily/wander", self.index, number)
        self.wander = daily.wander_memory * self.wander + self.drift + shock
        return Month(
            number=number,
            calendar=self.calendar,
            journal=Journal(len(self.index)),
            here=here,
            earliest=np.where(joining, self.people.join_second + 60, 0),
            spendable=daily.spendable_part * np.maximum(self.accounts.balance[:, MAIN], 0).astype(np.float64),
            asleep=fates.is_asleep(self.fates, number),
            activity=np.where(here, fates.activity_factor(self.fates, number, self.parameters.fate), 0.0),
            churn_age=fates.churn_age(self.fates, number),
        )


def _cents(yuan: Floats) -> Ints:
    return np.floor(yuan * 100).astype(np.int64)


def allocate(block: Block) -> tuple[Floats, Floats, Floats, Floats]:
    """Wealth (yuan) meant for term deposits, wealth products, second and foreign accounts."""
    who, draws, kinds, wealth = block.people, block.draws, block.parameters.accounts, block.parameters.wealth
    scale = np.minimum(1.0, wealth.at_most / np.maximum(who.term_share + who.invest_share, 1e-9))
    term = who.wealth * who.term_share * scale
    term = np.where(term >= block.parameters.terms.minimum, term, 0.0)
    invest = who.wealth * who.invest_share * scale
    invest = np.where((invest >= wealth.least_amount) & (who.invest_share > wealth.least_share), invest, 0.0)
    rest = who.wealth - term - invest
    extra = []
    for name, share, part, (limit, below, above) in (
        ("second", kinds.second_share, kinds.second_part, kinds.second_by_wealth),
        ("foreign", kinds.foreign_share, kinds.foreign_part, kinds.foreign_by_wealth),
    ):
        chance = share * np.where(who.wealth > limit, above, below)
        extra.append(np.where(draws.chance(f"block/{name}", block.index, chance), part * rest, 0.0))
    second, foreign = extra
    return term, invest, second, foreign


def main_product(block: Block) -> Ints:
    """Savings account for most people, current account for firms."""
    current = block.fates.is_corporate | block.draws.chance(
        "block/current", block.index, block.parameters.accounts.current_share
    )
    return np.where(current, codes.PRODUCT["demand_deposit"], codes.PRODUCT["savings_deposit"])


def _open_initial(block: Block) -> None:
    """Accounts of those who were customers before the history."""
    who, draws, accounts, kinds = block.people, block.draws, block.accounts, block.parameters.accounts
    old = block.fates.join_month < 0
    first_day = block.calendar.start(0)
    term, invest, second, foreign = allocate(block)
    main = np.maximum(who.wealth - term - invest - second - foreign, 50.0)
    block.target[:] = main * 100
    noise = np.exp(kinds.opening_sigma * draws.normal("block/opening", block.index) + block.wander)
    opening = np.where(draws.chance("block/empty", block.index, kinds.empty_share), 0, _cents(main * noise))
    channel = draws.choose("block/channel", block.index, kinds.channels)

    def start(rows: Ints, place: int, product: Ints, currency: Ints, balance: Ints, opened: Ints) -> None:
        rate = np.asarray(kinds.demand_rates)[product]
        null = draws.chance(f"block/no_opening{place}", block.index[rows], kinds.no_opening_share)
        null &= balance == 0
        accounts.open(
            rows,
            place,
            product=product,
            currency=currency,
            opened=opened,
            opening=np.where(null, NO_OPENING, balance),
            rate=rate,
            channel=channel[rows],
            stamp=(opened + 1) * DAY + 7_200,
        )

    rows = np.flatnonzero(old)
    start(rows, MAIN, main_product(block)[rows], np.zeros(len(rows), int), opening[rows], who.since_day[rows])
    later = first_day - 20 - ((first_day - 20 - who.since_day) * draws.uniform("block/later", block.index)).astype(int)
    rows = np.flatnonzero(old & (second > 0))
    notice = draws.chance("block/notice", block.index, kinds.notice_share) & (who.wealth > kinds.second_by_wealth[0])
    product = np.where(notice, codes.PRODUCT["notice_deposit"], codes.PRODUCT["demand_deposit"])
    start(rows, SECOND, product[rows], np.zeros(len(rows), int), _cents(second * noise)[rows], later[rows])
    rows = np.flatnonzero(old & (foreign > 0))
    currency = draws.choose("block/currency", block.index, kinds.currencies)
    product = np.full(len(block.index), codes.PRODUCT["foreign_currency_deposit"])
    start(rows, FOREIGN, product[rows], currency[rows], _cents(foreign * noise / 7)[rows], later[rows])
    _open_initial_terms(block, np.where(old, term, 0.0))


def _open_initial_terms(block: Block, amount: Floats) -> None:
    """One to three term deposits that are still running when the history begins."""
    draws, terms, first_day = block.draws, block.parameters.terms, block.calendar.start(0)
    pieces = np.where(amount > terms.pieces_from, draws.integers("block/pieces", block.index, 1, 4), 1)
    for turn, place in enumerate(TERMS):
        rows = np.flatnonzero((amount > 0) & (turn < pieces))
        address = block.index[rows] * 4 + turn
        chosen = draws.choose("block/term", address, terms.month_weights)
        months = np.asarray(terms.months)[chosen]
        renews = draws.chance("block/renews", address, terms.renew_share) | block.fates.dormant_from[rows].__lt__(0)
        # Some auto-renewed deposits are several terms old; the relation must be as old.
        first_end = first_day + 4 + np.floor(draws.uniform("block/age", address) * months * 30.4).astype(np.int64)
        turns = np.where(renews, draws.integers("block/turns", address, 1, 4), 1)
        opened = add_months(first_end, -months * turns)
        too_old = opened < block.people.since_day[rows]
        keep = ~too_old | (add_months(first_end, -months) >= block.people.since_day[rows])
        opened = np.where(too_old, add_months(first_end, -months), opened)
        turns = np.where(too_old, 1, turns)
        rows, months, renews, opened = rows[keep], months[keep], renews[keep], opened[keep]
        chosen, turns = chosen[keep], turns[keep]
        cents = _cents(np.floor(amount[rows] / pieces[rows] / 1_000) * 1_000)
        open_term(
            block,
            rows,
            place,
            cents,
            months,
            np.asarray(terms.rates)[chosen],
            renews,
            opened,
            opened * DAY + 64_800,
            opening=cents,
        )
        block.accounts.due[rows, place] = add_months(opened, months * turns)


def open_term(
    block: Block,
    rows: Ints,
    place: int,
    cents: Ints,
    months: Ints,
    rate: Floats,
    renews: Bools,
    opened: Ints,
    stamp: Ints,
    opening: Ints | int = NO_OPENING,
) -> None:
    """Open term deposits; the product follows from the amount and the customer."""
    terms = block.parameters.terms
    address = block.index[rows] * 1_000 + block.accounts.count[rows]
    structured = block.draws.chance("terms/structured", address, terms.structured_share)
    large = cents >= terms.certificate_minimum * 100
    product = np.where(large, codes.PRODUCT["large_certificate"], codes.PRODUCT["term_deposit"])
    product = np.where(structured & ~renews, codes.PRODUCT["structured_deposit"], product)
    block.accounts.open(
        rows,
        place,
        product=product,
        opened=opened,
        opening=opening,
        rate=rate + terms.certificate_premium * large,
        term=months,
        maturity=add_months(opened, months),
        renews=renews,
        stamp=stamp,
        channel=np.where(block.people.digital[rows] == 2, codes.CHANNEL["mobile"], codes.CHANNEL["counter"]),
    )
