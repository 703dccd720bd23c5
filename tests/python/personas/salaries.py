"""Personas whose income matters: salaries, pensions, several payers."""

from __future__ import annotations

from landing_builder import LandingBuilder

from .persona import Persona, account_of, money, monthly, on_day, person

NO_SALARY = {"has_salary_inflow": False, "salary_amount": None, "income_level_amount": None,
             "income_growth_12m": None}  # fmt: skip


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
]  # fmt: skip
