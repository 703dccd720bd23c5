"""Each department reads its own marts and no others: by the metadata, and by a login of each on a server."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import psycopg
import pytest
from nasty_landing import NastyBank
from postgres_server import postgres_server
from test_postgres_parity import PostgresWarehouse
from warehouse import PROJECT, parsed_project

DEPARTMENTS = ("marketing", "service", "risk", "management")
# it sees everything, which is why nobody else reads its marts
ACROSS = "management"
SHARED = "shared"
PREFIX = "bank_"


def seed(name: str) -> list[dict[str, str]]:
    """The rows of a seed of reference data."""
    with (PROJECT / "seeds" / "reference" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


class Owners:
    """Whose a column of a mart is."""

    def __init__(self) -> None:
        self.listed = {(row["mart"], row["column_name"]): row["owner_department"] for row in seed("column_owners")}
        self.features = {row["feature"]: row["owner_department"] for row in seed("feature_catalogue")}

    def of(self, mart: str, column: str) -> str | None:
        """The owner; None for a column that nobody has claimed."""
        if ("*", column) in self.listed:
            return self.listed["*", column]
        if (mart, column) in self.listed:
            return self.listed[mart, column]
        if mart == "customer_features_monthly":
            return self.features.get(column)
        return self.listed.get((mart, "*"))


@pytest.fixture(scope="module")
def models() -> dict[str, dict]:
    """All models of the manifest by their name."""
    manifest = json.loads(parsed_project().with_name("manifest.json").read_text(encoding="utf-8"))
    return {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "model"}


def of_department(models: dict[str, dict], department: str) -> list[dict]:
    """The models of a department's schema."""
    return [node for node in models.values() if node["schema"] == f"marts_{department}"]


def parents(node: dict, models: dict[str, dict]) -> list[dict]:
    """The marts that a model reads."""
    names = [name.split(".")[2] for name in node["depends_on"]["nodes"] if name.startswith("model.")]
    return [models[name] for name in names if models[name]["schema"] == "marts"]


def test_every_column_of_every_mart_has_an_owner(models: dict[str, dict]) -> None:
    """And every owner listed has its mart and column."""
    owners = Owners()
    marts = {name: set(node["columns"]) for name, node in models.items() if node["schema"] == "marts"}
    ownerless = [
        f"{mart}.{column}" for mart, columns in marts.items() for column in columns if not owners.of(mart, column)
    ]
    assert not ownerless, ownerless
    everywhere = set().union(*marts.values())
    stray = [
        f"{mart}.{column}"
        for mart, column in owners.listed
        if (mart != "*" and mart not in marts) or (column != "*" and column not in marts.get(mart, everywhere))
    ]
    assert not stray, stray


@pytest.mark.parametrize("department", [name for name in DEPARTMENTS if name != ACROSS])
def test_a_department_holds_no_column_that_another_owns(models: dict[str, dict], department: str) -> None:
    """A column is called what it is called in its mart, and belongs to the department or to all."""
    owners = Owners()
    found = of_department(models, department)
    assert len(found) >= 3
    wrong = []
    for node in found:
        assert node["config"]["meta"]["department"] == department
        for column in node["columns"]:
            sources = [mart["name"] for mart in parents(node, models) if column in mart["columns"]]
            whose = {owners.of(mart, column) for mart in sources}
            if not whose & {department, SHARED}:
                wrong.append(f"{node['name']}.{column}: {sorted(map(str, whose)) or 'no mart has it'}")
    assert not wrong, wrong


@pytest.mark.parametrize("department", [name for name in DEPARTMENTS if name != ACROSS])
def test_a_department_has_all_its_features(models: dict[str, dict], department: str) -> None:
    """A feature with a new owner moves with it."""
    owned = {name for name, owner in Owners().features.items() if owner == department} - {"customer_type_code"}
    assert owned <= set(models[f"{department}_customers"]["columns"])


def test_department_marts_say_whose_they_are(models: dict[str, dict]) -> None:
    """Folder, schema, name and metadata agree."""
    for node in (node for node in models.values() if node["fqn"][1] == "departments"):
        department = node["fqn"][2]
        assert department in DEPARTMENTS
        assert node["schema"] == f"marts_{department}"
        assert node["name"].startswith(f"{department}_")


def connect(environment: dict[str, str], role: str = "") -> psycopg.Connection:
    """A connection of the owner, or of a role whose password is its name."""
    return psycopg.connect(
        host=environment["PGHOST"],
        port=environment["PGPORT"],
        user=role or environment["PGUSER"],
        password=role or environment["PGPASSWORD"],
        dbname=environment["PGDATABASE"],
        autocommit=True,
    )


def is_open(connection: psycopg.Connection, schema: str, table: str) -> bool:
    """Whether the connection's role may read a table."""
    try:
        connection.execute(f"select 1 from {schema}.{table} limit 1").fetchall()
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


@pytest.mark.postgres
def test_a_login_of_each_department_is_refused_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Real roles on a real server: their own schema opens, every other one and every other floor stays shut."""
    landing = tmp_path / "landing"
    NastyBank(seed=3, customers=20).build().write(landing)
    server = PostgresWarehouse(home=tmp_path / "home", landing=landing)
    monkeypatch.setenv("DEPOSITS_ROLE_PREFIX", PREFIX)
    with postgres_server() as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        with connect(environment) as owner:
            for department in DEPARTMENTS:
                owner.execute(f"create role {PREFIX}{department} login password '{PREFIX}{department}'")
        server.build("--full-refresh")
        # what is built again keeps its grants
        server.dbt("run", "--select", "departments")
        with connect(environment) as owner:
            tables = owner.execute(
                "select table_schema, table_name from information_schema.tables"
                " where table_schema not in ('pg_catalog', 'information_schema')"
            ).fetchall()
        schemas = {schema for schema, _ in tables}
        assert {f"marts_{department}" for department in DEPARTMENTS} | {"marts", "keys", "staging"} <= schemas
        for department in DEPARTMENTS:
            with connect(environment, f"{PREFIX}{department}") as login:
                opened = {table for table in tables if is_open(login, *table)}
            assert opened == {table for table in tables if table[0] == f"marts_{department}"}, department
