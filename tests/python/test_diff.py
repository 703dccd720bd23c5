"""The difference of two releases: counted mart by mart, shown without a row of anybody."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from warehouse import PROJECT

from scripts.diff.__main__ import main
from scripts.diff.compare import MIGRATIONS, compare
from scripts.diff.keys import mart_keys

BEFORE = """
create schema marts;
create table marts.customer_segments_monthly as
select
    customer_key, date '2026-05-31' as as_of_date, value_tier_code, 'mixed' as need_segment_code,
    'active' as activity_state_code, 'general' as customer_class_code, 'stable' as deposit_stability_code,
    'no' as sentence
from (values ('a', 'mid'), ('b', 'mid'), ('c', 'high')) as rows (customer_key, value_tier_code);
create table marts.customer_scores_monthly as
select customer_key, as_of_date, 50.0 as composite_score, cast(null as double) as risk_score
from marts.customer_segments_monthly;
create table marts.data_rejections as select 'C1' as key_hash from range(3);
create table marts.customer_merges as select 'x' as merged_key_hash;
"""
AFTER = """
update marts.customer_segments_monthly set value_tier_code = 'high', sentence = 'a secret' where customer_key = 'a';
delete from marts.customer_segments_monthly where customer_key = 'c';
insert into marts.customer_segments_monthly by name
select * replace ('d' as customer_key) from marts.customer_segments_monthly where customer_key = 'b';
update marts.customer_scores_monthly set composite_score = 60, risk_score = 1 where customer_key = 'a';
alter table marts.customer_scores_monthly add column note varchar;
insert into marts.data_rejections values ('C1');
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two files with a few marts."""
    folder = tmp_path_factory.mktemp("diff")
    before, after = folder / "before.duckdb", folder / "after.duckdb"
    for file, script in ((before, BEFORE), (after, BEFORE + AFTER)):
        with duckdb.connect(str(file)) as connection:
            connection.execute(script)
    return before, after


def test_rows_and_columns_are_counted(files: tuple[Path, Path]) -> None:
    """By key where a mart has one, as a bag of rows where it has none."""
    marts = {mart["name"]: mart for mart in compare(*files)["marts"]}
    segments, scores = marts["customer_segments_monthly"], marts["customer_scores_monthly"]
    assert (segments["added"], segments["removed"], segments["changed"]) == (1, 1, 1)
    assert segments["months"] == ["2026-05-31"]
    assert segments["columns"]["value_tier_code"] == {"rows": 1, "moves": [{"from": "mid", "to": "high", "rows": 1}]}
    assert segments["columns"]["sentence"] == {"rows": 1}
    assert scores["columns"]["composite_score"] == {
        "rows": 1, "mean_before": 50.0, "mean_after": 60.0, "largest_change": 10.0,
    }  # fmt: skip
    assert scores["columns"]["risk_score"]["mean_before"] is None
    assert scores["columns_added"] == ["note"]
    assert (marts["data_rejections"]["added"], marts["data_rejections"]["key"]) == (1, [])
    assert marts["customer_merges"]["is_same"]


def test_who_moved(files: tuple[Path, Path]) -> None:
    """A cell for each old and new code; who came or left is absent on the other side."""
    migration = compare(*files)["migration"]
    assert set(migration["dimensions"]) == set(MIGRATIONS)
    assert migration["dimensions"]["value_tier_code"] == {
        "absent": {"mid": 1}, "high": {"absent": 1}, "mid": {"high": 1, "mid": 1},
    }  # fmt: skip


def test_nothing_of_anybody_is_shown_unless_asked_for(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Terminal, JSON and page have counts and codes; keys of customers come with --customers alone."""
    names, json_file, page = [str(file) for file in files], tmp_path / "diff.json", tmp_path / "diff.html"
    assert main([*names, "--json", str(json_file), "--html", str(page)]) == 0
    shown = capsys.readouterr().out
    written = json_file.read_text(encoding="utf-8") + page.read_text(encoding="utf-8")
    assert "customer_segments_monthly: +1 −1 ~1 of 3 → 3 rows  2026-05-31" in shown
    assert "a secret" not in shown + written
    assert not any(mart["customers"] for mart in json.loads(json_file.read_text(encoding="utf-8"))["marts"])
    assert "<h2>value_tier_code on 2026-05-31: 3 customers moved</h2>" in written
    assert main([*names, "--customers", "5"]) == 0
    assert "customer_key a" in capsys.readouterr().out
    assert main([str(files[0]), str(files[0])]) == 0
    assert "the same, row for row: customer_merges, customer_scores" in capsys.readouterr().out


def test_what_is_no_release_is_refused(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    """By its name, with 2."""
    assert main([str(files[0]), "no-such-release"]) == 2
    assert "no-such-release is no release" in capsys.readouterr().err


def test_keys_are_those_of_the_marts() -> None:
    """Every mart but the list of findings has a key, of columns that it has."""
    marts = {path.stem for path in (PROJECT / "models" / "marts").glob("*.sql")}
    assert marts - set(mart_keys()) == {"data_rejections"}
    assert mart_keys()["customer_segments_monthly"] == ["customer_key", "as_of_date"]
