"""The kinds of customers: how many, how rich, how busy. Amounts are yuan, intensities customer transactions
a month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Archetype:
    """How one kind of customer lives."""

    name: str
    weight: float
    corporate: bool = False
    ages: tuple[int, int] = (25, 60)
    wealth_shift: float = 0.0
    """Added to the logarithm of the wealth."""
    intensity: float = 2.0
    """Customer transactions a month."""
    payroll: float = 0.0
    """Share with the salary (or pension) paid here."""
    income: float = 7_500.0
    """Median monthly income; for corporates the median monthly turnover."""
    digital: tuple[float, float, float] = (0.2, 0.3, 0.5)
    """Shares of branch, mixed and digital users."""
    term: float = 0.2
    """Expected share of the wealth in term deposits."""
    invest: float = 0.1
    """Expected share of the wealth in wealth products."""
    mortgage: float = 0.0
    loan: float = 0.0
    """Shares with a mortgage, and with a consumer (corporates: business) loan."""
    dormant: float = 1.0
    """Multiplies the dormancy rates."""
    occupations: tuple[tuple[str, float], ...] = ()


_EMPLOYED = (
    ("public_sector", 0.14),
    ("professional", 0.16),
    ("salaried", 0.38),
    ("manager", 0.1),
    ("worker", 0.22),
)
_OLDER = (("salaried", 0.3), ("worker", 0.25), ("farmer", 0.2), ("homemaker", 0.15), ("retired", 0.1))

ARCHETYPES = (
    Archetype(
        "salaried",
        0.33,
        ages=(22, 59),
        intensity=2.7,
        payroll=0.72,
        digital=(0.08, 0.27, 0.65),
        term=0.2,
        invest=0.1,
        mortgage=0.2,
        loan=0.16,
        dormant=0.25,
        occupations=_EMPLOYED,
    ),
    Archetype(
        "spender",
        0.06,
        ages=(20, 42),
        wealth_shift=-0.9,
        intensity=7.44,
        payroll=0.75,
        income=6_500.0,
        digital=(0.02, 0.13, 0.85),
        term=0.05,
        invest=0.08,
        mortgage=0.08,
        loan=0.34,
        dormant=0.2,
        occupations=_EMPLOYED,
    ),
    Archetype(
        "saver",
        0.13,
        ages=(35, 76),
        wealth_shift=1.15,
        intensity=1.02,
        payroll=0.12,
        income=6_000.0,
        digital=(0.5, 0.3, 0.2),
        term=0.62,
        invest=0.1,
        mortgage=0.04,
        loan=0.03,
        occupations=_OLDER,
    ),
    Archetype(
        "pensioner",
        0.13,
        ages=(58, 86),
        wealth_shift=0.5,
        intensity=1.21,
        payroll=0.8,
        income=3_900.0,
        digital=(0.6, 0.3, 0.1),
        term=0.45,
        invest=0.05,
        dormant=0.4,
        occupations=(("retired", 1.0),),
    ),
    Archetype(
        "investor",
        0.07,
        ages=(27, 66),
        wealth_shift=1.7,
        intensity=2.6,
        payroll=0.45,
        income=16_000.0,
        digital=(0.05, 0.25, 0.7),
        term=0.2,
        invest=0.5,
        mortgage=0.15,
        loan=0.06,
        dormant=0.3,
        occupations=(("manager", 0.4), ("professional", 0.35), ("self_employed", 0.25)),
    ),
    Archetype(
        "self_employed",
        0.09,
        ages=(24, 62),
        wealth_shift=0.3,
        intensity=5.12,
        income=11_000.0,
        digital=(0.12, 0.38, 0.5),
        term=0.12,
        invest=0.08,
        mortgage=0.14,
        loan=0.25,
        dormant=0.5,
        occupations=(("self_employed", 0.85), ("farmer", 0.15)),
    ),
    Archetype(
        "student",
        0.07,
        ages=(17, 26),
        wealth_shift=-1.9,
        intensity=2.98,
        income=2_200.0,
        digital=(0.01, 0.09, 0.9),
        term=0.02,
        invest=0.04,
        dormant=0.8,
        occupations=(("student", 1.0),),
    ),
    Archetype(
        "quiet",
        0.12,
        ages=(24, 78),
        wealth_shift=-1.3,
        intensity=0.42,
        payroll=0.06,
        income=4_500.0,
        digital=(0.4, 0.35, 0.25),
        term=0.12,
        invest=0.02,
        loan=0.02,
        dormant=4.0,
        occupations=(("worker", 0.3), ("farmer", 0.3), ("homemaker", 0.2), ("unemployed", 0.2)),
    ),
    Archetype(
        "shop",
        0.55,
        corporate=True,
        wealth_shift=1.0,
        intensity=6.04,
        income=90_000.0,
        digital=(0.2, 0.4, 0.4),
        term=0.05,
        invest=0.02,
        loan=0.3,
        dormant=0.8,
    ),
    Archetype(
        "firm",
        0.36,
        corporate=True,
        wealth_shift=2.3,
        intensity=11.16,
        income=900_000.0,
        digital=(0.1, 0.3, 0.6),
        term=0.15,
        invest=0.06,
        loan=0.45,
        dormant=0.3,
    ),
    Archetype(
        "group",
        0.09,
        corporate=True,
        wealth_shift=3.9,
        intensity=18.6,
        income=12_000_000.0,
        digital=(0.05, 0.2, 0.75),
        term=0.25,
        invest=0.1,
        loan=0.5,
        dormant=0.0,
    ),
)


def of_each(name: str) -> np.ndarray:
    """One attribute of every archetype, in their order."""
    return np.array([getattr(kind, name) for kind in ARCHETYPES])


PENSIONER, STUDENT = (
    next(number for number, kind in enumerate(ARCHETYPES) if kind.name == name) for name in ("pensioner", "student")
)
