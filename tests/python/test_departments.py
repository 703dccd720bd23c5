"""Each department reads its own marts and no others: by the metadata, and by a login of each on a server."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator

import psycopg
import pytest
from postgres_server import postgres_server
from refresh_bank import bank
from test_postgres_parity import PostgresWarehouse
from warehouse import KEY, PROJECT, parsed_project

from scripts.keys import customer_key

DEPARTMENTS = ("marketing", "service", "risk", "management")
# it sees everything, which is why nobody else reads its marts
ACROSS = "management"
SHARED = "shared"
PREFIX = "bank_"
MANAGERS = f"{PREFIX}relationship_manager"


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


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A small bank on a server with a login for each department and for some relationship managers."""
    folder = tmp_path_factory.mktemp("departments")
    builder = bank(3)
    for row in builder.rows["core.customers"]:
        row["relationship_manager_id"] = manager_of(row["customer_id"])
    builder.write(folder / "landing")
    warehouse = PostgresWarehouse(home=folder / "home", landing=folder / "landing")
    with postgres_server() as environment, pytest.MonkeyPatch.context() as patch:
        for name, value in {**environment, "DEPOSITS_ROLE_PREFIX": PREFIX}.items():
            patch.setenv(name, value)
        with connect(environment) as owner:
            for department in DEPARTMENTS:
                owner.execute(f"create role {PREFIX}{department} login password '{PREFIX}{department}'")
            owner.execute(f"create role {MANAGERS} nologin")
            for login in ("anna", "bo", "carl"):
                owner.execute(f"create role {login} login password '{login}' in role {MANAGERS}")
        warehouse.build("--full-refresh")
        # what is built again keeps its grants and policies
        warehouse.dbt("run", "--select", "departments")
        yield environment


@pytest.mark.postgres
def test_a_login_of_each_department_is_refused_elsewhere(server: dict[str, str]) -> None:
    """Real roles on a real server: their own schema opens, every other one and every other floor stays shut."""
    with connect(server) as owner:
        tables = owner.execute(
            "select table_schema, table_name from information_schema.tables"
            " where table_schema not in ('pg_catalog', 'information_schema')"
        ).fetchall()
    schemas = {schema for schema, _ in tables}
    assert {f"marts_{department}" for department in DEPARTMENTS} | {"marts", "keys", "staging", "access"} <= schemas
    for login in (*DEPARTMENTS, "anna"):
        with connect(server, login if login == "anna" else PREFIX + login) as reader:
            opened = {table for table in tables if is_open(reader, *table)}
        department = "service" if login == "anna" else login
        assert opened == {table for table in tables if table[0] == f"marts_{department}"}, login


def manager_of(customer_id: str) -> str:
    """The customers have two managers, and one has none."""
    return "" if customer_id == "C1" else "RM2" if customer_id in ("C2", "C4") else "RM1"


def customers_seen(connection: psycopg.Connection, table: str = "marts_service.service_customers") -> set[str]:
    """Whose rows a table shows to a connection."""
    return {key for (key,) in connection.execute(f"select customer_key from {table}").fetchall()}


@pytest.mark.postgres
def test_a_relationship_manager_sees_the_own_customers_alone(server: dict[str, str]) -> None:
    """By the bank's mapping of logins, at once; a login that isn't mapped sees nobody, its department everybody."""
    with connect(server) as owner:
        owner.execute("insert into access.relationship_manager_logins values ('anna', 'RM2'), ('bo', 'RM1')")
        everybody = customers_seen(owner)
        tables = [
            f"{schema}.{table}"
            for schema, table in owner.execute(
                "select schemaname, tablename from pg_tables where schemaname = 'marts_service'"
            ).fetchall()
        ]
        unprotected = owner.execute(
            "select relname from pg_class join pg_namespace on pg_namespace.oid = relnamespace"
            " where nspname = 'marts_service' and relkind in ('r', 'v', 'm') and not relrowsecurity"
        ).fetchall()
    assert unprotected == []
    assert len(everybody) == 30, "the owner sees everything"
    own = {customer_key(KEY, "C2"), customer_key(KEY, "C4")}
    with connect(server, "anna") as anna, connect(server, "bo") as bo, connect(server, "carl") as carl:
        assert customers_seen(anna) == own
        assert customers_seen(bo) == everybody - own - {customer_key(KEY, "C1")}
        for table in tables:
            assert customers_seen(anna, table) <= own
            assert customers_seen(carl, table) == set(), "an unmapped login"
        for statement in (
            "select * from access.own_customer_keys()",
            "select * from access.relationship_manager_logins",
            "insert into access.relationship_manager_logins values ('anna', 'RM1')",
            "delete from marts_service.service_customers",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                anna.execute(statement)
        anna.execute(f"set role {MANAGERS}")
        assert customers_seen(anna) == own, "another role is no other login"
    with connect(server, f"{PREFIX}service") as service:
        assert customers_seen(service) == everybody
    with connect(server) as owner:
        owner.execute("insert into access.relationship_manager_logins values ('anna', 'RM1')")
    with connect(server, "anna") as anna:
        assert customers_seen(anna) == everybody - {customer_key(KEY, "C1")}, "as a deputy"


@pytest.mark.postgres
def test_views_over_protected_marts_must_ask_as_their_reader(server: dict[str, str]) -> None:
    """A view reads with its owner's rights unless it is an invoker's: what docs/engines.md warns of."""
    view = "create view marts_service.{name} {option} as select * from marts_service.service_customers"
    with connect(server) as owner:
        owner.execute(view.format(name="careful", option="with (security_invoker = true)"))
        owner.execute(view.format(name="careless", option=""))
        owner.execute(f"grant select on marts_service.careful, marts_service.careless to {MANAGERS}")
    with connect(server, "carl") as carl:
        assert customers_seen(carl, "marts_service.careful") == set()
        assert len(customers_seen(carl, "marts_service.careless")) == 30
    with connect(server) as owner:
        owner.execute("drop view marts_service.careful; drop view marts_service.careless")
