"""Personas with shared accounts, foreign money, loans and investments."""

from __future__ import annotations

from landing_builder import LandingBuilder

from .persona import Persona, money, person


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


PERSONAS = [
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
]  # fmt: skip
