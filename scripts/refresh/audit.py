"""Stage `audit`: is this build fit to be published? It is complete when every check has been asked."""

from __future__ import annotations

import duckdb

from scripts.reader import Reader
from scripts.refresh.outcome import ExitCode, RefreshError
from scripts.refresh.run import Run
from scripts.validate import DoorResult, print_summary, validate_marts

MOST_REASONS = 3
HALF_CENT = "0.005"
ROUNDED_FIGURES = 3  # of a month's reconciliation, beside one per customer


def audit(run: Run) -> tuple[DoorResult, list[str], list[str]]:
    """The expectations on the marts; what is wrong with the build; what is wrong with the landing alone."""
    with run.database(run.settings.work_file, read_only=True) as connection:
        wrong_build = [*_unreconciled_rows(connection), *_unreconciled_balances(connection)]
        too_many_rejected = _too_many_rejected(run, connection)
        ((run.rule_version,),) = connection.execute(
            "select cast(max(rule_version) as varchar) from marts.customer_segments_monthly where as_of_date = ?",
            [run.as_of_date],
        ).fetchall()
        result = validate_marts(Reader(connection))
    print_summary(result)
    if result.is_blocked:
        wrong_build.append("Critical expectations on the marts fail (table above).")
    return result, wrong_build, too_many_rejected


def refuse(run: Run, problems: list[str]) -> RefreshError:
    """Why nothing is published, and where to look."""
    reasons = "\n".join(f"  {problem}" for problem in problems)
    return RefreshError(
        ExitCode.AUDIT,
        f"Built, but not published; the release served so far stays.\n{reasons}\n"
        f"The build is there to be looked at: {run.settings.work_file}",
    )


def _unreconciled_rows(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Every landed row must be accepted, a duplicate or rejected."""
    rows = connection.execute(
        "select source_name, table_name, landed_count, accepted_count, duplicate_count, rejected_count"
        " from marts.data_reconciliation where is_reconciled is distinct from true order by all"
    ).fetchall()
    return [
        f"{source}.{table}: {landed} rows landed, but {accepted} accepted + {duplicate} duplicate +"
        f" {rejected} rejected. Rows were lost or counted twice on the way: report it to the maintainers."
        for source, table, landed, accepted, duplicate, rejected in rows
    ]


def _unreconciled_balances(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Customers' balances must add up to the ledger, half a cent per rounded figure allowed."""
    rows = connection.execute(
        "select as_of_date, rounding_difference from marts.balance_reconciliation_monthly"
        f" where abs(rounding_difference) > {HALF_CENT} * (coalesce(customer_count, 0) + {ROUNDED_FIGURES})"
        " or rounding_difference is null order by all"
    ).fetchall()
    return [
        f"balances of {as_of_date} differ from the ledger by {difference}, more than rounding explains"
        " (marts.balance_reconciliation_monthly): report it to the maintainers."
        for as_of_date, difference in rows
    ]


def _too_many_rejected(run: Run, connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Tables with more rejected rows than `max_rejected_share` allows, and the biggest reasons."""
    rows = connection.execute(
        "select source_name, table_name, rejected_count, landed_count, rejected_share"
        " from marts.data_reconciliation where is_publishable is distinct from true order by all"
    ).fetchall()
    problems = [
        f"{source}.{table}: {rejected} of {landed} rows rejected; the share that counts is {share or 0:.2%},"
        f" above the var max_rejected_share. Biggest reasons: {_biggest_reasons(connection, source, table)}."
        for source, table, rejected, landed, share in rows
    ]
    if problems:
        problems.append(
            "Have the source repair and redeliver the rows. Data stewards find them whole in "
            f"{run.settings.quarantine_file} (table quarantine.quarantine.quarantined_rows)."
        )
    return problems


def _biggest_reasons(connection: duckdb.DuckDBPyConnection, source: str, table: str) -> str:
    rows = connection.execute(
        "select reason_label, column_name, count(*) from marts.data_rejections"
        " where source_name = ? and table_name = ? and severity_code = 'rejected' and not is_caused_by_parent"
        " group by all order by count(*) desc, reason_label, column_name limit ?",
        [source, table, MOST_REASONS],
    ).fetchall()
    return "; ".join(f"{label}{f' in {column}' if column else ''} ({count} rows)" for label, column, count in rows)
