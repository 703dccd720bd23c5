"""One more attempt at models that ran out of memory: two at a time share what one alone may have."""

from __future__ import annotations

import os
from typing import Any

OUT_OF_MEMORY = "Out of Memory Error"


def out_of_memory(nodes: list[Any]) -> list[str]:
    """The names of models that ran out of memory while others were built beside them; none where no other was."""
    if int(os.environ.get("DBT_THREADS", "2")) == 1:
        return []
    return sorted(node.node.name for node in nodes if OUT_OF_MEMORY in str(node.message))


def with_second_attempt(nodes: list[Any], again: list[Any]) -> list[Any]:
    """What became of every node: the last time that it was tried."""
    return list({node.node.unique_id: node for node in (*nodes, *again)}.values())
