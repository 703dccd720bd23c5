"""The need of a customer: three scores of 0–100 from weighted components, and the segment they lead to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from .codes import classification_codes
from .defaults import Component, NeedRules
from .rows import HUNDRED, ZERO, Row, clip, exact, published
from .tiers import judged_code
from .values import month_end

NEED_CODES = classification_codes("need")

MIXED, UNCLASSIFIED = "mixed", "unclassified"


@dataclass(frozen=True)
class Need:
    """The scores as published, the computed segment, and the one after judgement."""

    wealth_need_score: Fraction | None
    financing_need_score: Fraction | None
    settlement_need_score: Fraction | None
    computed_need_segment_code: str
    need_segment_code: str


def need_of_month(row: Row, month: int, judgements: Iterable[dict] = (), rules: NeedRules | None = None) -> Need:
    """The need of one month."""
    rules = rules or NeedRules()
    scores = {need: need_score(row, components, rules) for need, components in rules.components}
    computed = need_segment(scores, rules)
    judged = judged_code(judgements, "need", month_end(month), NEED_CODES)
    return Need(*(scores[need] for need in ("wealth", "financing", "settlement")), computed, judged or computed)


def need_score(row: Row, components: Iterable[Component], rules: NeedRules) -> Fraction | None:
    """100 × Σ weight × part / Σ weight over what is observed; null when too little of the weight is."""
    components = list(components)
    parts = [(component, component_value(row, component)) for component in components]
    observed = [(component, value) for component, value in parts if value is not None]
    observed_weight = sum((component.weight for component, _ in observed), ZERO)
    weight = sum((component.weight for component in components), ZERO)
    if observed_weight == 0 or observed_weight < rules.observed_share * weight:
        return None
    reached = sum((component.weight * value for component, value in observed), ZERO)
    return published(HUNDRED * reached / observed_weight)


def component_value(row: Row, component: Component) -> Fraction | None:
    """How much of a component is there, 0–1; None when it is unobserved."""
    value = row[component.feature]
    if isinstance(value, str):
        value = int(value.removeprefix("C"))  # C1 … C5
    size = exact(value)
    if size is None:
        return None
    return clip((size - component.floor) / (component.cap - component.floor))


def need_segment(scores: dict[str, Fraction | None], rules: NeedRules) -> str:
    """The best need when it is high enough and leads by enough; a score that stands alone leads."""
    ranked = sorted(((score, need) for need, score in scores.items() if score is not None), key=lambda one: -one[0])
    if not ranked:
        return UNCLASSIFIED
    best, need = ranked[0]
    leads = len(ranked) == 1 or best - ranked[1][0] >= rules.lead
    return need if best >= rules.enter_at and leads else MIXED
