"""Typing of single values: trimming, dates, numbers, booleans, and the rounding that the spec asks for.

Numbers are `fractions.Fraction` from here on, so that every later sum and product is exact.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from math import floor, isqrt

TRIMMED = " \t\r\n\u3000\u00a0"
MONEY_SCALE, SHARE_SCALE, RATE_SCALE, RATIO_SCALE = 2, 6, 8, 9
LAST_MONTH = 9999 * 12 + 11  # of Python's calendar
HIGHEST = 10**16  # every number lies below
HIGHEST_RATE = 10**10  # what DECIMAL(18,8) can hold
HIGHEST_INTEGER = 2**31 - 1

_MOMENT = re.compile(
    r"([1-9][0-9]{3})-([0-9]{2})-([0-9]{2})"
    r"(?:[ T]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?"
    r"(?: ?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?))?)?"
)
_NUMBER = re.compile(r"([+-]?)(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))(?:[eE]([+-]?[0-9]+))?")
_BOOLEANS = {
    **dict.fromkeys(("true", "t", "1", "yes", "y"), True),
    **dict.fromkeys(("false", "f", "0", "no", "n"), False),
}
_KEPT_DIGITS = 60


class BadValueError(Exception):
    """A value that isn't what its column wants; the argument is the reason code."""


def trim(text: str | None) -> str | None:
    """The text without surrounding blanks, tabs, line ends and wide blanks; blank is null."""
    return (text.strip(TRIMMED) or None) if text is not None else None


def parse_timestamp(text: str) -> datetime:
    """A bank-local timestamp: a date is midnight, an offset is dropped, a fraction cut to microseconds."""
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise BadValueError("bad_date")
    year, month, day, hour, minute, second, fraction = match.groups()
    microsecond = int((fraction or "0").ljust(9, "0")[:6])
    try:
        return datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), microsecond
        )
    except ValueError:
        raise BadValueError("bad_date") from None


def parse_date(text: str) -> date:
    """A date; a timestamp is cut to its date."""
    return parse_timestamp(text).date()


def parse_number(text: str) -> Fraction:
    """An exact number below 1e16 in size."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise BadValueError("bad_number")
    sign, whole, decimals, only_decimals, exponent_text = match.groups()
    decimals = decimals or only_decimals or ""
    digits = ((whole or "") + decimals).lstrip("0")
    if not digits:
        return Fraction(0)
    exponent = _small_integer(exponent_text or "0")
    magnitude = len(digits) - len(decimals) + exponent  # digits before the point
    if magnitude > 16:
        raise BadValueError("bad_number")
    if magnitude < -_KEPT_DIGITS:  # too small to matter, but its sign still does
        value = Fraction(1, 10**_KEPT_DIGITS)
    else:
        if len(digits) > _KEPT_DIGITS:  # one more digit tells that something follows
            digits = digits[:_KEPT_DIGITS] + ("1" if digits[_KEPT_DIGITS:].strip("0") else "0")
        shift = magnitude - len(digits)
        value = Fraction(int(digits) * 10 ** max(shift, 0), 10 ** max(-shift, 0))
    return -value if sign == "-" else value


def _small_integer(text: str) -> int:
    """An exponent, cut to a size that is beyond all bounds anyway."""
    sign, digits = (-1 if text[0] == "-" else 1), text.lstrip("+-").lstrip("0") or "0"
    return sign * (int(digits) if len(digits) <= 9 else 10**9)


def parse_integer(text: str) -> int:
    """A number whose value is whole and fits 32 bits."""
    number = parse_number(text)
    if number.denominator != 1 or abs(number) > HIGHEST_INTEGER:
        raise BadValueError("bad_number")
    return int(number)


def parse_double(text: str) -> float:
    """A number as a double."""
    parse_number(text)
    return float(text)


def parse_boolean(text: str) -> bool:
    """true/false, t/f, 1/0, yes/no, y/n in any case."""
    try:
        return _BOOLEANS[text.lower()]
    except KeyError:
        raise BadValueError("bad_boolean") from None


def round_half_away(number: Fraction, scale: int = MONEY_SCALE) -> Fraction:
    """Rounded half away from zero."""
    top, bottom = abs(number.numerator) * 10**scale, number.denominator
    size = (2 * top + bottom) // (2 * bottom)  # ⌊x + ½⌋ in integers
    return Fraction(-size if number < 0 else size, 10**scale)


def round_down(number: Fraction, scale: int) -> Fraction:
    """The next smaller multiple of the scale; numbers here are never negative."""
    return Fraction(floor(number * 10**scale), 10**scale)


def to_decimal(number: Fraction, scale: int = MONEY_SCALE) -> Decimal:
    """An already rounded number as a decimal of that scale."""
    cents = number * 10**scale
    if cents.denominator != 1:
        raise ValueError(f"{number} isn't rounded to {scale} decimals")
    return Decimal(int(cents)).scaleb(-scale)


# ---- months: counted from year 0, so that month arithmetic is integer arithmetic ----


def month_of(day: date) -> int:
    """The number of a day's month."""
    return day.year * 12 + day.month - 1


def days_in_month(month: int) -> int:
    """How many days a month has."""
    return calendar.monthrange(month // 12, month % 12 + 1)[1]


def month_start(month: int) -> date:
    """The first day of a month."""
    return date(month // 12, month % 12 + 1, 1)


def month_end(month: int) -> date:
    """The last day of a month."""
    return date(month // 12, month % 12 + 1, days_in_month(month))


def add_months(day: date, count: int) -> date | None:
    """The same day so many months later, at most that month's last day; None beyond the calendar."""
    month = month_of(day) + count
    if month > LAST_MONTH:
        return None
    return month_start(month).replace(day=min(day.day, days_in_month(month)))


def whole_months(start: date, end: date) -> int:
    """The largest number of months that can be added to the start without passing the end."""
    count = month_of(end) - month_of(start)
    return count if add_months(start, count) <= end else count - 1


# ---- ratios: exact until they are published ----


def published_ratio(number: Fraction) -> float:
    """A ratio as it is published: rounded to nine decimals, a double."""
    return float(round_half_away(number, RATIO_SCALE))


def published_root(square: Fraction) -> float:
    """The square root of an exact number as a published ratio, without any double before the rounding."""
    twice = isqrt(4 * square.numerator * 10 ** (2 * RATIO_SCALE) // square.denominator)  # ⌊2 √square × 1e9⌋
    return float(Fraction((twice + 1) // 2, 10**RATIO_SCALE))


def median(numbers: Iterable[Fraction]) -> Fraction:
    """The middle one, or the mean of the middle two."""
    ordered = sorted(numbers)
    upper = len(ordered) // 2
    return ordered[upper] if len(ordered) % 2 else (ordered[upper - 1] + ordered[upper]) / 2
