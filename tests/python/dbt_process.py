"""dbt in a process of its own that takes the parsed project from a file: a parse costs more than a small build.

Usage: python dbt_process.py PARSED [dbt arguments]. PARSED is a `partial_parse.msgpack` of the same target; what a
project reads from the environment while it is parsed must be the same.
"""

from __future__ import annotations

import sys
from pathlib import Path

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt.parser.manifest import extended_mashumuro_decoder


def main(parsed: str, *arguments: str) -> int:
    """Runs dbt; 0 when all went well."""
    manifest = Manifest.from_msgpack(Path(parsed).read_bytes(), decoder=extended_mashumuro_decoder)
    manifest.build_flat_graph()
    result = dbtRunner(manifest=manifest).invoke(list(arguments))
    if result.exception is not None:
        print(result.exception, file=sys.stderr)
    return 0 if result.success else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
