"""Personas by what they do, or don't."""

from __future__ import annotations

from landing_builder import LandingBuilder

from .persona import Persona, money, monthly, on_day, person


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


PERSONAS = [
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
]  # fmt: skip
