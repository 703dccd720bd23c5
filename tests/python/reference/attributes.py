"""Who the customer is: attributes as they were known on each month-end, and what follows from them.

A record's version of a month is its newest one by the month-end, else its oldest. A party of several records
takes each attribute from the newest record that has it. Records that nobody knew yet count only as long as
none was known, the oldest first.
"""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

from .facts import Party, Rows
from .values import month_end, month_of

ATTRIBUTES = {  # as published, and as landed
    "customer_type_code": "customer_type",
    "gender_code": "gender",
    "occupation_code": "occupation_code",
    "education_code": "education_code",
    "marital_status_code": "marital_status",
    "dependents_count": "dependents_count",
    "industry_code": "industry_code",
    "region_code": "region_code",
    "branch_id": "branch_id",
    "customer_since_date": "customer_since_date",
    "employee_count": "employee_count",
    "annual_revenue_amount": "annual_revenue",
    "_birth_date": "birth_date",
    "_given_size_code": "enterprise_size_code",
}
AGE_BANDS = (
    (18, "under_18"),
    (25, "18_24"),
    (35, "25_34"),
    (45, "35_44"),
    (55, "45_54"),
    (65, "55_64"),
    (None, "65_plus"),
)
STABLE = dict.fromkeys(("public_sector", "professional", "manager"), "high")
STABLE |= dict.fromkeys(("salaried", "worker", "retired"), "medium")
RETIREMENT_AGE, YOUNG_SINGLE_BELOW, YOUNG_FAMILY_BELOW = 60, 35, 45
SIZES = (  # least employees, least revenue
    ("large", 1000, Fraction(400_000_000)),
    ("medium", 300, Fraction(20_000_000)),
    ("small", 20, Fraction(3_000_000)),
    ("micro", 0, Fraction(0)),
)


def add_attributes(party: Party, rows: Rows) -> None:
    """Adds the features of every month that has a row."""
    for month, row in rows.items():
        day = month_end(month)
        records = _records(party, day)
        for name, landed_name in ATTRIBUTES.items():
            known = (record[landed_name] for record in records)
            row[name] = next((value for value in known if value is not None), None)
        age = _age(row["_birth_date"], day)
        is_corporate = row["customer_type_code"] == "corporate"
        occupation, since = row["occupation_code"], row["customer_since_date"]
        region = party.facts.regions.on(month).get(row["region_code"], {})
        row |= {
            "age_years": age,
            "age_band_code": _age_band(age),
            "occupation_stability_code": None if occupation is None else STABLE.get(occupation, "low"),
            "life_stage_code": None if is_corporate else _life_stage(row, age),
            "enterprise_size_code": _size(row) if is_corporate else None,
            "tenure_months": None if since is None else max(0, month - month_of(since)),
            "first_opened_date": min(account.opened for account, _ in party.holdings if account.opened <= day),
            "region_income_level_code": party.facts.regions.income_level(row["region_code"], month),
            "region_average_wage_amount": region.get("average_wage"),
            "region_unemployment_rate": region.get("unemployment_rate"),
            "region_gdp_per_capita_amount": region.get("gdp_per_capita"),
        }


def _records(party: Party, day: date) -> list[dict]:
    """The versions of the party's records on a day, the one to believe most first."""

    def stamp(version: dict) -> datetime:
        return version["updated_at"] or datetime.min  # no stamp is older than every stamp

    known, unknown = [], []
    for customer_id in sorted(party.customer_ids):
        versions = party.facts.versions[customer_id]
        past = [version for version in versions if stamp(version).date() <= day]
        if past:
            known.append(max(past, key=stamp))
        else:
            unknown.append(min(versions, key=stamp))
    return sorted(known, key=stamp, reverse=True) or sorted(unknown, key=stamp)


def _age(birth_date: date | None, day: date) -> int | None:
    """Completed years; unknown before the birth."""
    if birth_date is None or birth_date > day:
        return None
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def _age_band(age: int | None) -> str | None:
    if age is None:
        return None
    return next(code for below, code in AGE_BANDS if below is None or age < below)


def _life_stage(row: dict, age: int | None) -> str | None:
    """The first stage that fits; nothing recorded means not married and without dependents."""
    if row["occupation_code"] == "retired" or (age is not None and age >= RETIREMENT_AGE):
        return "retired"
    if row["occupation_code"] == "student":
        return "student"
    if age is None:
        return None
    is_single = row["marital_status_code"] != "married" and not row["dependents_count"]
    if age < YOUNG_SINGLE_BELOW and is_single:
        return "young_single"
    return "young_family" if age < YOUNG_FAMILY_BELOW else "mature_family"


def _size(row: dict) -> str | None:
    """As given, else the largest size whose bounds all known figures reach."""
    employees, revenue = row["employee_count"], row["annual_revenue_amount"]
    if row["_given_size_code"] is not None or (employees is None and revenue is None):
        return row["_given_size_code"]
    return next(
        code
        for code, least_employees, least_revenue in SIZES
        if (employees is None or employees >= least_employees) and (revenue is None or revenue >= least_revenue)
    )
