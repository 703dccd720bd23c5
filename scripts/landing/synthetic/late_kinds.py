"""The kinds of late and corrected facts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import dirt_transactions as soil
from .archetypes import of_each
from .dirt_kinds import Row
from .fates import archetypes
from .late_facts import LateFacts, stamp
from .market import GBP_FROM_MONTH
from .months import iso

_LATE_ACCOUNT = 950
"""Running numbers of late accounts within their customer begin here."""


def transactions(late: LateFacts, each: int) -> None:
    """Late, corrected, reversed and contradicted transactions."""
    far, near = late.back(late.parameters.late.months_back), late.back(3)
    rows = []
    for turn, row in enumerate(late.pick(late.plain_transactions(far, "card_payment"), "late", each)):
        rows.append(
            {
                **row,
                "transaction_id": late.new_id(row, turn),
                "booked_at": str(row["booked_at"])[:10] + " 23:30:00",
                "amount": "250.00",
                "balance_after": None,
                "loaded_at": late.loaded,
            }
        )
    late.add("core.transactions", f"late transaction of {late.calendar.label(far)}", rows)
    picked = late.pick(late.plain_transactions(near, "transfer_in"), "corrected", each)
    rows = [{**row, "amount": f"{float(str(row['amount'])) + 77.7:.2f}", "loaded_at": late.loaded} for row in picked]
    late.add("core.transactions", f"corrected amount of {late.calendar.label(near)}", rows)
    at = late.back(2)
    rows = []
    for turn, row in enumerate(late.pick(late.plain_transactions(at, "bill_payment"), "reversed", each)):
        rows.append(
            {
                **row,
                "transaction_id": late.new_id(row, 30 + turn),
                "direction": "credit",
                "transaction_code": "reversal",
                "booked_at": str(row["booked_at"])[:10] + " 23:50:00",
                "reverses_transaction_id": row["transaction_id"],
                "balance_after": None,
                "loaded_at": late.loaded,
            }
        )
    late.add("core.transactions", f"late reversal of a transaction of {late.calendar.label(at)}", rows)
    picked = late.pick(late.plain_transactions(at, "direct_debit"), "conflict", 1)
    rows = [{**row, "amount": f"{float(str(row['amount'])) + 1:.2f}"} for row in picked]
    late.add(
        "core.transactions",
        f"same stamp, other amount: rejects a transaction of {late.calendar.label(at)}",
        rows,
    )


def _account(late: LateFacts, account: str, opened: int) -> Row:
    return {
        "account_id": account,
        "product_code": "savings_deposit",
        "currency_code": "CNY",
        "opened_date": iso(opened),
        "interest_rate": "0.00200000",
        "opening_balance": "0.00",
        "opening_channel_code": "counter",
        "updated_at": late.loaded,
    }


def accounts(late: LateFacts, each: int) -> None:
    """A late account with its holder and transactions, awaited accounts, a late closing, a role that was
    corrected."""
    opened = late.calendar.start(late.back(4)) + 10
    accounts, holders, transactions = [], [], []
    for row in late.pick(late.plain_transactions(late.back(4), "card_payment"), "account", each):
        customer = str(row["account_id"])[1:9]
        account = f"A{customer}{_LATE_ACCOUNT + late.change % 40:03d}"
        accounts.append(_account(late, account, opened))
        holders.append({"account_id": account, "customer_id": f"C{customer}", "role": "owner", "ownership_share": None})
        for turn in range(2):
            transactions.append(
                {
                    **row,
                    "transaction_id": late.new_id(row, 10 + turn),
                    "account_id": account,
                    "transaction_code": "cash_deposit",
                    "direction": "credit",
                    "amount": "1500.00",
                    "channel_code": "counter",
                    "counterparty_id": None,
                    "counterparty_bank_code": None,
                    "balance_after": f"{1500 * (turn + 1)}.00",
                    "booked_at": stamp(opened + 3 + 30 * turn, "11:00:00"),
                    "loaded_at": late.loaded,
                }
            )
    late.add("core.accounts", f"late account opened {iso(opened)}", accounts)
    late.add("core.account_holders", "holder of a late account", holders)
    late.add("core.transactions", "transaction of a late account", transactions)
    _awaited(late, each)
    _closings(late)
    held = late.head("core.account_holders", 0)
    held = held.filter(pc.equal(held["role"], "authorised"))
    rows = [{**row, "role": "joint", "ownership_share": None} for row in late.pick(held, "role", 1)]
    late.add("core.account_holders", "authorised person who is a joint holder after all", rows)


def _closings(late: LateFacts) -> None:
    """The closing of an account is recorded late: what was booked on it afterwards falls out."""
    known = late.head("core.accounts", 0)
    known = known.filter(pc.and_(pc.is_null(known["closed_date"]), pc.is_valid(known["opened_date"]))).to_pylist()
    newest = {row["account_id"]: row for row in sorted(known, key=lambda row: str(row["updated_at"]))}
    booked = late.plain_transactions(late.last, "card_payment")
    booked = booked.filter(pc.is_in(booked["account_id"], pa.array(list(newest), pa.string())))
    closed = late.calendar.start(late.last) + 9
    rows = [
        {**newest[row["account_id"]], "closed_date": iso(closed), "updated_at": late.loaded}
        for row in late.pick(booked, "closed", 1)
    ]
    late.add("core.accounts", f"closed on {iso(closed)} after all: its later transactions fall out", rows)


def _awaited(late: LateFacts, each: int) -> None:
    every = late.parameters.dirt.awaited_accounts
    candidates = np.arange(every // 2, late.settings.initial, every, dtype=np.int64)
    corporate = of_each("corporate")[archetypes(candidates, late.draws, late.parameters)]
    candidates = candidates[~corporate]
    customers = candidates[each * (late.change - 1) : each * late.change]
    opened = late.calendar.start(soil.AWAITED_FROM_MONTH)
    names = [f"A{customer:08d}{soil.AWAITED_NUMBER:03d}" for customer in customers.tolist()]
    late.add(
        "core.accounts",
        "awaited account: its orphan transactions become resolvable",
        [_account(late, name, opened) for name in names],
    )
    late.add(
        "core.account_holders",
        "holder of an awaited account",
        [
            {
                "account_id": name,
                "customer_id": f"C{customer:08d}",
                "role": "owner",
                "ownership_share": "1.000000",
            }
            for name, customer in zip(names, customers.tolist(), strict=True)
        ],
    )


def attributes(late: LateFacts, each: int) -> None:
    """Corrected customer versions, exchange rates, positions, consents, judgements."""
    near = late.back(3)
    changed = stamp(late.calendar.start(near) + 12, f"12:00:{late.change % 60:02d}")
    people = late.head("core.customers", 0)
    people = people.filter(pc.fill_null(pc.equal(people["customer_type"], "individual"), False))
    rows = [
        {**row, "occupation_code": "manager", "region_code": "R02", "updated_at": changed}
        for row in late.pick(people, "version", each)
    ]
    late.add("core.customers", f"corrected version dated {changed[:10]}", rows)
    day = late.calendar.start(GBP_FROM_MONTH) - 35 - late.change
    late.add(
        "market.fx_rates",
        f"rate of {iso(day)}, before the first one",
        [{"currency_code": "GBP", "rate_date": iso(day), "rate_to_base": "9.01000000"}],
    )
    far = late.back(4)
    middle = late.calendar.start(far) + 10 + late.change % 15
    loans = late.head("lending.loan_positions", far)
    loans = loans.filter(pc.match_substring_regex(pc.fill_null(loans["loan_id"], ""), "^L0"))
    rows = [
        {**row, "position_date": iso(middle), "days_past_due": "95", "five_class_code": "3"}
        for row in late.pick(loans, "loan", each)
    ]
    late.add("lending.loan_positions", f"arrears of {iso(middle)} that arrive late", rows)
    held = late.head("wealth.positions", far)
    held = held.filter(pc.match_substring_regex(pc.fill_null(held["customer_id"], ""), "^C0"))
    rows = [
        {
            **row,
            "product_code": "government_bond",
            "position_date": iso(late.calendar.end(far) - late.change % 20),
            "market_value": "12345.67",
            "currency_code": "HKD",
        }
        for row in late.pick(held, "position", each)
    ]
    late.add(
        "wealth.positions",
        f"late position of {late.calendar.label(far)}",
        list({r["customer_id"]: r for r in rows}.values()),
    )
    withdrawn = stamp(late.calendar.start(near) + 3, f"08:00:{late.change % 60:02d}")
    names = sorted({str(row["customer_id"]) for row in late.pick(people, "consent", each)})
    late.add(
        "crm.consents",
        f"consent withdrawn on {withdrawn[:10]}",
        [
            {
                "customer_id": name,
                "consent_code": "marketing",
                "is_granted": "false",
                "effective_at": withdrawn,
            }
            for name in names
        ],
    )
    since = iso(late.calendar.start(near) + late.change % 25)
    names = sorted({str(row["customer_id"]) for row in late.pick(people, "judgement", each)})
    late.add(
        "crm.judgements",
        f"judgement valid since {since}",
        [
            {
                "customer_id": name,
                "dimension": "value_tier",
                "value_code": "high",
                "reason": "Approved late",
                "judged_by": "RM0001",
                "approved_by": "HEAD01",
                "valid_from": since,
                "valid_to": None,
            }
            for name in names
        ],
    )
