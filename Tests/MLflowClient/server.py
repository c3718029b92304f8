"""The server that the client is tested against: MLflow's own, on a free port of the loopback, with SQLite in a folder
that goes away; or the one whose address is in MLFLOW_CLIENT_SERVER, which is neither started nor stopped here.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

STARTS_WITHIN = 120.0
STOPS_WITHIN = 20.0
ADDRESS = re.compile(r"running on (http://127\.0\.0\.1:\d+)")


@contextmanager
def running() -> Iterator[str]:
    """The address of the server under test, without a slash at its end."""
    if given := os.environ.get("MLFLOW_CLIENT_SERVER"):
        yield given.rstrip("/")
        return
    with tempfile.TemporaryDirectory(prefix="mlflow-client-") as folder:
        with reference(Path(folder)) as address:
            yield address


@contextmanager
def reference(folder: Path) -> Iterator[str]:
    """MLflow's own server with its data in `folder`; all of its processes are ended at the end."""
    command = [
        sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", "0", "--workers", "1",
        "--backend-store-uri", f"sqlite:///{folder}/mlflow.db", "--artifacts-destination", str(folder / "artifacts"),
    ]
    # Jobs would start further processes, and the client's calls that are tested need none.
    environment = {**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    environment.pop("MLFLOW_TRACKING_URI", None)
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True,
    )
    said = Said(process)
    try:
        yield said.address()
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        said.thread.join(STOPS_WITHIN)


class Said:
    """What the server prints, read to the end so that it never waits for a reader."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process, self.lines = process, []
        self.spoke = threading.Condition()
        self.found: str | None = None
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self) -> None:
        log = os.environ.get("MLFLOW_CLIENT_SERVER_LOG")
        with open(log or os.devnull, "a", encoding="utf-8") as file:
            for line in self.process.stdout or ():
                file.write(line)
                file.flush()
                with self.spoke:
                    self.lines = [*self.lines[-200:], line]
                    if found := ADDRESS.search(line):
                        self.found = found[1]
                    self.spoke.notify_all()
        with self.spoke:
            self.spoke.notify_all()

    def address(self) -> str:
        deadline = time.monotonic() + STARTS_WITHIN
        with self.spoke:
            while not self.found:
                left = deadline - time.monotonic()
                if left <= 0 or self.process.poll() is not None:
                    raise RuntimeError("mlflow server did not start:\n" + "".join(self.lines))
                self.spoke.wait(min(left, 0.5))
            return self.found


def version(address: str) -> str:
    """What the server says it is."""
    return requests.get(f"{address}/version", timeout=30).text.strip()
