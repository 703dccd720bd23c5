"""Anchors the oracle: hand-worked examples of balances, parties and tiers in the specification's own words.

Cleansing and the landing are anchored in `test_reference_cleansing.py`.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import random
import statistics
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from landing_builder import LandingBuilder
from reference import ReferenceResult, classify
from reference.contract import TABLES
from reference.parties import divide, normal_document
from reference.tiers import TierMonth, TierRules, classify_tiers
from reference.values import month_of

KEY = "a secret of tests"
MODELS = Path(__file__).parents[2] / "models"


@pytest.fixture
def run(tmp_path):
    """Writes a builder's landing and recomputes it."""

    def _run(builder: LandingBuilder, as_of: str | None = None) -> ReferenceResult:
        landing = builder.write(tmp_path / "landing")
        return classify(landing, KEY, date.fromisoformat(as_of) if as_of else None)

    return _run


def one(result: ReferenceResult, customer_id: str, day: str) -> dict:
    return result.features[result.customer_keys[customer_id], date.fromisoformat(day)]


def rows_of(result: ReferenceResult, customer_id: str) -> list[str]:
    key = result.customer_keys[customer_id]
    return sorted(str(day) for customer_key, day in result.features if customer_key == key)


def tier(result: ReferenceResult, customer_id: str, day: str) -> dict:
    return result.segments[result.customer_keys[customer_id], date.fromisoformat(day)]


def warnings(result: ReferenceResult) -> list[str]:
    return sorted(finding.reason_code for finding in result.rejections if finding.outcome == "warning")


def simple() -> LandingBuilder:
    """One customer, one account, and a transaction of 1.00 that makes January 2024 the first ledger month."""
    builder = LandingBuilder().customer("C1").account("A1", owner="C1")
    return builder.customer("C0").account("A0", owner="C0").transaction("A0", "2024-01-01 08:00:00", "1.00")


def to_june(builder: LandingBuilder) -> LandingBuilder:
    """A transaction elsewhere that makes June 2024 the newest month."""
    return builder.transaction("A0", "2024-06-30 08:00:00", "1.00")


# ---- the contract ----


def is_added(column: dict) -> bool:
    """Whether the loader adds the column to what is landed."""
    return column.get("config", {}).get("meta", {}).get("is_added", False)


def test_contract_of_the_oracle_is_that_of_the_staging_layer():
    yaml = pytest.importorskip("yaml")
    sources = {name.split(".")[0] for name in TABLES}
    seen = {}
    for file in sorted(MODELS.glob("staging/*/_*__sources.yml")):
        for source in yaml.safe_load(file.read_text(encoding="utf-8"))["sources"]:
            if source["name"] not in sources:
                continue  # the landing gate's own tables
            for table in source["tables"]:
                seen[f"{source['name']}.{table['name']}"] = table
    if not seen:
        pytest.skip("no contract in the staging layer yet")
    kinds = {
        "text": "varchar",
        "money": "decimal(18,2)",
        "rate": "decimal(18,8)",
        "share": "decimal(9,6)",
    }
    assert set(seen) == set(TABLES)
    for name, ours in TABLES.items():
        theirs = seen[name]
        meta = theirs["config"]["meta"]
        assert (meta["key"], meta.get("stamp")) == (list(ours.key), ours.stamp), name
        assert meta.get("is_optional", False) == ours.optional, name
        landed = [column for column in theirs["columns"] if not is_added(column)]
        assert [column["name"] for column in landed] == list(ours.column_names), name
        for column, other in zip(ours.columns, landed, strict=True):
            meta = other.get("config", {}).get("meta", {})
            place = f"{name}.{column.name}"
            assert other["data_type"] == kinds.get(column.kind, column.kind), place
            assert meta.get("code_list") == column.codes, place
            assert meta.get("minimum") == column.minimum, place
            assert meta.get("maximum") == column.maximum, place
            flags = [meta.get(flag, False) for flag in ("is_needed", "is_descriptive", "is_optional")]
            assert flags == [column.needed, column.descriptive, column.optional], place
            flags = [meta.get("is_positive", False), meta.get("is_above_zero", False)]
            assert flags == [column.positive, column.above_zero], place


# ---- balances ----


def test_a_deposit_held_3_days_of_30_counts_3_of_30(run):
    builder = LandingBuilder().customer("C1").account("A1", owner="C1")
    builder.transaction("A1", "2024-06-28 10:00:00", "300.00")
    row = one(run(builder), "C1", "2024-06-30")
    assert row["adb_1m"] == Decimal("30.00")
    assert row["month_end_balance"] == row["net_flow_1m"] == Decimal("300.00")


def test_adb_is_the_average_of_the_daily_balances(run):
    chance = random.Random(7)
    builder = LandingBuilder().customer("C1")
    builder.account("A1", owner="C1", opened_date="2023-12-20", opening_balance="123.45")
    moves = []
    for _ in range(60):
        day = date(2024, 1, 1) + timedelta(days=chance.randrange(121))
        amount = Fraction(chance.randrange(1, 100_000), 100)
        direction = chance.choice(("credit", "debit"))
        moves.append((day, amount if direction == "credit" else -amount))
        builder.transaction("A1", f"{day} 12:00:00", amount, direction)
    builder.transaction("A1", "2024-01-01 00:00:00", "5.00")
    moves.append((date(2024, 1, 1), Fraction(5)))
    result = run(builder, "2024-04-30")
    for month in (1, 2, 3, 4):
        last = {1: 31, 2: 29, 3: 31, 4: 30}[month]
        days = [date(2024, month, day) for day in range(1, last + 1)]
        daily = [Fraction("123.45") + sum(amount for when, amount in moves if when <= day) for day in days]
        average = sum(daily) / last
        published = one(result, "C1", str(days[-1]))["adb_1m"]
        assert abs(Fraction(published) - average) <= Fraction(1, 200)


def test_opening_balance_counts_from_the_opening_or_the_first_ledger_month(run):
    builder = simple().account("A2", owner="C1", opened_date="2024-02-20", opening_balance="290.00")
    builder.account("A3", owner="C1", opened_date="2019-05-05", opening_balance="1000.00")
    result = run(to_june(builder))
    assert one(result, "C1", "2024-01-31")["adb_1m"] == Decimal("1000.00")
    assert one(result, "C1", "2024-02-29")["adb_1m"] == Decimal("1100.00")  # 10 of 29 days
    assert one(result, "C1", "2024-02-29")["net_flow_1m"] == 0
    assert one(result, "C1", "2024-03-31")["adb_1m"] == Decimal("1290.00")


def test_windows_divide_by_the_months_since_the_first_and_count_missing_rows_as_zero(run):
    builder = simple().customer("C2").account("A2", owner="C2", opened_date="2024-03-01")
    builder.transaction("A2", "2024-03-01 00:00:00", "100.00")
    builder.transaction("A1", "2024-01-01 00:00:00", "100.00")
    result = run(to_june(builder))
    assert rows_of(result, "C2")[0] == "2024-03-31"
    assert one(result, "C1", "2024-02-29")["adb_3m"] == Decimal("100.00")  # divided by 2
    assert one(result, "C2", "2024-03-31")["adb_3m"] == Decimal("33.33")
    assert one(result, "C2", "2024-04-30")["adb_3m"] == Decimal("66.67")
    assert one(result, "C2", "2024-06-30")["adb_12m"] == Decimal("66.67")  # 400 / 6


def test_money_is_rounded_half_away_from_zero(run):
    builder = LandingBuilder().customer("C1").account("A1", owner="C1")
    builder.customer("C2").holder("A1", "C2", role="joint").transaction("A1", "2024-06-01", "0.01")
    builder.account("A2", owner="C1").holder("A2", "C2", role="joint")
    builder.transaction("A2", "2024-06-01", "0.02", "debit")
    result = run(builder, "2024-06-30")
    assert one(result, "C1", "2024-06-30")["month_end_balance"] == Decimal("-0.01")  # -0.005
    assert one(result, "C2", "2024-06-30")["adb_1m"] == Decimal("-0.01")


def test_residual_balance_of_a_closed_account_ends_with_its_closing_month(run):
    builder = simple().account("A2", owner="C1", opening_balance="70.00", closed_date="2024-02-10")
    builder.customer("C3").account("A3", owner="C3", opening_balance="5.00", closed_date="2024-03-31")
    result = run(to_june(builder))
    assert one(result, "C1", "2024-02-29")["adb_1m"] == Decimal("70.00")
    assert one(result, "C1", "2024-02-29")["open_account_count"] == 1
    assert one(result, "C1", "2024-03-31")["month_end_balance"] == 0
    assert rows_of(result, "C3") == ["2024-01-31", "2024-02-29", "2024-03-31"]
    assert one(result, "C3", "2024-03-31")["open_account_count"] == 0


def test_row_exists_from_the_opening_month_even_when_opened_on_its_last_day(run):
    builder = simple().customer("C2").account("A2", owner="C2", opened_date="2024-04-30")
    builder.holder("A2", "C3", role="authorised").customer("C3")
    result = run(to_june(builder))
    assert rows_of(result, "C2") == ["2024-04-30", "2024-05-31", "2024-06-30"]
    assert rows_of(result, "C3") == []


def test_month_min_balance(run):
    builder = simple().account("A2", owner="C1", opening_balance="50.00")
    builder.transaction("A1", "2024-01-10", "100.00", balance_after="100.00")
    builder.transaction("A1", "2024-01-11", "130.00", "debit", balance_after="-30.00")
    builder.transaction("A1", "2024-02-11", "10.00", balance_after=None)
    builder.transaction("A1", "2024-03-11", "90.00", balance_after="70.00")
    builder.transaction("A1", "2024-03-12", "1.00", balance_after=None)
    result = run(to_june(builder))
    assert one(result, "C1", "2024-01-31")["month_min_balance"] == Decimal("20.00")  # -30 + 50
    assert one(result, "C1", "2024-02-29")["month_min_balance"] is None
    assert one(result, "C1", "2024-03-31")["month_min_balance"] == Decimal("30.00")  # start -20, + 50
    assert one(result, "C1", "2024-04-30")["month_min_balance"] == Decimal("121.00")


def test_month_min_balance_is_null_without_its_column(run):
    builder = to_june(simple()).omit_column("core.transactions", "balance_after")
    assert one(run(builder), "C1", "2024-04-30")["month_min_balance"] is None


def test_aum_adds_positions_for_92_days(run):
    builder = simple().account("A2", owner="C1", opening_balance="1000.00")
    builder.position("C1", "2024-01-31", "500.00").position("C1", "2024-02-10", "600.00")
    builder.position("C1", "2024-01-30", "7.00", product_code="insurance_policy")
    builder.position("C1", "2024-01-29", "1.00", product_code="credit_card")
    result = run(to_june(builder))
    months = ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31"]
    values = [one(result, "C1", day)["market_value"] for day in months]
    # 2024-04-30 is 91 days after 2024-01-30, 92 after 2024-01-29; 2024-05-31 is too late for all
    assert values == [508, 608, 608, 607, 0]
    assert one(result, "C1", "2024-03-31")["aum_1m"] == Decimal("1608.00")
    assert one(result, "C0", "2024-03-31")["market_value"] == 0


def test_aum_without_a_wealth_source_is_deposits_only(run):
    row = one(run(to_june(simple().account("A2", owner="C1", opening_balance="9.00"))), "C1", "2024-06-30")
    assert row["is_aum_deposits_only"] is True
    assert row["market_value"] is None
    assert row["aum_1m"] == row["adb_1m"] == Decimal("9.00")


def test_valuation_change_sets_purchases_off_and_adds_exchange_gains(run):
    builder = simple().account("A2", owner="C1", opening_balance="5000.00")
    builder.account("A3", owner="C1", currency_code="USD", opening_balance="100.00")
    builder.fx_rate("USD", "2023-12-01", "7.00").fx_rate("USD", "2024-02-29", "7.20")
    builder.position("C1", "2024-01-31", "1000.00").position("C1", "2024-02-28", "1480.00")
    purchase = {"transaction_code": "investment_purchase", "transaction_id": "P1"}
    builder.transaction("A2", "2024-02-10", "500.00", "debit", **purchase)
    builder.reversal("P1", "A2", "2024-03-05", "500.00", "credit")
    result = run(to_june(builder))
    assert one(result, "C1", "2024-01-31")["valuation_change_1m"] == 0
    # 480 more value, 500 of it bought, and 100 dollars at 0.20 more
    assert one(result, "C1", "2024-02-29")["valuation_change_1m"] == Decimal("0.00")
    # a reversal in a later month is a contra entry: the 500 come back
    assert one(result, "C1", "2024-03-31")["valuation_change_1m"] == Decimal("500.00")
    # the last position runs out of its 92 days
    assert one(result, "C1", "2024-05-31")["valuation_change_1m"] == Decimal("-1480.00")


def test_before_the_first_rate_money_is_null_and_so_are_windows(run):
    builder = simple().customer("C2").account("A2", owner="C2", currency_code="USD", opening_balance="10.00")
    builder.fx_rate("USD", "2024-02-29", "7.00")
    result = run(to_june(builder))
    january = one(result, "C2", "2024-01-31")
    for name in ("month_end_balance", "adb_1m", "adb_3m", "aum_1m", "net_flow_1m", "core_balance_12m"):
        assert january[name] is None, name
    assert january["largest_deposit_12m"] is None and january["cumulative_deposit_12m"] is None
    assert tier(result, "C2", "2024-01-31")["tier_status_code"] == "not_evaluable"
    assert one(result, "C2", "2024-02-29")["adb_1m"] == Decimal("70.00")
    assert one(result, "C2", "2024-03-31")["adb_3m"] is None
    assert one(result, "C2", "2024-04-30")["adb_3m"] == Decimal("70.00")


def test_shape_of_the_balance(run):
    builder = simple()
    for month, amount in ((1, 100), (2, 100), (3, 200), (4, 400)):
        builder.transaction("A1", f"2024-0{month}-01", amount)
    builder.transaction("A1", "2024-05-01", 700, "debit")
    result = run(to_june(builder))
    balances = [100, 200, 400, 800, 100, 100]
    row = one(result, "C1", "2024-06-30")
    heights = [math.log(1 + balance) for balance in balances]
    assert row["balance_trend_6m"] == pytest.approx(
        statistics.linear_regression(range(6), heights).slope, abs=2e-9
    )
    assert row["drawdown_12m"] == 0.875
    cv = statistics.stdev(balances) / statistics.mean(balances)
    assert row["balance_cv_6m"] == pytest.approx(cv, abs=2e-9)
    assert row["core_balance_12m"] == Decimal("100.00")
    assert one(result, "C1", "2024-03-31")["balance_trend_6m"] is None
    assert one(result, "C1", "2024-04-30")["balance_trend_6m"] is not None
    assert one(result, "C1", "2024-01-31")["balance_cv_6m"] is None
    assert one(run(to_june(simple())), "C1", "2024-06-30")["drawdown_12m"] is None  # no peak above 0


def test_deposits_and_the_reversal_rules(run):
    builder = simple()
    builder.transaction("A1", "2024-01-05", "900.00", transaction_id="T-pair")
    builder.reversal("T-pair", "A1", "2024-01-06", "900.00")
    builder.transaction("A1", "2024-01-07", "500.00", transaction_id="T-contra")
    builder.reversal("T-contra", "A1", "2024-02-01", "500.00")
    builder.reversal("T-contra", "A1", "2024-03-01", "500.00")  # the second one cancels nothing
    builder.transaction("A1", "2024-02-02", "200.00", transaction_code="transfer_in")
    builder.transaction("A1", "2024-02-03", "300.00", transaction_id="T-part")
    builder.reversal("T-part", "A1", "2024-02-04", "100.00")  # a partial refund
    builder.transaction("A1", "2024-02-05", "8000.00", transaction_code="interest")
    builder.transaction("A1", "2024-02-06", "8000.00", transaction_code="correction")
    builder.transaction("A1", "2024-02-07", "8000.00", transaction_code="own_transfer")
    result = run(to_june(builder))
    january, february, march = (one(result, "C1", day) for day in ("2024-01-31", "2024-02-29", "2024-03-31"))
    assert january["cumulative_deposit_12m"] == january["largest_deposit_12m"] == Decimal("500.00")
    assert february["cumulative_deposit_12m"] == Decimal("500.00")  # 500 - 500 + 200 + 300
    assert february["largest_deposit_12m"] == Decimal("500.00")
    assert march["cumulative_deposit_12m"] == Decimal("500.00")
    assert january["net_flow_1m"] == Decimal("500.00")  # balances contain every row
    assert one(result, "C0", "2024-03-31")["largest_deposit_12m"] == Decimal("1.00")


def test_cumulative_deposits_are_never_below_zero(run):
    builder = simple().transaction("A1", "2024-01-31 23:59:59", "500.00", transaction_id="T-old")
    builder.reversal("T-old", "A1", "2024-02-01", "500.00")
    builder.transaction("A0", "2025-02-28", "1.00")
    row = one(run(builder), "C1", "2025-01-31")
    assert row["cumulative_deposit_12m"] == row["largest_deposit_12m"] == 0


def test_shares_weight_money_and_not_counts(run):
    builder = simple().account("A2", owner="C1", opening_balance="100.00").customer("C2")
    builder.holder("A2", "C2", role="joint", ownership_share="0.3").transaction("A2", "2024-02-02", "10.00")
    result = run(to_june(builder))
    assert one(result, "C1", "2024-01-31")["adb_1m"] == Decimal("70.00")
    assert one(result, "C2", "2024-01-31")["adb_1m"] == Decimal("30.00")
    assert one(result, "C2", "2024-02-29")["largest_deposit_12m"] == Decimal("3.00")
    assert one(result, "C2", "2024-02-29")["open_account_count"] == 1


def test_as_of_date_is_the_last_month_end_on_or_before_the_latest_booking_plus_3_days(run):
    assert run(simple().transaction("A1", "2024-05-27", "1.00")).as_of_date == date(2024, 4, 30)
    assert run(simple().transaction("A1", "2024-05-28", "1.00")).as_of_date == date(2024, 5, 31)


def test_a_month_is_the_same_whether_or_not_later_data_is_there(run):
    builder = simple().fx_rate("USD", "2024-01-01", "7.00").fx_rate("USD", "2024-05-01", "6.00")
    builder.account("A2", owner="C1", currency_code="USD", opening_balance="9000.00")
    builder.transaction("A2", "2024-02-02", "800.00", transaction_id="T-x").position(
        "C1", "2024-05-02", "9.00"
    )
    builder.reversal("T-x", "A2", "2024-05-03", "800.00").account("A3", owner="C1", closed_date="2024-04-15")
    full, early = run(to_june(builder)), run(builder, "2024-03-31")
    assert early.as_of_date == date(2024, 3, 31)
    for place, row in early.features.items():
        assert full.features[place] == row
        assert full.segments[place] == early.segments[place]


# ---- parties ----


def test_same_document_is_one_party_and_the_oldest_survives(run):
    builder = simple().customer("C9", id_document_number="ab 12-34", customer_since_date="2000-01-01")
    builder.customer("C5", id_document_number="AB1234", customer_since_date="2001-01-01")
    builder.account("A9", owner="C9", opening_balance="10.00")
    builder.account("A5", owner="C5", opening_balance="5.00").holder("A5", "C9", role="joint")
    result = run(to_june(builder))
    expected = hmac.new(KEY.encode(), b"C9", hashlib.sha256).hexdigest()
    assert result.customer_keys["C5"] == result.customer_keys["C9"] == expected
    assert one(result, "C5", "2024-06-30")["month_end_balance"] == Decimal("15.00")
    assert one(result, "C5", "2024-06-30")["open_account_count"] == 2
    assert result.parties.merged_groups == [["C5", "C9"]]


def test_two_birth_dates_block_the_merge_of_the_whole_group(run):
    builder = simple()
    for number, born in enumerate(("1980-01-01", "1980-01-01", "1981-01-01", None)):
        builder.customer(f"D{number}", id_document_number="X77", birth_date=born)
    result = run(to_june(builder))
    assert result.parties.blocked_groups == [["D0", "D1", "D2", "D3"]]
    assert len({result.customer_keys[f"D{number}"] for number in range(4)}) == 4
    assert warnings(result).count("merge_blocked") == 4


@pytest.mark.parametrize(
    "number", ["0000000", "11-11", "n/a", "NA", "none", "Null", "unknown", " test ", "--", None]
)
def test_placeholders_never_merge(number):
    document = {"id_document_type": "passport", "id_document_number": number}
    assert normal_document(document) is None


def test_document_type_tells_documents_apart():
    passport = {"id_document_type": "passport", "id_document_number": "a-1"}
    identity = {"id_document_type": "national_id", "id_document_number": "A1"}
    assert normal_document(passport)[1] == normal_document(identity)[1] == "A1"
    assert normal_document(passport) != normal_document(identity)
    assert normal_document({**passport, "id_document_type": None}) is None


@pytest.mark.parametrize(
    ("given", "divided"),
    [
        ({"C1": None}, ["1"]),
        ({"C3": None, "C2": None, "C1": None}, ["0.333334", "0.333333", "0.333333"]),
        ({"C1": "0.5", "C2": None, "C3": None, "C4": None}, ["0.5", "0.166668", "0.166666", "0.166666"]),
        ({"C1": "0.6", "C2": "0.4", "C3": None}, ["0.6", "0.4", "0"]),
        ({"C1": "0.7", "C2": "0.7", "C3": "0.7"}, ["0.333334", "0.333333", "0.333333"]),
        ({"C1": "0.3", "C2": "0.3"}, ["0.3", "0.3"]),
    ],
)
def test_ownership_shares(given, divided):
    exact = {customer_id: None if share is None else Fraction(share) for customer_id, share in given.items()}
    shares = divide(exact)
    assert [shares[customer_id] for customer_id in sorted(shares)] == [Fraction(share) for share in divided]


def test_shares_that_dont_add_up_and_lonely_rows_are_warnings(run):
    builder = simple().account("A2").holder("A2", "C1", ownership_share="0.9")
    builder.account("A3").holder("A3", "C1", ownership_share="0.9").customer("C2")
    builder.holder("A3", "C2", role="joint", ownership_share="0.9")
    builder.account("A4").holder("A4", "C2", role="authorised").customer("C4")
    assert warnings(run(to_june(builder))) == [
        "no_account",
        "no_holder",
        "shares_above_one",
        "shares_below_one",
    ]


# ---- tiers ----

JANUARY = month_of(date(2024, 1, 1))


def tiers_of(*aums: object, **arguments) -> list[tuple[str, str, str]]:
    """Earned, service and status of consecutive months; None is null AUM, `...` a month without a row."""
    changes = arguments.pop("changes", [0] * len(aums))
    months = {
        JANUARY + place: TierMonth(
            None if aum is None else Fraction(aum), None if change is None else Fraction(change)
        )
        for place, (aum, change) in enumerate(zip(aums, changes, strict=True))
        if aum is not ...
    }
    tiers = classify_tiers(months, **arguments)
    return [
        (row.earned_value_tier_code, row.service_value_tier_code, row.tier_status_code)
        for _, row in sorted(tiers.items())
    ]


def test_tier_bounds():
    assert [row[0] for row in tiers_of("49999.99", ..., "50000", ..., "499999.99", ..., "500000")] == [
        "ordinary",
        "mid",
        "mid",
        "high",
    ]


def test_earned_in_january_with_hold_6_is_kept_to_july():
    rows = tiers_of(60_000, *[0] * 7)
    assert [row[1] for row in rows] == ["mid"] * 7 + ["ordinary"]
    assert [row[2] for row in rows] == ["normal", *["grace"] * 3, *["watch"] * 3, "normal"]


def test_upgrade_is_at_once_and_clocks_run_in_parallel():
    rows = tiers_of(600_000, 60_000, *[0] * 8)
    assert rows[0][1] == "high"
    assert [row[1] for row in rows] == ["high"] * 7 + ["mid"] + ["ordinary"] * 2


def test_stay_band():
    assert [row[0] for row in tiers_of(50_000, 45_000, 45_000, "44999.99", 45_000)] == [
        "mid",
        "mid",
        "mid",
        "ordinary",
        "ordinary",
    ]


def test_the_first_month_and_a_month_after_a_gap_know_enter_at_only():
    rows = tiers_of(45_000, 50_000, ..., 45_000)
    assert [row[0] for row in rows] == ["ordinary", "mid", "ordinary"]
    assert rows[2][1:] == ("mid", "grace")  # the gap ends no hold


def test_a_gap_counts_in_the_clock():
    assert tiers_of(50_000, ..., ..., ..., ..., ..., ..., 0)[-1] == ("ordinary", "ordinary", "normal")


def test_null_aum_is_unclassified():
    rows = tiers_of(50_000, None, 45_000)
    assert rows[1] == ("unclassified", "unclassified", "not_evaluable")
    assert rows[2] == ("ordinary", "mid", "grace")


def test_a_veto_ends_every_hold():
    rows = tiers_of(600_000, 60_000, 0, 0, vetoed=[JANUARY + 1])
    assert [row[1] for row in rows] == ["high", "mid", "mid", "mid"]
    rows = tiers_of(600_000, 0, 0, vetoed=[JANUARY + 1])
    assert [row[1] for row in rows] == ["high", "ordinary", "ordinary"]


def test_falling_markets_count_as_if_earned():
    rows = tiers_of(52_000, 44_000, 44_000, 30_000, changes=[0, -8_000, 0, 0])
    assert rows[0] == ("mid", "mid", "normal")
    assert rows[1] == rows[2] == ("ordinary", "mid", "grace")  # 44 000 + 8 000 >= 45 000
    assert rows[3] == ("ordinary", "mid", "grace")  # 38 000: held since March
    # as-if months feed the hold clock: counted to February, so kept to August
    rows = tiers_of(52_000, 44_000, *[0] * 7, changes=[0, -8_000, *[0] * 7])
    assert [row[1] for row in rows] == ["mid"] * 8 + ["ordinary"]


def test_valuation_protects_at_most_12_months_and_only_after_a_loss():
    rows = tiers_of(52_000, *[44_000] * 20, changes=[0, -8_000, *[0] * 19])
    assert [row[1] for row in rows] == ["mid"] * 19 + ["ordinary"] * 2  # 12 months as if, 6 of hold
    assert [row[2] for row in rows][1:13] == ["grace"] * 12
    assert [row[2] for row in rows][13:] == ["grace"] * 3 + ["watch"] * 3 + ["normal"] * 2
    assert tiers_of(52_000, 44_000, *[0] * 6, changes=[0, 8_000, *[0] * 6])[-1][1] == "ordinary"
    assert tiers_of(50_000, ..., *[45_000] * 6)[-1][1] == "ordinary"  # no loss, no protection
    assert tiers_of(52_000, 44_000, *[0] * 6, changes=[0, None, *[0] * 6])[-1][1] == "ordinary"
    off = TierRules(is_valuation_protected=False)
    assert tiers_of(52_000, *[44_000] * 7, changes=[0, -8_000, *[0] * 6], rules=off)[-1][1] == "ordinary"


def test_a_veto_also_ends_the_protection_of_valuation():
    rows = tiers_of(52_000, 44_000, 44_000, changes=[0, -8_000, 0], vetoed=[JANUARY + 1])
    assert [row[1] for row in rows] == ["mid", "ordinary", "ordinary"]


def test_veto_and_judgement_from_the_landing(run):
    builder = simple().account("A2", owner="C1", opening_balance="60000.00")
    builder.transaction("A2", "2024-02-01", "60000.00", "debit")
    builder.loan("L1", "C1").loan_position("L1", "2024-03-31", days_past_due="91")
    builder.loan_position("L1", "2024-02-29", days_past_due="90", five_class_code="2")
    builder.judgement("C1", "value_tier", "HIGH", valid_from="2024-04-10", valid_to="2024-05-31")
    builder.judgement("C1", "value_tier", "mid", valid_from="2024-05-01", approved_by=None)
    builder.judgement("C0", "value_tier", "mid", valid_from="2024-01-01", reason="b")
    result = run(to_june(builder))
    assert [tier(result, "C1", day)["service_value_tier_code"] for day in ("2024-02-29", "2024-03-31")] == [
        "mid",
        "ordinary",
    ]
    days = ("2024-03-31", "2024-04-30", "2024-05-31", "2024-06-30")
    codes = [tier(result, "C1", day)["value_tier_code"] for day in days]
    assert codes == ["ordinary", "high", "high", "ordinary"]
    assert tier(result, "C1", "2024-04-30")["service_value_tier_code"] == "ordinary"
    assert tier(result, "C0", "2024-06-30")["value_tier_code"] == "mid"


def test_of_overlapping_judgements_the_newest_then_the_smallest_reason():
    def judged(*rows: tuple[str, str, str]) -> str:
        judgements = [
            {
                "dimension": "value_tier",
                "value_code": code,
                "reason": reason,
                "approved_by": "J",
                "valid_from": date.fromisoformat(start),
                "valid_to": None,
            }
            for code, reason, start in rows
        ]
        months = {JANUARY: TierMonth(Fraction(0))}
        return classify_tiers(months, judgements=judgements)[JANUARY].value_tier_code

    assert judged(("mid", "a", "2023-01-01"), ("high", "b", "2023-02-01")) == "high"
    assert judged(("mid", "b", "2023-01-01"), ("high", "a", "2023-01-01")) == "high"
    assert judged(("mid", "a", "2024-02-01")) == "ordinary"
    assert judged(("gold", "a", "2023-01-01")) == "ordinary"
