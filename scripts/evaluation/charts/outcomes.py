"""Charts of what came true: outcomes by class, how well scores and signals foresaw them, and for whom."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from scripts.evaluation.charts.canvas import (
    COLOURS,
    INK,
    LINE,
    MUTED,
    WIDTH,
    as_percent,
    chart_horizon,
    code_labels,
    sheet,
    svg,
    text_of,
)
from scripts.evaluation.release import Release
from scripts.evaluation.rules import seed_by, setting
from scripts.seeds import seed_rows


def outcomes_by_class(release: Release, language: str) -> str | None:
    """What happened to each class, with intervals."""
    now = release.now
    rows = now[(now["metric_code"] == "outcome_rate") & (now["dimension"] == "class")].dropna(subset=["value"])
    horizon = chart_horizon(rows)
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
    labels = code_labels(now[now["dimension"] == "class"], language)
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
    horizon = chart_horizon(rows)
    new = [row["outcome_code"] for row in seed_rows("outcome_definitions") if row["is_new_only"] == "true"]
    rows = rows[(rows["horizon_months"] == horizon) & rows["outcome_code"].isin(new)]
    if rows.empty:
        return None
    outcomes = [code for code in new if code in set(rows["outcome_code"])]
    subjects = [row["subject_code"] for row in seed_rows("evaluation_subjects") if row["is_predictor"] == "true"]
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
    horizon = chart_horizon(rows)
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


def fairness(release: Release, language: str) -> str | None:
    """Adverse impact ratios of groups of people."""
    now = release.now
    rows = now[(now["metric_code"] == "adverse_impact_ratio")].dropna(subset=["value"])
    if rows.empty:
        return None
    subjects = [
        row["fairness_code"]
        for row in seed_rows("fairness_settings")
        if row["fairness_code"] in set(rows["subject_code"])
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
