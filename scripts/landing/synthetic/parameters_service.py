"""Parameters: CRM, market data, reversals, dirt, late facts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Crm:
    """Consents, contacts, campaigns, judgements."""

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
    granted_again: float = 0.8
    """Share of the changes of mind that turn the first decision round."""
    declined_below: float = 0.45
    offer_wealth_most: float = 3_000_000.0
    asleep: float = 0.2
    """Service contacts of the dormant relative to the others."""
    resolved: tuple[float, float, float] = (0.97, 0.8, 0.7)
    """Of service contacts, complaints and objections."""
    product_named: float = 0.5
    overlapping: float = 0.25
    approved: float = 0.8
    lasting: tuple[float, ...] = (0.3, 0.3, 0.25, 0.15)
    """Judgements for 60, 180, 365 days, and without an end."""


@dataclass(frozen=True)
class Market:
    """Exchange rates, interest rates, regions."""

    fx_levels: tuple[float, ...] = (1.0, 7.12, 7.75, 0.912, 9.05)
    fx_volatility: float = 0.011
    ftp_levels: tuple[float, ...] = (0.0155, 0.0168, 0.0178, 0.0192, 0.0215, 0.0238, 0.0262)
    ftp_trend: float = -0.00008
    ftp_noise: float = 0.0002
    policy_levels: tuple[float, float] = (0.0345, 0.0395)
    policy_cut: float = 0.001
    policy_months: int = 8
    region_sigma: float = 0.28
    region_growth: float = 0.045
    gdp: float = 78_000.0
    wage: float = 7_400.0
    consumption: float = 31_000.0
    unemployment: float = 0.05
    unemployment_noise: float = 0.002
    output_noise: float = 0.01


@dataclass(frozen=True)
class Reversals:
    """Reversed transactions."""

    same_month: float = 0.0016
    next_month: float = 0.0006
    partial_share: float = 0.1
    second_share: float = 0.12
    unlanded: float = 0.001
    unlanded_later: float = 0.1
    """Rate after the third month relative to the first ones."""
    kept: tuple[float, float] = (0.2, 0.8)
    """Part of the amount that a partial reversal gives back."""


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
