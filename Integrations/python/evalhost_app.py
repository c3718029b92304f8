"""Serves a Python function to `evalhost evaluate --predict-command`.

Copy this file beside your application (it needs Python 3.9 and nothing else), and write app.py:

    from evalhost_app import serve

    def predict(question):
        return {"answer": my_app(question)}

    if __name__ == "__main__":
        serve(predict)

    evalhost evaluate --data questions.jsonl --predict-command "python3 app.py" --scorer correctness

The function is called as `predict(**inputs)` with the row's inputs, as MLflow's `predict_fn` is, and returns the outputs:
anything that JSON can say, dataclasses, and objects with `model_dump()` or `tolist()`. It may be `async`.

- An exception is the row's error: its class is the code, its text the message. It is tried again if it has an attribute
  `retryable` that is true. The traceback is in the row's log, like everything that is printed: standard output is standard
  error while this serves.
- `serve(predict, concurrency=8)` calls a plain function from 8 threads, or lets 8 calls of an async function run at a time.
  Give evalhost `--predict-in-flight 8` with it.
- Parameters named `session_id` and `history` get the conversation's id and its earlier turns
  (`[{"inputs": …, "outputs": …}, …]`), unless the inputs have such keys. `current()` tells a function all about its request.
- Where the application traces itself with OpenTelemetry's SDK, its spans join the row's trace: the row's context is current
  while the function runs, and spans are flushed before the answer. Set the SDK up without an endpoint.
- `Answer(outputs, trace=…, usage={"input_tokens": 12, "output_tokens": 5, "cost": 0.0001})` returns more than outputs.
"""

import asyncio
import contextvars
import dataclasses
import inspect
import json
import os
import queue
import sys
import threading
import time
import traceback

__all__ = ["Answer", "Request", "current", "serve"]

_CHUNK = 1 << 16
# What a function may raise and the row is to blame for.
_ERRORS = (Exception, SystemExit, asyncio.CancelledError)
# Answers wait for each other no longer than this, in seconds.
_PATIENCE = 0.01


@dataclasses.dataclass(frozen=True)
class Request:
    """What a function is asked, besides its inputs."""

    id: str
    traceparent: str
    session_id: "str | None" = None
    history: "list | None" = None


@dataclasses.dataclass
class Answer:
    """Outputs with what else is known of the call: a trace in MLflow's JSON, and tokens and cost in US dollars."""

    outputs: object
    trace: object = None
    usage: "dict | None" = None


_current = contextvars.ContextVar("evalhost_request")


def current():
    """The request that the calling function answers."""
    request = _current.get()
    return Request(request["id"], request.get("traceparent", ""), request.get("session_id"), request.get("history"))


def _plain(value):
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    for name in ("model_dump", "tolist"):
        convert = getattr(value, name, None)
        if callable(convert):
            return convert()
    raise TypeError(f"outputs of the type {type(value).__name__} can't be written as JSON")


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain).encode


# evalhost listens for spans; a collector of the user's own gets them when its exporter sends them.
_TRACES = os.environ.get("EVALHOST_SPANS") == "1"


def _enter(request):
    """Makes the row's context current, where the application has loaded OpenTelemetry."""
    if not _TRACES or "opentelemetry.trace" not in sys.modules:
        return
    from opentelemetry import context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    context.attach(TraceContextTextMapPropagator().extract({"traceparent": request.get("traceparent", "")}))


def _flush():
    """Sends the spans that are done, so that they are there when the answer is."""
    if not _TRACES or "opentelemetry.trace" not in sys.modules:
        return
    flush = getattr(sys.modules["opentelemetry.trace"].get_tracer_provider(), "force_flush", None)
    if flush is not None:
        flush()


class _Function:
    """The user's function, and how it wants to be called."""

    def __init__(self, function):
        self.function = function
        self.is_async = inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(
            getattr(function, "__call__", None)
        )
        self.extras = {}
        try:
            parameters = inspect.signature(function).parameters
        except (TypeError, ValueError):
            parameters = {}
        for name, nothing in (("session_id", None), ("history", [])):
            if name in parameters:
                has_default = parameters[name].default is not inspect.Parameter.empty
                self.extras[name] = (has_default, nothing)

    def begin(self, request):
        """Calls the function; what it returns may have to be awaited."""
        _current.set(request)
        _enter(request)
        inputs = request["inputs"]
        for name, (has_default, nothing) in self.extras.items():
            if name in request:
                inputs.setdefault(name, request[name])
            elif not has_default:
                inputs.setdefault(name, nothing)
        return self.function(**inputs)


def _answer(identifier, result):
    text = f'{{"id":{_encode(identifier)},"outputs":'
    if isinstance(result, Answer):
        text += _encode(result.outputs)
        if result.trace is not None:
            text += ',"trace":' + _encode(result.trace)
        if result.usage is not None:
            text += ',"usage":' + _encode(result.usage)
    else:
        text += _encode(result)
    return (text + "}\n").encode("utf-8", "replace")


def _failure(identifier, error):
    traceback.print_exception(type(error), error, error.__traceback__)
    sys.stderr.flush()
    retryable = getattr(error, "retryable", False) is True
    words = {"code": type(error).__name__, "message": str(error), "retryable": retryable}
    return (_encode({"id": identifier, "error": words}) + "\n").encode("utf-8", "replace")


class _Pipes:
    """Standard input and output, taken away from the user's function: it reads nothing, and prints to standard error."""

    def __init__(self):
        self.input = os.dup(0)
        self.output = os.dup(1)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)
        # What was printed before and is not yet written goes to standard error too.
        sys.stdout.flush()
        sys.stdout = sys.stderr
        self.lock = threading.Lock()

    def batches(self):
        """Lists of request lines, each with all that had come."""
        rest = b""
        while True:
            chunk = os.read(self.input, _CHUNK)
            if not chunk:
                if rest.strip():
                    yield [rest]
                return
            if b"\n" not in chunk:
                # A long line in many pieces is joined once.
                pieces = [rest, chunk]
                while chunk and b"\n" not in chunk:
                    chunk = os.read(self.input, _CHUNK)
                    pieces.append(chunk)
                rest = b"".join(pieces)
            else:
                rest += chunk
            lines = rest.split(b"\n")
            rest = lines.pop()
            yield [line for line in lines if line.strip()]

    def write(self, data):
        with self.lock:
            view = memoryview(data)
            while view:
                view = view[os.write(self.output, view) :]


def serve(predict_fn, *, concurrency=1):
    """Answers requests with `predict_fn(**inputs)` until there are no more; see the module's text."""
    function = _Function(predict_fn)
    pipes = _Pipes()
    try:
        if concurrency <= 1:
            _serve_in_turn(function, pipes)
        elif function.is_async:
            asyncio.run(_serve_tasks(function, pipes, concurrency))
        else:
            _serve_threads(function, pipes, concurrency)
    except BrokenPipeError:
        # Nobody waits for answers any more.
        os._exit(0)


def _serve_in_turn(function, pipes):
    loop = asyncio.new_event_loop() if function.is_async else None
    for lines in pipes.batches():
        answers = []
        patience = time.monotonic() + _PATIENCE
        for line in lines:
            request = json.loads(line)
            try:
                result = function.begin(request)
                if loop is not None:
                    result = loop.run_until_complete(result)
                _flush()
                answers.append(_answer(request["id"], result))
            except _ERRORS as error:
                answers.append(_failure(request["id"], error))
            if time.monotonic() > patience:
                pipes.write(b"".join(answers))
                answers = []
                patience = time.monotonic() + _PATIENCE
        if answers:
            pipes.write(b"".join(answers))


def _serve_threads(function, pipes, concurrency):
    waiting = queue.Queue(maxsize=concurrency)

    def work():
        while True:
            line = waiting.get()
            if line is None:
                return
            request = json.loads(line)
            try:
                result = function.begin(request)
                _flush()
                data = _answer(request["id"], result)
            except _ERRORS as error:
                data = _failure(request["id"], error)
            try:
                pipes.write(data)
            except BrokenPipeError:
                os._exit(0)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(concurrency)]
    for thread in threads:
        thread.start()
    for lines in pipes.batches():
        for line in lines:
            waiting.put(line)
    for _ in threads:
        waiting.put(None)
    for thread in threads:
        thread.join()


async def _serve_tasks(function, pipes, concurrency):
    loop = asyncio.get_running_loop()
    free = asyncio.Semaphore(concurrency)
    batches = pipes.batches()
    tasks = set()

    async def work(line):
        request = json.loads(line)
        try:
            result = await function.begin(request)
            if _TRACES:
                await loop.run_in_executor(None, _flush)
            data = _answer(request["id"], result)
        except _ERRORS as error:
            data = _failure(request["id"], error)
        finally:
            free.release()
        pipes.write(data)

    while True:
        lines = await loop.run_in_executor(None, next, batches, None)
        if lines is None:
            break
        for line in lines:
            await free.acquire()
            task = asyncio.create_task(work(line))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
    await asyncio.gather(*tasks)
