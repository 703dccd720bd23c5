"""Who the customers are: attributes that don't change, and how they use money."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import codes
from .archetypes import ARCHETYPES, PENSIONER, of_each
from .fates import Fates
from .months import DAY, Calendar
from .parameters import Parameters, Settings
from .parameters_customers import Population
from .randomness import Bools, Draws, Floats, Ints

_FIRST_RELATION_DAY = 10_957  # 2000-01-01
_YEAR = 365.25


@dataclass(frozen=True)
class People:
    """Attributes of a block of customers, one array element each; amounts in yuan."""

    index: Ints
    birth_day: Ints
    gender: Ints
    education: Ints
    occupation: Ints
    marital: Ints
    dependents: Ints
    industry: Ints
    region: Ints
    since_day: Ints
    join_second: Ints
    """Second of the joining month in which the first account is opened."""
    income: Floats
    wealth: Floats
    intensity: Floats
    digital: Ints
    """0 branch, 1 mixed, 2 digital."""
    term_share: Floats
    invest_share: Floats
    has_payroll: Bools
    is_pension: Bools
    employer: Ints
    volatility: Floats


def _by_archetype(fates: Fates, name: str) -> Floats:
    return of_each(name)[fates.archetype]


def _occupations(fates: Fates, draws: Draws) -> Ints:
    cumulative = np.ones((len(ARCHETYPES), len(codes.OCCUPATIONS)))
    for row, kind in enumerate(ARCHETYPES):
        weights = np.zeros(len(codes.OCCUPATIONS))
        for name, weight in kind.occupations:
            weights[codes.OCCUPATION[name]] = weight
        if weights.sum() > 0:
            cumulative[row] = np.cumsum(weights) / weights.sum()
    uniform = draws.uniform("people/occupation", fates.index)
    chosen = (uniform[:, None] >= cumulative[fates.archetype]).sum(axis=1)
    return np.where(fates.is_corporate, -1, np.minimum(chosen, len(codes.OCCUPATIONS) - 1))


def _household(index: Ints, age: Floats, draws: Draws, population: Population) -> tuple[Ints, Ints]:
    """Marital status and dependents."""
    uniform = draws.uniform("people/marital", index)
    single = np.interp(age, *population.single)
    widowed = np.interp(age, *population.widowed)
    marital = np.where(
        uniform < single,
        0,
        np.where(uniform > 1 - widowed, 3, np.where(uniform > 1 - population.divorced - widowed, 2, 1)),
    )
    expected = np.where(marital == 0, population.dependents_of_singles, np.interp(age, *population.dependents))
    return marital, np.minimum(draws.poisson("people/dependents", index, expected), 5)


def _employers(fates: Fates, draws: Draws, population_size: int, per_employer: int) -> Ints:
    employers = max(4, population_size // per_employer)
    return np.floor(employers * draws.uniform("people/employer", fates.index) ** 1.5).astype(np.int64)


def birth_days(index: Ints, archetype: Ints, draws: Draws, calendar: Calendar) -> Ints:
    """Birth day of any customer number."""
    low, high = of_each("ages")[archetype].T
    return np.floor(calendar.start(0) - draws.between("people/age", index, low, high) * _YEAR).astype(np.int64)


def describe(fates: Fates, draws: Draws, parameters: Parameters, settings: Settings, calendar: Calendar) -> People:
    """The people behind the fates."""
    index, population = fates.index, parameters.population
    first_day = calendar.start(0)
    birth_day = birth_days(index, fates.archetype, draws, calendar)
    age = (first_day - birth_day) / _YEAR
    marital, dependents = _household(index, age, draws, population)
    digital_shares = np.cumsum(of_each("digital"), axis=1)[fates.archetype]
    digital = (draws.uniform("people/digital", index)[:, None] >= digital_shares[:, :2]).sum(axis=1)
    joined = np.array([calendar.start(int(m)) for m in range(settings.months)] or [first_day])
    join_length = np.array([calendar.length(int(m)) for m in range(settings.months)] or [1])
    at = np.clip(fates.join_month, 0, settings.months - 1)
    join_second = draws.integers("people/join_day", index, 0, np.maximum(join_length[at] - 3, 1)) * DAY + 10 * 3600
    oldest = np.maximum(_FIRST_RELATION_DAY, birth_day + int(16 * _YEAR))
    past = (first_day - 30 - (first_day - 30 - oldest) * draws.uniform("people/since", index) ** 1.3).astype(np.int64)
    since_day = np.where(fates.join_month < 0, past, joined[at] + join_second // DAY)
    wealth_noise = draws.normal("people/wealth", index)
    on_quality = population.wealth_on_quality
    log_wealth = population.wealth_sigma * (on_quality * fates.quality + np.sqrt(1 - on_quality**2) * wealth_noise)
    income_noise = population.income_sigma * draws.normal("people/income", index)
    income_noise = np.where(fates.is_corporate, 1.8, 1.0) * income_noise
    is_pension = fates.archetype == PENSIONER
    spread = parameters.daily.noise_on_fragility * fates.fragility
    schooling = population.education_mean + population.education_on_quality * fates.quality
    sigma = population.intensity_sigma
    return People(
        index=index,
        birth_day=birth_day,
        gender=np.where(fates.is_corporate, -1, draws.integers("people/gender", index, 0, 2)),
        education=np.where(
            fates.is_corporate,
            -1,
            np.clip(np.floor(schooling + draws.normal("people/education", index)), 0, 3).astype(int),
        ),
        occupation=_occupations(fates, draws),
        marital=np.where(fates.is_corporate, -1, marital),
        dependents=np.where(fates.is_corporate, -1, dependents),
        industry=np.where(fates.is_corporate, draws.integers("people/industry", index, 0, len(codes.INDUSTRIES)), -1),
        region=draws.choose("people/region", index, 1.0 / np.arange(2, population.regions + 2)),
        since_day=since_day,
        join_second=np.where(fates.join_month < 0, 0, join_second),
        income=_by_archetype(fates, "income") * np.exp(population.income_on_quality * fates.quality + income_noise),
        wealth=population.wealth_median * np.exp(_by_archetype(fates, "wealth_shift") + log_wealth),
        intensity=_by_archetype(fates, "intensity")
        * np.exp(sigma * draws.normal("people/intensity", index) - sigma**2 / 2),
        digital=digital,
        term_share=_by_archetype(fates, "term") * draws.between("people/term", index, *population.term_spread),
        invest_share=_by_archetype(fates, "invest") * draws.between("people/invest", index, *population.invest_spread),
        has_payroll=draws.chance("people/payroll", index, _by_archetype(fates, "payroll")) & ~fates.is_corporate,
        is_pension=is_pension,
        employer=_employers(fates, draws, settings.customers, population.customers_per_employer),
        volatility=parameters.daily.noise
        * np.exp(spread + population.volatility_sigma * draws.normal("people/volatility", index)),
    )
