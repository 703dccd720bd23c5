"""A PostgreSQL server that others reach: encrypted, the server's name proven, and its log says who read what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import jinja2
import psycopg
import pytest
import yaml
from landing_files import land_required
from postgres_server import postgres_server
from tls_proxy import tls_proxy
from warehouse import KEY

from scripts.landing.load_postgres import main, tls_mode
from scripts.settings import PROJECT

PRIVACY_PAGE = PROJECT / "docs" / "privacy.md"


def log_settings() -> list[str]:
    """The access log as docs/privacy.md sets it up."""
    (block,) = re.findall(r"```ini\n(.*?)```", PRIVACY_PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    lines = [line.partition("#")[0].strip() for line in block.splitlines()]
    return [re.sub(r"\s*=\s*'?(.*?)'?$", r"=\1", line) for line in lines if line]


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    with postgres_server(*log_settings()) as environment:
        yield environment


@pytest.mark.postgres
def test_only_the_server_that_was_meant_gets_the_landing(
    server: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """verify-full with the server's certificate works; a wrong name, an unknown certificate and plain text don't."""

    def load(**variables: str) -> int:
        for name, value in (behind | variables).items():
            monkeypatch.setenv(name, value)
        return main()

    landing = land_required(tmp_path / "landing")
    with tls_proxy(int(server["PGPORT"]), tmp_path) as (port, authority):
        behind = {
            **server, "PGHOST": "localhost", "PGPORT": str(port), "PGSSLROOTCERT": str(authority), "DEPOSITS_KEY": KEY,
            "PGSSLMODE": "verify-full", "DEPOSITS_LANDING": str(landing), "DEPOSITS_HOME": str(tmp_path),
        }  # fmt: skip
        assert load() == 0, capsys.readouterr().err
        refused = [
            ({"PGSSLMODE": "disable"}, "no encryption"),
            ({"PGHOST": "127.0.0.1"}, "does not match host name"),
            ({"PGSSLROOTCERT": str(tmp_path / "none.crt")}, "does not exist"),
        ]
        for variables, reason in refused:
            assert load(**variables) == 2, variables
            said = capsys.readouterr().err
            assert "No connection to the server; nothing was changed." in said
            assert reason in said


@pytest.mark.parametrize(
    ("variables", "mode"),
    [
        ({}, "prefer"),
        ({"PGHOST": "localhost"}, "prefer"),
        ({"PGHOST": "/run/postgresql"}, "prefer"),
        ({"PGHOST": "warehouse.bank.example"}, "verify-full"),
        ({"PGHOST": "warehouse.bank.example", "PGSSLMODE": "require"}, "require"),
    ],
)
def test_a_server_elsewhere_must_prove_its_name_unless_told_otherwise(variables: dict[str, str], mode: str) -> None:
    """The loader and dbt's profile agree."""
    profile = yaml.safe_load((PROJECT / "profiles" / "profiles.yml").read_text(encoding="utf-8"))
    written = profile["deposit_customers"]["outputs"]["postgres"]["sslmode"]
    rendered = jinja2.Template(written).render(env_var=lambda name, default="": variables.get(name, default))
    assert (rendered, tls_mode(variables)) == (mode, mode)


@pytest.mark.postgres
def test_the_access_log_says_who_read_what(server: dict[str, str]) -> None:
    parameters = {name.removeprefix("PG").lower(): value for name, value in server.items()}
    with psycopg.connect(dbname=parameters.pop("database"), autocommit=True, **parameters) as owner:
        owner.execute("create role bank_risk login password 'r'; create schema if not exists marts_risk")
        owner.execute("create table marts_risk.t as select 1 as n; grant usage on schema marts_risk to bank_risk")
        owner.execute("grant select on marts_risk.t to bank_risk")
        (folder,) = owner.execute("show data_directory").fetchone()
        asked = {**parameters, "user": "bank_risk", "password": "r", "dbname": server["PGDATABASE"]}
        with psycopg.connect(**asked) as reader:
            reader.execute("select n from marts_risk.t")
    log = Path(folder).with_name("log").read_text(encoding="utf-8")
    assert re.search(r"user=bank_risk .*connection authorized", log)
    assert re.search(r"user=bank_risk .*select n from marts_risk\.t", log)
