"""The canonical codes: copies of the contract's lists under `codes/`, independent of the project's seeds."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "codes"


def _read(name: str) -> list[dict[str, str]]:
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class TransactionCode:
    """What a transaction code means."""

    initiator: str  # customer third_party standing system
    flow_kind: str  # external internal investment lending result
    is_regular_income: bool


@dataclass(frozen=True)
class Product:
    """What a product code means."""

    kind: str  # demand term wealth insurance loan card
    line: str  # deposit wealth insurance lending card
    risk_level: int | None  # 1 for R1


TRANSACTION_CODES = {
    row["transaction_code"]: TransactionCode(
        row["initiator"], row["flow_kind"], row["is_regular_income"] == "true"
    )
    for row in _read("transaction_codes")
}
PRODUCTS = {
    row["product_code"]: Product(
        row["product_kind"],
        row["product_line"],
        int(row["risk_level"].removeprefix("R")) if row["risk_level"] else None,
    )
    for row in _read("product_codes")
}
CHANNEL_GROUPS = {row["channel_code"]: row["channel_group"] for row in _read("channel_codes")}
REASON_ORDER = {row["reason_code"]: place for place, row in enumerate(_read("reason_codes"))}
REASON_OUTCOMES = {row["reason_code"]: row["outcome"] for row in _read("reason_codes")}
FEATURE_TYPES = {row["feature"]: row["type"] for row in _read("features")}
VALUE_TIERS = {row["code"] for row in _read("classification_codes") if row["dimension"] == "value_tier"}


def _lists() -> dict[str, set[str]]:
    lists: dict[str, set[str]] = {
        "transaction_code": set(TRANSACTION_CODES),
        "product_code": set(PRODUCTS),
        "channel_code": {row["channel_code"] for row in _read("channel_codes")},
        "five_class_code": {"1", "2", "3", "4", "5"},
        "judgement_dimension": {"value_tier", "need", "activity", "class"},
    }
    for row in _read("other_codes"):
        lists.setdefault(row["list"], set()).add(row["code"])
    return lists


def _by_lower_case(codes: set[str]) -> dict[str, str]:
    return {code.lower(): code for code in codes}


_CANONICAL = {name: _by_lower_case(codes) for name, codes in _lists().items()}


def canonical(list_name: str, text: str) -> str | None:
    """The canonical spelling of a code, compared without regard to case; None when it is unknown."""
    return _CANONICAL[list_name].get(text.lower())


def classification_codes(dimension: str) -> set[str]:
    """The codes that a judgement of a dimension may name."""
    return {row["code"] for row in _read("classification_codes") if row["dimension"] == dimension}
