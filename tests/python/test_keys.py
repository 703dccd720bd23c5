"""The secret key: standard HMAC in SQL, generated once, readable by its owner alone."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import duckdb
import pytest

from scripts.keys import ensure_keys, hmac_pads, read_key
from scripts.settings import read_settings


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
