"""The door out, continued: totals that must add up, and what the marts say about the landing."""

from __future__ import annotations

from tests.expectations.sql import count_if, is_hashed, ratio
from tests.expectations.suite import CRITICAL, WARNING, Suite, at_most, between, equal, none_of

SHARE_TOLERANCE = 1e-6  # shares are rounded to nine decimals


def suites() -> list[Suite]:
    """The suites of sizes, balances, reconciliation and rejections."""
    return [_sizes(), _balances(), _reconciliation(), _rejections()]


def _sizes() -> Suite:
    query = """
        select
            sizes.*,
            coalesce(features.feature_row_count, 0) as feature_row_count,
            coalesce(features.aum_1m, 0) - sizes.aum_1m as aum_difference
        from (
            select
                as_of_date,
                dimension,
                count(*) - count(distinct segment_code) as repeated_count,
                sum(customer_count) as customer_count,
                sum(customer_share) as share_sum,
                sum(aum_1m) as aum_1m
            from marts.segment_sizes_monthly
            group by as_of_date, dimension
        ) as sizes
        left join (
            select as_of_date, count(*) as feature_row_count, sum(aum_1m) as aum_1m
            from marts.customer_features_monthly
            group by as_of_date
        ) as features on sizes.as_of_date = features.as_of_date
    """
    least, most = 1 - SHARE_TOLERANCE, 1 + SHARE_TOLERANCE
    return Suite(
        "segment_sizes_monthly by month and dimension",
        query,
        (
            none_of("repeated_count", CRITICAL, "A segment stands twice"),
            equal("customer_count", "feature_row_count", CRITICAL, "Not every customer is in one segment"),
            between("share_sum", least, most, CRITICAL, "The shares of a month must add up to 1"),
            between("aum_difference", 0, 0, CRITICAL, "The segments' assets must add up to all assets"),
        ),
    )


def _balances() -> Suite:
    query = f"""
        select
            as_of_date,
            abs(rounding_difference) - 0.005 * (coalesce(customer_count, 0) + 3) as unexplained_amount,
            abs({ratio("unallocated_balance", "ledger_balance")}) as unallocated_share,
            {ratio("unconverted_account_count", "account_count")} as unconverted_share
        from marts.balance_reconciliation_monthly
    """
    return Suite(
        "balance_reconciliation_monthly",
        query,
        (
            at_most("unexplained_amount", 0, CRITICAL, "Customers' balances don't add up to the ledger"),
            at_most("unallocated_share", 0.05, WARNING, "Much money is nobody's: are account holders missing?"),
            at_most("unconverted_share", 0.05, WARNING, "Accounts without exchange rate: land market.fx_rates"),
        ),
    )


def _reconciliation() -> Suite:
    query = f"""
        select
            count(*) - count(distinct source_name || '.' || table_name) as repeated_count,
            {count_if("landed_count <> accepted_count + duplicate_count + rejected_count")} as unreconciled_count,
            {count_if("rejected_share < 0 or rejected_share > 1")} as share_outside_count,
            {count_if("is_landed and landed_count = 0")} as empty_count
        from marts.data_reconciliation
    """
    return Suite(
        "data_reconciliation",
        query,
        (
            none_of("repeated_count", CRITICAL, "A table stands twice"),
            none_of("unreconciled_count", CRITICAL, "Landed rows were lost on the way"),
            none_of("share_outside_count", CRITICAL, "rejected_share must lie in 0 to 1"),
            none_of("empty_count", WARNING, "A table was landed without rows"),
        ),
    )


def _rejections() -> Suite:
    query = f"""
        select
            {count_if(f"key_hash is not null and not {is_hashed('key_hash')}")} as unhashed_count,
            {count_if("severity_code not in ('rejected', 'duplicate', 'warning')")} as unknown_severity_count
        from marts.data_rejections
    """
    return Suite(
        "data_rejections",
        query,
        (
            none_of("unhashed_count", CRITICAL, "A key isn't hashed: this must not leave the house"),
            none_of("unknown_severity_count", CRITICAL, "Rejected, duplicate or warning, nothing else"),
        ),
    )
