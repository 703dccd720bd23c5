"""Customers by name: each a few landed rows, and features worked out by hand from the specification.

    landing = bank(SHARED).write(folder)      # all that fit into one bank, with 24 months of ledger
    landing = bank([persona]).write(folder)   # or one alone: its features are the same

Ids start with the persona's name. `expected` goes by customer (of a merged party: the survivor), then by
month-end. Personas that need a landing without the optional tables have one of their own. The bank's ledger
runs from 2024-01-01 to 2025-12-31.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
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


# ---- salaries ----


def _salary_stopped(builder: LandingBuilder, me: str) -> None:
    monthly(builder, person(builder, me), on_day(15, "2024-01", 4), "10000.00")


def _salary_turn_of_month(builder: LandingBuilder, me: str) -> None:
    account = person(builder, me)
    for day, amount in (("01-30", "8000"), ("02-01", "8000"), ("03-31", "8400"), ("04-02", "8000")):
        monthly(builder, account, [f"2024-{day}"], amount)


def _salary_on_scattered_days(builder: LandingBuilder, me: str) -> None:
    account = person(builder, me)
    monthly(builder, account, ["2024-01-05", "2024-02-10", "2024-03-05", "2024-04-11"], "8000.00")


def _two_payers(builder: LandingBuilder, me: str) -> None:
    account = person(builder, me)
    for payer in ("E1", "E2"):
        values = {"counterparty_id": payer, "transaction_code": "transfer_in"}
        monthly(builder, account, on_day(3, "2024-01", 6), "4000.00" if payer == "E2" else "3000.00", **values)
    monthly(builder, account, on_day(8, "2024-04", 3), "1000.00", counterparty_id="E3")


def _uneven_income(builder: LandingBuilder, me: str) -> None:
    account = person(builder, me)
    for day, amount in zip(on_day(5, "2024-01", 3), ("1000", "2000", "1000"), strict=True):
        monthly(builder, account, [day], amount)


def _pensioner(builder: LandingBuilder, me: str) -> None:
    values = {"birth_date": "1950-06-30", "occupation_code": "retired", "marital_status": "widowed"}
    builder.customer(f"{me}.C", region_code="r3", customer_since_date="2010-03-31", **values)
    account = account_of(builder, me, "A")
    pension = {"transaction_code": "pension", "counterparty_id": None}
    monthly(builder, account, on_day(10, "2024-01", 24), "4500.00", **pension)


def _raised_salary(builder: LandingBuilder, me: str) -> None:
    account = person(builder, me)
    monthly(builder, account, on_day(5, "2024-01", 12), "5000.00")
    monthly(builder, account, on_day(5, "2025-01", 12), "6000.00")


def _foreign_salary(builder: LandingBuilder, me: str) -> None:
    monthly(builder, person(builder, me, currency_code="EUR"), on_day(20, "2024-02", 6), "1000.00")


# ---- term deposits ----


def _term_matured_and_left(builder: LandingBuilder, me: str) -> None:
    account = person(builder, me, opening_balance="1000.00")
    term = {"opened_date": "2023-07-10", "maturity_date": "2024-07-10", "opening_balance": "120000.00"}
    builder.term_account(f"{me}.T", owner=f"{me}.C", **term)
    payout = {"transaction_code": "term_payout", "channel_code": "batch"}
    builder.transaction(f"{me}.T", "2024-07-10 01:00:00", "120000.00", "debit", **payout)
    builder.transaction(account, "2024-07-10 01:00:00", "120000.00", **payout)
    away = {"transaction_code": "transfer_out", "channel_code": "mobile", "counterparty_bank_code": "B9"}
    builder.transaction(account, "2024-07-20 10:00:00", "115000.00", "debit", **away)


def _term_rolled_over_automatically(builder: LandingBuilder, me: str) -> None:
    person(builder, me)
    term = {"opened_date": "2023-11-30", "term_months": 3, "auto_renew": "yes", "opening_balance": "10000"}
    builder.term_account(f"{me}.T", owner=f"{me}.C", **term)
    interest = {"transaction_code": "interest", "channel_code": None}
    builder.transaction(f"{me}.T", "2024-02-29 00:00:00", "50.00", **interest)


def _term_rolled_over_in_part(builder: LandingBuilder, me: str) -> None:
    account = person(builder, me)
    term = {"opened_date": "2023-03-10", "maturity_date": "2024-03-10", "opening_balance": "50000.00"}
    builder.term_account(f"{me}.T", owner=f"{me}.C", **term)
    builder.term_account(f"{me}.U", owner=f"{me}.C", opened_date="2024-03-12", maturity_date="2025-03-12")
    payout, placement = {"transaction_code": "term_payout"}, {"transaction_code": "term_placement"}
    builder.transaction(f"{me}.T", "2024-03-10", "50000.00", "debit", **payout)
    builder.transaction(account, "2024-03-10", "50000.00", **payout)
    for day, amount in (("2024-03-17", "30000.00"), ("2024-03-18", "5000.00")):  # day + 7, day + 8
        builder.transaction(account, day, amount, "debit", **placement)
        builder.transaction(f"{me}.U", day, amount, **placement)
    builder.transaction(account, "2024-04-09", "15000.00", "debit")  # day + 30
    builder.transaction(account, "2024-04-10", "200.00", "debit")


def _term_matured_untouched(builder: LandingBuilder, me: str) -> None:
    person(builder, me)
    term = {"opened_date": "2023-03-15", "maturity_date": "2024-03-15", "opening_balance": "5000.00"}
    builder.term_account(f"{me}.T", owner=f"{me}.C", **term)


def _term_closed_early(builder: LandingBuilder, me: str) -> None:
    person(builder, me)
    term = {"opened_date": "2023-09-01", "maturity_date": "2024-09-01", "opening_balance": "5000.00"}
    builder.term_account(f"{me}.T", owner=f"{me}.C", closed_date="2024-05-10", **term)
    builder.transaction(f"{me}.T", "2024-05-10", "5000.00", "debit", transaction_code="term_payout")


def _term_ladder(builder: LandingBuilder, me: str) -> None:
    person(builder, me)
    for number, days in enumerate((30, 31, 90, 91, 180, 181, 365, 366)):
        maturity = date(2024, 1, 31) + timedelta(days=days)
        values = {"maturity_date": maturity, "opened_date": "2023-01-01", "opening_balance": 10**number}
        builder.term_account(f"{me}.T{number}", owner=f"{me}.C", **values)


# ---- activity ----


def _reversal_in_next_month(builder: LandingBuilder, me: str) -> None:
    account = person(builder, me)
    builder.transaction(account, "2024-01-05", "900.00", transaction_id=f"{me}.pair")
    builder.reversal(f"{me}.pair", account, "2024-01-06", "900.00")
    builder.transaction(account, "2024-01-10", "500.00")
    away = {"transaction_code": "transfer_out", "channel_code": "mobile", "counterparty_bank_code": "B9"}
    builder.transaction(account, "2024-01-20", "400.00", "debit", transaction_id=f"{me}.contra", **away)
    builder.reversal(f"{me}.contra", account, "2024-02-02", "400.00", "credit")


def _without_customer_transaction(builder: LandingBuilder, me: str) -> None:
    account = person(builder, me, opening_balance="100.00")
    builder.transaction(account, "2024-01-31", "3.00", transaction_code="interest", channel_code=None)
    monthly(builder, account, ["2024-02-10"], "20.00", transaction_code="transfer_in")


def _busy_customer(builder: LandingBuilder, me: str) -> None:
    account = person(builder, me, opening_balance="1000.00")
    channels = {1: ("online", "mini_program", "mobile"), 11: ("online",), 21: ("online",)}
    for first, of_the_day in channels.items():
        for day in on_day(first, "2024-01", 3):
            for channel in of_the_day:
                payment = {"transaction_code": "card_payment", "channel_code": channel}
                builder.transaction(account, day, "1.00", "debit", **payment)
    for day, to_bank in zip(on_day(21, "2024-01", 3), ("Own", "b2", "B3"), strict=True):
        away = {"transaction_code": "transfer_out", "channel_code": None, "counterparty_bank_code": to_bank}
        builder.transaction(account, day, "2.00", "debit", **away)
        for channel in ("atm", "atm", None, None):
            bill = {"transaction_code": "bill_payment", "channel_code": channel}
            builder.transaction(account, day, "2.00", "debit", **bill)
        standing = {"transaction_code": "standing_order", "channel_code": "batch"}
        builder.transaction(account, day, "10.00", "debit", **standing)


def _first_month_of_the_ledger(builder: LandingBuilder, me: str) -> None:
    account = person(builder, me, opening_balance="5000.00")
    builder.transaction(account, "2024-01-20", "3100.00", channel_code="kiosk")


def _overdrawn(builder: LandingBuilder, me: str) -> None:
    account = person(builder, me, opening_balance="50.00")
    builder.transaction(account, "2024-02-10", "80.00", "debit", balance_after="-30.00")
    builder.transaction(account, "2024-02-11", "100.00", balance_after="70.00")


# ---- money of several people, currencies and sources ----


def _joint_account_three_ways(builder: LandingBuilder, me: str) -> None:
    builder.account(f"{me}.A", opening_balance="3000000.00")
    for letter, role in zip("CDE", ("owner", "joint", "joint"), strict=True):
        builder.customer(f"{me}.{letter}").holder(f"{me}.A", f"{me}.{letter}", role=role)
    builder.customer(f"{me}.X").holder(f"{me}.A", f"{me}.X", role="authorised")
    builder.transaction(f"{me}.A", "2024-01-31", "100000.00", "debit")


def _foreign_currency_only(builder: LandingBuilder, me: str) -> None:
    account = person(builder, me, currency_code="eur", opening_balance="100.00", interest_rate="0.005")
    builder.transaction(account, "2024-02-15", "10.00", "debit", channel_code="online")
    builder.transaction(account, "2024-02-15", "10.00", channel_code="online")


def _borrower(builder: LandingBuilder, me: str) -> None:
    account = person(builder, me, opening_balance="12000.00", interest_rate="0.005")
    builder.transaction(account, "2024-03-31", "31.00", "debit", transaction_code="fee")
    mortgage = {"product_code": "mortgage", "interest_rate": "0.04", "maturity_date": "2040-01-01"}
    builder.loan(f"{me}.M", f"{me}.C", **mortgage)
    consumer = {"interest_rate": "0.08", "disbursed_date": "2020-02-29", "maturity_date": "2021-02-28"}
    builder.loan(f"{me}.L", f"{me}.C", **consumer)  # twelve whole months
    builder.loan_position(f"{me}.M", "2023-12-31", "610000.00", days_past_due=400)  # before the ledger
    builder.loan_position(f"{me}.M", "2024-01-15", "600000.00")
    builder.loan_position(f"{me}.L", "2024-02-10", "12000.00", days_past_due=35, five_class_code=3)
    builder.credit_rating(f"{me}.C", "2024-01-10", "A").credit_rating(f"{me}.C", "2024-03-31 17:00:00", "BB")


def _loan_without_rating(builder: LandingBuilder, me: str) -> None:
    person(builder, me)
    builder.loan(f"{me}.L", f"{me}.C", interest_rate="0.05", maturity_date="2020-04-01")
    builder.loan_position(f"{me}.L", "2024-01-31", "24000.00", five_class_code=2, days_past_due=None)


def _investor(builder: LandingBuilder, me: str) -> None:
    person(builder, me, opening_balance="15000.00")
    for product, value in (
        ("equity_fund", "30000"), ("cash_management", "10000"), ("insurance_policy", "5000"), ("credit_card", "0"),
    ):  # fmt: skip
        builder.position(f"{me}.C", "2024-03-01", value, product_code=product)
    scores = {"tolerance_score": "40.5", "awareness_score": None}
    builder.risk_assessment(f"{me}.C", "2023-02-01", "C5").risk_assessment(f"{me}.C", "2024-02-01", "C1", **scores)


# ---- attributes ----


def _corporate_without_revenue(builder: LandingBuilder, me: str) -> None:
    values = {
        "customer_type": "corporate", "id_document_type": "business_licence", "birth_date": None, "gender": None,
        "occupation_code": None, "education_code": None, "marital_status": None, "dependents_count": None,
        "industry_code": "c", "employee_count": 350, "customer_since_date": "2024-02-29",
    }  # fmt: skip
    builder.customer(f"{me}.C", **values, updated_at="2024-03-01")
    builder.customer(f"{me}.C", **values, updated_at="2024-06-30 23:59:59", annual_revenue="5000000")
    account_of(builder, me, "A")


def _young_then_married(builder: LandingBuilder, me: str) -> None:
    values = {"birth_date": "1990-02-28", "dependents_count": None, "occupation_code": "farmer"}
    builder.customer(f"{me}.C", **values, region_code="R1", updated_at="2023-05-05")
    values |= {"marital_status": "married", "birth_date": "1990-03-01"}
    builder.customer(f"{me}.C", **values, region_code="R2", updated_at="2024-06-20")
    account_of(builder, me, "A", opened_date="2024-01-15")


def _two_records_one_person(builder: LandingBuilder, me: str) -> None:
    document = {"id_document_type": "passport", "id_document_number": f"P-{me}"}
    old = {"customer_since_date": "2015-06-15", **document}
    builder.customer(f"{me}.C", **old, occupation_code="worker", region_code="R1", updated_at="2023-06-01")
    builder.customer(f"{me}.C", **old, occupation_code=None, region_code="R3", updated_at="2024-04-01")
    new = {"customer_since_date": "2022-01-01", **document}
    builder.customer(f"{me}.D", **new, occupation_code="manager", region_code=None, updated_at="2023-09-01")
    account_of(builder, me, "A", opening_balance="10.00")
    builder.account(f"{me}.B", owner=f"{me}.D", opening_balance="5.00", opened_date="2022-01-01")


def _bank_without_optional_tables(builder: LandingBuilder, me: str) -> None:
    builder.customer(f"{me}.C", region_code="R1")
    builder.transaction(account_of(builder, me, "A"), "2024-01-15", "310.00")


NO_TERM = {"term_adb_1m": money("0"), "term_share": 0.0, "weighted_months_to_maturity": None,
           "term_next_maturity_date": None, "term_due_30d_amount": money("0"), "matured_amount_12m": money("0"),
           "rollover_rate_12m": None, "retained_after_maturity_12m": None}  # fmt: skip
NO_SALARY = {"has_salary_inflow": False, "salary_amount": None, "income_level_amount": None,
             "income_growth_12m": None}  # fmt: skip

PERSONAS = [
    Persona(
        "salary_stopped_last_month",
        "10 000 on the 15th from January to April, then nothing",
        _salary_stopped,
        {"C": {
            "2024-02-29": {**NO_SALARY, "is_salary_stopped": False},
            "2024-03-31": {"has_salary_inflow": True, "salary_amount": money("10000")},
            # February, March and April are three of the last four months
            "2024-05-31": {"has_salary_inflow": True, "is_salary_stopped": False, "primacy_score": 3},
            "2024-06-30": {**NO_SALARY, "is_salary_stopped": True, "days_since_activity": None},
            "2025-04-30": {"is_salary_stopped": True},  # May 2024 is eleven months ago
            "2025-05-31": {"is_salary_stopped": False},
        }},
    ),
    Persona(
        "salary_at_the_turn_of_the_month",
        "first credits on the 30th, 1st, 31st and 2nd lie within 3 days of the circle",
        _salary_turn_of_month,
        {"C": {"2024-04-30": {
            "has_salary_inflow": True, "salary_amount": money("8000"), "income_level_amount": money("8000"),
            "is_salary_stopped": False, "inflow_amount_12m": money("32400"), "deposit_months_12m": 4,
        }}},
    ),
    Persona(
        "salary_on_scattered_days",
        "5th, 10th and 5th lie within 5 days; with the 11th it is 6",
        _salary_on_scattered_days,
        {"C": {
            "2024-03-31": {"has_salary_inflow": True, "salary_amount": money("8000")},
            "2024-04-30": {**NO_SALARY, "is_salary_stopped": False},
        }},
    ),
    Persona(
        "two_payers",
        "transfers of 4 000 and 3 000, until a third one is known to pay regular income",
        _two_payers,
        {"C": {
            "2024-03-31": {"has_salary_inflow": True, "salary_amount": money("4000")},
            # since April there is a regular payer, and only E3 counts, with too few months
            "2024-04-30": {**NO_SALARY, "is_salary_stopped": False},
            "2024-06-30": {"has_salary_inflow": True, "salary_amount": money("1000")},
        }},
    ),
    Persona(
        "uneven_income",
        "1 000, 2 000, 1 000: standard deviation 577.35 over a mean of 1 333.33",
        _uneven_income,
        {"C": {"2024-03-31": {**NO_SALARY, "is_salary_stopped": False}}},
    ),
    Persona(
        "pensioner",
        "a pension without a named payer; turns 74 on a month-end",
        _pensioner,
        {"C": {
            "2024-05-31": {"age_years": 73, "age_band_code": "65_plus", "tenure_months": 170},
            "2024-06-30": {
                "age_years": 74, "life_stage_code": "retired", "occupation_stability_code": "medium",
                "has_salary_inflow": True, "salary_amount": money("4500"), "income_growth_12m": None,
                "region_code": "R3", "region_income_level_code": "high", "deposit_rhythm_code": "occasional",
            },
            # 11 499.99 over a median of 10 000 is below 1.15
            "2024-12-31": {"region_income_level_code": "middle", "deposit_rhythm_code": "monthly"},
            "2025-03-31": {"income_growth_12m": 0.0, "inflow_growth_12m": None},
            "2025-12-31": {"inflow_growth_12m": 0.0, "inflow_amount_12m": money("54000")},
        }},
    ),
    Persona(
        "raised_salary",
        "5 000 a month in 2024, 6 000 in 2025",
        _raised_salary,
        {"C": {
            "2024-12-31": {"income_level_amount": money("5000"), "income_growth_12m": None},
            "2025-02-28": {"salary_amount": money("5500"), "income_level_amount": money("6000"),
                           "income_growth_12m": None},  # the year-earlier December lies before the ledger
            "2025-03-31": {"income_level_amount": money("6000"), "income_growth_12m": 0.2},
        }},
    ),
    Persona(
        "foreign_salary",
        "1 000 euros from February on; February has no rate, and a window with February can't qualify",
        _foreign_salary,
        {"C": {
            "2024-05-31": {**NO_SALARY, "is_salary_stopped": False, "inflow_amount_1m": money("8000")},
            "2024-06-30": {"has_salary_inflow": True, "salary_amount": money("8000"), "inflow_amount_12m": None},
        }},
    ),
    Persona(
        "term_matured_and_left",
        "120 000 mature on 10 July, 115 000 of them leave ten days later",
        _term_matured_and_left,
        {"C": {
            "2024-01-31": {"term_due_180d_amount": money("120000"), "term_due_90d_amount": money("0")},
            "2024-06-30": {
                "term_adb_1m": money("120000"), "term_share": 0.991735537,  # of 121 000
                "weighted_months_to_maturity": 0.328542094,  # 10 days × 12 / 365.25
                "term_due_30d_amount": money("120000"), "term_next_maturity_date": date(2024, 7, 10),
                "matured_amount_12m": money("0"), "rollover_rate_12m": None,
            },
            "2024-07-31": {
                "term_adb_1m": money("34838.71"),  # 9 of 31 days
                "matured_amount_12m": money("120000"), "rollover_rate_12m": 0.0,
                "retained_after_maturity_12m": None, "matured_30d_amount_3m": money("0"),
                "outflow_other_bank_3m": money("115000"), "term_next_maturity_date": None,
            },
            "2024-08-31": {
                "retained_after_maturity_12m": 0.041666667, "matured_30d_amount_3m": money("120000"),
                "retained_30d_amount_3m": money("5000"),
            },
            "2024-11-30": {"matured_30d_amount_3m": money("0"), "retained_after_maturity_12m": 0.041666667},
            "2025-07-31": {"matured_amount_12m": money("0"), "rollover_rate_12m": None},
        }},
    ),
    Persona(
        "term_rolled_over_automatically",
        "three months from 30 November: matures on 29 February and 30 May",
        _term_rolled_over_automatically,
        {"C": {
            "2024-01-31": {"term_due_30d_amount": money("10000"), "term_next_maturity_date": date(2024, 2, 29)},
            "2024-02-29": {
                "term_due_180d_amount": money("10050"), "term_next_maturity_date": date(2024, 5, 30),  # 91 days
                "weighted_months_to_maturity": 2.98973306, "matured_amount_12m": money("0"),
            },
            "2024-03-31": {
                "matured_amount_12m": money("10000"), "rollover_rate_12m": 1.0, "retained_after_maturity_12m": 1.0,
            },
            "2024-06-30": {"matured_amount_12m": money("20050"), "matured_30d_amount_3m": money("10050")},
        }},
    ),
    Persona(
        "term_rolled_over_in_part",
        "of 50 000 that mature, 30 000 are placed again within 7 days, 5 000 later; 15 000 are spent within 30",
        _term_rolled_over_in_part,
        {"C": {
            "2024-03-31": {"rollover_rate_12m": 0.6, "term_due_365d_amount": money("35000")},
            "2024-04-30": {"retained_after_maturity_12m": 0.7, "retained_30d_amount_3m": money("35000")},
        }},
    ),
    Persona(
        "term_matured_untouched",
        "matured, nobody came: in no step of the ladder, retained but not rolled over",
        _term_matured_untouched,
        {"C": {"2024-04-30": {
            "term_adb_1m": money("5000"), "term_share": 1.0, "weighted_months_to_maturity": None,
            "term_due_30d_amount": money("0"), "term_due_over_365d_amount": money("0"),
            "term_next_maturity_date": None, "rollover_rate_12m": 0.0, "retained_after_maturity_12m": 1.0,
        }}},
    ),
    Persona(
        "term_closed_early",
        "due in September, closed in May: until then nobody knows that it won't mature",
        _term_closed_early,
        {"C": {
            "2024-04-30": {"term_due_180d_amount": money("5000"), "term_next_maturity_date": date(2024, 9, 1)},
            "2024-05-31": {"term_due_180d_amount": money("0"), "term_next_maturity_date": None},
            "2024-12-31": {**NO_TERM, "term_share": None},
        }},
    ),
    Persona(
        "term_ladder",
        "eight deposits at the steps' edges, seen from 31 January",
        _term_ladder,
        {"C": {"2024-01-31": {
            "term_due_30d_amount": money("1"), "term_due_90d_amount": money("110"),
            "term_due_180d_amount": money("11000"), "term_due_365d_amount": money("1100000"),
            "term_due_over_365d_amount": money("10000000"),
        }}},
    ),
    Persona(
        "reversal_in_next_month",
        "a pair inside January vanishes; February takes a transfer of January back",
        _reversal_in_next_month,
        {"C": {
            "2024-01-31": {
                "customer_txn_count_1m": 2, "inflow_amount_1m": money("500"), "outflow_amount_1m": money("400"),
                "days_since_activity": 11, "counter_share_12m": 0.5, "mobile_share_12m": 0.5,
                "preferred_channel_code": "counter", "active_days_12m": 2, "mean_activity_gap_days": 10.0,
                "outflow_inflow_ratio_12m": 0.8, "largest_outflow_1m": money("400"),
            },
            "2024-02-29": {
                "customer_txn_count_1m": -1, "customer_txn_count_3m": 1, "customer_txn_count_12m": 1,
                "inflow_amount_1m": money("0"), "outflow_amount_1m": money("-400"),
                "outflow_amount_12m": money("0"), "outflow_other_bank_3m": money("0"),
                "net_flow_1m": money("400"), "days_since_activity": 40, "active_months_12m": 1,
                "counter_share_12m": 1.0, "mobile_share_12m": 0.0, "digital_share_12m": 0.0,
                "largest_outflow_1m": money("0"),
            },
        }},
    ),
    Persona(
        "without_customer_transaction",
        "interest and somebody's transfer, never an act of the customer",
        _without_customer_transaction,
        {"C": {"2024-02-29": {
            "customer_txn_count_12m": 0, "active_months_12m": 0, "days_since_activity": None,
            "last_activity_date": None, "active_days_12m": 0, "mean_activity_gap_days": None,
            "counter_share_12m": None, "digital_share_12m": None, "preferred_channel_code": None,
            "inflow_amount_12m": money("23"), "deposit_months_12m": 1, "deposit_rhythm_code": "rare",
            "deposit_digital_share_12m": 0.0, "preferred_deposit_channel_code": None,
            "customer_txn_per_month_12m": 0.0, "primacy_score": 0,
        }}},
    ),
    Persona(
        "busy_customer",
        "each month 5 card payments, 5 other payments and a standing order",
        _busy_customer,
        {"C": {"2024-03-31": {
            "customer_txn_count_12m": 30, "customer_txn_per_month_12m": 10.0, "standing_payment_per_month_12m": 1.0,
            "card_payment_count_12m": 15, "is_card_held": True, "product_line_count": 2,
            "online_share_12m": 0.3, "mobile_share_12m": 0.2, "self_service_share_12m": 0.2,
            "counter_share_12m": 0.0, "digital_share_12m": 0.5, "preferred_channel_code": "online",
            "active_days_12m": 9, "mean_activity_gap_days": 10.0,  # 80 days from 1 January to 21 March, 8 gaps
            "outflow_other_bank_3m": money("4"), "outflow_amount_12m": money("75"),
            "primacy_score": 6,  # standing 2, frequency 2, digital 1, card 1
        }}},
    ),
    Persona(
        "first_month_of_the_ledger",
        "windows know one month, and nothing to compare it with",
        _first_month_of_the_ledger,
        {"C": {"2024-01-31": {
            "adb_1m": money("6200"), "adb_3m": money("6200"), "adb_12m": money("6200"),  # 5 000 + 3 100 × 12/31
            "adb_peak_12m": money("6200"), "adb_prior_3m": None, "customer_txn_prior_3m": None,
            "balance_trend_6m": None, "balance_cv_6m": None, "drawdown_12m": 0.0,
            "valuation_change_1m": money("0"), "customer_txn_per_month_12m": 1.0, "active_months_12m": 1,
            "mean_activity_gap_days": None, "inflow_growth_12m": None, "outflow_turnover_12m": 0.0,
            "self_service_share_12m": 1.0, "preferred_deposit_channel_code": "self_service",
            "deposit_digital_share_12m": 0.0,
            "contribution_1m": money("4.17"),  # 6 200 × (2 % - 1 %) / 12 = 5.17, less 1 for the terminal
        }}},
    ),
    Persona(
        "overdrawn",
        "once below zero",
        _overdrawn,
        {"C": {
            "2024-01-31": {"overdraft_months_12m": 0},
            "2024-02-29": {"overdraft_months_12m": 1, "month_min_balance": money("-30")},
            "2025-02-28": {"overdraft_months_12m": 0},
        }},
    ),
    Persona(
        "joint_account_three_ways",
        "three million by thirds of six decimals; the authorised person has no row",
        _joint_account_three_ways,
        {
            "C": {"2024-01-31": {
                "month_end_balance": money("966668.60"), "outflow_amount_1m": money("33333.40"),
                "customer_txn_count_1m": 1, "largest_outflow_1m": money("33333.40"), "product_line_count": 1,
            }},
            "D": {"2024-01-31": {
                "month_end_balance": money("966665.70"), "outflow_amount_1m": money("33333.30"),
                "customer_txn_count_1m": 1, "days_since_activity": 0,
            }},
        },
    ),
    Persona(
        "foreign_currency_only",
        "100 euros; the first rate is of 15 March",
        _foreign_currency_only,
        {"C": {
            "2024-02-29": {
                "adb_1m": None, "aum_1m": None, "term_adb_1m": None, "term_share": None,
                "term_due_30d_amount": None, "inflow_amount_1m": None, "outflow_other_bank_3m": None,
                "contribution_1m": None, "outflow_inflow_ratio_12m": None, "drawdown_12m": None,
                "customer_txn_count_1m": 2, "online_share_12m": 1.0, "matured_amount_12m": money("0"),
                "market_value": money("0"), "has_salary_inflow": False, "days_since_activity": 14,
            },
            "2024-03-31": {
                "month_end_balance": money("800"), "adb_12m": None, "inflow_amount_12m": None,
                "contribution_1m": money("1"),  # 800 × (2 % - 0.5 %) / 12
                "valuation_change_1m": None,
            },
            "2024-04-30": {"valuation_change_1m": money("0"), "contribution_12m": None},
            "2024-09-30": {"valuation_change_1m": money("50"), "adb_1m": money("850")},
            "2025-02-28": {"adb_12m": money("825"), "drawdown_12m": 0.0},  # 6 × 800 + 6 × 850
        }},
    ),
    Persona(
        "borrower",
        "a mortgage and a consumer loan that is late; rated A, then BB",
        _borrower,
        {"C": {
            "2024-01-31": {
                "loan_outstanding": money("600000"), "npl_share": 0.0, "max_dpd_12m": 0, "overdue_months_12m": 0,
                "credit_rating_code": "A", "days_past_due": 0, "worst_five_class": 1, "has_loan": True,
                # 12 000 × 1.5 % / 12 = 15; 600 000 × (4 % - 3 %) / 12 = 500, less 0.25 % × 20 % of it / 12 = 25
                "contribution_1m": money("490"),
            },
            "2024-02-29": {
                "loan_outstanding": money("612000"), "npl_share": 0.019607843, "max_dpd_12m": 35,
                "overdue_months_12m": 1, "days_past_due": 35, "worst_five_class": 3,
                # + 12 000 × (8 % - 2 %) / 12 = 60, less 0.25 % × 45 % of it / 12 = 1.125
                "contribution_1m": money("548.88"),
            },
            "2024-03-31": {
                "credit_rating_code": "BB", "product_line_count": 2, "market_value_share": 0.0,
                # 11 999 × 1.5 % / 12 + 500 + 60 + 31 of fees - 10 at the counter - 2 % × (20 %, 45 %): 200, 9
                "contribution_1m": money("387"), "contribution_12m": money("1425.88"),
            },
            # the mortgage's position is 91 days old on 15 April, 92 on the 16th
            "2024-04-30": {"loan_outstanding": money("12000"), "npl_share": 1.0},
            "2024-05-31": {
                "loan_outstanding": money("0"), "npl_share": None, "has_loan": False, "days_past_due": None,
                "worst_five_class": None, "max_dpd_12m": 35, "product_line_count": 1,
            },
            "2025-02-28": {"max_dpd_12m": None, "overdue_months_12m": None},
        }},
    ),
    Persona(
        "loan_without_rating",
        "three months' loan in class 2, days past due unknown",
        _loan_without_rating,
        {"C": {"2024-01-31": {
            "max_dpd_12m": None, "overdue_months_12m": 0, "days_past_due": None, "worst_five_class": 2,
            "credit_rating_code": None, "npl_share": 0.0,
            "contribution_1m": money("25"),  # 24 000 × (5 % - 1.5 %) / 12 = 70, less 5 % × 45 % / 12 of it = 45
        }}},
    ),
    Persona(
        "investor",
        "three products and a card; a careful customer with a bold portfolio",
        _investor,
        {"C": {
            "2024-01-31": {"risk_level_code": "C5", "risk_preference_code": "aggressive", "implied_risk_level": None,
                           "is_risk_profile_conflict": None},
            "2024-03-31": {
                "market_value": money("45000"), "aum_1m": money("60000"), "market_value_share": 0.75,
                "risk_level_code": "C1", "risk_preference_code": "conservative", "risk_tolerance_score": 40.5,
                "risk_awareness_score": None, "implied_risk_level": 3.111111111,  # (4 × 30 + 10 + 2 × 5) / 45
                "is_risk_profile_conflict": True, "product_line_count": 4, "is_card_held": True,
                "primacy_score": 2,
            },
            "2024-05-31": {"market_value": money("45000")},  # 91 days
            "2024-06-30": {"market_value": money("0"), "implied_risk_level": None, "product_line_count": 1,
                           "is_risk_profile_conflict": None},
            "2025-01-31": {"risk_level_code": "C1"},  # 365 days
            "2025-02-28": {"risk_level_code": None, "risk_preference_code": None, "risk_tolerance_score": None},
        }},
    ),
    Persona(
        "corporate_without_revenue",
        "350 employees are medium by themselves; with 5 million of revenue it is small",
        _corporate_without_revenue,
        {"C": {
            "2024-01-31": {"enterprise_size_code": "medium", "tenure_months": 0},  # not known yet: the oldest
            "2024-05-31": {
                "customer_type_code": "corporate", "enterprise_size_code": "medium", "annual_revenue_amount": None,
                "employee_count": 350, "industry_code": "C", "life_stage_code": None, "age_years": None,
                "age_band_code": None, "occupation_stability_code": None, "tenure_months": 3,
                "region_income_level_code": None, "region_average_wage_amount": None,
            },
            "2024-06-30": {"enterprise_size_code": "small", "annual_revenue_amount": money("5000000")},
        }},
    ),
    Persona(
        "young_then_married",
        "a new version of the customer in June, with another birth date, region and marriage",
        _young_then_married,
        {"C": {
            "2024-05-31": {
                "age_years": 34, "age_band_code": "25_34", "life_stage_code": "young_single", "region_code": "R1",
                "region_income_level_code": "low", "region_average_wage_amount": money("5000"),
                "marital_status_code": "single", "dependents_count": None, "occupation_stability_code": "low",
                "first_opened_date": date(2024, 1, 15), "customer_type_code": "individual",
                "gender_code": "female", "education_code": "bachelor",
            },
            "2024-06-30": {"life_stage_code": "young_family", "region_income_level_code": "middle"},
            "2025-02-28": {"age_years": 34},
            "2025-03-31": {"age_years": 35, "age_band_code": "35_44", "enterprise_size_code": None},
        }},
    ),
    Persona(
        "two_records_one_person",
        "each attribute from the newest record that has it",
        _two_records_one_person,
        {"C": {
            "2024-03-31": {
                "occupation_code": "manager", "region_code": "R1", "customer_since_date": date(2022, 1, 1),
                "month_end_balance": money("15"), "first_opened_date": date(2020, 1, 1),
            },
            "2024-04-30": {
                "occupation_code": "manager", "region_code": "R3", "customer_since_date": date(2015, 6, 15),
                "occupation_stability_code": "high",
            },
        }},
    ),
    Persona(
        "bank_without_optional_tables",
        "what needs an absent table is unknown, all else is there",
        _bank_without_optional_tables,
        {"C": {"2024-01-31": {
            "market_value": None, "is_aum_deposits_only": True, "aum_1m": money("170"), "market_value_share": None,
            "loan_outstanding": None, "has_loan": None, "npl_share": None, "max_dpd_12m": None,
            "overdue_months_12m": None, "days_past_due": None, "worst_five_class": None,
            "credit_rating_code": None, "risk_level_code": None, "risk_preference_code": None,
            "implied_risk_level": None, "is_risk_profile_conflict": None, "contribution_1m": None,
            "contribution_12m": None, "region_code": "R1", "region_income_level_code": None,
            "region_unemployment_rate": None, "product_line_count": 1, "customer_txn_count_1m": 1,
        }}},
        needs_optional_tables=False,
    ),
]  # fmt: skip
SHARED = [persona for persona in PERSONAS if persona.needs_optional_tables]
