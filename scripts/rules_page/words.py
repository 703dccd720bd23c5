"""Numbers, bounds and conditions of rules in words, in both languages."""

from __future__ import annotations

from collections.abc import Callable

from scripts.rules_page.seeds import Row, Seeds, Words

SMALL_RATIO = 2  # ratios up to it are written as per cent


def number(text: str) -> str:
    """A number of a seed for people: `500,000`, `0.6`."""
    if text in ("inf", "-inf"):
        return {"inf": "∞", "-inf": "−∞"}[text]
    value = float(text)
    shown = f"{value:,.6f}".rstrip("0").rstrip(".") if value != int(value) else f"{int(value):,}"
    return shown.replace("-", "−")


def share(text: str) -> str:
    """A share as per cent."""
    return f"{number(str(round(float(text) * 100, 6)))} %"


def shown_as(is_ratio: bool, *limits: str) -> Callable[[str], str]:
    """How the limits of a value are written: small ratios as per cent."""
    is_small = all(abs(float(limit)) <= SMALL_RATIO for limit in limits if not limit.endswith("inf"))
    return share if is_ratio and is_small else number


def bounds(low: str, high: str, is_flag: bool, is_ratio: bool = False) -> Words:
    """The interval of a condition."""
    if is_flag:
        return ("yes", "是") if float(low) > 0 else ("no", "否")
    show = shown_as(is_ratio, low, high)
    if low == "-inf":
        return f"below {show(high)}", f"低于 {show(high)}"
    if high == "inf":
        return f"at least {show(low)}", f"不低于 {show(low)}"
    return f"from {show(low)} to below {show(high)}", f"不低于 {show(low)} 且低于 {show(high)}"


def condition(seeds: Seeds, row: Row) -> Words:
    """A condition: the feature and its bounds."""
    name = row["feature"]
    english, chinese = seeds.feature(name)
    is_flag = name.startswith(("is_", "has_"))
    words, words_zh = bounds(row["min_value"], row["below_value"], is_flag, is_ratio=seeds.unit(name) == "ratio")
    return f"{english}: {words}", f"{chinese}：{words_zh}"


def fact(seeds: Seeds, row: Row) -> Words:
    """A code that a feature has."""
    english, chinese = seeds.feature(row["feature"])
    code = ("any code", "任一取值") if row["code_value"] == "*" else (f"`{row['code_value']}`",) * 2
    return f"{english}: {code[0]}", f"{chinese}：{code[1]}"
