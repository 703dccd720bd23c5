"""Writes what is said about the features from its one home, the seed feature_catalogue.

    python -m scripts.feature_docs

models/feature_columns.md holds a doc block for every feature, for the YAML of the models; docs/data-dictionary.md is
the page for people. Codes and departments come from their own seeds. A test fails when a committed file isn't what
the seeds say.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from scripts import macro_docs
from scripts.seeds import Row, display_labels, seed_rows
from scripts.settings import PROJECT

DOC_BLOCKS = PROJECT / "models" / "feature_columns.md"
DICTIONARY = PROJECT / "docs" / "data-dictionary.md"

DIRECTIONS = {"high_is_good": "↑", "low_is_good": "↓", "neutral": "·"}

GENERATED = (
    "Generated from seeds/reference/feature_catalogue.csv by `./scripts/run docs-pages`: change the seed instead."
)

INTRODUCTION = """\
# Data dictionary · 数据字典

<!-- {generated} -->

Every column of `customer_features_monthly`, one row per customer and month-end, beside its key (`customer_key`,
`as_of_date`). A row uses only what was known on its month-end. Null is unknown, never 0. Money is in base currency,
each month at the last rate known on its own month-end, and weighted by the customer's share of the account; counts,
days and flags aren't weighted. A transaction and its reversal vanish within one month; a reversal in a later month
counts against that month. Ratios are rounded to nine decimals.

| word | means |
|---|---|
| ↑ ↓ · | a high value is good, a low value is good, neither; of a code the better-off end counts as high |
| *range* | what the value can't leave; without one it may be anything of its type |
| *types* | the type of customer for which it is meant; for the other it is filled only where something is known |
| *extra* | not in the specification's list of features: a part or a base of something else |

**Sensitivity.** What harm a value does outside the bank decides who may see it:

| level | means |
|---|---|
| `public` | published by others anyway; says nothing about one customer |
| `internal` | how a customer uses the bank: for all departments |
| `confidential` | a customer's money: for departments that need it for their work |
| `restricted` | the person (age, gender, family, education, occupation, income), credit, suitability: for named uses |

**Owners.** The department that answers for what a feature means:

| department | | answers for |
|---|---|---|
"""


def codes(code_list: str) -> list[tuple[str, str, str]]:
    """Code and labels of a list, given as `seed` or `seed.list`; without the code of what can't be told."""
    seed, _, name = code_list.partition(".")
    rows = seed_rows(seed)
    if name:
        rows = [row for row in rows if name in (row.get("list"), row.get("dimension")) and row.get("rank") != "0"]
    code = "code" if name else next(iter(rows[0]))
    return [(row[code], row["label"], row["label_zh"]) for row in rows]


def value_range(feature: Row) -> str:
    """The range of a feature in words, such as `0 to 1` or `at least 0`; empty without one."""
    low, _, high = feature["value_range"].partition("..")
    if low and high:
        return f"{low} to {high}"
    return f"at least {low}" if low else f"at most {high}" if high else ""


def doc_block(feature: Row) -> str:
    """The dbt doc block of a feature: definition, unit, allowed values."""
    parts = [feature["definition"]]
    if feature["code_list"]:
        parts.append(f"Codes: {', '.join(code for code, _, _ in codes(feature['code_list']))}.")
    elif feature["data_type"] not in ("boolean", "date", "varchar"):
        limits = value_range(feature)
        parts.append(f"Unit: {feature['unit']}{', ' + limits if limits else ''}.")
    return f"{{% docs {feature['feature']} %}}{' '.join(parts)}{{% enddocs %}}"


def doc_blocks(catalogue: Sequence[Row]) -> str:
    """The text of models/feature_columns.md."""
    return "\n\n".join([GENERATED, *(doc_block(feature) for feature in catalogue)]) + "\n"


def table_row(*cells: str) -> str:
    """A row of a Markdown table."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def definition_cell(feature: Row) -> str:
    """Both definitions, and the codes with their labels."""
    lines = [feature["definition"], feature["definition_zh"]]
    if feature["code_list"]:
        lines.append("; ".join(f"`{code}` {label} {label_zh}" for code, label, label_zh in codes(feature["code_list"])))
    return "<br>".join(lines)


def dictionary_row(feature: Row, windows: dict[str, tuple[str, str]]) -> str:
    """A feature's row in the page: what it is called, what kind of value, what it means, where from, whose."""
    limits = value_range(feature)
    window, window_zh = windows[feature["time_window"]]
    name = [f"`{feature['feature']}`", f"{feature['label']} · {feature['label_zh']}"]
    if feature["is_of_specification"] != "true":
        name.append("*extra*")
    value = [
        f"{feature['unit']} {feature['unit_zh']} {DIRECTIONS[feature['direction']]}",
        feature["data_type"],
        *([f"*range* {limits}"] if limits else []),
        f"{window} {window_zh}",
    ]
    kept = [f"`{feature['sensitivity_level']}`", feature["owner_department"]]
    if feature["customer_types"] != "all":
        kept.append(f"*types* {feature['customer_types']}")
    return table_row(
        "<br>".join(name),
        "<br>".join(value),
        definition_cell(feature),
        "<br>".join(feature["source_tables"].split()),
        "<br>".join(kept),
    )


def dictionary(catalogue: Sequence[Row]) -> str:
    """The text of docs/data-dictionary.md."""
    lines = [INTRODUCTION.format(generated=GENERATED).rstrip("\n")]
    for row in seed_rows("departments"):
        name, remit = (f"{row[column]} · {row[column + '_zh']}" for column in ("label", "remit"))
        lines.append(table_row(f"`{row['department_code']}`", name, remit))
    labels = seed_rows("display_labels")
    sections, windows = display_labels(labels, "feature_section"), display_labels(labels, "feature_window")
    order = list(sections)
    sorted_features = sorted(catalogue, key=lambda feature: order.index(feature["section"]))
    for section, features in groupby(sorted_features, key=lambda feature: feature["section"]):
        title, title_zh = sections[section]
        lines += [
            "",
            f"## {title} · {title_zh}",
            "",
            table_row("feature", "value", "definition", "sources", "kept"),
            "|---|---|---|---|---|",
            *(dictionary_row(feature, windows) for feature in features),
        ]
    return "\n".join(lines) + "\n"


def pages() -> dict[Path, str]:
    """Every generated file and its text."""
    catalogue = seed_rows("feature_catalogue")
    return {
        DOC_BLOCKS: doc_blocks(catalogue),
        DICTIONARY: dictionary(catalogue),
        macro_docs.PROPERTIES: macro_docs.properties(),
    }


def main() -> None:
    """Writes the files and says which."""
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
        print(f"Wrote {path.relative_to(PROJECT)}")


if __name__ == "__main__":
    main()
