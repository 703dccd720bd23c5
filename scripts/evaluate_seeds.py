"""How well the classification does on synthetic banks of several seeds, which is our own data and no bank's.

    python -m scripts.evaluate_seeds [--seeds 1 2 3 4 5] [--customers 2000] [--months 24] [--horizon 6] [--json FILE]

Generates and builds a bank for each seed in a folder of its own and prints two questions for each:
  1  how much more often were customers of the class risk overdue within the horizon than those of the class quality,
     among those with credit; all cohorts of the evaluated months together (they overlap: intervals would be too narrow)
  2  do the signals of potential churn tell later losses of balance apart better than the best single feature does?
     The best is chosen with the answer known, which flatters it. Newest cohort, AUC.

exit codes: 0 done; 1 a bank couldn't be made
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from scipy.stats import binomtest
from sklearn.metrics import roc_auc_score

from scripts.settings import PROJECT

MODELS = ("+int_outcomes", "+int_evaluation_customers")
RATES = """
select customers.customer_class_code as class_code, count(outcomes.{outcome}) as trials, sum(outcomes.{outcome}) as hits
from evaluation.int_outcomes as outcomes
inner join evaluation.int_evaluation_customers as customers
    on outcomes.customer_sk = customers.customer_sk and outcomes.cohort_date = customers.as_of_date
where outcomes.horizon_months = {horizon}
group by 1
"""
FEATURES = """
select outcomes.balance_loss, segments.slowing_points, {features}
from evaluation.int_outcomes as outcomes
inner join features.customer_features as features
    on outcomes.customer_sk = features.customer_sk and outcomes.cohort_date = features.as_of_date
inner join evaluation.int_evaluation_customers as segments
    on outcomes.customer_sk = segments.customer_sk and outcomes.cohort_date = segments.as_of_date
where outcomes.horizon_months = {horizon} and outcomes.balance_loss is not null
    and outcomes.as_of_date = (select max(as_of_date) from evaluation.int_outcomes)
"""

NUMBERS = """
select column_name from information_schema.columns
where table_schema = 'features' and table_name = 'customer_features' and column_name <> 'customer_sk'
    and (data_type like 'DECIMAL%' or data_type in ('DOUBLE', 'INTEGER', 'BIGINT', 'BOOLEAN'))
order by ordinal_position
"""


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--customers", type=int, default=2000)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--horizon", type=int, default=6, help="months; one of the seed outcome_horizons")
    parser.add_argument("--json", type=Path, help="write the results to this file as well")
    options = parser.parse_args(arguments)
    results = []
    for number, seed in enumerate(options.seeds, start=1):
        print(f"  bank {number} of {len(options.seeds)}, seed {seed}", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="evaluate-seeds-") as folder:
            try:
                warehouse = build(Path(folder), seed, options.customers, options.months)
            except subprocess.CalledProcessError as error:
                print(f"{error}\n{error.stdout[-3000:]}{error.stderr[-2000:]}", file=sys.stderr)
                return 1
            with duckdb.connect(str(warehouse), read_only=True) as connection:
                results.append({"seed": seed, **measure(connection, options.horizon)})
        print(told(results[-1]), flush=True)
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    return 0


def build(folder: Path, seed: int, customers: int, months: int) -> Path:
    """A synthetic bank, landed and built; returns its work file."""
    home, landing = folder / "home", folder / "landing"
    environment = {
        **os.environ, "DEPOSITS_HOME": str(home), "DEPOSITS_LANDING": str(landing),
        "DBT_PROJECT_DIR": str(PROJECT), "DBT_PROFILES_DIR": str(PROJECT / "profiles"),
        "DBT_TARGET_PATH": str(folder / "target"), "DBT_LOG_PATH": str(folder / "logs"),
    }  # fmt: skip
    for name in ("work", "quarantine"):
        (home / name).mkdir(parents=True)
    python = [sys.executable, "-P", "-m"]
    commands = (
        [*python, "scripts.landing.synthetic", "--landing", str(landing), "--truth", str(folder / "truth"),
         "--customers", str(customers), "--months", str(months), "--seed", str(seed)],
        [*python, "scripts.landing.load_duckdb"],
        [str(Path(sys.executable).with_name("dbt")), "--quiet", "build", "--full-refresh", "--select", *MODELS,
         "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"],
    )  # fmt: skip
    for command in commands:
        subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True, text=True)
    return home / "work" / "warehouse.duckdb"


def measure(connection: duckdb.DuckDBPyConnection, horizon: int) -> dict[str, Any]:
    """Both answers of one bank."""
    found: dict[str, Any] = {"horizon_months": horizon}
    for outcome in ("overdue", "new_overdue"):
        rates = connection.execute(RATES.format(outcome=outcome, horizon=horizon)).df().set_index("class_code")
        for code in ("quality", "risk"):
            row = rates.loc[code] if code in rates.index else {"trials": 0, "hits": 0}
            found[f"{outcome}_{code}"] = [int(row["hits"] or 0), int(row["trials"])]
        found[f"{outcome}_ratio"] = times(found[f"{outcome}_risk"], found[f"{outcome}_quality"])
        found[f"{outcome}_least_ratio"] = least_times(found[f"{outcome}_risk"], found[f"{outcome}_quality"])
    numbers = connection.execute(NUMBERS).fetchall()
    features = ", ".join(f"cast(features.{name} as double) as {name}" for (name,) in numbers)
    frame = connection.execute(FEATURES.format(horizon=horizon, features=features)).df()
    lost = frame["balance_loss"].astype(int)
    found["balance_loss_cases"], found["balance_loss_customers"] = int(lost.sum()), len(lost)
    found["signals_auc"] = round(float(roc_auc_score(lost, frame["slowing_points"])), 4)
    single = {name: single_auc(frame[name], lost) for (name,) in numbers}
    best = max((name for name in single if single[name] is not None), key=lambda name: (single[name], name))
    found["best_feature"], found["best_feature_auc"] = best, single[best]
    return found


def single_auc(values: pd.Series, lost: pd.Series) -> float | None:
    """AUC of a number alone, turned whichever way is better, unknown ones in the middle; None where it is constant."""
    if values.nunique() < 2:
        return None
    auc = roc_auc_score(lost, values.fillna(values.median()))
    return round(float(max(auc, 1 - auc)), 4)


def times(worse: list[int], better: list[int]) -> float | None:
    """How many times the one rate is of the other; None when that can't be told."""
    if not worse[1] or not better[1] or not better[0]:
        return None
    return round(worse[0] / worse[1] / (better[0] / better[1]), 2)


def least_times(worse: list[int], better: list[int]) -> float | None:
    """The same with the upper bound of the better rate and the lower of the worse one (Wilson, 95 %)."""
    if not worse[1] or not better[1]:
        return None
    low = binomtest(*worse).proportion_ci(0.95, "wilson").low
    high = binomtest(*better).proportion_ci(0.95, "wilson").high
    return round(low / high, 2)


def told(result: dict[str, Any]) -> str:
    """The result of a bank in words."""
    lines = [f"seed {result['seed']} (synthetic, our own data), {result['horizon_months']} months ahead"]
    for outcome in ("overdue", "new_overdue"):
        risk, quality = result[f"{outcome}_risk"], result[f"{outcome}_quality"]
        ratio, least = result[f"{outcome}_ratio"], result[f"{outcome}_least_ratio"]
        lines.append(
            f"  {outcome}: risk {risk[0]} of {risk[1]}, quality {quality[0]} of {quality[1]}: "
            + (f"{ratio} times" if ratio is not None else "no ratio, for want of cases")
            + (f", by their intervals at least {least} times" if least is not None else "")
        )
    lines.append(
        f"  balance loss ({result['balance_loss_cases']} of {result['balance_loss_customers']}): signals AUC"
        f" {result['signals_auc']}, best single feature {result['best_feature']} {result['best_feature_auc']}"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
