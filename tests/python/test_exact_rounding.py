"""DuckDB's fast rounding of money is the exact one: against whole numbers in Python, at every tie and bound."""

from __future__ import annotations

import random
from decimal import Decimal, localcontext
from pathlib import Path

import duckdb
from odd_landed_values import compiled_query
from warehouse import Warehouse

DIVISORS = [1, 2, 3, 7, 28, 31, 89, 366, 10**9, 10**14, 31 * 10**14]
FAST_UP_TO = 10**15  # cents, and hundredths: where doubles stop being sure
PAIRS_EACH = 400


def nowhere(home: Path) -> Warehouse:
    """A home in which dbt can compile."""
    for name in ("work", "quarantine", "keys"):
        (home / name).mkdir()
    duckdb.connect(str(home / "keys" / "keys.duckdb")).close()
    return Warehouse(home=home, landing=home)


def numerators(divisor: int, draw: random.Random) -> set[int]:
    """Amounts on, beside and far from halves of a cent, and around the bound."""
    wholes = [draw.randrange(10 ** draw.randrange(1, 17)) for _ in range(PAIRS_EACH)]
    wholes += [0, FAST_UP_TO - 1, FAST_UP_TO, FAST_UP_TO + 1]
    near = {whole * divisor + divisor // 2 + step for whole in wholes for step in (-1, 0, 1)}
    far = {whole * divisor + draw.randrange(divisor) for whole in wholes}
    return {sign * value for value in near | far if value >= 0 for sign in (1, -1)}


def rounded(numerator: int, divisor: int) -> Decimal:
    """A quotient in cents, half away from zero."""
    cents = (2 * abs(numerator) + divisor) // (2 * divisor)
    return Decimal(cents if numerator >= 0 else -cents) / 100


def test_a_quotient_is_rounded_as_whole_numbers_are(tmp_path: Path) -> None:
    draw = random.Random(5)
    cases = [(numerator, divisor) for divisor in DIVISORS for numerator in sorted(numerators(divisor, draw))]
    values = ", ".join(f"(cast({numerator} as hugeint), cast({divisor} as hugeint))" for numerator, divisor in cases)
    query = compiled_query("select n, d, {{ round_quotient('n', 'd') }} from cases", nowhere(tmp_path))
    rows = duckdb.execute(f"with cases (n, d) as (values {values}) {query}").fetchall()
    assert len(rows) == len(cases)
    with localcontext(prec=60):
        wrong = [row for row in rows if row[2] != rounded(*row[:2])]
    assert not wrong, wrong[:5]


def test_a_decimal_is_scaled_as_whole_numbers_are(tmp_path: Path) -> None:
    draw = random.Random(6)
    bound = FAST_UP_TO // 100
    hundredths = [draw.randrange(10 ** draw.randrange(1, 18)) for _ in range(5000)]
    hundredths += [0, *(bound * 100 + step for step in (-1, 0, 1)), 10**18 - 1]
    cases = [sign * value for value in hundredths for sign in (1, -1)]
    values = ", ".join(f"({value}, cast({Decimal(value) / 100} as decimal(18, 2)))" for value in cases)
    query = compiled_query("select n, {{ scaled('amount', 100) }} from cases", nowhere(tmp_path))
    rows = duckdb.execute(f"with cases (n, amount) as (values {values}) {query}").fetchall()
    assert [row for row in rows if row[0] != row[1]] == []
