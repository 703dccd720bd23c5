"""Every kind of bad row ends in the right place, with its reason and column, and no row is lost."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from landing_builder import LandingBuilder
from warehouse import KEY, Warehouse

DAY = "2024-02-10 10:00:00"
NIGHT = "2024-02-11 03:00:00"


def plant(builder: LandingBuilder) -> dict[str, tuple[str, str, str, str | None]]:
    """Plants one row of each kind; its landed key and where it must end: table, severity, reason, column."""
    expected: dict[str, tuple[str, str, str, str | None]] = {}

    def transaction(key: str, reason: str, column: str | None, severity: str = "rejected", **values: object) -> None:
        row = {"booked_at": DAY, "amount": "10.00", "direction": "credit", "account_id": "A1", **values}
        builder.transaction(
            row.pop("account_id"), row.pop("booked_at"), row.pop("amount"), row.pop("direction"),
            **{"transaction_id": key, "loaded_at": NIGHT, **row},
        )  # fmt: skip
        expected[key] = ("transactions", severity, reason, column)

    transaction("no_account", "missing_value", "account_id", account_id=None)
    transaction("no_time", "missing_value", "booked_at", booked_at=None)
    transaction("bad_time", "bad_date", "booked_at", booked_at="2024-02-30")
    transaction("bad_amount", "bad_number", "amount", amount="1,000.00")
    transaction("huge_amount", "bad_number", "amount", amount="1e16")
    transaction("zero", "non_positive_amount", "amount", amount="0.004")
    transaction("negative", "non_positive_amount", "amount", amount="-5")
    transaction("early_load", "impossible_date", "booked_at", loaded_at="2024-02-10 09:59:59")
    transaction("bad_direction", "unknown_code", "direction", direction="sideways")
    transaction("bad_code", "unknown_code", "transaction_code", transaction_code="gift")
    transaction("orphan", "orphan", "account_id", account_id="A9")
    transaction("too_early", "impossible_date", "booked_at", account_id="LATE")
    transaction("too_late", "impossible_date", "booked_at", account_id="CLOSED")
    transaction("odd_channel", "nulled_value", "channel_code", "warning", channel_code="pigeon")
    transaction("reverses_nothing", "unlanded_original", "reverses_transaction_id", "warning",
                direction="debit", transaction_code="reversal", reverses_transaction_id="NOWHERE")  # fmt: skip
    transaction("reverses_itself", "bad_reversal", "reverses_transaction_id", reverses_transaction_id="reverses_itself")
    transaction("reverses_more", "bad_reversal", "reverses_transaction_id", direction="debit", amount="100.01",
                reverses_transaction_id="GOOD")  # fmt: skip
    transaction("reverses_same_side", "bad_reversal", "reverses_transaction_id", reverses_transaction_id="GOOD")
    transaction("reverses_earlier", "bad_reversal", "reverses_transaction_id", direction="debit",
                booked_at="2024-02-09 00:00:00", reverses_transaction_id="GOOD")  # fmt: skip
    transaction("reverses_orphan", "orphan", "reverses_transaction_id", direction="debit",
                reverses_transaction_id="orphan")  # fmt: skip

    builder.account("BAD_DAYS", opened_date="2024-02-02", closed_date="2024-02-01")
    expected["BAD_DAYS"] = ("accounts", "rejected", "impossible_date", "closed_date")
    builder.account("NO_RATE", owner="C1", currency_code="GBP")
    expected["NO_RATE"] = ("accounts", "rejected", "unknown_currency", "currency_code")
    expected["NO_RATE|C1"] = ("account_holders", "rejected", "orphan", "account_id")
    builder.account("BAD_FLAG", auto_renew="perhaps")
    expected["BAD_FLAG"] = ("accounts", "rejected", "bad_boolean", "auto_renew")
    builder.holder("A1", "NOBODY")
    expected["A1|NOBODY"] = ("account_holders", "rejected", "orphan", "customer_id")
    builder.holder("A1", "C2", role="joint", ownership_share="1.5")
    expected["A1|C2"] = ("account_holders", "rejected", "out_of_range", "ownership_share")
    builder.customer("CAT", customer_type="cat")
    expected["CAT"] = ("customers", "rejected", "unknown_code", "customer_type")
    builder.customer("TYPO", birth_date="1980-13-01").account("A_TYPO", owner="TYPO")
    expected["TYPO"] = ("customers", "warning", "nulled_value", "birth_date")
    builder.customer("LONELY")
    expected["LONELY"] = ("customers", "warning", "no_account", None)
    builder.account("NOBODYS")
    expected["NOBODYS"] = ("accounts", "warning", "no_holder", None)
    builder.fx_rate("GBP", "2024-01-01", "0")
    expected["GBP|2024-01-01"] = ("fx_rates", "rejected", "out_of_range", "rate_to_base")
    return expected


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Warehouse, dict[str, tuple[str, str, str, str | None]]]:
    """One landing with one row of each kind, and duplicates of several sorts."""
    folder = tmp_path_factory.mktemp("bad_rows")
    builder = LandingBuilder()
    builder.customer("C1").customer("C2").account("A1", owner="C1").account("A2", owner="C2")
    builder.account("LATE", owner="C1", opened_date="2024-02-11")
    builder.account("CLOSED", owner="C1", closed_date="2024-02-09")
    builder.transaction("A1", DAY, "100.00", transaction_id="GOOD", loaded_at=NIGHT)
    builder.transaction("A1", "2024-03-31 10:00:00", "1.00")
    expected = plant(builder)
    # duplicates: a resend, an older version, a conflict of two, a lesser role
    builder.transaction("A1", DAY, "100.00", transaction_id="GOOD", loaded_at=NIGHT)
    builder.transaction("A1", DAY, "99.00", transaction_id="GOOD", loaded_at="2024-02-10 12:00:00")
    for amount in ("1.00", "2.00"):
        builder.transaction("A1", DAY, amount, transaction_id="CONFLICT", loaded_at=NIGHT)
    builder.holder("A1", "C1", role="authorised")
    builder.raw_line("core.transactions", "short,A1").raw_line("core.transactions", ",A1,,,,,,,,,,")
    builder.write(folder / "landing")
    warehouse = Warehouse(home=folder / "home", landing=folder / "landing")
    warehouse.build("--full-refresh")
    return warehouse, expected


def test_each_bad_row_has_its_reason(built: tuple[Warehouse, dict]) -> None:
    """The finding names the table, how serious it is, why, and the column; the key is hashed."""
    warehouse, expected = built
    with warehouse.connect() as connection:
        found = {
            key_hash: place
            for key_hash, *place in connection.execute(
                "select key_hash, table_name, severity_code, reason_code, column_name from marts.data_rejections"
            ).fetchall()
        }
    missing = {}
    for key, place in expected.items():
        key_hash = hmac.new(KEY.encode(), key.encode(), hashlib.sha256).hexdigest()
        if found.get(key_hash) != list(place):
            missing[key] = (found.get(key_hash), place)
    assert not missing
    assert len(expected) >= 20


def test_no_row_is_lost(built: tuple[Warehouse, dict]) -> None:
    """Landed = accepted + duplicate + rejected, with the numbers counted by hand."""
    warehouse, _ = built
    with warehouse.connect() as connection:
        counts = {
            table: row
            for table, *row in connection.execute(
                "select table_name, landed_count, accepted_count, duplicate_count, rejected_count"
                " from marts.data_reconciliation where is_landed"
            ).fetchall()
        }
    # 18 planted rejections, a conflict of two, a short row and one without a key; a resend and an older version
    assert counts["transactions"] == [28, 4, 2, 22]
    assert counts["account_holders"] == [9, 5, 1, 3]
    for landed, *outcomes in counts.values():
        assert landed == sum(outcomes)


def test_rejected_rows_are_kept_whole(built: tuple[Warehouse, dict]) -> None:
    """The quarantine holds file, row and text of everything that doesn't stand; the marts hold no value."""
    warehouse, _ = built
    with warehouse.connect() as connection:
        connection.execute(f"attach '{warehouse.home / 'quarantine' / 'quarantine.duckdb'}' as quarantine (read_only)")
        rows = connection.execute(
            "select landed_file, landed_row, reason_code, landed_text from quarantine.quarantine.quarantined_rows"
        ).fetchall()
        kept, counted = len(rows), connection.execute(
            "select sum(duplicate_count + rejected_count) from marts.data_reconciliation"
        ).fetchone()[0]
    assert kept == counted
    assert all(file and row >= 1 and text for file, row, _, text in rows)
    bad_amount = next(text for _, _, reason, text in rows if reason == "bad_number" and "1,000.00" in text)
    assert "bad_amount" in bad_amount
