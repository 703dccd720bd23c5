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


TRANSACTION_CODES = {
    row["transaction_code"]: TransactionCode(row["initiator"], row["flow_kind"])
    for row in _read("transaction_codes")
}
PRODUCT_KINDS = {row["product_code"]: row["product_kind"] for row in _read("product_codes")}
REASON_ORDER = {row["reason_code"]: place for place, row in enumerate(_read("reason_codes"))}
REASON_OUTCOMES = {row["reason_code"]: row["outcome"] for row in _read("reason_codes")}
BALANCE_FEATURES = [row["feature"] for row in _read("features") if row["section"] == "balances"]
MONEY_FEATURES = {row["feature"] for row in _read("features") if row["type"] == "decimal(18,2)"}
VALUE_TIERS = {row["code"] for row in _read("classification_codes") if row["dimension"] == "value_tier"}


def _lists() -> dict[str, set[str]]:
    lists: dict[str, set[str]] = {
        "transaction_code": set(TRANSACTION_CODES),
        "product_code": set(PRODUCT_KINDS),
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
