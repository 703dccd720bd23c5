"""What every chart is drawn with: colours, fonts, axes and labels.

SVG keeps its text as text, so that the browser's own fonts draw Chinese too.
"""

from __future__ import annotations

import io
import re
import warnings
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from scripts.evaluation.rules import setting

FONTS = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC',"
    " 'Microsoft YaHei', sans-serif"
)
INK, MUTED, LINE = "#1f2a37", "#64707d", "#d9dfe5"
COLOURS = {
    "quality": "#14746f", "potential": "#3a7ca5", "general": "#a7b4c2", "risk": "#c8553d", "unclassified": "#e3e7eb",
    "high": "#14746f", "mid": "#3a7ca5", "ordinary": "#a7b4c2",
}  # fmt: skip
SEVERITIES = {"high": "#c8553d", "medium": "#d9a441", "low": "#a7b4c2", "info": "#cfd6dd"}
SERIES = ["#14746f", "#3a7ca5", "#c8553d", "#b08a2e", "#6b5b95", "#64707d"]
STYLE: dict[Any, Any] = {
    "svg.fonttype": "none", "svg.hashsalt": "evaluation", "font.family": ["sans-serif"], "font.size": 10,
    "axes.edgecolor": LINE, "axes.labelcolor": MUTED, "axes.titlesize": 10, "axes.titlecolor": INK,
    "axes.spines.top": False, "axes.spines.right": False, "xtick.color": MUTED, "ytick.color": MUTED,
    "text.color": INK, "axes.grid": False, "figure.dpi": 100, "legend.frameon": False, "legend.fontsize": 9,
}  # fmt: skip
WIDTH = 5.4


def svg(figure: Figure, title: str) -> str:
    """The figure as an inline element that scales with the page."""
    file = io.StringIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # glyphs that matplotlib's own font lacks are the browser's to draw
        FigureCanvasSVG(figure).print_svg(file, metadata={"Date": None, "Creator": None})
    text = file.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r'<svg([^>]*?) width="[^"]*"', r"<svg\1", text, count=1)
    text = re.sub(r'<svg([^>]*?) height="[^"]*"', r"<svg\1", text, count=1)
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    text = text.replace("sans-serif", FONTS.replace("'", "&apos;"))
    return text.replace("<svg", f'<svg role="img" aria-label="{title}"', 1)


def sheet(height: float, columns: int = 1, **options: Any) -> tuple[Figure, list[Axes]]:
    """A figure with its axes side by side."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    axes = figure.subplots(1, columns, squeeze=False, **options)[0]
    return figure, list(axes)


def text_of(row: pd.Series | dict, name: str, language: str) -> str:
    """A label in one of the two languages."""
    return str(row[f"{name}_zh" if language == "zh" else name])


def as_percent(axis: Axis, digits: int = 0) -> None:
    """Ticks as percent."""
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.{digits}f}%"))


def months_on(axes: Axes, months: list[str], count: int = 4) -> None:
    """A few month labels below an axis of month numbers."""
    step = max(1, -(-len(months) // count))
    places = list(range(len(months) - 1, -1, -step))[::-1]
    axes.set_xticks(places, [months[place][:7] for place in places])


def code_labels(rows: pd.DataFrame, language: str) -> dict[str, str]:
    """Short labels of the codes in some rows."""
    labels = rows.drop_duplicates("segment_code")
    return {row["segment_code"]: text_of(row, "segment_label", language).replace(" customer", "").replace("客户", "")
            for row in labels.to_dict("records")}  # fmt: skip


def chart_horizon(rows: pd.DataFrame) -> int:
    """The wanted horizon, or the longest shorter one that was reached."""
    wanted = int(setting("chart_horizon_months"))
    reached = [int(months) for months in rows["horizon_months"].unique() if months <= wanted]
    return max(reached, default=wanted)
