"""What every file of tests uses: the server, an experiment of its own for each test, and short ways to make traces.

The environment is set before mlflow is imported: no proxy, no telemetry, and spans that are sent when they end, so that
a test that asks at once sees what it logged. Tests of the asynchronous queue turn it on for themselves.
"""

from __future__ import annotations

import os
import signal
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

for name in list(os.environ):
    if name.lower().endswith("_proxy") or name.startswith(("MLFLOW_", "OTEL_")) and "MLFLOW_CLIENT_" not in name:
        del os.environ[name]
os.environ |= {
    "NO_PROXY": "*",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_ENABLE_ASYNC_TRACE_LOGGING": "false",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_GENAI_EVAL_SKIP_TRACE_VALIDATION": "false",
    "TQDM_DISABLE": "1",
    "OPENAI_API_KEY": "no-key",
}
sys.path.insert(0, str(Path(__file__).parent))

import mlflow  # noqa: E402
import pytest  # noqa: E402
import requests  # noqa: E402
from mlflow import MlflowClient  # noqa: E402

import recording  # noqa: E402
import server  # noqa: E402


def pytest_configure() -> None:
    """SIGTERM ends the tests as Ctrl-C does, so that the server that was started is ended too."""
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("terminated", 143))


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The server's address; the client is set to it."""
    with server.running() as found:
        if path := os.environ.get("MLFLOW_CLIENT_CALLS"):
            recording.start(found, path)
        mlflow.set_tracking_uri(found)
        yield found


@pytest.fixture(autouse=True)
def clean(address: str) -> Iterator[None]:
    """Nothing is left from the test before: no active run, no active experiment, no context."""
    yield
    while mlflow.active_run():
        mlflow.end_run()
    mlflow.tracing.reset()
    mlflow.tracking.fluent._active_experiment_id = None


@pytest.fixture
def unique() -> Callable[[str], str]:
    """A name that nothing else on the server has."""
    return lambda name="test": f"{name}-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def client(address: str) -> MlflowClient:
    return MlflowClient(address)


@pytest.fixture
def experiment(address: str, unique: Callable[[str], str]) -> str:
    """The id of an experiment of this test's own, which is the active one."""
    return mlflow.set_experiment(unique("experiment")).experiment_id


@pytest.fixture
def call(address: str) -> Callable[..., requests.Response]:
    """Plain HTTP: `call("GET", "/version")`; keyword arguments are those of `requests`."""
    with requests.Session() as session:
        session.trust_env = False
        yield lambda method, path, **options: session.request(method, address + path, timeout=60, **options)


@pytest.fixture
def trace(experiment: str) -> Callable[..., Any]:
    """Logs a trace of one span and returns it as the server has it: `trace("name", inputs, outputs, …)`."""
    return logged


def logged(
    name: str = "answer", inputs: Any = None, outputs: Any = None, *, fails: str | None = None,
    tags: dict[str, str] | None = None, attributes: dict[str, Any] | None = None, span_type: str = "CHAIN",
    **context: Any,
) -> Any:
    """A trace of one span, read back; `context` is what `update_current_trace` takes (metadata, session_id, user, …)."""
    try:
        with mlflow.start_span(name, span_type=span_type, attributes=attributes) as span:
            span.set_inputs(inputs if inputs is not None else {"question": name})
            if tags or context:
                mlflow.update_current_trace(tags=tags, **context)
            if fails is not None:
                raise ValueError(fails)
            span.set_outputs(outputs if outputs is not None else f"{name}'s answer")
    except ValueError as error:
        if str(error) != fails:
            raise
    return mlflow.get_trace(span.trace_id)
