"""Why a person may not be erased yet: the seed erasure_holds, applied."""

from __future__ import annotations

from datetime import UTC, date, datetime

from scripts.privacy.person import Person
from scripts.seeds import seed_rows


def holds_against(person: Person, today: date | None = None) -> list[str]:
    """The labels of the holds that apply today."""
    today = today or datetime.now(UTC).date()
    rows = [row for row in seed_rows("erasure_holds") if row["is_in_force"] == "true"]
    return [row["label"] for row in rows if _applies(row["hold_code"], int(row["months"] or 0), person, today)]


def _applies(code: str, months: int, person: Person, today: date) -> bool:
    if code == "open_account":
        return person.open_account_count > 0
    if code == "open_loan":
        return person.open_loan_count > 0
    closed = person.last_closed_date
    if closed is None:
        return False
    passed = (today.year - closed.year) * 12 + today.month - closed.month - (today.day < closed.day)
    return passed < months
