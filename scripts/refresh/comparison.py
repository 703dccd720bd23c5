"""How far the marts of two databases differ, figure by figure, and which figures are outside of their limits."""

from __future__ import annotations

import math
from dataclasses import dataclass

import duckdb

from scripts.landing.sql_text import identifier
from scripts.refresh.manifest import MARTS
from scripts.seeds import seed_rows

LIMITS = "drift_limits"
BLOCKING, WARNING = "blocking", "warning"
EVERY_MART = "*"
NEW, OLD = "new", "served"  # the two databases


@dataclass(frozen=True)
class Limit:
    """A row of the seed."""

    check_code: str
    measure: str
    mart: str
    column_name: str
    months: str
    smallest_count: int
    blocking_min: float
    warning_min: float
    warning_max: float
    blocking_max: float
    description: str


@dataclass(frozen=True)
class Finding:
    """A figure outside of its limits."""

    level: str
    check_code: str
    mart: str
    value: float
    limit: float
    served: float | None
    new: float | None
    description: str

    def __str__(self) -> str:
        sides = "" if self.new is None else f" ({self.served:.15g} served, {self.new:.15g} now)"
        return f"{self.check_code}: {self.mart} {self.value:+.3g}, limit {self.limit:+g}{sides}. {self.description}"


def read_limits() -> list[Limit]:
    """The rows of the seed."""
    return [
        Limit(
            check_code=row["check_code"],
            measure=row["measure"],
            mart=row["mart"],
            column_name=row["column_name"],
            months=row["months"],
            smallest_count=int(row["smallest_count"]),
            blocking_min=float(row["blocking_min"]),
            warning_min=float(row["warning_min"]),
            warning_max=float(row["warning_max"]),
            blocking_max=float(row["blocking_max"]),
            description=row["description"],
        )
        for row in seed_rows(LIMITS)
    ]


class Comparison:
    """The marts of two attached databases, `new` and `served`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, *, is_month_asked: bool) -> None:
        self.connection = connection
        self.is_month_asked = is_month_asked  # an older month then is what a person wants
        self.marts = {name: dict(self._query(_MARTS, [name, MARTS])) for name in (NEW, OLD)}

    def run(self, limits: list[Limit]) -> tuple[list[Finding], list[str]]:
        """All figures outside of their limits, and marts that only one of the two has."""
        gone = sorted(self.marts[OLD].keys() - self.marts[NEW].keys())
        come = sorted(self.marts[NEW].keys() - self.marts[OLD].keys())
        notes = [f"the mart {name} is gone" for name in gone] + [f"the mart {name} is new" for name in come]
        found = []
        for limit in limits:
            for mart in self._marts_of(limit, limits):
                try:
                    found.append(self._judge(limit, mart))
                except duckdb.BinderException:
                    notes.append(f"{limit.check_code}: {mart} has no {limit.column_name} in one of the two")
        return [finding for finding in found if finding is not None], notes

    def _marts_of(self, limit: Limit, limits: list[Limit]) -> list[str]:
        both = sorted(self.marts[NEW].keys() & self.marts[OLD].keys())
        if limit.mart != EVERY_MART:
            return [mart for mart in both if mart == limit.mart]
        own = {other.mart for other in limits if (other.measure, other.months) == (limit.measure, limit.months)}
        whole = limit.months == "newest"  # a mart without months is looked at once
        return [mart for mart in both if mart not in own and (whole or self._has_months(mart))]

    def _has_months(self, mart: str) -> bool:
        return self.marts[NEW][mart] and self.marts[OLD][mart]

    def _judge(self, limit: Limit, mart: str) -> Finding | None:
        count = self._figure("count(*)", limit, mart, OLD)
        if count < limit.smallest_count:
            return None
        before = after = None
        if limit.measure == "months_ahead":
            value = 0.0 if self.is_month_asked else self._months_ahead(mart)
        elif limit.measure == "population_shift":
            value = self._population_shift(limit, mart)
        else:
            what = "count(*)" if limit.measure == "row_change" else f"sum({identifier(limit.column_name)})"
            before, after = (self._figure(what, limit, mart, side) for side in (OLD, NEW))
            if not before:
                return None  # from nothing, no change has a size
            value = (after - before) / abs(before)
        for level, low, high in (
            (BLOCKING, limit.blocking_min, limit.blocking_max),
            (WARNING, limit.warning_min, limit.warning_max),
        ):
            if not low <= value <= high:
                bound = low if value < low else high
                return Finding(level, limit.check_code, mart, value, bound, before, after, limit.description)
        return None

    def _figure(self, what: str, limit: Limit, mart: str, side: str) -> float:
        ((value,),) = self._query(f"select {what} from {side}.{MARTS}.{mart} where {self._months(limit, mart, side)}")
        return float(value or 0)

    def _months(self, limit: Limit, mart: str, side: str) -> str:
        if not self._has_months(mart):
            return "true"
        if limit.months == "newest":
            return f"as_of_date = (select max(as_of_date) from {side}.{MARTS}.{mart})"
        other = OLD if side == NEW else NEW
        return f"as_of_date in (select as_of_date from {other}.{MARTS}.{mart})"

    def _months_ahead(self, mart: str) -> float:
        newest = (f"(select max(as_of_date) from {side}.{MARTS}.{mart})" for side in (OLD, NEW))
        ((months,),) = self._query(f"select datediff('month', {', '.join(newest)})")
        return float(months or 0)

    def _population_shift(self, limit: Limit, mart: str) -> float:
        """Population stability index of a code; half a customer more in each keeps empty codes finite."""
        counts = [
            dict(
                self._query(
                    f"select coalesce(cast({identifier(limit.column_name)} as varchar), ''), count(*)"
                    f" from {side}.{MARTS}.{mart} where {self._months(limit, mart, side)} group by all"
                )
            )
            for side in (OLD, NEW)
        ]
        codes = sorted(counts[0].keys() | counts[1].keys())
        before, after = (
            [(count.get(code, 0) + 0.5) / (sum(count.values()) + 0.5 * len(codes)) for code in codes]
            for count in counts
        )
        return math.fsum((q - p) * math.log(q / p) for p, q in zip(before, after, strict=True))

    def _query(self, query: str, values: list[str] | None = None) -> list[tuple]:
        return self.connection.execute(query, values or []).fetchall()


_MARTS = """
select table_name, bool_or(column_name = 'as_of_date')
from duckdb_columns() where database_name = ? and schema_name = ? group by all
"""
