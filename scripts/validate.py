"""Great Expectations at one door: the landing before a build, or the marts before publication.

    python -m scripts.validate --door landing|marts [--file FILE | --engine postgres|spark] [--json FILE]

Reads the landing or the marts of the work file, of another DuckDB file (a release for example) or of a server. SQL
aggregates, expectations judge the small frames, and only counts leave: no result holds a value of a row.

exit codes:
  0  nothing critical fails; warnings may
  1  a critical expectation fails: what to do stands behind it
  2  there is nothing to validate, or it can't be read
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts.reader import DUCKDB, Reader, UnreadableError, add_engine_option, open_reader
from scripts.settings import read_settings

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # before Great Expectations is imported

if TYPE_CHECKING:
    from tests.expectations.suite import Suite

# Values of rows stay out even of the results in memory.
RESULT_FORMAT = {"result_format": "BASIC", "partial_unexpected_count": 0}
CRITICAL = "critical"


@dataclass(frozen=True)
class Check:
    """What became of one expectation. `rows` are rows of its frame: tables, files, months or codes."""

    table: str
    expectation: str
    column: str
    severity: str
    success: bool
    rows: int | None
    failing_rows: int | None
    worst: float | None
    notes: str


@dataclass(frozen=True)
class DoorResult:
    """All checks of a door."""

    door: str
    checks: list[Check]

    @property
    def failed(self) -> list[Check]:
        """The expectations that aren't met, critical ones first."""
        return sorted((check for check in self.checks if not check.success), key=lambda check: check.severity)

    @property
    def is_blocked(self) -> bool:
        """Whether a critical expectation isn't met."""
        return any(check.severity == CRITICAL for check in self.failed)

    def to_json(self) -> dict[str, Any]:
        """For validation.json."""
        return {
            "door": self.door,
            "is_blocked": self.is_blocked,
            "checks": [asdict(check) for check in self.checks],
        }


def validate_landing(reader: Reader) -> DoorResult:
    """The door in, on what has been landed."""
    from tests.expectations import landing

    query = "select distinct source_name || '.' || table_name as name from landing.landed_columns where is_landed"
    return DoorResult("landing", judge(reader, landing.suites(set(reader.frame(query)["name"]), reader.engine)))


def validate_marts(reader: Reader) -> DoorResult:
    """The door out, on the marts of a work file, a release or a server."""
    from tests.expectations import marts

    return DoorResult("marts", judge(reader, marts.suites()))


def judge(reader: Reader, suites: list[Suite]) -> list[Check]:
    """Runs the suites; a query that fails is a critical failure of its suite."""
    import great_expectations as gx

    context = _context()
    source = context.data_sources.add_pandas(reader.engine)
    frames: dict[str, Any] = {}
    checks = []
    for number, suite in enumerate(suites):
        try:
            if suite.query not in frames:
                frames[suite.query] = reader.frame(suite.query)
        except reader.errors as error:
            checks.append(_unreadable(suite, error))
            continue
        frame = frames[suite.query]
        if suite.grain is not None:
            frame = frame[frame["grain"] == suite.grain]
        asset = source.add_dataframe_asset(f"{number} {suite.table}")
        batch = asset.add_batch_definition_whole_dataframe("frame").get_batch({"dataframe": frame})
        result = batch.validate(
            gx.ExpectationSuite(name=suite.table, expectations=list(suite.expectations)),
            result_format=RESULT_FORMAT,
        )
        checks += [_check(suite.table, outcome, frame) for outcome in result.results]
    return checks


def _context() -> Any:
    """A context that stores nothing, reports nothing and draws no progress bars."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    config = DataContextConfig(store_backend_defaults=InMemoryStoreBackendDefaults(), progress_bars={"globally": False})  # ty: ignore[invalid-argument-type]
    return gx.get_context(mode="ephemeral", project_config=config)


def _check(table: str, outcome: Any, frame: Any) -> Check:
    """Of a result only counts are kept, and of the frame the worst count or share."""
    config = outcome.expectation_config
    arguments = config.kwargs
    column = arguments.get("column") or f"{arguments.get('column_A')} = {arguments.get('column_B')}"
    worst = None
    if column.endswith(("_count", "_share")) and column in frame and frame[column].notna().any():
        worst = float(frame[column].min() if arguments.get("max_value") is None else frame[column].max())
    bounds = {key: arguments[key] for key in ("min_value", "max_value") if arguments.get(key) is not None}
    text = config.type.removeprefix("expect_") + "".join(f" {key}={value}" for key, value in sorted(bounds.items()))
    return Check(
        table=table,
        expectation=text,
        column=column,
        severity=getattr(config.severity, "value", config.severity),
        success=bool(outcome.success),
        rows=outcome.result.get("element_count"),
        failing_rows=outcome.result.get("unexpected_count"),
        worst=worst,
        notes=str(config.notes or ""),
    )


def _unreadable(suite: Suite, error: Exception) -> Check:
    notes = f"The table lacks what the suite reads, or can't be read ({type(error).__name__})"
    return Check(suite.table, "be_readable", "", CRITICAL, False, None, None, None, notes)


def print_summary(result: DoorResult) -> None:
    """One line with the counts, one per expectation that isn't met."""
    failed = result.failed
    critical = sum(1 for check in failed if check.severity == CRITICAL)
    print(
        f"  expectations on the {result.door}: {len(result.checks) - len(failed)} of {len(result.checks)}"
        f" met, {critical} critical failures, {len(failed) - critical} warnings",
        flush=True,
    )
    for check in failed:
        found = f" in {check.failing_rows} of {check.rows} rows" if check.rows and check.rows > 1 else ""
        found += f", found {check.worst:.6g}" if check.worst is not None else ""
        print(f"    {check.severity:8}  {check.table}: {check.column} {check.expectation} not met{found}")
        print(f"              {check.notes.rstrip('.?')}.")


def main(arguments: list[str] | None = None) -> int:
    """Validates one door and prints the summary."""
    lines = __doc__.split("\n\n")
    parser = argparse.ArgumentParser(
        prog="python -m scripts.validate",
        description=lines[0],
        epilog=lines[-1],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--door", choices=("landing", "marts"), required=True, help="what to validate")
    parser.add_argument("--file", type=Path, help="a DuckDB file (default: the work file)")
    parser.add_argument("--json", type=Path, help="where to write the result as JSON")
    add_engine_option(parser)
    options = parser.parse_args(arguments)
    engine = DUCKDB if options.file else options.engine
    file = options.file or read_settings().work_file
    place = file if engine == DUCKDB else engine
    sign = "landing.landed_columns" if options.door == "landing" else "marts.customer_features_monthly"
    try:
        if engine == DUCKDB and not file.exists():
            raise LookupError
        with open_reader(engine, file) as reader:
            if not reader.has_table(sign):
                raise LookupError
            result = validate_landing(reader) if options.door == "landing" else validate_marts(reader)
    except LookupError:
        tasks = {"landing": ("land", "land-postgres"), "marts": ("refresh", "dbt build --target postgres")}
        task = tasks[options.door][engine != DUCKDB].replace("postgres", engine)
        print(f"There is nothing to validate in {place}. Run ./scripts/run {task} first.", file=sys.stderr)
        return 2
    except UnreadableError as error:
        print(error, file=sys.stderr)
        return 2
    print_summary(result)
    if options.json:
        options.json.write_text(json.dumps(result.to_json(), indent=2) + "\n", encoding="utf-8")
    return 1 if result.is_blocked else 0


if __name__ == "__main__":
    sys.exit(main())
