"""A random small bank in which everything that can go wrong goes wrong often, for comparison with the oracle."""

from __future__ import annotations

import random
from datetime import date, timedelta

from landing_builder import LandingBuilder
from reference.values import add_months

FIRST = date(2023, 1, 1)
DAYS = 800
BAD_DATES = ["2024-02-30", "2024-13-01", "yesterday", "01/02/2024", "2024-1-5", "0999-01-01", "２０２４-01-01"]
BAD_NUMBERS = ["abc", "1,000.00", "NaN", "inf", "1e400", "--1", "1 000", "１２", "0x10", "99999999999999999"]
ODD_NUMBERS = ["1e3", " 12.345 ", "+7.005", ".5", "5.", "1E+2", "0.004", "100.0049999", "2.50000000000000000001"]
BLANKS = ["", " ", "\t", "\u3000", "\u00a0 "]
CODES = ["cash_deposit", "transfer_out", "salary", "term_placement", "investment_purchase", "cash_withdrawal",
         "investment_redemption", "interest", "fee", "correction", "Card_Payment", " TRANSFER_IN ", "bill_payment",
         "own_transfer", "term_payout", "standing_order", "direct_debit", "loan_instalment", "loan_disbursement",
         "penalty_interest", "tax"]  # fmt: skip
CHANNELS = ["counter", "MOBILE", "online", "atm", "kiosk", "mini_program", "self_service", "batch", "pigeon", None]
BANKS = ["OWN", "own", " Own", "B2", "b3", None, None]
PAYERS = ["E1", "E2", "E3", None]
WEALTH = ["balanced_fund", "equity_fund", "Insurance_Policy", "commodity_fund", "cash_management", "government_bond",
          "fixed_income_product", "credit_card", "debit_card", "mortgage"]  # fmt: skip
OCCUPATIONS = ["public_sector", "PROFESSIONAL", "salaried", "manager", "self_employed", "worker", "farmer", "student",
               "retired", "homemaker", "unemployed", "pirate", None]  # fmt: skip


class NastyBank:
    """Builds one landing from one seed."""

    def __init__(self, seed: int, customers: int = 60) -> None:
        self.random = random.Random(seed)
        self.builder = LandingBuilder()
        self.customers = [f"C{number:03d}" for number in range(customers)]
        self.accounts: dict[str, tuple[date, date | None]] = {}
        self.booked: list[tuple[str, str, date, str, str]] = []
        self.maturities: dict[str, list[date]] = {}

    def chance(self, share: float) -> bool:
        """True with this probability."""
        return self.random.random() < share

    def day(self, first: date = FIRST, last: date | None = None) -> date:
        """A day of the history."""
        span = ((last or FIRST + timedelta(days=DAYS)) - first).days
        return first + timedelta(days=self.random.randint(0, max(span, 0)))

    def stamp(self, day: date) -> str:
        """A timestamp of a day in one of the accepted spellings."""
        clock = f"{self.random.randint(0, 23):02d}:{self.random.randint(0, 59):02d}"
        return self.random.choice(
            [f"{day}", f"{day} {clock}", f"{day}T{clock}:30", f"{day} {clock}:01.1234567+08:00", f"{day}T{clock}:59Z"]
        )

    def amount(self, scale: float = 1.0) -> str:
        """An amount, now and then an odd or a bad one."""
        if self.chance(0.03):
            return self.random.choice(ODD_NUMBERS)
        if self.chance(0.02):
            return self.random.choice([*BAD_NUMBERS, *BLANKS, "0", "-5"])
        size = self.random.choice([100, 5000, 50_000, 500_000])
        return f"{self.random.random() * size * scale:.{self.random.choice([0, 2, 2, 2, 3])}f}"

    def build(self) -> LandingBuilder:
        """The whole landing."""
        self._market()
        for customer_id in self.customers:
            self._customer(customer_id)
        for number in range(len(self.customers) * 2):
            self._account(f"A{number:03d}")
        for account_id in self.accounts:
            self._transactions(account_id)
            self._income(account_id)
        self._reversals()
        for customer_id in self.customers:
            self._elsewhere(customer_id)
            self._judged(customer_id)
        for line in ("T_SHORT,A001", "T_LONG,A001,2024-01-01,5,credit,fee,,,,,,2024-01-01,,extra", ",,,,,,,,,,,"):
            self.builder.raw_line("core.transactions", line)
        self.builder.raw_line("core.customers", "C_SHORT")
        return self.builder

    def _market(self) -> None:
        for currency, first in (("USD", FIRST - timedelta(days=40)), ("eur", FIRST + timedelta(days=200))):
            day = first
            while day < FIRST + timedelta(days=DAYS):
                self.builder.fx_rate(currency, day, f"{7 + self.random.random():.9f}")
                day += timedelta(days=self.random.randint(1, 45))
        self.builder.fx_rate("GBP", FIRST, "0").fx_rate("GBP", FIRST, self.random.choice(BAD_NUMBERS))
        self.builder.fx_rate("HKD", FIRST, "0.9").fx_rate("hkd", FIRST, "0.91")  # a conflict: no rate at all
        for region in ("r01", "R02", "R03", "R04"):
            for year in (2022, 2023, 2024) if region != "R04" else (2023,):
                self.builder.region(
                    region, f"{year}-{self.random.choice(['06-30', '12-31'])}",
                    average_wage=self.random.choice(["5000", "7000", "8049.99", "8050", "12000.50", None, "x"]),
                    unemployment_rate=self.random.choice(["0.06", "0.041234567", None]),
                )  # fmt: skip
        curves = (("ftp", 1, -30), ("FTP", 3, -400), ("ftp", 12, 20), ("ftp", 24, 90), ("policy", 1, 0))
        for curve, tenor, first in curves:
            day = FIRST + timedelta(days=first)
            while day < FIRST + timedelta(days=DAYS):
                rate = f"{self.random.random() / 30:.9f}" if self.chance(0.97) else self.random.choice(BAD_NUMBERS)
                self.builder.interest_rate(tenor, day, rate, curve_code=curve)
                day += timedelta(days=self.random.randint(1, 90))

    def _customer(self, customer_id: str) -> None:
        choose = self.random.choice
        document = choose([None, "N/A", "0000", "AB-12", "ab 12", "X9", "x-9", "Y7", "y.7", None, None])
        birth = choose(["1980-05-05", "1980-05-05", "1981-06-06", None])
        if not document:
            birth = self.day(date(1945, 1, 1), date(2012, 12, 31)) if self.chance(0.9) else "2000-02-29"
        for version in range(self.random.choice([1, 1, 1, 2, 3])):
            updated = self.stamp(self.day()) if self.chance(0.9) else choose([*BAD_DATES, None])
            kinds = ["individual", "Individual", "corporate", *(["cat", None] if self.chance(0.1) else [])]
            values: dict[str, object] = {
                "customer_type": choose(kinds),
                "birth_date": choose([birth, birth, birth, "2050-01-01", choose(BAD_DATES)]),
                "gender": choose(["female", "MALE", "other", None]),
                "dependents_count": choose(["0", "0", "2.0", "2.5", "-1", "x", None]),
                "education_code": choose(["secondary", "COLLEGE", "bachelor", "postgraduate", "dance", None]),
                "occupation_code": choose(OCCUPATIONS),
                "marital_status": choose(["single", "Married", "divorced", "widowed", "so-so", None]),
                "industry_code": choose(["a", "C", "G", "Z", None]),
                "enterprise_size_code": choose(["large", "Micro", "huge", None, None, None, None]),
                "employee_count": choose(["5", "20", "299", "300", "1000", "2.5", None, None]),
                "annual_revenue": choose(["0", "2999999.999", "20000000", "399999999.99", "4e8", "-1", None, None]),
                "branch_id": choose(["B1", "b2", None]),
                "declared_annual_income": choose(["100000", "-5", "abc", None]),
                "region_code": choose(["R01", "r02", "R03", "R04", "R99", None]),
                "customer_since_date": choose(["2020-01-01", "2019-01-31", "2023-08-31", "bad", None]),
                "updated_at": updated,
            }
            if document:
                values["id_document_number"] = document
            if self.chance(0.1):
                values["id_document_type"] = choose(["passport", "library_card", None])
            self.builder.customer(customer_id if self.chance(0.98) else choose(BLANKS), **values)
            if self.chance(0.1):  # an exact resend, or a conflict
                self.builder.customer(customer_id, **{**values, **({"gender": "male"} if version else {})})

    def _account(self, account_id: str) -> None:
        choose = self.random.choice
        opened = self.day(FIRST - timedelta(days=300))
        closed = self.day(opened) if self.chance(0.25) else None
        self.accounts[account_id] = (opened, closed)
        currencies = ["CNY", "CNY", "CNY", "cny", "USD", "EUR", *(["GBP", "HKD", None] if self.chance(0.1) else [])]
        products = ["demand_deposit", "TERM_DEPOSIT", "large_certificate", "notice_deposit", "structured_deposit"]
        if self.chance(0.04):
            products = ["piggy", "equity_fund", "mortgage", "debit_card"]
        terms = [None, "0", "1", "3", "3", "6.0", "12", "24", *(["-1", "x"] if self.chance(0.1) else [])]
        maturity = opened + timedelta(days=self.random.choice([0, 28, 31, 90, 181, 365, 366, 500, 700]))
        values: dict[str, object] = {
            "opened_date": opened if self.chance(0.97) else choose([None, *BAD_DATES]),
            "closed_date": closed,
            "currency_code": choose(currencies),
            "product_code": choose(products),
            "opening_balance": choose([None, None, "1000.005", "75000", "-20", "520000"]),
            "auto_renew": choose(["true", "Y", "0", None]),
            "term_months": choose(terms),
            "maturity_date": maturity if self.chance(0.7) else choose([None, None, opened - timedelta(days=1)]),
            "interest_rate": choose(["0.003", "0.0155", "0.0275", "-0.001", None if self.chance(0.3) else "0.02"]),
            "updated_at": self.stamp(self.day(opened)),
        }
        self.builder.account(account_id, **values)
        self.maturities[account_id] = [maturity, *(add_months(opened, count) for count in (1, 3, 6, 12, 15, 24))]
        if self.chance(0.15):
            newer = {"updated_at": self.stamp(self.day(opened)), "interest_rate": "0.03"}
            self.builder.account(account_id, **{**values, **newer})
        if self.chance(0.05):
            self.builder.account(account_id, **values)
        for holder in self.random.sample(self.customers, self.random.choice([0, 1, 1, 1, 1, 2, 3])):
            role = choose(["owner", "joint", "Joint", "authorised"])
            odd_shares = ["1.0000001", "x"] if self.chance(0.1) else []
            share = choose([None, None, "0.5", "1", "0.333333", "0.3333335", "0.7", *odd_shares])
            self.builder.holder(account_id, holder, role=role, ownership_share=share)
            if self.chance(0.08):
                other_role = choose(["owner", "joint", "authorised"])
                self.builder.holder(account_id, holder, role=other_role, ownership_share=share)
        if self.chance(0.03):
            self.builder.holder(account_id, "C_NOBODY")

    def _transactions(self, account_id: str) -> None:
        opened, closed = self.accounts[account_id]
        for _ in range(self.random.randint(0, 25)):
            first = max(opened, FIRST) if self.chance(0.98) else FIRST
            day = self.day(first, closed) if closed and closed >= first and self.chance(0.97) else self.day(first)
            if self.chance(0.25):  # around a maturity of one of the accounts nearby
                near = f"A{max(0, int(account_id[1:]) - self.random.choice([0, 0, 1])):03d}"
                later = timedelta(days=self.random.choice([-1, 0, 3, 7, 8, 30, 31]))
                after = self.random.choice(self.maturities[near]) + later
                day = after if first <= after <= (closed or FIRST + timedelta(days=DAYS)) else day
            booked = self.stamp(day) if self.chance(0.98) else self.random.choice(BAD_DATES)
            loaded = f"{day + timedelta(days=1)} 03:00:00" if self.chance(0.97) else self.stamp(day)
            direction = self.random.choice(["credit", "credit", "debit", "CREDIT"]) if self.chance(0.99) else "in"
            code = self.random.choice(CODES) if self.chance(0.98) else self.random.choice(["gift", None])
            identity = f"T{len(self.booked):05d}"
            values: dict[str, object] = {
                "transaction_id": identity if self.chance(0.99) else self.random.choice(BLANKS),
                "transaction_code": code, "loaded_at": loaded,
                "channel_code": self.random.choice(CHANNELS),
                "balance_after": self.amount() if self.chance(0.8) else None,
                "counterparty_id": self.random.choice(PAYERS),
                "counterparty_bank_code": self.random.choice(BANKS),
            }  # fmt: skip
            account = account_id if self.chance(0.98) else "A_NOBODY"
            amount = self.amount()
            self.builder.transaction(account, booked, amount, direction, **values)
            self.booked.append((identity, account, day, amount, direction.lower()))
            if self.chance(0.04):  # a resend, a correction, or a conflict
                newer = self.random.choice([loaded, f"{day + timedelta(days=5)} 03:00:00"])
                other_amount = self.random.choice([amount, "12.34", "-1"])
                again = {**values, "loaded_at": newer}
                self.builder.transaction(account, booked, other_amount, direction, **again)

    def _income(self, account_id: str) -> None:
        """Somebody who sends money every month, for a while, more or less regularly."""
        opened, closed = self.accounts[account_id]
        if not self.chance(0.4):
            return
        payer, base, start = self.random.choice(PAYERS), self.random.randint(1000, 9000), self.random.randint(1, 31)
        code = self.random.choice(["salary", "pension", "transfer_in", "transfer_in"])
        wobble, jitter = self.random.choice([0, 0.02, 0.3, 0.45]), self.random.choice([0, 2, 3])
        day = max(opened, FIRST) + timedelta(days=start + self.random.choice([0, 0, 100]))
        last = min(closed or date.max, day + timedelta(days=self.random.choice([100, 200, 700, 700])))
        while day <= min(last, FIRST + timedelta(days=DAYS)):
            booked = day + timedelta(days=self.random.randint(-jitter, jitter))
            amount = f"{base * (1 + wobble * (self.random.random() * 2 - 1)):.2f}"
            if self.chance(0.9) and max(opened, FIRST) <= booked <= (closed or date.max):
                identity = f"S{len(self.booked):05d}"
                self.builder.transaction(
                    account_id, self.stamp(booked), amount, transaction_id=identity, transaction_code=code,
                    counterparty_id=payer, channel_code="batch", loaded_at=f"{booked + timedelta(days=1)} 03:00:00",
                )  # fmt: skip
                self.booked.append((identity, account_id, booked, amount, "credit"))
            day = add_months(day, 1)
            base = base * self.random.choice([1, 1, 1, 1, 1.1])

    def _reversals(self) -> None:
        for identity, account, day, amount, direction in self.random.sample(self.booked, len(self.booked) // 8):
            for _ in range(self.random.choice([1, 1, 1, 2])):
                self.builder.reversal(
                    identity if self.chance(0.95) else "T_NOWHERE",
                    account if self.chance(0.95) else "A000",
                    f"{day + timedelta(days=self.random.choice([-1, 0, 0, 1, 3, 40]))} 23:59:59",
                    amount if self.chance(0.85) else "0.5",
                    ("debit" if direction == "credit" else "credit") if self.chance(0.95) else "credit",
                    loaded_at="2026-01-01",
                    transaction_id=f"R{identity}" if self.chance(0.7) else self.builder._next("RR"),
                    transaction_code=self.random.choice(["reversal", "correction", "transfer_out"]),
                )

    def _elsewhere(self, customer_id: str) -> None:
        choose = self.random.choice
        if self.chance(0.5):
            for _ in range(self.random.randint(1, 25)):
                self.builder.position(
                    customer_id, self.day(), self.amount(4) if self.chance(0.9) else choose(["-250.55", "0"]),
                    product_code=choose(WEALTH),
                    currency_code=choose(["CNY", "USD", "EUR"] if self.chance(0.2) else ["CNY"]),
                )  # fmt: skip
        if self.chance(0.3):
            for number in range(choose([1, 1, 2])):
                loan, start = f"L{customer_id}-{number}", self.day(date(2018, 1, 31), date(2023, 12, 31))
                self.builder.loan(
                    loan, customer_id, product_code=choose(["mortgage", "Consumer_Loan", "business_loan"]),
                    currency_code=choose(["CNY", "CNY", "CNY", "USD", "EUR"]),
                    interest_rate=choose(["0.04", "0.0655", "0.12", None if self.chance(0.2) else "0.08"]),
                    disbursed_date=start if self.chance(0.95) else None,
                    maturity_date=start + timedelta(days=choose([20, 89, 365, 366, 730, 3000])),
                )  # fmt: skip
                for _ in range(self.random.randint(1, 12)):
                    self.builder.loan_position(
                        loan, self.day(), choose(["0", self.amount(), self.amount(), self.amount()]),
                        days_past_due=choose(["0", "0", "30", "90", "91", "120", None]),
                        five_class_code=choose(["1", "1", "2", "3", "4", "5"]),
                    )  # fmt: skip
        for _ in range(choose([0, 0, 1, 2])):
            start = self.day()
            ends = [None, start, start + timedelta(days=100), start - timedelta(days=1)]
            self.builder.judgement(
                customer_id, choose(["value_tier", "value_tier", "class"]), choose(["high", "MID", "ordinary", "vip"]),
                valid_from=start, valid_to=choose(ends),
                approved_by=choose(["J2", None]), reason=choose(["b", "a", None]),
            )  # fmt: skip

    def _judged(self, customer_id: str) -> None:
        """Ratings and risk assessments, some on the same day."""
        choose, random = self.random.choice, self.random
        for _ in range(choose([0, 0, 1, 2, 4])):
            codes = ["AAA", "aa", "A", "BBB", "BB", "B", "C", "D", "Z", None]
            day = self.day(FIRST - timedelta(days=200))
            for _ in range(choose([1, 1, 2])):
                self.builder.credit_rating(customer_id, self.stamp(day), choose(codes))
        for _ in range(choose([0, 0, 1, 1, 3])):
            day = self.day(FIRST - timedelta(days=400))
            for _ in range(choose([1, 1, 1, 2])):
                self.builder.risk_assessment(
                    customer_id, self.stamp(day), choose(["C1", "c2", "C3", "C4", "C5"]),
                    tolerance_score=choose(["0", "40.25", f"{random.random() * 100:.3f}", None]),
                    awareness_score=choose(["100", "55", None, "100.5" if self.chance(0.1) else "1e1"]),
                )  # fmt: skip
