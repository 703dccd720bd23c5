"""Feature rows as the classification reads them: one customer's months in order, every number exact.

A row is a mapping from the name of a feature to its published value; a name that isn't there is a mistake
(KeyError), an unknown value is None.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .values import month_of, round_half_away

Row = Mapping[str, object]
Grain = tuple[str, date]  # customer_key, as_of_date

SCORE_DECIMALS = 9
# every feature that segments, scores and classes read
FEATURES_READ = (
    "adb_12m",
    "adb_3m",
    "adb_peak_12m",
    "adb_prior_3m",
    "annual_revenue_amount",
    "aum_1m",
    "balance_cv_6m",
    "contribution_12m",
    "credit_rating_code",
    "customer_txn_count_3m",
    "customer_txn_per_month_12m",
    "customer_txn_prior_3m",
    "customer_type_code",
    "days_past_due",
    "days_since_activity",
    "digital_share_12m",
    "drawdown_12m",
    "enterprise_size_code",
    "first_activity_date_12m",
    "first_opened_date",
    "has_loan",
    "has_salary_inflow",
    "income_growth_12m",
    "income_level_amount",
    "inflow_growth_12m",
    "is_salary_stopped",
    "life_stage_code",
    "loan_instalment_count_12m",
    "loan_outstanding",
    "market_value_share",
    "matured_30d_amount_3m",
    "max_dpd_12m",
    "mean_activity_gap_days",
    "month_end_balance",
    "npl_share",
    "occupation_stability_code",
    "open_account_count",
    "outflow_inflow_ratio_12m",
    "outflow_turnover_12m",
    "overdraft_months_12m",
    "primacy_score",
    "product_line_count",
    "retained_30d_amount_3m",
    "risk_level_code",
    "standing_payment_per_month_12m",
    "tenure_months",
    "term_next_maturity_date",
    "term_share",
    "worst_five_class",
)

ZERO, ONE, HUNDRED = Fraction(0), Fraction(1), Fraction(100)


def exact(value: object) -> Fraction | None:
    """The number that was published; a double stands for its shortest decimal, true for 1."""
    if value is None:
        return None
    if isinstance(value, float):
        return Fraction(repr(value))
    if isinstance(value, (bool, int, Decimal, Fraction)):
        return Fraction(value)
    raise TypeError(f"{value!r} isn't a number")


def number(row: Row, feature: str) -> Fraction | None:
    """The exact value of a feature."""
    return exact(row[feature])


def published(value: Fraction | None) -> Fraction | None:
    """A score or ratio as thresholds see it: rounded to nine decimals, half away from zero."""
    return None if value is None else round_half_away(value, SCORE_DECIMALS)


def by_customer_and_month(features: Mapping[Grain, Row]) -> dict[str, dict[int, Row]]:
    """The rows of every customer by the number of their month, in order."""
    customers: dict[str, dict[int, Row]] = defaultdict(dict)
    for (customer_key, as_of_date), row in sorted(features.items(), key=lambda item: item[0]):
        customers[customer_key][month_of(as_of_date)] = row
    return dict(customers)


def clip(value: Fraction, low: Fraction = ZERO, high: Fraction = ONE) -> Fraction:
    """The value, or the bound that it exceeds."""
    return min(max(value, low), high)
