"""The feature catalogue is the one home of what a feature means: whatever else says it says the same."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
import yaml

from scripts import feature_docs
from scripts.seeds import seed_rows
from scripts.settings import PROJECT

CATALOGUE = seed_rows("feature_catalogue")
SPECIFICATION = Path(__file__).parent / "reference" / "codes" / "features.csv"
MART = "customer_features_monthly"
TYPES = {"double": "double precision", "text": "varchar"}


@pytest.fixture(scope="module")
def mart() -> dict:
    """The contract of the mart, as its YAML says it."""
    content = yaml.safe_load((PROJECT / "models" / "marts" / "_marts__models.yml").read_text(encoding="utf-8"))
    return next(model for model in content["models"] if model["name"] == MART)


@pytest.mark.parametrize("path", feature_docs.pages(), ids=lambda path: path.name)
def test_a_generated_file_is_what_the_seeds_say(path: Path) -> None:
    """Somebody changed the seed or the file: ./scripts/run docs-pages writes it again."""
    assert path.read_text(encoding="utf-8") == feature_docs.pages()[path]


def test_a_changed_definition_changes_both_files() -> None:
    """The test above can fail."""
    changed = [{**feature, "definition": "Something else."} for feature in CATALOGUE]
    assert "Something else." in feature_docs.doc_blocks(changed)
    assert "Something else." in feature_docs.dictionary(changed)


def test_the_specification_is_catalogued_in_its_order() -> None:
    """Names, sections and types of its list; extras stand beside them."""
    with SPECIFICATION.open(encoding="utf-8-sig", newline="") as file:
        wanted = [(row["feature"], row["section"], TYPES.get(row["type"], row["type"])) for row in csv.DictReader(file)]
    listed = [row for row in CATALOGUE if row["is_of_specification"] == "true"]
    assert [(row["feature"], row["section"], row["data_type"]) for row in listed] == wanted


def test_the_contract_has_the_columns_in_the_order_of_the_catalogue(mart: dict) -> None:
    """And describes each by its generated doc block."""
    columns = [(column["name"], column["description"]) for column in mart["columns"]][2:]
    wanted = [(row["feature"], f"{{{{ doc('{row['feature']}') }}}}") for row in CATALOGUE]
    assert columns == wanted


def test_the_contract_enforces_every_range(mart: dict) -> None:
    """A check constraint for each range of the catalogue, and no range that the catalogue doesn't tell."""
    checks = {constraint["expression"] for constraint in mart["constraints"]}
    wanted = set()
    for feature in CATALOGUE:
        low, _, high = feature["value_range"].partition("..")
        if low and high:
            wanted.add(f"{feature['feature']} between {low} and {high}")
        elif low or high:
            wanted.add(f"{feature['feature']} {'>=' if low else '<='} {low or high}")
    assert wanted <= checks
    assert not [check for check in checks - wanted if check.split()[-1].lstrip("-").isdigit() and "(" not in check]


def test_codes_are_of_a_list_that_exists() -> None:
    """A code names its list, so that the dictionary can tell its values; only ids and regions have none."""
    without = {row["feature"] for row in CATALOGUE if row["data_type"] == "varchar" and not row["code_list"]}
    assert without == {"region_code", "branch_id"}
    assert all(feature_docs.codes(row["code_list"]) for row in CATALOGUE if row["code_list"])


def test_what_is_about_a_person_is_restricted() -> None:
    """Age, gender and the like are never more open than that, whatever they are computed into."""
    personal = {"age", "gender", "occupation", "education", "life", "marital", "dependents", "income", "salary"}
    open_ones = [
        row["feature"]
        for row in CATALOGUE
        if personal & set(row["feature"].split("_")) and "region" not in row["feature"]
        and row["sensitivity_level"] != "restricted"
    ]  # fmt: skip
    assert open_ones == []


def test_definitions_name_what_exists() -> None:
    """Whatever looks like a name in a definition is a feature, a rule, a seed or a landed table."""
    known = {row["feature"] for row in CATALOGUE}
    known |= {row["parameter_code"] for row in seed_rows("rule_parameters")}
    known |= {path.stem for path in (PROJECT / "seeds").glob("*/*.csv")}
    known |= {table.split(".")[1] for row in CATALOGUE for table in row["source_tables"].split()}
    known |= {"self_service"}  # a channel group
    named = {
        (row["feature"], name)
        for row in CATALOGUE
        for text in (row["definition"], row["definition_zh"])
        for name in re.findall(r"[a-z0-9]+(?:_[a-z0-9]+)+", text)
    }
    assert {(feature, name) for feature, name in named if name not in known} == set()


def test_the_glossary_has_every_code_as_it_is_labelled() -> None:
    """In both languages, in the words of the seed."""
    glossary = (PROJECT / "docs" / "glossary.md").read_text(encoding="utf-8")
    codes = seed_rows("classification_codes")
    missing = [row for row in codes if f"| `{row['code']}` | {row['label']} | {row['label_zh']} |" not in glossary]
    assert missing == []


def test_both_languages_name_the_same() -> None:
    """A rule that one language names isn't hidden from readers of the other."""
    pattern = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")
    different = {
        row["feature"]
        for row in CATALOGUE
        if set(pattern.findall(row["definition"])) != set(pattern.findall(row["definition_zh"]))
    }
    assert different == set()
