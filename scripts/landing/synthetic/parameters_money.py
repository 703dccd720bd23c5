"""Parameters: accounts, everyday money, deposits, loans, investments. Amounts are yuan, rates are by month."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Accounts:
    """Which accounts customers have."""

    demand_rates: tuple[float, ...] = (0.0005, 0.002, 0.004, 0.008, 0.0, 0.0, 0.0)
    """Customer rate by deposit product; term deposits have their own."""
    current_share: float = 0.12
    """People with a current instead of a savings account."""
    second_share: float = 0.16
    second_part: float = 0.25
    second_by_wealth: tuple[float, float, float] = (50_000.0, 0.8, 2.5)
    foreign_share: float = 0.05
    foreign_part: float = 0.15
    foreign_by_wealth: tuple[float, float, float] = (100_000.0, 0.4, 3.0)
    """Share and part of the free money; a limit of wealth, and factors of the share below and above it."""
    notice_share: float = 0.35
    currencies: tuple[float, ...] = (0, 0.62, 0.14, 0.2, 0.04)
    second_opened: float = 0.0018
    foreign_opened: float = 0.0006
    """Monthly rates at which customers open a second or foreign-currency account."""
    second_closed: float = 0.003
    second_closed_churner: float = 0.4
    own_transfer: float = 0.3
    own_transfer_part: tuple[float, float] = (0.03, 0.2)
    foreign_moves: float = 0.4
    foreign_kinds: tuple[float, ...] = (0.3, 0.25, 0.2, 0.25)
    """Transfers in, purchases and sales of currency, transfers out."""
    foreign_part_moved: tuple[float, float] = (0.02, 0.25)
    closing: float = 0.25
    """Monthly rate at which leavers close their last account, from the fifth month on."""
    closing_after: int = 4
    overdraft_share: float = 0.03
    overdraft_corporate: float = 3.0
    overdraft_on_fragility: float = 0.5
    overdraft_of_income: float = 0.6
    empty_share: float = 0.01
    opening_sigma: float = 0.35
    no_opening_share: float = 0.2
    """Of the empty accounts: null instead of 0."""
    migrated_share: float = 0.12
    migrated_part: float = 0.8
    """New customers who bring an opening balance."""
    channels: tuple[float, ...] = (0.7, 0, 0.02, 0, 0.08, 0.2)
    channels_new: tuple[float, ...] = (0.45, 0, 0.02, 0, 0.08, 0.45)


@dataclass(frozen=True)
class Income:
    """Money that comes in."""

    noisy_employers: float = 0.12
    """Employers whose pay varies so much that no salary should be found."""
    transfer_employers: float = 0.06
    """Employers that pay by ordinary transfer."""
    bonus_employers: float = 0.25
    bonus: float = 1.9
    """Pay of January relative to the others."""
    noise: float = 0.02
    noise_of_noisy: float = 0.6
    growth: float = 0.05
    growth_on_quality: float = 0.04
    growth_sigma: float = 0.03
    growth_of_pensions: float = 0.03
    """By year."""
    new_job: tuple[float, float] = (0.8, 1.3)
    turnover_growth: float = 0.06
    turnover_on_quality: float = 0.08
    turnover_noise: float = 0.15
    turnover_on_fragility: float = 0.12
    turnover_part: float = 0.5
    turnover_part_of_people: float = 0.7
    """Part of the turnover that passes through the account."""
    receipts: float = 0.42
    """Receipts of firms and the self-employed for each of their payments."""
    receipt_sigma: float = 0.7
    gifts: float = 0.13
    """Incoming transfers from other people a month."""
    gifts_of_students: float = 4.0
    gift_size: float = 0.16
    """Relative to the monthly income."""
    sender_banks: tuple[float, ...] = (0.35, 0.2, 0.15, 0.1, 0.1, 0.06, 0.04)
    first_part: tuple[float, float] = (0.4, 0.9)
    """Part of what a new customer wants to keep that arrives in each of the first two months."""
    cash_part: float = 0.35
    cash_most: float = 200_000.0


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
    cash_saver_share: float = 0.3
    standing_order_share: float = 0.1
    direct_debit_share: float = 0.17
    fee: float = 0.035
    correction: float = 0.002
    least_with_salary: float = 1.2
    """Payments a month that everybody makes whose salary comes here."""
    season: tuple[float, ...] = (1.1, 1.15, 0.95, 0.95, 1.0, 1.05, 0.95, 0.95, 1.0, 1.0, 1.15, 1.1)
    """By month of the year."""
    pull_churner: float = 0.9
    wander_start: float = 0.4
    drift_start: float = 0.025
    spendable_part: float = 0.8
    """Of the balance at the month's start that fixed debits may take."""
    ticket: float = 130.0
    """Yuan of everyday spending for each payment at least, at the usual income."""
    usual_income: float = 7_000.0
    payment_sigma: float = 0.8
    drain_weight: float = 12.0
    """Relative size of the transfer by which a leaving customer drains the account."""
    other_banks: tuple[float, ...] = (0.45, 0.16, 0.13, 0.1, 0.07, 0.05, 0.04)
    """Where money goes: this bank, then six others."""
    cash_saver: float = 0.75
    cash_others: float = 0.2
    cash_from: float = 200.0
    standing_order: float = 0.22
    direct_debit: float = 0.03
    tax: float = 0.05
    corrected: float = 0.002
    """Sizes relative to the monthly income."""
    fee_corporate: float = 0.5
    fees: tuple[float, ...] = (3.0, 10.0, 25.0, 50.0)
    overdraft_rate: float = 0.18
    overdraft_free: float = 100.0


@dataclass(frozen=True)
class Terms:
    """Term deposits."""

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
    certificate_premium: float = 0.002
    pieces_from: float = 40_000.0
    """Amount from which the money is split into up to three deposits."""
    rate_cut: float = 0.0004
    """By half-year."""
    least_rate: float = 0.005
    redeposit_whole: float = 0.6
    redeposit_part: tuple[float, float] = (0.75, 1.0)
    taken_part: tuple[float, float] = (0.8, 1.0)
    placed_part: tuple[float, float] = (0.3, 0.7)
    early_interest: float = 0.001
    willing_from: float = 0.05
    """Share of the wealth in term deposits from which a customer places more by itself."""
    target_kept: tuple[float, float] = (0.6, 0.25)
    """How much of a placement leaves the target of the main account, and what the target keeps at least."""


@dataclass(frozen=True)
class Lending:
    """Loans and ratings."""

    card_share: float = 0.05
    new_loan: float = 0.0055
    late_payer: float = 0.012
    late_on_fragility: float = 0.9
    rating_noise: float = 0.6
    write_off_days: int = 540
    rates: tuple[float, ...] = (0.039, 0.068, 0.049, 0.15)
    """By loan product."""
    income_multiples: tuple[float, ...] = (55.0, 7.0, 2.2, 2.5)
    """Principal as a multiple of the monthly income, by loan product."""
    principal_sigma: float = 0.4
    terms: tuple[tuple[int, int], ...] = ((120, 361), (12, 61), (12, 37), (36, 61))
    ages: tuple[int, ...] = (90, 30, 20, 30)
    """Months, by loan product: term from and below, and how long a loan may run when the history begins."""
    rate_on_fragility: float = 0.004
    least_rate: float = 0.02
    penalty: float = 0.004
    other_funds: float = 0.9
    """Share of those short of money who find it elsewhere in time."""
    used: tuple[float, float] = (0.5, 1.0)
    rating_edges: tuple[float, ...] = (-1.7, -1.1, -0.5, 0.15, 0.8, 1.6)


@dataclass(frozen=True)
class Wealth:
    """Wealth products and risk assessments."""

    drift: tuple[float, ...] = (0.0014, 0.0024, 0.003, 0.004, 0.002, 0.0021, 0.0018, 0.0)
    volatility: tuple[float, ...] = (0.0002, 0.004, 0.022, 0.05, 0.06, 0.002, 0.0005, 0.0)
    """Of the market, by product and month."""
    trade: float = 0.09
    assessed_share: float = 0.82
    assessed_others: float = 0.08
    reassessed: float = 0.75
    """Share that renews the assessment when a year is over."""
    conflict_share: float = 0.12
    timid: tuple[float, ...] = (0.34, 0.34, 0.04, 0.01, 0.0, 0.17, 0.1)
    bold: tuple[float, ...] = (0.14, 0.2, 0.27, 0.22, 0.06, 0.04, 0.07)
    """What timid and bold investors hold."""
    bold_from: float = 0.2
    bold_on_quality: float = 0.4
    bold_sigma: float = 0.9
    least_amount: float = 1_000.0
    least_share: float = 0.03
    at_most: float = 0.9
    """Of the wealth, in term deposits and products together."""
    pieces_from: float = 30_000.0
    foreign_share: float = 0.03
    foreign_from: float = 50_000.0
    card_share: float = 0.02
    """People whose debit card shows as a position without value."""
    buys: float = 0.55
    bought_part: tuple[float, float] = (0.1, 0.5)
    sold_part: tuple[float, float] = (0.2, 1.3)
    """Of the holding; from 1 on it is sold whole."""
    sells_churner: float = 0.35
    target_bought: tuple[float, float] = (0.6, 0.3)
    target_sold: float = 0.7
    old_assessment: float = 0.12
    """Share whose last assessment was out of date when the history began."""
    level_edges: tuple[float, ...] = (-1.3, -0.4, 0.5, 1.4)
    level_noise: float = 0.35
