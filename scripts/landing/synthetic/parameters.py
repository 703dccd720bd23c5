"""Every rate, share and amount of the synthetic bank. Amounts are yuan; rates of events are per month."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Settings:
    """What one run was asked for."""

    customers: int = 5_000
    months: int = 24
    seed: int = 20260101
    first_month: str = "2024-01"
    block_size: int = 40_000

    @property
    def joiners(self) -> int:
        """New customers of each month: a fixed number, so that asking for more months only appends."""
        return max(1, int(self.customers * Population.joining_share / Population.joining_months))

    @property
    def initial(self) -> int:
        """Customers before the first month. After 24 months there are `customers`."""
        return max(1, self.customers - Population.joining_months * self.joiners)

    @property
    def total(self) -> int:
        """Customers at the end of the history."""
        return self.initial + self.months * self.joiners


@dataclass(frozen=True)
class Population:
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
    noisy_employer_share: float = 0.12
    """Employers whose pay varies so much that no salary should be found."""
    transfer_employer_share: float = 0.06
    """Employers that pay by ordinary transfer."""
    foreign_share: float = 0.05
    second_share: float = 0.16
    second_opened: float = 0.0018
    foreign_opened: float = 0.0006
    """Monthly rates at which customers open a second or foreign-currency account."""
    joint_share: float = 0.07
    authorised_share: float = 0.05
    overdraft_share: float = 0.03
    card_position_share: float = 0.02
    attribute_change: float = 0.009
    """Monthly rate of a new version of the customer record."""
    earlier_version: float = 0.2
    """Share with a version from before the first one of the history."""
    no_holder: float = 0.0006
    """Share of accounts without any holder."""
    duplicate_share: float = 0.006
    regions: int = 12
    branches_per_region: int = 4


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


@dataclass(frozen=True)
class Daily:
    """Everyday money."""

    pull: float = 0.35
    """Share of the distance to the target balance that is closed in a month."""
    wander: float = 0.04
    """Monthly shock of the logarithm of what a customer wants to keep."""
    wander_memory: float = 0.97
    drift: float = 0.012
    """Monthly shock of its trend: better and worse times last for about a year."""
    drift_memory: float = 0.9
    noise: float = 0.08
    noise_on_fragility: float = 0.45
    gift: float = 0.13
    """Incoming transfers from other people."""
    cash_saver_share: float = 0.3
    standing_order_share: float = 0.1
    direct_debit_share: float = 0.17
    fee: float = 0.035
    correction: float = 0.002
    bonus_employer_share: float = 0.25
    receipts: float = 0.42
    """Receipts of firms and the self-employed for each of their payments."""
    least_with_salary: float = 1.2
    """Payments a month that everybody makes whose salary comes here."""
    season: tuple[float, ...] = (1.1, 1.15, 0.95, 0.95, 1.0, 1.05, 0.95, 0.95, 1.0, 1.0, 1.15, 1.1)


@dataclass(frozen=True)
class Terms:
    minimum: float = 5_000.0
    certificate_minimum: float = 200_000.0
    structured_share: float = 0.1
    months: tuple[int, ...] = (3, 6, 12, 24, 36, 60)
    month_weights: tuple[float, ...] = (0.18, 0.2, 0.34, 0.15, 0.11, 0.02)
    rates: tuple[float, ...] = (0.0115, 0.0135, 0.0155, 0.019, 0.0235, 0.024)
    renew_share: float = 0.35
    untouched_share: float = 0.08
    redeposit_share: float = 0.66
    leave_share: float = 0.12
    leave_churner: float = 0.92
    placement: float = 0.05
    break_early: float = 0.003
    break_churner: float = 0.25


@dataclass(frozen=True)
class Lending:
    mortgage_income_multiple: float = 55.0
    loan_income_multiple: float = 7.0
    card_share: float = 0.05
    new_loan: float = 0.0055
    late_payer: float = 0.012
    late_on_fragility: float = 0.9
    rating_noise: float = 0.6
    write_off_days: int = 540
    rates: tuple[float, ...] = (0.039, 0.068, 0.049, 0.15)
    """By loan product."""


@dataclass(frozen=True)
class Wealth:
    drift: tuple[float, ...] = (0.0014, 0.0024, 0.003, 0.004, 0.002, 0.0021, 0.0018, 0.0)
    volatility: tuple[float, ...] = (0.0002, 0.004, 0.022, 0.05, 0.06, 0.002, 0.0005, 0.0)
    """Of the market, by product and month."""
    trade: float = 0.09
    assessed_share: float = 0.82
    assessed_others: float = 0.08
    reassessed: float = 0.75
    """Share that renews the assessment when a year is over."""
    conflict_share: float = 0.12


@dataclass(frozen=True)
class Crm:
    consent_share: float = 0.78
    marketing_granted: float = 0.82
    profiling_granted: float = 0.88
    consent_change: float = 0.004
    campaign_reach: float = 0.16
    campaign_every: int = 2
    organic: float = 0.35
    """Acceptance of the holdout relative to the expected response."""
    accepted_inflow: tuple[float, float] = (0.08, 0.3)
    service: float = 0.02
    complaint: float = 0.003
    complaint_churner: float = 0.02
    notice: float = 0.004
    objection: float = 0.0008
    judgement: float = 0.0012


@dataclass(frozen=True)
class Reversals:
    same_month: float = 0.0016
    next_month: float = 0.0006
    partial_share: float = 0.1
    second_share: float = 0.12
    unlanded: float = 0.001


@dataclass(frozen=True)
class Dirt:
    """Shares of rows. Phantoms (rejected rows) are extra rows, so that the ledger of accepted rows stays
    exact."""

    resend: float = 0.001
    older_version: float = 0.0008
    odd_case: float = 0.002
    odd_channel: float = 0.0005
    phantom: float = 0.0001
    """Of each kind of rejected transaction."""
    small_table: float = 0.0006
    """Of each kind in the other tables."""
    customer: float = 0.0004
    """Of each kind of rejected customer version."""
    nulled: float = 0.002
    """Of each kind of bad descriptive value in the customer records."""
    awaited_accounts: int = 200
    """One account of so many customers is known to the ledger, but lands only with the late facts."""


@dataclass(frozen=True)
class Late:
    """How many facts of each kind `--change late-facts` adds."""

    each: int = 4
    months_back: int = 5


@dataclass(frozen=True)
class Parameters:
    population: Population = field(default_factory=Population)
    fate: Fate = field(default_factory=Fate)
    daily: Daily = field(default_factory=Daily)
    terms: Terms = field(default_factory=Terms)
    lending: Lending = field(default_factory=Lending)
    wealth: Wealth = field(default_factory=Wealth)
    crm: Crm = field(default_factory=Crm)
    reversals: Reversals = field(default_factory=Reversals)
    dirt: Dirt = field(default_factory=Dirt)
    late: Late = field(default_factory=Late)
