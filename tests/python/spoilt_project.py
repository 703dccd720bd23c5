"""A copy of the project with some texts changed, to see that what has to fail on an engine fails."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from warehouse import PROJECT, Warehouse

# (file, old text, new text, what dbt then says): a type, a null and a result that nobody expects
SPOILS = (
    (
        "models/marts/customer_merges.sql",
        "evidence_code",
        "length(evidence_code) as evidence_code",
        r"evidence_code\W.*(mismatch|the contract says)",
    ),
    (
        "models/marts/data_rejections.sql",
        "findings.is_caused_by_parent",
        "nullif(findings.is_caused_by_parent, false) as is_caused_by_parent",
        r"is_caused_by_parent\W.*(violates not-null|is null)",
    ),
    (
        "models/marts/_marts__unit_tests.yml",
        "rejected_share: 0.010005003",
        "rejected_share: 0.010005004",
        r"0\.010005004\W+0\.010005003",
    ),
)
SELECTED = ("customer_merges", "data_rejections", "data_reconciliation")


def spoilt_project(folder: Path) -> None:
    """Copies what dbt reads of the project, and spoils it."""
    for name in ("dbt_project.yml", "macros", "models", "profiles", "seeds", "tests"):
        source = PROJECT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    for file, old, new, _ in SPOILS:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, (file, old)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


def assert_spoils_fail(warehouse: Warehouse, folder: Path) -> None:
    """A wrong contract, a null where none may be and a wrong unit test: each is told."""
    spoilt_project(folder)
    environment = {
        **warehouse.environment,
        "DBT_PROJECT_DIR": str(folder),
        "DBT_PROFILES_DIR": str(folder / "profiles"),
        "DBT_TARGET_PATH": str(folder / "target"),
    }
    command = [*warehouse.dbt_command, "--no-use-colors", "build", "--exclude-resource-type", "test", "--select"]
    done = subprocess.run(
        [*command, *SELECTED], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout[-3000:]
    for *_, said in SPOILS:
        assert re.search(said, done.stdout), (said, done.stdout[-6000:])
