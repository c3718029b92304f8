"""Many clients read and write at once; whatever the server said is kept must be there afterwards.

    endurance.py BINARY [--clients 64] [--seconds 300] [--kills 0]

Starts `BINARY server` with a store of its own. Each client logs traces by OTLP, tags and assesses them, logs runs and
records of a data set, reads them back and searches, over one connection. With `--kills` the server is killed by SIGKILL
so many times while they do, and started again on the same store. At the end every acknowledged write is looked for.
Exits with 1 if one is missing, if an answer was 5xx, or if `store check` finds something.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

JSON = {"Content-Type": "application/json"}
V2, V3 = "/api/2.0/mlflow", "/api/3.0/mlflow"


class Server:
    """The server, which may be killed and started again at the same port."""

    def __init__(self, binary: str, store: str) -> None:
        self.binary, self.store, self.port = binary, store, 0
        self.process: subprocess.Popen[str] | None = None
        self.is_up = threading.Event()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [self.binary, "server", "--port", str(self.port), "--store", f"sqlite:{self.store}"],
            stdout=subprocess.PIPE, stderr=sys.stderr, text=True,
        )
        line = self.process.stdout.readline()
        assert "http://" in line, line
        self.port = int(line.rsplit(":", 1)[1])
        self.is_up.set()

    def kill(self, number: int) -> None:
        self.is_up.clear()
        self.process.send_signal(number)
        self.process.wait()


class Client(threading.Thread):
    """One client with a connection of its own, and what it was told is kept."""

    def __init__(self, server: Server, number: int, experiment: str, dataset: str, end: float) -> None:
        super().__init__()
        self.server, self.number, self.experiment, self.dataset = server, number, experiment, dataset
        self.end = end
        self.random = random.Random(number)
        self.connection: http.client.HTTPConnection | None = None
        self.traces: dict[str, dict] = {}
        self.runs: dict[str, dict] = {}
        self.records: list[str] = []
        self.calls, self.failures, self.refusals = 0, [], []
        self.slowest = 0.0

    def call(self, method: str, path: str, body: dict | None = None, headers: dict = JSON):
        """The reply's JSON, or None where the server went away meanwhile: then nothing is known."""
        self.server.is_up.wait()
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
            begun = time.monotonic()
            self.connection.request(method, path, None if body is None else json.dumps(body), headers)
            reply = self.connection.getresponse()
            text = reply.read()
            self.slowest = max(self.slowest, time.monotonic() - begun)
        except (OSError, http.client.HTTPException):
            self.connection = None
            return None
        self.calls += 1
        if reply.status >= 500:
            self.failures.append((method, path, reply.status, text[:200]))
            return None
        if reply.status >= 400:
            self.refusals.append((method, path, reply.status, text[:200]))
            return None
        return json.loads(text or b"{}")

    def log_trace(self) -> None:
        trace, now = os.urandom(16).hex(), time.time_ns()
        spans = [
            {
                "traceId": trace, "spanId": f"{step + 1:016x}", "parentSpanId": "" if step == 0 else f"{1:016x}",
                "name": f"step {step}", "startTimeUnixNano": str(now + step), "endTimeUnixNano": str(now + 1000 + step),
                "attributes": [{"key": "mlflow.spanInputs", "value": {"stringValue": json.dumps({"client": self.number})}}],
            }
            for step in range(3)
        ]
        body = {"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}
        if self.call("POST", "/v1/traces", body, JSON | {"x-mlflow-experiment-id": self.experiment}) is not None:
            self.traces[f"tr-{trace}"] = {"spans": 3, "tags": {}, "said": set()}

    def tag(self, trace: str) -> None:
        value = str(self.random.random())
        known = self.traces[trace]["tags"]
        before = known.get("k")
        known["k"] = None
        if self.call("PATCH", f"{V3}/traces/{trace}/tags", {"key": "k", "value": value}) is not None:
            known["k"] = value
        elif before is not None:
            known["k"] = (*(before if isinstance(before, tuple) else (before,)), value)

    def assess(self, trace: str) -> None:
        body = {"assessment": {
            "assessment_name": "good", "trace_id": trace, "source": {"source_type": "HUMAN", "source_id": str(self.number)},
            "feedback": {"value": True},
        }}
        reply = self.call("POST", f"{V3}/traces/{trace}/assessments", body)
        if reply is not None:
            self.traces[trace]["said"].add(reply["assessment"]["assessment_id"])

    def log_run(self) -> None:
        reply = self.call("POST", f"{V2}/runs/create", {"experiment_id": self.experiment, "start_time": 1})
        if reply is None:
            return
        run = reply["run"]["info"]["run_id"]
        self.runs[run] = {}
        metrics = [{"key": f"m{n}", "value": n, "timestamp": 1, "step": 0} for n in range(5)]
        if self.call("POST", f"{V2}/runs/log-batch", {"run_id": run, "metrics": metrics}) is not None:
            self.runs[run] = {f"m{n}": n for n in range(5)}

    def merge(self) -> None:
        question = f"{self.number}-{self.random.random()}"
        records = json.dumps([{"inputs": {"question": question}, "expectations": {"answer": question}}])
        if self.call("POST", f"{V3}/datasets/{self.dataset}/records", {"records": records}) is not None:
            self.records.append(question)

    def search(self) -> None:
        where = [{"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": self.experiment}}]
        self.call("POST", f"{V3}/traces/search", {"locations": where, "max_results": 20})

    def run(self) -> None:
        while time.monotonic() < self.end:
            choice, known = self.random.random(), list(self.traces)[-50:]
            if choice < 0.3 or not known:
                self.log_trace()
            elif choice < 0.4:
                self.tag(self.random.choice(known))
            elif choice < 0.55:
                self.assess(self.random.choice(known))
            elif choice < 0.6:
                self.log_run()
            elif choice < 0.62:
                self.merge()
            elif choice < 0.8:
                self.call("GET", f"{V3}/traces/get?trace_id={self.random.choice(known)}")
            else:
                self.search()

    def missing(self) -> list[str]:
        """What the server said is kept, and is not there."""
        gone = []
        for trace, known in self.traces.items():
            reply = self.call("GET", f"{V3}/traces/get?trace_id={trace}")
            if reply is None:
                gone.append(trace)
                continue
            info = reply["trace"]["trace_info"]
            if len(reply["trace"].get("spans", [])) != known["spans"]:
                gone.append(f"spans of {trace}")
            expected, found = known["tags"].get("k"), info.get("tags", {}).get("k")
            if expected is not None and found not in (expected if isinstance(expected, tuple) else (expected,)):
                gone.append(f"a tag of {trace}")
            if not known["said"] <= {one["assessment_id"] for one in info.get("assessments", [])}:
                gone.append(f"an assessment of {trace}")
        for run, metrics in self.runs.items():
            reply = self.call("GET", f"{V2}/runs/get?run_id={run}")
            found = {} if reply is None else {one["key"]: one["value"] for one in reply["run"]["data"].get("metrics", [])}
            if reply is None or not metrics.items() <= found.items():
                gone.append(f"run {run}")
        return gone


def records_of(client: Client) -> set[str]:
    found, token = set(), ""
    while True:
        page = client.call("GET", f"{V3}/datasets/{client.dataset}/records?max_results=1000&page_token={token}")
        assert page is not None, (client.failures, client.refusals)
        found |= {one["inputs"]["question"] for one in json.loads(page["records"])}
        token = page.get("next_page_token") or ""
        if not token:
            return found


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--kills", type=int, default=0)
    options = parser.parse_args()
    # SIGTERM ends as Ctrl-C does, so that the server is ended too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = tempfile.mkdtemp(prefix="evalhost-endurance-")
    server = Server(options.binary, f"{folder}/store.db")
    server.start()
    try:
        end = time.monotonic() + options.seconds
        setup = Client(server, -1, "0", "", end)
        made = setup.call("POST", f"{V3}/datasets/create", {"name": "shared", "experiment_ids": ["0"]})
        dataset = setup.dataset = made["dataset"]["dataset_id"]
        clients = [Client(server, number, "0", dataset, end) for number in range(options.clients)]
        for client in clients:
            client.start()
        for number in range(options.kills):
            waiting = threading.Event()
            waiting.wait(options.seconds / (options.kills + 1))
            server.kill(signal.SIGKILL)
            server.start()
        for client in clients:
            client.join()
        failures = [one for client in clients for one in client.failures]
        refusals = [one for client in clients for one in client.refusals]
        with ThreadPoolExecutor(8) as pool:
            gone = [one for lost in pool.map(Client.missing, clients) for one in lost]
        setup.connection = None
        kept = records_of(setup)
        gone += [one for client in clients for one in client.records if one not in kept]
        server.kill(signal.SIGTERM)
        check = subprocess.run(
            [options.binary, "store", "check", "--store", f"sqlite:{server.store}"], capture_output=True, text=True
        )
        calls = sum(client.calls for client in clients)
        print(json.dumps({
            "clients": options.clients, "seconds": options.seconds, "kills": options.kills, "calls": calls,
            "traces": sum(len(client.traces) for client in clients), "server_errors": len(failures),
            "refusals": len(refusals), "missing": len(gone), "slowest_ms": round(max(c.slowest for c in clients) * 1000),
            "store_check": check.returncode,
        }))
        for one in (failures + refusals + gone)[:10]:
            print(one, file=sys.stderr)
        if check.returncode:
            print(check.stdout + check.stderr, file=sys.stderr)
        return 1 if failures or refusals or gone or check.returncode else 0
    finally:
        if server.process.poll() is None:
            server.kill(signal.SIGKILL)
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
