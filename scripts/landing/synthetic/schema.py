"""The tables of the landing contract as Arrow schemas (the contract's home is
models/staging/*/_*__sources.yml; a test holds both equal)."""

from __future__ import annotations

import pyarrow as pa

TEXT = pa.string()
DATE = pa.date32()
STAMP = pa.timestamp("us")
MONEY = pa.decimal128(18, 2)
RATE = pa.decimal128(18, 8)
SHARE = pa.decimal128(9, 6)
COUNT = pa.int32()
FLAG = pa.bool_()
SCORE = pa.float64()


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(list(columns.items()))


TABLES: dict[str, pa.Schema] = {
    "core.customers": _schema(
        customer_id=TEXT,
        customer_type=TEXT,
        full_name=TEXT,
        id_document_type=TEXT,
        id_document_number=TEXT,
        phone=TEXT,
        email=TEXT,
        birth_date=DATE,
        gender=TEXT,
        education_code=TEXT,
        occupation_code=TEXT,
        marital_status=TEXT,
        dependents_count=COUNT,
        declared_annual_income=MONEY,
        industry_code=TEXT,
        enterprise_size_code=TEXT,
        employee_count=COUNT,
        annual_revenue=MONEY,
        region_code=TEXT,
        branch_id=TEXT,
        relationship_manager_id=TEXT,
        customer_since_date=DATE,
        updated_at=STAMP,
    ),
    "core.accounts": _schema(
        account_id=TEXT,
        product_code=TEXT,
        currency_code=TEXT,
        opened_date=DATE,
        closed_date=DATE,
        term_months=COUNT,
        maturity_date=DATE,
        interest_rate=RATE,
        auto_renew=FLAG,
        opening_balance=MONEY,
        opening_channel_code=TEXT,
        updated_at=STAMP,
    ),
    "core.account_holders": _schema(account_id=TEXT, customer_id=TEXT, role=TEXT, ownership_share=SHARE),
    "core.transactions": _schema(
        transaction_id=TEXT,
        account_id=TEXT,
        booked_at=STAMP,
        amount=MONEY,
        direction=TEXT,
        transaction_code=TEXT,
        channel_code=TEXT,
        counterparty_id=TEXT,
        counterparty_bank_code=TEXT,
        balance_after=MONEY,
        reverses_transaction_id=TEXT,
        loaded_at=STAMP,
    ),
    "wealth.positions": _schema(
        customer_id=TEXT, product_code=TEXT, position_date=DATE, market_value=MONEY, currency_code=TEXT
    ),
    "wealth.risk_assessments": _schema(
        customer_id=TEXT, assessed_at=STAMP, risk_level=TEXT, tolerance_score=SCORE, awareness_score=SCORE
    ),
    "lending.loans": _schema(
        loan_id=TEXT,
        customer_id=TEXT,
        product_code=TEXT,
        disbursed_date=DATE,
        maturity_date=DATE,
        principal=MONEY,
        interest_rate=RATE,
        currency_code=TEXT,
    ),
    "lending.loan_positions": _schema(
        loan_id=TEXT, position_date=DATE, outstanding_amount=MONEY, days_past_due=COUNT, five_class_code=TEXT
    ),
    "lending.credit_ratings": _schema(customer_id=TEXT, rated_at=STAMP, rating_code=TEXT),
    "crm.consents": _schema(customer_id=TEXT, consent_code=TEXT, is_granted=FLAG, effective_at=STAMP),
    "crm.interactions": _schema(
        interaction_id=TEXT,
        customer_id=TEXT,
        occurred_at=STAMP,
        interaction_type=TEXT,
        product_code=TEXT,
        campaign_id=TEXT,
        is_holdout=FLAG,
        outcome_code=TEXT,
    ),
    "crm.judgements": _schema(
        customer_id=TEXT,
        dimension=TEXT,
        value_code=TEXT,
        reason=TEXT,
        judged_by=TEXT,
        approved_by=TEXT,
        valid_from=DATE,
        valid_to=DATE,
    ),
    "market.fx_rates": _schema(currency_code=TEXT, rate_date=DATE, rate_to_base=RATE),
    "market.interest_rates": _schema(curve_code=TEXT, tenor_months=COUNT, rate_date=DATE, annual_rate=RATE),
    "market.regions": _schema(
        region_code=TEXT,
        period_end_date=DATE,
        gdp_per_capita=MONEY,
        average_wage=MONEY,
        unemployment_rate=RATE,
        consumption_per_capita=MONEY,
        region_name=TEXT,
        region_name_zh=TEXT,
    ),
}
