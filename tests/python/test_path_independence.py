"""One truth whatever the path: month by month, in one go, after late facts, and with the future deleted."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from warehouse import PYTHON, Warehouse

# what these say of a run depends on what has been landed, not on the month
RUN_MARTS = {"data_reconciliation", "data_rejections"}
# what holds no more than the months that the last build made
OF_THE_LAST_BUILD = {
    "rebuild_window", "int_changed_subjects", "subject_fingerprints",
    "int_account_month_flows", "int_deposit_margins", "int_maturity_flows", "int_changed_months",
    "int_changed_components", "int_indicators_changed", "int_indicators_newest", "int_indicators_to_score",
    "int_score_means", "months_to_publish", "stg_landing__transaction_files",
}  # fmt: skip

# corrections of the oldest facts: table, key, which of the keys in order, what becomes of the rows
CORRECTIONS = (
    ("core/accounts", "account_id", 10, "select * replace (if({hit}, .5, interest_rate) as interest_rate) from landed"),
    ("core/account_holders", "account_id", 20, "select * from landed where not {hit}"),
    ("core/transactions", "account_id", 30, "select * from landed where not {hit}"),
    ("core/customers", "customer_id", 40, "select * replace (if({hit}, 'BR99', branch_id) as branch_id) from landed"),
    ("lending/loans", "loan_id", 3, "select * replace (if({hit}, principal + 1, principal) as principal) from landed"),
)

FLOORS = (
    "staging", "panel", "features", "segments", "scores", "marts", "marts_marketing", "marts_service", "marts_risk",
    "marts_management",
)  # fmt: skip


def generate(folder: Path, *arguments: str) -> Warehouse:
    """A small synthetic bank with a home of its own."""
    warehouse = Warehouse(home=folder / "home", landing=folder / "landing")
    warehouse.run(
        PYTHON, "-m", "scripts.landing.synthetic", "--customers", "250", "--months", "14", "--seed", "11",
        "--landing", str(warehouse.landing), "--truth", str(folder / "truth"), *arguments,
    )  # fmt: skip
    return warehouse


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The bank with all its months, built in one go."""
    warehouse = generate(tmp_path_factory.mktemp("bank"))
    warehouse.build("--full-refresh")
    return warehouse


# A statement a month, and one for some customers.
SOME_AT_A_TIME = ("--vars", "{rows_per_statement: 1, wide_rows_per_statement: 30}")


def contents(warehouse: Warehouse) -> dict[str, tuple[int, int]]:
    """Row count and content hash of every table from staging up, apart from those of the last build alone."""
    return {
        f"{floor}.{table}": content
        for floor in FLOORS
        for table, content in warehouse.hashes(floor).items()
        if table not in OF_THE_LAST_BUILD
    }


def cut(bank: Warehouse, folder: Path, last_month: str) -> Warehouse:
    """The same bank as it was landed up to a month: later parts don't exist."""
    warehouse = Warehouse(home=folder / "home", landing=folder / "landing")
    shutil.copytree(bank.landing, warehouse.landing)
    for part in warehouse.landing.glob("*/*/*"):
        if part.stem > last_month:
            part.unlink()
    return warehouse


def add_months(bank: Warehouse, warehouse: Warehouse, last_month: str) -> None:
    """Lands the parts up to a later month."""
    for part in bank.landing.glob("*/*/*"):
        target = warehouse.landing / part.relative_to(bank.landing)
        if part.stem <= last_month and not target.exists():
            shutil.copy(part, target)


def first_rebuilt_month(warehouse: Warehouse) -> int:
    """The number of the first month that the last build made."""
    with warehouse.connect() as connection:
        return connection.execute("select min(rebuild_from_month_number) from panel.rebuild_window").fetchone()[0]


def month_number(month: str) -> int:
    """The number that the warehouse gives a month `YYYY-MM`."""
    return int(month[:4]) * 12 + int(month[5:]) - 1


def months_of(bank: Warehouse) -> list[str]:
    """The bank's months, oldest first."""
    return sorted(part.stem for part in (bank.landing / "core" / "transactions").iterdir())


def test_month_by_month_equals_one_build(bank: Warehouse, tmp_path: Path) -> None:
    """Three refreshes, each with new months, end where one build of everything ends; only new months are made."""
    months = months_of(bank)
    warehouse = cut(bank, tmp_path, months[-4])
    warehouse.build("--full-refresh")
    add_months(bank, warehouse, months[-2])
    warehouse.build()
    assert first_rebuilt_month(warehouse) >= month_number(months[-4])
    add_months(bank, warehouse, months[-1])
    warehouse.build()
    assert first_rebuilt_month(warehouse) >= month_number(months[-2])
    assert contents(warehouse) == contents(bank)


def test_late_facts_equal_one_build(bank: Warehouse, tmp_path: Path) -> None:
    """Late and corrected facts: the refresh finds their months, and ends where a build from nothing ends."""
    warehouse = Warehouse(home=tmp_path / "home", landing=tmp_path / "landing")
    shutil.copytree(bank.landing, warehouse.landing)
    warehouse.build("--full-refresh", *SOME_AT_A_TIME)
    models = warehouse.home / "target/run/deposit_customers/models"
    statements = (models / "features/customer_features.sql").read_text(encoding="utf-8")
    assert statements.count("insert into") == len(months_of(bank)) - 1
    assert (models / "marts/customer_360_current.sql").read_text(encoding="utf-8").count("insert into") > 3
    before = contents(warehouse)
    assert before == contents(bank)
    warehouse.run(
        PYTHON, "-m", "scripts.landing.synthetic", "--change", "late-facts",
        "--landing", str(warehouse.landing), "--truth", str(bank.home.parent / "truth"),
    )  # fmt: skip
    warehouse.build()
    refreshed = contents(warehouse)
    assert refreshed["marts.customer_features_monthly"] != before["marts.customer_features_monthly"]
    warehouse.build("--full-refresh")
    assert contents(warehouse) == refreshed


def correct(landing: Path, table: str, key: str, place: int, correction: str) -> None:
    """Lands the first file of a table again, with what has changed of one key."""
    file = min([*landing.glob(f"{table}.*"), *landing.glob(f"{table}/*")])
    landed = duckdb.sql(f"select * from '{file}'").set_alias("landed")
    keys = sorted({row[0] for row in landed.project(key).fetchall()})
    corrected = landed.query("landed", correction.format(hit=f"{key} = '{keys[place]}'"))
    (corrected.write_csv if file.suffix == ".csv" else corrected.write_parquet)(f"{file}.new")
    Path(f"{file}.new").replace(file)


def test_a_customers_own_facts_make_its_months_alone(bank: Warehouse, tmp_path: Path) -> None:
    """Old facts of a few customers are corrected as a new month comes: they are made from the first month on, all
    others in the new one, and every table ends as a build from nothing makes it."""
    months = months_of(bank)
    warehouse = cut(bank, tmp_path, months[-2])
    warehouse.build("--full-refresh")
    add_months(bank, warehouse, months[-1])
    for correction in CORRECTIONS:
        correct(warehouse.landing, *correction)
    warehouse.build(*SOME_AT_A_TIME)
    models = warehouse.home / "target/run/deposit_customers/models"
    # the few customers' old months at once and the new month of everybody; sums over customers month by month
    for model, count in {"segments/customer_tag_events": 2, "evaluation/segment_metrics": len(months)}.items():
        assert (models / f"{model}.sql").read_text(encoding="utf-8").count("insert into") == count
    with warehouse.connect() as connection:
        customer_months = connection.execute(
            "select as_of_date, count(*) from scores.int_score_means group by as_of_date order by as_of_date"
        ).fetchall()
    *made_again, newest = [count for _, count in customer_months]
    assert len(made_again) == len(months) - 1
    # who holds an account no more has no months either
    assert len(CORRECTIONS) - 1 <= max(made_again) <= 3 * len(CORRECTIONS) < newest
    refreshed = contents(warehouse)
    warehouse.build("--full-refresh")
    assert contents(warehouse) == refreshed


def test_an_older_month_asked_for_is_as_if_it_had_never_been_passed(bank: Warehouse, tmp_path: Path) -> None:
    """What keeps the newest months alone has given up the one that is the oldest of them again."""
    warehouse = Warehouse(home=tmp_path / "home", landing=bank.landing)
    shutil.copytree(bank.home, warehouse.home)
    with bank.connect() as connection:
        query = "select as_of_date from panel.ledger_months order by as_of_date desc limit 1 offset 1"
        ((as_of_date,),) = connection.execute(query).fetchall()
    older = ("--vars", f"as_of_date: '{as_of_date}'")
    warehouse.build(*older)
    went_back = contents(warehouse)
    warehouse.build("--full-refresh", *older)
    assert contents(warehouse) == went_back


def test_nothing_new_rebuilds_nothing(bank: Warehouse, tmp_path: Path) -> None:
    """A second build of the same landing makes no month again and leaves the same rows."""
    warehouse = Warehouse(home=tmp_path / "home", landing=bank.landing)
    shutil.copytree(bank.home, warehouse.home)
    warehouse.build()
    assert first_rebuilt_month(warehouse) == month_number(months_of(bank)[-1]) + 1
    assert contents(warehouse) == contents(bank)


def test_notes_of_two_builds_are_not_taken_for_one(bank: Warehouse, tmp_path: Path) -> None:
    """A build killed between its last tables leaves older fingerprints beside newer months: all are summed anew."""
    warehouse = Warehouse(home=tmp_path / "home", landing=bank.landing)
    shutil.copytree(bank.home, warehouse.home)
    with duckdb.connect(str(warehouse.home / "work" / "warehouse.duckdb")) as connection:
        connection.execute("update qc.built_fingerprints set fingerprint = '1', months_fingerprint = '1'")
    warehouse.build()
    assert warehouse.hashes("qc")["built_fingerprints"] == bank.hashes("qc")["built_fingerprints"]
    assert first_rebuilt_month(warehouse) == month_number(months_of(bank)[-1]) + 1


@pytest.mark.parametrize(
    ("selected", "missing"), [("customer_scores", "int_score_means"), ("stg_core__transactions", "restaged_keys")]
)
def test_a_full_refresh_that_would_lose_what_is_kept_stops(bank: Warehouse, selected: str, missing: str) -> None:
    before = contents(bank)
    with pytest.raises(AssertionError, match=f"would lose what {selected} keep.*select too:.* {missing}"):
        bank.dbt("run", "--full-refresh", "--select", selected)
    assert contents(bank) == before


def test_the_future_changes_no_month(bank: Warehouse, tmp_path: Path) -> None:
    """A month rebuilt with all later facts present is the month as it was built before they existed."""
    months = months_of(bank)
    past = cut(bank, tmp_path / "past", months[-5])
    past.build("--full-refresh")
    with past.connect() as connection:
        as_of_date = connection.execute("select max(as_of_date) from panel.ledger_months").fetchone()[0]
    assert f"{as_of_date:%Y-%m}" == months[-5]
    later = Warehouse(home=tmp_path / "later" / "home", landing=bank.landing)
    later.build("--full-refresh", "--vars", f"as_of_date: '{as_of_date}'")
    mine, theirs = past.hashes(), later.hashes()
    assert {name: mine[name] for name in mine.keys() - RUN_MARTS} == {
        name: theirs[name] for name in theirs.keys() - RUN_MARTS
    }
