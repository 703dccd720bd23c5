"""The rows of the page's tables, ready for people; what stands around them is the template's."""

from __future__ import annotations

from scripts.rules_page.seeds import Seeds
from scripts.rules_page.words import bounds, condition, fact, number, shown_as

Rows = list[list[str]]


def versions(seeds: Seeds) -> Rows:
    """Which version holds from when."""
    columns = ("rule_version", "valid_from", "status_code", "approved_by", "reason")
    return [[row[column] for column in columns] for row in seeds.rows["rule_versions"]]


def tiers(seeds: Seeds) -> Rows:
    """Value tiers by customer type and currency."""
    labels, types = seeds.codes("value_tier"), seeds.labels("customer_types")
    return [
        [
            row["currency_code"],
            " ".join(types[row["customer_type"]]),
            " ".join(labels[row["tier_code"]]),
            f"from {number(row['enter_at'])}",
            f"from {number(row['stay_at'])}",
            f"{row['hold_months']} months 个月",
        ]
        for row in seeds["value_tiers"]
    ]


def rules(seeds: Seeds, dimension: str) -> Rows:
    """The rules of a dimension in the order in which they are tried."""
    labels = seeds.codes(dimension)
    rows = []
    of_dimension = [row for row in seeds["segment_rules"] if row["dimension"] == dimension]
    for place, rule in enumerate(sorted(of_dimension, key=lambda row: int(row["priority"])), start=1):
        conditions = [
            condition(seeds, row)
            for row in seeds["segment_rule_conditions"]
            if row["dimension"] == dimension and row["rule_code"] == rule["rule_code"]
        ] or [("otherwise", "其他情形")]
        words = "<br>".join(f"{english}<br>{chinese}" for english, chinese in conditions)
        rows.append(
            [str(place), " ".join(labels[rule["segment_code"]]), f"{rule['label']}<br>{rule['label_zh']}", words]
        )
    return rows


def needs(seeds: Seeds) -> Rows:
    """The components of the three scores."""
    labels = seeds.labels("need_score")
    rows = []
    for row in seeds["need_components"]:
        show = shown_as(seeds.unit(row["feature"]) == "ratio", row["floor_value"], row["cap_value"])
        rows.append(
            [
                " ".join(labels[row["need_code"]]),
                f"{row['label']} {row['label_zh']}",
                f"`{row['feature']}`",
                show(row["floor_value"]),
                show(row["cap_value"]),
                number(row["weight"]),
            ]
        )
    return rows


def signals(seeds: Seeds) -> Rows:
    """The signals behind `slowing`."""
    severities = seeds.labels("signal_severity")
    return [
        [
            f"`{row['signal_code']}`",
            f"{row['label']}<br>{row['label_zh']}",
            f"{number(row['threshold'])} ({row['unit']})",
            " ".join(severities[row["severity_code"]]),
            row["points"],
        ]
        for row in seeds["activity_signals"]
    ]


def dormancy_packs(seeds: Seeds) -> Rows:
    """From which day on an account that nobody uses is what, and whom a pack spares."""
    spared = {column: " ".join(words) for column, words in seeds.labels("dormancy_exemption").items()}
    rows = []
    for row in seeds["dormancy_packs"]:
        is_any = row["balance_min_value"] == "-inf" and row["balance_below_value"] == "inf"
        rows.append(
            [
                f"`{row['pack_code']}`<br>{row['label']} {row['label_zh']}",
                number(row["inactive_days"]),
                number(row["dormant_days"]),
                "never 无" if row["escheat_days"] == "inf" else number(row["escheat_days"]),
                "any 不限" if is_any else " ".join(bounds(row["balance_min_value"], row["balance_below_value"], False)),
                "<br>".join(words for column, words in spared.items() if row[column] == "true") or "nobody 无",
                row["source"],
            ]
        )
    return rows


def stability(seeds: Seeds) -> Rows:
    """When a deposit is stable."""
    return [
        [f"{row['label']}<br>{row['label_zh']}", number(row["value"]), row["unit"]]
        for row in seeds["segment_thresholds"]
        if row["threshold_code"].startswith(("stability_", "runoff_"))
    ]


def tags(seeds: Seeds, domain: str) -> Rows:
    """The registry of tags of a domain."""
    types = seeds.labels("customer_types")
    return [
        [
            f"`{row['tag_code']}`<br>{row['label']} {row['label_zh']}",
            "<br>".join(fact(seeds, row) if row["kind"] == "fact" else condition(seeds, row)),
            " ".join(types[row["customer_types"]]),
            row["owner_department"],
            f"`{row['sensitivity_level']}`",
            f"{row['retire_condition']}<br>{row['retire_condition_zh']}",
        ]
        for row in seeds["tags"]
        if row["domain"] == domain
    ]


def as_it_is(seeds: Seeds, name: str) -> tuple[list[str], Rows]:
    """Header and rows of a seed that isn't told in words."""
    header = [column for column in seeds.columns[name] if column != "rule_version"]
    return header, [[row[column] for column in header] for row in seeds[name]]


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
    return lines
