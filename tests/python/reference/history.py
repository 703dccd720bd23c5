"""What segments and classes need from the landing besides feature rows, by customer_key.

history = read_history(landing, key="secret")
classify_rows(features, history.first_ledger_day, history.judgements, history.vetoed)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .cleansing import cleanse
from .landing import read_landing
from .parties import find_parties, keyed_hash
from .tiers import vetoed_months
from .values import month_of


@dataclass(frozen=True)
class History:
    """The first day of the first ledger month, the judgements, and the months with a veto, with or without a row."""

    first_ledger_day: date
    judgements: dict[str, list[dict]]
    vetoed: dict[str, set[int]]


def read_history(landing: Path, key: str, last_day: date, base_currency: str = "CNY") -> History:
    """Reads the landing as far as the classification needs it."""
    clean = cleanse(read_landing(landing), base_currency)
    first_day = min(row["booked_at"].date() for row in clean.accepted("core.transactions"))
    surviving = find_parties(clean.accepted("core.customers")).surviving
    keys = {customer_id: keyed_hash(key, survivor) for customer_id, survivor in surviving.items()}
    loan_ids: dict[str, set[str]] = defaultdict(set)
    for row in clean.accepted("lending.loans"):
        loan_ids[keys[row["customer_id"]]].add(row["loan_id"])
    positions = _grouped(clean.accepted("lending.loan_positions"), {})
    return History(
        first_day.replace(day=1),  # clocks are computed from the first ledger month
        _grouped(clean.accepted("crm.judgements"), keys),
        {
            customer_key: vetoed_months(
                [row for loan_id in ids for row in positions.get(loan_id, [])],
                ids,
                month_of(first_day),
                month_of(last_day),
            )
            for customer_key, ids in loan_ids.items()
        },
    )


def _grouped(rows: Iterable[dict], keys: dict[str, str]) -> dict[str, list[dict]]:
    """Rows by the customer_key of their customer, or by their loan."""
    grouped = defaultdict(list)
    for row in rows:
        grouped[keys[row["customer_id"]] if "customer_id" in row else row["loan_id"]].append(row)
    return dict(grouped)
