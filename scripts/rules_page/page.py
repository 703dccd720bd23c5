"""docs/rules.md, the rules in plain words (English, Chinese).

It is the page on which people read thresholds; a test fails when it isn't what the seeds say. Every seed of
seeds/rules is on it: segments and tags in words, the rest as tables. It describes the newest published version and
lists what earlier and later versions have otherwise.
"""

from __future__ import annotations

from pathlib import Path

import jinja2

from scripts.rules_page import sections
from scripts.rules_page.seeds import Seeds
from scripts.rules_page.words import number, share
from scripts.settings import PROJECT

PAGE = PROJECT / "docs" / "rules.md"
TEMPLATE = Path(__file__).with_name("page.md.j2")
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


def page(folder: Path = PROJECT / "seeds") -> str:
    """The text of docs/rules.md."""
    seeds = Seeds(folder)
    environment = jinja2.Environment(
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, undefined=jinja2.StrictUndefined
    )
    environment.filters |= {"number": number, "share": share, "table": table}
    return environment.from_string(TEMPLATE.read_text("utf-8")).render(
        seeds=seeds,
        sections=sections,
        thresholds={row["threshold_code"]: row for row in seeds["segment_thresholds"]},
        as_they_are=[name for name in seeds.rule_seeds if name not in TOLD],
    )


def table(rows: list[list[str]], header: list[str]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
