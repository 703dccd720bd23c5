"""Warning signals, recommendations and campaigns on a synthetic bank, against the truth that was planted in it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest
from reference.parties import keyed_hash
from scipy.stats import binomtest
from warehouse import KEY, PROJECT, SyntheticBank

from tests.documents.blocks import questions

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
    hits: int
    base: float
    lead: float | None

    @property
    def precision(self) -> float:
        """The part of the alerts that the event follows or accompanies."""
        return self.hits / self.alerts

    @property
    def is_worse_than_chance(self) -> bool:
        """More surely than once in a hundred."""
        return binomtest(self.hits, self.alerts, self.base, alternative="less").pvalue < 0.01

    @property
    def lift(self) -> float:
        """How much oftener than by chance."""
        return self.precision / self.base

    def __str__(self) -> str:
        lead = "-" if self.lead is None else f"{self.lead:+.1f}"
        return f"{self.alerts:6d} {self.precision:9.1%} {self.base:9.1%} {self.lift:6.2f} {lead:>7}"


@pytest.fixture(scope="module")
def events(synthetic_bank: SyntheticBank) -> dict[str, dict[str, int]]:
    """The months in which customers begin to leave, and in which they default, by outcome and customer."""
    found: dict[str, dict[str, int]] = {"churn": {}, "default": {}}
    for customer_id, churn, default in duckdb.execute(
        f"select customer_id, churn_start_month, default_month from '{synthetic_bank.truth}' where duplicate_of is null"
    ).fetchall():
        key = keyed_hash(KEY, customer_id)
        if churn:
            found["churn"][key] = number(churn)
        if default:
            found["default"][key] = number(default)
    return found


@pytest.fixture(scope="module")
def records(synthetic_bank: SyntheticBank, events: dict[str, dict[str, int]]) -> dict[str, Record]:
    """Precision, lift and lead time of every signal that predicts something."""
    months: dict[str, dict[int, float]] = {}
    for key, day, adb in synthetic_bank.rows(
        "select customer_key, as_of_date, adb_1m from marts.customer_features_monthly"
    ):
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
            for key, day in synthetic_bank.rows(
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
            len(hits),
            sum(chances) / len(chances),
            sum(leads) / len(leads) if leads else None,
        )
    return found


def test_every_signal_fires_or_says_why_not(synthetic_bank: SyntheticBank) -> None:
    """And one that says so doesn't."""
    signals = seed_rows("alert_signals")
    assert len(signals) >= 18
    fired = {code for (code,) in synthetic_bank.rows("select distinct signal_code from marts.customer_alerts")}
    assert {row["signal_code"] for row in signals if not row["expected_empty_reason"]} - fired == set()
    assert {row["signal_code"] for row in signals if row["expected_empty_reason"]} & fired == set()


def test_signals_find_the_planted_truth(records: dict[str, Record]) -> None:
    """Printed for all; those with enough alerts are not worse than chance, as a whole clearly better."""
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
    assert [code for code, record in counted.items() if record.is_worse_than_chance] == []


def test_no_recommendation_that_must_not_be(synthetic_bank: SyntheticBank) -> None:
    """Every guard that can is seen at work."""
    found = dict(
        synthetic_bank.rows(
            "select coalesce(guard_code, guard_status_code), count(*) from marts.customer_recommendations group by 1",
        )
    )
    print(f"\nRecommendations by guard: {found}")
    assert found["allowed"] > 0
    assert {"suitability", "no_marketing_consent", "assessment_missing"} <= found.keys()
    customers = synthetic_bank.rows("select count(*) from marts.customer_service_levels")[0][0]
    assert found["alternative"] == customers
    most = synthetic_bank.rows(
            "select max(n) from (select count(*) as n from marts.customer_recommendations"
        " where guard_status_code = 'allowed' group by customer_key)"
    )[0][0]  # fmt: skip
    assert most == 3


def test_guards_hold_and_wide_equals_narrow(synthetic_bank: SyntheticBank, tmp_path: Path) -> None:
    """Over the whole bank, by the singular tests."""
    names = ("no_recommendation_passes_its_guards", "wide_table_equals_narrow_marts")
    synthetic_bank.copy(tmp_path).dbt("test", "--select", *names)


def test_the_wide_table_has_all_customers(synthetic_bank: SyntheticBank) -> None:
    """Those of the newest month."""
    assert synthetic_bank.rows("select count(*) from marts.customer_360_current") == synthetic_bank.rows(
            "select count(*) from marts.customer_features_monthly"
        " where as_of_date = (select max(as_of_date) from marts.customer_features_monthly)"
    )  # fmt: skip


def test_questions_of_a_branch_manager_have_answers(synthetic_bank: SyntheticBank) -> None:
    """Every query of docs/questions.md finds rows, with the columns that the page shows."""
    page = (PROJECT / "docs" / "questions.md").read_text(encoding="utf-8")
    assert len(questions()) == 10
    with synthetic_bank.connect() as connection:
        for question in questions():
            answer = connection.execute(question.text)
            assert f"| {' | '.join(column[0] for column in answer.description)} |\n" in page, question.place
            assert answer.fetchone(), question.place


def test_campaigns_add_up(synthetic_bank: SyntheticBank) -> None:
    """The segments of a dimension add up to the campaign, whose intervals hold the difference."""
    differences = synthetic_bank.rows(
        "select campaign_id, dimension, sum(contacted_count), sum(holdout_count) from marts.campaign_outcomes"
        " where dimension <> 'all' group by all except"
        " select campaign_id, dimension, contacted_count, holdout_count from"
        " (select distinct dimension from marts.campaign_outcomes where dimension <> 'all') cross join"
        " (select campaign_id, contacted_count, holdout_count from marts.campaign_outcomes where dimension = 'all')",
    )
    assert differences == []
    assert synthetic_bank.rows("select 1 from marts.campaign_outcomes where dimension = 'all' and contacted_count > 0")
