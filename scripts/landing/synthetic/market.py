"""Market data: exchange rates, interest curves, regions. The same for everybody; one call for each month."""

from __future__ import annotations

import numpy as np

from . import codes
from .months import Calendar, iso
from .parameters_service import Market
from .randomness import Draws, Floats

GBP_FROM_MONTH = 3
"""Month (0 = first) in which the first rate of the youngest currency arrives; before, its amounts are
unknown."""
FTP_TENORS = (1, 3, 6, 12, 24, 36, 60)
POLICY_TENORS = (12, 60)
_REGION_YEARS_BEFORE = 3

Rows = list[dict[str, object]]


def base_rate(draws: Draws, month: int, market: Market) -> Floats:
    """Yuan for one unit of each currency at the end of a month: a stateless walk."""
    steps = np.zeros(len(market.fx_levels))
    for earlier in range(max(0, month - 35), month + 1):
        steps += draws.normal("market/fx", np.arange(len(market.fx_levels)), earlier)
    steps[0] = 0.0
    return np.round(np.asarray(market.fx_levels) * np.exp(market.fx_volatility * steps), 6)


def fx_rates(draws: Draws, calendar: Calendar, month: int, market: Market) -> Rows:
    """US dollar on every working day, the others at month-ends; the first month also brings rates from
    before it."""
    rows: Rows = []
    before, after = base_rate(draws, month - 1, market), base_rate(draws, month, market)
    if month == 0:
        for currency in (1, 2, 3):
            day = calendar.start(0) - 2
            rows.append(
                {
                    "currency_code": codes.CURRENCIES[currency],
                    "rate_date": iso(day),
                    "rate_to_base": before[currency],
                }
            )
    for day in range(calendar.start(month), calendar.end(month) + 1):
        share = (day - calendar.start(month) + 1) / calendar.length(month)
        if (day + 3) % 7 < 5:
            rate = round(float(before[1] + (after[1] - before[1]) * share), 6)
            rows.append({"currency_code": "USD", "rate_date": iso(day), "rate_to_base": rate})
    for currency in (2, 3, 4):
        if currency == 4 and month < GBP_FROM_MONTH:
            continue
        rows.append(
            {
                "currency_code": codes.CURRENCIES[currency],
                "rate_date": iso(calendar.end(month)),
                "rate_to_base": float(after[currency]),
            }
        )
    return rows


def interest_rates(draws: Draws, calendar: Calendar, month: int, market: Market) -> Rows:
    """Funds transfer prices of each tenor and two policy rates on the first of the month."""
    rows: Rows = []
    shift = market.ftp_trend * month + market.ftp_noise * float(draws.normal("market/ftp", 0, month)[0])
    days = [calendar.start(0) - 31, calendar.start(0)] if month == 0 else [calendar.start(month)]
    for day in days:
        for tenor, level in zip(FTP_TENORS, market.ftp_levels, strict=True):
            rows.append(
                {
                    "curve_code": "ftp",
                    "tenor_months": tenor,
                    "rate_date": iso(day),
                    "annual_rate": round(level + shift, 6),
                }
            )
        for tenor, level in zip(POLICY_TENORS, market.policy_levels, strict=True):
            cut = market.policy_cut * (month // market.policy_months)
            rows.append(
                {
                    "curve_code": "policy",
                    "tenor_months": tenor,
                    "rate_date": iso(day),
                    "annual_rate": round(level - cut, 6),
                }
            )
    return rows


def region_code(number: int) -> str:
    """Code of a region."""
    return f"R{number + 1:02d}"


def regions(draws: Draws, calendar: Calendar, month: int, market: Market, count: int) -> Rows:
    """Yearly indicators, published for the year's last day; the first month brings the years before."""
    year = int(calendar.label(month)[:4])
    if month == 0:
        years = list(range(year - _REGION_YEARS_BEFORE, year))
    else:
        years = [year] if calendar.month_of_year(month) == 12 else []
    rows: Rows = []
    for at in years:
        for region in range(count):
            level = float(np.exp(market.region_sigma * draws.normal("market/region", region)[0])) * (
                1 + market.region_growth
            ) ** (at - 2020)
            noise = float(draws.normal("market/region_year", region, at)[0])
            rows.append(
                {
                    "region_code": region_code(region),
                    "period_end_date": f"{at}-12-31",
                    "gdp_per_capita": round(market.gdp * level * (1 + market.output_noise * noise), 2),
                    "average_wage": round(market.wage * level, 2),
                    "unemployment_rate": round(market.unemployment + market.unemployment_noise * noise, 4),
                    "consumption_per_capita": round(market.consumption * level * (1 - market.output_noise * noise), 2),
                    "region_name": f"Region {region + 1:02d}",
                    "region_name_zh": f"示例地区{region + 1:02d}",
                }
            )
    return rows
