"""Figures of two databases, and what the limits say of them."""

from __future__ import annotations

import duckdb

from scripts.refresh.comparison import Comparison, Limit, read_limits

TIGHT = {
    "check_code": "tight", "measure": "sum_change", "mart": "customer_features_monthly", "column_name": "aum_1m",
    "months": "newest", "smallest_count": 20, "blocking_min": -0.5, "warning_min": -0.01, "warning_max": 0.01,
    "blocking_max": 0.5, "description": "",
}  # fmt: skip


def test_figures_are_judged_by_their_limits():
    """Rows, sums, shares and months; too few rows aren't judged; another set of marts is said."""
    columns = "as_of_date date, value_tier_code varchar, aum_1m decimal(18,2)"
    with duckdb.connect() as connection:
        for name, months, share in (("served", 3, 0.5), ("new", 2, 0.9)):
            connection.execute(f"attach ':memory:' as {name}; create schema {name}.marts")
            connection.execute(f"create table {name}.marts.customer_features_monthly ({columns})")
            connection.execute(
                f"insert into {name}.marts.customer_features_monthly"
                " select last_day(date '2024-01-01' + to_months(cast(m as integer))),"
                f" case when c < {share} * 300 then 'basic' else 'mid' end, {months} * 100"
                f" from range({months}) t(m), range(300) u(c)"
            )
        connection.execute("create table new.marts.brand_new (n integer)")

        def judge(is_month_asked: bool, **changes: object) -> list[tuple[str, str, float]]:
            limit = Limit(**TIGHT | changes)
            findings, notes = Comparison(connection, is_month_asked=is_month_asked).run([limit])
            assert "the mart brand_new is new" in notes
            return [(finding.level, finding.mart, round(finding.value, 3)) for finding in findings]

        mart = "customer_features_monthly"
        assert judge(False, measure="row_change") == []
        assert judge(False) == [("warning", mart, -0.333)]
        assert judge(False, blocking_min=-0.3) == [("blocking", mart, -0.333)]
        assert judge(False, smallest_count=301) == []
        assert judge(False, mart="*", months="shared") == [("warning", mart, -0.333)]
        assert judge(False, measure="population_shift", column_name="value_tier_code") == [("blocking", mart, 0.87)]
        assert judge(False, measure="months_ahead") == [("blocking", mart, -1.0)]
        assert judge(True, measure="months_ahead") == []
        assert judge(False, column_name="no_such") == []


def test_the_seed_names_what_there_is():
    """A limit for a measure or period that nobody knows would never be judged."""
    limits = read_limits()
    assert {limit.measure for limit in limits} == {"row_change", "sum_change", "population_shift", "months_ahead"}
    assert {limit.months for limit in limits} == {"newest", "shared"}
    assert all(limit.column_name for limit in limits if limit.measure in ("sum_change", "population_shift"))
