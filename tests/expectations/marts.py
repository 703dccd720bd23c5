"""The door out: are the marts fit to be published?

Row-level rules are dbt tests. Here the marts are compared with each other and with what the seeds say, month
by month; almost everything blocks, because a release is what others rely on.
"""

from __future__ import annotations

import great_expectations.expectations as gxe

from tests.expectations import marts_totals
from tests.expectations.project import classification_codes, other_codes, reason_codes, rule_versions
from tests.expectations.sql import count_if, is_hashed, is_month_end, months_between, ratio
from tests.expectations.suite import (
    CRITICAL,
    WARNING,
    Suite,
    at_least,
    at_most,
    between,
    equal,
    none_of,
    not_null,
    one_of,
)

MAX_MONEY = "1e13"
# Marts with a row for every month, whatever happened; a month may be without any customer.
COMPLETE_MARTS = ("segment_sizes_monthly", "balance_reconciliation_monthly")
CUSTOMER_MARTS = ("customer_features_monthly", "customer_segments_monthly")


def suites() -> list[Suite]:
    """All suites of the marts."""
    tiers = classification_codes("value_tier")
    segments = "customer_segments_monthly"
    return [
        _months(),
        _features(),
        _segments(),
        _codes("customer_features_monthly", "customer_type_code", other_codes("customer_type")),
        _codes(segments, "earned_value_tier_code", tiers),
        _codes(segments, "service_value_tier_code", tiers),
        _codes(segments, "value_tier_code", tiers),
        _codes(segments, "tier_status_code", classification_codes("tier_status")),
        _codes(segments, "rule_version", rule_versions()),
        _codes("data_rejections", "reason_code", reason_codes()),
        *marts_totals.suites(),
    ]


def _months() -> Suite:
    """The monthly marts have the same months, without a gap."""
    odd_dates = count_if(f"not ({is_month_end('as_of_date')})")
    each = " union all ".join(
        f"select {mart in COMPLETE_MARTS} as is_complete, count(distinct as_of_date) as month_count,"
        f" {months_between('min(as_of_date)', 'max(as_of_date)')} + 1 as span_count,"
        f" max(as_of_date) as newest_date, {odd_dates} as odd_date_count"
        f" from marts.{mart}"
        for mart in (*COMPLETE_MARTS, *CUSTOMER_MARTS)
    )
    query = f"""
        select
            month_count,
            odd_date_count,
            case when is_complete then span_count - month_count else 0 end as gap_count,
            case when is_complete then max(month_count) over () - month_count else 0 end as missing_count,
            case when is_complete then {months_between("newest_date", "max(newest_date) over ()")} else 0 end
                as months_behind_count,
            max(month_count) over () - month_count as customerless_count
        from ({each}) as marts
    """
    return Suite(
        "all monthly marts",
        query,
        (
            at_least("month_count", 1, CRITICAL, "A mart has no month"),
            none_of("gap_count", CRITICAL, "A month is missing between others"),
            none_of("missing_count", CRITICAL, "A mart has fewer months than another"),
            none_of("months_behind_count", CRITICAL, "A mart ends before another"),
            none_of("odd_date_count", CRITICAL, "An as_of_date isn't a month-end"),
            none_of("customerless_count", WARNING, "A month has no customer: are accounts or holders missing?"),
        ),
    )


def _features() -> Suite:
    money = ("month_end_balance", "net_flow_1m", "adb_1m", "adb_3m", "adb_12m", "market_value", "aum_1m")
    too_large = " or ".join(f"abs({column}) > {MAX_MONEY}" for column in money)
    query = f"""
        select
            as_of_date,
            {_key_counts()},
            {ratio("count(*)", "lag(count(*)) over (order by as_of_date)")} as growth_ratio,
            {count_if("aum_1m <> adb_1m + coalesce(market_value, 0)")} as aum_mismatch_count,
            {count_if("is_aum_deposits_only and market_value is not null")} as deposits_only_mismatch_count,
            {ratio(count_if("aum_1m is null"), "count(*)")} as unknown_aum_share,
            {count_if(too_large)} as too_large_count,
            {count_if("drawdown_12m < 0 or drawdown_12m > 1")} as drawdown_outside_count,
            {count_if("balance_cv_6m < 0")} as negative_cv_count,
            {count_if("core_balance_12m > adb_1m")} as core_above_adb_count,
            {count_if("largest_deposit_12m < largest_deposit_1m")} as largest_below_month_count,
            {count_if("cumulative_deposit_12m < 0")} as negative_deposit_count,
            {count_if("open_account_count is null or open_account_count < 0")} as no_account_count
        from marts.customer_features_monthly
        group by as_of_date
    """
    return Suite(
        "customer_features_monthly by month",
        query,
        (
            *_expected_keys(),
            between("growth_ratio", 0.5, 2, WARNING, "The number of customers halved or doubled in a month"),
            none_of("aum_mismatch_count", CRITICAL, "aum_1m must be adb_1m + market_value"),
            none_of("deposits_only_mismatch_count", CRITICAL, "Deposits only, but with a market value"),
            at_most("unknown_aum_share", 0.5, WARNING, "Most assets unknown: are exchange rates missing?"),
            none_of("too_large_count", WARNING, "Amounts above 10^13: is a currency or a unit wrong?"),
            none_of("drawdown_outside_count", CRITICAL, "drawdown_12m must lie in 0 to 1"),
            none_of("negative_cv_count", CRITICAL, "balance_cv_6m must not be negative"),
            none_of("core_above_adb_count", CRITICAL, "The smallest ADB of 12 months is above this month's"),
            none_of("largest_below_month_count", CRITICAL, "Largest deposit of 12 months below the month's"),
            none_of("negative_deposit_count", CRITICAL, "cumulative_deposit_12m is never below 0"),
            none_of("no_account_count", CRITICAL, "open_account_count must be 0 or more"),
        ),
    )


def _segments() -> Suite:
    query = f"""
        select
            as_of_date,
            {_key_counts()},
            any_value(features.feature_row_count) as feature_row_count,
            {count_if("value_tier_label is null or value_tier_label_zh is null")} as no_tier_label_count,
            {count_if("tier_status_label is null or tier_status_label_zh is null")} as no_status_label_count,
            {count_if("(value_tier_code = 'unclassified') <> (value_tier_rank = 0)")} as rank_mismatch_count,
            {ratio(count_if("value_tier_code = 'unclassified'"), "count(*)")} as unclassified_share
        from marts.customer_segments_monthly
        left join (
            select as_of_date, count(*) as feature_row_count
            from marts.customer_features_monthly
            group by as_of_date
        ) as features using (as_of_date)
        group by as_of_date
    """
    return Suite(
        "customer_segments_monthly by month",
        query,
        (
            *_expected_keys(),
            equal("row_count", "feature_row_count", CRITICAL, "Some customers have no segment, or no features"),
            none_of("no_tier_label_count", CRITICAL, "A tier has no label: see classification_codes.csv"),
            none_of("no_status_label_count", CRITICAL, "A status has no label: see classification_codes.csv"),
            none_of("rank_mismatch_count", CRITICAL, "Rank 0 is for unclassified alone"),
            at_most("unclassified_share", 0.5, WARNING, "Most tiers unknown: are exchange rates missing?"),
        ),
    )


def _codes(mart: str, column: str, codes: list[str]) -> Suite:
    query = f"select {column} as code from marts.{mart} group by {column}"
    return Suite(
        f"{mart}.{column}",
        query,
        (
            not_null("code", CRITICAL, "Every row must have a code"),
            one_of("code", codes, CRITICAL, "A code that no seed knows"),
        ),
    )


def _key_counts() -> str:
    # 64 bits tell keys apart as a hash would, and are cheaper to count than the whole text
    return f"""count(*) as row_count,
            count(distinct substr(customer_key, 1, 16)) as customer_count,
            {count_if(f"not {is_hashed('customer_key')}")} as malformed_key_count"""


def _expected_keys() -> tuple[gxe.Expectation, ...]:
    return (
        at_least("row_count", 1, CRITICAL, "A month has no customers"),
        equal("row_count", "customer_count", CRITICAL, "One row per customer and month"),
        none_of("malformed_key_count", CRITICAL, "A customer key is missing or isn't hashed"),
    )
