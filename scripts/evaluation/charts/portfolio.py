"""Charts of what the segments hold: customers, money, open alerts."""

from __future__ import annotations

import numpy as np
from matplotlib.patches import Patch

from scripts.evaluation.charts.canvas import (
    COLOURS,
    INK,
    LINE,
    MUTED,
    SEVERITIES,
    as_percent,
    code_labels,
    months_on,
    sheet,
    svg,
    text_of,
)
from scripts.evaluation.release import Release
from scripts.evaluation.rules import setting
from scripts.evaluation.words import money
from scripts.seeds import seed_rows


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
    labels = code_labels(rows, language)
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
    labels = code_labels(rows, language)
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


def capture_curve(release: Release, language: str) -> str | None:
    """How much of the deposits the richest customers hold."""
    now = release.now
    rows = now[(now["metric_code"] == "capture")].dropna(subset=["value"])
    if rows.empty:
        return None
    shares = {row["capture_code"]: float(row["customer_share"]) for row in seed_rows("capture_shares")}
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
