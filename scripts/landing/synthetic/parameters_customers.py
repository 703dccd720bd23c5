"""Parameters: who the customers are, how their records change, and the planted truth."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Population:
    """Who the customers are."""

    joining_share: float = 0.144
    joining_months: int = 24
    corporate_share: float = 0.08
    wealth_median: float = 17_500.0
    wealth_sigma: float = 1.75
    wealth_on_quality: float = 0.55
    """Correlation of wealth with the latent quality."""
    income_sigma: float = 0.42
    income_on_quality: float = 0.25
    customers_per_employer: int = 40
    regions: int = 12
    branches_per_region: int = 4
    intensity_sigma: float = 0.75
    volatility_sigma: float = 0.3
    term_spread: tuple[float, float] = (0.2, 1.5)
    invest_spread: tuple[float, float] = (0.0, 1.8)
    """Between which multiples of the archetype's share a customer's share lies."""
    education_mean: float = 1.5
    education_on_quality: float = 0.5
    single: tuple[tuple[float, ...], tuple[float, ...]] = ((18, 25, 32, 40, 80), (1.0, 0.85, 0.3, 0.1, 0.04))
    widowed: tuple[tuple[float, ...], tuple[float, ...]] = ((50, 65, 85), (0.005, 0.07, 0.35))
    divorced: float = 0.08
    dependents: tuple[tuple[float, ...], tuple[float, ...]] = ((24, 32, 45, 60, 80), (0.4, 1.1, 1.3, 0.4, 0.1))
    """Curves by age."""
    dependents_of_singles: float = 0.05


@dataclass(frozen=True)
class Records:
    """The customer records."""

    change: float = 0.009
    """Monthly rate of a new version."""
    change_kinds: tuple[float, ...] = (0.35, 0.2, 0.2, 0.1, 0.15)
    """Shares of moves, new occupations, incomes, family changes, and others."""
    earlier_version: float = 0.2
    """Share with a version from before the first one of the history."""
    duplicate: float = 0.006
    duplicate_blocked: float = 0.25
    """Share of duplicate parties with another birth date."""
    placeholders: tuple[tuple[str, float], ...] = (
        ("N/A", 0.004),
        ("none", 0.002),
        ("000000", 0.002),
        (" Unknown ", 0.001),
        ("TEST", 0.001),
    )
    no_document: float = 0.01
    passport: float = 0.02
    no_birth_date: float = 0.01
    no_occupation: float = 0.06
    income_given: float = 0.8
    declared_sigma: float = 0.25
    size_given: float = 0.7
    revenue_spread: tuple[float, float] = (0.9, 1.3)
    """Yearly revenue as a multiple of twelve months' turnover."""
    revenue_per_head: float = 450_000.0
    staff_sigma: float = 0.5
    manager_from: float = 300_000.0
    """Wealth from which a customer has a relationship manager."""


@dataclass(frozen=True)
class Holding:
    """Who holds an account."""

    couple: float = 0.11
    joint_of_couple: float = 0.5
    third_holder: float = 0.1
    authorised: float = 0.05
    authorised_corporate: float = 0.5
    nobody: float = 0.0006
    """Share of accounts without any holder."""
    share_given: float = 0.3
    """Share of sole owners whose share is written down."""
    patterns: tuple[tuple[float | None, float | None], ...] = (
        (0.5, 0.5),
        (None, None),
        (0.6, None),
        (0.7, 0.3),
        (0.6, 0.6),
        (0.4, 0.4),
    )
    """Shares of owner and joint holder: given, not given, one given; above 1 and below 1 in all."""
    pattern_weights: tuple[float, ...] = (0.3, 0.35, 0.1, 0.17, 0.04, 0.04)


@dataclass(frozen=True)
class Fate:
    """The planted truth."""

    churn: float = 0.0085
    churn_on_quality: float = -0.35
    churn_abrupt_share: float = 0.2
    churn_fading: float = 0.3
    """Rate at which a leaving customer's balance and activity shrink."""
    churn_salary_share: float = 0.55
    churn_close_share: float = 0.6
    dormant_before: float = 0.05
    dormancy: float = 0.003
    reactivation_share: float = 0.4
    reactivation: float = 0.06
    reactivation_after: int = 7
    salary_stop: float = 0.006
    new_employer_share: float = 0.4
    default: float = 0.0019
    default_before: float = 0.012
    """Share that had defaulted before the history."""
    default_on_fragility: float = 1.0
    cure: float = 0.07
    holdout_share: float = 0.15
    response_mean: float = -1.9
    response_on_quality: float = 0.55
    response_noise: float = 0.5
    false_alarm: float = 0.007
    """Rate of a temporary drawdown of somebody who doesn't leave."""
    fragility_on_quality: float = -0.5
    churn_pace_sigma: float = 0.35
    before_churn: float = 0.7
    """What is left of the activity in the two months before somebody leaves."""
    after_abrupt: tuple[float, float] = (0.06, 0.02)
    """What is left of activity and balance of those who leave at once."""
    least_balance: float = 0.02
    alarm_balance: float = 0.4
    alarm_months: int = 3
