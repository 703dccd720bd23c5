"""Parties: customers with the same identity document are one; their keys and their shares of accounts."""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from string import digits

from .values import SHARE_SCALE, round_down

PLACEHOLDERS = {"NA", "NONE", "NULL", "UNKNOWN", "TEST"}  # N/A without its stroke is NA
HOLDING_ROLES = ("owner", "joint")


@dataclass
class Parties:
    """Who is who."""

    surviving: dict[str, str] = field(default_factory=dict)  # every customer_id: that of its party
    merged_groups: list[list[str]] = field(default_factory=list)
    blocked_groups: list[list[str]] = field(default_factory=list)

    def members(self) -> dict[str, list[str]]:
        """Surviving customer_id: all customer_ids of the party."""
        members = defaultdict(list)
        for customer_id, survivor in self.surviving.items():
            members[survivor].append(customer_id)
        return dict(members)


def keyed_hash(key: str, text: str) -> str:
    """Lower-case hexadecimal HMAC-SHA256 under the secret key."""
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def normal_document(customer: dict) -> tuple[str, str] | None:
    """The document's type and number for comparison; None where it must not merge anybody."""
    kind, number = (_letters_and_digits(customer[f"id_document_{part}"]) for part in ("type", "number"))
    if not kind or not number or number in PLACEHOLDERS:
        return None
    if number.isdigit() and len(set(number)) == 1:  # 000000
        return None
    return kind, number


def _letters_and_digits(text: str | None) -> str:
    return "".join(character for character in (text or "").upper() if character.isalpha() or character in digits)


def find_parties(customers: Iterable[dict]) -> Parties:
    """Merges the accepted customers (newest versions) by their documents."""
    parties = Parties()
    groups: dict[tuple[str, str], list[dict]] = defaultdict(list)
    for customer in customers:
        parties.surviving[customer["customer_id"]] = customer["customer_id"]
        document = normal_document(customer)
        if document is not None:
            groups[document].append(customer)
    for group in groups.values():
        if len(group) == 1:
            continue
        ids = sorted(customer["customer_id"] for customer in group)
        births = {customer["birth_date"] for customer in group} - {None}
        if len(births) > 1:
            parties.blocked_groups.append(ids)
            continue
        parties.merged_groups.append(ids)
        oldest = min(group, key=lambda row: (row["customer_since_date"] or date.max, row["customer_id"]))
        for customer_id in ids:
            parties.surviving[customer_id] = oldest["customer_id"]
    return parties


@dataclass
class Shares:
    """How the accounts are divided."""

    by_account: dict[str, dict[str, Fraction]]  # account_id: customer_id: share, owners and joint holders
    above_one: set[str] = field(default_factory=set)
    below_one: set[str] = field(default_factory=set)


def divide_accounts(holders: Iterable[dict]) -> Shares:
    """The share of every owner and joint holder in every account; authorised persons hold nothing."""
    given: dict[str, dict[str, Fraction | None]] = defaultdict(dict)
    for holder in holders:
        if holder["role"] in HOLDING_ROLES:
            given[holder["account_id"]][holder["customer_id"]] = holder["ownership_share"]
    shares = Shares({})
    for account_id, account_shares in given.items():
        shares.by_account[account_id] = divide(account_shares)
        if sum(share or 0 for share in account_shares.values()) > 1:
            shares.above_one.add(account_id)
        if sum(shares.by_account[account_id].values()) < 1:
            shares.below_one.add(account_id)
    return shares


def divide(given: dict[str, Fraction | None]) -> dict[str, Fraction]:
    """Shares of one account by customer_id: empty ones divide the rest, a sum above 1 is scaled to 1."""
    known = {customer_id: share for customer_id, share in given.items() if share is not None}
    empty = sorted(set(given) - set(known))
    total = sum(known.values(), Fraction(0))
    if total > 1:
        known = _fill({customer_id: share / total for customer_id, share in known.items()}, Fraction(1))
    rest = max(Fraction(0), 1 - total)
    equal = _fill({customer_id: rest / len(empty) for customer_id in empty}, rest)
    return {customer_id: (known | equal)[customer_id] for customer_id in sorted(given)}


def _fill(exact: dict[str, Fraction], total: Fraction) -> dict[str, Fraction]:
    """Rounds down to six decimals and gives the remainder of the total to the smallest customer_id."""
    rounded = {customer_id: round_down(share, SHARE_SCALE) for customer_id, share in exact.items()}
    if rounded:
        rounded[min(rounded)] += total - sum(rounded.values())
    return rounded


def party_shares(shares: Shares, parties: Parties) -> dict[str, dict[str, Fraction]]:
    """Surviving customer_id: account_id: the share that all customers of the party hold together."""
    held: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for account_id, by_customer in shares.by_account.items():
        for customer_id, share in by_customer.items():
            held[parties.surviving[customer_id]][account_id] += share
    return {party: dict(accounts) for party, accounts in held.items()}
