"""A random small bank whose customers change: they fall silent, wake up, leave and come back, pay late and recover,
grow rich, lose a salary, let a term deposit run out. For the comparison of states, scores and classes with the oracle.

The rows themselves are clean (`nasty_landing.py` has the dirt); what isn't known differs from customer to customer.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from landing_builder import LandingBuilder

FIRST_YEAR, MONTHS = 2022, 36
RATINGS = ["AAA", "AA", "A", "BBB", "BB", "B", "C", "D"]
OCCUPATIONS = ["public_sector", "salaried", "manager", "worker", "farmer", "student", "retired", None]
JUDGED = {
    "value_tier": ["high", "mid", "Ordinary", "vip"],
    "need": ["wealth", "FINANCING", "settlement", "mixed", "unclassified", "high"],
    "activity": ["active", "Dormant", "slowing", "reactivated", "quality"],
    "class": ["quality", "Risk", "potential", "general", "unclassified", "active"],
}
BUSY, USUAL, RARE, SILENT = (12, 25), (1, 5), (0, 1), (0, 0)  # customer transactions a month, from and to


def first_of(month: int) -> date:
    """The first day of a month of the history; negative months lie before it."""
    return date(FIRST_YEAR + month // 12, month % 12 + 1, 1)


class MovingBank:
    """Builds one landing from one seed."""

    def __init__(self, seed: int, customers: int = 90, without: tuple[str, ...] = ()) -> None:
        self.random = random.Random(seed)
        self.builder = LandingBuilder()
        self.customers = [f"C{number:03d}" for number in range(customers)]
        self.without = without
        self.open: dict[str, tuple[date, date]] = {}  # account_id: the days on which it is open

    def chance(self, share: float) -> bool:
        """True with this probability."""
        return self.random.random() < share

    def day(self, month: int) -> date:
        """A day of a month."""
        return first_of(month) + timedelta(days=self.random.randint(0, 27))

    def money(self, low: float, high: float) -> str:
        """An amount, small ones as likely as large ones."""
        return f"{low * (high / low) ** self.random.random():.2f}"

    def build(self) -> LandingBuilder:
        """The whole landing."""
        self.builder.fx_rate("USD", "2021-12-01", "7.0").fx_rate("USD", "2023-05-03", "6.5")
        for tenor, rate in ((3, "0.02"), (12, "0.025"), (36, "0.03")):
            self.builder.interest_rate(tenor, "2021-12-31", rate).interest_rate(tenor, "2023-03-31", rate)
        for place, wage in enumerate((5000, 8000, 12000)):
            self.builder.region(f"R{place}", "2021-12-31", average_wage=wage)
        for customer_id in self.customers:
            self._customer(customer_id)
            self._deposits(customer_id)
            if self.chance(0.5):
                self._credit(customer_id)
            if self.chance(0.5):
                self._wealth(customer_id)
            self._judgements(customer_id)
        for table in self.without:
            self.builder.omit_table(table)
        return self.builder

    def _customer(self, customer_id: str) -> None:
        choose = self.random.choice
        self.builder.customer(
            customer_id,
            customer_type="corporate" if self.chance(0.3) else "individual",
            birth_date=choose(["2001-05-05", "1991-02-28", "1980-12-31", "1955-07-07", None]),
            occupation_code=choose(OCCUPATIONS),
            marital_status=choose(["single", "married", None]),
            dependents_count=choose([0, 2, None]),
            enterprise_size_code=choose(["micro", "small", "medium", "large", None]),
            employee_count=choose([5, 100, 2000, None]),
            annual_revenue=choose([1_000_000, 20_000_000, 500_000_000, None]),
            region_code=choose(["R0", "R1", "R2", None]),
            customer_since_date=choose(["2015-01-01", "2021-10-15", "2022-06-30", None]),
        )

    # ---- deposits ----

    def _deposits(self, customer_id: str) -> None:
        """Accounts one after another, some with months without any between them."""
        month = self.random.choice([-24, -2, -1, 0, 0, 3, 9])
        number = 0
        while month < MONTHS:
            account = f"A{customer_id}{number}"
            closing = month + self.random.choice([4, 12, 18, 99, 99, 99])
            opened, closed = self.day(month), self.day(closing) if closing < MONTHS else None
            self.open[account] = (opened, closed or date.max)
            currency = "USD" if self.chance(0.1) else "CNY"
            balance = self.money(50, 2_000_000) if self.chance(0.8) else None
            self.builder.account(
                account, customer_id, opened_date=opened, closed_date=closed, currency_code=currency,
                opening_balance=balance, interest_rate="0.002" if self.chance(0.9) else None,
            )  # fmt: skip
            self._life(account, max(month + 1, 0), min(closing, MONTHS))
            if self.chance(0.4):
                self._term(account, customer_id, max(month + 1, 0), min(closing, MONTHS))
            month = closing + self.random.choice([0, 1, 3, 10])
            number += 1

    def _life(self, account: str, first: int, last: int) -> None:
        """Phases of more or less activity; a salary that may stop; standing orders."""
        month, employer = first, self.random.choice(["E1", "E2", None])
        salary = 0.0 if self.chance(0.5) else float(self.money(2_000, 60_000))
        salary_stops = first + self.random.randint(4, 60)
        has_orders = self.chance(0.4)
        while month < last:
            low, high = self.random.choice([BUSY, USUAL, USUAL, RARE, SILENT, SILENT])
            size = self.random.choice([100, 1_000, 20_000])
            for busy in range(month, min(month + self.random.choice([2, 5, 9, 15]), last)):
                for _ in range(self.random.randint(low, high)):
                    self._one(account, busy, size)
                if salary and busy < salary_stops:
                    amount = f"{salary * (1 + self.random.random() / 20) * (1 + busy / 200):.2f}"
                    self._book(account, first_of(busy) + timedelta(days=9), amount, "credit", "salary", employer)
                if has_orders:
                    self._book(account, self.day(busy), "50", "debit", "standing_order")
                month = busy + 1

    def _one(self, account: str, month: int, size: float) -> None:
        """One transaction by the customer, in or out."""
        direction, code = self.random.choice(
            [("credit", "cash_deposit"), ("debit", "transfer_out"), ("debit", "card_payment")]
        )
        self._book(account, self.day(month), self.money(size / 10, size * 5), direction, code)

    def _book(self, account: str, day: date, amount: str, direction: str, code: str, payer: str | None = None) -> None:
        channel = self.random.choice(["counter", "mobile", "online", "atm", "batch", None])
        self.builder.transaction(
            account, day, amount, direction, transaction_code=code, channel_code=channel, counterparty_id=payer
        )

    def _term(self, account: str, customer_id: str, first: int, last: int) -> None:
        """A term deposit, renewed or paid out, and then perhaps taken away."""
        if first + 3 >= last:
            return
        start = self.random.randint(first, last - 3)
        months = self.random.choice([1, 3, 6, 12, 36])
        end = min(start + months, MONTHS + 40)
        amount = self.money(1_000, 800_000)
        is_renewed = self.chance(0.4)
        opened = first_of(start) + timedelta(days=self.random.randint(0, 27))
        matures = first_of(end) + timedelta(days=opened.day - 1)
        term = f"{account}T"
        self.builder.term_account(
            term, customer_id, opened_date=opened, term_months=months, maturity_date=matures, auto_renew=is_renewed
        )
        self._book(term, opened, amount, "credit", "term_placement")
        if not is_renewed and end < last and self.chance(0.8):
            self._book(term, matures, amount, "debit", "term_payout")
            self._book(account, matures, amount, "credit", "term_payout")
            if self.chance(0.5) and end + 1 < last:
                self._book(account, self.day(end + 1), amount, "debit", "transfer_out")

    # ---- elsewhere ----

    def _credit(self, customer_id: str) -> None:
        """Loans that are paid late and recover; ratings that come and go."""
        for number in range(self.random.choice([1, 1, 2])):
            loan, start = f"L{customer_id}{number}", self.random.randint(-6, 20)
            product = self.random.choice(["mortgage", "consumer_loan", "business_loan"])
            self.builder.loan(loan, customer_id, disbursed_date=self.day(start), product_code=product)
            days = 0
            for month in range(max(start + 1, 0), min(start + self.random.choice([6, 20, 60]), MONTHS)):
                days = days + 30 if self.chance(0.12 if days == 0 else 0.6) else 0
                days = self.random.choice([1, 29, 89, 90, 91]) if days and self.chance(0.2) else days
                worst = self.random.choice(["1", "2", "3"]) if self.chance(0.03) else "1"
                if self.chance(0.9):
                    outstanding = self.money(10, 900_000) if self.chance(0.95) else "0"
                    known = days if self.chance(0.95) else None
                    self.builder.loan_position(
                        loan, self.day(month), outstanding, days_past_due=known, five_class_code=worst
                    )
                opened, closed = self.open[f"A{customer_id}0"]
                if opened < first_of(month) < closed:
                    self._book(f"A{customer_id}0", first_of(month), "100", "debit", "loan_instalment")
        for _ in range(self.random.choice([0, 1, 3])):
            self.builder.credit_rating(customer_id, self.day(self.random.randint(-9, 30)), self.random.choice(RATINGS))

    def _wealth(self, customer_id: str) -> None:
        """Positions month after month, with gaps; risk assessments that grow old."""
        product = self.random.choice(["balanced_fund", "equity_fund", "insurance_policy", "cash_management"])
        start = self.random.randint(0, 20)
        value = float(self.money(1_000, 1_000_000))
        for month in range(start, min(start + self.random.choice([8, 40]), MONTHS)):
            value *= self.random.choice([0.9, 1.0, 1.1])
            if self.chance(0.8):
                self.builder.position(customer_id, self.day(month), f"{value:.2f}", product_code=product)
        if self.chance(0.3):
            self.builder.position(customer_id, self.day(start), "0", product_code="credit_card")
        for _ in range(self.random.choice([0, 1, 2])):
            level = f"C{self.random.randint(1, 5)}"
            self.builder.risk_assessment(customer_id, f"{self.day(self.random.randint(-9, 30))} 10:00:00", level)

    def _judgements(self, customer_id: str) -> None:
        """Judgements of every dimension: unapproved, run out, overlapping, with codes of other dimensions."""
        starts = set()
        for _ in range(self.random.choice([0, 0, 1, 3])):
            dimension = self.random.choice(list(JUDGED))
            start = self.random.choice([self.day(self.random.randint(0, 30)), date(2023, 3, 31), date(2023, 4, 30)])
            if (dimension, start) in starts:
                continue  # one key, one row
            starts.add((dimension, start))
            ends = [None, start, start + timedelta(days=100), date(2023, 12, 31), date(2024, 1, 30)]
            self.builder.judgement(
                customer_id, dimension, self.random.choice(JUDGED[dimension]), valid_from=start,
                valid_to=self.random.choice([end for end in ends if end is None or end >= start]),
                approved_by="J2" if self.chance(0.8) else None, reason=self.random.choice(["a", "b", None]),
            )  # fmt: skip
