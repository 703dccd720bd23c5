"""Scores and classes of a synthetic bank: sums, what they foresee, how they change, and what new rules would do.

One bank for all: built once, then challenged by a draft in a copy of the project.
"""

from __future__ import annotations

import csv
import hmac
import json
import math
import os
import random
import shutil
import subprocess
from datetime import date
from itertools import product
from pathlib import Path

import duckdb
import pytest
from warehouse import KEY, PROJECT, PYTHON, SyntheticBank, Warehouse

from scripts import rule_versions as rules
from scripts.challenger import area_under_curve, hanley_mcneil
from scripts.seeds import Seed, read_seed

DRAFT = "2030.1"
DRAFT_FROM = "2025-07-01"


def customer_key(customer_id: str) -> str:
    """The key under which a landed customer is published."""
    return hmac.new(KEY.encode(), customer_id.encode(), "sha256").hexdigest()


def test_components_add_up_to_every_score(synthetic_bank: SyntheticBank) -> None:
    """For every customer of the months that are published: the parts of the composite, and of each dimension."""
    wrong = synthetic_bank.rows(
        """
        with summed as (
            select
                customer_key,
                as_of_date,
                sum(effective_points) as composite_score,
                sum(weight) filter (status_code <> 'missing') / sum(weight) as observed_share,
                sum(points) filter (dimension = 'risk') * 100
                / sum(weight) filter (dimension = 'risk' and status_code = 'observed') as risk_score
            from marts.customer_score_components
            group by all
        )
        select summed.*, scores.composite_score, scores.observed_weight_share, scores.risk_score
        from summed
        inner join marts.customer_scores_monthly as scores using (customer_key, as_of_date)
        where
            abs(summed.composite_score - scores.composite_score) > 1e-9
            or abs(summed.observed_share - scores.observed_weight_share) > 1e-9
            or abs(summed.risk_score - scores.risk_score) > 1e-9
        """
    )
    assert not wrong, wrong[:3]
    ((months, rows),) = synthetic_bank.rows(
        "select count(distinct as_of_date), count(*) from marts.customer_score_components"
    )
    ((customers,),) = synthetic_bank.rows(
        """
        select count(*) from marts.customer_scores_monthly
        where as_of_date in (select distinct as_of_date from marts.customer_score_components)
        """
    )
    assert months == 2
    assert rows == 14 * customers, "every customer has all the indicators of its type"


def test_drivers_add_up_to_every_change(synthetic_bank: SyntheticBank) -> None:
    """For every change of every month whose scores are known; and the coverage term is what it says it is."""
    wrong = synthetic_bank.rows(
        """
        select changes.customer_key, changes.as_of_date, composite_change, sum(points_change)
        from marts.customer_class_changes as changes
        left join marts.customer_class_change_drivers as drivers using (customer_key, as_of_date)
        where composite_change is not null
        group by all
        having coalesce(abs(composite_change - sum(points_change) / count(distinct changes.dimension)), 1) > 1e-9
        """
    )
    assert not wrong, wrong[:3]
    dimensions = synthetic_bank.rows("select distinct dimension from marts.customer_class_changes")
    assert {dimension for (dimension,) in dimensions} == {"value_tier", "need", "activity", "class"}


def test_changes_are_all_changes_and_nothing_else(synthetic_bank: SyntheticBank) -> None:
    """A row for each code that isn't that of the month before, in words, with a deadline after the month-end."""
    for dimension, column in (
        ("value_tier", "value_tier_code"),
        ("need", "need_segment_code"),
        ("activity", "activity_state_code"),
        ("class", "customer_class_code"),
    ):
        expected = synthetic_bank.rows(
            f"""
            select new.customer_key, new.as_of_date, old.{column}, new.{column}
            from marts.customer_segments_monthly as new
            inner join marts.customer_segments_monthly as old
                on
                    new.customer_key = old.customer_key
                    and old.as_of_date = last_day(cast(date_trunc('month', new.as_of_date) - interval 1 day as date))
            where new.{column} <> old.{column}
            order by all
            """
        )
        actual = synthetic_bank.rows(
            f"""
            select customer_key, as_of_date, old_code, new_code from marts.customer_class_changes
            where dimension = '{dimension}' and as_of_date > (select min(as_of_date) from marts.customer_scores_monthly)
            order by all
            """
        )
        assert actual == expected, dimension
    texts = synthetic_bank.rows(
        "select sentence, sentence_zh, rule_label, appeal_deadline_date > as_of_date from marts.customer_class_changes"
    )
    assert all(english and chinese and "{" not in english + chinese for english, chinese, *_ in texts)
    assert all(label and is_later for *_, label, is_later in texts)


def test_the_next_step_earns_the_next_class(synthetic_bank: SyntheticBank) -> None:
    """With the one indicator at the value that is told, all else as it is, scores earn that class and none better."""
    steps = synthetic_bank.rows(
        """
        select
            reasons.next_class_code,
            (reasons.needed_normalised_value - reasons.normalised_value) as rise,
            components.dimension,
            components.weight / observed.weight as dimension_weight,
            components.effective_points / nullif(components.normalised_value, 0) as effective_weight,
            scores.composite_score,
            scores.risk_score,
            scores.potential_score,
            segments.earned_customer_class_code
        from marts.customer_score_reasons as reasons
        inner join marts.customer_score_components as components using (customer_key, as_of_date, indicator_code)
        inner join marts.customer_scores_monthly as scores using (customer_key, as_of_date)
        inner join marts.customer_segments_monthly as segments using (customer_key, as_of_date)
        inner join (
            select customer_key, as_of_date, dimension, sum(weight) as weight from marts.customer_score_components
            where status_code = 'observed' group by all
        ) as observed using (customer_key, as_of_date, dimension)
        where reasons.reason_type_code = 'next_class'
        """
    )
    assert len(steps) > 20
    for wanted, rise, dimension, dimension_weight, effective_weight, composite, risk, potential, earned in steps:
        assert rise > 0
        risk = risk + rise * dimension_weight if dimension == "risk" else risk
        potential = potential + rise * dimension_weight if dimension == "potential" else potential
        is_known = effective_weight is not None  # at 0 it can't be told from the parts
        composite = composite + rise * effective_weight if is_known else 70
        is_safe = risk is not None and risk >= 60 - 1e-8
        assert risk is None or risk >= 40 - 1e-8
        if wanted == "quality":
            assert is_safe and composite >= 70 - 1e-7
        elif is_known:
            assert not is_safe or composite < 70
        if wanted == "potential":
            assert potential >= 60 - 1e-8
        if wanted == "general":
            assert earned == "risk" and not (potential or 0) >= 60


def test_planted_defaulters_rank_worse(synthetic_bank: SyntheticBank, capsys: pytest.CaptureFixture) -> None:
    """Risk scores of planted defaulters against all borrowers that never default, with what the numbers can bear.

    A month after the default, 60 days before it is one by the books, they have to rank worse. What the score knew on
    the month-end before is printed: ten defaults can't prove it.
    """
    query = f"select customer_id, default_month, defaulted_before from '{synthetic_bank.truth}'"
    truth = [(customer_key(customer), month, before) for customer, month, before in synthetic_bank.rows(query)]
    defaults = {key: month.year * 12 + month.month - 1 for key, month, _ in truth if month}
    sound = {key for key, month, before in truth if not month and not before}
    scores = synthetic_bank.rows(
        """
        select customer_key, year(as_of_date) * 12 + month(as_of_date) - 1, -risk_score
        from marts.customer_scores_monthly
        inner join marts.customer_features_monthly using (customer_key, as_of_date)
        where has_loan and risk_score is not null
        order by all
        """
    )
    better = list({key: score for key, _, score in scores if key in sound}.values())
    for lag, when in ((-1, "on the month-end before"), (1, "a month after")):
        worse = [score for key, month, score in scores if key in defaults and month - defaults[key] == lag]
        auc = area_under_curve(worse, better)
        low, high = hanley_mcneil(auc, len(worse), len(better))
        with capsys.disabled():
            print(f"\n  AUC of the risk score {when} {len(worse)} defaults: {auc:.3f} ({low:.3f}–{high:.3f})")
    assert len(worse) >= 5
    assert low > 0.5


def test_arrears_rise_from_quality_to_risk(synthetic_bank: SyntheticBank, capsys: pytest.CaptureFixture) -> None:
    """Share of borrowers more than 30 days past due within the next six months, by class, all months together."""
    rates = {
        code: (late / count, count)
        for code, late, count in synthetic_bank.rows(
            """
            with borrowers as (
                select customer_key, as_of_date, days_past_due, customer_class_code
                from marts.customer_features_monthly
                inner join marts.customer_segments_monthly using (customer_key, as_of_date)
                where has_loan
            )
            select past.customer_class_code, sum(is_late), count(*)
            from (
                select
                    past.customer_key,
                    past.as_of_date,
                    past.customer_class_code,
                    max(cast(future.days_past_due > 30 as integer)) as is_late
                from borrowers as past
                inner join borrowers as future
                    on
                        past.customer_key = future.customer_key
                        and future.as_of_date > past.as_of_date
                        and future.as_of_date <= past.as_of_date + interval 6 months
                group by all
            ) as past
            group by 1
            """
        )
    }
    with capsys.disabled():
        print(f"\n  late within six months: { {code: f'{rate:.2%} of {n}' for code, (rate, n) in rates.items()} }")
    assert rates["risk"][0] > rates["general"][0] >= rates["quality"][0]


def test_holding_never_adds_changes(synthetic_bank: SyntheticBank, capsys: pytest.CaptureFixture) -> None:
    """The class that is held flips at most as often as the one that is earned, and back and forth less."""
    ((earned, held, months),) = synthetic_bank.rows(
        """
        with paired as (
            select
                earned_customer_class_code,
                held_customer_class_code,
                lag(earned_customer_class_code) over months as old_earned,
                lag(held_customer_class_code) over months as old_held,
                month_number - lag(month_number) over months as gap
            from scores.customer_classes
            window months as (partition by customer_sk order by month_number)
        )
        select
            count(*) filter (earned_customer_class_code <> old_earned),
            count(*) filter (held_customer_class_code <> old_held),
            count(*)
        from paired where gap = 1
        """
    )
    with capsys.disabled():
        print(f"\n  flip rate: earned {earned / months:.3%}, held {held / months:.3%}")
    assert 0 < held <= earned


@pytest.fixture(scope="module")
def challenged(synthetic_bank: SyntheticBank, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with a draft: another threshold and one indicator more, run as challenger of the bank."""
    project = tmp_path_factory.mktemp("project")
    for name in ("dbt_project.yml", "models", "macros", "seeds", "tests", "profiles", "scripts", "pyproject.toml"):
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, project / name, ignore=shutil.ignore_patterns("__pycache__", "python"))
        else:
            shutil.copy(source, project / name)
    folder = project / "seeds" / "rules"
    rules.draft(DRAFT, "2020.1", date.fromisoformat(DRAFT_FROM), "A trial", folder)
    change_draft(folder)
    environment = {
        **os.environ, "DEPOSITS_HOME": str(synthetic_bank.home), "DEPOSITS_LANDING": str(synthetic_bank.landing),
        "PYTHONPATH": str(project), "DEPOSITS_KEY": KEY,
    }  # fmt: skip
    done = subprocess.run(
        [PYTHON, "-P", "-m", "scripts.challenger", "--version", DRAFT], cwd=project, env=environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    print(done.stdout)
    return synthetic_bank.home / "challengers" / DRAFT


def change_draft(folder: Path) -> None:
    """Seed rows alone: quality needs less, and how long a person has been a customer counts in the potential."""
    for name, change in (
        ("class_rules", {"quality_min_composite_score": "65"}),
        ("score_indicators", {}),
        ("score_bands", {}),
    ):
        seed = read_seed(folder, name)
        rows = [row | change if row["rule_version"] == DRAFT else row for row in seed.rows]
        if name == "score_indicators":
            rows = [with_less_weight(row) for row in rows]
            sample = next(row for row in rows if row["indicator_code"] == "tenure_months")
            rows.append(
                sample | {"rule_version": DRAFT, "indicator_code": "person_tenure", "indicator_rank": "99",
                          "customer_type": "individual", "weight": "3"}
            )  # fmt: skip
        if name == "score_bands":
            tenure = [row for row in rows if (row["rule_version"], row["indicator_code"]) == (DRAFT, "tenure_months")]
            rows += [{**row, "indicator_code": "person_tenure"} for row in tenure]
        Seed(seed.name, seed.columns, rows).write(folder)


def with_less_weight(row: dict[str, str]) -> dict[str, str]:
    """Makes room for the new indicator."""
    is_it = row["rule_version"] == DRAFT and row["indicator_code"] == "income_growth_12m"
    return row | {"weight": "5"} if is_it else row


def challenger_rows(challenged: Path, query: str) -> list[tuple]:
    """Rows of a query on the challenger's work file."""
    with duckdb.connect(str(challenged / "work" / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_an_indicator_is_added_by_seed_rows_alone(synthetic_bank: SyntheticBank, challenged: Path) -> None:
    """It has a value for everybody it is for, in the components, and these still add up."""
    query = "select 1 from marts.customer_score_components where indicator_code = 'person_tenure'"
    assert not synthetic_bank.rows(query)
    ((count, known, points),) = challenger_rows(
        challenged,
        "select count(*), count(raw_value), sum(effective_points) from marts.customer_score_components"
        " where indicator_code = 'person_tenure'",
    )
    ((people,),) = challenger_rows(
        challenged,
        "select count(*) from marts.customer_features_monthly where customer_type_code = 'individual'"
        " and as_of_date in (select as_of_date from marts.customer_score_components)",
    )
    assert count == people
    assert known > people / 2
    assert points > 0
    wrong = challenger_rows(
        challenged,
        """
        select customer_key, as_of_date from marts.customer_score_components
        inner join marts.customer_scores_monthly using (customer_key, as_of_date)
        group by customer_key, as_of_date, composite_score
        having abs(sum(effective_points) - composite_score) > 1e-9
        """,
    )
    assert not wrong


def test_a_challenger_changes_no_month_before_its_own(synthetic_bank: SyntheticBank, challenged: Path) -> None:
    """Replay: months under the old version have the same rows, bit for bit, though a later version is there."""
    for mart in ("customer_scores_monthly", "customer_segments_monthly", "customer_class_changes",
                 "customer_class_change_drivers"):  # fmt: skip
        query = (
            f"select count(*), sum(cast(hash(rows) as hugeint)) from marts.{mart} as rows"
            f" where as_of_date < date '{DRAFT_FROM}'"
        )
        before = synthetic_bank.rows(query)
        assert before[0][0] > 0
        assert challenger_rows(challenged, query) == before, mart
    versions = challenger_rows(
        challenged, "select distinct rule_version, min(as_of_date) from marts.customer_scores_monthly group by 1"
    )
    assert dict(versions).keys() == {"2020.1", DRAFT}
    assert dict(versions)[DRAFT] == date(2025, 7, 31)


def test_the_champion_is_left_as_it_is(synthetic_bank: SyntheticBank, challenged: Path) -> None:
    """The challenger is built in files of its own."""
    assert synthetic_bank.rows("select distinct rule_version from marts.customer_scores_monthly") == [("2020.1",)]
    assert {path.name for path in challenged.iterdir()} >= {"migration.csv", "migration.parquet", "metrics.json"}


def test_the_migration_lists_every_customer_and_dimension(synthetic_bank: SyntheticBank, challenged: Path) -> None:
    """Both codes as both work files have them; the totals of the files are those of the marts."""
    with (challenged / "migration.csv").open(encoding="utf-8", newline="") as file:
        migration = list(csv.DictReader(file))
    newest = "as_of_date = (select max(as_of_date) from marts.customer_segments_monthly)"
    query = f"select customer_key, customer_class_code from marts.customer_segments_monthly where {newest} order by 1"
    classes = [row for row in migration if row["dimension"] == "class"]
    assert [(row["customer_key"], row["champion_code"]) for row in classes] == synthetic_bank.rows(query)
    assert [(row["customer_key"], row["challenger_code"]) for row in classes] == challenger_rows(challenged, query)
    assert {row["dimension"] for row in migration} == {"class", "value_tier", "need", "activity"}
    moved = [row for row in classes if row["is_moved"] == "true"]
    assert moved, "a lower threshold moves somebody"
    assert not [row for row in migration if row["dimension"] == "value_tier" and row["is_moved"] == "true"]

    metrics = json.loads((challenged / "metrics.json").read_text(encoding="utf-8"))
    shares = metrics["challenger"]["class_shares"]
    assert math.isclose(sum(shares.values()), 1)
    assert shares["quality"] > metrics["champion"]["class_shares"]["quality"]
    assert 0.8 < metrics["rank_correlation"] <= 1


def compiled(home: Path, text: str) -> str:
    """SQL with its macros expanded."""
    nowhere = Warehouse(home=home, landing=home)
    for name in ("work", "quarantine", "keys"):
        (home / name).mkdir()
    duckdb.connect(str(home / "keys" / "keys.duckdb")).close()
    return nowhere.run(*nowhere.dbt_command, "compile", "--inline", text)


def test_macros_mean_what_python_says(tmp_path: Path) -> None:
    """Bands, means, classes and holds, on values at, beside and far from every boundary, and on unknown ones."""
    draw = random.Random(3)
    values = [None]
    values += [draw.choice([0, 10, 30, 90]) + draw.choice([0, 1e-9, -1e-9, draw.uniform(-20, 20)]) for _ in range(300)]
    bands = [(-math.inf, 0, 100, 100), (0, 10, 100, 80), (10, 30, 75, 50), (30, 90, 50, 0), (90, math.inf, 0, 0)]
    scores = [None, 0, 39.999999999, 40, 59.999999999, 60, 69.999999999, 70, 100]
    held = [(month, earned, veto) for month in (6, 7, 8) for earned in (None, 0, 1, 2) for veto in (None, 0, 1, 2, 7)]
    statement = compiled(
        tmp_path,
        """
        select
            'band' as kind,
            cast(value as varchar) as input,
            cast({{ banded_value('value', 'lower', 'upper', 'at_lower', 'at_upper') }} as varchar) as output
        from drawn left join bands on value >= lower and value < upper
        union all
        select 'class', composite || '|' || risk || '|' || potential || '|' || vetoed,
            {{ earned_class_rule(
                'cast(vetoed as boolean)', 'try_cast(composite as double)', 'try_cast(risk as double)',
                'try_cast(potential as double)', 'rules'
            ) }}
        from classes cross join rules
        union all
        select 'mean', composite || '|' || risk || '|' || potential,
            cast({{ known_mean({
                'try_cast(composite as double)': '40', 'try_cast(risk as double)': '30',
                'try_cast(potential as double)': '30',
            }) }} as varchar)
        from classes where vetoed = 'false'
        union all
        select 'hold', this_month || '|' || earned || '|' || veto,
            cast({{ is_held(
                'this_month', 'try_cast(earned as integer)', 'try_cast(veto as integer)', '6'
            ) }} as varchar)
        from holds
        """,
    )
    with duckdb.connect() as connection:
        connection.execute("create table drawn (value double)")
        connection.executemany("insert into drawn values (?)", [(value,) for value in values])
        connection.execute("create table bands (lower double, upper double, at_lower double, at_upper double)")
        connection.executemany("insert into bands values (?, ?, ?, ?)", bands)
        connection.execute("create table classes (composite varchar, risk varchar, potential varchar, vetoed varchar)")
        connection.executemany(
            "insert into classes values (?, ?, ?, ?)",
            [tuple(map(str, (*case, "true" if is_vetoed else "false")))
             for case in product(scores, scores, scores) for is_vetoed in (True, False)],
        )  # fmt: skip
        connection.execute(
            "create table rules as select 40 as risk_below_risk_score, 70 as quality_min_composite_score,"
            " 60 as quality_min_risk_score, 60 as potential_min_potential_score"
        )
        connection.execute("create table holds (this_month integer, earned varchar, veto varchar)")
        connection.executemany("insert into holds values (?, ?, ?)", [tuple(map(str, case)) for case in held])
        found = connection.execute(statement).fetchall()

    def number(text: str) -> float | None:
        return None if text == "None" else float(text)

    def band(value: float) -> float:
        lower, upper, at_lower, at_upper = next(row for row in bands if row[0] <= value < row[1])
        flat = at_lower == at_upper
        return at_lower if flat else at_lower + (value - lower) * (at_upper - at_lower) / (upper - lower)

    def rule(composite: float | None, risk: float | None, potential: float | None, is_vetoed: bool) -> str:
        if is_vetoed:
            return "veto"
        if risk is not None and risk < 40:
            return "risk_score"
        if composite is None:
            return "unclassified"
        if composite >= 70 and risk is not None and risk >= 60:
            return "quality"
        return "potential" if potential is not None and potential >= 60 else "general"

    def mean(known: list[tuple[float, int]]) -> float | None:
        return sum(score * weight for score, weight in known) / sum(weight for _, weight in known) if known else None

    assert len(found) == len(values) + 2 * 9**3 + 9**3 + len(held)
    for kind, text, output in found:
        if kind == "band":
            assert output is None if text is None else math.isclose(float(output), band(float(text)), abs_tol=1e-12)
        elif kind == "class":
            *parts, is_vetoed = text.split("|")
            assert output == rule(*map(number, parts), is_vetoed == "true"), text
        elif kind == "mean":
            pairs = zip(map(number, text.split("|")), (40, 30, 30), strict=True)
            expected = mean([(score, weight) for score, weight in pairs if score is not None])
            assert output is None if expected is None else math.isclose(float(output), expected, abs_tol=1e-12)
        else:
            month, earned, veto = map(number, text.split("|"))
            is_held = earned is not None and month - earned <= 6 and earned >= (veto or 0)
            assert output == str(is_held).lower(), text
