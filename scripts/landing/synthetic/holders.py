"""Who holds an account, and the rows of the account table."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from . import codes, columns
from .accounts import FOREIGN, MAIN, NO_OPENING, SECOND
from .block import Block
from .fates import join_months
from .months import NEVER
from .randomness import Bools, Ints
from .schema import TABLES

_OWNER, _JOINT, _AUTHORISED = range(3)
_NULL = -1
_MILLION = 1_000_000
_ALL_NULL = 1
"""The pattern in which no share is given, as with three holders."""


def _is_known(block: Block, customer: Ints, month: int) -> Bools:
    """Whether a customer number has joined by a month."""
    joined = join_months(customer, block.settings)
    return (customer >= 0) & (joined < np.maximum(month, 0))


def account_table(log: dict[str, np.ndarray], block: Block) -> pa.Table:
    """Rows of core.accounts."""
    is_term = log["term"] > 0
    opening = log["opening"]
    return pa.table(
        [
            columns.accounts(block.index[log["who"]] * 1_000 + log["number"]),
            columns.choices(codes.DEPOSIT_PRODUCTS, log["product"]),
            columns.choices(codes.CURRENCIES, log["currency"]),
            columns.dates(log["opened"]),
            columns.dates(log["closed"], log["closed"] < NEVER),
            columns.counts(log["term"], is_term),
            columns.dates(log["maturity"], is_term),
            columns.rates(log["rate"]),
            columns.flags(log["renews"], is_term),
            columns.money(np.maximum(opening, 0), opening != NO_OPENING),
            columns.choices(codes.CHANNELS, log["channel"]),
            columns.stamps(log["stamp"]),
        ],
        schema=None,
        names=TABLES["core.accounts"].names,
    )


def holder_table(log: dict[str, np.ndarray], block: Block, month: int) -> pa.Table:
    """Rows of core.account_holders for the newly opened accounts of a month."""
    new = np.flatnonzero(log["is_new"] > 0)
    who, place = log["who"][new], log["place"][new]
    customer = block.index[who]
    account = customer * 1_000 + log["number"][new]
    draws, holding = block.draws, block.parameters.holding
    partner, third = customer ^ 1, customer ^ 2
    couple = draws.chance("holders/couple", np.minimum(customer, partner), holding.couple)
    joint = couple & (place != FOREIGN) & draws.chance("holders/joint", account, holding.joint_of_couple)
    joint &= ~block.fates.is_corporate[who] & _is_known(block, partner, month)
    trio = joint & draws.chance("holders/trio", account, holding.third_holder) & _is_known(block, third, month)
    pattern = draws.choose("holders/pattern", account, holding.pattern_weights)
    pattern = np.where(trio, _ALL_NULL, pattern)
    shares = np.array([[_NULL if s is None else round(s * _MILLION) for s in pair] for pair in holding.patterns])[
        pattern
    ]
    alone = np.where(draws.chance("holders/given", account, holding.share_given), _MILLION, _NULL)
    agent = draws.integers("holders/agent", account, 0, block.settings.initial)
    corporate_share = np.where(block.fates.is_corporate[who], holding.authorised_corporate, holding.authorised)
    authorised = draws.chance("holders/authorised", account, corporate_share) & np.isin(place, (MAIN, SECOND))
    authorised &= (agent != customer) & (agent != partner) & (agent != third)
    nobody = draws.chance("holders/nobody", account, holding.nobody) & (place != MAIN)
    rows = [
        (~nobody, customer, _OWNER, np.where(joint, shares[:, 0], alone)),
        (joint & ~nobody, partner, _JOINT, shares[:, 1]),
        (trio & ~nobody, third, _JOINT, np.full(len(new), _NULL)),
        (authorised & ~nobody, agent, _AUTHORISED, np.full(len(new), _NULL)),
        # The joint holder is also listed as an authorised person: the lesser role.
        (joint & ~nobody & (account % 11 == 0), partner, _AUTHORISED, np.full(len(new), _NULL)),
    ]
    return pa.table(
        [
            columns.accounts(np.concatenate([account[chosen] for chosen, *_ in rows])),
            columns.customers(np.concatenate([holder[chosen] for chosen, holder, *_ in rows])),
            columns.choices(codes.ROLES, np.concatenate([np.full(int(c.sum()), role) for c, _, role, _ in rows])),
            columns.ownership(np.concatenate([share[chosen] for chosen, _, _, share in rows])),
        ],
        names=TABLES["core.account_holders"].names,
    )
