"""docs/pii-inventory.md: every described column has a privacy class, and the page is what the metadata says."""

from __future__ import annotations

from fnmatch import fnmatchcase

from scripts.landing.contract import contract_tables
from scripts.privacy.inventory import CLASSES, PAGE, classes, page, pattern_class, place_of, tables
from scripts.seeds import seed_rows


def test_every_column_has_a_class_and_every_table_a_place():
    without = [f"{table.name}.{name}" for table in tables() for name, found in classes(table).items() if not found]
    assert not without, f"give them a pattern in seeds/reference/privacy_classes.csv: {without}"
    assert {row["privacy_class"] for row in seed_rows("privacy_classes")} == set(CLASSES)
    assert all(place_of(table) for table in tables())


def test_what_the_contract_calls_personal_is_no_less_here():
    by_name = {table.name: table for table in tables()}
    for landed in contract_tables():
        table = by_name[f"{landed.source}.{landed.name}"]
        found = classes(table)
        for column in landed.columns:
            if column.is_personal:
                assert found[column.name] in ("direct_identifier", "sensitive"), f"{table.name}.{column.name}"


def test_restricted_features_are_sensitive_or_financial():
    features = next(table for table in tables() if table.name == "customer_features_monthly")
    for row in seed_rows("feature_catalogue"):
        if row["sensitivity_level"] == "restricted":
            assert pattern_class(features, row["feature"]) in ("sensitive", "financial"), row["feature"]


def test_direct_identifiers_stay_in_landing_and_quarantine():
    for table in tables():
        if place_of(table)["place_code"] not in ("landing", "quarantine"):
            assert "direct_identifier" not in classes(table).values(), table.name


def test_no_pattern_is_left_over():
    columns = [(table.name, column) for table in tables() for column in table.columns]
    for row in seed_rows("privacy_classes"):
        pattern = row["column_pattern"]
        is_of_table = "." in pattern
        assert any(fnmatchcase(f"{table}.{name}" if is_of_table else name, pattern) for table, name in columns), pattern


def test_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(), "run ./scripts/run pii-inventory"
