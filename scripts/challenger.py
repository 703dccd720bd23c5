"""Runs a draft rule version beside the published one, and says who would be classified otherwise.

    python -m scripts.challenger --version 2026.1 [--as-of 2026-05-31]

The last work file is copied to challengers/<version>/ in the home; there everything from the rule versions on is made
anew, with the draft in the place of the published versions from its valid_from on. The champion, its releases and the
landing stay as they are. Written beside the copy: migration.csv and migration.parquet (a row per customer and
dimension, both codes, both scores), metrics.json (both versions). The totals are printed.

Exit code 2: nothing was built, the message says why; 1: dbt couldn't build the challenger.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb

from scripts.refresh.durable import copy_file
from scripts.rule_versions import VERSIONS, RuleError
from scripts.seeds import RULES, read_seed
from scripts.settings import PROJECT, Settings, read_settings

# The window that says which months to make (all of them), every floor on which rules of a version act, and what holds
# only the months of the last build.
SELECTION = (
    "resource_type:seed",
    "rebuild_window",
    "months_to_publish",
    "month_rule_versions+",
    "path:models/segments+",
    "path:models/scores+",
    "int_complaints+",
)
DIMENSIONS = {
    "class": "customer_class_code",
    "value_tier": "value_tier_code",
    "need": "need_segment_code",
    "activity": "activity_state_code",
}
Z95 = 1.959963984540054
# What counts as arrears when both are measured; it decides nobody's class.
ARREARS_DAYS = 30


@dataclass(frozen=True)
class Challenge:
    """Champion and challenger: their work files, and the month that is compared."""

    version: str
    champion: Path
    challenger: Path
    as_of: str

    @property
    def folder(self) -> Path:
        """Where the results go."""
        return self.challenger.parent.parent

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Both work files, read-only, as champion and challenger."""
        connection = duckdb.connect()
        for name, file in (("champion", self.champion), ("challenger", self.challenger)):
            quoted = str(file).replace("'", "''")
            connection.execute(f"attach '{quoted}' as {name} (read_only)")
        return connection


def prepare(version: str, as_of: str | None, settings: Settings, rules: Path = RULES) -> Challenge:
    """Copies the champion's work file, once it is sure that there is something to compare."""
    row = next((row for row in read_seed(rules, VERSIONS).rows if row["rule_version"] == version), None)
    if row is None:
        raise RuleError(f"{VERSIONS}.csv has no version {version}: make a draft (scripts/run rules draft).")
    if row["status_code"] == "published":
        raise RuleError(f"Rule version {version} is published: it is the champion from its valid_from on.")
    if not settings.work_file.exists():
        raise RuleError(f"There is no work file at {settings.work_file}: run a refresh first.")
    with duckdb.connect(str(settings.work_file), read_only=True) as connection:
        months = [str(month) for (month,) in connection.execute(
            "select as_of_date from panel.published_months order by 1"
        ).fetchall()]  # fmt: skip
    month = as_of or months[-1]
    if month not in months:
        raise RuleError(f"{month} isn't a published month-end; the newest is {months[-1]}.")
    if row["valid_from"] > month:
        raise RuleError(
            f"{version} holds from {row['valid_from']} on, after {month}: as a draft it may begin earlier, so that it"
            " can be compared; give it its true first day before it is published."
        )
    challenger = settings.home / "challengers" / version / "work" / settings.work_file.name
    challenger.parent.mkdir(parents=True, exist_ok=True)
    copy_file(settings.work_file, challenger)
    return Challenge(version, settings.work_file, challenger, month)


def build(challenge: Challenge, settings: Settings) -> None:
    """dbt makes everything from the rule versions on again; rejected rows are nobody's business here."""
    quarantine = challenge.folder / "quarantine" / settings.quarantine_file.name
    quarantine.parent.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "DBT_PROJECT_DIR": str(PROJECT),
        "DBT_PROFILES_DIR": str(PROJECT / "profiles"),
        "DBT_TARGET_PATH": str(challenge.folder / "target"),
        "DBT_LOG_PATH": str(challenge.folder / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DEPOSITS_HOME": str(settings.home),
        "DEPOSITS_WORK_FILE": str(challenge.challenger),
        "DEPOSITS_QUARANTINE_FILE": str(quarantine),
    }
    with duckdb.connect(str(challenge.champion), read_only=True) as connection:
        ((newest,),) = connection.execute("select max(as_of_date) from panel.ledger_months").fetchall()
    variables = json.dumps({"challenger_version": challenge.version, "as_of_date": str(newest)})
    kinds = [word for kind in ("test", "unit_test") for word in ("--exclude-resource-type", kind)]
    done = subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), "--quiet", "build", "--full-refresh", "--target", "duckdb",
         *kinds, "--vars", variables, "--select", *SELECTION],
        cwd=PROJECT, env=environment, check=False,
    )  # fmt: skip
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, "dbt build")


def write_migration(challenge: Challenge) -> list[tuple[str, str, str, int]]:
    """The migration, customer by customer, into files; the totals by dimension and pair of codes."""
    codes = " union all ".join(
        f"""
        select
            customer_key,
            as_of_date,
            '{dimension}' as dimension,
            old.{column} as champion_code,
            new.{column} as challenger_code,
            old.{column} is distinct from new.{column} as is_moved,
            old_scores.composite_score as champion_composite_score,
            new_scores.composite_score as challenger_composite_score,
            old.rule_version as champion_rule_version,
            new.rule_version as challenger_rule_version
        from champion.marts.customer_segments_monthly as old
        inner join challenger.marts.customer_segments_monthly as new using (customer_key, as_of_date)
        inner join champion.marts.customer_scores_monthly as old_scores using (customer_key, as_of_date)
        inner join challenger.marts.customer_scores_monthly as new_scores using (customer_key, as_of_date)
        where as_of_date = cast('{challenge.as_of}' as date)
        """
        for dimension, column in DIMENSIONS.items()
    )
    with challenge.connect() as connection:
        connection.execute(f"create table migration as select * from ({codes}) order by dimension, customer_key")
        for form, options in (("csv", "header"), ("parquet", "format parquet")):
            file = str(challenge.folder / f"migration.{form}").replace("'", "''")
            connection.execute(f"copy migration to '{file}' ({options})")
        return connection.execute(
            "select dimension, champion_code, challenger_code, count(*) from migration group by all order by all"
        ).fetchall()


def area_under_curve(worse: list[float], better: list[float]) -> float:
    """Probability that one of the worse has the higher value than one of the better; ties count half."""
    wins, below = 0.0, 0
    for _, group in groupby(sorted([*((v, True) for v in worse), *((v, False) for v in better)]), key=itemgetter(0)):
        flags = [is_worse for _, is_worse in group]
        ties = len(flags) - sum(flags)
        wins += sum(flags) * (below + ties / 2)
        below += ties
    return wins / (len(worse) * len(better))


def hanley_mcneil(auc: float, worse: int, better: int) -> tuple[float, float]:
    """95 % interval of an area under the curve."""
    q1, q2 = auc / (2 - auc), 2 * auc * auc / (1 + auc)
    variance = (
        auc * (1 - auc) + (worse - 1) * (q1 - auc * auc) + (better - 1) * (q2 - auc * auc)
    ) / (worse * better)
    error = Z95 * math.sqrt(max(variance, 0))
    return max(auc - error, 0.0), min(auc + error, 1.0)


def metrics(challenge: Challenge, name: str, connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    """What one of both makes of the month, and how its risk score of a year ago foresaw arrears."""
    segments, scores = f"{name}.marts.customer_segments_monthly", f"{name}.marts.customer_scores_monthly"
    month = "as_of_date = cast(? as date)"
    shares = connection.execute(
        f"select customer_class_code, count(*) / sum(count(*)) over () from {segments}"
        f" where {month} group by 1 order by 1",
        [challenge.as_of],
    ).fetchall()
    ((count, mean, deviation, observed, scored),) = connection.execute(
        "select count(*), avg(composite_score), stddev_samp(composite_score), avg(observed_weight_share),"
        f" count(composite_score) / count(*) from {scores} where {month}",
        [challenge.as_of],
    ).fetchall()
    outcomes = connection.execute(
        f"""
        select past_scores.risk_score, newest.max_dpd_12m > {ARREARS_DAYS}
        from {scores} as past_scores
        inner join {name}.marts.customer_features_monthly as past using (customer_key, as_of_date)
        inner join {name}.marts.customer_features_monthly as newest on past_scores.customer_key = newest.customer_key
        where
            newest.as_of_date = cast(? as date)
            and past_scores.as_of_date = last_day(cast(newest.as_of_date - interval 12 months as date))
            and past_scores.risk_score is not null
            and newest.max_dpd_12m is not null
            and coalesce(past.days_past_due, 0) <= {ARREARS_DAYS}
        """,
        [challenge.as_of],
    ).fetchall()
    late = [-score for score, is_late in outcomes if is_late]
    punctual = [-score for score, is_late in outcomes if not is_late]
    risk = None
    if late and punctual:
        auc = area_under_curve(late, punctual)
        risk = {"auc": auc, "interval_95": hanley_mcneil(auc, len(late), len(punctual)), "late": len(late),
                "punctual": len(punctual)}  # fmt: skip
    return {
        "customers": count,
        "class_shares": dict(shares),
        "mean_composite_score": mean,
        "deviation_of_composite_score": deviation,
        "mean_observed_weight_share": observed,
        "scored_share": scored,
        "arrears_foreseen_by_risk_score_a_year_before": risk,
    }


def compare(challenge: Challenge) -> dict[str, Any]:
    """The metrics of both, into a file."""
    with challenge.connect() as connection:
        ((rank_correlation,),) = connection.execute(
            """
            select corr(old_rank, new_rank) from (
                select
                    rank() over (order by old.composite_score) as old_rank,
                    rank() over (order by new.composite_score) as new_rank
                from champion.marts.customer_scores_monthly as old
                inner join challenger.marts.customer_scores_monthly as new using (customer_key, as_of_date)
                where
                    as_of_date = cast(? as date)
                    and old.composite_score is not null and new.composite_score is not null
            )
            """,
            [challenge.as_of],
        ).fetchall()
        found = {
            "as_of_date": challenge.as_of,
            "challenger_version": challenge.version,
            "rank_correlation": rank_correlation,
            "champion": metrics(challenge, "champion", connection),
            "challenger": metrics(challenge, "challenger", connection),
        }
    (challenge.folder / "metrics.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return found


def report(challenge: Challenge, totals: list[tuple[str, str, str, int]], found: dict[str, Any]) -> None:
    """Prints what a person decides upon."""
    for dimension in DIMENSIONS:
        rows = [row[1:] for row in totals if row[0] == dimension]
        everybody = sum(count for *_, count in rows)
        moved = [(old, new, count) for old, new, count in rows if old != new]
        print(f"{dimension}: {sum(count for *_, count in moved)} of {everybody} customers move")
        for old, new, count in sorted(moved, key=lambda row: -row[2]):
            print(f"  {old:<14} → {new:<14} {count:>9}")
    for name in ("champion", "challenger"):
        values = found[name]
        shares = ", ".join(f"{code} {share:.1%}" for code, share in values["class_shares"].items())
        print(f"{name}: mean score {values['mean_composite_score'] or 0:.2f}; {shares}")
        risk = values["arrears_foreseen_by_risk_score_a_year_before"]
        if risk:
            low, high = risk["interval_95"]
            interval = f"{risk['auc']:.3f} ({low:.3f}–{high:.3f})"
            print(f"  arrears foreseen a year before: AUC {interval}, {risk['late']} late")
    print(f"Customer by customer: {challenge.folder / 'migration.csv'}")


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--version", required=True, help="a draft or challenger of rule_versions.csv")
    parser.add_argument("--as-of", help="month-end to compare; default: the newest")
    options = parser.parse_args(arguments)
    settings = read_settings()
    try:
        challenge = prepare(options.version, options.as_of, settings)
        build(challenge, settings)
        report(challenge, write_migration(challenge), compare(challenge))
    except (RuleError, duckdb.Error) as error:
        print(error, file=sys.stderr)
        return 2
    except subprocess.CalledProcessError:
        print("The challenger couldn't be built; the lines above say why.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
