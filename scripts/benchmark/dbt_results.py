"""What dbt says of a build: the seconds of each model and each kind of node."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

MODEL, TEST, SEED = "model", "test", "seed"


def read_results(target: Path) -> list[dict[str, Any]]:
    """The nodes of the last run: name, kind, seconds, start and end."""
    content = json.loads((target / "run_results.json").read_text(encoding="utf-8"))
    return [_node(result) for result in content["results"]]


def _node(result: dict[str, Any]) -> dict[str, Any]:
    kind, _, name = result["unique_id"].split(".", 2)
    times = [
        (_seconds(part["started_at"]), _seconds(part["completed_at"]))
        for part in result["timing"]
        if part.get("started_at") and part.get("completed_at")
    ]
    return {
        "name": name,
        "kind": kind,
        "seconds": round(result["execution_time"], 3),
        "started": min((start for start, _ in times), default=0.0),
        "ended": max((end for _, end in times), default=0.0),
    }


def _slowest_first(node: dict[str, Any]) -> tuple[float, str]:
    return -node["seconds"], node["name"]


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def busy_seconds(nodes: Iterable[dict[str, Any]]) -> float:
    """The time in which at least one of the nodes ran: what runs at once counts once."""
    total, until = 0.0, 0.0
    for start, end in sorted((node["started"], node["ended"]) for node in nodes):
        total += max(end - max(start, until), 0.0)
        until = max(until, end)
    return round(total, 3)


def summarize(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """Seconds by kind, and by model, slowest first."""
    kinds = (MODEL, TEST, SEED)
    models = [node for node in nodes if node["kind"] == MODEL]
    return {
        "node_counts": {kind: sum(node["kind"] == kind for node in nodes) for kind in kinds},
        "node_seconds": {
            kind: round(sum(node["seconds"] for node in nodes if node["kind"] == kind), 3) for kind in kinds
        },
        "busy_seconds": {kind: busy_seconds(node for node in nodes if node["kind"] == kind) for kind in kinds},
        "model_seconds": {node["name"]: node["seconds"] for node in sorted(models, key=_slowest_first)},
    }
