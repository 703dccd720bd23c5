"""Warning signals, recommendations and campaigns on a synthetic bank, against the truth that was planted in it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date

import duckdb
import pytest
from reference.parties import keyed_hash
from warehouse import KEY, PROJECT, Warehouse

from tests.documents.blocks import questions

CUSTOMERS, MONTHS, SEED = 700, 30, 5
# Months around a planted event within which a signal speaks of it: before it and while it goes on.
BEFORE, AFTER = 3, 8
# A balance has gone when this part of what it was before the event is left.
GONE = 0.27
FEWEST_ALERTS = 20


def seed_rows(name: str) -> list[dict[str, str]]:
    """The rows of a rule seed."""
    with (PROJECT / "seeds" / "rules" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(day: date) -> int:
    """Months from year 0."""
    return day.year * 12 + day.month - 1


@dataclass(frozen=True)
class Record:
    """How well a signal did."""

    alerts: int
    precision: float
    base: float
    lead: float | None

    @property
    def lift(self) -> float:
        """How much oftener than by chance."""
        return self.precision / self.base

    def __str__(self) -> str:
        lead = "-" if self.lead is None else f"{self.lead:+.1f}"
        return f"{self.alerts:6d} {self.precision:9.1%} {self.base:9.1%} {self.lift:6.2f} {lead:>7}"


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The bank, built with all its months."""
    folder = tmp_path_factory.mktemp("alerts")
    warehouse = Warehouse(home=folder / "home", landing=folder / "landing")
    warehouse.run(
        str(PROJECT / ".venv/bin/python"), "-m", "scripts.landing.synthetic", "--seed", str(SEED),
        "--customers", str(CUSTOMERS), "--months", str(MONTHS),
        "--landing", str(warehouse.landing), "--truth", str(folder / "truth"),
    )  # fmt: skip
    warehouse.build("--vars", "{history_months: 1200}")
    return warehouse


def rows(bank: Warehouse, query: str) -> list[tuple]:
    """The rows of a query."""
    with bank.connect() as connection:
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def events(bank: Warehouse) -> dict[str, dict[str, int]]:
    """The months in which customers begin to leave, and in which they default, by outcome and customer."""
    path = bank.home.parent / "truth" / "customers.parquet"
    found: dict[str, dict[str, int]] = {"churn": {}, "default": {}}
    for customer_id, churn, default in duckdb.execute(
        f"select customer_id, churn_start_month, default_month from '{path}' where duplicate_of is null"
    ).fetchall():
        key = keyed_hash(KEY, customer_id)
        if churn:
            found["churn"][key] = number(churn)
        if default:
            found["default"][key] = number(default)
    return found


@pytest.fixture(scope="module")
def records(bank: Warehouse, events: dict[str, dict[str, int]]) -> dict[str, Record]:
    """Precision, lift and lead time of every signal that predicts something."""
    months: dict[str, dict[int, float]] = {}
    for key, day, adb in rows(bank, "select customer_key, as_of_date, adb_1m from marts.customer_features_monthly"):
        months.setdefault(key, {})[number(day)] = float(adb or 0)
    last = max(month for seen in months.values() for month in seen)
    gone: dict[str, int] = {}
    for key, begin in events["churn"].items():
        before = months.get(key, {}).get(begin - 1, 0.0)
        left = [m for m in range(begin, last + 1) if months.get(key, {}).get(m, 0.0) <= GONE * before]
        if before > 0 and left:
            gone[key] = left[0]

    def speaks_of(outcome: str, key: str, month: int) -> bool:
        event = events[outcome].get(key)
        return event is not None and event - BEFORE <= month <= event + AFTER

    found = {}
    for signal in seed_rows("alert_signals"):
        outcome, code = signal["predicts_code"], signal["signal_code"]
        if outcome == "none":
            continue
        alerts = [
            (key, number(day))
            for key, day in rows(
                bank,
                f"select customer_key, as_of_date from marts.customer_alerts where signal_code = '{code}' and is_new",
            )
        ]
        if not alerts:
            continue
        hits = [(key, month) for key, month in alerts if speaks_of(outcome, key, month)]
        chances = [speaks_of(outcome, key, month) for key, seen in months.items() for month in seen]
        first: dict[str, int] = {}
        for key, month in hits:
            first[key] = min(month, first.get(key, month))
        ends = gone if outcome == "churn" else events["default"]
        leads = [ends[key] - month for key, month in first.items() if key in ends]
        found[code] = Record(
            len(alerts),
            len(hits) / len(alerts),
            sum(chances) / len(chances),
            sum(leads) / len(leads) if leads else None,
        )
    return found


def test_every_signal_fires_or_says_why_not(bank: Warehouse) -> None:
    """And one that says so doesn't."""
    signals = seed_rows("alert_signals")
    assert len(signals) >= 18
    fired = {code for (code,) in rows(bank, "select distinct signal_code from marts.customer_alerts")}
    assert {row["signal_code"] for row in signals if not row["expected_empty_reason"]} - fired == set()
    assert {row["signal_code"] for row in signals if row["expected_empty_reason"]} & fired == set()


def test_signals_find_the_planted_truth(records: dict[str, Record]) -> None:
    """Printed for all; those with enough alerts are better than chance, as a whole clearly so."""
    print("\nsignal                  alerts precision      base   lift    lead")
    for code, record in sorted(records.items(), key=lambda item: -item[1].lift):
        print(f"{code:22} {record}")
    counted = {code: record for code, record in records.items() if record.alerts >= FEWEST_ALERTS}
    by_outcome: dict[str, list[Record]] = {}
    for signal in seed_rows("alert_signals"):
        if signal["signal_code"] in counted:
            by_outcome.setdefault(signal["predicts_code"], []).append(counted[signal["signal_code"]])
    for outcome, found in by_outcome.items():
        assert found, outcome
        alerts = sum(record.alerts for record in found)
        assert sum(record.lift * record.alerts for record in found) / alerts >= 1.3, outcome
        assert max(record.lift for record in found) >= 2, outcome
    assert [code for code, record in counted.items() if record.lift < 1] == []


def test_no_recommendation_that_must_not_be(bank: Warehouse) -> None:
    """The guards hold over the whole bank, and every guard that can is seen at work."""
    bank.dbt("test", "--select", "no_recommendation_passes_its_guards")
    found = dict(
        rows(
            bank,
            "select coalesce(guard_code, guard_status_code), count(*) from marts.customer_recommendations group by 1",
        )
    )
    print(f"\nRecommendations by guard: {found}")
    assert found["allowed"] > 0
    assert {"suitability", "no_marketing_consent", "assessment_missing"} <= found.keys()
    customers = rows(bank, "select count(*) from marts.customer_service_levels")[0][0]
    assert found["alternative"] == customers
    most = rows(
        bank, "select max(n) from (select count(*) as n from marts.customer_recommendations"
        " where guard_status_code = 'allowed' group by customer_key)"
    )[0][0]  # fmt: skip
    assert most == 3


def test_wide_equals_narrow(bank: Warehouse) -> None:
    """The wide table shows the numbers of the narrow ones, and has all customers."""
    bank.dbt("test", "--select", "wide_table_equals_narrow_marts")
    assert rows(bank, "select count(*) from marts.customer_360_current") == rows(
        bank, "select count(*) from marts.customer_features_monthly"
        " where as_of_date = (select max(as_of_date) from marts.customer_features_monthly)"
    )  # fmt: skip


def test_questions_of_a_branch_manager_have_answers(bank: Warehouse) -> None:
    """Every query of docs/questions.md finds rows, with the columns that the page shows."""
    page = (PROJECT / "docs" / "questions.md").read_text(encoding="utf-8")
    assert len(questions()) == 10
    with bank.connect() as connection:
        for question in questions():
            answer = connection.execute(question.text)
            assert f"| {' | '.join(column[0] for column in answer.description)} |\n" in page, question.place
            assert answer.fetchone(), question.place


def test_campaigns_add_up(bank: Warehouse) -> None:
    """The segments of a dimension add up to the campaign, whose intervals hold the difference."""
    differences = rows(
        bank,
        "select campaign_id, dimension, sum(contacted_count), sum(holdout_count) from marts.campaign_outcomes"
        " where dimension <> 'all' group by all except"
        " select campaign_id, dimension, contacted_count, holdout_count from"
        " (select distinct dimension from marts.campaign_outcomes where dimension <> 'all') cross join"
        " (select campaign_id, contacted_count, holdout_count from marts.campaign_outcomes where dimension = 'all')",
    )
    assert differences == []
    assert rows(bank, "select 1 from marts.campaign_outcomes where dimension = 'all' and contacted_count > 0")
