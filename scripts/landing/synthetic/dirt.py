"""Dirt (first form: none)."""

from __future__ import annotations

import pyarrow as pa

from . import codes, columns
from .block import Block, Month
from .ledger import Booked
from .months import Calendar
from .parameters import Dirt as Shares
from .parameters import Settings
from .randomness import Draws
from .schema import TABLES
from .writers import Landing


def transaction_table(booked: Booked) -> pa.Table:
    """Rows of core.transactions."""
    return pa.table([
        columns.transactions(booked.id), columns.accounts(booked.account), columns.stamps(booked.booked),
        columns.money(booked.cents), columns.choices(codes.DIRECTIONS, booked.is_debit.astype(int)),
        columns.choices(codes.TRANSACTION_CODES, booked.code), columns.choices(codes.CHANNELS, booked.channel),
        columns.parties(booked.party), columns.choices(codes.BANKS, booked.bank), columns.money(booked.balance),
        columns.transactions(booked.reverses), columns.stamps(booked.loaded),
    ], names=TABLES["core.transactions"].names)  # fmt: skip


class Dirt:
    def __init__(self, draws: Draws, shares: Shares, calendar: Calendar, settings: Settings) -> None:
        self.calendar = calendar

    def write(self, landing: Landing, table: str, month: int, rows: pa.Table) -> None:
        landing.write(table, self.calendar.label(month), rows)

    def write_transactions(self, landing: Landing, block: Block, month: Month, booked: Booked) -> None:
        landing.write("core.transactions", self.calendar.label(month.number), transaction_table(booked))
