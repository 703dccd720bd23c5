"""The help of a command, from the docstring of its module: what it does, its usage, notes, exit codes at the end."""

from __future__ import annotations

import argparse


def command_parser(command: str, docstring: str) -> argparse.ArgumentParser:
    """A parser for a task of scripts/run. argparse writes the usage itself, so that paragraph is left out."""
    paragraphs = docstring.split("\n\n")
    return argparse.ArgumentParser(
        prog=f"./scripts/run {command}",
        description="\n\n".join(paragraphs[:1] + paragraphs[2:-1]),
        epilog=paragraphs[-1],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
