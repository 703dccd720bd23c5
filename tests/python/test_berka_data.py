"""The Berka adapter on the PKDD'99 data: what must come out, counted in the raw files."""

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from berka_landing import ROOT, open_landing, rows, run

pytestmark = pytest.mark.berka


@pytest.fixture(scope="module")
def berka(tmp_path_factory):
    """The landing of the real files, with the raw transactions beside it as `raw`."""
    folder = Path(os.environ.get("BERKA_DATA") or ROOT.parent / "shared" / "data" / "berka")
    if not (folder / "trans.asc").is_file():
        pytest.skip(f"the PKDD'99 files aren't in {folder}; BERKA_DATA can name another folder")
    landing = tmp_path_factory.mktemp("berka")
    done = run(folder, landing)
    assert done.returncode == 0, done.stderr
    with open_landing(landing) as connection:
        connection.execute(
            f"""create table raw as
            select account_id, type, amount::decimal(18, 2) as amount, balance::decimal(18, 2) as balance,
                strptime('19' || date, '%Y%m%d')::date as day
            from read_csv('{folder / "trans.asc"}', delim = ';', all_varchar = true)"""
        )
        yield connection


def test_berka_row_counts_and_keys(berka):
    keys = {
        "customers": ("customer_id", 5369),
        "accounts": ("account_id", 4500),
        "account_holders": ("(account_id, customer_id)", 5369),
        "transactions": ("transaction_id", 42945),
        "loans": ("loan_id", 682),
        "regions": ("(region_code, period_end_date)", 154),
    }
    for table, (key, count) in keys.items():
        assert rows(berka, f"select count(*), count(distinct {key}) from {table}") == [(count, count)], table
    assert rows(berka, "select count(distinct account_id) from transactions") == [(1197,)]


def test_berka_every_combination_is_mapped(berka):
    assert dict(rows(berka, "select transaction_code, count(*) from transactions group by all")) == {
        "cash_deposit": 8723,
        "cash_withdrawal": 538 + 12101 + 34 + 96,
        "card_payment": 10,
        "transfer_in": 1770,
        "pension": 1557,
        "transfer_out": 1343 + 275,
        "standing_order": 2952 + 534,
        "loan_instalment": 89,
        "interest": 8305,
        "penalty_interest": 55,
        "fee": 4563,
    }


def test_berka_sums_of_each_direction_are_the_raw_sums(berka):
    raw = "select if(type = 'PRIJEM', 'credit', 'debit') as direction, amount from raw"
    landed = "select direction, amount from transactions"
    sums = [
        rows(berka, f"select direction, count(*), sum(amount) from ({source}) group by 1 order by 1")
        for source in (raw, landed)
    ]
    assert sums[0] == sums[1]


def test_berka_balance_after_a_day_is_the_raw_balance_of_one_of_its_rows(berka):
    """`amount` of interest is rounded to a tenth, `balance` carries the unrounded sum on: each interest row,
    and the balance's own rounding, may add half a tenth. Before the first interest it fits to the cent."""
    berka.execute("""
        create table day_ends as
        select
            account_id, day, sum(net) over upto as balance,
            0.05 * (sum(interest_rows) over upto + 1) as rounding
        from (
            select
                account_id, booked_at::date as day, sum(if(direction = 'credit', amount, -amount)) as net,
                count(*) filter (transaction_code in ('interest', 'penalty_interest')) as interest_rows
            from transactions
            group by all
        )
        window upto as (partition by account_id order by day)""")
    berka.execute("""
        create table differences as
        select rounding, min(abs(raw.balance - day_ends.balance)) as difference
        from day_ends inner join raw using (account_id, day)
        group by account_id, day, rounding""")
    query = "select count(*), count(*) filter (difference > rounding), max(difference) from differences"
    assert rows(berka, query) == [(35099, 0, Decimal("0.70"))]
    query = "select count(*), max(difference) from differences where rounding = 0.05"
    assert rows(berka, query) == [(4040, Decimal("0.00"))]


def test_berka_dates_fit_the_contract(berka):
    assert rows(berka, "select count(*) from transactions where booked_at > loaded_at") == [(0,)]
    early = "select count(*) from transactions inner join accounts using (account_id) where booked_at <"
    assert rows(berka, f"{early} opened_date") == [(0,)]
    assert rows(berka, "select count(*) from customers where birth_date >= customer_since_date") == [(0,)]
    assert rows(berka, "select min(booked_at)::date, max(booked_at)::date from transactions") == [
        (date(1993, 1, 1), date(1994, 2, 28))
    ]


def test_berka_disponents_are_authorised_and_every_owner_has_one_account(berka):
    query = "select role, count(*), count(distinct customer_id) from account_holders group by 1 order by 1"
    assert rows(berka, query) == [("authorised", 869, 869), ("owner", 4500, 4500)]
    assert rows(berka, "select count(*) from loans where customer_id is null") == [(0,)]


def test_berka_birth_dates_and_gender(berka):
    years = "select count(birth_date), min(year(birth_date)), max(year(birth_date)) from customers"
    assert rows(berka, years) == [(5369, 1911, 1987)]
    assert rows(berka, "select birth_date, gender from customers where customer_id in ('1', '2')") == [
        (date(1970, 12, 13), "female"),
        (date(1945, 2, 4), "male"),
    ]


def test_berka_regions_leave_the_unknown_unknown(berka):
    query = "select period_end_date, unemployment_rate, average_wage from regions where region_code = '69'"
    assert rows(berka, query) == [
        (date(1995, 12, 31), None, Decimal("8173.00")),
        (date(1996, 12, 31), Decimal("0.0701"), Decimal("8173.00")),
    ]
    missing = "select count(*) from customers where region_code not in (select region_code from regions)"
    assert rows(berka, missing) == [(0,)]
