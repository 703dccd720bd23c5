"""What a persona is, the bank in which it lives, and short ways to land its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from landing_builder import LandingBuilder

Features = dict[str, object]
OPTIONAL_TABLES = (
    "wealth.positions",
    "wealth.risk_assessments",
    "lending.loans",
    "lending.loan_positions",
    "lending.credit_ratings",
    "market.interest_rates",
    "market.regions",
)


@dataclass(frozen=True)
class Persona:
    """One story: how it is landed, and what the features must be."""

    name: str
    story: str
    build: Callable[[LandingBuilder, str], object]
    expected: dict[str, dict[str, Features]]  # customer, without the name before it: month-end: features
    needs_optional_tables: bool = True

    def by_customer(self) -> dict[str, dict[date, Features]]:
        """The expectations by landed customer_id and month-end."""
        return {
            f"{self.name}.{customer}": {date.fromisoformat(day): row for day, row in days.items()}
            for customer, days in self.expected.items()
        }


def money(text: str) -> Decimal:
    """An amount to the cent."""
    return Decimal(text).quantize(Decimal("0.01"))


def bank(personas: Iterable[Persona], with_optional_tables: bool = True) -> LandingBuilder:
    """A bank of these customers: its ledger, its markets, and somebody whose two bookings span the ledger."""
    builder = LandingBuilder().customer("bank").account("bank.A", owner="bank", interest_rate="0.01")
    builder.transaction("bank.A", "2024-01-01 00:00:00", "1.00")
    builder.transaction("bank.A", "2025-12-31 23:59:59", "1.00")
    builder.fx_rate("EUR", "2024-03-15", "8.00").fx_rate("EUR", "2024-09-01", "8.50")
    if with_optional_tables:
        for tenor, rate in ((1, "0.01"), (3, "0.015"), (12, "0.02"), (36, "0.03")):
            builder.interest_rate(tenor, "2023-12-31", rate)
        builder.interest_rate(12, "2025-01-15", "0.026")
        builder.interest_rate(36, "2023-12-31", "0.5", curve_code="policy")
        for region, wage in (("R1", "5000"), ("R2", "10000"), ("R3", "11500")):
            builder.region(region, "2023-12-31", average_wage=wage)
        builder.region("R3", "2024-12-31", average_wage="11499.99")
        for table in OPTIONAL_TABLES:
            builder.header_only(table)
    for persona in personas:
        persona.build(builder, persona.name)
    return builder


def person(builder: LandingBuilder, me: str, **account: object) -> str:
    """A customer C with a current account A, whose id is returned."""
    builder.customer(f"{me}.C")
    return account_of(builder, me, "A", **account)


def account_of(builder: LandingBuilder, me: str, letter: str, **values: object) -> str:
    """Another account of C."""
    builder.account(f"{me}.{letter}", owner=f"{me}.C", **{"interest_rate": "0.01", **values})
    return f"{me}.{letter}"


def monthly(builder: LandingBuilder, account: str, days: Iterable[str], amount: object, **values: object) -> None:
    """The same booking on several days, from employer E1 unless stated otherwise."""
    for day in days:
        values = {"transaction_code": "salary", "channel_code": "batch", "counterparty_id": "E1", **values}
        builder.transaction(account, f"{day} 09:00:00", amount, **values)


def on_day(day: int, first: str, count: int) -> list[str]:
    """A day of so many consecutive months."""
    year, month = map(int, first.split("-"))
    months = [year * 12 + month - 1 + offset for offset in range(count)]
    return [f"{number // 12}-{number % 12 + 1:02d}-{day:02d}" for number in months]
