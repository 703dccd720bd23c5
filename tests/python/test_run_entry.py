"""scripts/run: lists its tasks, dispatches each of them, sets the environment, makes .venv when it has to.

Each test copies the script into a project of its own, whose .venv holds stand-ins that note their calls.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BASH = shutil.which("bash") or "bash"
LOCKS = {
    ".venv": "requirements.lock",
    ".venv-duckdb2": "requirements-duckdb2.lock",
    ".venv-benchmark": "requirements-benchmark.lock",
    ".venv-dagster": "requirements-dagster.lock",
    ".venv-spark": "requirements-spark.lock",
    ".venv-superset": "requirements-superset.lock",
}
TOOLS = ("python", "pip", "dagster", "dbt", "ruff", "ty", "sqlfluff", "shellcheck", "uv", "pre-commit")
VARIABLES = (
    "DBT_PROJECT_DIR",
    "DBT_PROFILES_DIR",
    "DBT_SEND_ANONYMOUS_USAGE_STATS",
    "DO_NOT_TRACK",
    "GX_ANALYTICS_ENABLED",
    "PYTHONPATH",
    "DEPOSITS_HOME",
    "DEPOSITS_LANDING",
)
STAND_IN = f"""#!{BASH}
{{ echo "CALL $(basename "$0")$(printf ' %s' "$@")"
  for name in {" ".join(VARIABLES)}; do echo "$name=${{!name}}"; done; }} >>"$CALLS"
case "$(basename "$0") ${{FAILING:-nothing}}" in "$FAILING $FAILING") exit 7 ;; esac
exit 0
"""

# What each task must call, in order; {root} and {home} are the project and its DEPOSITS_HOME.
DISPATCH = {
    "setup": ["python --version"],
    "demo": [
        "python -P -m scripts.landing.synthetic --landing {home}/landing --truth {home}/truth"
        " --customers 5000 --months 24",
        "python -P -m scripts.refresh",
    ],
    "generate": ["python -P -m scripts.landing.synthetic --landing {home}/landing --truth {home}/truth"],
    "berka": ["python -P -m scripts.landing.berka"],
    "land": ["python -P -m scripts.landing.load_duckdb"],
    "land-postgres": ["python -P -m scripts.landing.load_postgres"],
    "land-spark": ["python -P -m scripts.landing.load_spark"],
    "spark-cluster": ["python -P -m scripts.spark.cluster"],
    "refresh": ["python -P -m scripts.refresh"],
    "rollback": ["python -P -m scripts.refresh.rollback"],
    "history": ["python -P -m scripts.refresh.history"],
    "verify-release": ["python -P -m scripts.refresh.verify"],
    "extract-key": ["python -P -m scripts.refresh.extract_keys"],
    "dbt": ["dbt"],
    "evaluate": ["python -P -m scripts.evaluate"],
    "evaluate-seeds": ["python -P -m scripts.evaluate_seeds"],
    "calibrate": ["python -P -m scripts.calibrate_value_tiers"],
    "calibrate-score": ["python -P -m scripts.calibrate_score_bands"],
    "rules": ["python -P -m scripts.rule_versions"],
    "challenger": ["python -P -m scripts.challenger"],
    "dashboards": ["python -P -m scripts.dashboards"],
    "query": ["python -P -m scripts.query"],
    "diff": ["python -P -m scripts.diff"],
    "validate": ["python -P -m scripts.validate"],
    "erase": ["python -P -m scripts.privacy.erase"],
    "rotate-key": ["python -P -m scripts.privacy.rotate_key"],
    "pii-inventory": ["python -P -m scripts.privacy.inventory"],
    "docs": ["python -P -m scripts.docs_site"],
    "docs-pages": ["python -P -m scripts.feature_docs"],
    "rules-page": ["python -P -m scripts.rules_page"],
    "lint": ["ruff check", "ty check", "python -c", "sqlfluff lint", "shellcheck scripts/run"],
    "test": ["ruff check", "ty check", "python -c", "sqlfluff lint", "shellcheck scripts/run", "python -m pytest"],
    "test-duckdb2": ["python -m pytest"],
    "test-docs": ["python -m pytest tests/documents"],
    "benchmark": ["python -P -m scripts.benchmark"],
    "mutation": ["python -m tests.mutation"],
    "crash-test": ["python -m tests.crash"],
    "fuzz": ["python -m tests.fuzz"],
    "test-privacy": ["python -m pytest tests/privacy"],
    "dagster": ["dagster"],
    "test-dagster": ["python -m tests.scheduling"],
    "lock": [
        "pip config get global.index-url",
        *(
            f"uv pip compile {source} --universal --generate-hashes --no-emit-index-url --no-header"
            f" --python-version 3.11 --quiet --output-file {lock}"
            for lock, source in (
                ("requirements.lock", "pyproject.toml"),
                ("requirements-duckdb2.lock --extra dev --override tests/requirements-duckdb2.txt", "pyproject.toml"),
                ("requirements-dagster.lock", "pyproject.toml"),
                ("requirements-benchmark.lock", "pyproject.toml"),
                ("requirements-spark.lock", "pyproject.toml"),
                ("requirements-superset.lock", "scripts/dashboards/requirements.in"),
            )
        ),
    ],
    "clean": [],
}


def stand_in(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(STAND_IN)
    path.chmod(0o755)


class Project:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.script = root / "scripts" / "run"
        self.script.parent.mkdir(parents=True)
        shutil.copy(ROOT / "scripts" / "run", self.script)
        shutil.copytree(ROOT / ".ci", root / ".ci")
        for lock in LOCKS.values():
            (root / lock).write_text("agate==1.9.1\n")
        self.log = root / "calls.txt"
        self.venv = root / ".venv"

    def install(self) -> None:
        for name, lock in LOCKS.items():
            venv = self.root / name
            for tool in TOOLS:
                stand_in(venv / "bin" / tool)
            content = (self.root / lock).read_bytes()
            checksum = subprocess.run(["cksum"], input=content, capture_output=True, check=True).stdout.decode()
            (venv / ".lock-installed").write_text(f"{checksum.strip()} {venv}\n")

    def run(self, *arguments: str, script: Path | None = None, **environment: str):
        self.log.unlink(missing_ok=True)
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DEPOSITS_", "DBT_", "PIP_", "UV_")) and name != "PYTHONPATH"
        }
        return subprocess.run(
            [BASH, str(script or self.script), *arguments],
            cwd=environment.pop("CWD", self.root),
            env={**kept, "CALLS": str(self.log), **environment},
            capture_output=True,
            text=True,
        )

    def calls(self) -> list[str]:
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [line.removeprefix("CALL ").rstrip() for line in lines if line.startswith("CALL ")]

    def environment(self) -> dict[str, str]:
        last = self.log.read_text().rsplit("CALL ", 1)[1]
        return dict(line.split("=", 1) for line in last.splitlines()[1:])


@pytest.fixture
def bare(tmp_path: Path) -> Project:
    """A checkout before its first use, in a folder with a blank in its name."""
    return Project(tmp_path / "a project")


@pytest.fixture
def project(bare: Project) -> Project:
    bare.install()
    return bare


def listed(text: str) -> list[str]:
    return re.findall(r"^  ([a-z0-9-]+) +\S", text, flags=re.MULTILINE)


def test_without_arguments_it_lists_its_tasks_one_line_each_and_needs_no_environment(bare):
    done = bare.run()
    assert done.returncode == 0
    assert listed(done.stdout) == list(DISPATCH)
    assert len(done.stdout.splitlines()) == len(DISPATCH) + 2
    assert not bare.venv.exists()
    assert bare.run("--help").stdout == done.stdout


@pytest.mark.parametrize("name", ["nope", "task_setup", "set", ".", "dem", "demo | generate", "-x"])
def test_an_unknown_task_ends_with_2_and_the_list(project, name):
    done = project.run(name)
    assert done.returncode == 2
    assert f"no task '{name}'" in done.stderr
    assert listed(done.stderr) == list(DISPATCH)
    assert project.calls() == []


@pytest.mark.parametrize("task", DISPATCH)
def test_every_listed_task_dispatches(project, task):
    done = project.run(task)
    assert done.returncode == 0, done.stderr
    places = {"root": project.root, "home": project.root / "deposits_home"}
    expected = [call.format(**places) for call in DISPATCH[task]]
    calls = project.calls()
    assert len(calls) == len(expected), calls
    for call, start in zip(calls, expected, strict=True):
        assert call.startswith(start)


@pytest.mark.parametrize(
    "task", ["generate", "berka", "land", "land-postgres", "refresh", "dbt", "calibrate", "validate", "lock"]
)
def test_arguments_are_passed_through_as_they_are(project, task):
    project.run(task, "--some", "a b", "")
    assert project.log.read_text().count("--some a b \n") == (len(LOCKS) if task == "lock" else 1)


def test_arguments_of_test_go_to_pytest_and_skip_lint(project):
    assert project.run("test", "-k", "one").returncode == 0
    assert project.calls() == ["python -m pytest -k one"]


def test_an_engine_has_tests_of_its_own(project):
    assert project.run("test", "--engine", "spark", "-x").returncode == 0
    assert project.calls() == ["python -m pytest tests/spark -x"]
    assert project.run("test", "--engine", "postgres").returncode == 0
    assert project.calls() == ["python -m pytest -m postgres tests/python"]
    done = project.run("test", "--engine", "abacus")
    assert done.returncode == 2
    assert "spark and postgres" in done.stderr


def test_lint_can_check_one_kind_and_names_the_kinds_it_knows(project):
    project.run("lint", "shell")
    assert [call.split()[0] for call in project.calls()] == ["shellcheck"]
    done = project.run("lint", "cobol")
    assert done.returncode == 2
    assert "python, types, sql and shell" in done.stderr


@pytest.mark.parametrize("tool", ["ruff", "ty", "sqlfluff", "shellcheck"])
def test_a_failed_check_fails_lint_after_the_others_have_run(project, tool):
    assert project.run("lint", FAILING=tool).returncode == 1
    assert len(project.calls()) == len(DISPATCH["lint"])
    assert project.run("test", FAILING=tool).returncode == 1
    assert not any("-m pytest" in call for call in project.calls())


def test_the_exit_code_of_a_task_is_handed_on(project):
    assert project.run("refresh", FAILING="python").returncode == 7


def test_environment_defaults(project):
    project.run("refresh")
    root = str(project.root)
    assert project.environment() == {
        "DBT_PROJECT_DIR": root,
        "DBT_PROFILES_DIR": f"{root}/profiles",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
        "GX_ANALYTICS_ENABLED": "false",
        "PYTHONPATH": root,
        "DEPOSITS_HOME": f"{root}/deposits_home",
        "DEPOSITS_LANDING": f"{root}/deposits_home/landing",
    }


def test_given_folders_are_made_absolute_and_the_landing_follows_the_home(project, tmp_path):
    project.run("refresh", CWD=str(tmp_path), DEPOSITS_HOME="some/home")
    assert project.environment()["DEPOSITS_HOME"] == f"{tmp_path}/some/home"
    assert project.environment()["DEPOSITS_LANDING"] == f"{tmp_path}/some/home/landing"
    project.run("refresh", CWD=str(tmp_path), DEPOSITS_HOME="/elsewhere", DEPOSITS_LANDING="./files")
    assert project.environment()["DEPOSITS_HOME"] == "/elsewhere"
    assert project.environment()["DEPOSITS_LANDING"] == f"{tmp_path}/files"


def test_demo_uses_a_landing_that_holds_files(project):
    landed = project.root / "deposits_home" / "landing" / "core" / "customers.csv"
    landed.parent.mkdir(parents=True)
    landed.write_text("customer_id\n")
    done = project.run("demo")
    assert project.calls() == ["python -P -m scripts.refresh"]
    assert "used as it is" in done.stdout
    assert f"{project.root}/deposits_home/releases/current" in done.stdout


def test_demo_stops_when_the_refresh_fails(project):
    done = project.run("demo", FAILING="python")
    assert done.returncode == 7
    assert "Published" not in done.stdout


def test_clean_removes_build_output_and_no_data(project):
    for folder in ("target/a", "logs/a", "deposits_home/a"):
        (project.root / folder).mkdir(parents=True)
    assert project.run("clean").returncode == 0
    assert not (project.root / "target").exists()
    assert not (project.root / "logs").exists()
    assert (project.root / "deposits_home" / "a").exists()


def test_clean_refuses_when_the_home_lies_in_what_it_removes(project):
    home = project.root / "target" / "home"
    home.mkdir(parents=True)
    done = project.run("clean", DEPOSITS_HOME=str(home))
    assert done.returncode == 2
    assert home.exists()


def make_pythons(project: Project, version_check: str) -> str:
    """A PATH whose only Pythons are stand-ins; `-m venv` makes an environment of stand-ins."""
    folder = project.root / "path"
    folder.mkdir()
    tools = ["basename", "cat", "cksum", "cp", "cut", "dirname", "grep", "mkdir", "rm", "sed", "touch", "tr"]
    for name in ["bash", *tools]:
        (folder / name).symlink_to(shutil.which(name))
    stand_in(project.root / "tool")
    (folder / "python3").write_text(f"""#!{BASH}
case "$1" in
  -c) {version_check} ;;
  --version) echo "Python 3.99" ;;
  -m) echo "$*" >>"$CALLS.venv"; rm -rf "$4"; mkdir -p "$4/bin"
      for tool in {" ".join(TOOLS)}; do cp "{project.root}/tool" "$4/bin/$tool"; done ;;
esac
""")
    (folder / "python3").chmod(0o755)
    return str(folder)


INSTALL = (
    "pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r {root}/requirements.lock"
)


def test_first_use_makes_the_environment_once_and_a_new_lock_is_installed(bare):
    path = make_pythons(bare, "exit 0")
    install = INSTALL.format(root=bare.root)
    made = bare.root / "calls.txt.venv"

    done = bare.run("setup", PATH=path)
    assert done.returncode == 0, done.stderr
    assert bare.calls() == [install, "python --version"]
    assert re.search(r"complete after \d+ s", done.stderr)
    assert made.read_text() == f"-m venv --clear {bare.venv}\n"

    assert bare.run("setup", PATH=path).stderr == ""
    assert bare.calls() == ["python --version"]

    (bare.root / "requirements.lock").write_text("agate==1.9.2\n")
    bare.run("setup", PATH=path)
    assert bare.calls() == ["pip --version", install, "python --version"]
    assert made.read_text().count("\n") == 1


def test_a_set_up_that_was_cut_off_is_made_again_from_nothing(bare):
    path = make_pythons(bare, "exit 0")
    made = bare.root / "calls.txt.venv"
    done = bare.run("setup", PATH=path, FAILING="pip")
    assert done.returncode == 1
    assert "requirements.lock failed" in done.stderr
    assert not (bare.venv / ".lock-installed").exists()
    assert bare.run("setup", PATH=path).returncode == 0
    assert made.read_text().count("\n") == 2


def test_a_copied_environment_is_made_again(bare, tmp_path):
    path = make_pythons(bare, "exit 0")
    bare.run("setup", PATH=path)
    copied = tmp_path / "copy"
    shutil.copytree(bare.root, copied, symlinks=True)
    bare.run("setup", script=copied / "scripts" / "run", PATH=path)
    assert f"-m venv --clear {copied}/.venv\n" in (bare.root / "calls.txt.venv").read_text()


def test_without_a_python_it_says_what_it_needs(bare):
    done = bare.run("setup", PATH=make_pythons(bare, "exit 1"))
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr


def test_ci_runs_the_test_task(project):
    assert project.run(script=project.root / ".ci" / "run", CWD="/").returncode == 0
    assert project.calls()[-1] == "python -m pytest -n 2 --dist loadfile"
