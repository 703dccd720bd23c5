"""The Berka adapter on hand-made files: the mapping, the landing and the errors.

The files have the format of the real ones and invented contents.
"""

import csv
import os
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from berka_landing import ROOT, TABLES, open_landing, rows, run

CODES = ROOT / "scripts" / "landing" / "berka_transaction_codes.csv"
TRANS = "trans_id;account_id;date;type;operation;amount;balance;k_symbol;bank;account"
FILES = {
    "account": [
        "account_id;district_id;frequency;date",
        '11;3;"POPLATEK MESICNE";930105',
        '12;4;"POPLATEK TYDNE";940228',
        '9;4;"POPLATEK TYDNE";971229',
    ],
    "client": [
        "client_id;birth_number;district_id",
        '101;"706213";3',
        '102;"451231";4',
        '103;"875101";4',
    ],
    "disp": [
        "disp_id;client_id;account_id;type",
        '1;101;11;"OWNER"',
        '2;102;12;"OWNER"',
        '3;101;12;"DISPONENT"',
        '4;103;9;"OWNER"',
    ],
    "trans": [
        TRANS,
        '1001;11;930105;"PRIJEM";"VKLAD";700.50;700.50;"";;',
        '1003;11;930107;"VYDAJ";"PREVOD NA UCET";12.00;600.00;" ";"YZ";"8844"',
        '1002;11;930107;"VYDAJ";"VYBER";88.50;612.00;"";;0',
        '1004;12;940228;"VYBER";"VYBER";5.00;-5.00;"";;',
    ],
    "loan": [
        "loan_id;account_id;date;amount;duration;payments;status",
        '51;12;940331;96000;12;8000.00;"D"',
    ],
    "district": [
        "A1;A2;A3;A4;A5;A6;A7;A8;A9;A10;A11;A12;A13;A14;A15;A16",
        '3;"Hradek";"east";1;2;3;4;5;6;7.5;8123;1.75;2.05;14;15;16',
        '4;"Lipa";"west";1;2;3;4;5;6;7.5;9001.5;?;10.00;14;?;16',
    ],
}


def write_files(folder: Path, **changed: list[str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, lines in {**FILES, **changed}.items():
        header = ";".join(f'"{column}"' for column in lines[0].split(";"))
        (folder / f"{name}.asc").write_bytes("".join(f"{line}\r\n" for line in [header, *lines[1:]]).encode())
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    done = run(write_files(folder), folder / "landing")
    assert done.returncode == 0, done.stderr
    with open_landing(folder / "landing") as connection:
        yield connection


def test_the_landing_has_the_columns_and_types_of_the_contract(small):
    for table in TABLES:
        source, name = table.split(".")
        contract = ROOT / "models" / "staging" / source / f"_{source}__sources.yml"
        tables = yaml.safe_load(contract.read_text(encoding="utf-8"))["sources"][0]["tables"]
        wanted = {
            column["name"]: column["data_type"].upper()
            for column in next(entry["columns"] for entry in tables if entry["name"] == name)
            if not column.get("config", {}).get("meta", {}).get("is_optional")
        }
        found = {column: kind.replace(" ", "") for column, kind, *_ in rows(small, f"describe {name}")}
        assert found == wanted, table


def test_customers(small):
    query = "select customer_id, customer_type, birth_date, gender, region_code from customers"
    assert rows(small, query) == [
        ("101", "individual", date(1970, 12, 13), "female", "3"),
        ("102", "individual", date(1945, 12, 31), "male", "4"),
        ("103", "individual", date(1987, 1, 1), "female", "4"),
    ]
    assert rows(small, "select customer_since_date, updated_at from customers") == [
        (date(1993, 1, 5), datetime(1993, 1, 5)),
        (date(1994, 2, 28), datetime(1994, 2, 28)),
        (date(1997, 12, 29), datetime(1997, 12, 29)),
    ]


def test_accounts_and_holders_land_even_when_opened_after_the_last_transaction(small):
    query = "select account_id, product_code, currency_code, opened_date, updated_at from accounts"
    assert rows(small, query) == [
        ("9", "demand_deposit", "CZK", date(1997, 12, 29), datetime(1997, 12, 29)),
        ("11", "demand_deposit", "CZK", date(1993, 1, 5), datetime(1993, 1, 5)),
        ("12", "demand_deposit", "CZK", date(1994, 2, 28), datetime(1994, 2, 28)),
    ]
    assert rows(small, "select count(closed_date), count(opening_balance) from accounts") == [(0, 0)]
    assert rows(small, "select account_id, customer_id, role, ownership_share from account_holders") == [
        ("9", "103", "owner", None),
        ("11", "101", "owner", None),
        ("12", "101", "authorised", None),
        ("12", "102", "owner", None),
    ]


def test_transactions(small):
    query = "select transaction_id, account_id, amount, direction, transaction_code from transactions"
    assert rows(small, query) == [
        ("1001", "11", Decimal("700.50"), "credit", "cash_deposit"),
        ("1002", "11", Decimal("88.50"), "debit", "cash_withdrawal"),
        ("1003", "11", Decimal("12.00"), "debit", "transfer_out"),
        ("1004", "12", Decimal("5.00"), "debit", "cash_withdrawal"),
    ]
    assert rows(small, "select booked_at, loaded_at from transactions where account_id = '12'") == [
        (datetime(1994, 2, 28), datetime(1994, 2, 28, 23, 59, 59))
    ]
    assert rows(small, "select count(channel_code) from transactions") == [(0,)]


def test_a_counterparty_is_an_account_at_a_bank_and_account_0_is_nobody(small):
    query = "select transaction_id, counterparty_id, counterparty_bank_code from transactions limit 3"
    assert rows(small, query) == [("1001", None, None), ("1002", None, None), ("1003", "YZ-8844", "YZ")]


def test_loans_belong_to_the_owner_and_carry_no_outcome(small):
    query = "select loan_id, customer_id, product_code, disbursed_date, maturity_date, principal from loans"
    assert rows(small, query) == [
        ("51", "102", "consumer_loan", date(1994, 3, 31), date(1995, 3, 31), Decimal("96000.00"))
    ]


def test_regions_have_a_row_for_each_year_of_which_there_are_figures(small):
    query = "select region_code, period_end_date, average_wage, unemployment_rate, region_name from regions"
    assert rows(small, query) == [
        ("3", date(1995, 12, 31), Decimal("8123.00"), Decimal("0.0175"), "Hradek"),
        ("3", date(1996, 12, 31), Decimal("8123.00"), Decimal("0.0205"), "Hradek"),
        ("4", date(1995, 12, 31), Decimal("9001.50"), None, "Lipa"),
        ("4", date(1996, 12, 31), Decimal("9001.50"), Decimal("0.1"), "Lipa"),
    ]


def mapping() -> list[dict[str, str]]:
    with CODES.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_mapping_names_each_combination_once_and_known_codes_only():
    combinations = [(row["type"], row["operation"], row["k_symbol"]) for row in mapping()]
    assert len(set(combinations)) == len(combinations)
    assert {row["direction"] for row in mapping() if row["type"] == "PRIJEM"} == {"credit"}
    assert {row["direction"] for row in mapping() if row["type"] in ("VYDAJ", "VYBER")} == {"debit"}
    assert {row["transaction_code"] for row in mapping()} == {
        *("cash_deposit", "cash_withdrawal", "card_payment", "transfer_in", "transfer_out", "pension"),
        *("standing_order", "loan_instalment", "interest", "penalty_interest", "fee"),
    }
    assert {row["channel_code"] for row in mapping()} == {""}


@pytest.mark.parametrize(
    ("symbol", "code"), [("UROK", "interest"), ("SANKC. UROK", "penalty_interest"), ("SLUZBY", "fee")]
)
def test_what_the_bank_posts_itself_goes_before_the_operation(symbol, code):
    found = {row["transaction_code"] for row in mapping() if row["k_symbol"] == symbol}
    assert found == {code}


def test_every_row_of_the_mapping_is_used_as_it_stands(tmp_path):
    lines = [
        f'{n};11;930201;"{row["type"]}";"{row["operation"]}";1.00;0;"{row["k_symbol"]}";;'
        for n, row in enumerate(mapping())
    ]
    done = run(write_files(tmp_path, trans=[TRANS, *lines]), tmp_path / "landing")
    assert done.returncode == 0, done.stderr
    with open_landing(tmp_path / "landing") as connection:
        landed = rows(connection, "select transaction_code, direction from transactions")
    assert landed == [(row["transaction_code"], row["direction"]) for row in mapping()]


def with_line(name: str, line: str) -> dict[str, list[str]]:
    return {name: [*FILES[name], line]}


GOOD_TRANS = '1;11;930201;"VYDAJ";"VYBER";1.00;0;"";;'
ERRORS = {
    "unknown combination": (
        with_line("trans", GOOD_TRANS.replace('"VYBER"', '"SMENKA"')),
        ("trans.asc, line 6", "type 'VYDAJ', operation 'SMENKA', k_symbol ''", CODES.name),
    ),
    "impossible day": (
        with_line("trans", GOOD_TRANS.replace("930201", "930230")),
        ("trans.asc, line 6", "date must be a date YYMMDD, not '930230'"),
    ),
    "negative amount": (
        with_line("trans", GOOD_TRANS.replace("1.00", "-1.00")),
        ("trans.asc, line 6", "amount must be a number from 0 up, not '-1.00'"),
    ),
    "empty key": (with_line("trans", GOOD_TRANS[1:]), ("trans.asc, line 6", "trans_id must be a numeric id")),
    "short row": (with_line("trans", "1;11;930201"), ("trans.asc, line 6", "Columns: 10 Found: 3")),
    "long row": (with_line("trans", f"{GOOD_TRANS};9"), ("trans.asc, line 6", "Columns: 10 Found: 11")),
    "open quote": (with_line("trans", '1;11;930201;"VYDAJ'), ("trans.asc, line 6", "quote")),
    "birth number": (
        with_line("client", '104;"70ab01";3'),
        ("client.asc, line 5", "birth_number must be a birth number YYMMDD, not '70ab01'"),
    ),
    "month between": (with_line("client", '104;"702001";3'), ("client.asc, line 5", "birth_number")),
    "holder": (with_line("disp", '5;103;11;"DRUH"'), ("disp.asc, line 6", "must be OWNER or DISPONENT")),
    "duration": (with_line("loan", "52;11;930201;10;;1;A"), ("loan.asc, line 3", "duration")),
    "unemployment": (
        with_line("district", '5;"X";"y";1;2;3;4;5;6;7;8000;low;1;1;1;1'),
        ("district.asc, line 4", "a12 must be a percentage or ?"),
    ),
    "header": (
        {"account": ["account_id;district_id;date;frequency", *FILES["account"][1:]]},
        ("account.asc, line 1", "must be account_id;district_id;frequency;date"),
    ),
    "no header": ({"loan": FILES["loan"][1:]}, ("loan.asc, line 1",)),
}


@pytest.mark.parametrize("case", ERRORS)
def test_an_error_names_file_and_row_and_writes_nothing(tmp_path, case):
    changed, said = ERRORS[case]
    done = run(write_files(tmp_path, **changed), tmp_path / "landing")
    assert done.returncode == 2
    for part in said:
        assert part in done.stderr
    assert not (tmp_path / "landing").exists()


@pytest.mark.parametrize("name", FILES)
def test_a_missing_or_empty_file_is_named(tmp_path, name):
    path = write_files(tmp_path) / f"{name}.asc"
    path.write_bytes(b"")
    assert f"{name}.asc, line 1" in run(tmp_path, tmp_path / "landing").stderr
    path.unlink()
    done = run(tmp_path, tmp_path / "landing")
    assert done.returncode == 2
    assert f"{name}.asc is missing" in done.stderr


def test_a_missing_folder_is_named(tmp_path):
    done = run(tmp_path / "nowhere", tmp_path / "landing")
    assert done.returncode == 2
    assert "nowhere doesn't exist" in done.stderr


def test_the_command_line_reports_without_a_traceback(tmp_path):
    def command(**environment: str) -> subprocess.CompletedProcess:
        kept = {name: value for name, value in os.environ.items() if name != "DEPOSITS_LANDING"}
        arguments = [sys.executable, "-m", "scripts.landing.berka", "--input", str(tmp_path)]
        kept.update(environment)
        return subprocess.run(arguments, cwd=ROOT, env=kept, capture_output=True, text=True)

    landing = str(tmp_path / "landing")
    assert command().returncode == 2
    done = command(DEPOSITS_LANDING=landing)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    write_files(tmp_path)
    done = command(DEPOSITS_LANDING=landing)
    assert (done.returncode, done.stderr) == (0, "")
    assert "core.transactions               4 rows" in done.stdout
    assert f"Landed in {landing}" in done.stdout
    assert "CZK" in done.stdout


def test_unix_line_ends_and_a_byte_order_mark_are_read_the_same(tmp_path, small):
    for path in write_files(tmp_path).iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\r\n", b"\n"))
    assert run(tmp_path, tmp_path / "landing").returncode == 0
    with open_landing(tmp_path / "landing") as connection:
        for table in ("customers", "transactions", "regions"):
            assert rows(connection, f"from {table}") == rows(small, f"from {table}")


def test_a_second_run_writes_the_same_bytes(tmp_path):
    def landed() -> dict[str, bytes]:
        assert run(tmp_path, tmp_path / "landing").returncode == 0
        return {str(path): path.read_bytes() for path in (tmp_path / "landing").rglob("*") if path.is_file()}

    write_files(tmp_path)
    first = landed()
    assert len(first) == len(TABLES)
    assert landed() == first


@pytest.mark.parametrize(
    "foreign", ["core/customers.csv", "core/transactions/part.parquet", "market/regions.parquet"]
)
def test_it_never_lands_over_or_beside_another_banks_table(tmp_path, foreign):
    path = write_files(tmp_path) / "landing" / foreign
    path.parent.mkdir(parents=True)
    path.write_text("another bank's")
    done = run(tmp_path, tmp_path / "landing")
    assert done.returncode == 2
    assert "wasn't written by this adapter" in done.stderr
    assert path.read_text() == "another bank's"
    assert [found for found in (tmp_path / "landing").rglob("*") if found.is_file()] == [path]
