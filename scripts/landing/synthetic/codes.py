"""The canonical codes of the landing contract, in a fixed order; a code's position is its number in the
arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TRANSACTION_CODES = (
    "cash_deposit", "cash_withdrawal", "card_payment", "transfer_out", "bill_payment", "own_transfer",
    "term_placement", "term_payout", "investment_purchase", "investment_redemption", "salary", "pension",
    "transfer_in", "standing_order", "direct_debit", "loan_instalment", "loan_disbursement", "interest",
    "penalty_interest", "fee", "tax", "correction", "reversal",
)  # fmt: skip
CHANNELS = ("counter", "atm", "kiosk", "self_service", "online", "mobile", "mini_program", "batch")
DIRECTIONS = ("credit", "debit")
DEPOSIT_PRODUCTS = (
    "demand_deposit", "savings_deposit", "foreign_currency_deposit", "notice_deposit", "term_deposit",
    "large_certificate", "structured_deposit",
)  # fmt: skip
WEALTH_PRODUCTS = (
    "cash_management", "fixed_income_product", "balanced_fund", "equity_fund", "commodity_fund",
    "government_bond", "insurance_policy", "debit_card",
)  # fmt: skip
LOAN_PRODUCTS = ("mortgage", "consumer_loan", "business_loan", "credit_card")
CURRENCIES = ("CNY", "USD", "EUR", "HKD", "GBP")
ROLES = ("owner", "joint", "authorised")
GENDERS = ("female", "male")
EDUCATIONS = ("secondary", "college", "bachelor", "postgraduate")
MARITAL_STATUSES = ("single", "married", "divorced", "widowed")
OCCUPATIONS = (
    "public_sector", "professional", "salaried", "manager", "self_employed", "worker", "farmer", "student",
    "retired", "homemaker", "unemployed",
)  # fmt: skip
INDUSTRIES = ("A", "C", "E", "F", "G", "H", "I", "J", "K", "L", "M", "P", "Q")
ENTERPRISE_SIZES = ("large", "medium", "small", "micro")
DOCUMENT_TYPES = ("national_id", "passport", "business_licence")
RATINGS = ("AAA", "AA", "A", "BBB", "BB", "B", "C", "D")
RISK_LEVELS = ("C1", "C2", "C3", "C4", "C5")
CONSENTS = ("marketing", "profiling")
INTERACTIONS = ("offer", "service", "complaint", "notice", "objection")
OUTCOMES = ("accepted", "declined", "no_response", "resolved", "open")
BANKS = ("OWN", "BANK01", "BANK02", "BANK03", "BANK04", "BANK05", "BANK06")
"""This bank and six synthetic other banks."""

CODE = {code: number for number, code in enumerate(TRANSACTION_CODES)}
CHANNEL = {code: number for number, code in enumerate(CHANNELS)}
PRODUCT = {code: number for number, code in enumerate(DEPOSIT_PRODUCTS)}
WEALTH = {code: number for number, code in enumerate(WEALTH_PRODUCTS)}
LOAN = {code: number for number, code in enumerate(LOAN_PRODUCTS)}
OCCUPATION = {code: number for number, code in enumerate(OCCUPATIONS)}

PARTY_KINDS = {"employer": 1, "person": 2, "merchant": 3, "utility": 4, "authority": 5, "firm": 6, "self": 7}
PARTY_PREFIX = "EPMUGFS"
PARTY_BASE = 10**9


def party(kind: str, number: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number of a counterparty: its kind and its running number, written as a letter and nine digits."""
    return PARTY_KINDS[kind] * PARTY_BASE + number % PARTY_BASE
