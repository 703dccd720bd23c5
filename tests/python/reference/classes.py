"""The class of a customer through its months: earned, held, and after judgement.

First match: a veto is `risk`, whatever else is known; then `quality`, `potential`, `general`. `quality` is kept for
six months after the last month that earned it, unless there was a veto since. The hold counts calendar months: a
month without a row ends nothing. A month that can't be evaluated stays `unclassified`, held or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .codes import classification_codes
from .defaults import ClassRules
from .rows import Row
from .scores import Score
from .tiers import judged_code
from .values import month_end

CLASS_CODES = classification_codes("class")

QUALITY, POTENTIAL, GENERAL, RISK, UNCLASSIFIED = "quality", "potential", "general", "risk", "unclassified"


@dataclass(frozen=True)
class CustomerClass:
    """What this month alone earns, what it is held at, and the code after judgement."""

    earned_customer_class_code: str
    held_customer_class_code: str
    customer_class_code: str


def is_vetoed(row: Row, score: Score, rules: ClassRules) -> bool:
    """Badly overdue or non-performing on the month-end, or a risk score too low."""
    days_past_due, five_class = row["days_past_due"], row["worst_five_class"]
    return (
        (days_past_due is not None and days_past_due > rules.veto_days_past_due)
        or (five_class is not None and int(five_class) >= rules.veto_five_class)
        or (score.risk_score is not None and score.risk_score < rules.veto_risk_score)
    )


def earned_class(row: Row, score: Score, rules: ClassRules | None = None) -> str:
    """The class of one month by itself."""
    rules = rules or ClassRules()
    if is_vetoed(row, score, rules):
        return RISK
    if score.composite_score is None:
        return UNCLASSIFIED
    is_safe = score.risk_score is not None and score.risk_score >= rules.quality_risk
    if is_safe and score.composite_score >= rules.quality_composite:
        return QUALITY
    if score.potential_score is not None and score.potential_score >= rules.potential:
        return POTENTIAL
    return GENERAL


def customer_classes(
    rows: Mapping[int, Row],
    scores: Mapping[int, Score],
    judgements: Iterable[dict] = (),
    vetoed: Iterable[int] = (),
    rules: ClassRules | None = None,
) -> dict[int, CustomerClass]:
    """The class of every month of one customer; `vetoed` are vetoed months that may have no row."""
    rules, judgements = rules or ClassRules(), list(judgements)
    earned = {month: earned_class(row, scores[month], rules) for month, row in rows.items()}
    vetoes = {*vetoed, *(month for month, code in earned.items() if code == RISK)}
    classes = {}
    for month, code in earned.items():
        held = code
        if code not in (RISK, UNCLASSIFIED) and _is_held(month, earned, vetoes, rules):
            held = QUALITY
        judged = judged_code(judgements, "class", month_end(month), CLASS_CODES)
        classes[month] = CustomerClass(code, held, judged or held)
    return classes


def _is_held(month: int, earned: Mapping[int, str], vetoes: set[int], rules: ClassRules) -> bool:
    """Whether quality was earned at most so many months ago, and no veto came since."""
    since = max((veto for veto in vetoes if veto <= month), default=-1)
    return any(
        code == QUALITY and since < when and 0 <= month - when <= rules.hold_months for when, code in earned.items()
    )
