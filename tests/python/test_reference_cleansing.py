"""Anchors the oracle's reading and cleansing: examples of section 2 of the specification, worked by hand."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from landing_builder import LandingBuilder
from reference import LandingError, ReferenceResult, classify
from reference.values import (
    BadValueError,
    parse_boolean,
    parse_integer,
    parse_number,
    parse_timestamp,
    round_half_away,
    trim,
)

KEY = "a secret of tests"
DAY = "2024-06-30"


@pytest.fixture
def run(tmp_path):
    """Writes a builder's landing and recomputes it."""

    def _run(builder: LandingBuilder, **options) -> ReferenceResult:
        return classify(builder.write(tmp_path / "landing", **options), KEY, date(2024, 6, 30))

    return _run


def simple() -> LandingBuilder:
    """A clean landing: one customer, one account, one deposit of 300 on the first of June."""
    builder = LandingBuilder().customer("C1").account("A1", owner="C1")
    return builder.transaction("A1", f"{DAY[:8]}01", "300.00", transaction_id="T-first")


def found(result: ReferenceResult, table: str) -> list[tuple[str, str, str | None]]:
    """Outcome, reason and column of everything found in a table, warnings about accounts and people apart."""
    apart = {"no_holder", "no_account", "shares_below_one", "shares_above_one", "merge_blocked"}
    return sorted(
        (finding.outcome, finding.reason_code, finding.column_name)
        for finding in result.rejections
        if finding.source_table == table and finding.reason_code not in apart
    )


def counts(result: ReferenceResult, table: str) -> tuple[int, int, int]:
    """Accepted, duplicate, rejected; they add up to landed."""
    row = result.reconciliation[table]
    assert row["landed"] == row["accepted"] + row["duplicate"] + row["rejected"]
    return row["accepted"], row["duplicate"], row["rejected"]


# ---- values ----


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-02-29", datetime(2024, 2, 29)),
        ("2024-02-29 23:59", datetime(2024, 2, 29, 23, 59)),
        ("2024-02-29T23:59:58Z", datetime(2024, 2, 29, 23, 59, 58)),
        ("2024-02-29 23:59:58.1234569 +08:00", datetime(2024, 2, 29, 23, 59, 58, 123456)),
        ("2024-02-29T00:00:00-0530", datetime(2024, 2, 29)),
        ("2024-02-29T00:00+08", datetime(2024, 2, 29)),
    ],
)
def test_timestamps(text, value):
    assert parse_timestamp(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "2023-02-29",
        "2024-2-1",
        "20240201",
        "0999-01-01",
        "2024-01-01 24:00",
        "2024-01-01 1:00",
        "2024-01-01Z",
        "2024-01-01 10:00:00.",
        "01/02/2024",
        "2024-01-01  10:00",
        "2024-01-01 10",
        "٢٠٢٤-٠١-٠١",
    ],
)
def test_bad_timestamps(text):
    with pytest.raises(BadValueError, match="bad_date"):
        parse_timestamp(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", "12"),
        ("+1.50", "1.5"),
        ("-.5", "-0.5"),
        ("5.", "5"),
        ("1e3", "1000"),
        ("1.25E-2", "0.0125"),
        ("9999999999999999", "9999999999999999"),
        ("0e999999999999", "0"),
        ("0." + "0" * 50 + "1", "1e-51"),
    ],
)
def test_numbers(text, value):
    assert parse_number(text) == Fraction(value)


@pytest.mark.parametrize(
    "text",
    ["", ".", "1,000", "1e", "NaN", "inf", "0x10", "1 000", "--1", "1e16", "1e999999999999", "１２", "1_0"],
)
def test_bad_numbers(text):
    with pytest.raises(BadValueError, match="bad_number"):
        parse_number(text)


def test_integers_are_whole_numbers():
    assert parse_integer("3.0") == parse_integer("0.3e1") == 3
    with pytest.raises(BadValueError, match="bad_number"):
        parse_integer("3.5")


def test_booleans():
    assert [parse_boolean(text) for text in ("TRUE", "t", "1", "Yes", "y")] == [True] * 5
    assert [parse_boolean(text) for text in ("False", "F", "0", "no", "N")] == [False] * 5
    with pytest.raises(BadValueError, match="bad_boolean"):
        parse_boolean("ja")


def test_rounding_is_half_away_from_zero():
    rounded = [round_half_away(Fraction(text)) for text in ("0.005", "-0.005", "1.004999", "2.675")]
    assert rounded == [Fraction(text) for text in ("0.01", "-0.01", "1", "2.68")]
    assert round_half_away(parse_number("0.0149" + "9" * 200)) == Fraction("0.01")


def test_trimming():
    assert trim("\u3000\t a b \u00a0\r\n") == "a b"
    assert trim(" \u3000 ") is None


# ---- rows by themselves ----

TRANSACTION = {"account_id": "A1", "booked_at": f"{DAY} 10:00", "amount": "1.00"}


@pytest.mark.parametrize(
    ("values", "reason", "column"),
    [
        ({"transaction_id": " "}, "missing_key", "transaction_id"),
        ({"account_id": None}, "missing_value", "account_id"),
        ({"booked_at": "2024-06-31"}, "bad_date", "booked_at"),
        ({"loaded_at": "soon"}, "bad_date", "loaded_at"),
        ({"amount": "a lot"}, "bad_number", "amount"),
        ({"balance_after": "NaN"}, "bad_number", "balance_after"),
        ({"amount": "0.004"}, "non_positive_amount", "amount"),
        ({"amount": "-1"}, "non_positive_amount", "amount"),
        ({"loaded_at": "2024-06-29"}, "impossible_date", "booked_at"),
        ({"direction": "in"}, "unknown_code", "direction"),
        ({"transaction_code": "gift"}, "unknown_code", "transaction_code"),
        ({"account_id": "a1"}, "orphan", "account_id"),
        ({"booked_at": "2019-12-31"}, "impossible_date", "booked_at"),
        # the first reason in the order of the list, then the first column
        ({"amount": "x", "booked_at": "y", "direction": "z"}, "bad_date", "booked_at"),
        ({"amount": "x", "balance_after": "y"}, "bad_number", "amount"),
        ({"transaction_id": None, "amount": "x"}, "missing_key", "transaction_id"),
    ],
)
def test_rejected_transactions(run, values, reason, column):
    builder = simple().transaction(**{**TRANSACTION, **values})
    result = run(builder)
    assert found(result, "core.transactions") == [("rejected", reason, column)]
    assert counts(result, "core.transactions") == (1, 0, 1)


@pytest.mark.parametrize(
    ("values", "warning"),
    [
        ({"direction": " CREDIT ", "transaction_code": "Cash_Deposit", "loaded_at": None}, None),
        ({"amount": "0.005", "counterparty_bank_code": "anything"}, None),
        ({"channel_code": "pigeon"}, "channel_code"),
        ({"booked_at": f"{DAY}T10:00:00+08:00", "loaded_at": f"{DAY} 10:00:00 Z"}, None),
    ],
)
def test_accepted_transactions(run, values, warning):
    result = run(simple().transaction(**{**TRANSACTION, **values}))
    expected = [("warning", "nulled_value", warning)] if warning else []
    assert found(result, "core.transactions") == expected
    assert counts(result, "core.transactions") == (2, 0, 0)


@pytest.mark.parametrize(
    ("values", "reason", "column"),
    [
        ({"opened_date": None}, "missing_value", "opened_date"),
        ({"opened_date": "2024-01-02", "closed_date": "2024-01-01"}, "impossible_date", "closed_date"),
        ({"opened_date": "2024-01-02", "maturity_date": "2024-01-01"}, "impossible_date", "maturity_date"),
        ({"product_code": "piggy_bank"}, "unknown_code", "product_code"),
        ({"currency_code": "USD"}, "unknown_currency", "currency_code"),
        ({"currency_code": "GBP"}, "unknown_currency", "currency_code"),  # its only rate is rejected
        ({"term_months": "1.5"}, "bad_number", "term_months"),
        ({"auto_renew": "perhaps"}, "bad_boolean", "auto_renew"),
    ],
)
def test_rejected_accounts(run, values, reason, column):
    builder = simple().fx_rate("GBP", "2024-01-01", "0").account("A2", **values)
    builder.holder("A2", "C1").transaction("A2", DAY, "1.00")
    result = run(builder)
    assert found(result, "core.accounts") == [("rejected", reason, column)]
    assert found(result, "core.account_holders") == [("rejected", "orphan", "account_id")]
    assert found(result, "core.transactions") == [("rejected", "orphan", "account_id")]
    assert found(result, "market.fx_rates") == [("rejected", "out_of_range", "rate_to_base")]


def test_currencies_ignore_case(run):
    builder = simple().account("A2", owner="C1", currency_code="usd", opening_balance="10")
    builder.account("A3", owner="C1", currency_code="cny").fx_rate("Usd", "2024-01-01", "7")
    result = run(builder.transaction("A3", DAY, "1.00"))
    assert counts(result, "core.accounts") == (3, 0, 0)
    row = result.features[result.customer_keys["C1"], date.fromisoformat(DAY)]
    assert row["month_end_balance"] == Decimal("371.00")


@pytest.mark.parametrize(
    ("share", "reason"),
    [
        ("1.0000001", "out_of_range"),
        ("-0.1", "out_of_range"),
        ("5e9", "out_of_range"),
        ("half", "bad_number"),
    ],
)
def test_rejected_shares(run, share, reason):
    builder = simple().holder("A1", "C2", role="joint", ownership_share=share).customer("C2")
    result = run(builder)
    assert found(result, "core.account_holders") == [("rejected", reason, "ownership_share")]


def test_a_row_of_the_wrong_width_and_empty_lines(run):
    builder = simple().raw_line("core.customers", "C9,individual").raw_line("core.customers", "")
    builder.raw_line("core.account_holders", "A1,C1,owner,,").raw_line("core.account_holders", "  ")
    builder.raw_line("core.account_holders", ",,,")
    result = run(builder)
    assert found(result, "core.customers") == [("rejected", "wrong_width", None)]
    assert found(result, "core.account_holders") == [
        ("rejected", "missing_key", "account_id"),
        ("rejected", "wrong_width", None),
    ]


def test_a_typo_doesnt_take_a_customer_out(run):
    builder = simple()
    builder.customer(
        "C2",
        gender="x",
        dependents_count="-1",
        declared_annual_income="much",
        birth_date="2020-06-01",
        customer_since_date="2020-01-01",
        region_code="nowhere",
    )
    builder.customer("C3", birth_date="2020-01-02", customer_since_date="soon")
    result = run(builder)
    columns = ["birth_date", "birth_date", "customer_since_date", "declared_annual_income"]
    columns += ["dependents_count", "gender"]
    assert found(result, "core.customers") == [("warning", "nulled_value", column) for column in columns]
    assert counts(result, "core.customers") == (3, 0, 0)


def test_regions_are_checked_when_they_are_landed(run):
    builder = simple().customer("C2", region_code="north").customer("C3", region_code="south")
    result = run(builder.region("North", "2023-12-31"))
    assert found(result, "core.customers") == [("warning", "nulled_value", "region_code")]


@pytest.mark.parametrize(
    ("values", "reason", "column"),
    [
        ({"customer_type": None}, "missing_value", "customer_type"),
        ({"customer_type": "cat"}, "unknown_code", "customer_type"),
        ({"updated_at": "yesterday"}, "bad_date", "updated_at"),
    ],
)
def test_rejected_customers_orphan_what_refers_to_them(run, values, reason, column):
    builder = simple().customer("C2", **values).holder("A1", "C2", role="joint")
    builder.position("C2", DAY, "1").loan("L1", "C2").loan_position("L1", DAY)
    result = run(builder)
    assert found(result, "core.customers") == [("rejected", reason, column)]
    assert found(result, "core.account_holders") == [("rejected", "orphan", "customer_id")]
    assert found(result, "wealth.positions") == [("rejected", "orphan", "customer_id")]
    assert found(result, "lending.loans") == [("rejected", "orphan", "customer_id")]
    assert found(result, "lending.loan_positions") == [("rejected", "orphan", "loan_id")]


def test_other_tables(run):
    builder = simple().loan("L1", "C1").loan("L2", "C1", product_code="iou")
    builder.loan_position("L1", "2024-06-30", days_past_due="-1").loan_position("L1", "2024-05-31")
    builder.loan_position("L1", "2024-04-30", five_class_code="6")
    builder.risk_assessment("C1", "2024-01-01", tolerance_score="100.5")
    builder.risk_assessment("C1", "2024-01-02", "c5", awareness_score="1e2")
    builder.judgement("C1", "class", "quality", valid_from="2024-02-01", valid_to="2024-01-31")
    builder.judgement("C1", "mood", "good")
    builder.position("C1", "2024-01-01", "-5").position(
        "C1", "2024-01-01", "5", product_code="lottery_ticket"
    )
    builder.interaction("C1", "2024-01-01", product_code="mortgage", outcome_code="maybe")
    builder.credit_rating("C1", "2024-01-01", "aaa").credit_rating("C1", "2024-01-02", "AAAA")
    builder.loan("L3", "C1", disbursed_date="2024-01-02", maturity_date="2024-01-01")
    result = run(builder)
    assert found(result, "lending.loans") == [
        ("rejected", "impossible_date", "maturity_date"),
        ("rejected", "unknown_code", "product_code"),
    ]
    assert found(result, "lending.loan_positions") == [
        ("rejected", "out_of_range", "days_past_due"),
        ("rejected", "unknown_code", "five_class_code"),
    ]
    assert found(result, "wealth.risk_assessments") == [("rejected", "out_of_range", "tolerance_score")]
    assert found(result, "crm.judgements") == [
        ("rejected", "impossible_date", "valid_to"),
        ("rejected", "unknown_code", "dimension"),
    ]
    assert found(result, "wealth.positions") == [("rejected", "unknown_code", "product_code")]
    assert found(result, "crm.interactions") == [("warning", "nulled_value", "outcome_code")]
    assert found(result, "lending.credit_ratings") == [("warning", "nulled_value", "rating_code")]


# ---- keys ----


def test_versions_resends_and_conflicts(run):
    builder = LandingBuilder().customer("C1")
    builder.account("A1", owner="C1", updated_at=None, opening_balance="1")
    builder.account("A1", updated_at="2024-01-01", opening_balance="2")
    builder.account("A1", updated_at="2024-01-01 00:00:00", opening_balance="2.00")  # equal once typed
    builder.account("A1", updated_at="2024-02-01", opening_balance="3")
    builder.account("A1", updated_at="2024-02-01", opening_balance="4")
    builder.account("A1", updated_at="2024-03-01", opening_balance="nonsense")
    result = run(builder.transaction("A1", DAY, "1.00"))
    assert found(result, "core.accounts") == [
        ("duplicate", "older_version", None),
        ("duplicate", "resend", None),
        ("rejected", "bad_number", "opening_balance"),
        ("rejected", "version_conflict", None),
        ("rejected", "version_conflict", None),
    ]
    row = result.features[result.customer_keys["C1"], date.fromisoformat(DAY)]
    assert row["month_end_balance"] == Decimal("3.00")  # the version of January stands


def test_roles_first_then_conflicts(run):
    builder = simple().customer("C2").customer("C3")
    builder.holder("A1", "C1", role="authorised").holder("A1", "C1", role="OWNER")
    builder.holder("A1", "C2", role="joint", ownership_share="0.4")
    builder.holder("A1", "C2", role="joint", ownership_share="0.5").holder("A1", "C2", role="authorised")
    result = run(builder)
    assert found(result, "core.account_holders") == [
        ("duplicate", "lesser_role", None),
        ("duplicate", "lesser_role", None),
        ("duplicate", "resend", None),
        ("rejected", "version_conflict", None),
        ("rejected", "version_conflict", None),
    ]
    assert result.shares.by_account == {"A1": {"C1": 1}}


def test_keys_of_codes_ignore_case_and_ids_dont(run):
    builder = simple().consent("C1", "2024-01-01").consent("C1", "2024-01-01 00:00", consent_code="MARKETING")
    builder.fx_rate("usd", "2024-01-01", "7").fx_rate("USD", "2024-01-01", "8").customer("c1")
    result = run(builder)
    assert found(result, "crm.consents") == [("duplicate", "resend", None)]
    assert found(result, "market.fx_rates") == [("rejected", "version_conflict", None)] * 2
    assert counts(result, "core.customers") == (2, 0, 0)


# ---- reversals ----


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, None),
        ({"amount": "299.00"}, None),
        ({"amount": "300.01"}, "bad_reversal"),
        ({"direction": "credit"}, "bad_reversal"),
        ({"booked_at": "2024-05-31"}, "bad_reversal"),
        ({"account_id": "A2"}, "bad_reversal"),
        ({"transaction_id": "T-first-2", "reverses": "T-first-2"}, "bad_reversal"),
        ({"reverses": "T-bad"}, "orphan"),
        ({"reverses": "t-first"}, "unlanded_original"),
        ({"reverses": "T-reversal", "direction": "credit"}, "bad_reversal"),
        ({"reverses": "T-bad-reversal"}, "orphan"),
    ],
)
def test_reversals(run, values, reason):
    builder = simple().account("A2", owner="C1")
    builder.transaction("A1", "2024-06-02", "-1", transaction_id="T-bad")
    builder.transaction("A1", "2024-06-02", "10.00", transaction_id="T-second")
    builder.reversal("T-second", "A1", "2024-06-03", "10.00", transaction_id="T-reversal")
    builder.reversal("T-second", "A1", "2024-06-03", "11.00", transaction_id="T-bad-reversal")
    row = {"reverses": "T-first", "account_id": "A1", "booked_at": DAY, "amount": "300.00"}
    if values.get("reverses") == "T-reversal":
        row["amount"] = "10.00"
    result = run(builder.reversal(**{**row, **values}))
    background = [
        ("rejected", "bad_reversal", "reverses_transaction_id"),
        ("rejected", "non_positive_amount", "amount"),
    ]
    outcome = "warning" if reason == "unlanded_original" else "rejected"
    own = [(outcome, reason, "reverses_transaction_id")] if reason else []
    assert found(result, "core.transactions") == sorted(background + own)


# ---- the landing ----


def test_forms_of_a_landing_mean_the_same(tmp_path):
    builder = simple().customer("C2", full_name='Li, "Ann"\nMei; 李').account("A2", owner="C2")
    builder.transaction("A2", DAY, "5.00").extra_column("core.accounts", "colour")
    builder.rename_column("core.transactions", "amount", " AMOUNT ")
    forms = [
        {},
        {"delimiter": ";", "newline": "\r\n", "encoding": "utf-8-sig"},
        {"newline": "\r", "parts": {"core.transactions": 2, "core.accounts": 3}},
        {"parquet": ("core.transactions", "core.customers"), "parts": {"core.transactions": 2}},
    ]
    results = [classify(builder.write(tmp_path / str(n), **form), KEY) for n, form in enumerate(forms)]
    for result in results:
        assert result.features == results[0].features and result.rejections == []
        assert result.reconciliation == results[0].reconciliation
        assert result.extra_columns == {"core.accounts": {"colour"}}


def test_typed_parquet(tmp_path):
    landing = simple().write(tmp_path)
    (landing / "core" / "transactions.csv").unlink()
    columns = {
        "transaction_id": pa.array([1001, 1002]),
        "account_id": pa.array(["A1", "A1"]),
        "booked_at": pa.array([date(2024, 6, 1), None], pa.date32()),
        "amount": pa.array([300.1, float("nan")]),
        "direction": pa.array(["credit", "credit"]).dictionary_encode(),
        "transaction_code": pa.array(["cash_deposit", "cash_deposit"]),
        "channel_code": pa.nulls(2, pa.string()),
        "counterparty_id": pa.nulls(2, pa.string()),
        "counterparty_bank_code": pa.nulls(2, pa.string()),
        "reverses_transaction_id": pa.nulls(2, pa.string()),
        "loaded_at": pa.array([1719705600123456789, None], pa.timestamp("ns")),
    }
    pq.write_table(pa.table(columns), landing / "core" / "transactions.parquet")
    result = classify(landing, KEY, date(2024, 6, 30))
    row = result.features[result.customer_keys["C1"], date(2024, 6, 30)]
    assert row["month_end_balance"] == Decimal("300.10")
    assert found(result, "core.transactions") == [("rejected", "missing_value", "booked_at")]


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda builder: builder.omit_table("core.accounts"), "absent"),
        (lambda builder: builder.omit_column("core.accounts", "closed_date"), "closed_date"),
        (lambda builder: builder.extra_column("core.accounts", "Opened_Date"), "repeated"),
        (lambda builder: builder.raw_line("core.accounts", '"A9,x'), "unclosed quote"),
    ],
)
def test_structural_faults_stop(run, spoil, message):
    with pytest.raises(LandingError, match=message):
        run(spoil(simple()))


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("core/accounts.csv", b"", "empty"),
        ("core/accounts.csv", b"\xff\xfe", "UTF-8"),
        ("core/accounts.parquet", b"PAR1", "more than one"),
        ("core/accounts/part.csv", b"x", "more than one"),
        ("market/fx_rates.parquet", b"PAR1", "unreadable"),
    ],
)
def test_unusable_files_stop(tmp_path, file, content, message):
    landing = simple().write(tmp_path)
    _write(landing / file, content)
    with pytest.raises(LandingError, match=message):
        classify(landing, KEY)


def test_no_accepted_transaction_and_impossible_months_stop(tmp_path):
    empty = LandingBuilder().customer("C1").account("A1", owner="C1").write(tmp_path / "empty")
    with pytest.raises(LandingError, match="no accepted transaction"):
        classify(empty, KEY)
    landing = simple().write(tmp_path / "simple")
    with pytest.raises(LandingError, match="before the first month"):
        classify(landing, KEY)  # the default falls into May
    with pytest.raises(LandingError, match="month-end"):
        classify(landing, KEY, date(2024, 6, 29))
    assert classify(landing, KEY, date(2024, 6, 30)).first_month_end == date(2024, 6, 30)


def test_other_files_are_ignored_and_links_followed(tmp_path):
    landing = simple().transaction("A1", DAY, "1.00").write(tmp_path / "real")
    _write(landing / "core" / "notes.txt", b"x")
    _write(landing / "core" / "ACCOUNTS.CSV", b"x")
    link = tmp_path / "link"
    link.symlink_to(landing, target_is_directory=True)
    assert classify(link, KEY).features == classify(landing, KEY).features
