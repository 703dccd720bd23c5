"""The simulation: blocks of customers, month by month, written to the landing as they go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from . import (
    codes,
    columns,
    crm,
    customers,
    dirt,
    holders,
    income,
    investments,
    ledger,
    lending,
    market,
    spending,
    terms,
    transfers,
)
from .block import Block, Month
from .months import NEVER, Calendar
from .parameters import Parameters, Settings
from .randomness import Draws
from .schema import TABLES
from .writers import Landing

_BEFORE = 0
"""Month whose parts also hold what was there before the history."""


@dataclass
class Simulation:
    """One run: settings, parameters and where the rows go."""

    settings: Settings
    parameters: Parameters
    landing: Landing
    write_from: int = 0
    """First month that is written; earlier ones are only lived through."""

    def __post_init__(self) -> None:
        self.draws = Draws(self.settings.seed)
        self.calendar = Calendar(self.settings.first_month)
        self.dirt = dirt.Dirt(self.draws, self.parameters.dirt, self.calendar)

    def blocks(self) -> Iterator[Block]:
        """The customers, block by block."""
        size = self.settings.block_size
        for first in range(0, self.settings.total, size):
            count = min(size, self.settings.total - first)
            yield Block.create(first, count, self.draws, self.parameters, self.settings)

    def run(self, on_block: Callable[[Block], None], on_progress: Callable[[float], None]) -> None:
        """Simulate and write everything; `on_block` sees each finished block."""
        self._write_market()
        done = 0
        for block in self.blocks():
            block.extra = {
                "loans": lending.create(block),
                "holdings": investments.create(block),
                "records": customers.create(block),
            }
            for number in range(self.settings.months):
                self._month(block, number)
                share = (done + len(block.index) * (number + 1) / self.settings.months) / self.settings.total
                on_progress(share)
            done += len(block.index)
            on_block(block)

    def _put(self, table: str, month: int, rows: pa.Table) -> None:
        if month >= self.write_from:
            self.dirt.write(self.landing, table, month, rows)

    def _month(self, block: Block, number: int) -> None:
        month = block.begin(number)
        loans: lending.Loans = block.extra["loans"]
        holdings: investments.Holdings = block.extra["holdings"]
        transfers.join(block, month)
        transfers.leave(block, month)
        income.add_salaries(block, month)
        income.add_new_money(block, month)
        terms.step(block, month)
        lending.step(block, month, loans)
        investments.step(block, month, holdings)
        transfers.own_transfers(block, month)
        transfers.foreign(block, month)
        transfers.open_more(block, month)
        income.add_receipts(block, month)
        spending.add_standing(block, month)
        spending.add_interest(block, month)
        spending.add_spending(block, month)
        booked = ledger.post(block, month)
        self._write_core(block, month, booked)
        self._write_lending(block, month, loans)
        self._write_wealth(block, month, holdings)
        self._put("crm.consents", number, crm.consents(block, month))
        self._put("crm.interactions", number, crm.interactions(block, month))
        self._put("crm.judgements", number, crm.judgements(block, month))

    def _write_core(self, block: Block, month: Month, booked: ledger.Booked) -> None:
        number = month.number
        log = block.accounts.log.take()
        if number >= self.write_from:
            self.dirt.write_transactions(self.landing, block, month, booked)
        self._put("core.accounts", number, holders.account_table(log, block))
        self._put("core.account_holders", number, holders.holder_table(log, block, number))
        records: customers.Records = block.extra["records"]
        new = np.flatnonzero((block.fates.join_month == number) | ((number == _BEFORE) & (block.fates.join_month < 0)))
        stamps = customers.first_stamps(block, new)
        self._put("core.customers", number, customers.table(block, records, new, stamps))
        if number == _BEFORE:
            self._put("core.customers", number, customers.earlier_versions(block, records, new, stamps))
        changed = customers.change(block, month, records)
        at = block.draws.integers("records/at", block.index[changed], 0, month.days * 86_400, number)
        self._put("core.customers", number, customers.table(block, records, changed, month.stamp(at)))

    def _write_lending(self, block: Block, month: Month, loans: lending.Loans) -> None:
        for opened in loans.take_opened():
            product = opened["product"]
            self._put(
                "lending.loans",
                month.number,
                pa.table(
                    [
                        columns.numbered("L", block.index[opened["who"]] * 100 + opened["number"], 10),
                        columns.customers(block.index[opened["who"]]),
                        columns.choices(codes.LOAN_PRODUCTS, product),
                        columns.dates(opened["disbursed"]),
                        columns.dates(opened["maturity"]),
                        columns.money(opened["principal"]),
                        columns.rates(opened["rate"]),
                        columns.choices(codes.CURRENCIES, product * 0),
                    ],
                    names=TABLES["lending.loans"].names,
                ),
            )
        late = lending.days_past_due(month, loans)
        who, place = np.nonzero((loans.number >= 0) & ((loans.outstanding > 0) | (loans.day < NEVER)))
        days = late[who, place]
        self._put(
            "lending.loan_positions",
            month.number,
            pa.table(
                [
                    columns.numbered("L", block.index[who] * 100 + loans.number[who, place], 10),
                    columns.dates(np.full(len(who), month.end)),
                    columns.money(loans.outstanding[who, place]),
                    columns.counts(days),
                    columns.choices(("1", "2", "3", "4", "5"), lending.five_class(days) - 1),
                ],
                names=TABLES["lending.loan_positions"].names,
            ),
        )
        ended = (loans.number >= 0) & (loans.outstanding <= 0)
        loans.number[ended] = -1
        self._write_ratings(block, month, loans, late)

    def _write_ratings(self, block: Block, month: Month, loans: lending.Loans, late: np.ndarray) -> None:
        """Yearly ratings of borrowers and firms, and at once when a loan is long overdue."""
        number = month.number
        borrower = (loans.number >= 0).any(axis=1)
        rated = (borrower | block.fates.is_corporate) & month.here
        worst = late.max(axis=1)
        yearly = rated & ((block.index + number) % 12 == 0) | (rated & (number == 0) & (block.index % 4 != 0))
        falls = borrower & (worst > 60) & (worst <= 92)
        rows = np.flatnonzero(yearly | falls)
        day = month.end - block.draws.integers("lending/rated", block.index[rows], 0, 20, number)
        grade = lending.rating(block, number, worst > 60)[rows]
        self._put(
            "lending.credit_ratings",
            number,
            pa.table(
                [
                    columns.customers(block.index[rows]),
                    columns.stamps(day * 86_400 + 61_200),
                    columns.choices(codes.RATINGS, grade),
                ],
                names=TABLES["lending.credit_ratings"].names,
            ),
        )

    def _write_wealth(self, block: Block, month: Month, holdings: investments.Holdings) -> None:
        who, place = np.nonzero(investments.delivered(holdings))
        self._put(
            "wealth.positions",
            month.number,
            pa.table(
                [
                    columns.customers(block.index[who]),
                    columns.choices(codes.WEALTH_PRODUCTS, holdings.product[who, place]),
                    columns.dates(np.full(len(who), month.end)),
                    columns.money(holdings.value[who, place]),
                    columns.choices(codes.CURRENCIES, holdings.currency[who, place]),
                ],
                names=TABLES["wealth.positions"].names,
            ),
        )
        investments.release(holdings)
        investor = investments.is_investor(block)
        rows = crm.risk_assessments(block, month, investor, investments.boldness(block))
        self._put("wealth.risk_assessments", month.number, rows)

    def _write_market(self) -> None:
        rates = self.parameters.market
        for number in range(self.write_from, self.settings.months):
            for table, rows in (
                ("market.fx_rates", market.fx_rates(self.draws, self.calendar, number, rates)),
                ("market.interest_rates", market.interest_rates(self.draws, self.calendar, number, rates)),
                (
                    "market.regions",
                    market.regions(self.draws, self.calendar, number, rates, self.parameters.population.regions),
                ),
            ):
                if rows:
                    self._put(table, number, typed(table, rows))


def typed(table: str, rows: list[dict[str, object]]) -> pa.Table:
    """A small table from Python values: text is cast to the contract's types."""
    arrays = []
    for field in TABLES[table]:
        values = [row.get(field.name) for row in rows]
        if pa.types.is_decimal(field.type):
            values = [None if v is None else f"{v:.{field.type.scale}f}" for v in values]
        if pa.types.is_decimal(field.type) or pa.types.is_date(field.type) or pa.types.is_timestamp(field.type):
            arrays.append(pa.array(values, pa.string()).cast(field.type))
        else:
            arrays.append(pa.array(values, field.type))
    return pa.table(arrays, names=TABLES[table].names)
