"""An independent recomputation of the specification in plain Python: the tests' oracle.

    result = classify(landing, key="secret")
    result.features[customer_key, as_of_date]["adb_1m"]

It shares no code, no seed and no contract file with the warehouse, and prefers clarity to speed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from .activity import add_activity
from .attributes import add_attributes
from .balances import add_balances
from .cleansing import CleanLanding, cleanse
from .contract import TABLES
from .contribution import add_contribution
from .facts import Party, Rows, gather
from .judging import JudgedRow
from .landing import LandingError, read_landing
from .lending import add_lending
from .parties import Parties, Shares, divide_accounts, find_parties, keyed_hash, party_shares
from .relationship import add_relationship
from .salary import add_salary
from .suitability import add_suitability
from .term_deposits import add_term_deposits
from .tiers import TierMonth, TierRules, classify_tiers, vetoed_months
from .values import MONEY_SCALE, RATE_SCALE, month_end, month_of, to_decimal

__all__ = ["LandingError", "ReferenceResult", "Rejection", "TierRules", "classify"]

KEY_SEPARATOR = "|"


@dataclass(frozen=True)
class Rejection:
    """A finding about a landed row, or (warnings only) about an account, a customer or a party."""

    source_table: str
    key_hash: str | None  # null for a row of the wrong width: no field can be trusted
    outcome: str  # rejected duplicate warning
    reason_code: str
    column_name: str | None


@dataclass
class ReferenceResult:
    """Everything that the oracle computes."""

    as_of_date: date
    first_month_end: date
    reconciliation: dict[str, dict[str, int]]
    rejections: list[Rejection]
    features: dict[tuple[str, date], dict[str, object]] = field(default_factory=dict)
    segments: dict[tuple[str, date], dict[str, str]] = field(default_factory=dict)
    customer_keys: dict[str, str] = field(default_factory=dict)  # every accepted customer_id: its party's key
    parties: Parties = field(default_factory=Parties)
    shares: Shares = field(default_factory=lambda: Shares({}))
    extra_columns: dict[str, set[str]] = field(default_factory=dict)


def classify(
    landing: Path,
    key: str,
    as_of_date: date | None = None,
    base_currency: str = "CNY",
    tier_rules: TierRules | None = None,
) -> ReferenceResult:
    """Recomputes a landing from the first ledger month to `as_of_date`; LandingError where a run stops."""
    landed = read_landing(landing)
    clean = cleanse(landed, base_currency)
    first_month, last_month = _months(clean, as_of_date)
    parties = find_parties(clean.accepted("core.customers"))
    shares = divide_accounts(clean.accepted("core.account_holders"))
    result = ReferenceResult(
        as_of_date=month_end(last_month),
        first_month_end=month_end(first_month),
        reconciliation=clean.reconciliation(),
        rejections=[*_row_findings(clean, key), *_other_warnings(clean, parties, shares, key)],
        customer_keys={
            customer_id: keyed_hash(key, survivor) for customer_id, survivor in parties.surviving.items()
        },
        parties=parties,
        shares=shares,
        extra_columns={name: table.extra_columns for name, table in landed.items() if table.extra_columns},
    )
    _fill_parties(result, clean, first_month, last_month, tier_rules)
    return result


def _months(clean: CleanLanding, as_of_date: date | None) -> tuple[int, int]:
    """The first ledger month and the month of the as-of date."""
    booked = [row["booked_at"].date() for row in clean.accepted("core.transactions")]
    first_month = month_of(min(booked))
    if as_of_date is None:
        as_of_date = _last_month_end(max(booked) + timedelta(days=3))
    if as_of_date != month_end(month_of(as_of_date)):
        raise LandingError(f"as_of_date {as_of_date} isn't a month-end")
    if month_of(as_of_date) < first_month:
        raise LandingError(f"as_of_date {as_of_date} lies before the first month, {month_end(first_month)}")
    return first_month, month_of(as_of_date)


def _last_month_end(day: date) -> date:
    """The last month-end on or before a day."""
    month = month_of(day)
    return day if day == month_end(month) else month_end(month - 1)


def _fill_parties(
    result: ReferenceResult,
    clean: CleanLanding,
    first_month: int,
    last_month: int,
    tier_rules: TierRules | None,
) -> None:
    facts = gather(clean, first_month, last_month)
    members = result.parties.members()
    judgements: dict[str, list[dict]] = {}
    for row in clean.accepted("crm.judgements"):
        judgements.setdefault(row["customer_id"], []).append(row)
    for survivor, shares in party_shares(result.shares, result.parties).items():
        holdings = [(facts.accounts[account_id], share) for account_id, share in shares.items()]
        party = Party(facts, members[survivor], holdings)
        rows = party_features(party)
        loan_positions = {
            row["loan_id"]: facts.loan_positions.get(row["loan_id"], []) for row in party.of(facts.loans)
        }
        tiers = classify_tiers(
            {month: TierMonth(row["aum_1m"], row["valuation_change_1m"]) for month, row in rows.items()},
            vetoed_months(
                [row for positions in loan_positions.values() for row in positions],
                set(loan_positions),
                first_month,
                last_month,
            ),
            party.of(judgements),
            tier_rules,
        )
        for month, row in rows.items():
            grain = (result.customer_keys[survivor], month_end(month))
            result.features[grain] = _published(row)
            result.segments[grain] = asdict(tiers[month])


def party_features(party: Party) -> Rows:
    """Every row of a party with all features; later themes build on earlier ones."""
    rows: Rows = {month: {} for month in party.months}
    for add_theme in (
        add_balances,
        add_term_deposits,
        add_activity,
        add_salary,
        add_lending,
        add_suitability,
        add_contribution,
        add_attributes,
        add_relationship,
    ):
        add_theme(party, rows)
    return rows


def _published(row: dict[str, object]) -> dict[str, object]:
    """The row without what only its themes need; money as a decimal with two places, a rate with eight."""
    return {
        name: to_decimal(value, RATE_SCALE if name.endswith("_rate") else MONEY_SCALE)
        if isinstance(value, Fraction)
        else value
        for name, value in row.items()
        if not name.startswith("_")
    }


def _row_findings(clean: CleanLanding, key: str) -> list[Rejection]:
    """Rejected and duplicate rows, and the warnings of accepted ones."""
    findings = []
    for name, rows in clean.judged.items():
        for row in rows:
            key_hash = _key_hash(name, row, key)
            if row.outcome != "accepted":
                findings.append(Rejection(name, key_hash, row.outcome, row.reason, row.column))
                continue
            for reason, column in row.warnings:
                findings.append(Rejection(name, key_hash, "warning", reason, column))
    return findings


def _key_hash(table: str, row: JudgedRow, key: str) -> str | None:
    """The keyed hash of the trimmed key values as they were landed, joined by a stroke."""
    if not row.landed.has_right_width:
        return None
    parts = [row.landed.values.get(column) or "" for column in TABLES[table].key]
    return keyed_hash(key, KEY_SEPARATOR.join(parts))


def _other_warnings(clean: CleanLanding, parties: Parties, shares: Shares, key: str) -> list[Rejection]:
    """Warnings that aren't about one row: shares, lonely accounts and customers, blocked merges."""

    def warn(table: str, ids: set[str], reason: str, column: str | None = None) -> list[Rejection]:
        return [Rejection(table, keyed_hash(key, one), "warning", reason, column) for one in sorted(ids)]

    accounts = {row["account_id"] for row in clean.accepted("core.accounts")}
    held = set(shares.by_account)
    with_account = {customer_id for account in shares.by_account.values() for customer_id in account}
    blocked = {customer_id for group in parties.blocked_groups for customer_id in group}
    return [
        *warn("core.account_holders", shares.above_one, "shares_above_one", "ownership_share"),
        *warn("core.account_holders", shares.below_one, "shares_below_one", "ownership_share"),
        *warn("core.accounts", accounts - held, "no_holder"),
        *warn("core.customers", set(parties.surviving) - with_account, "no_account"),
        *warn("core.customers", blocked, "merge_blocked", "id_document_number"),
    ]
