"""The difference in words for a terminal, and as a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2

LISTED_COLUMNS = 12


def text(found: dict[str, Any]) -> str:
    """What a person reads first: marts that differ, then who moved."""
    lines = [f"before  {found['before']}", f"after   {found['after']}", ""]
    lines += [f"new mart: {name}" for name in found["marts_added"]]
    lines += [f"mart gone: {name}" for name in found["marts_removed"]]
    same = [mart["name"] for mart in found["marts"] if mart["is_same"]]
    for mart in found["marts"]:
        if not mart["is_same"]:
            lines += _mart(mart)
    lines.append(f"the same, row for row: {', '.join(same) or 'none'}")
    lines += _migration(found["migration"])
    return "\n".join(lines)


def moved(codes: dict[str, dict[str, int]]) -> int:
    """Customers of a matrix who aren't where they were."""
    return sum(count for old, row in codes.items() for new, count in row.items() if old != new)


def number(value: float) -> str:
    """Two decimals for what is large, four digits for what is small."""
    return f"{value:,.2f}" if abs(value) >= 1 else f"{value:.4g}"


def shift(column: dict[str, Any]) -> str:
    """How a column moved, in words; nothing of texts."""
    if column.get("mean_before") is not None and column.get("mean_after") is not None:
        means = f"mean {number(column['mean_before'])} → {number(column['mean_after'])}"
        return f"{means}, at most {number(column['largest_change'])}" if column["largest_change"] is not None else means
    return ", ".join(f"{move['from']} → {move['to']} × {move['rows']:,}" for move in column.get("moves", []))


def months(mart: dict[str, Any]) -> str:
    """From the first to the last month in which rows differ."""
    listed = mart["months"]
    return (
        "" if not listed else listed[0] if len(listed) == 1 else f"{listed[0]} to {listed[-1]} ({len(listed)} months)"
    )


def _mart(mart: dict[str, Any]) -> list[str]:
    rows = mart["rows"]
    counts = f"+{mart['added']:,} −{mart['removed']:,} ~{mart['changed']:,}"
    lines = [f"{mart['name']}: {counts} of {rows['before']:,} → {rows['after']:,} rows  {months(mart)}".rstrip()]
    lines += [f"    new column: {name}" for name in mart["columns_added"]]
    lines += [f"    column gone: {name}" for name in mart["columns_removed"]]
    columns = sorted(mart["columns"].items(), key=lambda item: (-item[1]["rows"], item[0]))
    lines += [
        f"    {name}: {column['rows']:,} rows  {shift(column)}".rstrip() for name, column in columns[:LISTED_COLUMNS]
    ]
    if len(columns) > LISTED_COLUMNS:
        lines.append(f"    … and {len(columns) - LISTED_COLUMNS} more columns (--json has all)")
    lines += [f"    customer_key {key}" for key in mart["customers"]]
    return lines


def _migration(migration: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    for dimension, codes in migration.get("dimensions", {}).items():
        everybody = sum(sum(row.values()) for row in codes.values())
        lines += ["", f"{dimension} on {migration['as_of_date']}: {moved(codes):,} of {everybody:,} customers moved"]
        targets = sorted({new for row in codes.values() for new in row})
        width = max(len(code) for code in [*codes, *targets, "before \\ after"]) + 2
        lines.append("    " + "before \\ after".ljust(width) + "".join(code.rjust(width) for code in targets))
        for old, row in codes.items():
            lines.append("    " + old.ljust(width) + "".join(f"{row.get(new, 0):,}".rjust(width) for new in targets))
    return lines


def page(found: dict[str, Any]) -> str:
    """One HTML file that opens offline."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("page.html.j2").render(found=found, shift=shift, moved=moved, months=months)
