"""./scripts/run test-privacy: a person is erased, then the key is changed, on a small bank with real refreshes."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import duckdb
import pytest
from refresh_bank import BIRTH_DATE, CANARIES, KEY, Bank, bank, columns_that_hold, without_data_tests

from scripts.evaluate import main as evaluate
from scripts.keys import customer_key
from scripts.privacy.erase import main as erase
from scripts.privacy.key_mapping import mapping_file
from scripts.privacy.rotate_key import main as rotate_key
from scripts.refresh.extract_keys import read_extract_key

PERSON = CANARIES["customer_id"]
NEW_KEY = "another key"
FEATURES = "select * exclude (customer_key), {key} as customer_key from marts.customer_features_monthly order by all"


@pytest.fixture(scope="module", autouse=True)
def quick_builds():
    with without_data_tests():
        yield


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Bank:
    """Two releases of a bank in which the person shares an account with C1, and pays C2."""
    root = tmp_path_factory.mktemp("erasure")
    made = bank(3)
    made.account("SHARED", owner="C1").holder("SHARED", PERSON, role="joint")
    made.transaction("SHARED", "2024-02-02 10:00:00", "500.00", transaction_id="S1")
    made.transaction("A2", "2024-02-03 10:00:00", "70.00", counterparty_id=CANARIES["account_id"])
    made.transaction("A1", "2024-03-31 10:00:00", "1.00", transaction_id="LAST")  # March is whole without the person
    made.write(root / "landing")
    found = Bank(root / "landing", root / "home")
    for _ in range(2):
        done = found.refresh()
        assert done.code == 0, done.err
    return found


def features(place: Bank, key: str = "customer_key") -> list[tuple]:
    with duckdb.connect(str(place.current / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(FEATURES.format(key=key)).fetchall()


def held(place: Bank, path: Path, pattern: str) -> list[str]:
    """The columns of a file that hold a text; of an extract, too."""
    key = read_extract_key(place.settings, path.stem) if path.parent.name == "departments" else None
    return columns_that_hold(path, pattern, key)


def test_a_person_is_erased_everywhere_and_nobody_else_is_touched(place):
    before = features(place)
    with place.environment():
        assert evaluate([]) == 0
    key = customer_key(KEY, PERSON)
    assert [row for row in before if row[-1] == key]
    said = io.StringIO()
    with place.environment(), contextlib.redirect_stdout(said):
        assert erase(["--customer-id", PERSON, "--despite-holds", "a test", "--accept-drift", "a test"]) == 0
    assert not [text for text in CANARIES.values() if text in said.getvalue()]

    others = [text for text in CANARIES.values() if text != CANARIES["rejected transaction_id"]]
    pattern = "|".join([*(text.replace("+", "[+]") for text in CANARIES.values()), BIRTH_DATE, key])
    receipts = place.home / "erasures"
    files = [path for root in (place.home, place.landing) for path in root.rglob("*") if path.is_file()]
    found = [
        f"{text} in {path}" for path in files for text in others if text.encode() in path.read_bytes()
    ]
    assert found == []
    assert [f"{path}: {columns}" for path in files if (columns := held(place, path, pattern))] == []
    assert [path.parent for path in files if key.encode() in path.read_bytes()] == [receipts]
    releases = [path.name for path in (place.home / "releases").iterdir() if path.is_dir() and path.name[0] != "."]
    assert len(releases) == 2, "the new release and the link"

    shared = customer_key(KEY, "C1")
    assert features(place)[0][-1] is not None
    unchanged = [row for row in before if row[-1] not in (key, shared)]
    assert [row for row in features(place) if row[-1] != shared] == unchanged
    assert len([row for row in features(place) if row[-1] == shared]) == 3, "the shared account stays"
    (receipt,) = receipts.iterdir()
    assert json.loads(receipt.read_text(encoding="utf-8"))["rows_removed"]["core/customers.csv"] == 1


def test_another_key_gives_the_same_marts_under_other_customer_keys(place):
    before = features(place)
    with place.environment(DEPOSITS_NEW_KEY=NEW_KEY):
        assert rotate_key(["--keep-mapping", "30"]) == 0
    with duckdb.connect(str(mapping_file(place.settings)), read_only=True) as connection:
        mapping = dict(connection.execute("select new_customer_key, old_customer_key from main.key_mapping").fetchall())
    assert customer_key(KEY, PERSON) not in mapping.values()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("refresh_bank.KEY", NEW_KEY)
        done = place.refresh()
    assert done.code == 0, done.err
    assert "full refresh: the secret key changed" in done.out
    after = features(place)
    assert not {row[-1] for row in after} & {row[-1] for row in before}
    renamed = [(*row[:-1], mapping[row[-1]]) for row in after]
    assert sorted(renamed, key=str) == sorted(before, key=str)
    with duckdb.connect(str(place.settings.work_file), read_only=True) as connection:
        assert connection.execute("select count(*) from staging.stg_core__parties").fetchall() == [(29,)]
    old_keys = "|".join(mapping.values())
    assert columns_that_hold(place.settings.work_file, old_keys) == []
