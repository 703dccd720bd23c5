"""What dbt found, for people: names, what to do, how many rows. Never a value."""

from __future__ import annotations

from collections import Counter
from typing import Any

from scripts.refresh.outcome import redacted

MOST_LISTED = 20


def describe_success(nodes: list[Any]) -> str:
    """How much was built and tested."""
    kinds = Counter(node.node.resource_type.value for node in nodes)
    return ", ".join(f"{count} {kind.replace('_', ' ')}s" for kind, count in sorted(kinds.items())) + ": all good"


def describe_failures(nodes: list[Any]) -> list[str]:
    """One entry per failed model or test, and how many others were skipped for it."""
    failed = [node for node in nodes if _status(node) in ("error", "fail", "runtime error")]
    lines = [_describe(node) for node in failed[:MOST_LISTED]]
    if len(failed) > MOST_LISTED:
        lines.append(f"... and {len(failed) - MOST_LISTED} more")
    skipped = sum(1 for node in nodes if _status(node) == "skipped")
    return lines + ([f"{skipped} models and tests that come after them were skipped"] if skipped else [])


def describe_warnings(nodes: list[Any]) -> list[str]:
    """Tests of severity warn that found rows."""
    return [f"warning: {_describe(node)}" for node in nodes if _status(node) == "warn"]


def _status(node: Any) -> str:
    return str(getattr(node.status, "value", node.status))


def _describe(node: Any) -> str:
    """Name, rows or reason, and the description from the manifest, which says what to do."""
    kind = node.node.resource_type.value.replace("_", " ")
    if _status(node) != "error" and node.failures is not None:
        what = f"{node.failures} failing rows"
    else:
        message = redacted(str(node.message or "failed")).partition("> in macro")[0]
        what = " ".join(message.split())
    description = " ".join((node.node.description or "").split())
    return f"{kind} {node.node.name}: {what}" + (f". {description}" if description else "")
