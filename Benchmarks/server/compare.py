"""evalhost's server beside MLflow's, on loopback, in one run, each with SQLite in a folder of its own.

    compare.py BINARY [--traces 1000000]

Runs in the environment of Tests/MLflowClient, whose client and server it uses. Prints a line of JSON for each figure:
traces a second by OTLP, what a trace costs that the client logs synchronously, and pages of searches; evalhost's also
over so many traces as `--traces` says.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / "Tests" / "MLflowClient"))
for name in list(os.environ):
    if name.lower().endswith("_proxy"):
        del os.environ[name]
os.environ |= {"NO_PROXY": "*", "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true", "MLFLOW_ENABLE_ASYNC_TRACE_LOGGING": "false"}

import requests  # noqa: E402

import server  # noqa: E402


@contextmanager
def evalhost(binary: str, folder: str):
    process = subprocess.Popen(
        [binary, "server", "--port", "0", "--store", f"sqlite:{folder}/store.db"], stdout=subprocess.PIPE, text=True
    )
    try:
        yield process.stdout.readline().split()[-1], process.pid
    finally:
        process.terminate()
        process.wait()


def ingest(url: str, **options) -> dict:
    arguments = [f"--{key.replace('_', '-')}={value}" for key, value in options.items()]
    said = subprocess.run(
        [sys.executable, str(HERE / "ingest.py"), url, *arguments], capture_output=True, text=True, check=True
    )
    return json.loads(said.stdout)


def cpu_seconds(pid: int) -> float:
    """What a process and its children took so far."""
    total, waiting = 0.0, [pid]
    while waiting:
        one = waiting.pop()
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
            waiting += [int(child) for child in Path(f"/proc/{one}/task/{one}/children").read_text().split()]
        except OSError:
            continue
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


LOGGING = """
import sys, time, mlflow
mlflow.set_tracking_uri(sys.argv[1])
mlflow.set_experiment(f"sync-{time.time_ns()}")
def one(n):
    with mlflow.start_span("root") as span:
        span.set_inputs({"question": n})
        span.set_outputs("answer")
one(0)
count = int(sys.argv[2])
begun = time.perf_counter()
for n in range(count):
    one(n)
print((time.perf_counter() - begun) / count * 1000)
"""


def logging(url: str, pid: int, count: int) -> dict:
    before = cpu_seconds(pid)
    said = subprocess.run([sys.executable, "-c", LOGGING, url, str(count)], capture_output=True, text=True, check=True)
    used = cpu_seconds(pid) - before
    return {"ms_per_trace": round(float(said.stdout), 2), "server_cpu_ms": round(used / (count + 1) * 1000, 2)}


def search(url: str, experiment: str, times: int = 20, **body) -> float:
    """The median of a page's time in milliseconds."""
    where = [{"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment}}]
    with requests.Session() as session:
        session.trust_env = False
        took = []
        for _ in range(times):
            begun = time.perf_counter()
            reply = session.post(
                f"{url}/api/3.0/mlflow/traces/search", json={"locations": where, "max_results": 100, **body}
            )
            took.append(time.perf_counter() - begun)
            assert reply.status_code == 200, reply.text
        return round(statistics.median(took) * 1000, 1)


def deep(url: str, experiment: str, share: float, traces: int) -> float:
    """A page that far into the whole, found by following tokens."""
    where = [{"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment}}]
    token = ""
    with requests.Session() as session:
        session.trust_env = False
        for _ in range(int(traces * share / 500)):
            body = {"locations": where, "max_results": 500, "page_token": token}
            token = session.post(f"{url}/api/3.0/mlflow/traces/search", json=body).json()["next_page_token"]
    return search(url, experiment, page_token=token)


def tell(what: str, **figures) -> None:
    print(json.dumps({"what": what, **figures}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--traces", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as ours, tempfile.TemporaryDirectory() as theirs:
        with evalhost(options.binary, ours) as (url, pid):
            own = ingest(url, seconds=15)
            tell("evalhost: OTLP", **own)
            tell("evalhost: synchronous logging", **logging(url, pid, 300))
            tell("evalhost: search of 2,000 traces", ms=search(url, ingest(url, traces=2000)["experiment"]))
        with server.reference(Path(theirs)) as address:
            group = int(subprocess.run(["pgrep", "-f", f"sqlite:///{theirs}"], capture_output=True, text=True).stdout.split()[0])
            other = ingest(address, seconds=15)
            tell("mlflow: OTLP", **other)
            tell("mlflow: synchronous logging", **logging(address, group, 50))
            tell("mlflow: search of 2,000 traces", ms=search(address, ingest(address, traces=2000, seconds=60)["experiment"], 5))
        tell("evalhost / mlflow, OTLP", ratio=round(own["traces_per_second"] / other["traces_per_second"], 1))
    with tempfile.TemporaryDirectory() as folder, evalhost(options.binary, folder) as (url, pid):
        filled = ingest(url, traces=options.traces, seconds=3600)
        tell(f"evalhost: OTLP, {filled['traces']} traces", **filled, store_mb=os.path.getsize(f"{folder}/store.db") >> 20)
        experiment = filled["experiment"]
        tell("evalhost: the first page", ms=search(url, experiment))
        for share in (0.1, 0.5, 0.99):
            tell(f"evalhost: a page at {share:.0%}", ms=deep(url, experiment, share, filled["traces"]))
        for filter_string in ("status = 'OK'", "status = 'ERROR'", "name = 'answer'", "span.name = 'step 3'", "tag.none = 'x'"):
            tell(f"evalhost: {filter_string}", ms=search(url, experiment, 3, filter=filter_string))


if __name__ == "__main__":
    main()
