"""The secret key, kept where SQL can use it and compiled SQL, logs and releases can't show it.

SQL computes HMAC-SHA256 from the two padded key blocks alone:

    sha256(outer_pad || unhex(sha256(inner_pad || encode(message))))      -- DuckDB
    encode(sha256(outer_pad || sha256(inner_pad || convert_to(message, 'UTF8'))), 'hex')  -- PostgreSQL
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets

import duckdb

from scripts.privacy.key_mapping import forget_old_keys
from scripts.settings import Settings

BLOCK_BYTES = 64  # of SHA-256, see RFC 2104


def hmac_pads(key: str) -> tuple[bytes, bytes]:
    """The inner and outer padded blocks of a key text, as HMAC-SHA256 defines them."""
    key_bytes = key.encode()
    if len(key_bytes) > BLOCK_BYTES:
        key_bytes = hashlib.sha256(key_bytes).digest()
    block = key_bytes.ljust(BLOCK_BYTES, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


def read_key(settings: Settings) -> str:
    """The key text: DEPOSITS_KEY, or the generated secret file, made once and reused."""
    given = os.environ.get("DEPOSITS_KEY")
    if given:
        return given
    if not settings.secret_file.exists():
        write_secret(settings, secrets.token_hex(32))
    key = settings.secret_file.read_text(encoding="utf-8").strip()
    if not key:
        raise ValueError(f"{settings.secret_file} is empty: restore the key, or delete it for a new one")
    return key


def customer_key(key: str, customer_id: str) -> str:
    """The key under which the warehouse knows a customer number."""
    return hmac.new(key.encode(), customer_id.encode(), hashlib.sha256).hexdigest()


def write_secret(settings: Settings, key: str) -> None:
    """Puts a key text in its place at once, readable by its owner alone."""
    settings.secret_file.parent.mkdir(parents=True, exist_ok=True)
    settings.secret_file.parent.chmod(0o700)
    fresh = settings.secret_file.with_name("secret.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(settings.secret_file)


def ensure_keys(settings: Settings) -> None:
    """Writes keys.duckdb (table main.hmac_pads, one row), unless it holds these very pads already."""
    forget_old_keys(settings)
    pads = hmac_pads(read_key(settings))
    if _stored_pads(settings) == pads:
        return
    settings.keys_file.parent.mkdir(parents=True, exist_ok=True)
    settings.keys_file.parent.chmod(0o700)
    fresh = settings.keys_file.with_name("keys.new.duckdb")
    fresh.unlink(missing_ok=True)
    with duckdb.connect(str(fresh)) as connection:
        fresh.chmod(0o600)
        connection.execute("create table main.hmac_pads (inner_pad blob not null, outer_pad blob not null)")
        connection.execute("insert into main.hmac_pads values (?, ?)", list(pads))
    fresh.replace(settings.keys_file)


def _stored_pads(settings: Settings) -> tuple[bytes, bytes] | None:
    """The pads of an existing keys file; None when it is absent or not what it should be."""
    if not settings.keys_file.exists():
        return None
    try:
        with duckdb.connect(str(settings.keys_file), read_only=True) as connection:
            rows = connection.execute("select inner_pad, outer_pad from main.hmac_pads").fetchall()
    except duckdb.Error:
        return None
    return rows[0] if len(rows) == 1 else None
