"""What engines do differently has a form for each of them."""

import re
from pathlib import Path

import pytest

MACROS = Path(__file__).resolve().parents[2] / "macros"
DISPATCH = re.compile(r"adapter\.dispatch\('(\w+)'\)")
MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)\(")


@pytest.mark.parametrize("engine", ["duckdb", "postgres", "spark"])
def test_every_dispatched_macro_has_a_form_for_every_engine(engine: str) -> None:
    texts = [path.read_text(encoding="utf-8") for path in MACROS.rglob("*.sql")]
    names = {name for text in texts for name in MACRO.findall(text)}
    dispatched = {name for text in texts for name in DISPATCH.findall(text)}
    assert dispatched
    missing = [name for name in sorted(dispatched) if not names & {f"{engine}__{name}", f"default__{name}"}]
    assert missing == []
