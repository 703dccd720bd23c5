"""Tells dbt docs what the macros do, from the comment above each of them.

    python -m scripts.macro_docs        (part of ./scripts/run docs-pages)

A macro's description has its home where it is read: in the comment above it. macros/arguments.csv says what arguments
are; a word means the same in every macro. macros/_macros.yml is written from both, for `dbt docs` and the linters.
"""

from __future__ import annotations

import csv
import re

import yaml

from scripts.settings import PROJECT

MACROS = PROJECT / "macros"
PROPERTIES = MACROS / "_macros.yml"
ARGUMENTS = MACROS / "arguments.csv"
ENGINES = {
    "default": "any engine without a form of its own",
    "duckdb": "DuckDB",
    "postgres": "PostgreSQL",
    "spark": "Apache Spark",
}
MACRO = re.compile(
    r"(?:\{#-?(?P<comment>(?:(?!#\}).)*?)-?#\}\s*)?"
    r"\{%-?\s*(?:macro\s+(?P<name>\w+)\((?P<signature>.*?)\)"
    r"|materialization\s+(?P<kind>\w+),\s*adapter='(?P<adapter>\w+)'[^%]*?)\s*-?%\}",
    re.S,
)
MATERIALIZATION = "supported_languages"  # the argument that dbt gives every materialization

HEAD = """\
# Generated from the comments above the macros and macros/arguments.csv by `./scripts/run docs-pages`.

"""


def arguments() -> dict[str, str]:
    """What each word for an argument means."""
    with ARGUMENTS.open(encoding="utf-8", newline="") as file:
        return {row["argument"]: row["description"] for row in csv.DictReader(file)}


def macros() -> list[dict[str, object]]:
    """Every macro with its description and arguments, as dbt's YAML wants them."""
    meanings, found = arguments(), []
    for path in sorted(MACROS.rglob("*.sql")):
        for match in MACRO.finditer(path.read_text(encoding="utf-8")):
            signature = MATERIALIZATION if match["kind"] else match["signature"]
            names = [part.split("=")[0].strip() for part in signature.split(",") if part.strip()]
            name = match["name"] or f"materialization_{match['kind']}_{match['adapter']}"  # as dbt calls it
            entry: dict[str, object] = {"name": name, "description": description(name, match["comment"])}
            if names:
                unknown = [name for name in names if name not in meanings]
                if unknown:
                    raise SystemExit(f"macros/arguments.csv has no row for {unknown[0]} of {name}: add one.")
                entry["arguments"] = [{"name": name, "description": meanings[name]} for name in names]
            found.append(entry)
    return found


def description(name: str, comment: str | None) -> str:
    """The comment as a text, or for an engine's form of a macro: whose form it is. Never empty."""
    if comment:
        paragraphs = re.split(r"\n\s*\n", comment.strip())
        text = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
        return re.sub(r"\{[{%]", "{% raw %}\\g<0>{% endraw %}", text)
    engine, dispatched, base = name.partition("__")
    if not dispatched or engine not in ENGINES:
        raise SystemExit(f"The macro {name} has no comment above it: say in one what it does.")
    return f"The form of {base} for {ENGINES[engine]}."


def properties() -> str:
    """The text of macros/_macros.yml."""
    content = {"version": 2, "macros": macros()}
    return HEAD + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)


def main() -> None:
    """Writes the file and says so."""
    PROPERTIES.write_text(properties(), encoding="utf-8")
    print(f"Wrote {PROPERTIES.relative_to(PROJECT)}")


if __name__ == "__main__":
    main()
