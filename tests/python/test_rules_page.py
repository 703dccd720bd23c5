"""The rules page says what the seeds say, and a new rule version begins as a copy of an old one."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from scripts import rule_versions
from scripts.rules_page import page as rules_page
from scripts.settings import PROJECT

SEEDS = PROJECT / "seeds"


def edited(folder: Path, seed: str, old: str, new: str) -> Path:
    """A copy of the seeds in which one text of one rule seed is another."""
    target = folder / "seeds"
    shutil.copytree(SEEDS, target)
    path = target / "rules" / f"{seed}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return target


def test_the_committed_page_is_what_the_seeds_say() -> None:
    """Somebody changed a seed or the page: ./scripts/run rules-page writes it again."""
    assert rules_page.PAGE.read_text(encoding="utf-8") == rules_page.page()


def test_every_rule_seed_is_on_the_page() -> None:
    """Those that aren't told in words are tables with their name."""
    page = rules_page.page()
    names = {path.stem for path in (SEEDS / "rules").glob("*.csv")}
    assert names >= rules_page.TOLD
    assert [name for name in names - rules_page.TOLD if f"### `{name}`" not in page] == []


@pytest.mark.parametrize(
    ("seed", "old", "new", "said"),
    [
        ("value_tiers", "individual,mid,50000,45000", "individual,mid,60000,45000", "from 60,000"),
        ("tags", "aum_1m,,1000000,inf", "aum_1m,,1234567,inf", "at least 1,234,567"),
        ("tags", "digital_share_12m,,0.8,inf", "digital_share_12m,,0.85,inf", "at least 85 %"),
        ("segment_rule_conditions", "slowing_points,2,inf", "slowing_points,3,inf", "积分：不低于 3"),
        ("dormancy_packs", "default,180,365", "default,180,377", "| 377 |"),
        ("need_components", "aum_1m,0,500000,30", "aum_1m,0,600000,30", "600,000"),
        ("segment_thresholds", "stability_insured_limit,500000", "stability_insured_limit,500001", "500,001"),
        ("rule_parameters", "veto_days_past_due,90", "veto_days_past_due,91", "| veto_days_past_due | 91 |"),
    ],
)
def test_a_moved_threshold_is_read_on_the_page(tmp_path: Path, seed: str, old: str, new: str, said: str) -> None:
    """Words and tables alike."""
    assert said not in rules_page.page()
    assert said in rules_page.page(edited(tmp_path, seed, old, new))


def test_flags_are_yes_or_no_in_both_languages() -> None:
    """A flag has no bounds that a person would understand."""
    page = rules_page.page()
    assert "Card held: no" in page or ": no<br>" in page
    assert ": yes<br>" in page and "：是 |" in page


def test_a_copied_version_has_all_rows_of_the_old_one(tmp_path: Path) -> None:
    """And is listed under the other versions as soon as a row differs."""
    folder = tmp_path / "seeds"
    shutil.copytree(SEEDS, folder)
    counts = rule_versions.draft("2026.1", "2020.1", date(2026, 7, 1), "A test", folder / "rules")
    assert counts.keys() == {
        path.stem
        for path in (SEEDS / "rules").glob("*.csv")
        if "\n2020.1," in path.read_text(encoding="utf-8") and path.stem != "rule_versions"
    }
    # the draft is listed; as long as its rows are the same, that is all
    added = set(rules_page.page(folder).splitlines()) - set(rules_page.page().splitlines())
    assert added == {"| 2026.1 | 2026-07-01 | draft |  | A test |"}

    path = folder / "rules" / "tags.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "2026.1,another,Another,另一,value,all,rule,aum_1m,,5,inf,risk,monthly,confidential,a,b,\n")
    assert "- 2026.1 `tags`: another" in rules_page.page(folder)
