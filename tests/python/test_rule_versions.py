"""Published rules stay as they were: drafts are copies, hashes are frozen, nothing is overwritten."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from scripts import rule_versions as rules
from scripts.seeds import RULES, Seed, read_seed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the project's own rules."""
    return Path(shutil.copytree(RULES, tmp_path / "rules"))


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Changes the first place of a text in a seed."""
    file = folder / f"{name}.csv"
    content = file.read_text(encoding="utf-8")
    assert old in content
    file.write_text(content.replace(old, new, 1), encoding="utf-8")


def test_everything_published_is_frozen_and_unchanged() -> None:
    """The project itself: no published row differs from its hash, and none is without one."""
    assert rules.check() == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("score_bands", "2020.1,adb_12m,0,10000,0,30", "2020.1,adb_12m,0,10001,0,30"),
        ("class_rules", "2020.1,40", "2020.1,41"),
        ("score_code_points", "2020.1,credit_rating_code,AAA,100\n", ""),
        ("value_tiers", "2020.1,CNY,individual,mid,50000", "2020.1,CNY,individual,mid,49999"),
        ("rule_versions", "2020.1,1900-01-01", "2020.1,1900-01-02"),
    ],
)
def test_a_changed_or_missing_published_row_is_refused(folder: Path, name: str, old: str, new: str) -> None:
    """A number, a row, a date: `check` names the seed, and `lock` doesn't paper over it."""
    edit(folder, name, old, new)
    before = rules.lock_file(folder).read_text(encoding="utf-8")
    for act in (rules.check, rules.lock):
        with pytest.raises(rules.RuleError, match=f"{name}/2020.1"):
            act(folder)
    assert rules.lock_file(folder).read_text(encoding="utf-8") == before


def test_words_and_the_order_of_rows_may_change(folder: Path) -> None:
    """A corrected label changes nobody's class."""
    edit(folder, "score_indicators", "Credit rating", "Rating of the credit")
    seed = read_seed(folder, "score_bands")
    Seed(seed.name, seed.columns, seed.rows[::-1]).write(folder)
    assert rules.check(folder) == []


def test_a_draft_is_a_copy_that_may_be_changed(folder: Path) -> None:
    """All rows of the old version again; the published ones stay, and so does their hash."""
    counts = rules.draft("2030.1", "2020.1", date(2030, 1, 1), "A trial", folder)
    for name, count in counts.items():
        rows = read_seed(folder, name).rows
        old, new = ([row for row in rows if row["rule_version"] == version] for version in ("2020.1", "2030.1"))
        assert len(new) == count
        assert [{**row, "rule_version": ""} for row in new] == [{**row, "rule_version": ""} for row in old]
    assert {"score_bands", "score_indicators", "class_rules", "value_tiers"} <= counts.keys()
    versions = {row["rule_version"]: row for row in read_seed(folder, "rule_versions").rows}
    assert versions["2030.1"]["status_code"] == "draft"
    edit(folder, "class_rules", "2030.1,40", "2030.1,45")
    assert rules.check(folder) == []


def test_a_version_is_never_overwritten(folder: Path) -> None:
    """The same name twice, a source that isn't there, no reason: refused, and nothing is written."""
    rules.draft("2030.1", "2020.1", date(2030, 1, 1), "A trial", folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for version, source, reason in (
        ("2030.1", "2020.1", "Again"),
        ("2020.1", "2020.1", "Again"),
        ("2030.2", "1999.9", "None"),
        ("2030.2", "2020.1", " "),
    ):
        with pytest.raises(rules.RuleError):
            rules.draft(version, source, date(2030, 1, 1), reason, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_publishing_freezes_a_draft(folder: Path) -> None:
    """Once, by somebody, and from then on its rows can't be changed either."""
    rules.draft("2030.1", "2020.1", date(2030, 1, 1), "A trial", folder)
    with pytest.raises(rules.RuleError, match="Who"):
        rules.publish("2030.1", "", date(2029, 12, 1), folder)
    rules.publish("2030.1", "Risk committee", date(2029, 12, 1), folder)
    assert rules.check(folder) == []
    with pytest.raises(rules.RuleError, match="already"):
        rules.publish("2030.1", "Risk committee", date(2029, 12, 1), folder)
    edit(folder, "class_rules", "2030.1,40", "2030.1,45")
    with pytest.raises(rules.RuleError, match=r"class_rules/2030\.1"):
        rules.check(folder)


def test_another_currency_may_be_calibrated_later(folder: Path) -> None:
    """Its tiers belong to a published version, but nothing that held before changes."""
    with (folder / "value_tier_calibrations.csv").open("a", encoding="utf-8") as file:
        file.write("2020.1,XXX,individual,mid,1.00,0.90,6,0.65,2024-01-31,100\n")
    assert rules.check(folder) == ["value_tier_calibrations/2020.1/XXX"]
    assert rules.lock(folder) == ["value_tier_calibrations/2020.1/XXX"]
    assert rules.check(folder) == []
