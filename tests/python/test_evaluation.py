"""The evaluation's metrics against scipy and scikit-learn, on one synthetic bank."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from evaluation_twin import stability_index
from scipy import stats
from sklearn.metrics import roc_auc_score
from warehouse import PROJECT, SyntheticBank

OUTCOMES = ["balance_loss", "inactivity", "new_inactivity", "overdue", "new_overdue"]
PREDICTORS = {
    "composite_score": -1,
    "contribution_score": -1,
    "risk_score": -1,
    "potential_score": -1,
    "slowing_points": 1,
}
WATCHED = [
    "composite_score", "contribution_score", "risk_score", "potential_score", "wealth_need_score",
    "financing_need_score", "settlement_need_score", "adb_12m", "aum_1m", "contribution_12m",
    "customer_txn_per_month_12m", "product_line_count", "digital_share_12m", "income_level_amount", "balance_cv_6m",
    "max_dpd_12m", "primacy_score",
]  # fmt: skip


@pytest.fixture(scope="module")
def metrics(synthetic_bank: SyntheticBank) -> pd.DataFrame:
    """The newest month of the mart."""
    with synthetic_bank.connect() as connection:
        return connection.execute(
            "select * from marts.segment_evaluation_monthly"
            " where as_of_date = (select max(as_of_date) from marts.segment_evaluation_monthly)"
        ).df()


@pytest.fixture(scope="module")
def customers(synthetic_bank: SyntheticBank) -> pd.DataFrame:
    """What was evaluated, customer by customer, with money as floats."""
    with synthetic_bank.connect() as connection:
        frame = connection.execute("select * from evaluation.int_evaluation_customers").df()
    return frame.assign(**{name: frame[name].astype(float) for name in WATCHED})


@pytest.fixture(scope="module")
def outcomes(synthetic_bank: SyntheticBank, customers: pd.DataFrame) -> pd.DataFrame:
    """What happened to the cohorts of the newest month, with their codes and scores."""
    with synthetic_bank.connect() as connection:
        frame = connection.execute(
            "select * from evaluation.int_outcomes"
            " where as_of_date = (select max(as_of_date) from evaluation.int_outcomes)"
        ).df()
    cohort = customers.rename(columns={"as_of_date": "cohort_date"}).drop(columns=["month_number"])
    return frame.merge(cohort, on=["customer_sk", "cohort_date"], validate="many_to_one")


def one(metrics: pd.DataFrame, metric: str, **cell: object) -> pd.Series:
    """The row of a cell."""
    rows = metrics[metrics["metric_code"] == metric]
    for name, value in cell.items():
        rows = rows[rows[name] == value]
    assert len(rows) == 1, (metric, cell, len(rows))
    return rows.iloc[0]


def test_auc_and_ks_are_those_of_other_libraries(metrics: pd.DataFrame, outcomes: pd.DataFrame) -> None:
    """Ties half, for every score, outcome and horizon with both kinds of customers."""
    compared = 0
    for (horizon, outcome), rows in (
        ((horizon, outcome), part.dropna(subset=[outcome]))
        for horizon, part in outcomes.groupby("horizon_months")
        for outcome in OUTCOMES
    ):
        for subject, sign in PREDICTORS.items():
            known = rows.dropna(subset=[subject])
            hits = known[outcome].astype(int)
            cell = {"subject_code": subject, "outcome_code": outcome, "horizon_months": horizon}
            found = one(metrics, "auc", **cell)
            if hits.nunique() < 2:
                assert np.isnan(found["value"])
                continue
            badness = known[subject].astype(float) * sign
            assert found["value"] == pytest.approx(roc_auc_score(hits, badness), abs=1e-9)
            assert found["lower_bound"] <= found["value"] <= found["upper_bound"]
            distance = stats.ks_2samp(badness[hits == 1], badness[hits == 0]).statistic
            assert one(metrics, "ks", **cell)["value"] == pytest.approx(distance, abs=1e-9)
            compared += 1
    assert compared > 40


def test_hanley_mcneil_interval_is_right(metrics: pd.DataFrame) -> None:
    """The formula of the paper, written down again."""
    rows = metrics[(metrics["metric_code"] == "auc")].dropna(subset=["value"])
    for row in rows.itertuples():
        a, m, n = row.value, row.numerator, row.denominator
        q1, q2 = a / (2 - a), 2 * a * a / (1 + a)
        error = np.sqrt((a * (1 - a) + (m - 1) * (q1 - a * a) + (n - 1) * (q2 - a * a)) / (m * n))
        assert row.lower_bound == pytest.approx(max(a - 1.959964 * error, 0), abs=1e-7)
        assert row.upper_bound == pytest.approx(min(a + 1.959964 * error, 1), abs=1e-7)


def test_rates_have_wilson_intervals(metrics: pd.DataFrame, outcomes: pd.DataFrame) -> None:
    """Rates of classes, counted again; bounds of every rate as scipy has them."""
    for horizon, part in outcomes.groupby("horizon_months"):
        for code, rows in part.groupby("customer_class_code"):
            for outcome in OUTCOMES:
                found = one(
                    metrics, "outcome_rate", dimension="class", segment_code=code, outcome_code=outcome,
                    horizon_months=horizon,
                )  # fmt: skip
                assert found["numerator"] == rows[outcome].sum()
                assert found["denominator"] == rows[outcome].count()
    bounded = metrics[
        metrics["metric_code"].isin(["outcome_rate", "signal_precision", "signal_recall", "flip_back_rate"])
    ]
    bounded = bounded.dropna(subset=["value"])
    assert len(bounded) > 100
    for row in bounded.itertuples():
        interval = stats.binomtest(int(row.numerator), int(row.denominator)).proportion_ci(0.95, "wilson")
        assert (row.lower_bound, row.upper_bound) == pytest.approx((interval.low, interval.high), abs=1e-6)


def test_rank_correlation_is_spearmans(metrics: pd.DataFrame, customers: pd.DataFrame) -> None:
    """Over the customers that have both values."""
    months = sorted(customers["as_of_date"].unique())
    now = customers[customers["as_of_date"] == months[-1]].set_index("customer_sk")
    before = customers[customers["as_of_date"] == months[-2]].set_index("customer_sk")
    for subject in WATCHED[:7]:
        pairs = pd.concat([now[subject], before[subject]], axis=1, join="inner").dropna()
        found = one(metrics, "rank_correlation", subject_code=subject)
        assert found["sample_size"] == len(pairs)
        assert found["value"] == pytest.approx(stats.spearmanr(pairs.iloc[:, 0], pairs.iloc[:, 1]).statistic, abs=1e-9)


def test_concentration_and_separation(metrics: pd.DataFrame, customers: pd.DataFrame) -> None:
    """Herfindahl index, capture curve and eta squared, from their definitions."""
    now = customers[customers["as_of_date"] == customers["as_of_date"].max()]
    balances = np.sort(now["adb_1m"].astype(float).clip(lower=0).to_numpy())[::-1]
    shares = balances / balances.sum()
    assert one(metrics, "balance_concentration")["value"] == pytest.approx(np.sum(shares**2), abs=1e-9)
    top = shares[: int(np.ceil(0.1 * len(shares)))].sum()
    assert one(metrics, "capture", subject_code="top_10")["value"] == pytest.approx(top, abs=1e-9)
    for dimension, column in (("value_tier", "value_tier_code"), ("class", "customer_class_code")):
        sizes = now[column].value_counts(normalize=True)
        assert one(metrics, "segment_concentration", dimension=dimension)["value"] == pytest.approx(
            (sizes**2).sum(), abs=1e-9
        )
        for value in ("aum_1m", "contribution_12m"):
            known = now.dropna(subset=[value])
            groups = [part.to_numpy() for _, part in known.groupby(column)[value]]
            everyone = known[value].to_numpy()
            between = sum(len(group) * (group.mean() - everyone.mean()) ** 2 for group in groups)
            expected = between / np.sum((everyone - everyone.mean()) ** 2)
            found = one(metrics, "value_eta_squared", dimension=dimension, subject_code=value)
            assert found["value"] == pytest.approx(expected, abs=1e-8)


def test_stability_is_that_of_the_twin(metrics: pd.DataFrame, customers: pd.DataFrame) -> None:
    """Bins frozen twelve months before; index and critical value."""
    months = sorted(customers["as_of_date"].unique())
    measured = 0
    for subject in WATCHED:
        then = customers.loc[customers["as_of_date"] == months[-13], subject].dropna().to_numpy()
        now = customers.loc[customers["as_of_date"] == months[-1], subject].dropna().to_numpy()
        found = one(metrics, "psi", subject_code=subject)
        expected = stability_index(then, now) if len(then) and len(now) else None
        if expected is None:
            assert np.isnan(found["value"])
            continue
        assert (found["value"], found["critical_value"]) == pytest.approx(expected, abs=1e-8)
        measured += 1
    assert measured >= 14


@pytest.mark.parametrize(("then_size", "now_size"), [(400, 380), (3000, 5000)])
def test_a_population_drawn_again_stays_below_the_critical_value(then_size: int, now_size: int) -> None:
    """Two draws from one population differ by chance: at least 90 % of 200 stay below the critical value."""
    random = np.random.default_rng(20260630)
    below = 0
    for _ in range(200):
        then, now = random.lognormal(10, 1.4, then_size), random.lognormal(10, 1.4, now_size)
        index, critical_value = stability_index(then, now)
        below += index <= critical_value
    assert below >= 180


def test_a_planted_drift_is_flagged(synthetic_bank: SyntheticBank, tmp_path: Path, metrics: pd.DataFrame) -> None:
    """Everybody's assets triple: the index of that feature, and no other of the features, crosses both bounds."""
    file = tmp_path / "warehouse.duckdb"
    shutil.copy(synthetic_bank.home / "work" / "warehouse.duckdb", file)
    models = synthetic_bank.home / "target" / "compiled" / "deposit_customers" / "models"
    compiled = models / "evaluation" / "stability_metrics.sql"
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "update evaluation.int_evaluation_customers set aum_1m = 3 * aum_1m"
            " where as_of_date = (select max(as_of_date) from evaluation.int_evaluation_customers)"
        )
        drifted = connection.execute(
            f"select * from ({compiled.read_text(encoding='utf-8')})"
            " where metric_code = 'psi' and as_of_date = (select max(as_of_date) from panel.ledger_months)"
        ).df().set_index("subject_code")  # fmt: skip
    alarm_from = {row["metric_code"]: row["alarm_from"] for row in seed("evaluation_metrics")}["psi"]
    flagged = drifted[(drifted["value"] > drifted["critical_value"]) & (drifted["value"] >= float(alarm_from))]
    before = metrics[(metrics["metric_code"] == "psi") & metrics["is_alarm"]]
    assert "aum_1m" not in set(before["subject_code"])
    assert set(flagged.index) == set(before["subject_code"]) | {"aum_1m"}


def test_weight_stress_scores_as_the_scores_do(synthetic_bank: SyntheticBank, metrics: pd.DataFrame) -> None:
    """The largest flip, counted again from the components: dimension means, composite, class rule."""
    with synthetic_bank.connect() as connection:
        month = connection.execute("select max(as_of_date) from scores.score_components").fetchone()[0]
        components = connection.execute("select * from scores.score_components where as_of_date = ?", [month]).df()
        classes = connection.execute(
            "select customer_sk, earned_customer_class_code from scores.customer_classes where as_of_date = ?", [month]
        ).df().set_index("customer_sk")["earned_customer_class_code"]  # fmt: skip
        vetoed = {
            key for (key,) in connection.execute(
                "select customer_sk from panel.vetoed_months where as_of_date = ?", [month]
            ).fetchall()
        }  # fmt: skip
    rules = {
        row["dimension"]: (float(row["weight"]), float(row["min_observed_share"])) for row in seed("score_dimensions")
    }
    bounds = {name: float(value) for name, value in seed("class_rules")[0].items() if "score" in name}
    rows = metrics[metrics["metric_code"] == "weight_up_flip_rate"].sort_values("numerator")
    for row in (rows.iloc[0], rows.iloc[-1]):
        flipped = count = 0
        for key, part in components.groupby("customer_sk"):
            if row["subject_code"] not in set(part["indicator_code"]):
                continue
            count += 1
            part = part.assign(
                weight=part["weight"] * np.where(part["indicator_code"] == row["subject_code"], 1.2, 1.0)
            )
            flipped += earned_class(part, rules, bounds, key in vetoed) != classes[key]
        assert (row["numerator"], row["denominator"]) == (flipped, count)


def earned_class(part: pd.DataFrame, rules: dict, bounds: dict, is_vetoed: bool) -> str:
    """The class of one customer from its indicators."""
    scores: dict[str, float | None] = {}
    total = weights = 0.0
    for dimension, (weight, min_share) in rules.items():
        rows = part[part["dimension"] == dimension]
        seen = rows[rows["status_code"] == "observed"]
        known = seen["weight"].sum() + rows.loc[rows["status_code"] == "not_applicable", "weight"].sum()
        if seen["weight"].sum() > 0 and round(known, 9) >= round(min_share * rows["weight"].sum(), 9):
            mean = (seen["weight"] * seen["normalised_value"]).sum() / seen["weight"].sum()
            scores[dimension] = round(mean, 9)
            total, weights = total + weight * mean, weights + weight
        else:
            scores[dimension] = None
    composite = round(total / weights, 9) if weights else None
    risk, potential = scores["risk"], scores["potential"]
    if is_vetoed or (risk is not None and risk < bounds["risk_below_risk_score"]):
        return "risk"
    if composite is None:
        return "unclassified"
    if (
        composite >= bounds["quality_min_composite_score"]
        and risk is not None
        and risk >= bounds["quality_min_risk_score"]
    ):
        return "quality"
    return "potential" if potential is not None and potential >= bounds["potential_min_potential_score"] else "general"


def test_every_cell_has_a_row_and_small_groups_have_no_number(metrics: pd.DataFrame, customers: pd.DataFrame) -> None:
    """Also where nobody is; groups below 20 are there without numbers."""
    sizes = metrics[metrics["metric_code"] == "customer_share"]
    codes = {(row["dimension"], row["code"]) for row in seed("classification_codes", "reference")}
    assert set(zip(sizes["dimension"], sizes["segment_code"], strict=True)) <= codes
    assert (sizes["value"] == 0).any()
    assert sizes["value"].notna().all()
    # a signal that was on for nobody has foreseen none of what happened
    recall = metrics[metrics["metric_code"] == "signal_recall"]
    for _, cells in recall.groupby(["outcome_code", "horizon_months"]):
        assert cells["value"].isna().nunique() == 1
    assert (recall["value"] == 0).any()
    suppressed = metrics[metrics["is_suppressed"]]
    assert len(suppressed) and suppressed[["value", "numerator", "denominator"]].isna().all(axis=None)
    now = customers[customers["as_of_date"] == customers["as_of_date"].max()]
    bands = now["age_band_code"].value_counts()
    shown = metrics[(metrics["metric_code"] == "favourable_share") & (metrics["dimension"] == "age_band")]
    for row in shown.itertuples():
        assert row.is_suppressed == (bands.get(row.segment_code, 0) < 20)


def test_horizons_end_on_the_month_and_look_at_no_later_one(metrics: pd.DataFrame) -> None:
    """as_of_date is the end of the horizon."""
    for row in metrics[metrics["outcome_code"] != "all"].itertuples():
        months = (row.as_of_date.year - row.cohort_date.year) * 12 + row.as_of_date.month - row.cohort_date.month
        assert months == row.horizon_months


def test_chi_squared_quantiles_are_scipys() -> None:
    """The seed, to its last digit."""
    for row in seed("chi_squared_quantiles"):
        assert float(row["quantile"]) == pytest.approx(stats.chi2.ppf(0.95, int(row["degrees_of_freedom"])), abs=1e-9)


def seed(name: str, folder: str = "rules") -> list[dict[str, str]]:
    """The rows of a seed."""
    with (PROJECT / "seeds" / folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
