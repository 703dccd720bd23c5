"""The planted truth: what happens to a customer, decided before anything is simulated.

Every number here comes from a stream whose name begins with `truth/`, which nothing else reads; the noise
(`fragility` beside `quality`, `response`) is drawn in those streams too, independent of balances,
transactions and of any score that is computed from the landing later. The simulation then *follows* the
truth, with noise of its own from other streams: a churner's activity and balance fade at an own pace, one
in five leaves abruptly without a signal, and false alarms (temporary drawdowns) happen to people who stay.
So a good score finds the truth often, and never always.

Months count from 0 (the first month of the history); `NEVER` = it doesn't happen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .archetypes import of_each
from .months import NEVER
from .parameters import Parameters, Settings
from .parameters_customers import Fate
from .randomness import Bools, Draws, Floats, Ints

_GRACE = 3
"""Months after joining in which nothing happens to a customer."""


@dataclass(frozen=True)
class Fates:
    """Planted truth of a block of customers, one array element each."""

    index: Ints
    archetype: Ints
    is_corporate: Bools
    join_month: Ints
    """-1 for the customers from before the history."""
    quality: Floats
    fragility: Floats
    churn_start: Ints
    churn_pace: Floats
    churn_abrupt: Bools
    churn_closes: Bools
    dormant_from: Ints
    """-1: dormant since before the history."""
    reactivated: Ints
    salary_stop: Ints
    new_employer: Ints
    """Month in which another employer starts to pay."""
    default_month: Ints
    """Negative: before the history."""
    is_holdout: Bools
    response: Floats
    """Probability that an offer is accepted."""


def join_months(index: Ints, settings: Settings) -> Ints:
    """Month of joining of a customer number: plain arithmetic, so that anybody's can be known anywhere."""
    return np.where(index < settings.initial, -1, (index - settings.initial) // settings.joiners)


def archetypes(index: Ints, draws: Draws, parameters: Parameters) -> Ints:
    """Archetype of a customer number."""
    corporate = draws.chance("truth/corporate", index, parameters.population.corporate_share)
    kinds = of_each("corporate")
    weights = of_each("weight")
    person = draws.choose("truth/archetype", index, np.where(kinds, 0.0, weights))
    firm = draws.choose("truth/archetype", index, np.where(kinds, weights, 0.0))
    return np.where(corporate, firm, person)


def _dormancy(index: Ints, start: Ints, archetype: Ints, draws: Draws, fate: Fate) -> tuple[Ints, Ints]:
    """Start of dormancy and month of reactivation."""
    factor = of_each("dormant")[archetype]
    later = start + draws.first_month("truth/dormant", index, fate.dormancy * factor)
    before = (start == 0) & draws.chance("truth/dormant_before", index, fate.dormant_before * factor)
    dormant_from = np.where(before, -1, later)
    wait = fate.reactivation_after + draws.first_month(
        "truth/reactivated", index, np.full(len(index), fate.reactivation)
    )
    comes_back = draws.chance("truth/comes_back", index, fate.reactivation_share) & (dormant_from < NEVER)
    return dormant_from, np.where(comes_back, np.maximum(dormant_from, 0) + wait, NEVER)


def decide(index: Ints, draws: Draws, parameters: Parameters, settings: Settings) -> Fates:
    """The fates of the customers with these numbers."""
    fate = parameters.fate
    archetype = archetypes(index, draws, parameters)
    is_corporate = of_each("corporate")[archetype]
    join_month = join_months(index, settings)
    start = np.where(join_month < 0, 0, join_month + _GRACE)
    quality = draws.normal("truth/quality", index)
    on_quality = fate.fragility_on_quality
    fragility = on_quality * quality + np.sqrt(1 - on_quality**2) * draws.normal("truth/fragility", index)
    churn_hazard = fate.churn * np.exp(fate.churn_on_quality * quality)
    churn_start = start + 1 + draws.first_month("truth/churn", index, churn_hazard)
    dormant_from, reactivated = _dormancy(index, start, archetype, draws, fate)
    # One thing at a time: who leaves doesn't fall asleep, and the other way round.
    first_is_churn = churn_start < dormant_from
    dormant_from = np.where(first_is_churn, NEVER, dormant_from)
    reactivated = np.where(first_is_churn, NEVER, reactivated)
    churn_start = np.where(first_is_churn, churn_start, NEVER)
    alone = start + draws.first_month("truth/salary_stop", index, np.full(len(index), fate.salary_stop))
    follows = draws.chance("truth/salary_follows", index, fate.churn_salary_share) & (churn_start < NEVER)
    salary_stop = np.where(follows, np.minimum(alone, churn_start + 1), alone)
    new_job = draws.chance("truth/new_employer", index, fate.new_employer_share) & ~follows
    new_employer = salary_stop + 3 + draws.integers("truth/new_employer_wait", index, 0, 5)
    default_hazard = fate.default * np.exp(fate.default_on_fragility * fragility)
    default_month = start + draws.first_month("truth/default", index, default_hazard)
    before = np.exp(fate.default_on_fragility * fragility - 0.5) * fate.default_before
    had_defaulted = (join_month < 0) & draws.chance("truth/default_before", index, before)
    default_month = np.where(had_defaulted, -draws.integers("truth/default_ago", index, 1, 12), default_month)
    noise = fate.response_noise * draws.normal("truth/response", index)
    logit = fate.response_mean + fate.response_on_quality * quality + noise
    return Fates(
        index=index,
        archetype=archetype,
        is_corporate=is_corporate,
        join_month=join_month,
        quality=quality,
        fragility=fragility,
        churn_start=churn_start,
        churn_pace=np.exp(fate.churn_pace_sigma * draws.normal("truth/churn_pace", index)),
        churn_abrupt=draws.chance("truth/churn_abrupt", index, fate.churn_abrupt_share),
        churn_closes=draws.chance("truth/churn_closes", index, fate.churn_close_share),
        dormant_from=dormant_from,
        reactivated=reactivated,
        salary_stop=salary_stop,
        new_employer=np.where(new_job, new_employer, NEVER),
        default_month=default_month,
        is_holdout=draws.chance("truth/holdout", index, fate.holdout_share),
        response=1.0 / (1.0 + np.exp(-logit)),
    )


def is_asleep(fates: Fates, month: int) -> Bools:
    """Whether a customer is dormant in a month."""
    return (month >= fates.dormant_from) & (month < fates.reactivated)


def churn_age(fates: Fates, month: int) -> Ints:
    """Months since the churn began; negative before."""
    return month - fates.churn_start


def activity_factor(fates: Fates, month: int, fate: Fate) -> Floats:
    """What is left of a customer's activity in a month."""
    age = churn_age(fates, month)
    fading = np.exp(-fate.churn_fading * fates.churn_pace * np.clip(age + 1, 0, 40))
    before = np.where((age >= -2) & (age < 0) & ~fates.churn_abrupt, fate.before_churn, 1.0)
    left = np.where(age >= 0, np.where(fates.churn_abrupt, fate.after_abrupt[0], fading), before)
    return np.where(is_asleep(fates, month), 0.0, left)


def balance_factor(fates: Fates, month: int, draws: Draws, fate: Fate) -> Floats:
    """What is left of a customer's target balance in a month: churn, and false alarms of those who stay."""
    age = churn_age(fates, month)
    fading = np.maximum(fate.least_balance, np.exp(-fate.churn_fading * fates.churn_pace * np.clip(age + 1, 0, 40)))
    left = np.where(age >= 0, np.where(fates.churn_abrupt, fate.after_abrupt[1], fading), 1.0)
    alarm = np.zeros(len(age), dtype=bool)
    for back in range(fate.alarm_months):
        alarm |= draws.chance("daily/false_alarm", fates.index, fate.false_alarm, month - back)
    return left * np.where(alarm, fate.alarm_balance, 1.0)
