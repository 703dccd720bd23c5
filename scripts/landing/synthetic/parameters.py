"""Every rate, share and amount of the synthetic bank, and what a run is asked for.

The groups live in `parameters_*`, the kinds of customers in `archetypes`, their payments in `habits`. Amounts are
yuan; rates of events are by month.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .parameters_customers import Fate, Holding, Population, Records
from .parameters_money import Accounts, Daily, Income, Lending, Terms, Wealth
from .parameters_service import Crm, Dirt, Late, Market, Reversals


@dataclass(frozen=True)
class Settings:
    """What one run was asked for."""

    customers: int = 5_000
    months: int = 24
    seed: int = 20260101
    first_month: str = "2024-01"
    block_size: int = 40_000

    @property
    def joiners(self) -> int:
        """New customers of each month: a fixed number, so that asking for more months only appends."""
        return max(1, int(self.customers * Population.joining_share / Population.joining_months))

    @property
    def initial(self) -> int:
        """Customers before the first month. After 24 months there are `customers`."""
        return max(1, self.customers - Population.joining_months * self.joiners)

    @property
    def total(self) -> int:
        """Customers at the end of the history."""
        return self.initial + self.months * self.joiners


@dataclass(frozen=True)
class Parameters:
    """All of them."""

    population: Population = field(default_factory=Population)
    records: Records = field(default_factory=Records)
    holding: Holding = field(default_factory=Holding)
    fate: Fate = field(default_factory=Fate)
    accounts: Accounts = field(default_factory=Accounts)
    income: Income = field(default_factory=Income)
    daily: Daily = field(default_factory=Daily)
    terms: Terms = field(default_factory=Terms)
    lending: Lending = field(default_factory=Lending)
    wealth: Wealth = field(default_factory=Wealth)
    crm: Crm = field(default_factory=Crm)
    market: Market = field(default_factory=Market)
    reversals: Reversals = field(default_factory=Reversals)
    dirt: Dirt = field(default_factory=Dirt)
    late: Late = field(default_factory=Late)
