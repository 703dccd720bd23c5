"""docs/benchmark.md and its picture, from the results."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
import matplotlib as mpl
from matplotlib.figure import Figure

from scripts.benchmark.results import ratios, read_all
from scripts.benchmark.yardsticks import SCRIPTS
from scripts.evaluation.charts.canvas import SERIES, STYLE, WIDTH, svg

TEMPLATE = Path(__file__).with_name("page.md.j2")
CURVES = {
    "full": "everything",
    "next-month": "next month",
    "late-day": "one late day",
    "hand-written-panel": "hand-written, panel",
    "hand-written-scores": "hand-written, scores",
}
SLOWEST = 15


def write_page(folder: Path) -> Path:
    """The page beside the folder of the results, the picture inside of it."""
    sizes = read_all(folder)
    if not sizes:
        raise SystemExit(f"No results in {folder}.")
    picture = folder / "growth.svg"
    picture.write_text(growth(sizes) + "\n", encoding="utf-8")
    page = folder.with_suffix(".md")
    page.write_text(render(sizes, picture.relative_to(page.parent).as_posix()), encoding="utf-8")
    return page


def render(sizes: list[dict[str, Any]], picture: str) -> str:
    """The page's text."""
    environment = jinja2.Environment(trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    environment.filters |= {"seconds": seconds, "gigabytes": gigabytes, "number": lambda value: f"{value:,.0f}"}
    largest = max((size for size in sizes if "full" in size["cases"]), key=lambda size: size["customers"], default=None)
    slowest = list(largest["cases"]["full"]["dbt"]["model_seconds"].items())[:SLOWEST] if largest else []
    return environment.from_string(TEMPLATE.read_text("utf-8")).render(
        scripts=SCRIPTS, sizes=sizes, ratios=[ratios(size) for size in sizes], picture=picture, largest=largest,
        slowest=slowest,
    )


def seconds(value: float | None) -> str:
    """Seconds as one reads them; a dash for what wasn't measured."""
    return "–" if value is None else f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def gigabytes(value: float) -> str:
    """Bytes as GiB."""
    return f"{value / 2**30:.2f}"


def growth(sizes: list[dict[str, Any]]) -> str:
    """Wall seconds against transactions, both on scales of powers of ten: a straight line of slope one is linear."""
    plain = [size for size in sizes if size["memory_limit"] == "6GB"] or sizes
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, 3.2), layout="constrained")
        axes = figure.subplots()
        for colour, (name, label) in zip(SERIES, CURVES.items(), strict=False):
            points = [
                (size["transactions"], size["cases"][name]["wall_seconds"]) for size in plain if name in size["cases"]
            ]
            if points:
                places = zip(*points, strict=True)
                axes.plot(*places, color=colour, marker="o", markersize=4, linewidth=1.8, label=label)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel("Transactions in the landing")
        axes.set_ylabel("Wall seconds")
        axes.legend(loc="upper left")
        return svg(figure, "Wall seconds against transactions")
