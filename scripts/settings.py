"""Where things are: the landing and the home of one installation, from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Settings:
    """The two folders that an installation chooses; every other path follows from them."""

    landing: Path
    home: Path

    @property
    def work_file(self) -> Path:
        """The DuckDB file in which a run builds; BI never opens it."""
        return self.home / "work" / "warehouse.duckdb"

    @property
    def quarantine_file(self) -> Path:
        """Rejected and duplicate rows, for data stewards only."""
        return self.home / "quarantine" / "quarantine.duckdb"

    @property
    def keys_file(self) -> Path:
        """The HMAC pads that dbt attaches read-only."""
        return self.home / "keys" / "keys.duckdb"

    @property
    def secret_file(self) -> Path:
        """The generated key text, when the environment gives none."""
        return self.home / "keys" / "secret.key"

    @property
    def releases(self) -> Path:
        """One folder per published run, and the link `current`."""
        return self.home / "releases"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from DEPOSITS_HOME (default: in the project) and DEPOSITS_LANDING (default: in the home)."""
    variables = os.environ if environment is None else environment
    home = Path(variables.get("DEPOSITS_HOME") or PROJECT / "deposits_home").absolute()
    landing = Path(variables.get("DEPOSITS_LANDING") or home / "landing").absolute()
    return Settings(landing=landing, home=home)
