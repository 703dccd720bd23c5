"""From the journal of a month to booked transactions: order, cover, reversals, balances, numbers.

1. Rows are ordered by customer, account and time.
2. *Cover*: where an account would fall below its limit, its flexible debits all shrink by one factor, the
   largest that keeps every running balance above the limit. Fixed debits (instalments, placements) stay as
   they are.
3. Reversals are drawn and put in.
4. Running sums from the balance at the month's start give `balance_after`, and the balances that the next
   month starts from: so the accounts can't drift away from the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .accounts import MAIN
from .block import Block, Month
from .codes import CODE
from .journal import Batch
from .months import DAY
from .randomness import Bools, Floats, Ints, element

_SECOND_BITS = 22
_ID_CUSTOMER = 10**4
_ID_MONTH = 10**12
_REVERSIBLE = np.isin(
    np.arange(len(CODE)),
    [
        CODE[c]
        for c in (
            "card_payment",
            "transfer_out",
            "bill_payment",
            "transfer_in",
            "direct_debit",
            "cash_deposit",
        )
    ],
)
_LANDS_SAME_DAY = 3 * 3600


@dataclass
class Booked:
    """Booked transactions, one array element each, in the order of customers, accounts and time."""

    id: Ints
    account: Ints
    """Account number: customer number × 1000 + running number; -1 is null."""
    booked: Ints
    """Seconds since 1970."""
    cents: Ints
    """Amount, above 0."""
    is_debit: Bools | Ints
    code: Ints
    channel: Ints
    party: Ints
    bank: Ints
    balance: Ints
    reverses: Ints
    loaded: Ints

    def __len__(self) -> int:
        return len(self.id)

    def take(self, rows: np.ndarray) -> Booked:
        """Some rows, copied."""
        return Booked(**{name: column[rows] for name, column in vars(self).items()})

    @staticmethod
    def join(parts: list[Booked]) -> Booked:
        """Parts one after the other."""
        return Booked(**{name: np.concatenate([vars(part)[name] for part in parts]) for name in vars(parts[0])})


def transaction_id(block: Block, month: int, who: Ints, turn: Ints) -> Ints:
    """Number of a transaction: YYMM, customer, running number in the month."""
    return block.calendar.compact(month) * _ID_MONTH + block.index[who] * _ID_CUSTOMER + turn


def _order(batch: Batch) -> Batch:
    account = batch["who"] * 1_000 + batch["number"]
    return batch.take(np.argsort((account << _SECOND_BITS) | batch["second"], kind="stable"))


def _starts(batch: Batch) -> Ints:
    """First row of each account."""
    account = batch["who"] * 1_000 + batch["number"]
    return np.flatnonzero(np.r_[True, account[1:] != account[:-1]]) if len(account) else np.zeros(0, np.int64)


def _start_balance(block: Block, batch: Batch, starts: Ints) -> Ints:
    """Balance of each account before its first row of the month."""
    accounts = block.accounts
    who, place, number = batch["who"][starts], batch["place"][starts], batch["number"][starts]
    old = accounts.start_number[who, place] == number
    opening = np.where(accounts.number[who, place] == number, np.maximum(accounts.opening[who, place], 0), 0)
    return np.where(old, accounts.start_balance[who, place], opening)


def _running(values: np.ndarray, starts: Ints, rows_of: Ints) -> np.ndarray:
    """Running sum within each account."""
    total = np.cumsum(values)
    before = np.r_[values.dtype.type(0), total[starts[1:] - 1]] if len(starts) else total[:0]
    return total - before[rows_of]


def _cover(block: Block, batch: Batch) -> Batch:
    """Shrink flexible debits of accounts that would fall below their limit."""
    starts = _starts(batch)
    if not len(starts):
        return batch
    account = np.cumsum(np.isin(np.arange(len(batch)), starts)) - 1
    flexible = batch["flexible"]
    cents = batch["cents"]
    limit = np.where(batch["place"][starts] == MAIN, block.overdraft[batch["who"][starts]], 0.0)
    funds = (_start_balance(block, batch, starts) + limit)[account] + _running(
        np.where(flexible, 0, cents), starts, account
    )
    wanted = _running(np.where(flexible, -cents, 0), starts, account)
    ratio: Floats = np.where(wanted > 0, funds / np.maximum(wanted, 1), 1.0)
    factor = np.clip(np.minimum.reduceat(ratio, starts), 0.0, 1.0)[account]
    shrunk = -np.floor(-cents * (factor * (1 - 1e-12)))
    batch.columns["cents"] = np.where(flexible & (factor < 1), shrunk, cents).astype(np.int64)
    return batch.take(np.flatnonzero(batch["cents"] != 0))


def _turns(batch: Batch, count: int) -> tuple[Ints, Ints]:
    """Running number of each row within its customer, and the rows of each customer."""
    per_customer = np.bincount(batch["who"], minlength=count)
    return np.arange(len(batch)) - (np.cumsum(per_customer) - per_customer)[batch["who"]], per_customer


def _reversal_batch(original: Batch, ids: Ints, second: Ints, cents: Ints) -> Batch:
    columns = dict(original.columns)
    rows = len(original)
    columns |= {
        "second": second,
        "cents": cents,
        "code": np.full(rows, CODE["reversal"], np.int8),
        "reverses": ids,
    }
    columns |= {"flexible": np.zeros(rows, bool), "channel": np.full(rows, -1, np.int8)}
    return Batch(columns)


def _reversals(block: Block, month: Month, batch: Batch, turns: Ints, ids: Ints) -> list[Batch]:
    """Reversals of this month's rows in this month; those of the next month are kept in the block."""
    rates, draws, number = block.parameters.reversals, block.draws, month.number
    still_open = block.accounts.number[batch["who"], batch["place"]] == batch["number"]
    candidates = np.flatnonzero(_REVERSIBLE[batch["code"]] & (batch["place"] == MAIN) & still_open)
    address = element(block.index[batch["who"][candidates]], turns[candidates])
    uniform = draws.uniform("ledger/reversed", address, number)
    soon = uniform < rates.same_month
    later = (uniform >= rates.same_month) & (uniform < rates.same_month + rates.next_month)
    partial = draws.chance("ledger/partial", address, rates.partial_share, number)
    kept = np.where(partial, draws.between("ledger/kept", address, *rates.kept, number), 1.0)
    cents = -np.sign(batch["cents"][candidates]) * np.maximum(np.floor(np.abs(batch["cents"][candidates]) * kept), 1)
    wait = draws.integers("ledger/wait", address, 600, 4 * DAY, number)
    result = []
    rows = candidates[soon]
    last = month.days * DAY - 1
    second = np.minimum(batch["second"][rows] + wait[soon], last)
    result.append(_reversal_batch(batch.take(rows), ids[rows], second, cents[soon].astype(np.int64)))
    again = draws.chance("ledger/again", address[soon], rates.second_share, number)
    second = np.minimum(second + 7_200, last)
    result.append(
        _reversal_batch(batch.take(rows[again]), ids[rows[again]], second[again], cents[soon][again].astype(np.int64))
    )
    rows = candidates[later]
    block.pending = _reversal_batch(batch.take(rows), ids[rows], wait[later], cents[later].astype(np.int64))
    return result


def _unlanded(block: Block, month: Month) -> None:
    """Reversals of transactions from before the landed history, in its first months."""
    rates = block.parameters.reversals
    rate = rates.unlanded * (1.0 if month.number < 3 else rates.unlanded_later)
    here = month.here & (block.fates.join_month < 0)
    rows = np.flatnonzero(here & block.draws.chance("ledger/unlanded", block.index, rate, month.number))
    ids = transaction_id(block, -1, rows, np.full(len(rows), 7))
    cents = 100 * block.draws.integers("ledger/unlanded_size", block.index[rows], 20, 900, month.number)
    number = block.accounts.number[rows, MAIN]
    month.journal.add(rows, MAIN, number, 4 * DAY, cents, CODE["reversal"], -1, reverses=ids)


def _due_reversals(block: Block) -> list[Batch]:
    """Last month's pending reversals whose account is still open."""
    if block.pending is None:
        return []
    pending, block.pending = block.pending, None
    same = block.accounts.number[pending["who"], pending["place"]] == pending["number"]
    return [pending.take(np.flatnonzero(same))]


def post(block: Block, month: Month) -> Booked:
    """Book the month's journal and carry the balances forward."""
    _unlanded(block, month)
    journal = Batch.join([month.journal.all(), *_due_reversals(block)])
    if len(journal) and not (journal["second"].min() >= 0 and journal["second"].max() < month.days * DAY):
        raise AssertionError("a booking lies outside its month")
    batch = _cover(block, _order(journal))
    turns, per_customer = _turns(batch, len(block.index))
    ids = transaction_id(block, month.number, batch["who"], turns)
    reversals = Batch.join(_reversals(block, month, batch, turns, ids))
    order = np.argsort(reversals["who"], kind="stable")
    reversals = reversals.take(order)
    extra_turns, _ = _turns(reversals, len(block.index))
    extra_ids = transaction_id(block, month.number, reversals["who"], per_customer[reversals["who"]] + extra_turns)
    both = Batch.join([batch, reversals])
    both.columns["id"] = np.concatenate([ids, extra_ids])
    both = _order(both)
    return _carry(block, month, both)


def _carry(block: Block, month: Month, batch: Batch) -> Booked:
    """Balances after each row, and at the month's end."""
    starts = _starts(batch)
    account = np.zeros(len(batch), dtype=np.int64)
    account[starts[1:]] = 1
    account = np.cumsum(account)
    balance = _start_balance(block, batch, starts)[account] + _running(batch["cents"], starts, account)
    ends = np.r_[starts[1:] - 1, len(batch) - 1] if len(starts) else starts
    who, place = batch["who"][ends], batch["place"][ends]
    current = block.accounts.number[who, place] == batch["number"][ends]
    block.accounts.balance[who[current], place[current]] = balance[ends][current]
    if balance[ends][~current].any():
        raise AssertionError("an account was closed with money on it")
    booked = month.stamp(batch["second"])
    lag = block.draws.uniform("ledger/lag", batch["id"])
    days_later = 1 + (lag > 0.985).astype(np.int64) + (lag > 0.996)
    loaded = (booked // DAY + days_later) * DAY + _LANDS_SAME_DAY + (lag * 1e6).astype(np.int64) % 3_600
    return Booked(
        id=batch["id"],
        account=block.index[batch["who"]] * 1_000 + batch["number"],
        booked=booked,
        cents=np.abs(batch["cents"]),
        is_debit=batch["cents"] < 0,
        code=batch["code"].astype(np.int64),
        channel=batch["channel"].astype(np.int64),
        party=batch["party"],
        bank=batch["bank"].astype(np.int64),
        balance=balance,
        reverses=batch["reverses"],
        loaded=loaded,
    )
