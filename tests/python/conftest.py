"""One synthetic bank for all tests that read one: built once, whichever test process comes first."""

from __future__ import annotations

import pytest
from filelock import FileLock
from warehouse import PYTHON, SyntheticBank

# more months than the marts publish: some rules of dormancy ask for two years
CUSTOMERS, MONTHS, SEED = 1200, 30, 5


@pytest.fixture(scope="session")
def synthetic_bank(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> SyntheticBank:
    """The bank, and the truth that was planted in it. For reading only: copy what you change."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "synthetic_bank"
    bank = SyntheticBank(home=folder / "home", landing=folder / "landing")
    built = folder / "built"
    with FileLock(f"{folder}.lock"):
        if not built.exists():
            bank.run(
                PYTHON, "-m", "scripts.landing.synthetic", "--seed", str(SEED), "--customers", str(CUSTOMERS),
                "--months", str(MONTHS), "--landing", str(bank.landing), "--truth", str(folder / "truth"),
            )  # fmt: skip
            bank.build("--full-refresh")
            built.touch()
    return bank
