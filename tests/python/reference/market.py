"""What markets say on a month-end: exchange rates, the funds-transfer curve, the regions' figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from .values import median, month_end, published_ratio


class Rates:
    """Exchange rates as known on month-ends."""

    def __init__(self, fx_rates: list[dict], base_currency: str) -> None:
        self._base = base_currency
        self._known: dict[str, list[tuple[date, Fraction]]] = defaultdict(list)
        for row in fx_rates:
            self._known[row["currency_code"]].append((row["rate_date"], row["rate_to_base"]))
        self._cache: dict[tuple[str, int], Fraction | None] = {}

    def rate(self, currency: str, month: int) -> Fraction | None:
        """The last rate on or before the month-end; None before the first one; 1 for the base currency."""
        if currency == self._base:
            return Fraction(1)
        place = (currency, month)
        if place not in self._cache:
            day = month_end(month)
            past = [known for known in self._known[currency] if known[0] <= day]
            self._cache[place] = max(past)[1] if past else None
        return self._cache[place]


class TransferCurve:
    """Funds transfer prices: the curve `ftp` as known on month-ends."""

    def __init__(self, interest_rates: Iterable[dict]) -> None:
        self._known: dict[int, list[tuple[date, Fraction]]] = defaultdict(list)
        for row in interest_rates:
            if row["curve_code"] == "ftp":
                self._known[row["tenor_months"]].append((row["rate_date"], row["annual_rate"]))
        self._cache: dict[int, dict[int, Fraction]] = {}

    def price(self, tenor_months: int, month: int) -> Fraction | None:
        """The newest rate of the greatest published tenor at or below the one asked for."""
        tenors = self._on(month)
        published = [tenor for tenor in tenors if tenor <= tenor_months]
        return tenors[max(published)] if published else None

    def _on(self, month: int) -> dict[int, Fraction]:
        """Tenor: its newest rate on or before the month-end."""
        if month not in self._cache:
            day = month_end(month)
            past = {
                tenor: [point for point in points if point[0] <= day]
                for tenor, points in self._known.items()
            }
            self._cache[month] = {tenor: max(points)[1] for tenor, points in past.items() if points}
        return self._cache[month]


class Regions:
    """The regions' indicators as last published on month-ends."""

    LOW_BELOW, HIGH_FROM = 0.85, 1.15  # average wage over the median of regions

    def __init__(self, rows: Iterable[dict]) -> None:
        self._rows: dict[str, list[dict]] = defaultdict(list)
        for row in rows:
            self._rows[row["region_code"]].append(row)
        self._cache: dict[int, dict[str, dict]] = {}

    def on(self, month: int) -> dict[str, dict]:
        """Region code: the row of its newest period that ended on or before the month-end."""
        if month not in self._cache:
            day = month_end(month)
            self._cache[month] = {
                code: max(past, key=lambda row: row["period_end_date"])
                for code, rows in self._rows.items()
                if (past := [row for row in rows if row["period_end_date"] <= day])
            }
        return self._cache[month]

    def income_level(self, region_code: str | None, month: int) -> str | None:
        """Low, middle or high: the region's average wage over the median of all regions."""
        published = self.on(month)
        wage = published.get(region_code, {}).get("average_wage")
        wages = [row["average_wage"] for row in published.values() if row["average_wage"] is not None]
        if wage is None or median(wages) <= 0:
            return None
        ratio = published_ratio(wage / median(wages))
        return "low" if ratio < self.LOW_BELOW else "high" if ratio >= self.HIGH_FROM else "middle"
