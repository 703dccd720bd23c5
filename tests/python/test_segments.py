"""Segments and tags on a synthetic bank: everything can fire, the planted truth is found, a rule is a seed row."""

from __future__ import annotations

import csv
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from reference.parties import keyed_hash
from warehouse import DBT, KEY, PROJECT, SyntheticBank, Warehouse

from scripts import rule_versions


@dataclass(frozen=True)
class Copy(Warehouse):
    """A warehouse built by a copy of the project, whose seeds may be changed."""

    project: Path

    @property
    def environment(self) -> dict[str, str]:
        """The same, of the copy."""
        own = {"DBT_PROJECT_DIR": str(self.project), "DBT_PROFILES_DIR": str(self.project / "profiles")}
        return {**super().environment, **own}

    @property
    def rules(self) -> Path:
        """The rule seeds of the copy."""
        return self.project / "seeds" / "rules"

    def try_dbt(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs a dbt command in the copy, which may fail."""
        command = [DBT, *arguments]
        return subprocess.run(
            command, cwd=self.project, env=self.environment, capture_output=True, text=True, check=False
        )

    def dbt(self, *arguments: str) -> None:
        """Runs a dbt command in the copy."""
        done = self.try_dbt("--quiet", *arguments)
        assert done.returncode == 0, done.stdout[-6000:]

    def rows(self, query: str) -> list[tuple]:
        """The rows of a query."""
        with self.connect() as connection:
            return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def bank(synthetic_bank: SyntheticBank, tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """The bank with a project of its own."""
    folder = tmp_path_factory.mktemp("segments")
    project = folder / "project"
    for part in ("models", "macros", "seeds", "tests/generic", "tests/singular", "profiles"):
        shutil.copytree(PROJECT / part, project / part)
    shutil.copy(PROJECT / "dbt_project.yml", project)
    own = synthetic_bank.copy(folder)
    return Copy(home=own.home, landing=own.landing, project=project)


@pytest.fixture(scope="module")
def truth(synthetic_bank: SyntheticBank) -> dict[str, dict]:
    """What was planted for each customer that is no double of another, by its key."""
    cursor = duckdb.execute(f"select * from '{synthetic_bank.truth}' where duplicate_of is null")
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {keyed_hash(KEY, row["customer_id"]): row for row in rows}


@pytest.fixture(scope="module")
def states(bank: Copy) -> dict[str, dict[date, str]]:
    """The activity state of each customer by month-end."""
    found: dict[str, dict[date, str]] = {}
    for customer_key, as_of_date, code in bank.rows(
        "select customer_key, as_of_date, computed_activity_state_code from marts.customer_segments_monthly"
    ):
        found.setdefault(customer_key, {})[as_of_date] = code
    return found


def seed_rows(name: str) -> list[dict[str, str]]:
    """The rows of a rule seed of the project."""
    with (PROJECT / "seeds" / "rules" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# ---- everything can fire ----


def test_every_tag_fires_or_says_why_not(bank: Copy) -> None:
    """And one that says so doesn't."""
    fired = {code for (code,) in bank.rows("select distinct tag_code from marts.customer_tags")}
    tags = seed_rows("tags")
    assert len(tags) >= 60
    assert {row["domain"] for row in tags} == {
        "attribute", "behaviour", "value", "risk", "need", "lifecycle", "marketing"
    }  # fmt: skip
    assert {row["tag_code"] for row in tags if not row["expected_empty_reason"]} - fired == set()
    assert {row["tag_code"] for row in tags if row["expected_empty_reason"]} & fired == set()


def test_every_rule_and_signal_fires(bank: Copy) -> None:
    """Every rule of needs and activity decides somebody, every signal fires for somebody."""
    rules = bank.rows(
        "select distinct 'need', need_rule_code from marts.customer_segments_monthly"
        " union select distinct 'activity', activity_rule_code from marts.customer_segments_monthly"
    )
    # everybody of this bank owns or spends something: some score is always known
    expected = {(row["dimension"], row["rule_code"]) for row in seed_rows("segment_rules")}
    assert expected - set(rules) <= {("need", "nothing_observed")}
    fired = bank.rows("select distinct unnest(string_split(slowing_signals, ' ')) from marts.customer_segments_monthly")
    assert {code for (code,) in fired if code} == {row["signal_code"] for row in seed_rows("activity_signals")}
    assert {
        code for (code,) in bank.rows("select distinct deposit_stability_code from marts.customer_segments_monthly")
    }


def test_every_dormancy_pack_fires_or_says_why_not(bank: Copy) -> None:
    """Whom each pack would count as dormant; that the variable chooses one, the how-to below and a unit test show."""
    found = dict(
        bank.rows(
            "select pack_code, count(*) from segments.int_activity_signals as signals inner join seeds.dormancy_packs"
            " using (rule_version) where inactivity_days >= dormant_days"
            " and not (is_term_deposit_exempt and is_term_deposit_held)"
            " and not (is_linked_contract_exempt and is_contract_linked)"
            " and month_end_balance >= balance_min_value and month_end_balance < balance_below_value group by pack_code"
        )
    )
    print(f"\nDormant months by pack: {found}")
    packs = seed_rows("dormancy_packs")
    assert len(packs) >= 5 and all(row["source"] for row in packs)
    assert found.keys() == {row["pack_code"] for row in packs if not row["expected_empty_reason"]}


# ---- the planted truth ----


def month_end(day: date, months: int = 0) -> date:
    """The last day of the month so many months later."""
    number = day.year * 12 + day.month + months  # of the month after
    return date(number // 12, number % 12 + 1, 1) - timedelta(days=1)


def shown(title: str, matrix: Counter) -> None:
    """Prints a confusion matrix."""
    print(f"\n{title}")
    for (planted, found), count in sorted(matrix.items()):
        print(f"  {planted:<28} {found:<14} {count:>5}")


def test_planted_dormant_customers_are_found(
    bank: Copy, truth: dict[str, dict], states: dict[str, dict[date, str]]
) -> None:
    """Asleep for more than a year at the end of the history: dormant, or inactive with a term deposit."""
    last = max(day for months in states.values() for day in months)
    query = "select customer_key from marts.customer_features_monthly where term_next_maturity_date is not null"
    spared = {key for (key,) in bank.rows(f"{query} and as_of_date = date '{last}'")}
    matrix: Counter = Counter()
    for key, planted in truth.items():
        state = states.get(key, {}).get(last)
        if state is None:
            continue
        since = planted["dormancy_start_month"]
        is_asleep = planted["reactivation_month"] is None and (
            planted["dormant_since_before"] or (since is not None and month_end(since, 12) < last)
        )
        has_left = planted["churn_start_month"] is not None
        asleep = "asleep, term deposit" if key in spared else "asleep"
        matrix[asleep if is_asleep else "leaves" if has_left else "awake", state] += 1
    shown("Planted dormant against the state of the last month", matrix)
    by_kind = {
        kind: {state: count for (planted, state), count in matrix.items() if planted == kind}
        for kind in ("asleep", "asleep, term deposit", "awake")
    }
    asleep, resting, awake = by_kind.values()
    assert asleep["dormant"] >= 0.9 * sum(asleep.values())
    assert resting["inactive"] >= 0.75 * sum(resting.values()) and "dormant" not in resting
    assert awake.get("dormant", 0) <= 0.02 * sum(awake.values())


def test_planted_reactivations_are_found(truth: dict[str, dict], states: dict[str, dict[date, str]]) -> None:
    """Whoever was dormant the month before it was to wake up is reactivated, unless it kept silent all the same."""
    matrix: Counter = Counter()
    for key, planted in truth.items():
        woken = planted["reactivation_month"]
        if woken is None or key not in states:
            continue
        before = states[key].get(month_end(woken, -1))
        after = [states[key].get(month_end(woken, months)) for months in range(3)]
        found = "reactivated" if "reactivated" in after else "silent" if set(after) <= {"dormant", None} else "missed"
        matrix[f"wakes up, before {before}", found] += 1
    shown("Planted reactivations, by the state the month before", matrix)
    assert matrix["wakes up, before dormant", "reactivated"] > 0
    assert matrix["wakes up, before dormant", "missed"] == 0
    assert not any(matrix[f"wakes up, before {state}", "reactivated"] for state in ("active", "slowing", "new"))
    # nobody is reactivated who wasn't dormant
    for months in states.values():
        days = sorted(months)
        first = next((day for day in days if months[day] == "reactivated"), None)
        assert first is None or any(months[day] == "dormant" for day in days if day < first)


def test_planted_churners_slow_down(truth: dict[str, dict], states: dict[str, dict[date, str]]) -> None:
    """Within half a year of the start of a gradual churn most show it; far more than of those who stay."""
    matrix: Counter = Counter()
    last = max(day for months in states.values() for day in months)
    signs = {"slowing", "inactive", "dormant", "closed"}
    for key, planted in truth.items():
        start = planted["churn_start_month"]
        if key not in states or planted["dormancy_start_month"] is not None or planted["dormant_since_before"]:
            continue
        if start is None:
            kind, from_day = "stays", month_end(last, -6)
        elif month_end(start, 6) <= last:
            kind, from_day = ("leaves at once" if planted["is_churn_abrupt"] else "leaves gradually"), month_end(start)
        else:
            continue
        window = {states[key].get(month_end(from_day, months)) for months in range(1, 7)}
        matrix[kind, "signs" if window & signs else "no signs"] += 1
    shown("Planted churn against the six months after it began", matrix)
    shares = {
        kind: matrix[kind, "signs"] / (matrix[kind, "signs"] + matrix[kind, "no signs"])
        for kind in ("leaves gradually", "stays")
    }
    print(f"  shares with signs: {shares}")
    assert shares["leaves gradually"] >= 0.7
    assert shares["leaves gradually"] >= 1.5 * shares["stays"]


def test_the_service_tier_flips_less_than_the_earned_one(bank: Copy) -> None:
    """What the holds are for."""
    ((earned, service),) = bank.rows(
        "with compared as (select *, lag(earned_value_tier_code) over one as earned_before,"
        " lag(service_value_tier_code) over one as service_before"
        " from marts.customer_segments_monthly window one as (partition by customer_key order by as_of_date))"
        " select sum(case when earned_value_tier_code <> earned_before then 1 else 0 end),"
        " sum(case when service_value_tier_code <> service_before then 1 else 0 end) from compared"
    )
    print(f"\nFlips of the earned tier {earned}, of the service tier {service}")
    assert 0 < service < earned


# ---- a rule is a seed row (docs/change-a-rule.md); these change the copy and come last ----


def append(path: Path, row: str) -> None:
    """Adds a line to a seed."""
    path.write_text(path.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")


def test_a_misspelt_feature_stops_the_build_and_is_named(bank: Copy) -> None:
    """With the seed, the version and the row."""
    path = bank.rules / "tags.csv"
    text = path.read_text(encoding="utf-8")
    append(path, "2020.1,typo,Typo,错,value,all,rule,aum_1_m,,5,inf,risk,monthly,confidential,a,b,")
    done = bank.try_dbt("build", "--select", "tags", "--indirect-selection", "eager")
    path.write_text(text, encoding="utf-8")
    assert done.returncode != 0
    assert "seeds/rules: tags rule, version 2020.1, row typo: there is no feature aum_1_m" in done.stdout


def documented_rows() -> list[str]:
    """The example rows of the page that explains how to change a rule: a tag, and a dormancy pack."""
    page = (PROJECT / "docs" / "change-a-rule.md").read_text(encoding="utf-8")
    return [line for line in page.splitlines() if line.startswith(("2026.1,two_million,", "2020.1,our_bank,"))]


def new_customers(bank: Copy, start: date) -> int:
    """Customer months with the state `new` from a day on."""
    ((count,),) = bank.rows(
        "select count(*) from marts.customer_segments_monthly"
        f" where activity_state_code = 'new' and as_of_date >= date '{start}'"
    )
    return count


def test_a_tag_a_threshold_and_a_pack_are_seed_rows_only(bank: Copy) -> None:
    """The how-to, done: a new version from the last two months on; older months stay as they were."""
    tag, pack = documented_rows()
    ((start, last_old_month),) = bank.rows(
        "select max(case when month_number = last - 1 then first_date end),"
        " max(case when month_number = last - 2 then as_of_date end)"
        " from (select *, max(month_number) over () as last from panel.ledger_months)"
    )
    old = f"from marts.customer_segments_monthly where as_of_date <= date '{last_old_month}' order by all"
    before = bank.rows(f"select * {old}")
    new_before = new_customers(bank, start)

    rule_versions.draft("2026.1", "2020.1", start, "A test", bank.rules)
    append(bank.rules / "tags.csv", tag)
    conditions = bank.rules / "segment_rule_conditions.csv"
    text = conditions.read_text(encoding="utf-8")
    moved = "2026.1,activity,recently_joined,days_since_opening,-inf,90"
    assert moved in text
    conditions.write_text(text.replace(moved, moved.replace(",90", ",1000")), encoding="utf-8")
    rule_versions.publish("2026.1", "Committee", start, bank.rules)
    bank.build()

    assert bank.rows(f"select * {old}") == before
    assert new_customers(bank, start) > new_before
    ((valid_from, least, version),) = bank.rows(
        "select min(valid_from), min(evidence_value), max(rule_version) from marts.customer_tags"
        " where tag_code = 'two_million'"
    )
    assert valid_from >= start and least >= 2_000_000 and version == "2026.1"

    for published in ("2020.1", "2026.1"):
        append(bank.rules / "dormancy_packs.csv", pack.replace("2020.1", published, 1))
    chosen = "{dormancy_pack: our_bank}"
    bank.build("--vars", chosen)
    ((dormant, least),) = bank.rows(
        "select count(*), min(inactivity_days) from segments.customer_activity_states"
        " where computed_activity_state_code = 'dormant'"
    )
    assert dormant > 0 and least >= 400
    done = bank.try_dbt("test", "--select", "test_type:singular", "--vars", chosen)
    assert done.returncode == 0, done.stdout[-3000:]
