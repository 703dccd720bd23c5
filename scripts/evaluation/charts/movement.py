"""Charts of what moves: customers between classes, scores and features over the year, classes under other weights."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
from matplotlib.ticker import MaxNLocator

from scripts.evaluation.charts.canvas import INK, LINE, MUTED, SERIES, as_percent, months_on, sheet, svg, text_of
from scripts.evaluation.release import Release
from scripts.evaluation.rules import seed_by, setting
from scripts.seeds import seed_rows


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


def stability_trend(release: Release, language: str) -> str | None:
    """Stability indexes of the scores over the months, and from where on they matter."""
    rows = release.tables["metrics"]
    rows = rows[(rows["metric_code"] == "psi")].dropna(subset=["value"])
    scores = [row["subject_code"] for row in seed_rows("evaluation_subjects") if row["kind"] == "score"][:4]
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
    factors = {row["metric_code"]: float(row["weight_factor"]) for row in seed_rows("weight_stresses")}
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
