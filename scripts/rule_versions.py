"""Rule versions: copy one to a draft, publish a draft, and keep published ones as they are.

    python -m scripts.rule_versions draft --version 2026.1 --valid-from 2026-07-01 --reason "..." [--from 2020.1]
    python -m scripts.rule_versions publish --version 2026.1 --approved-by "..." --approved-date 2026-06-20
    python -m scripts.rule_versions lock
    python -m scripts.rule_versions check

A draft is the rows of the old version again, under the new name, in every seed of seeds/rules that has a
rule_version: change them there. Publishing writes the hash of each seed's rows of the version into
seeds/rules/published_versions.sha256; from then on `check` (and the tests) refuse any change of these rows. `lock` adds
what has no hash yet, such as a new kind of rule, and never replaces one.

Exit code 2: nothing written, the message says why.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from scripts.seeds import RULES, Row, Seed, read_seed

VERSIONS = "rule_versions"
# Words may be corrected; they change nobody's class.
WORDS = {
    f"{word}{language}"
    for word in ("label", "subject", "unit", "description", "reason", "sentence", "message")
    for language in ("", "_zh")
}


class RuleError(Exception):
    """Why the rules are left as they are, and what to do."""


def versioned_seeds(folder: Path) -> list[Seed]:
    """All seeds whose rows belong to rule versions, the list of versions apart."""
    seeds = (read_seed(folder, path.stem) for path in sorted(folder.glob("*.csv")) if path.stem != VERSIONS)
    return [seed for seed in seeds if seed.is_versioned]


def draft(version: str, source: str, valid_from: date, reason: str, folder: Path = RULES) -> dict[str, int]:
    """Copies the rows of one version to a new draft; the number of rows by seed."""
    versions = read_seed(folder, VERSIONS)
    names = {row["rule_version"] for row in versions.rows}
    if version in names:
        raise RuleError(f"Rule version {version} exists already. Versions are never overwritten: choose another name.")
    if source not in names:
        raise RuleError(f"There is no rule version {source} to start from; there are {', '.join(sorted(names))}.")
    if not reason.strip():
        raise RuleError("A draft needs a reason: why should the rules change?")
    counts = {}
    for seed in versioned_seeds(folder):
        copies = [{**row, "rule_version": version} for row in seed.rows if row["rule_version"] == source]
        if copies:
            Seed(seed.name, seed.columns, seed.rows + copies).write(folder)
            counts[seed.name] = len(copies)
    row = dict.fromkeys(versions.columns, "")
    row |= {"rule_version": version, "valid_from": str(valid_from), "status_code": "draft", "reason": reason}
    Seed(versions.name, versions.columns, [*versions.rows, row]).write(folder)
    return counts


def newest_published(folder: Path = RULES) -> str:
    """The published version with the latest start."""
    rows = [row for row in read_seed(folder, VERSIONS).rows if row["status_code"] == "published"]
    return max(rows, key=lambda row: row["valid_from"])["rule_version"]


def publish(version: str, approved_by: str, approved_date: date, folder: Path = RULES) -> None:
    """Makes a draft the rules from its valid_from on, and freezes it."""
    versions = read_seed(folder, VERSIONS)
    row = next((row for row in versions.rows if row["rule_version"] == version), None)
    if row is None:
        raise RuleError(f"There is no rule version {version}.")
    if row["status_code"] == "published":
        raise RuleError(f"Rule version {version} is published already.")
    if not approved_by.strip():
        raise RuleError("Who approved it?")
    check(folder)
    row |= {"status_code": "published", "approved_by": approved_by, "approved_date": str(approved_date)}
    versions.write(folder)
    lock(folder)


def lock_file(folder: Path) -> Path:
    """Where the hashes of published rows stand."""
    return folder / "published_versions.sha256"


def _parts(seed: Seed) -> Iterator[tuple[str, list[Row]]]:
    """The rows of a seed by version; by currency and pack too, since one may be added later without touching others."""
    keys = [name for name in ("rule_version", "currency_code", "pack_code") if name in seed.columns]
    parts: dict[str, list[Row]] = {}
    for row in seed.rows:
        parts.setdefault("/".join([seed.name, *(row[key] for key in keys)]), []).append(row)
    yield from sorted(parts.items())


def content_hash(seed: Seed, rows: list[Row]) -> str:
    """Hash of what the rows say, whatever their order; of the words nothing."""
    columns = sorted(name for name in seed.columns if name not in WORDS)
    lines = sorted("\x1f".join(f"{name}={row[name]}" for name in columns) for row in rows)
    return hashlib.sha256("\x1e".join(lines).encode()).hexdigest()


def published_hashes(folder: Path) -> dict[str, str]:
    """The hash of every part that belongs to a published version."""
    versions = read_seed(folder, VERSIONS)
    published = {row["rule_version"] for row in versions.rows if row["status_code"] == "published"}
    return {
        part: content_hash(seed, rows)
        for seed in [*versioned_seeds(folder), versions]
        for part, rows in _parts(seed)
        if rows[0]["rule_version"] in published
    }


def locked_hashes(folder: Path) -> dict[str, str]:
    """The hashes as they were locked."""
    file = lock_file(folder)
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {part: digest for digest, part in (line.split("  ", 1) for line in lines if line)}


def check(folder: Path = RULES) -> list[str]:
    """Refuses when a locked part was changed or is gone; the parts that aren't locked yet."""
    actual, locked = published_hashes(folder), locked_hashes(folder)
    changed = sorted(part for part, digest in locked.items() if actual.get(part) != digest)
    if changed:
        raise RuleError(
            f"Published rules were changed or are gone: {', '.join(changed)}. A month keeps the rules that held in it:"
            " put the rows back, and make the change in a new rule version (scripts/run rules draft)."
        )
    return sorted(actual.keys() - locked.keys())


def lock(folder: Path = RULES) -> list[str]:
    """Adds the hashes of what isn't locked yet; its names."""
    new = check(folder)
    hashes = published_hashes(folder)
    if new:
        lines = [f"{hashes[part]}  {part}" for part in sorted({*locked_hashes(folder), *new})]
        lock_file(folder).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return new


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    drafting = commands.add_parser("draft", help="copy a version to a new draft")
    drafting.add_argument("--version", required=True)
    drafting.add_argument("--from", dest="source", help="the version to start from (default: the newest published one)")
    drafting.add_argument("--valid-from", type=date.fromisoformat, required=True)
    drafting.add_argument("--reason", required=True)
    publishing = commands.add_parser("publish", help="publish an approved draft and freeze it")
    publishing.add_argument("--version", required=True)
    publishing.add_argument("--approved-by", required=True, help="a role or a committee")
    publishing.add_argument("--approved-date", type=date.fromisoformat, required=True)
    commands.add_parser("lock", help="freeze published rows that aren't frozen yet")
    commands.add_parser("check", help="are all published rows as they were frozen?")
    options = parser.parse_args(arguments)
    try:
        if options.command == "draft":
            counts = draft(options.version, options.source or newest_published(), options.valid_from, options.reason)
            for name, count in counts.items():
                print(f"{name:<28} {count} rows")
            print(f"Draft {options.version}: change its rows, then look at ./scripts/run challenger")
        elif options.command == "publish":
            publish(options.version, options.approved_by, options.approved_date)
            print(f"Rule version {options.version} is published; the next refresh uses it from its valid_from on.")
        elif options.command == "lock":
            new = lock()
            print("\n".join(f"Frozen: {part}" for part in new) or "Everything published is frozen already.")
        else:
            new = check()
            if new:
                raise RuleError(f"Published, but not frozen yet: {', '.join(new)}. Run scripts/run rules lock.")
            print("All published rules are as they were frozen.")
    except RuleError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
