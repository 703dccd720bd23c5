"""The warehouse on the real bank: accepted rows, customers, balances to the cent, three tiers."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from berka_landing import ROOT, run
from reference import TierRules, classify
from test_reference_agreement import assert_agrees
from warehouse import KEY, PROJECT, Warehouse

from scripts.evaluate import main as evaluate

pytestmark = pytest.mark.berka

CURRENCY = "CZK"


def calibrated_rules() -> TierRules:
    """The frozen cut-points of individuals, as the oracle wants them."""
    with (PROJECT / "seeds/rules/value_tier_calibrations.csv").open(encoding="utf-8", newline="") as file:
        rows = {
            row["tier_code"]: row
            for row in csv.DictReader(file)
            if row["currency_code"] == CURRENCY and row["customer_type"] == "individual"
        }
    tiers = ("mid", "high")
    return TierRules(
        enter_at=tuple(Fraction(rows[tier]["enter_at"]) for tier in tiers),
        stay_at=tuple(Fraction(rows[tier]["stay_at"]) for tier in tiers),
        hold_months=tuple(int(rows[tier]["hold_months"]) for tier in tiers),
    )


@pytest.fixture(scope="module")
def berka(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The real files, landed and built."""
    folder = Path(os.environ.get("BERKA_DATA") or ROOT.parent / "shared" / "data" / "berka")
    if not (folder / "trans.asc").is_file():
        pytest.skip(f"the PKDD'99 files aren't in {folder}; BERKA_DATA can name another folder")
    home = tmp_path_factory.mktemp("berka")
    warehouse = Warehouse(home=home / "home", landing=home / "landing")
    assert run(folder, warehouse.landing).returncode == 0
    warehouse.build("--full-refresh", "--vars", f"base_currency: {CURRENCY}")
    return warehouse


def test_every_row_is_accepted(berka: Warehouse) -> None:
    """4,500 accounts and 42,945 transactions, none of them lost, rejected or twice."""
    with berka.connect() as connection:
        counts = dict(
            connection.execute(
                "select table_name, [landed_count, accepted_count] from marts.data_reconciliation where is_landed"
            ).fetchall()
        )
    assert counts["accounts"] == [4500, 4500]
    assert counts["transactions"] == [42945, 42945]
    assert all(landed == accepted for landed, accepted in counts.values())


def test_customers_and_tiers_of_february_1994(berka: Warehouse) -> None:
    """1,197 customers, all three tiers populated by the frozen cut-points."""
    with berka.connect() as connection:
        tiers = Counter(
            code
            for (code,) in connection.execute(
                "select value_tier_code from marts.customer_segments_monthly where as_of_date = date '1994-02-28'"
            ).fetchall()
        )
    assert tiers.total() == 1197
    assert set(tiers) == {"ordinary", "mid", "high"}


def test_berka_agrees_with_the_recomputation(berka: Warehouse) -> None:
    """Every balance to the cent, every ratio, every tier."""
    assert_agrees(berka, classify(berka.landing, KEY, base_currency=CURRENCY, tier_rules=calibrated_rules()))


def test_the_evaluation_says_what_it_cannot_tell(berka: Warehouse, tmp_path: Path) -> None:
    """No arrears, no investments, no complaints, no transfer prices: named, with what they would need, and not as 0."""
    release = berka.home / "work" / "warehouse.duckdb"
    assert evaluate(["--release", str(release), "--output", str(tmp_path)]) == 0
    summary = json.loads(next(tmp_path.glob("*/summary.json")).read_text(encoding="utf-8"))
    wanting = {(row["metric_code"], row["outcome_code"]): row["requires"] for row in summary["not_evaluable"]}
    assert "lending.loan_positions" in wanting["outcome_rate", "new_overdue"]
    assert "lending.loan_positions" in wanting["auc", "overdue"]
    assert "crm.interactions" in wanting["complaint_rate", "all"]
    assert "wealth.positions" in wanting["investment_share", "all"]
    assert "curve ftp" in wanting["contribution_share", "all"]
    assert {check["code"]: check["status"] for check in summary["checks"]}["ledger"] == "ok"
    page = next(tmp_path.glob("*/report.html")).read_text(encoding="utf-8")
    assert "lending.loan_positions with days past due" in page
