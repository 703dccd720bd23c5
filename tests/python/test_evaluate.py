"""The evaluation snapshot: same input, same bytes; nothing overwritten in silence; a report that opens offline."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from warehouse import SyntheticBank

from scripts.evaluate import main
from scripts.evaluation.release import EvaluationError
from scripts.evaluation.summary import SCHEMA, validate

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)


@pytest.fixture(scope="module")
def release(synthetic_bank: SyntheticBank) -> Path:
    """A warehouse file with marts, as a release has them."""
    return synthetic_bank.home / "work" / "warehouse.duckdb"


@pytest.fixture(scope="module")
def months(release: Path) -> list[str]:
    """The evaluated months."""
    with duckdb.connect(str(release), read_only=True) as connection:
        query = "select distinct as_of_date from marts.segment_evaluation_monthly order by 1"
        return [str(month) for (month,) in connection.execute(query).fetchall()]


@pytest.fixture(scope="module")
def evaluations(release: Path, months: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Snapshots of the newest two months."""
    folder = tmp_path_factory.mktemp("evaluations")
    for month in months[-2:]:
        assert main(["--release", str(release), "--as-of", month, "--output", str(folder)]) == 0
    return folder


def newest(evaluations: Path) -> Path:
    """The folder of the newest snapshot."""
    return max(evaluations.iterdir())


def test_a_snapshot_has_its_files_and_fits_its_schema(evaluations: Path, months: list[str]) -> None:
    """Named after month and rule version; the tables are those that the summary lists."""
    folder = newest(evaluations)
    assert folder.name == f"{months[-1]}_2020.1"
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    validate(summary)
    assert summary["previous"]["as_of_date"] == months[-2]
    assert {file.stem for file in folder.glob("*.parquet")} == set(summary["tables"])
    for name, table in summary["tables"].items():
        assert pq.read_metadata(folder / f"{name}.parquet").num_rows == table["row_count"]
    summary["checks"][0]["status"] = "splendid"
    with pytest.raises(EvaluationError, match="schema"):
        validate(summary)
    assert json.loads(SCHEMA.read_text(encoding="utf-8"))["additionalProperties"] is False


def test_the_same_release_gives_the_same_bytes(release: Path, evaluations: Path, tmp_path: Path) -> None:
    """Made again elsewhere, in the same order, every file is the same; made again in place, nothing changes."""
    for folder in sorted(evaluations.iterdir()):
        assert main(["--release", str(release), "--as-of", folder.name[:10], "--output", str(tmp_path)]) == 0
        for file in folder.iterdir():
            assert file.read_bytes() == (tmp_path / folder.name / file.name).read_bytes(), file.name
    stamps = {file: file.stat().st_mtime_ns for file in newest(tmp_path).iterdir()}
    assert main(["--release", str(release), "--output", str(tmp_path)]) == 0
    assert {file: file.stat().st_mtime_ns for file in newest(tmp_path).iterdir()} == stamps


def test_another_snapshot_is_never_overwritten_in_silence(
    release: Path, evaluations: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An error that says what to do, until --replace says so."""
    shutil.copytree(evaluations, tmp_path, dirs_exist_ok=True)
    report = newest(tmp_path) / "report.html"
    report.write_text("somebody's notes", encoding="utf-8")
    arguments = ["--release", str(release), "--output", str(tmp_path)]
    assert main(arguments) == 3
    assert "--replace" in capsys.readouterr().err
    assert report.read_text(encoding="utf-8") == "somebody's notes"
    assert main([*arguments, "--replace"]) == 0
    assert report.read_bytes() == (newest(evaluations) / "report.html").read_bytes()
    assert not list(tmp_path.glob(".*"))


def test_two_snapshots_are_compared(evaluations: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By name, and with itself."""
    one, other = sorted(folder.name for folder in evaluations.iterdir())
    assert main(["--output", str(evaluations), "--compare", one, other]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"From {one} to {other}") and "metrics changed" in said
    assert main(["--output", str(evaluations), "--compare", one, one]) == 0
    assert "same, byte for byte" in capsys.readouterr().out
    assert main(["--output", str(evaluations), "--compare", one, "nothing"]) == 2


def test_what_cannot_be_read_is_said(release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No traceback: a message and what to do."""
    assert main(["--release", str(tmp_path / "none.duckdb"), "--output", str(tmp_path)]) == 2
    assert "run a refresh first" in capsys.readouterr().err
    assert main(["--release", str(release), "--as-of", "2019-01-31", "--output", str(tmp_path)]) == 2
    assert "isn't evaluated" in capsys.readouterr().err
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(str(empty)).close()
    assert main(["--release", str(empty), "--output", str(tmp_path)]) == 2
    assert "older version" in capsys.readouterr().err


class Links(HTMLParser):
    """Everything that a page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [
            f"{tag} {name}={value}"
            for name, value in attrs
            if name in ("src", "href", "xlink:href", "action", "data") and not str(value).startswith("#")
        ]


def test_the_report_loads_nothing(evaluations: Path) -> None:
    """No link, no style sheet, no font, no image from anywhere."""
    page = (newest(evaluations) / "report.html").read_text(encoding="utf-8")
    links = Links()
    links.feed(page)
    assert links.found == []
    assert not re.search(r"@import|url\((?!#)|@font-face", page)
    assert "Can I trust today's numbers?".replace("'", "&#39;") in page or "Can I trust today's numbers?" in page
    assert "今天的数字可信吗" in page and page.count("<svg") >= 16


def test_no_customer_is_in_a_snapshot(release: Path, evaluations: Path) -> None:
    """Not even by key: counts and sums alone."""
    with duckdb.connect(str(release), read_only=True) as connection:
        keys = [
            key
            for (key,) in connection.execute(
                "select distinct customer_key from marts.customer_features_monthly"
            ).fetchall()
        ]
        for file in newest(evaluations).glob("*.parquet"):
            columns = [row[0] for row in connection.execute(f"describe select * from '{file}'").fetchall()]
            assert "customer_key" not in columns and "key_hash" not in columns
    text = "".join(file.read_text(encoding="utf-8") for file in newest(evaluations).glob("*.[hj]*"))
    assert not [key for key in keys if key in text]


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_opens_in_a_browser(evaluations: Path, tmp_path: Path, language: str) -> None:
    """It is drawn, in the language asked for, without a word on the console."""
    page = newest(evaluations) / "report.html"
    command = [
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--log-level=0",
        f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", f"{page.as_uri()}#{language}",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert f'<html lang="{language}"' in done.stdout
    assert "CONSOLE" not in done.stderr
