"""The value tier of one party through its months: earned, service, status, and the judged code.

A boundary is numbered by the rank of the tier above it: boundary 2 leads to `mid`, boundary 3 to `high`; the
lowest tier needs no boundary. All clocks run in calendar months: a month without a row ends no hold, but the
stay band starts anew after it. Thresholds are parameters, with the specification's defaults.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .codes import VALUE_TIERS
from .values import month_end

UNCLASSIFIED, NOT_EVALUABLE = "unclassified", "not_evaluable"
LOAN_POSITION_DAYS = 92
VETO_DAYS_PAST_DUE = 90  # more is a veto
VETO_FIVE_CLASS = 3  # this or worse is a veto


@dataclass(frozen=True)
class TierRules:
    """The thresholds of the tiers; the tuples start with the second tier."""

    codes: tuple[str, ...] = ("ordinary", "mid", "high")
    enter_at: tuple[Fraction, ...] = (Fraction(50_000), Fraction(500_000))
    stay_at: tuple[Fraction, ...] = (Fraction(45_000), Fraction(450_000))
    hold_months: tuple[int, ...] = (6, 6)
    is_valuation_protected: bool = True
    valuation_months: int = 12

    @property
    def boundaries(self) -> range:
        """The numbers of the boundaries."""
        return range(2, len(self.codes) + 1)

    def hold(self, tier: int) -> int:
        """For how many months a tier is kept; the lowest needs no hold."""
        return self.hold_months[tier - 2] if tier > 1 else 0


@dataclass(frozen=True)
class TierMonth:
    """What the tiers need of one row."""

    aum: Fraction | None
    valuation_change: Fraction | None = Fraction(0)


@dataclass(frozen=True)
class Tier:
    """The codes of one month."""

    earned_value_tier_code: str
    service_value_tier_code: str
    value_tier_code: str
    tier_status_code: str


def classify_tiers(
    months: Mapping[int, TierMonth],
    vetoed: Iterable[int] = (),
    judgements: Iterable[dict] = (),
    rules: TierRules | None = None,
) -> dict[int, Tier]:
    """The tier of every month that has a row; `vetoed` are the months with a veto on their month-end."""
    rules = rules or TierRules()
    vetoed, judgements = sorted(vetoed), list(judgements)
    earned = _earned_tiers(months, rules)
    counted = {
        month: max(earned[month], _as_if_earned(month, months, earned, vetoed, rules)) for month in earned
    }
    tiers = {}
    for month in months:
        if month not in earned:
            codes = (UNCLASSIFIED, UNCLASSIFIED)
            status = NOT_EVALUABLE
        else:
            service, elapsed = _service_tier(month, counted, vetoed, rules)
            codes = (rules.codes[earned[month] - 1], rules.codes[service - 1])
            if earned[month] >= service:
                status = "normal"
            else:
                status = "grace" if 2 * elapsed <= rules.hold(service) else "watch"
        judged = judged_code(judgements, "value_tier", month_end(month), VALUE_TIERS)
        tiers[month] = Tier(*codes, judged or codes[1], status)
    return tiers


def _earned_tiers(months: Mapping[int, TierMonth], rules: TierRules) -> dict[int, int]:
    """The highest boundary reached in each month, by entering or staying; none where AUM is null."""
    reached: dict[int, set[int]] = {}
    for month in sorted(months):
        aum = months[month].aum
        if aum is None:
            continue
        before = reached.get(month - 1, set())
        reached[month] = {
            tier
            for tier in rules.boundaries
            if aum >= rules.enter_at[tier - 2] or (tier in before and aum >= rules.stay_at[tier - 2])
        }
    return {month: max(tiers, default=1) for month, tiers in reached.items()}


def _since(month: int, vetoed: list[int]) -> int:
    """The first month that counts for holds: the last vetoed one."""
    return max((veto for veto in vetoed if veto <= month), default=0)


def _last_earned(tier: int, month: int, earned: Mapping[int, int], since: int) -> int | None:
    past = [when for when, rank in earned.items() if since <= when <= month and rank >= tier]
    return max(past, default=None)


def _as_if_earned(
    month: int,
    months: Mapping[int, TierMonth],
    earned: Mapping[int, int],
    vetoed: list[int],
    rules: TierRules,
) -> int:
    """The highest tier that the party would still have had markets and rates not fallen; 1 for none.

    Counted from the month that really earned the tier last, at most twelve months ago. A month without a row
    has no valuation change; a null one makes the sum null.
    """
    if not rules.is_valuation_protected:
        return 1
    best = 1
    for tier in rules.boundaries:
        last = _last_earned(tier, month, earned, _since(month, vetoed))
        if last is None or last == month or month - last > rules.valuation_months:
            continue
        changes = [months[when].valuation_change for when in range(last + 1, month + 1) if when in months]
        if any(change is None for change in changes):
            continue
        change = sum(changes, Fraction(0))
        if change < 0 and months[month].aum - change >= rules.stay_at[tier - 2]:
            best = tier
    return best


def _service_tier(
    month: int, counted: Mapping[int, int], vetoed: list[int], rules: TierRules
) -> tuple[int, int]:
    """The highest tier still held, and the months since it was last counted as earned."""
    for tier in reversed(rules.boundaries):
        last = _last_earned(tier, month, counted, _since(month, vetoed))
        if last is not None and month - last <= rules.hold(tier):
            return tier, month - last
    return 1, 0


def judged_code(judgements: Iterable[dict], dimension: str, day: date, codes: set[str]) -> str | None:
    """The approved judgement that holds on a day: the newest, then the one with the smallest reason text."""
    known = {code.lower(): code for code in codes}
    valid = [
        row
        for row in judgements
        if row["dimension"] == dimension
        and row["approved_by"] is not None
        and row["value_code"].lower() in known
        and row["valid_from"] <= day
        and (row["valid_to"] is None or row["valid_to"] >= day)
    ]
    if not valid:
        return None

    def order(row: dict) -> tuple:
        reason = row["reason"]
        return -row["valid_from"].toordinal(), reason is None, reason or "", row["value_code"].lower()

    return known[min(valid, key=order)["value_code"].lower()]


def vetoed_months(
    loan_positions: Iterable[dict], loan_ids: set[str], first_month: int, last_month: int
) -> set[int]:
    """Months on whose end one of the loans is more than 90 days past due or classified 3 or worse.

    The last known position of each loan counts for 92 days.
    """
    positions = [row for row in loan_positions if row["loan_id"] in loan_ids]
    months = set()
    for month in range(first_month, last_month + 1):
        day = month_end(month)
        last: dict[str, dict] = {}
        for row in sorted(positions, key=lambda row: row["position_date"]):
            if row["position_date"] <= day:
                last[row["loan_id"]] = row
        for row in last.values():
            is_valid = (day - row["position_date"]).days < LOAN_POSITION_DAYS
            is_late = (row["days_past_due"] or 0) > VETO_DAYS_PAST_DUE
            if is_valid and (is_late or int(row["five_class_code"]) >= VETO_FIVE_CLASS):
                months.add(month)
    return months
