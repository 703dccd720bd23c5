"""The dashboards over the current release, in Apache Superset.

    ./scripts/run dashboards                         sets Superset up in <home>/superset and serves it on this machine
    ./scripts/run dashboards --check --pictures DIR  imports them, opens each in headless Chromium, and ends

Superset has an environment of its own, .venv-superset. The administrator's password is in <home>/superset/password,
made once.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import yaml

from scripts.dashboards.bundle import SPECIFICATION, bundle
from scripts.settings import PROJECT, read_settings

TOOLS = PROJECT / ".venv-superset" / "bin"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 300  # seconds until the server answers, or a page is drawn
TROUBLE = (
    "Unexpected error",
    "Data error",
    "Missing dataset",
    "No results were returned",
    "There is no chart definition",
    "unknown viz",
)


def kept(folder: Path, name: str) -> str:
    """A secret text that is made once and read by its owner alone."""
    file = folder / name
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(32), encoding="utf-8")
    return file.read_text(encoding="utf-8")


def write_bundle(folder: Path, release: Path) -> None:
    """The bundle as a folder, which Superset imports over what it has."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in bundle(f"duckdb:///{release}", release).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def set_up(folder: Path, environment: Mapping[str, str], release: Path) -> None:
    """Superset's own database, its administrator, the dashboards."""
    write_bundle(folder / "bundle", release)
    superset = str(TOOLS / "superset")
    person = ["--username", "admin", "--firstname", "Superset", "--lastname", "Administrator"]
    person += ["--email", "admin@bank.example", "--password", kept(folder, "password")]
    for step in (
        ["db", "upgrade"],
        ["init"],
        ["fab", "create-admin", *person],
        ["import-directory", "--overwrite", str(folder / "bundle")],
    ):
        done = subprocess.run([superset, *step], env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"superset {' '.join(step[:2])} failed:\n{(done.stdout + done.stderr)[-3000:]}")
        print(f"superset {' '.join(step[:2])}: done", flush=True)


def server(port: int, environment: Mapping[str, str], log: IO[bytes] | None) -> subprocess.Popen[bytes]:
    """The server, on this machine alone; what it says goes into a log where one is given."""
    command = [str(TOOLS / "gunicorn"), "-w", "1", "--threads", "8", "--timeout", "300", "-b", f"127.0.0.1:{port}"]
    return subprocess.Popen([*command, "superset.app:create_app()"], env=dict(environment), cwd=PROJECT, stderr=log)


def wait_for(url: str) -> None:
    """Until the server answers."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(1)
    raise SystemExit(f"Superset doesn't answer at {url}")


def check(url: str, pictures: Path | None) -> list[str]:
    """What is wrong with the dashboards as a browser draws them."""
    browser = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if browser is None:
        raise SystemExit(f"needs one of {', '.join(BROWSERS)} on the PATH")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1500,1250"]
    options += ["--virtual-time-budget=120000", "--timeout=100000"]
    wrong = []
    for dashboard in yaml.safe_load(SPECIFICATION.read_text(encoding="utf-8"))["dashboards"]:
        page = f"{url}/superset/dashboard/{dashboard['slug']}/?standalone=1"
        command = [browser, *options, "--dump-dom", page]
        drawn = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE).stdout
        titles = [dashboard["title"], *(chart["title"] for row in dashboard["rows"] for chart in row)]
        found = [f"no {title!r}" for title in titles if title.replace("'", "&#39;") not in drawn and title not in drawn]
        found += [f"says {words!r}" for words in TROUBLE if words in drawn]
        wrong += [f"{dashboard['slug']}: {trouble}" for trouble in found]
        if pictures:
            picture = [browser, *options, f"--screenshot={pictures / dashboard['slug']}.png", page]
            subprocess.run(picture, capture_output=True, check=False, timeout=PATIENCE)
        print(f"{dashboard['title']}: {len(titles) - 1} charts, {', '.join(found) or 'all drawn'}", flush=True)
    return wrong


def main() -> int:
    """Serves until it is stopped, or checks; 1 when a dashboard isn't as it should be."""
    parser = argparse.ArgumentParser(prog="scripts/run dashboards", description="The dashboards, in Apache Superset.")
    parser.add_argument("--port", type=int, help="where to listen on 127.0.0.1 (default 8088; a free one for --check)")
    parser.add_argument("--check", action="store_true", help="import, open each dashboard in headless Chromium, end")
    parser.add_argument("--pictures", type=Path, help="with --check: a folder for screenshots")
    options = parser.parse_args()
    settings = read_settings()
    release = settings.releases / "current" / "warehouse.duckdb"
    if not release.exists():
        print(f"Nothing is published yet, {release} is missing: ./scripts/run demo first.", file=sys.stderr)
        return 2
    folder = settings.home / ("superset_check" if options.check else "superset")
    if options.check:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "SUPERSET_HOME": str(folder),
        "SUPERSET_CONFIG_PATH": str(PROJECT / "scripts" / "dashboards" / "superset_config.py"),
        "SUPERSET_SECRET_KEY": kept(folder, "secret_key"),
        "FLASK_APP": "superset",
        "DASHBOARDS_WITHOUT_LOGIN": "1" if options.check else "0",
    }
    environment.pop("PYTHONPATH", None)
    set_up(folder, environment, release)
    port = options.port or (free_port() if options.check else 8088)
    url = f"http://127.0.0.1:{port}"
    log = (folder / "server.log").open("wb") if options.check else None
    running = server(port, environment, log)
    try:
        wait_for(url)
        if options.check:
            return 1 if check(url, options.pictures) else 0
        print(f"{url}  user admin, password in {folder / 'password'}; Ctrl+C ends it", flush=True)
        return running.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        running.terminate()
        running.wait()
        if log:
            log.close()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    sys.exit(main())
