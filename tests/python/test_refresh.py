"""python -m scripts.refresh: builds aside, checks, publishes by one swap, and never harms what is served."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from refresh_bank import BIRTH_DATE, CANARIES, Bank, Outcome, bank, find_bytes, find_in_tables

from scripts.evaluate import main as evaluate
from scripts.landing.contract import contract_tables
from scripts.refresh import build as build_stage
from scripts.refresh import pipeline, release
from scripts.refresh.outcome import ExitCode, in_use_error, redacted
from scripts.refresh.run import Run
from scripts.refresh.state import hash_project, plan_build

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Story:
    """A bank's refreshes in order, and the manifests of the published ones."""

    bank: Bank
    outcomes: dict[str, Outcome]
    manifests: dict[str, dict]


def manifest(of: Bank) -> dict:
    return json.loads((of.current / "manifest.json").read_text(encoding="utf-8"))


def hashes(content: dict) -> dict[str, str]:
    return {name: table["content_sha256"] for name, table in content["tables"].items()}


def rows(file: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module", autouse=True)
def without_data_tests():
    """The models' tests have runs of their own; here they would only take time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build_stage, "EXCLUDED_KINDS", ("unit_test", "test"))
        yield


@pytest.fixture(scope="module")
def story(tmp_path_factory) -> Story:
    """First refresh, the same again, the next month, the same in a fresh home, then a bad delivery."""
    root = tmp_path_factory.mktemp("refresh")
    place = Bank(root / "landing", root / "home")
    outcomes, manifests = {}, {}

    def refresh(name: str, where: Bank, *arguments: str) -> None:
        outcomes[name] = where.refresh(*arguments)
        if outcomes[name].code == 0:
            manifests[name] = manifest(where)

    bank(3).write(place.landing)
    refresh("first", place)
    refresh("same", place)
    bank(4).write(place.landing)
    refresh("next month", place)
    refresh("fresh home", Bank(place.landing, root / "fresh"), "--full-refresh")
    bad = bank(4)
    for number in range(25):
        bad.transaction("A1", "2024-04-20 10:00:00", "much", transaction_id=f"BAD{number}")
    bad.write(place.landing)
    refresh("bad delivery", place)
    bank(4).write(place.landing)
    return Story(place, outcomes, manifests)


@pytest.fixture
def home(story, tmp_path) -> Bank:
    """A copy of the story's bank, to be spoiled; without its parsed project, which names the old folders."""
    shutil.copytree(story.bank.home, tmp_path / "home", symlinks=True, ignore=shutil.ignore_patterns("target"))
    shutil.copytree(story.bank.landing, tmp_path / "landing")
    return Bank(tmp_path / "landing", tmp_path / "home")


@pytest.fixture
def copied_build(monkeypatch):
    """Stands in for dbt: the candidate is the last work file, after a statement of the test's own."""

    def use(statement: str = "select 1") -> None:
        def copy(run: Run, plan: object) -> None:
            shutil.copyfile(run.settings.work_file, run.work_candidate)
            shutil.copyfile(run.settings.quarantine_file, run.quarantine_candidate)
            with duckdb.connect(str(run.work_candidate)) as connection:
                connection.execute(statement)
            build_stage.note_months(run)

        monkeypatch.setattr(pipeline, "build", copy)

    return use


# ---- what a good refresh does --------------------------------------------------------------------


def test_first_refresh_publishes_the_marts_alone(story):
    first = story.outcomes["first"]
    assert first.code == ExitCode.PUBLISHED, first.err
    assert "full refresh: there is no earlier build" in first.out
    assert "select segment_label" in first.out, "the end shows an example query"
    assert story.bank.current.is_symlink()
    assert {path.name for path in story.bank.current.iterdir()} == {
        "departments",
        "manifest.json",
        "validation.json",
        "warehouse.duckdb",
    }
    tables = rows(
        story.bank.current / "warehouse.duckdb",
        "select schema_name from duckdb_tables() union select schema_name from duckdb_views() where not internal",
    )
    assert tables == [("marts",)]


def test_each_department_has_an_extract_of_its_own(story):
    folder = story.bank.current / "departments"
    listed = story.manifests["first"]["departments"]
    assert {path.name for path in folder.iterdir()} == {f"{name}.duckdb" for name in listed}
    assert listed.keys() == {"marketing", "service", "risk", "management"}
    for name, tables in listed.items():
        found = rows(folder / f"{name}.duckdb", "select schema_name, table_name from duckdb_tables() order by all")
        assert found == [(f"marts_{name}", table) for table in sorted(tables)], name
    customers = rows(folder / "marketing.duckdb", "select count(*) from marts_marketing.marketing_customers")
    assert customers == [(listed["marketing"]["marketing_customers"]["row_count"],)] == [(30,)]


def test_release_keeps_types_constraints_and_comments(story):
    described = (
        "select table_name, column_name, data_type, comment from duckdb_columns() where schema_name = 'marts'"
        " order by all"
    )
    constraints = (
        "select table_name, constraint_type, expression, constraint_column_names from duckdb_constraints()"
        " where schema_name = 'marts' order by all"
    )
    for query in (described, constraints):
        assert rows(story.bank.current / "warehouse.duckdb", query) == rows(story.bank.settings.work_file, query)


def test_manifest_says_what_was_published(story):
    content = story.manifests["next month"]
    assert content["as_of_date"] == "2024-04-30"
    assert content["rule_version"]
    assert content["versions"]["duckdb"] == duckdb.__version__
    for name, table in content["tables"].items():
        query = f"select count(*) from marts.{name}"
        assert rows(story.bank.current / "warehouse.duckdb", query) == [(table["row_count"],)], name
    assert content["tables"]["customer_features_monthly"]["row_count"] == 4 * 30


def test_unchanged_landing_gives_the_same_rows(story):
    same = story.outcomes["same"]
    assert same.code == ExitCode.PUBLISHED, same.err
    assert "incremental: only the months that changed" in same.out
    assert "made again: no month: nothing has changed" in same.out
    assert "new or changed since the last published run: 0 files" in same.out
    assert hashes(story.manifests["same"]) == hashes(story.manifests["first"])


def test_next_month_gives_what_a_full_refresh_gives(story):
    grown = story.outcomes["next month"]
    assert grown.code == ExitCode.PUBLISHED, grown.err
    assert "incremental" in grown.out
    assert "made again: the months from 2024-04 on" in grown.out
    assert "new or changed since the last published run: 1 files" in grown.out
    assert hashes(story.manifests["next month"]) != hashes(story.manifests["first"])
    assert hashes(story.manifests["next month"]) == hashes(story.manifests["fresh home"])


def test_run_log_knows_every_run(story):
    log = story.bank.home / "run_log.duckdb"
    logged = rows(log, "select result, exit_code, as_of_date::varchar, rebuilt_from from runs order by run_id")
    assert logged[:4] == [
        ("published", 0, "2024-03-31", "2024-01"),
        ("published", 0, "2024-03-31", None),
        ("published", 0, "2024-04-30", "2024-04"),
        ("audit", 6, "2024-04-30", None),
    ]
    stages = rows(log, "select map_keys(stage_seconds) from runs order by run_id limit 1")
    assert stages == [(["landing", "build", "audit", "publish"],)]
    files = rows(log, "select count(*), count(distinct file_sha256) from landing_files where file_name like '%trans%'")
    assert files[0][1] == 3, "three different deliveries of transactions"


def test_validation_result_is_released_without_values(story):
    content = json.loads((story.bank.current / "validation.json").read_text(encoding="utf-8"))
    assert content["door"] == "marts"
    assert content["is_blocked"] is False
    assert set(content["checks"][0]) == {
        "table",
        "expectation",
        "column",
        "severity",
        "success",
        "rows",
        "failing_rows",
        "worst",
        "notes",
    }


def test_keys_and_quarantine_are_private(story):
    for folder in ("keys", "quarantine"):
        assert stat.S_IMODE((story.bank.home / folder).stat().st_mode) == 0o700
    for file in ("keys/keys.duckdb", "quarantine/quarantine.duckdb"):
        assert stat.S_IMODE((story.bank.home / file).stat().st_mode) == 0o600


def test_a_person_may_go_on_with_plain_dbt(home):
    """The promoted work file is complete; the next refresh notices that somebody wrote it."""
    from dbt.cli.main import dbtRunner

    project = {"DBT_PROJECT_DIR": str(PROJECT), "DBT_PROFILES_DIR": str(PROJECT / "profiles")}
    scratch = {"DBT_TARGET_PATH": str(home.home / "target"), "DBT_LOG_PATH": str(home.home / "logs")}
    with home.environment(**project, **scratch):
        arguments = ["run", "--select", "core__transactions_judged+1", "--log-level", "none"]
        result = dbtRunner().invoke(arguments)
        build_stage.close_databases()
        assert result.success, result.exception or [node.message for node in result.result]
        plan = plan_build(Run(home.settings), hash_project())
    assert plan.is_full_refresh
    assert plan.reason == "the work file was written since the last refresh"


# ---- what stops a refresh ------------------------------------------------------------------------


def assert_untouched(place: Bank, before: Path) -> None:
    """The served release is the one from before, and complete."""
    assert place.current.readlink() == before
    assert rows(place.current / "warehouse.duckdb", "select count(*) > 0 from marts.customer_features_monthly")


def test_too_many_rejected_rows_are_built_but_not_published(story):
    outcome = story.outcomes["bad delivery"]
    assert outcome.code == ExitCode.AUDIT
    assert "core.transactions: 26 of 148 rows rejected" in outcome.err
    assert "17.57%" in outcome.err
    assert "Not a number in amount (26 rows)" in outcome.err
    assert str(story.bank.settings.quarantine_file) in outcome.err
    kept = "select count(*) from quarantine.quarantine.quarantined_rows where reason_code = 'bad_number'"
    assert rows(story.bank.settings.quarantine_file, kept) == [(26,)]
    unpublishable = "select count(*) from marts.data_reconciliation where not is_publishable"
    assert rows(story.bank.settings.work_file, unpublishable) == [(1,)]
    assert manifest(story.bank) == story.manifests["next month"]


def test_broken_landing_is_refused(home):
    before = home.current.readlink()
    work_file = home.settings.work_file.read_bytes()
    (home.landing / "core" / "accounts.csv").unlink()
    (home.landing / "core" / "customers.csv").write_bytes(b"")
    outcome = home.refresh()
    assert outcome.code == ExitCode.LANDING
    assert "core/accounts" in outcome.err
    assert "core/customers.csv" in outcome.err
    assert home.settings.work_file.read_bytes() == work_file
    assert_untouched(home, before)


def test_landing_that_makes_no_sense_is_refused(home):
    """The door in: most account numbers of the transactions are blank."""
    before = home.current.readlink()
    work_file = home.settings.work_file.read_bytes()
    shifted = bank(4)
    for row in shifted.rows["core.transactions"][10:]:
        row["account_id"] = ""
    shifted.write(home.landing)
    outcome = home.refresh()
    assert outcome.code == ExitCode.LANDING
    assert "core.transactions: account_id_blank_share" in outcome.out
    assert "critical expectations" in outcome.err
    assert home.settings.work_file.read_bytes() == work_file
    assert_untouched(home, before)


def test_marts_that_make_no_sense_are_not_published(home, copied_build):
    """The door out: assets that aren't deposits + market value."""
    before = home.current.readlink()
    bank(4).write(home.landing)
    copied_build(
        "update marts.customer_features_monthly set aum_1m = aum_1m + 1;"
        "update marts.data_reconciliation set is_publishable = true"
    )
    outcome = home.refresh()
    assert outcome.code == ExitCode.AUDIT
    assert "customer_features_monthly by month: aum_mismatch_count" in outcome.out
    assert "found 30" in outcome.out
    assert_untouched(home, before)
    with home.environment():
        assert plan_build(Run(home.settings), hash_project()).reason == "the last build failed its audit"


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (
            "update marts.data_reconciliation set landed_count = landed_count + 1, is_reconciled = false"
            " where table_name = 'accounts'",
            "core.accounts: 31 rows landed, but 30 accepted",
        ),
        (
            "update marts.balance_reconciliation_monthly set rounding_difference = 1 where as_of_date = '2024-02-29'",
            "balances of 2024-02-29 differ from the ledger by 1.00",
        ),
    ],
)
def test_figures_that_dont_add_up_are_not_published(home, copied_build, statement, message):
    before = home.current.readlink()
    copied_build(statement)
    outcome = home.refresh()
    assert outcome.code == ExitCode.AUDIT
    assert message in outcome.err
    assert_untouched(home, before)


@pytest.mark.parametrize(
    ("as_of", "message"),
    [
        ("2024-02-28", "isn't the last day of its month"),
        ("2024-13-31", "is no date"),
        ("yesterday", "is no date"),
    ],
)
def test_as_of_must_be_a_month_end(home, as_of, message):
    before = home.current.readlink()
    outcome = home.refresh("--as-of", as_of)
    assert outcome.code == ExitCode.LANDING
    assert message in outcome.err
    assert_untouched(home, before)


def test_failing_models_and_tests_are_named_without_values(home, tmp_path, monkeypatch):
    """A small dbt project whose model trips over a customer's name, and whose test finds two rows."""
    broken = tmp_path / "project"
    for folder in ("models", "tests", "profiles"):
        (broken / folder).mkdir(parents=True)
    shutil.copy(PROJECT / "profiles" / "profiles.yml", broken / "profiles")
    (broken / "dbt_project.yml").write_text(
        "name: broken\nversion: 1.0.0\nprofile: deposit_customers\nvars: {as_of_date: ''}\n", encoding="utf-8"
    )
    (broken / "models" / "names_as_numbers.sql").write_text(
        "{{ config(materialized='table') }} select cast(full_name as integer) as n from landing_core.customers",
        encoding="utf-8",
    )
    (broken / "models" / "sound.sql").write_text("select 1 as n", encoding="utf-8")
    (broken / "tests" / "nothing_is_one.sql").write_text(
        "select n from {{ ref('sound') }} union all select 1", encoding="utf-8"
    )
    (broken / "tests" / "tests.yml").write_text(
        "data_tests:\n  - name: nothing_is_one\n    description: Look at the ones and take them out\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(build_stage, "PROJECT", broken)
    before = home.current.readlink()
    work_file = home.settings.work_file.read_bytes()
    quarantine = home.settings.quarantine_file.read_bytes()
    monkeypatch.setattr(build_stage, "EXCLUDED_KINDS", ("unit_test",))
    outcome = home.refresh()
    assert outcome.code == ExitCode.BUILD
    assert "model names_as_numbers: Runtime Error" in outcome.err
    assert "Could not convert string '…' to INT32" in outcome.err
    assert "test nothing_is_one: 2 failing rows. Look at the ones and take them out" in outcome.err
    assert home.settings.work_file.read_bytes() == work_file
    assert home.settings.quarantine_file.read_bytes() == quarantine
    assert_untouched(home, before)
    assert CANARIES["full_name"] not in outcome.out + outcome.err
    for folder in ("logs", "target"):
        for file in (home.home / folder).rglob("*"):
            assert not file.is_file() or not find_bytes(file)


def test_no_accepted_transaction_is_refused(home, copied_build, monkeypatch):
    before = home.current.readlink()
    copied_build("delete from panel.ledger_months; delete from staging.stg_core__transactions")
    monkeypatch.setattr(build_stage, "note_months", build_stage.refuse_empty_ledger)
    outcome = home.refresh()
    assert outcome.code == ExitCode.LANDING
    assert "No transaction of the landing is accepted" in outcome.err
    assert_untouched(home, before)


def test_month_before_the_ledger_is_refused(home, copied_build, monkeypatch):
    copied_build("delete from panel.ledger_months")
    monkeypatch.setattr(build_stage, "note_months", build_stage.refuse_empty_ledger)
    outcome = home.refresh("--as-of", "2019-12-31")
    assert outcome.code == ExitCode.LANDING
    assert "(2019-12-31) lies before the first month of the ledger, 2024-01" in outcome.err


def test_second_starter_is_sent_away(home):
    with (home.home / "refresh.lock").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        outcome = home.refresh()
    assert outcome.code == ExitCode.LOCKED
    assert "Another refresh of this home is running" in outcome.err


def test_file_in_use_is_named(home):
    """Somebody's session on the work file: the refresh ends before it builds anything."""
    hold = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", hold, str(home.settings.work_file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "open\n"
        outcome = home.refresh()
        holder.stdin.close()
    assert outcome.code == ExitCode.IN_USE
    assert f"in use by process {holder.pid}: {home.settings.work_file}" in outcome.err


def test_crash_while_publishing_leaves_the_release_and_running_again_completes(home, copied_build, monkeypatch):
    before = home.current.readlink()
    copied_build("update marts.data_reconciliation set is_publishable = true")
    with monkeypatch.context() as crashing:
        crashing.setattr(release, "hash_table", lambda *_: 1 / 0)
        outcome = home.refresh()
    assert outcome.code == ExitCode.UNEXPECTED
    assert "Unexpected ZeroDivisionError" in outcome.err
    assert "Traceback" not in outcome.err
    assert_untouched(home, before)
    assert home.refresh().code == ExitCode.PUBLISHED
    assert home.current.readlink() != before
    assert not list((home.home / "releases").glob(f"{release.UNFINISHED}*"))


def test_newest_releases_are_kept(home, copied_build):
    copied_build("update marts.data_reconciliation set is_publishable = true")
    for _ in range(2):
        assert home.refresh(DEPOSITS_KEEP_RELEASES="2").code == ExitCode.PUBLISHED
    kept = sorted(path.name for path in (home.home / "releases").iterdir() if not path.is_symlink())
    assert len(kept) == 2
    assert home.current.readlink() == Path(kept[-1])
    outcome = home.refresh(DEPOSITS_KEEP_RELEASES="none")
    assert outcome.code == ExitCode.USAGE
    assert "DEPOSITS_KEEP_RELEASES" in outcome.err


def test_run_log_in_use_loses_no_run(home, copied_build):
    copied_build("update marts.data_reconciliation set is_publishable = true")
    count = "select count(*) from runs"
    log = home.home / "run_log.duckdb"
    before = rows(log, count)[0][0]
    hold = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(log)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "open\n"
        outcome = home.refresh("--as-of", "nonsense")
        holder.stdin.close()
    assert "The run log is in use" in outcome.out
    assert outcome.code == ExitCode.LANDING
    home.refresh("--as-of", "nonsense")
    assert rows(log, count) == [(before + 2,)]


# ---- what must not be said -----------------------------------------------------------------------


def test_every_personal_column_has_a_canary(story):
    """A column that the contract calls personal is searched for, wherever it is landed."""
    for table in contract_tables():
        planted = {*CANARIES.values(), BIRTH_DATE}
        file = story.bank.landing / table.source / f"{table.name}.csv"
        personal = [column.name for column in table.columns if column.is_personal]
        if personal:
            landed = duckdb.read_csv(str(file), all_varchar=True, null_padding=True, strict_mode=False)
            found = {name for name in personal if planted & {value for (value,) in landed.project(name).fetchall()}}
            assert found == set(personal), table.name


def test_no_canary_leaves_the_landing(story):
    """Neither ids, names and numbers of customers nor the key: in files, tables, logs, reports and messages."""
    home = story.bank.home
    with story.bank.environment():
        assert evaluate([]) == 0
    private = [home / "keys", home / "quarantine"]
    files = [path for path in home.rglob("*") if path.is_file() and not set(private) & set(path.parents)]
    folders = {"logs", "target", "work", "releases", "evaluations"}
    assert folders <= {path.relative_to(home).parts[0] for path in files}
    assert {".html", ".json", ".parquet", ".duckdb", ".sql", ".log"} <= {path.suffix for path in files}
    assert [found for file in files for found in find_bytes(file)] == []
    assert [found for file in files for found in find_in_tables(file)] == []
    for outcome in story.outcomes.values():
        assert not [text for text in CANARIES.values() if text in outcome.out + outcome.err]


def test_canaries_can_be_found_where_they_may_be(story, tmp_path):
    """The search itself: the quarantine file holds them; Parquet files are read, too."""
    assert find_in_tables(story.bank.settings.quarantine_file)
    assert find_bytes(story.bank.landing / "core" / "customers.csv")
    duckdb.sql(f"select '{CANARIES['email']}' as text, date '{BIRTH_DATE}' as day").write_parquet(
        str(tmp_path / "compressed.parquet"), compression="zstd"
    )
    assert len(find_in_tables(tmp_path / "compressed.parquet")) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Runtime Error in model x\n  Conversion Error: Could not convert string 'Ann Lee' to INT32\nLINE 1: ...",
            "Runtime Error in model x\n  Conversion Error: Could not convert string '…' to INT32",
        ),
        (
            'Constraint Error: Duplicate key "account_id: A-77" violates primary key constraint.',
            "Constraint Error: Duplicate key '…' violates primary key constraint.",
        ),
        ("Out of Range Error: Overflow (12345.67 * 99)", "Out of Range Error: Overflow (… * 99)"),
        ('Binder Error: Referenced column "adb" not found', 'Binder Error: Referenced column "adb" not found'),
        ("Found 67 models", "Found 67 models"),
    ],
)
def test_error_texts_lose_their_values(text, expected):
    assert redacted(text) == expected


def test_home_that_cant_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    outcome = Bank(tmp_path, tmp_path / "file" / "home").refresh()
    assert outcome.code == ExitCode.USAGE
    assert "The home can't be written" in outcome.err


def test_other_errors_are_not_locks():
    assert in_use_error("Catalog Error: no such table") is None


def test_help_lists_the_exit_codes():
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-P", "-m", "scripts.refresh", "--help"]
    shown = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    for code in ExitCode:
        assert f"\n  {int(code)} " in shown
