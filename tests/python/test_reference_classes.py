"""Anchors the oracle's segments, scores, classes and tags: each boundary, null and tie, worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from reference.activity_state import activity_states
from reference.classes import customer_classes, earned_class
from reference.classification import classify_rows
from reference.indicators import INDICATORS, interpolate
from reference.need import need_of_month
from reference.rows import FEATURES_READ, exact, published
from reference.scores import Score, score_row
from reference.stability import deposit_stability
from reference.tags import Bounds, fact_tag_intervals, rule_tag_intervals
from reference.values import month_end, month_of

JANUARY = month_of(date(2024, 1, 1))
LONG_AGO = date(2020, 1, 1)


def row(**values: object) -> dict:
    """A row in which everything is unknown but what is given, of an individual with one open account."""
    unknown = set(values) - set(FEATURES_READ)
    assert not unknown, unknown
    defaults = {"customer_type_code": "individual", "open_account_count": 1, "first_opened_date": LONG_AGO}
    return {**dict.fromkeys(FEATURES_READ), **defaults, **values}


def judgement(dimension: str, value_code: str, **values: object) -> dict:
    """An approved judgement, valid from 2020 on."""
    return {
        "dimension": dimension,
        "value_code": value_code,
        "reason": "Known to the branch",
        "approved_by": "J2",
        "valid_from": LONG_AGO,
        "valid_to": None,
        **values,
    }


# ---- numbers ----


def test_a_double_stands_for_its_shortest_decimal():
    assert exact(0.1) == Fraction(1, 10)
    assert exact(1e-7) == Fraction(1, 10**7)
    assert exact(Decimal("0.30")) == Fraction(3, 10)
    assert (exact(True), exact(False), exact(None)) == (1, 0, None)
    with pytest.raises(TypeError):
        exact("1")


def test_ratios_round_half_away_at_nine_decimals():
    assert published(Fraction(2, 3)) == Fraction("0.666666667")
    assert published(Fraction("-0.0000000005")) == Fraction("-0.000000001")
    assert published(None) is None


# ---- need ----


def need(**values: object):
    return need_of_month(row(**values), JANUARY)


WEALTH = {"market_value_share": 0.5, "term_share": 0.6, "aum_1m": Decimal(500_000), "risk_level_code": "C5"}
FINANCING = {"has_loan": True, "loan_instalment_count_12m": 12, "outflow_inflow_ratio_12m": 1.1}
SETTLEMENT = {
    "customer_txn_per_month_12m": 20.0,
    "outflow_turnover_12m": 12.0,
    "digital_share_12m": 0.8,
    "standing_payment_per_month_12m": 3.0,
}
NONE_OF_WEALTH = {"market_value_share": 0.0, "term_share": 0.0, "aum_1m": Decimal(0)}
NONE_OF_FINANCING = {"has_loan": False, "loan_instalment_count_12m": 0, "outflow_inflow_ratio_12m": 0.8}
NONE_OF_SETTLEMENT = dict.fromkeys(SETTLEMENT, 0.0)


def test_a_need_score_reaches_100_at_the_caps_and_no_more():
    assert need(**WEALTH).wealth_need_score == 100
    assert need(**FINANCING).financing_need_score == 100
    assert need(**SETTLEMENT).settlement_need_score == 100
    more = {"market_value_share": 0.9, "term_share": 1.0, "aum_1m": Decimal(9_999_999), "risk_level_code": "C5"}
    assert need(**more).wealth_need_score == 100
    less = {"has_loan": False, "loan_instalment_count_12m": 0, "outflow_inflow_ratio_12m": 0.2}
    assert need(**less).financing_need_score == 0
    assert need(**{**NONE_OF_WEALTH, "aum_1m": Decimal(-10)}).wealth_need_score == 0


def test_need_components_are_linear_and_weighted():
    # 35 × .5 + 20 × .25 + 30 × .2 + 15 × .6 = 17.5 + 5 + 6 + 9
    some = {"market_value_share": 0.25, "term_share": 0.15, "aum_1m": Decimal(100_000), "risk_level_code": "C3"}
    assert need(**some).wealth_need_score == Fraction("37.5")
    # 40 + 30 × .5 + 30 × .25 (= .875 between .8 and 1.1)
    some = {"has_loan": True, "loan_instalment_count_12m": 6, "outflow_inflow_ratio_12m": 0.875}
    assert need(**some).financing_need_score == Fraction("62.5")
    # 40 × .5 + 25 × .25 + 15 × .5 + 20 × .5
    some = {
        "customer_txn_per_month_12m": 10.0,
        "outflow_turnover_12m": 3.0,
        "digital_share_12m": 0.4,
        "standing_payment_per_month_12m": 1.5,
    }
    assert need(**some).settlement_need_score == Fraction("43.75")


def test_risk_levels_are_20_to_100():
    scores = [need(**{**NONE_OF_WEALTH, "risk_level_code": f"C{level}"}).wealth_need_score for level in range(1, 6)]
    assert scores == [3, 6, 9, 12, 15]


def test_an_unobserved_component_leaves_both_sides():
    # without a risk assessment 85 are observed: 30 / 85
    score = need(**{**NONE_OF_WEALTH, "aum_1m": Decimal(500_000)}).wealth_need_score
    assert score == Fraction("35.294117647")


def test_under_60_percent_of_the_weight_a_score_is_null():
    # 30 + 30 of 100 are just enough, 40 + … without the ratio 70 as well, 40 alone isn't
    assert need(loan_instalment_count_12m=12, outflow_inflow_ratio_12m=0.8).financing_need_score == 50
    assert need(has_loan=True).financing_need_score is None
    assert need(has_loan=True, loan_instalment_count_12m=0).financing_need_score == Fraction("57.142857143")
    # 35 + 20 = 55; 40 + 15 = 55; 40 + 20 = 60
    assert need(market_value_share=0.5, term_share=0.6).wealth_need_score is None
    assert need(customer_txn_per_month_12m=20.0, digital_share_12m=0.8).settlement_need_score is None
    assert need(customer_txn_per_month_12m=20.0, standing_payment_per_month_12m=3.0).settlement_need_score == 100


def test_the_best_need_is_the_segment_from_60_on():
    def segment(instalments: int, ratio: float) -> str:
        values = {"has_loan": True, "loan_instalment_count_12m": instalments, "outflow_inflow_ratio_12m": ratio}
        return need(**values).computed_need_segment_code

    assert segment(8, 0.8) == "financing"  # 40 + 20
    assert segment(7, 0.82) == "mixed"  # 40 + 17.5 + 2
    assert segment(0, 1.1) == "financing"


def test_the_best_need_must_lead_by_10():
    def segment(instalments: int, aum: int) -> str:
        # financing 60 + …; wealth 35 + 20 + 15 (C5) + up to 30
        values = {"has_loan": True, "loan_instalment_count_12m": instalments, "outflow_inflow_ratio_12m": 1.1}
        return need(**{**WEALTH, "aum_1m": Decimal(aum)}, **values).computed_need_segment_code

    assert segment(12, 333_333) == "financing"  # 100 to 89.99998
    assert segment(12, 333_334) == "mixed"  # 100 to 90.00004
    assert segment(4, 333_333) == "mixed"  # 80 to 89.99998
    assert segment(4, 333_334) == "wealth"
    assert segment(12, 500_000) == "mixed"  # a tie


def test_a_null_score_is_no_rival_and_all_null_is_unclassified():
    assert need(**FINANCING).computed_need_segment_code == "financing"
    assert need(**NONE_OF_FINANCING).computed_need_segment_code == "mixed"
    assert need().computed_need_segment_code == "unclassified"
    assert need(has_loan=True).computed_need_segment_code == "unclassified"


def test_a_judgement_overrides_the_need_only_beside_it():
    judged = need_of_month(row(**FINANCING), JANUARY, [judgement("need", "Wealth"), judgement("class", "risk")])
    assert (judged.computed_need_segment_code, judged.need_segment_code) == ("financing", "wealth")
    judged = need_of_month(row(**FINANCING), JANUARY, [judgement("need", "high")])
    assert judged.need_segment_code == "financing"


# ---- activity ----

DAY = month_end(JANUARY)  # 2024-01-31


def states(*rows: dict, first_day: date = LONG_AGO, judgements: tuple = (), start: int = JANUARY) -> list[str]:
    """Computed states of consecutive months; None is a month without a row."""
    months = {start + place: one for place, one in enumerate(rows) if one is not None}
    return [
        state.computed_activity_state_code
        for _, state in sorted(activity_states(months, first_day, judgements).items())
    ]


def state(**values: object) -> str:
    return states(row(**{"days_since_activity": 0, **values}))[0]


def test_closed_comes_first():
    assert state(open_account_count=0, first_opened_date=DAY, days_since_activity=900) == "closed"


def test_new_for_fewer_than_90_days():
    assert state(first_opened_date=DAY) == "new"
    assert state(first_opened_date=DAY - timedelta(days=89), days_since_activity=None) == "new"
    assert state(first_opened_date=DAY - timedelta(days=90)) == "active"


def test_the_clock_of_activity():
    assert state(days_since_activity=179) == "active"
    assert state(days_since_activity=180) == "inactive"
    assert state(days_since_activity=364) == "inactive"
    assert state(days_since_activity=365) == "dormant"


def test_without_any_transaction_the_clock_runs_from_opening_or_the_first_ledger_day():
    def never(opened: date, first_day: date) -> str:
        return states(row(first_opened_date=opened), first_day=first_day)[0]

    assert never(LONG_AGO, DAY - timedelta(days=364)) == "inactive"
    assert never(LONG_AGO, DAY - timedelta(days=365)) == "dormant"
    assert never(DAY - timedelta(days=179), LONG_AGO) == "active"
    assert never(DAY - timedelta(days=180), LONG_AGO) == "inactive"
    assert never(DAY - timedelta(days=180), DAY - timedelta(days=100)) == "active"


def test_a_term_deposit_keeps_its_owner_from_dormant():
    later = DAY + timedelta(days=1)
    assert state(days_since_activity=900, term_next_maturity_date=later) == "inactive"
    assert state(days_since_activity=10, term_next_maturity_date=later) == "active"


def woken(day: int, first: date, **values: object) -> dict:
    """A month-end row `day` days after its last activity, the first of twelve months on `first`."""
    return row(days_since_activity=day, first_activity_date_12m=first, **values)


def test_reactivated_while_the_first_activity_after_dormancy_lies_in_90_days():
    first = date(2024, 2, 10)
    rows = [
        row(days_since_activity=365),
        woken(19, first),  # 29 February
        woken(2, first),
        woken(0, first),  # 30 April: 80 days
        woken(0, first),  # 31 May: 111 days
    ]
    assert states(*rows) == ["dormant", "reactivated", "reactivated", "reactivated", "active"]
    rows[4] = woken(111, first)
    assert states(*rows)[-1] == "active"


def test_90_days_after_its_first_date_nobody_is_reactivated():
    # 2024-03-31 to 2024-06-29 are 90 days, so 30 June is out; 2024-04-02 to 2024-06-30 are 89 days
    rows = [row(days_since_activity=365), None, None, None, None]
    assert states(*rows, woken(90, date(2024, 4, 1))) == ["dormant", "active"]
    assert states(*rows, woken(89, date(2024, 4, 2))) == ["dormant", "reactivated"]


def test_reactivation_starts_anew_after_another_dormant_month():
    def dormant(days: int, first: date | None = None) -> dict:
        return row(days_since_activity=days, first_activity_date_12m=first)

    rows = [
        dormant(400),
        woken(28, date(2024, 2, 1)),  # reactivated
        *[dormant(28 + 31 * month, date(2024, 2, 1)) for month in range(1, 11)],  # at last inactive
        dormant(364 + 1),  # 31 January 2025
        woken(0, date(2025, 2, 28)),
        woken(1, date(2025, 2, 28)),
    ]
    codes = states(*rows)
    assert codes[:2] == ["dormant", "reactivated"]
    assert codes[-3:] == ["dormant", "reactivated", "reactivated"]


def test_a_dormant_month_without_activity_since_reactivates_nobody():
    later = date(2030, 1, 1)
    assert states(row(days_since_activity=365), row(days_since_activity=394, term_next_maturity_date=later)) == [
        "dormant",
        "inactive",
    ]


def test_a_long_wait_between_dormancy_and_activity_is_still_a_reactivation():
    wait = [row(days_since_activity=400 + 30 * month, term_next_maturity_date=date(2030, 1, 1)) for month in range(14)]
    rows = [row(days_since_activity=370), *wait, woken(3, date(2025, 4, 27))]
    assert states(*rows) == ["dormant", *["inactive"] * 14, "reactivated"]


def test_reactivated_after_closing_and_coming_back():
    rows = [row(days_since_activity=365), row(open_account_count=0, days_since_activity=394), None, None]
    assert states(*rows, woken(0, date(2024, 5, 31))) == ["dormant", "closed", "reactivated"]


def test_a_judgement_of_dormant_reactivates_nobody():
    rows = [woken(5, date(2023, 3, 1)), woken(0, date(2023, 3, 1))]
    judged = [judgement("activity", "dormant", valid_to=DAY)]
    months = {JANUARY + place: one for place, one in enumerate(rows)}
    result = activity_states(months, LONG_AGO, judged)
    assert [one.computed_activity_state_code for one in result.values()] == ["active", "active"]
    assert [one.activity_state_code for one in result.values()] == ["dormant", "active"]


# a customer with something to lose and no signal
CALM = {
    "adb_peak_12m": Decimal(1_000),
    "drawdown_12m": 0.0,
    "month_end_balance": Decimal(1_000),
    "adb_3m": Decimal(1_000),
    "adb_prior_3m": Decimal(1_000),
    "is_salary_stopped": False,
    "customer_txn_count_3m": 10,
    "customer_txn_prior_3m": 10,
    "mean_activity_gap_days": 10.0,
}


def slowing(**values: object) -> bool:
    code = state(**{**CALM, **values})
    assert code in ("active", "slowing")
    return code == "slowing"


@pytest.mark.parametrize(
    ("values", "is_met"),
    [
        ({}, False),
        ({"drawdown_12m": 0.499999999}, False),
        ({"drawdown_12m": 0.5}, True),
        ({"drawdown_12m": 0.5, "adb_peak_12m": Decimal("999.99")}, False),
        ({"drawdown_12m": 0.5, "adb_peak_12m": None}, False),
        ({"drawdown_12m": None}, False),
        ({"month_end_balance": Decimal("500.00")}, True),
        ({"month_end_balance": Decimal("500.01")}, False),  # one mild signal alone
        ({"month_end_balance": None}, False),
        ({"month_end_balance": Decimal(0), "adb_3m": Decimal(0)}, False),  # zero base
        ({"month_end_balance": Decimal(-9), "adb_3m": Decimal(-1)}, False),
        ({"month_end_balance": Decimal(0), "adb_3m": None}, False),
        ({"is_salary_stopped": True}, True),
        ({"is_salary_stopped": None}, False),
        ({"matured_30d_amount_3m": Decimal(1_000), "retained_30d_amount_3m": Decimal("499.99")}, True),
        ({"matured_30d_amount_3m": Decimal(1_000), "retained_30d_amount_3m": Decimal(500)}, False),
        ({"matured_30d_amount_3m": Decimal(0), "retained_30d_amount_3m": Decimal(0)}, False),
        ({"matured_30d_amount_3m": Decimal(1_000), "retained_30d_amount_3m": None}, False),
    ],
)
def test_severe_signals(values: dict, is_met: bool):
    assert slowing(**values) is is_met


FEWER = {"customer_txn_count_3m": 7}  # one mild signal, so that another one decides


@pytest.mark.parametrize(
    ("values", "is_met"),
    [
        ({}, False),
        ({"month_end_balance": Decimal("700.00")}, True),
        ({"month_end_balance": Decimal("700.01")}, False),
        ({"adb_3m": Decimal(700), "month_end_balance": Decimal(700)}, True),
        ({"adb_3m": Decimal("700.01"), "month_end_balance": Decimal(700)}, False),
        ({"adb_3m": Decimal(700), "month_end_balance": Decimal(700), "adb_prior_3m": None}, False),
        ({"adb_3m": Decimal(0), "month_end_balance": Decimal(0), "adb_prior_3m": Decimal(0)}, False),
        ({"days_since_activity": 60}, False),
        ({"days_since_activity": 61}, True),
        ({"days_since_activity": 61, "mean_activity_gap_days": 20.333333333}, True),  # 60.999999999
        ({"days_since_activity": 61, "mean_activity_gap_days": 20.333333334}, False),
        ({"days_since_activity": 90, "mean_activity_gap_days": 30.0}, False),
        ({"days_since_activity": 91, "mean_activity_gap_days": 30.0}, True),
        ({"days_since_activity": 60, "mean_activity_gap_days": None}, False),
        ({"days_since_activity": 61, "mean_activity_gap_days": None}, True),
        (
            {
                "days_since_activity": None,
                "first_opened_date": DAY - timedelta(days=120),
                "mean_activity_gap_days": None,
            },
            True,
        ),
    ],
)
def test_mild_signals(values: dict, is_met: bool):
    assert slowing(**{**FEWER, **values}) is is_met


def test_two_mild_signals_are_needed_and_the_base_must_be_there():
    # with the recency signal fixed, the fall of transactions decides
    late = {"days_since_activity": 61}
    assert not slowing(**late)
    assert slowing(**late, customer_txn_count_3m=7)
    assert not slowing(**late, customer_txn_count_3m=8)
    assert not slowing(**late, customer_txn_count_3m=0, customer_txn_prior_3m=0)
    assert not slowing(**late, customer_txn_count_3m=0, customer_txn_prior_3m=None)


def test_the_severe_fall_of_the_balance_is_no_mild_signal_besides():
    from reference.activity_state import mild_signals, severe_signals
    from reference.defaults import ActivityRules

    one = row(**{**CALM, "month_end_balance": Decimal(400)})
    assert severe_signals(one, ActivityRules()) == ["balance"]
    assert mild_signals(one, 0, ActivityRules()) == []


# ---- deposit stability ----


def stability(balance: str | None, **values: object) -> tuple:
    one = deposit_stability(row(**{"month_end_balance": balance and Decimal(balance), "tenure_months": 12, **values}))
    return one.deposit_stability_code, one.stable_amount, one.less_stable_amount, one.runoff_amount


def test_stable_from_0_to_the_insured_limit():
    assert stability("0") == ("stable", 0, 0, 0)
    assert stability("500000.00") == ("stable", 500_000, 0, 25_000)
    assert stability("500000.01") == ("less_stable", 0, Fraction("500000.01"), 50_000)
    assert stability("-0.01") == ("less_stable", 0, 0, 0)
    assert stability(None) == ("unclassified", None, None, None)


def test_an_established_relation():
    assert stability("100", tenure_months=11)[0] == "less_stable"
    assert stability("100", tenure_months=None)[0] == "less_stable"
    assert stability("100", tenure_months=0, has_salary_inflow=True)[0] == "stable"
    assert stability("100", tenure_months=0, has_salary_inflow=False, primacy_score=4)[0] == "less_stable"
    assert stability("100", tenure_months=None, primacy_score=5) == ("stable", 100, 0, 5)
    assert stability("100", tenure_months=11) == ("less_stable", 0, 100, 10)


def test_the_runoff_is_rounded_once_half_away():
    assert stability("0.10")[3] == Fraction("0.01")  # 0.005
    assert stability("0.09")[3] == 0
    assert stability("1.04", tenure_months=0)[3] == Fraction("0.10")
    assert stability("1.05", tenure_months=0)[3] == Fraction("0.11")


# ---- indicators ----


def normalised(code: str, **values: object) -> Fraction | None:
    one = row(**values)
    party_type = one["customer_type_code"]
    [indicator] = [line for line in INDICATORS if line.code == code and party_type in line.party_types]
    return indicator.normalise(one)


@pytest.mark.parametrize(
    ("code", "pairs"),
    [
        ("adb_12m", [(-5, 0), (0, 0), (5_000, 15), (10_000, 30), (30_000, 40), (50_000, 50), (275_000, "67.5"),
                     (500_000, 85), (1_250_000, "92.5"), (2_000_000, 100), (9_000_000, 100)]),
        ("aum_1m", [(0, 0), (10_000, 30), (2_000_001, 100)]),
        ("contribution_12m", [(-501, 0), (-500, 0), (-250, 10), (0, 20), (2_500, 50), (5_000, 80), (12_500, 90),
                              (20_000, 100), (20_001, 100)]),
        ("customer_txn_per_month_12m", [(0, 0), (5, 40), (10, 80), (20, 90), (30, 100), (31, 100)]),
        ("product_line_count", [(0, 20), (1, 20), (2, "47.5"), (3, 75), (4, "87.5"), (5, 100)]),
        ("max_dpd_12m", [(0, 100), (1, 80), (30, 50), (60, 25), (90, 0), (91, 0)]),
        ("npl_share", [(0, 100), ("0.25", 50), ("0.5", 0), (1, 0)]),
        ("income_level_amount", [(0, 0), (5_000, 30), (10_000, 60), (30_000, 80), (50_000, 100), (60_000, 100)]),
        ("income_growth_12m", [("-0.4", 0), ("-0.3", 0), ("-0.15", 25), (0, 50), ("0.15", 75), ("0.3", 100), (1, 100)]),
    ],
)  # fmt: skip
def test_curves(code: str, pairs: list):
    for value, expected in pairs:
        assert normalised(code, **{code: Decimal(value)}) == Fraction(expected), value
    assert normalised(code) is None


@pytest.mark.parametrize(
    ("code", "pairs"),
    [
        ("annual_revenue_amount", [(0, 0), (10_000_000, 30), (20_000_000, 60), (210_000_000, 80), (400_000_000, 100)]),
        ("inflow_growth_12m", [("-0.3", 0), (0, 50), ("0.3", 100)]),
        ("tenure_months", [(0, 30), (30, 55), (60, 80), (90, 90), (120, 100), (240, 100)]),
    ],
)
def test_curves_of_corporates(code: str, pairs: list):
    for value, expected in pairs:
        assert normalised(code, customer_type_code="corporate", **{code: Decimal(value)}) == Fraction(expected), value


def test_codes():
    ratings = ["AAA", "AA", "A", "BBB", "BB", "B", "C", "D", None]
    scores = [normalised("credit_rating_code", credit_rating_code=rating) for rating in ratings]
    assert scores == [100, 90, 80, 65, 50, 35, 15, 0, None]
    bands = ["high", "medium", "low", None]
    scores = [normalised("occupation_stability_code", occupation_stability_code=band) for band in bands]
    assert scores == [90, 60, 30, None]
    stages = ["young_family", "young_single", "mature_family", "student", "retired", None]
    assert [normalised("life_stage_code", life_stage_code=stage) for stage in stages] == [90, 70, 60, 50, 30, None]
    sizes = ["micro", "small", "medium", "large", None]
    scores = [normalised("enterprise_size_code", customer_type_code="corporate", enterprise_size_code=s) for s in sizes]
    assert scores == [40, 60, 80, 100, None]


def test_volatility_loses_ten_for_each_overdraft_month_and_stays_in_range():
    def score(variation: float | None, months: int | None) -> Fraction | None:
        return normalised("volatility", balance_cv_6m=variation, overdraft_months_12m=months)

    assert [score(0.0, 0), score(0.75, 0), score(1.5, 0), score(9.0, 0)] == [100, 50, 0, 0]
    assert [score(0.0, 3), score(0.75, 5), score(0.75, 6), score(0.0, 12)] == [70, 0, 0, 0]
    assert [score(0.75, None), score(None, 0), score(None, None)] == [50, None, None]


def test_primacy_and_product_gap():
    def gap(primacy: int | None, lines: int | None) -> Fraction | None:
        return normalised("product_gap", primacy_score=primacy, product_line_count=lines)

    assert [gap(0, 0), gap(10, 5), gap(4, 2), gap(0, 5)] == [100, 0, 60, 50]
    assert [gap(None, 2), gap(4, None)] == [None, None]


def test_a_point_belongs_to_the_band_that_it_begins():
    points = ((Fraction(0), Fraction(0)), (Fraction(1), Fraction(10)), (Fraction(2), Fraction(30)))
    assert [interpolate(Fraction(x), points) for x in (0, 1, "1.5", 2, 3)] == [0, 10, 20, 30, 30]


@pytest.mark.parametrize("party_type", ["individual", "corporate"])
def test_weights_are_40_30_30(party_type: str):
    weights: dict[str, Fraction] = {}
    for line in INDICATORS:
        if party_type in line.party_types:
            weights[line.dimension] = weights.get(line.dimension, Fraction(0)) + line.weight
    assert weights == {"contribution": 40, "risk": 30, "potential": 30}


# ---- scores ----

CONTRIBUTION = {  # 85, 50, 20, 80, 75
    "adb_12m": Decimal(500_000),
    "aum_1m": Decimal(50_000),
    "contribution_12m": Decimal(0),
    "customer_txn_per_month_12m": 10.0,
    "product_line_count": 3,
}
CREDIT = {  # 80, 100, 100, 50
    "loan_outstanding": Decimal(100),
    "credit_rating_code": "A",
    "max_dpd_12m": 0,
    "npl_share": 0.0,
    "balance_cv_6m": 0.75,
    "overdraft_months_12m": 0,
}
POTENTIAL = {  # 60, 50, 60, 90, and 25 + 20 for the gap
    "income_level_amount": Decimal(10_000),
    "income_growth_12m": 0.0,
    "occupation_stability_code": "medium",
    "life_stage_code": "young_family",
    "primacy_score": 5,
}
ALL = {**CONTRIBUTION, **CREDIT, **POTENTIAL}


def component(score: Score, code: str):
    [one] = [one for one in score.components if one.indicator_code == code]
    return one


def test_scores_of_a_fully_observed_row():
    score = score_row(row(**ALL))
    # (12 × 85 + 8 × 50 + 12 × 20 + 5 × 80 + 3 × 75) / 40 = 2285 / 40
    assert score.contribution_score == Fraction("57.125")
    # (10 × 80 + 10 × 100 + 5 × 100 + 5 × 50) / 30 = 2550 / 30
    assert score.risk_score == 85
    # (6 × 60 + 8 × 50 + 4 × 60 + 4 × 90 + 8 × 45) / 30 = 1720 / 30
    assert score.potential_score == Fraction("57.333333333")
    # (2285 + 2550 + 1720) / 100
    assert score.composite_score == Fraction("65.55")
    assert (score.observed_weight_share, score.confidence_grade) == (1, "A")
    assert component(score, "adb_12m").points == component(score, "adb_12m").effective_points == Fraction("10.2")
    assert sum(one.effective_points for one in score.components) == Fraction("65.55")
    assert len(score.components) == 14


def test_a_missing_value_leaves_numerator_and_denominator():
    score = score_row(row(**{**ALL, "adb_12m": None}))
    assert score.contribution_score == published(Fraction(1265, 28))
    missing = component(score, "adb_12m")
    assert (missing.status_code, missing.normalised_value, missing.points) == ("missing", None, None)
    assert missing.effective_points is None
    # 40 × 1265 / 28 + 2550 + 1720
    assert score.composite_score == published((Fraction(40 * 1265, 28) + 2550 + 1720) / 100)
    assert published(sum(one.effective_points or 0 for one in score.components)) == score.composite_score
    # 12 × 20 % of 100 points, 28 of the dimension's 40 observed
    assert component(score, "contribution_12m").effective_points == Fraction(24, 10) * 40 / 28
    assert (score.observed_weight_share, score.confidence_grade) == (Fraction("0.88"), "B")


def test_a_dimension_needs_60_percent_of_its_weight():
    # 12 + 12 = 24 of 40 are just enough; 12 + 8 + 3 = 23 aren't
    enough = {"adb_12m": Decimal(0), "contribution_12m": Decimal(0)}
    assert score_row(row(**enough)).contribution_score == 10
    too_little = {"adb_12m": Decimal(0), "aum_1m": Decimal(0), "product_line_count": 3}
    score = score_row(row(**too_little))
    assert score.contribution_score is score.composite_score is None
    assert component(score, "product_line_count").points == Fraction("2.25")
    assert component(score, "product_line_count").effective_points is None
    # they are observed all the same
    assert (score.observed_weight_share, score.confidence_grade) == (Fraction("0.23"), "C")


def test_the_composite_weighs_the_dimensions_that_are_there():
    score = score_row(row(**CONTRIBUTION, **CREDIT))
    assert score.potential_score is None
    assert score.composite_score == published(Fraction(2285 + 2550, 70))
    assert sum(one.effective_points or 0 for one in score.components) == Fraction(2285 + 2550, 70)
    assert score.observed_weight_share == Fraction("0.7")


NO_CREDIT = {"loan_outstanding": Decimal(0), "balance_cv_6m": 0.75}


def test_what_doesnt_apply_counts_as_observed():
    score = score_row(row(**CONTRIBUTION, **POTENTIAL, **NO_CREDIT))
    assert score.risk_score == 50
    assert score.composite_score == Fraction("55.05")  # (2285 + 30 × 50 + 1720) / 100
    assert (score.observed_weight_share, score.confidence_grade) == (1, "A")
    for code in ("credit_rating_code", "max_dpd_12m", "npl_share"):
        one = component(score, code)
        assert (one.status_code, one.points, one.effective_points) == ("not_applicable", None, None)
    assert component(score, "volatility").effective_points == 15
    assert sum(one.effective_points or 0 for one in score.components) == Fraction("55.05")


def test_a_known_value_applies_without_exposure_too():
    score = score_row(row(**NO_CREDIT, credit_rating_code="BBB", max_dpd_12m=30))
    # (10 × 65 + 10 × 50 + 5 × 50) / 25
    assert score.risk_score == 56
    assert component(score, "npl_share").status_code == "not_applicable"


def test_with_exposure_or_without_lending_it_is_missing():
    for outstanding in (Decimal("0.01"), None):
        score = score_row(row(**{**NO_CREDIT, "loan_outstanding": outstanding}))
        assert component(score, "max_dpd_12m").status_code == "missing"
        assert score.risk_score is None
    assert component(score_row(row(loan_outstanding=Decimal(0))), "volatility").status_code == "missing"


def test_where_nothing_applies_there_is_no_score():
    score = score_row(row(loan_outstanding=Decimal(0)))
    assert score.risk_score is score.composite_score is None
    assert score.observed_weight_share == Fraction("0.25")


def test_grades():
    # 100 less what is missing: 91, 90 (gap and balance), 89
    def grade(*missing: str) -> tuple:
        score = score_row(row(**{**ALL, **dict.fromkeys(missing)}))
        return score.observed_weight_share, score.confidence_grade

    assert grade("income_level_amount", "occupation_stability_code") == (Fraction("0.9"), "A")
    assert grade("adb_12m") == (Fraction("0.88"), "B")
    assert grade("aum_1m", "contribution_12m", "npl_share") == (Fraction("0.75"), "B")
    assert grade("aum_1m", "contribution_12m", "income_level_amount") == (Fraction("0.74"), "C")


def test_corporates_have_other_indicators_of_potential():
    corporate = {
        "customer_type_code": "corporate",
        "annual_revenue_amount": Decimal(20_000_000),
        "inflow_growth_12m": 0.3,
        "enterprise_size_code": "medium",
        "tenure_months": 60,
        "primacy_score": 10,
        "product_line_count": 5,
    }
    score = score_row(row(**corporate, income_level_amount=Decimal(50_000)))
    # (6 × 60 + 8 × 100 + 4 × 80 + 4 × 80 + 8 × 0) / 30
    assert score.potential_score == 60
    assert "income_level_amount" not in {one.indicator_code for one in score.components}
    assert len(score.components) == 14


# ---- classes ----


def scored(composite: object = None, risk: object = None, potential: object = None) -> Score:
    def _exact(value: object) -> Fraction | None:
        return None if value is None else Fraction(value)

    return Score(None, _exact(risk), _exact(potential), _exact(composite), Fraction(1), "A", ())


@pytest.mark.parametrize(
    ("score", "code"),
    [
        (scored(70, 60, 0), "quality"),
        (scored("69.999999999", 60, 0), "general"),
        (scored(70, "59.999999999", 0), "general"),
        (scored(100, None, 0), "general"),
        (scored(100, None, 60), "potential"),
        (scored(70, 60, 60), "quality"),
        (scored(50, 50, 60), "potential"),
        (scored(50, 50, "59.999999999"), "general"),
        (scored(50, 50, None), "general"),
        (scored(50, 40, 0), "general"),
        (scored(90, "39.999999999", 90), "risk"),
        (scored(), "unclassified"),
    ],
)
def test_first_match(score: Score, code: str):
    assert earned_class(row(), score) == code


@pytest.mark.parametrize(
    ("values", "is_vetoed"),
    [
        ({"days_past_due": 90, "worst_five_class": "2"}, False),
        ({"days_past_due": 91}, True),
        ({"worst_five_class": "3"}, True),
        ({"worst_five_class": 5, "days_past_due": 0}, True),
    ],
)
def test_a_veto_beats_everything(values: dict, is_vetoed: bool):
    for score in (scored(100, 100, 100), scored()):
        assert (earned_class(row(**values), score) == "risk") is is_vetoed


GOOD, FAIR, EAGER, NOTHING = scored(80, 80, 0), scored(50, 50, 0), scored(50, 50, 80), scored()
BAD = scored(50, 30, 0)


def classes(*scores: Score | None, **arguments: object) -> list[str]:
    """Held classes of consecutive months; None is a month without a row."""
    months = {JANUARY + place: score for place, score in enumerate(scores) if score is not None}
    result = customer_classes({month: row() for month in months}, months, **arguments)
    return [result[month].held_customer_class_code for month in sorted(result)]


def test_quality_earned_in_january_is_kept_to_july():
    assert classes(GOOD, *[FAIR] * 7) == ["quality"] * 7 + ["general"]
    assert classes(GOOD, *[EAGER] * 7) == ["quality"] * 7 + ["potential"]
    assert classes(FAIR, GOOD) == ["general", "quality"]


def test_a_gap_ends_no_hold_but_counts():
    assert classes(GOOD, *[None] * 5, FAIR, FAIR) == ["quality", "quality", "general"]


def test_a_veto_ends_the_hold():
    assert classes(GOOD, BAD, FAIR) == ["quality", "risk", "general"]
    assert classes(GOOD, BAD, GOOD, FAIR) == ["quality", "risk", "quality", "quality"]
    assert classes(GOOD, None, FAIR, vetoed=[JANUARY + 1]) == ["quality", "general"]
    assert classes(GOOD, FAIR, vetoed=[JANUARY]) == ["quality", "general"]
    assert classes(GOOD, FAIR, vetoed=[JANUARY - 1, JANUARY + 2]) == ["quality", "quality"]


def test_what_cant_be_evaluated_isnt_held():
    assert classes(GOOD, NOTHING, FAIR) == ["quality", "unclassified", "quality"]


def test_earned_held_and_judged_stand_side_by_side():
    judged = [judgement("class", "QUALITY", valid_to=month_end(JANUARY)), judgement("value_tier", "high")]
    months = {JANUARY: FAIR, JANUARY + 1: FAIR}
    result = customer_classes({month: row() for month in months}, months, judged)
    assert [one.customer_class_code for one in result.values()] == ["quality", "general"]
    assert [one.held_customer_class_code for one in result.values()] == ["general", "general"]
    months = {JANUARY: GOOD, JANUARY + 1: FAIR}
    judged = [judgement("class", "risk")]  # a judged risk is no veto
    result = customer_classes({month: row() for month in months}, months, judged)
    last = result[JANUARY + 1]
    assert (last.earned_customer_class_code, last.held_customer_class_code, last.customer_class_code) == (
        "general",
        "quality",
        "risk",
    )


@pytest.mark.parametrize(
    ("changed", "counts"),
    [
        ({}, True),
        ({"approved_by": None}, False),
        ({"valid_from": DAY}, True),
        ({"valid_from": DAY + timedelta(days=1)}, False),
        ({"valid_to": DAY}, True),
        ({"valid_to": DAY - timedelta(days=1)}, False),
    ],
)
def test_when_a_judgement_counts(changed: dict, counts: bool):
    rows, judged = {JANUARY: row()}, [judgement("class", "risk", **changed)]
    [result] = customer_classes(rows, {JANUARY: GOOD}, judged).values()
    assert result.customer_class_code == ("risk" if counts else "quality")


def test_of_overlapping_judgements_the_newest_then_the_smallest_reason():
    def judged(*rows: tuple[str, str, date]) -> str:
        judgements = [judgement("class", code, reason=reason, valid_from=day) for code, reason, day in rows]
        [result] = customer_classes({JANUARY: row()}, {JANUARY: FAIR}, judgements).values()
        return result.customer_class_code

    later = LONG_AGO + timedelta(days=1)
    assert judged(("risk", "a", LONG_AGO), ("potential", "b", later)) == "potential"
    assert judged(("risk", "b", LONG_AGO), ("potential", "a", LONG_AGO)) == "potential"


# ---- everything together ----


def test_rows_of_customers_are_classified_by_their_own_history():
    features = {
        ("a", DAY): row(**ALL, days_since_activity=365, month_end_balance=Decimal(10)),
        ("a", month_end(JANUARY + 1)): row(**ALL, days_since_activity=0, first_activity_date_12m=date(2024, 2, 29)),
        ("b", month_end(JANUARY + 1)): row(days_since_activity=0, first_activity_date_12m=date(2024, 2, 29)),
    }
    result = classify_rows(features, LONG_AGO, {"b": [judgement("need", "wealth")]})
    codes = {grain: one["activity_state_code"] for grain, one in result.segments.items()}
    assert list(codes.values()) == ["dormant", "reactivated", "active"]
    assert result.segments["a", DAY]["stable_amount"] == 10
    assert result.segments["b", month_end(JANUARY + 1)]["need_segment_code"] == "wealth"
    assert result.segments["b", month_end(JANUARY + 1)]["customer_class_code"] == "unclassified"
    assert result.scores["a", DAY]["composite_score"] == Fraction("65.55")
    assert "components" not in result.scores["a", DAY]
    assert len(result.components["a", DAY]) == 14


# ---- tags ----


TEENS = Bounds(Fraction(10), Fraction(20))


def intervals(*values: object, bounds: Bounds | dict = TEENS, last: int | None = None) -> list[tuple]:
    months = {JANUARY + place: value for place, value in enumerate(values) if value is not ...}
    last_month = JANUARY + (len(values) - 1 if last is None else last)
    return [
        (month_of(one.valid_from) - JANUARY, one.valid_to and month_of(one.valid_to) - JANUARY, one.evidence)
        for one in rule_tag_intervals(months, bounds, last_month)
    ]


def test_a_rule_tag_lasts_from_the_first_month_met_to_the_first_not_met():
    assert intervals(9, 10, 15, 20, 19.5) == [(1, 3, 10), (4, None, Fraction("19.5"))]
    assert intervals(10) == [(0, None, 10)]
    assert intervals(20) == []
    assert intervals() == []


def test_unknown_and_no_row_close_a_tag():
    assert intervals(10, None, 11) == [(0, 1, 10), (2, None, 11)]
    assert intervals(10, ..., 11) == [(0, 1, 10), (2, None, 11)]
    assert intervals(10, last=1) == [(0, 1, 10)]


def test_open_bounds_and_flags():
    assert intervals(-99, 19, 20, bounds=Bounds(below_value=Fraction(20))) == [(0, 2, -99)]
    assert intervals(True, False, True, bounds=Bounds(min_value=Fraction(1))) == [(0, 1, 1), (2, None, 1)]


def test_a_new_version_of_the_bounds_closes_nothing_that_it_still_contains():
    old, new = Bounds(Fraction(10)), Bounds(Fraction(12))
    by_month = {JANUARY: old, JANUARY + 1: new, JANUARY + 2: new}
    assert intervals(15, 15, 11, bounds=by_month) == [(0, 2, 15)]
    [one] = rule_tag_intervals({JANUARY: 15, JANUARY + 1: 15}, by_month, JANUARY + 1)
    assert (one.valid_to, one.bounds) == (None, old)


def test_a_changed_fact_ends_one_tag_and_begins_the_next():
    months = {JANUARY: "A", JANUARY + 1: "A", JANUARY + 2: "C", JANUARY + 3: None, JANUARY + 4: "C"}
    assert [
        (month_of(one.valid_from) - JANUARY, one.valid_to and month_of(one.valid_to) - JANUARY, one.evidence)
        for one in fact_tag_intervals(months, JANUARY + 4)
    ] == [(0, 2, "A"), (2, 3, "C"), (4, None, "C")]
