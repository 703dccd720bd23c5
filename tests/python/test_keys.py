"""The secret key: standard HMAC in SQL, generated once, readable by its owner alone."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from scripts.keys import customer_key, ensure_keys, hmac_pads, read_key
from scripts.privacy.key_mapping import forget_old_keys, mapping_file, write_mapping
from scripts.privacy.rotate_key import main as rotate_key
from scripts.settings import Settings, read_settings


@pytest.mark.parametrize("key", ["k", "密钥", "x" * 64, "x" * 65, "long " * 50])
def test_sql_computes_the_standard_hmac(key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPOSITS_KEY", key)
    chosen = read_settings({"DEPOSITS_HOME": str(tmp_path)})
    ensure_keys(chosen)

    with duckdb.connect(str(chosen.keys_file), read_only=True) as connection:
        found = connection.execute(
            "select sha256(outer_pad || unhex(sha256(inner_pad || encode('客户 C1')))) from main.hmac_pads"
        ).fetchall()

    assert found == [(hmac.new(key.encode(), "客户 C1".encode(), hashlib.sha256).hexdigest(),)]


def test_key_is_generated_once_and_kept_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEPOSITS_KEY", raising=False)
    chosen = read_settings({"DEPOSITS_HOME": str(tmp_path)})
    ensure_keys(chosen)
    key, written = read_key(chosen), chosen.keys_file.stat().st_mtime_ns

    ensure_keys(chosen)
    assert read_key(chosen) == key
    assert len(key) == 64
    assert chosen.keys_file.stat().st_mtime_ns == written
    assert chosen.keys_file.stat().st_mode & 0o777 == 0o600
    assert chosen.secret_file.stat().st_mode & 0o777 == 0o600
    assert chosen.keys_file.parent.stat().st_mode & 0o777 == 0o700

    monkeypatch.setenv("DEPOSITS_KEY", "another")
    ensure_keys(chosen)
    with duckdb.connect(str(chosen.keys_file), read_only=True) as connection:
        assert connection.execute("from main.hmac_pads").fetchall() == [hmac_pads("another")]


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home with a generated key and the customers of a last build."""
    monkeypatch.delenv("DEPOSITS_KEY", raising=False)
    monkeypatch.setenv("DEPOSITS_HOME", str(tmp_path))
    chosen = read_settings()
    ensure_keys(chosen)
    chosen.quarantine_file.parent.mkdir()
    with duckdb.connect(str(chosen.quarantine_file)) as connection:
        connection.execute("create schema quarantine.quarantine")
        members = "select unnest(['C1', 'C2']) as customer_id"
        connection.execute(f"create table quarantine.quarantine.party_members as {members}")
    return chosen


def test_rotation_makes_another_key_and_a_mapping_for_a_time(built: Settings) -> None:
    old = read_key(built)
    assert rotate_key(["--keep-mapping", "30"]) == 0
    new = read_key(built)
    assert new != old and len(new) == 64
    with duckdb.connect(str(built.keys_file), read_only=True) as connection:
        assert connection.execute("from main.hmac_pads").fetchall() == [hmac_pads(new)]
    with duckdb.connect(str(mapping_file(built)), read_only=True) as connection:
        pairs = connection.execute("select old_customer_key, new_customer_key from main.key_mapping").fetchall()
    assert dict(pairs) == {customer_key(old, number): customer_key(new, number) for number in ("C1", "C2")}
    for file in (built.secret_file, built.keys_file, mapping_file(built)):
        assert file.stat().st_mode & 0o777 == 0o600
        assert old.encode() not in file.read_bytes()

    forget_old_keys(built, [customer_key(new, "C1")])
    assert customer_key(new, "C1").encode() not in mapping_file(built).read_bytes()
    write_mapping(built, [("a", "b", datetime(2020, 1, 1))])
    ensure_keys(built)
    assert not mapping_file(built).exists(), "its time was up"


def test_a_key_that_is_kept_outside_is_rotated_there(
    built: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEPOSITS_KEY", "old")
    assert rotate_key([]) == 2
    assert "DEPOSITS_NEW_KEY" in capsys.readouterr().err
    monkeypatch.setenv("DEPOSITS_NEW_KEY", "old")
    assert rotate_key([]) == 2
    monkeypatch.setenv("DEPOSITS_NEW_KEY", "new")
    before = built.secret_file.read_text()
    assert rotate_key(["--keep-mapping", "1"]) == 0
    assert "set DEPOSITS_KEY" in capsys.readouterr().out
    assert built.secret_file.read_text() == before
    assert mapping_file(built).exists()
