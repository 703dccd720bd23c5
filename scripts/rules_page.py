"""Writes docs/rules.md, the rules in plain words (English, Chinese), from the seeds that hold them.

    python -m scripts.rules_page

It is the page on which people read thresholds; a test fails when it isn't what the seeds say. Every seed of
seeds/rules is on it: segments and tags in words, the rest as tables. It describes the newest published version and
lists what earlier and later versions have otherwise.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

from scripts.settings import PROJECT

PAGE = PROJECT / "docs" / "rules.md"
Row = dict[str, str]

INTRODUCTION = """\
# Rules · 规则

<!-- Generated from seeds/rules by `./scripts/run rules-page`: change the seeds instead. -->

Every threshold, weight, hold and condition by which customers are classified, as the seeds say it. A lower bound
belongs to a condition, an upper bound doesn't. Money is in base currency. How a rule is changed:
[change-a-rule.md](change-a-rule.md).

本页列出客户分类所用的全部阈值、权重、保级期与条件，均由规则种子文件自动生成。
下限包含在条件之内，上限不包含。金额以本位币计。
"""
# What stands in words above the tables of the remaining seeds.
TOLD = {
    "rule_versions",
    "value_tiers",
    "segment_rules",
    "segment_rule_conditions",
    "activity_signals",
    "segment_thresholds",
    "dormancy_packs",
    "need_components",
    "feature_points",
    "tags",
}
DOMAINS = {
    "attribute": ("Attributes", "属性"),
    "behaviour": ("Behaviour", "行为"),
    "value": ("Value", "价值"),
    "risk": ("Risk", "风险"),
    "need": ("Needs", "需求"),
    "lifecycle": ("Life cycle", "生命周期"),
    "marketing": ("Marketing", "营销"),
}
CUSTOMER_TYPES = {"all": ("all", "全部"), "individual": ("individuals", "个人"), "corporate": ("corporates", "对公")}
# Names of what rules look at and no catalogue lists.
OTHER_FEATURES = {
    "days_since_opening": ("Days since the first account was opened", "首个账户开立天数"),
    "days_since_reactivation": ("Days since the first activity after a dormancy", "唤醒后天数"),
    "inactivity_days": ("Days without own activity", "无主动交易天数"),
    "is_inactive": ("Inactive by the dormancy pack", "达到规则包的低活跃标准"),
    "is_dormant": ("Dormant by the dormancy pack", "达到规则包的睡眠标准"),
    "slowing_points": ("Points of churn signals", "流失信号积分"),
    "need_score_count": ("Number of known need scores", "已知需求得分个数"),
    "stable_amount": ("Stable deposits", "稳定存款金额"),
    "less_stable_amount": ("Less stable deposits", "欠稳定存款金额"),
    "value_tier_code": ("Value tier", "价值层级"),
    "earned_value_tier_code": ("Earned value tier", "当月达到层级"),
    "service_value_tier_code": ("Service value tier", "服务层级"),
    "tier_status_code": ("Tier status", "层级状态"),
    "need_segment_code": ("Need segment", "需求类型"),
    "activity_state_code": ("Activity state", "活跃状态"),
    "deposit_stability_code": ("Deposit stability", "存款稳定性"),
}
NEEDS = {
    "wealth": ("Wealth management", "理财"),
    "financing": ("Financing", "融资"),
    "settlement": ("Settlement", "结算"),
}


class Seeds:
    """The rows of all seeds, and the newest published version."""

    def __init__(self, folder: Path) -> None:
        self.rows: dict[str, list[Row]] = {}
        self.columns: dict[str, list[str]] = {}
        for path in sorted(folder.glob("*/*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                reader = csv.DictReader(file)
                self.rows[path.stem] = list(reader)
                self.columns[path.stem] = list(reader.fieldnames or [])
        self.rule_seeds = sorted(path.stem for path in (folder / "rules").glob("*.csv"))
        published = [row for row in self.rows["rule_versions"] if row["status_code"] == "published"]
        self.version = max(published, key=lambda row: (row["valid_from"], row["rule_version"]))["rule_version"]

    def __getitem__(self, name: str) -> list[Row]:
        """A seed's rows of the version; all of them where the seed has no versions."""
        return [row for row in self.rows[name] if row.get("rule_version", self.version) == self.version]

    def codes(self, dimension: str) -> dict[str, tuple[str, str]]:
        """Labels of a dimension's codes."""
        rows = self.rows["classification_codes"]
        return {row["code"]: (row["label"], row["label_zh"]) for row in rows if row["dimension"] == dimension}

    def feature(self, name: str) -> tuple[str, str]:
        """Labels of a feature."""
        for row in self.rows["feature_catalogue"]:
            if row["feature"] == name:
                return row["label"], row["label_zh"]
        if name in OTHER_FEATURES:
            return OTHER_FEATURES[name]
        need, _, what = name.partition("_need_")
        english, chinese = NEEDS[need]
        return (
            (f"{english}: score", f"{chinese}需求得分")
            if what == "score"
            else (f"{english}: lead over the next score", f"{chinese}需求领先分差")
        )

    def unit(self, name: str) -> str:
        """Unit of a feature; empty where none is known."""
        return next((row["unit"] for row in self.rows["feature_catalogue"] if row["feature"] == name), "")


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
    is_small = all(abs(float(limit)) <= 2 for limit in limits if not limit.endswith("inf"))
    return share if is_ratio and is_small else number


def bounds(low: str, high: str, is_flag: bool, is_ratio: bool = False) -> tuple[str, str]:
    """The interval of a condition in words."""
    if is_flag:
        return ("yes", "是") if float(low) > 0 else ("no", "否")
    show = shown_as(is_ratio, low, high)
    if low == "-inf":
        return f"below {show(high)}", f"低于 {show(high)}"
    if high == "inf":
        return f"at least {show(low)}", f"不低于 {show(low)}"
    return f"from {show(low)} to below {show(high)}", f"不低于 {show(low)} 且低于 {show(high)}"


def table(header: list[str], rows: list[list[str]]) -> list[str]:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines]


def condition_words(seeds: Seeds, condition: Row) -> tuple[str, str]:
    """A condition in words: the feature and its bounds."""
    name = condition["feature"]
    english, chinese = seeds.feature(name)
    is_flag = name.startswith(("is_", "has_"))
    words, words_zh = bounds(
        condition["min_value"], condition["below_value"], is_flag, is_ratio=seeds.unit(name) == "ratio"
    )
    return f"{english}: {words}", f"{chinese}：{words_zh}"


def versions(seeds: Seeds) -> list[str]:
    """Which version holds from when."""
    rows = [
        [row["rule_version"], row["valid_from"], row["status_code"], row["approved_by"], row["reason"]]
        for row in seeds.rows["rule_versions"]
    ]
    return [
        "## Versions · 版本",
        "",
        *table(["version 版本", "from 生效日", "status 状态", "approved by 批准", "reason 原因"], rows),
        "",
        f"The rest of the page is version {seeds.version}. 以下为 {seeds.version} 版规则。",
    ]


def tiers(seeds: Seeds) -> list[str]:
    """Value tiers by customer type and currency."""
    labels = seeds.codes("value_tier")
    rows = [
        [
            row["currency_code"],
            " ".join(CUSTOMER_TYPES[row["customer_type"]]),
            " ".join(labels[row["tier_code"]]),
            f"from {number(row['enter_at'])}",
            f"from {number(row['stay_at'])}",
            f"{row['hold_months']} months 个月",
        ]
        for row in seeds["value_tiers"]
    ]
    return [
        "## Value tiers · 价值层级",
        "",
        "By assets under management (`aum_1m`). A tier is reached at once, kept while the assets reach the second",
        "bound, and served for its hold after it was last earned. 按管理资产分层：快升缓降。",
        "",
        *table(["currency 币种", "customers 客户", "tier 层级", "reached 达到", "kept 保持", "held 保级期"], rows),
    ]


def rules_of(seeds: Seeds, dimension: str) -> list[str]:
    """The rules of a dimension in the order in which they are tried."""
    labels = seeds.codes(dimension)
    rows = []
    rules = [row for row in seeds["segment_rules"] if row["dimension"] == dimension]
    for place, rule in enumerate(sorted(rules, key=lambda row: int(row["priority"])), start=1):
        conditions = [
            condition_words(seeds, row)
            for row in seeds["segment_rule_conditions"]
            if row["dimension"] == dimension and row["rule_code"] == rule["rule_code"]
        ] or [("otherwise", "其他情形")]
        words = "<br>".join(f"{english}<br>{chinese}" for english, chinese in conditions)
        rows.append(
            [str(place), " ".join(labels[rule["segment_code"]]), f"{rule['label']}<br>{rule['label_zh']}", words]
        )
    return table(["", "code 类型", "rule 规则", "conditions, all of them 条件（须全部满足）"], rows)


def needs(seeds: Seeds) -> list[str]:
    """The components of the three scores, and the rules over them."""
    thresholds = {row["threshold_code"]: row for row in seeds["segment_thresholds"]}
    lines = [
        "## Needs · 需求类型",
        "",
        "Three scores of 0 to 100. A component is worth nothing at its floor and all of its weight at its cap, in",
        "between in proportion; what isn't known is left out.",
        "三项得分各 0 至 100：低于下限得 0 分，达到上限得满分，其间按比例；未知项不计。",
        "",
        f"- {thresholds['need_observed_share']['label']}: {share(thresholds['need_observed_share']['value'])}."
        f" {thresholds['need_observed_share']['label_zh']}：{share(thresholds['need_observed_share']['value'])}。",
        "",
    ]
    rows = []
    for need, group in groupby(seeds["need_components"], key=lambda row: row["need_code"]):
        for row in group:
            show = shown_as(seeds.unit(row["feature"]) == "ratio", row["floor_value"], row["cap_value"])
            rows.append(
                [
                    " ".join(NEEDS[need]),
                    f"{row['label']} {row['label_zh']}",
                    f"`{row['feature']}`",
                    show(row["floor_value"]),
                    show(row["cap_value"]),
                    number(row["weight"]),
                ]
            )
    levels = ", ".join(f"{row['code']} = {number(row['points'])}" for row in seeds["feature_points"])
    return [
        *lines,
        *table(["need 需求", "component 组成", "feature 特征", "floor 下限", "cap 上限", "weight 权重"], rows),
        "",
        f"Risk level 风险测评等级: {levels}.",
        "",
        "The segment is the first rule that is met. 按顺序取首个满足的规则。",
        "",
        *rules_of(seeds, "need"),
    ]


def activity(seeds: Seeds) -> list[str]:
    """Activity states, the signals behind `slowing`, the dormancy packs."""
    gaps = next(row for row in seeds["segment_thresholds"] if row["threshold_code"] == "silence_gap_multiple")
    signals = [
        [
            f"`{row['signal_code']}`",
            f"{row['label']}<br>{row['label_zh']}",
            f"{number(row['threshold'])} ({row['unit']})",
            {"severe": "severe 严重", "mild": "mild 轻微"}[row["severity_code"]],
            row["points"],
        ]
        for row in seeds["activity_signals"]
    ]
    packs = []
    for row in seeds["dormancy_packs"]:
        spared = [
            *(["term deposits 定期存款"] if row["is_term_deposit_exempt"] == "true" else []),
            *(["debtors 有贷款"] if row["is_linked_contract_exempt"] == "true" else []),
        ]
        is_any = row["balance_min_value"] == "-inf" and row["balance_below_value"] == "inf"
        packs.append(
            [
                f"`{row['pack_code']}`<br>{row['label']} {row['label_zh']}",
                number(row["inactive_days"]),
                number(row["dormant_days"]),
                "never 无" if row["escheat_days"] == "inf" else number(row["escheat_days"]),
                "any 不限" if is_any else " ".join(bounds(row["balance_min_value"], row["balance_below_value"], False)),
                "<br>".join(spared) or "nobody 无",
                row["source"],
            ]
        )
    header = [
        "pack 规则包",
        "inactive from day 低活跃",
        "dormant from day 睡眠",
        "handed over from day 移交",
        "balance 余额",
        "spared 豁免",
        "source 依据",
    ]
    return [
        "## Activity · 活跃状态",
        "",
        "The state is the first rule that is met. 按顺序取首个满足的规则。",
        "",
        *rules_of(seeds, "activity"),
        "",
        "### Signals of potential churn · 流失信号",
        "",
        "The points of all signals that fire are added up. 触发信号的积分相加。",
        "",
        *table(["signal 信号", "meaning 含义", "threshold 阈值", "severity 程度", "points 积分"], signals),
        "",
        f"{gaps['label']}: {number(gaps['value'])}. {gaps['label_zh']}：{number(gaps['value'])}。",
        "",
        "### Dormancy packs · 睡眠规则包",
        "",
        "The variable `dormancy_pack` chooses one. 由变量 `dormancy_pack` 选择。",
        "",
        *table(header, packs),
    ]


def stability(seeds: Seeds) -> list[str]:
    """Deposit stability."""
    rows = [
        [f"{row['label']}<br>{row['label_zh']}", number(row["value"]), row["unit"]]
        for row in seeds["segment_thresholds"]
        if row["threshold_code"].startswith(("stability_", "runoff_"))
    ]
    return [
        "## Deposit stability · 存款稳定性",
        "",
        "Stable is a balance from 0 up to the insured limit, the limit itself inside, in an established relation: long",
        "enough, by a salary, or as the main bank. 余额在 0 至保险限额（含）之间且关系稳固者为稳定存款。",
        "",
        *table(["rule 规则", "value 值", "unit 单位"], rows),
    ]


def tags(seeds: Seeds) -> list[str]:
    """The registry of tags, by domain."""
    lines = ["## Tags · 标签", ""]
    for domain, (title, title_zh) in DOMAINS.items():
        rows = []
        for row in (row for row in seeds["tags"] if row["domain"] == domain):
            if row["kind"] == "fact":
                english, chinese = seeds.feature(row["feature"])
                what = ("any code", "任一取值") if row["code_value"] == "*" else (f"`{row['code_value']}`",) * 2
                words = (f"{english}: {what[0]}", f"{chinese}：{what[1]}")
            else:
                words = condition_words(seeds, row)
            rows.append(
                [
                    f"`{row['tag_code']}`<br>{row['label']} {row['label_zh']}",
                    f"{words[0]}<br>{words[1]}",
                    " ".join(CUSTOMER_TYPES[row["customer_types"]]),
                    row["owner_department"],
                    f"`{row['sensitivity_level']}`",
                    f"{row['retire_condition']}<br>{row['retire_condition_zh']}",
                ]
            )
        header = [
            "tag 标签",
            "given when 条件",
            "customers 客户",
            "owner 归口",
            "sensitivity 敏感级",
            "given up when 退役条件",
        ]
        lines += [f"### {title} · {title_zh}", "", *table(header, rows), ""]
    return lines[:-1]


def remaining(seeds: Seeds) -> list[str]:
    """Every other seed of the rules, as it is."""
    lines = ["## All other rules · 其他规则", ""]
    for name in (name for name in seeds.rule_seeds if name not in TOLD):
        rows = seeds[name]
        header = [column for column in seeds.columns[name] if column != "rule_version"]
        lines += [f"### `{name}`", "", *table(header, [[row[column] for column in header] for row in rows]), ""]
    return lines[:-1]


def other_versions(seeds: Seeds) -> list[str]:
    """What rows of other versions say that the page's version doesn't."""
    lines: list[str] = []
    for name in seeds.rule_seeds:
        if name == "rule_versions" or "rule_version" not in seeds.columns[name]:
            continue
        known = {tuple(value for key, value in row.items() if key != "rule_version") for row in seeds[name]}
        for row in seeds.rows[name]:
            values = tuple(value for key, value in row.items() if key != "rule_version")
            if row["rule_version"] != seeds.version and values not in known:
                lines.append(f"- {row['rule_version']} `{name}`: {', '.join(values)}")
    return ["## Other versions · 其他版本", "", *(lines or ["None. 无。"])]


def page(folder: Path = PROJECT / "seeds") -> str:
    """The text of docs/rules.md."""
    seeds = Seeds(folder)
    sections = [versions, tiers, needs, activity, stability, tags, remaining, other_versions]
    return "\n".join([INTRODUCTION, *("\n".join([*section(seeds), ""]) for section in sections)])


def main() -> None:
    """Writes the page and says so."""
    PAGE.write_text(page(), encoding="utf-8")
    print(f"Wrote {PAGE.relative_to(PROJECT)}")


if __name__ == "__main__":
    main()
