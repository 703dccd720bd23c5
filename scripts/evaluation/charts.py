"""The report's charts, as SVG with live text, so that the browser's own fonts draw Chinese too.

No wall clock and no random ids: the same numbers give the same bytes.
"""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from scripts.evaluation.release import Release
from scripts.evaluation.rules import seed, seed_by, setting
from scripts.evaluation.words import money

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

Draw = Callable[[Release, str], str | None]


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


def sizes_over_time(release: Release, language: str) -> str | None:
    """Share of customers by class, month after month."""
    rows = release.tables["metrics"]
    rows = rows[(rows["metric_code"] == "customer_share") & (rows["dimension"] == "class")]
    months = sorted(rows["as_of_date"].unique())[-int(setting("chart_months")) :]
    table = rows[rows["as_of_date"].isin(months)].pivot_table(
        index="as_of_date", columns="segment_code", values="value", aggfunc="first"
    )
    if table.empty or len(months) < 2:
        return None
    labels = _codes(rows, language)
    figure, (axes,) = sheet(2.9)
    codes = [code for code in ("quality", "potential", "general", "risk", "unclassified") if code in table]
    codes = [code for code in codes if table[code].fillna(0).max() > 0]
    axes.stackplot(
        range(len(months)), [table[code].fillna(0).to_numpy() for code in codes],
        colors=[COLOURS[code] for code in codes], edgecolor="white", linewidth=0.6,
    )  # fmt: skip
    bottom = 0.0
    for code in codes:
        share = float(table[code].fillna(0).iloc[-1])
        if share > 0:
            axes.annotate(
                f"{labels[code]} {100 * share:.1f}%", (len(months) - 1, bottom + share / 2), xytext=(6, 0),
                textcoords="offset points", va="center", fontsize=9, color=INK if share > 0.03 else MUTED,
            )  # fmt: skip
        bottom += share
    axes.set_xlim(0, (len(months) - 1) * 1.42)
    axes.set_ylim(0, 1)
    as_percent(axes.yaxis)
    months_on(axes, months)
    return svg(figure, "Share of customers by class over time")


def shares_by_class(release: Release, language: str) -> str | None:
    """Customers, deposits and contribution of each class, side by side."""
    now = release.now
    words = {"en": ("Customers", "Deposits", "Contribution"), "zh": ("客户", "存款", "贡献")}[language]
    names = ("customer_share", "balance_share", "contribution_share")
    rows = now[(now["dimension"] == "class") & now["metric_code"].isin(names)]
    labels = _codes(rows, language)
    table = rows.pivot_table(index="segment_code", columns="metric_code", values="value", aggfunc="first")
    codes = [code for code in ("quality", "potential", "general", "risk") if code in table.index]
    if not codes:
        return None
    figure, (axes,) = sheet(2.7)
    for place, (name, word, colour) in enumerate(zip(names, words, ("#a7b4c2", "#3a7ca5", "#14746f"), strict=True)):
        if name not in table:
            continue
        values = table.loc[codes, name].to_numpy(dtype=float)
        places = np.arange(len(codes)) + (place - 1) * 0.27
        axes.bar(places, np.nan_to_num(values), width=0.25, color=colour, label=word)
        for x, value in zip(places, values, strict=True):
            if not np.isnan(value):
                axes.annotate(
                    f"{100 * value:.0f}%", (x, max(value, 0)), xytext=(0, 2), textcoords="offset points", ha="center",
                    fontsize=8, color=MUTED,
                )  # fmt: skip
    axes.axhline(0, color=LINE, linewidth=1)
    axes.set_xticks(range(len(codes)), [labels[code] for code in codes])
    axes.tick_params(axis="x", length=0, labelcolor=INK)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])
    axes.legend(loc="upper center", ncols=3, bbox_to_anchor=(0.5, 1.16), handlelength=1, columnspacing=1.4)
    return svg(figure, "Shares of customers, deposits and contribution by class")


def migration(release: Release, language: str) -> str | None:
    """Where the customers of a class were a month later, over the newest months."""
    rows = release.tables["movements"]
    months = sorted(rows["as_of_date"].unique())[-int(setting("migration_months")) :]
    rows = rows[(rows["dimension"] == "class") & rows["as_of_date"].isin(months)]
    table = rows.pivot_table(
        index="from_segment_code", columns="to_segment_code", values="customer_count", aggfunc="sum"
    ).astype(float)
    if table.empty or table.to_numpy().sum() == 0:
        return None
    labels = {
        row["from_segment_code"]: text_of(row, "from_segment_label", language)
        for row in rows.drop_duplicates("from_segment_code").to_dict("records")
    }
    order = [
        code for code in ("quality", "potential", "general", "risk", "unclassified", "absent") if code in table.index
    ]
    order = [code for code in order if table.loc[code].sum() + table[code].sum() > 0]
    table = table.reindex(index=order, columns=order).fillna(0)
    sums = table.sum(axis=1)
    shares = table.div(sums.where(sums > 0), axis=0)
    figure, (axes,) = sheet(3.3)
    coloured = np.where(np.eye(len(order)) == 1, np.nan, np.sqrt(shares.to_numpy()))
    if "absent" in order:
        coloured[order.index("absent"), :] = np.nan  # who comes comes from nowhere
    shown = np.ma.masked_invalid(coloured)
    warm = mpl.colors.LinearSegmentedColormap.from_list("moved", ["#ffffff", "#c8553d"])
    edges = np.arange(len(order) + 1) - 0.5
    axes.pcolormesh(edges, edges, shown, cmap=warm, vmin=0, vmax=0.7)
    axes.invert_yaxis()
    for y, source in enumerate(order):
        for x, target in enumerate(order):
            share, count = shares.loc[source, target], table.loc[source, target]
            if not count:
                continue
            told = f"{100 * share:.1f}%" if source != "absent" else ""
            is_same = source == target
            axes.text(
                x, y, f"{told}\n{count:,.0f}".strip(), ha="center", va="center", fontsize=8,
                color=MUTED if is_same else INK, linespacing=1.25,
            )  # fmt: skip
    axes.set_xticks(range(len(order)), [labels[code].replace(" ", "\n") for code in order])
    axes.set_yticks(range(len(order)), [labels[code].replace(" ", "\n") for code in order])
    axes.xaxis.tick_top()
    axes.tick_params(length=0, labelcolor=INK, labelsize=8)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_xticks(np.arange(len(order)) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(order)) - 0.5, minor=True)
    axes.grid(which="minor", color=LINE, linewidth=0.8)
    axes.tick_params(which="minor", length=0)
    return svg(figure, "Migration between classes")


def holds(release: Release, language: str) -> str | None:
    """Changes of the value tier as earned and as served, month after month."""
    rows = release.tables["metrics"]
    rows = rows[
        (rows["dimension"] == "value_tier") & rows["metric_code"].isin(["earned_flip_rate", "served_flip_rate"])
    ]
    table = rows.dropna(subset=["value"]).pivot_table(
        index="as_of_date", columns="metric_code", values="value", aggfunc="first"
    )
    table = table.iloc[-int(setting("chart_months")) :]
    if len(table) < 2 or table.shape[1] < 2:
        return None
    figure, (axes,) = sheet(2.9)
    places = range(len(table))
    axes.fill_between(
        places, table["served_flip_rate"], table["earned_flip_rate"], color="#14746f", alpha=0.12, linewidth=0
    )
    words = {"en": ("As earned", "As served"), "zh": ("应得等级", "执行等级")}[language]
    for name, word, colour in zip(("earned_flip_rate", "served_flip_rate"), words, ("#c8553d", "#14746f"), strict=True):
        axes.plot(places, table[name], color=colour, linewidth=1.8, label=word)
    axes.set_ylim(bottom=0)
    as_percent(axes.yaxis, 1)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    months_on(axes, list(table.index))
    axes.legend(loc="upper center", ncols=2, bbox_to_anchor=(0.5, 1.16), handlelength=1.4)
    return svg(figure, "Changes of the value tier as earned and as served")


def stress(release: Release, language: str) -> str | None:
    """The indicators on whose weight most classes hang."""
    now = release.now
    names = ("weight_up_flip_rate", "weight_down_flip_rate")
    rows = now[now["metric_code"].isin(names)].dropna(subset=["value"])
    if rows.empty:
        return None
    table = rows.pivot_table(index="subject_code", columns="metric_code", values="value", aggfunc="first")
    table = table.assign(most=table.max(axis=1)).sort_values(["most", "subject_code"], ascending=[False, True]).head(8)
    labels = {row["subject_code"]: text_of(row, "subject_label", language) for row in rows.to_dict("records")}
    factors = {row["metric_code"]: float(row["weight_factor"]) for row in seed("weight_stresses")}
    figure, (axes,) = sheet(0.34 * len(table) + 0.75)
    for offset, name, colour in ((-0.18, names[0], "#c8553d"), (0.18, names[1], "#3a7ca5")):
        axes.barh(
            np.arange(len(table)) + offset, table[name], height=0.34, color=colour,
            label=f"{100 * (factors[name] - 1):+.0f}%",
        )  # fmt: skip
    axes.set_yticks(range(len(table)), [labels[code] for code in table.index])
    axes.invert_yaxis()
    as_percent(axes.xaxis, 1)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.spines["left"].set_visible(False)
    axes.legend(loc="lower right", handlelength=1)
    return svg(figure, "Class flips under weight stress")


def capture_curve(release: Release, language: str) -> str | None:
    """How much of the deposits the richest customers hold."""
    now = release.now
    rows = now[(now["metric_code"] == "capture")].dropna(subset=["value"])
    if rows.empty:
        return None
    shares = {row["capture_code"]: float(row["customer_share"]) for row in seed("capture_shares")}
    points = sorted((shares[row["subject_code"]], row["value"]) for row in rows.to_dict("records"))
    x, y = [0.0, *(p[0] for p in points), 1.0], [0.0, *(p[1] for p in points), 1.0]
    figure, (axes,) = sheet(2.9)
    axes.plot([0, 1], [0, 1], color=LINE, linewidth=1)
    axes.fill_between(x, y, x, color="#14746f", alpha=0.08, linewidth=0)
    axes.plot(x, y, color="#14746f", linewidth=2, marker="o", markersize=3.5)
    told = {"en": "Top {:.0f}% hold {:.0f}%", "zh": "前{:.0f}%客户持有{:.0f}%"}[language]
    for share, value in points:
        if share in (0.1, 0.2, 0.5):
            axes.annotate(
                told.format(100 * share, 100 * value), (share, value), xytext=(10, -14), textcoords="offset points",
                fontsize=9,
            )  # fmt: skip
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.02)
    as_percent(axes.xaxis)
    as_percent(axes.yaxis)
    axes.set_xlabel({"en": "Customers, largest balances first", "zh": "客户（按存款从高到低）"}[language])
    axes.set_ylabel({"en": "Share of deposits", "zh": "存款占比"}[language])
    return svg(figure, "Capture curve of deposits")


def stability_trend(release: Release, language: str) -> str | None:
    """Stability indexes of the scores over the months, and from where on they matter."""
    rows = release.tables["metrics"]
    rows = rows[(rows["metric_code"] == "psi")].dropna(subset=["value"])
    scores = [row["subject_code"] for row in seed("evaluation_subjects") if row["kind"] == "score"][:4]
    now = rows[(rows["as_of_date"] == release.as_of_date)].sort_values(
        ["value", "subject_code"], ascending=[False, True]
    )
    features = [code for code in now["subject_code"] if code not in scores][:2]
    months = sorted(rows["as_of_date"].unique())
    if not months:
        return None
    figure, (axes,) = sheet(3.1)
    bound = float(seed_by("evaluation_metrics", "metric_code")[("psi",)]["alarm_from"])
    for colour, code in zip(SERIES, scores + features, strict=False):
        line = rows[rows["subject_code"] == code].set_index("as_of_date")
        if line.empty:
            continue
        values = line["value"].reindex(months)
        label = text_of(line.iloc[-1], "subject_label", language).split(" (")[0].split("(")[0]
        axes.plot(
            range(len(months)), values, color=colour, linewidth=1.8, marker="o" if len(months) < 3 else None,
            markersize=4, linestyle="-" if code in scores else (0, (4, 2)), label=label,
        )  # fmt: skip
    critical = rows[rows["subject_code"].isin(scores)].groupby("as_of_date")["critical_value"].max().reindex(months)
    axes.fill_between(range(len(months)), 0, critical, color="#a7b4c2", alpha=0.25, linewidth=0,
                      label={"en": "Chance", "zh": "随机波动"}[language])  # fmt: skip
    axes.axhline(bound, color="#c8553d", linewidth=1, linestyle=(0, (2, 2)))
    axes.annotate(
        {"en": "asks for attention from here", "zh": "此线以上需关注"}[language], (0, bound), xytext=(2, 3),
        textcoords="offset points", fontsize=8, color="#c8553d",
    )  # fmt: skip
    axes.set_ylim(0, max(bound * 1.25, float(rows[rows["subject_code"].isin(scores + features)]["value"].max()) * 1.1))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    months_on(axes, months)
    axes.legend(loc="upper center", ncols=2, bbox_to_anchor=(0.5, -0.1), handlelength=1.6, columnspacing=1.2)
    return svg(figure, "Stability indexes over time")


def outcomes_by_class(release: Release, language: str) -> str | None:
    """What happened to each class, with intervals."""
    now = release.now
    rows = now[(now["metric_code"] == "outcome_rate") & (now["dimension"] == "class")].dropna(subset=["value"])
    horizon = _horizon(rows)
    rows = rows[rows["horizon_months"] == horizon]
    wanted = [
        code
        for code in ("balance_loss", "new_inactivity", "overdue", "new_overdue")
        if code in set(rows["outcome_code"])
    ]
    if not wanted:
        return None
    figure = Figure(figsize=(WIDTH, 1.75 * ((len(wanted) + 1) // 2) + 0.2), layout="constrained")
    grid = figure.subplots((len(wanted) + 1) // 2, 2, squeeze=False, sharey=True)
    order = ["quality", "potential", "general", "risk"]
    labels = _codes(now[now["dimension"] == "class"], language)
    for axes, outcome in zip(grid.flat, wanted, strict=False):
        part = rows[rows["outcome_code"] == outcome].set_index("segment_code")
        for place, code in enumerate(order):
            if code not in part.index:
                continue
            row = part.loc[code]
            axes.plot([row["lower_bound"], row["upper_bound"]], [place, place], color=COLOURS[code], linewidth=2.4,
                      solid_capstyle="round", alpha=0.55)  # fmt: skip
            axes.plot(row["value"], place, "o", color=COLOURS[code] if code != "general" else MUTED, markersize=6)
            axes.annotate(
                f"{100 * row['value']:.0f}%", (row["value"], place), xytext=(0, 6), textcoords="offset points",
                fontsize=8, ha="center",
            )  # fmt: skip
        first = rows[rows["outcome_code"] == outcome].iloc[0]
        axes.set_title(text_of(first, "outcome_label", language), loc="left", fontsize=10)
        axes.set_yticks(range(len(order)), [labels[code].split(" ")[0] for code in order])
        axes.set_ylim(len(order) - 0.5, -0.7)
        axes.set_xlim(left=min(0, axes.get_xlim()[0]))
        axes.xaxis.set_major_locator(MaxNLocator(4))
        as_percent(axes.xaxis)
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.spines["left"].set_visible(False)
    for axes in list(grid.flat)[len(wanted) :]:
        axes.set_axis_off()
    return svg(figure, "Outcome rates by class with intervals")


def discrimination(release: Release, language: str) -> str | None:
    """AUC of every score on every outcome with enough cases."""
    now = release.now
    rows = now[(now["metric_code"] == "auc")].dropna(subset=["value"])
    rows = rows[rows["numerator"] >= setting("minimum_case_count")]
    horizon = _horizon(rows)
    new = [row["outcome_code"] for row in seed("outcome_definitions") if row["is_new_only"] == "true"]
    rows = rows[(rows["horizon_months"] == horizon) & rows["outcome_code"].isin(new)]
    if rows.empty:
        return None
    outcomes = [code for code in new if code in set(rows["outcome_code"])]
    subjects = [row["subject_code"] for row in seed("evaluation_subjects") if row["is_predictor"] == "true"]
    subjects = [code for code in subjects if code in set(rows["subject_code"])]
    figure, (axes,) = sheet(0.44 * len(subjects) + 0.9)
    for colour, (number, outcome) in zip(("#14746f", "#b08a2e", "#c8553d"), enumerate(outcomes), strict=False):
        part = rows[rows["outcome_code"] == outcome].set_index("subject_code")
        offset = (number - (len(outcomes) - 1) / 2) * 0.24
        for place, code in enumerate(subjects):
            if code not in part.index:
                continue
            row = part.loc[code]
            axes.plot(
                [row["lower_bound"], row["upper_bound"]], [place + offset] * 2, color=colour, linewidth=2, alpha=0.5
            )
            axes.plot(row["value"], place + offset, "o", color=colour, markersize=5)
        axes.plot([], [], "o", color=colour, label=text_of(part.iloc[0], "outcome_label", language))
    axes.axvline(0.5, color=MUTED, linewidth=1, linestyle=(0, (2, 2)))
    labels = {row["subject_code"]: text_of(row, "subject_label", language) for row in rows.to_dict("records")}
    axes.set_yticks(range(len(subjects)), [labels[code].split(" (")[0].split("(")[0] for code in subjects])
    axes.set_ylim(len(subjects) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel({"en": "AUC; 0.5 is chance", "zh": "AUC（0.5为随机）"}[language])
    axes.legend(loc="upper center", ncols=3, bbox_to_anchor=(0.4, 1.2), handlelength=0.8, columnspacing=1.2)
    return svg(figure, "AUC of the scores with intervals")


def signals(release: Release, language: str) -> str | None:
    """Precision of the best signals on the loss of balance, with intervals, beside the rate of all customers."""
    now = release.now
    rows = now[(now["metric_code"] == "signal_precision") & (now["outcome_code"] == "balance_loss")]
    rows = rows.dropna(subset=["value"])
    horizon = _horizon(rows)
    rows = rows[(rows["horizon_months"] == horizon) & (rows["denominator"] >= setting("minimum_case_count"))]
    rows = rows.sort_values(["value", "subject_code"]).tail(int(setting("signal_count")))
    base = now[
        (now["metric_code"] == "outcome_rate") & (now["dimension"] == "all") & (now["outcome_code"] == "balance_loss")
    ]
    base = base[base["horizon_months"] == horizon]["value"]
    if rows.empty:
        return None
    figure, (axes,) = sheet(0.36 * len(rows) + 0.8)
    for place, row in enumerate(rows.to_dict("records")):
        axes.plot([row["lower_bound"], row["upper_bound"]], [place, place], color="#3a7ca5", linewidth=2.4, alpha=0.45)
        axes.plot(row["value"], place, "o", color="#3a7ca5", markersize=6)
        axes.annotate(
            f"{100 * row['value']:.0f}%", (row["value"], place), xytext=(0, 5), textcoords="offset points", fontsize=8,
            ha="center",
        )  # fmt: skip
    if len(base) and not np.isnan(base.iloc[0]):
        axes.axvline(base.iloc[0], color=MUTED, linewidth=1, linestyle=(0, (2, 2)))
        axes.annotate(
            {"en": "all customers", "zh": "全部客户"}[language], (base.iloc[0], len(rows) - 0.45), xytext=(3, 0),
            textcoords="offset points", fontsize=8, color=MUTED, va="top",
        )  # fmt: skip
    told = [
        f"{text_of(row, 'subject_label', language)} ({int(row['denominator']):,})" for row in rows.to_dict("records")
    ]
    axes.set_yticks(range(len(rows)), told)
    axes.set_ylim(-0.6, len(rows) - 0.3)
    axes.set_xlim(left=min(0, axes.get_xlim()[0]))
    as_percent(axes.xaxis)
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.spines["left"].set_visible(False)
    return svg(figure, "Precision of warning signals")


def alerts(release: Release, language: str) -> str | None:
    """Open alerts by the money at risk."""
    rows = release.tables.get("alerts")
    if rows is None or rows.empty:
        return None
    rows = rows.sort_values(["adb_at_risk_amount", "signal_code"], ascending=[True, False]).tail(12)
    figure, (axes,) = sheet(0.3 * len(rows) + 0.5)
    amounts = rows["adb_at_risk_amount"].astype(float)
    colours = [SEVERITIES.get(code, MUTED) for code in rows["severity_code"]]
    axes.barh(range(len(rows)), amounts, color=colours, height=0.66)
    for place, (amount, count) in enumerate(zip(amounts, rows["customer_count"], strict=True)):
        axes.annotate(
            f"{money(amount, language)} · {count:,}", (max(amount, 0), place), xytext=(4, 0),
            textcoords="offset points", va="center", fontsize=8, color=MUTED,
        )  # fmt: skip
    axes.set_yticks(range(len(rows)), [text_of(row, "signal_label", language) for row in rows.to_dict("records")])
    axes.set_xticks([])
    axes.set_xlim(0, float(amounts.max()) * 1.45 or 1)
    axes.tick_params(axis="y", length=0, labelcolor=INK, labelsize=9)
    axes.spines[["left", "bottom"]].set_visible(False)
    severities = rows.drop_duplicates("severity_code").sort_values("severity_rank").to_dict("records")
    keys = [
        Patch(color=SEVERITIES.get(row["severity_code"], MUTED), label=text_of(row, "severity_label", language))
        for row in severities
    ]
    axes.legend(handles=keys, loc="lower right", handlelength=1)
    return svg(figure, "Open alerts by money at risk")


def fairness(release: Release, language: str) -> str | None:
    """Adverse impact ratios of groups of people."""
    now = release.now
    rows = now[(now["metric_code"] == "adverse_impact_ratio")].dropna(subset=["value"])
    if rows.empty:
        return None
    subjects = [
        row["fairness_code"] for row in seed("fairness_settings") if row["fairness_code"] in set(rows["subject_code"])
    ]
    groups = [*dict.fromkeys(zip(rows["dimension"], rows["segment_code"], strict=True))]
    groups.sort(key=lambda group: (group[0] != "gender", group))
    labels = {
        (row["dimension"], row["segment_code"]): text_of(row, "segment_label", language)
        for row in rows.to_dict("records")
    }
    bound = float(seed_by("evaluation_metrics", "metric_code")[("adverse_impact_ratio",)]["alarm_below"])
    figure, axes_row = sheet(0.27 * len(groups) + 0.75, len(subjects), sharey=True)
    for axes, subject in zip(axes_row, subjects, strict=True):
        part = rows[rows["subject_code"] == subject]
        for row in part.to_dict("records"):
            place = groups.index((row["dimension"], row["segment_code"]))
            shown = min(row["value"], 2.5)
            axes.plot([1, shown], [place, place], color=LINE, linewidth=2, zorder=1)
            axes.plot(shown, place, "o" if row["value"] <= 2.5 else ">", markersize=5.5,
                      color="#c8553d" if row["is_alarm"] else "#14746f")  # fmt: skip
        axes.axvline(bound, color="#c8553d", linewidth=1, linestyle=(0, (2, 2)))
        axes.axvline(1, color=MUTED, linewidth=0.8)
        axes.set_title(
            text_of(part.iloc[0], "subject_label", language).replace("Not a risk", "No risk"), loc="left", fontsize=9
        )
        axes.set_yticks(range(len(groups)), [labels[group] for group in groups])
        axes.set_ylim(len(groups) - 0.5, -0.5)
        axes.set_xlim(0, 2.65)
        axes.set_xticks([0, 1, 2])
        axes.tick_params(labelsize=8)
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.spines["left"].set_visible(False)
    return svg(figure, "Fairness screen")


CHARTS: dict[str, Draw] = {
    "sizes": sizes_over_time,
    "shares": shares_by_class,
    "migration": migration,
    "capture": capture_curve,
    "stability": stability_trend,
    "holds": holds,
    "stress": stress,
    "outcomes": outcomes_by_class,
    "discrimination": discrimination,
    "signals": signals,
    "alerts": alerts,
    "fairness": fairness,
}


def draw(release: Release, name: str, language: str) -> str | None:
    """A chart in one language; None when there is nothing to draw."""
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    with mpl.rc_context(STYLE):
        return CHARTS[name](release, language)


def _codes(rows: pd.DataFrame, language: str) -> dict[str, str]:
    labels = rows.drop_duplicates("segment_code")
    return {row["segment_code"]: text_of(row, "segment_label", language).replace(" customer", "").replace("客户", "")
            for row in labels.to_dict("records")}  # fmt: skip


def _horizon(rows: pd.DataFrame) -> int:
    """The wanted horizon, or the longest shorter one that was reached."""
    wanted = int(setting("chart_horizon_months"))
    reached = [int(months) for months in rows["horizon_months"].unique() if months <= wanted]
    return max(reached, default=wanted)
