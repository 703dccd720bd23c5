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
# Shares of owner, joint holder and third holder in millionths.
_SHARE_PATTERNS = np.array(
    [
        [500_000, 500_000, _NULL],
        [_NULL, _NULL, _NULL],
        [600_000, _NULL, _NULL],
        [700_000, 300_000, _NULL],
        [600_000, 600_000, _NULL],
        [400_000, 400_000, _NULL],
    ]
)
_PATTERN_WEIGHTS = [0.3, 0.35, 0.1, 0.17, 0.04, 0.04]


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
    draws, population = block.draws, block.parameters.population
    partner, third = customer ^ 1, customer ^ 2
    couple = draws.chance("holders/couple", np.minimum(customer, partner), population.joint_share * 1.6)
    joint = couple & (place != FOREIGN) & draws.chance("holders/joint", account, 0.5)
    joint &= ~block.fates.is_corporate[who] & _is_known(block, partner, month)
    trio = joint & draws.chance("holders/trio", account, 0.1) & _is_known(block, third, month)
    pattern = draws.choose("holders/pattern", account, _PATTERN_WEIGHTS)
    pattern = np.where(trio, 1, pattern)
    shares = _SHARE_PATTERNS[pattern]
    alone = np.where(draws.chance("holders/given", account, 0.3), _MILLION, _NULL)
    agent = draws.integers("holders/agent", account, 0, block.settings.initial)
    corporate_share = np.where(block.fates.is_corporate[who], 0.5, population.authorised_share)
    authorised = draws.chance("holders/authorised", account, corporate_share) & np.isin(place, (MAIN, SECOND))
    authorised &= (agent != customer) & (agent != partner) & (agent != third)
    nobody = draws.chance("holders/nobody", account, population.no_holder) & (place != MAIN)
    rows = [
        (~nobody, customer, _OWNER, np.where(joint, shares[:, 0], alone)),
        (joint & ~nobody, partner, _JOINT, shares[:, 1]),
        (trio & ~nobody, third, _JOINT, shares[:, 2]),
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
