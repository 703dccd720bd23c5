"""A Spark cluster on this machine for development and tests: Master, two Workers, Thrift server.

    python -m scripts.spark.cluster start | stop | status

Everything is bound to 127.0.0.1 on free ports and lives in DEPOSITS_HOME/spark: tables (warehouse), the metastore,
logs and cluster.json, which names the processes. `stop` ends those alone, and only as long as they are the ones that
were started. `start` writes cluster.env, from which ./scripts/run takes the server's port.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil

from scripts.settings import read_settings

HOST = "127.0.0.1"
PATIENCE_SECONDS = 180
WORKERS = 2
# Most of a small build is starting up: the optimising compiler would cost more than it saves, and so would a
# collector with threads of its own.
JAVA_OPTIONS = os.environ.get("DEPOSITS_SPARK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
CLASSES = {
    "master": "org.apache.spark.deploy.master.Master",
    "worker": "org.apache.spark.deploy.worker.Worker",
    "thrift": "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2",
}


class ClusterError(Exception):
    """The cluster can't be started."""


def cluster_folder() -> Path:
    """Where the cluster's files are."""
    return read_settings().home / "spark"


def start() -> dict[str, int]:
    """Starts what isn't running; the processes by name."""
    folder = cluster_folder()
    if running(folder):
        raise ClusterError("it is running already")
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        raise ClusterError("it needs Java 17 or newer (Debian, Ubuntu: openjdk-17-jre-headless)")
    for name in ("logs", "local", "warehouse", "workers"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    master, thrift = _free_port(), _free_port()
    address = f"spark://{HOST}:{master}"
    settings = _write_settings(folder)
    processes: dict[str, int] = {}
    try:
        options = ["--host", HOST, "--port", str(master), "--webui-port", str(_free_port())]
        processes["master"] = _launch(folder, "master", ["--properties-file", str(settings), *options])
        _wait_for(master, "master", processes, folder)
        for number in range(1, WORKERS + 1):
            options = ["--host", HOST, "--port", str(_free_port()), "--webui-port", str(_free_port())]
            options += ["--cores", "1", "--memory", _memory("WORKER"), "--work-dir", str(folder / "workers")]
            processes[f"worker-{number}"] = _launch(
                folder, f"worker-{number}", ["--properties-file", str(settings), *options, address]
            )
        processes["thrift"] = _launch(folder, "thrift", _thrift_arguments(folder, settings, address, thrift))
        _write_state(folder, processes, thrift)
        _wait_for(thrift, "thrift", processes, folder)
    except BaseException:
        _write_state(folder, processes, thrift)
        stop()
        raise
    return processes


def stop() -> list[str]:
    """Ends what start() started, the server first; the names of what was still running."""
    folder = cluster_folder()
    alive = running(folder)
    for name in sorted(alive, reverse=True):  # workers, thrift, master: none restarts another
        alive[name].send_signal(signal.SIGTERM)
    _, stubborn = psutil.wait_procs(list(alive.values()), timeout=20)
    for process in stubborn:
        process.kill()
    psutil.wait_procs(stubborn, timeout=20)
    for name in ("cluster.json", "cluster.env"):
        (folder / name).unlink(missing_ok=True)
    return list(alive)


def running(folder: Path) -> dict[str, psutil.Process]:
    """The processes of cluster.json that still are the ones that were started."""
    state = folder / "cluster.json"
    if not state.exists():
        return {}
    alive = {}
    for name, (pid, created) in json.loads(state.read_text())["processes"].items():
        try:
            process = psutil.Process(pid)
            if process.create_time() == created and process.status() != psutil.STATUS_ZOMBIE:
                alive[name] = process
        except psutil.NoSuchProcess:
            continue
    return alive


def _thrift_arguments(folder: Path, settings: Path, address: str, port: int) -> list[str]:
    java = f"{JAVA_OPTIONS} -Dderby.stream.error.file={folder / 'logs' / 'derby.log'}"
    return [
        *("--master", address, "--properties-file", str(settings),),
        *("--driver-java-options", java, "--class", CLASSES["thrift"], "--name", "deposits", "spark-internal"),
        *("--hiveconf", f"hive.server2.thrift.port={port}", "--hiveconf", f"hive.server2.thrift.bind.host={HOST}"),
        # each thread opens the metastore for itself, and there would be a hundred that live for ten seconds
        *("--hiveconf", "hive.server2.async.exec.threads=8"),
        *("--hiveconf", "hive.server2.async.exec.keepalive.time=3600"),
    ]


def _write_settings(folder: Path) -> Path:
    """Spark's settings; the secret among them keeps other users of the machine out of the cluster."""
    metastore = f"jdbc:derby:;databaseName={folder / 'metastore'};create=true"
    settings = {
        "spark.authenticate": "true",
        "spark.authenticate.secret": secrets.token_hex(32),
        "spark.driver.host": HOST,
        "spark.driver.bindAddress": HOST,
        "spark.ui.enabled": "false",
        "spark.local.dir": folder / "local",
        "spark.executor.memory": _memory("EXECUTOR"),
        "spark.executor.extraJavaOptions": JAVA_OPTIONS,
        "spark.sql.warehouse.dir": folder / "warehouse",
        "spark.hadoop.javax.jdo.option.ConnectionURL": metastore,
        # the pool never gives back the connection of a statement that failed, and then everybody waits
        "spark.hadoop.datanucleus.connectionPoolingType": "NONE",
        "spark.hadoop.hive.exec.scratchdir": folder / "local" / "hive",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": os.environ.get("DEPOSITS_SPARK_PARTITIONS", str(WORKERS)),
        "spark.sql.legacy.allowNonEmptyLocationInCTAS": "true",  # what a killed build left behind is overwritten
        # small banks: compiling a plan takes longer than running it
        "spark.sql.codegen.wholeStage": os.environ.get("DEPOSITS_SPARK_CODEGEN", "false"),
        "spark.sql.maxPlanStringLength": "10000",
        # dbt connects anew for every model, and a session of its own opens the metastore anew
        "spark.sql.hive.thriftServer.singleSession": "true",
        # in one session what profiles.yml sets for a session isn't heard
        "spark.sql.optimizer.dynamicPartitionPruning.enabled": "false",
    }
    path = folder / "spark.conf"
    path.touch(mode=0o600)
    path.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    return path


def _memory(role: str) -> str:
    defaults = {"WORKER": "1536m", "EXECUTOR": "1g", "DRIVER": "2g"}
    return os.environ.get(f"DEPOSITS_SPARK_{role}_MEMORY", defaults[role])


def _launch(folder: Path, name: str, arguments: list[str]) -> int:
    """Starts a daemon in a session of its own; spark-class replaces itself by Java, so the pid is the JVM's."""
    found = importlib.util.find_spec("pyspark")  # found, not imported: its code isn't needed
    if found is None or found.origin is None:
        raise ClusterError("it needs the environment of requirements-spark.lock")
    home = Path(found.origin).parent
    kind = name.partition("-")[0]
    command = [home / "bin" / "spark-submit"] if kind == "thrift" else [home / "bin" / "spark-class", CLASSES[kind]]
    variables = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": HOST,  # else it binds the address of the machine's name
        "SPARK_NO_DAEMONIZE": "1",
        "SPARK_DAEMON_JAVA_OPTS": JAVA_OPTIONS,
        "SPARK_DAEMON_MEMORY": _memory("DRIVER") if kind == "thrift" else "256m",  # the server is a daemon to Spark
        "PYSPARK_PYTHON": sys.executable,
    }
    with (folder / "logs" / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            [*command, *arguments], cwd=folder, env=variables, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    return process.pid


def _write_state(folder: Path, processes: dict[str, int], port: int) -> None:
    known = {}
    for name, pid in processes.items():
        try:
            known[name] = (pid, psutil.Process(pid).create_time())
        except psutil.NoSuchProcess:
            continue
    (folder / "cluster.json").write_text(json.dumps({"port": port, "processes": known}, indent=2))
    (folder / "cluster.env").write_text(f"export SPARK_THRIFT_HOST={HOST} SPARK_THRIFT_PORT={port}\n")


def _wait_for(port: int, name: str, processes: dict[str, int], folder: Path) -> None:
    """Waits until the process listens."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        if not psutil.pid_exists(processes[name]) or psutil.Process(processes[name]).status() == psutil.STATUS_ZOMBIE:
            break
        time.sleep(0.2)
    log = folder / "logs" / f"{name}.log"
    raise ClusterError(f"{name} didn't start. The end of {log}:\n{log.read_text(errors='replace')[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def main() -> int:
    """One line a process."""
    parser = argparse.ArgumentParser(prog="scripts/run spark-cluster", description="A Spark cluster on this machine.")
    parser.add_argument("command", choices=("start", "stop", "status"))
    command = parser.parse_args().command
    try:
        if command == "start":
            start()
        if command == "stop":
            print("Stopped: " + (", ".join(stop()) or "nothing was running"))
            return 0
    except ClusterError as error:
        print(f"The cluster didn't start: {error}", file=sys.stderr)
        return 1
    alive = running(cluster_folder())
    for name, process in alive.items():
        print(f"{name:10} pid {process.pid}")
    print((cluster_folder() / "cluster.env").read_text().strip() if "thrift" in alive else "The cluster isn't running.")
    return 0 if "thrift" in alive else 3


if __name__ == "__main__":
    sys.exit(main())
