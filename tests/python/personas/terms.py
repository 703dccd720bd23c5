"""Personas with term deposits: what falls due, and what becomes of it."""

from __future__ import annotations

from datetime import date, timedelta

from landing_builder import LandingBuilder

from .persona import Persona, money, person

NO_TERM = {"term_adb_1m": money("0"), "term_share": 0.0, "weighted_months_to_maturity": None,
           "term_next_maturity_date": None, "term_due_30d_amount": money("0"), "matured_amount_12m": money("0"),
           "rollover_rate_12m": None, "retained_after_maturity_12m": None}  # fmt: skip


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


PERSONAS = [
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
]  # fmt: skip
