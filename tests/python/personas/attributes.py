"""Personas by who they are, and a bank that lands nothing optional."""

from __future__ import annotations

from datetime import date

from landing_builder import LandingBuilder

from .persona import Persona, account_of, money


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


PERSONAS = [
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
