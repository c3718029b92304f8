"""Traces as an application logs them: nested, in threads, asynchronous, failing, streaming, large, late and repeated."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import mlflow
import pytest
from mlflow.entities import SpanEvent, SpanLogLevel, SpanStatus, SpanStatusCode, SpanType, TraceState


def last():
    """The trace that this process logged last, as the server has it."""
    return mlflow.get_trace(mlflow.get_last_active_trace_id())


def tree(trace):
    """The names of the spans by the name of their parent."""
    names = {span.span_id: span.name for span in trace.data.spans}
    return {(names.get(span.parent_id), span.name) for span in trace.data.spans}


def test_nested_functions_make_a_tree(experiment):
    @mlflow.trace(span_type=SpanType.RETRIEVER)
    def search(query):
        return [{"page_content": f"about {query}", "metadata": {"doc_uri": "a.md"}}]

    @mlflow.trace(name="model", span_type=SpanType.CHAT_MODEL, attributes={"temperature": 0.5})
    def generate(query, documents):
        return {"choices": [{"message": {"role": "assistant", "content": query.upper()}}]}

    @mlflow.trace
    def answer(question, top=3):
        return generate(question, search(question))

    answer("why?")
    found = last()
    assert tree(found) == {(None, "answer"), ("answer", "search"), ("answer", "model")}
    spans = {span.name: span for span in found.data.spans}
    assert spans["answer"].inputs == {"question": "why?", "top": 3}
    assert spans["answer"].outputs["choices"][0]["message"]["content"] == "WHY?"
    assert spans["search"].span_type == "RETRIEVER"
    assert spans["search"].outputs[0]["metadata"] == {"doc_uri": "a.md"}
    assert spans["model"].span_type == "CHAT_MODEL" and spans["model"].attributes["temperature"] == 0.5
    assert spans["answer"].start_time_ns <= spans["search"].start_time_ns <= spans["search"].end_time_ns
    assert all(span.trace_id == found.info.trace_id for span in found.data.spans)
    assert all(span.status.status_code == SpanStatusCode.OK for span in found.data.spans)


@pytest.mark.parametrize(
    "value",
    [None, True, 0, -1, 2**53 + 1, 1.5, 1e300, "", "ünï\n\t\"'\\ 🚀", [], {}, [1, "a", None, [2]], {"a": {"b": [{"c": None}]}}],
    ids=str,
)
def test_values_come_back_as_they_went(experiment, value):
    with mlflow.start_span("values") as span:
        span.set_inputs({"value": value})
        span.set_outputs(value)
        span.set_attribute("custom", value)
    found = mlflow.get_trace(span.trace_id).data.spans[0]
    assert found.inputs == {"value": value}
    assert found.outputs == value
    assert found.attributes.get("custom") == value


@pytest.mark.parametrize(
    "span_type",
    ["LLM", "CHAIN", "AGENT", "TOOL", "CHAT_MODEL", "RETRIEVER", "PARSER", "EMBEDDING", "RERANKER", "MEMORY", "UNKNOWN",
     "WORKFLOW", "TASK", "GUARDRAIL", "EVALUATOR", "MY_OWN"],
)
def test_span_types(experiment, span_type):
    with mlflow.start_span("typed", span_type=span_type) as span:
        pass
    assert mlflow.get_trace(span.trace_id).data.spans[0].span_type == span_type


def test_attributes_and_events(experiment):
    with mlflow.start_span("root", attributes={"first": 1}) as span:
        span.set_attributes({"second": "two", "list": [1, 2], "nested": {"a": [True]}, "none": None})
        span.add_event(SpanEvent("cache.miss", attributes={"key": "k", "size": 3, "ratio": 0.5, "hit": False}))
        span.add_event(SpanEvent("later", timestamp=time.time_ns()))
    found = mlflow.get_trace(span.trace_id).data.spans[0]
    assert (found.attributes["first"], found.attributes["second"]) == (1, "two")
    assert found.attributes["list"] == [1, 2] and found.attributes["nested"] == {"a": [True]}
    assert [event.name for event in found.events] == ["cache.miss", "later"]
    assert dict(found.events[0].attributes) == {"key": "k", "size": 3, "ratio": 0.5, "hit": False}
    assert found.events[0].timestamp > 0


def test_an_exception(experiment):
    @mlflow.trace
    def inner():
        raise KeyError("missing")

    @mlflow.trace
    def outer():
        inner()

    with pytest.raises(KeyError):
        outer()
    found = last()
    assert found.info.state == TraceState.ERROR
    for span in found.data.spans:
        assert span.status.status_code == SpanStatusCode.ERROR and "missing" in span.status.description
        (event,) = [event for event in span.events if event.name == "exception"]
        assert event.attributes["exception.type"] == "KeyError"
        assert "missing" in event.attributes["exception.message"]
        assert "inner" in event.attributes["exception.stacktrace"]


def test_an_exception_that_was_caught_leaves_the_trace_well(experiment):
    @mlflow.trace
    def inner():
        raise KeyError("missing")

    @mlflow.trace
    def outer():
        try:
            inner()
        except KeyError:
            return "caught"

    outer()
    found = last()
    assert found.info.state == TraceState.OK
    assert {span.name: span.status.status_code for span in found.data.spans} == {
        "outer": SpanStatusCode.OK, "inner": SpanStatusCode.ERROR,
    }


def test_a_generator_streams(experiment):
    @mlflow.trace
    def stream(count):
        yield from (f"chunk {number}" for number in range(count))

    assert list(stream(3)) == ["chunk 0", "chunk 1", "chunk 2"]
    span = last().data.spans[0]
    assert span.outputs == ["chunk 0", "chunk 1", "chunk 2"]
    assert [event.name for event in span.events] == [f"mlflow.chunk.item.{number}" for number in range(3)]


def test_a_generator_s_output_can_be_reduced(experiment):
    @mlflow.trace(output_reducer=lambda chunks: "".join(chunks))
    def stream():
        yield "a"
        yield "b"

    list(stream())
    assert last().data.spans[0].outputs == "ab"


def test_an_asynchronous_generator_streams(experiment):
    @mlflow.trace
    async def stream():
        for number in range(2):
            yield number

    async def consume():
        return [one async for one in stream()]

    assert asyncio.run(consume()) == [0, 1]
    assert last().data.spans[0].outputs == [0, 1]


def test_asynchronous_functions_nest(experiment):
    @mlflow.trace
    async def part(number):
        await asyncio.sleep(0)
        return number

    @mlflow.trace
    async def whole():
        return await asyncio.gather(*(part(number) for number in range(5)))

    assert asyncio.run(whole()) == [0, 1, 2, 3, 4]
    found = last()
    root = found.data.spans[0]
    assert root.name == "whole" and len(found.data.spans) == 6
    assert all(span.parent_id == root.span_id for span in found.data.spans[1:])
    assert sorted(span.outputs for span in found.data.spans[1:]) == [0, 1, 2, 3, 4]


def test_threads_without_context_make_traces_of_their_own(experiment, client):
    @mlflow.trace
    def work(number):
        return number

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(24))) == list(range(24))
    found = client.search_traces(locations=[experiment], max_results=100)
    assert sorted(one.data.spans[0].outputs for one in found) == list(range(24))


def test_threads_with_context_join_the_trace(experiment):
    import contextvars

    @mlflow.trace
    def part(number):
        return number

    @mlflow.trace
    def whole():
        with ThreadPoolExecutor(4) as pool:
            futures = [pool.submit(contextvars.copy_context().run, part, number) for number in range(8)]
            return sum(future.result() for future in futures)

    assert whole() == 28
    found = last()
    assert len(found.data.spans) == 9
    assert all(span.parent_id == found.data.spans[0].span_id for span in found.data.spans[1:])


def test_spans_without_context(experiment):
    root = mlflow.start_span_no_context("root", inputs={"a": 1}, span_type="AGENT", tags={"way": "manual"})
    child = mlflow.start_span_no_context("child", parent_span=root, inputs=1)
    other = mlflow.start_span_no_context("other", parent_span=root)
    child.set_outputs(2)
    child.end()
    other.end(status=SpanStatus(SpanStatusCode.ERROR, "went wrong"))
    root.end(outputs={"b": 2})
    found = mlflow.get_trace(root.trace_id)
    assert tree(found) == {(None, "root"), ("root", "child"), ("root", "other")}
    spans = {span.name: span for span in found.data.spans}
    assert spans["other"].status == SpanStatus(SpanStatusCode.ERROR, "went wrong")
    assert spans["child"].inputs == 1 and spans["child"].outputs == 2
    assert spans["root"].outputs == {"b": 2}
    assert found.info.tags["way"] == "manual"


def test_times_can_be_given(experiment):
    start = 1_700_000_000_123_456_789
    root = mlflow.start_span_no_context("past", start_time_ns=start)
    root.end(end_time_ns=start + 2_500_000_000)
    found = mlflow.get_trace(root.trace_id)
    assert found.data.spans[0].start_time_ns == start and found.data.spans[0].end_time_ns == start + 2_500_000_000
    assert found.info.request_time == 1_700_000_000_123
    assert found.info.execution_duration == 2_500


def test_the_asynchronous_queue(experiment, client, monkeypatch):
    monkeypatch.setenv("MLFLOW_ENABLE_ASYNC_TRACE_LOGGING", "true")
    mlflow.tracing.reset()

    @mlflow.trace
    def act(number):
        with mlflow.start_span("inner"):
            return number

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, range(20)))
    mlflow.flush_trace_async_logging()
    found = client.search_traces(locations=[experiment], max_results=100)
    assert sorted(one.data.spans[0].outputs for one in found) == list(range(20))
    assert all(len(one.data.spans) == 2 and one.info.state == TraceState.OK for one in found)
    assert all(one.info.tags["mlflow.traceName"] == "act" for one in found)


def test_tracing_can_be_turned_off(experiment, client):
    @mlflow.trace
    def act():
        return 1

    mlflow.tracing.disable()
    try:
        assert act() == 1
    finally:
        mlflow.tracing.enable()
    assert client.search_traces(locations=[experiment]) == []
    act()
    assert len(client.search_traces(locations=[experiment])) == 1


def test_a_trace_in_progress(experiment, call):
    root = mlflow.start_span_no_context("root", inputs={"a": 1})
    child = mlflow.start_span_no_context("child", parent_span=root)
    child.end()
    # The span that ended was sent, though its root is still open. The client itself gives no trace that it hasn't ended.
    info = call("GET", f"/api/3.0/mlflow/traces/{root.trace_id}").json()["trace"]["trace_info"]
    assert info["state"] == "IN_PROGRESS"
    query = {"trace_id": root.trace_id, "allow_partial": "True"}
    spans = call("GET", "/api/3.0/mlflow/traces/get", params=query).json()["trace"]["spans"]
    assert [one["name"] for one in spans] == ["child"]
    root.end()
    found = mlflow.get_trace(root.trace_id)
    assert found.info.state == TraceState.OK and len(found.data.spans) == 2


def test_a_hundred_spans(experiment):
    with mlflow.start_span("root") as root:
        for number in range(100):
            with mlflow.start_span(f"step {number}") as span:
                span.set_inputs(number)
    found = mlflow.get_trace(root.trace_id)
    assert len(found.data.spans) == 101
    assert [span.inputs for span in found.data.spans[1:]] == list(range(100))
    assert found.data.spans[0].name == "root"


def test_a_megabyte_in_a_span(experiment):
    text = "0123456789abcdef" * 65_536
    with mlflow.start_span("large") as span:
        span.set_inputs({"text": text})
    assert mlflow.get_trace(span.trace_id).data.spans[0].inputs == {"text": text}


def test_spans_of_equal_names_are_kept_apart(experiment):
    with mlflow.start_span("root") as root:
        for _ in range(2):
            with mlflow.start_span("same"):
                pass
    names = [span.name for span in mlflow.get_trace(root.trace_id).data.spans]
    assert names == ["root", "same", "same"]


def test_a_trace_carries_on_in_another_thread_s_process_by_headers(experiment):
    from mlflow.tracing.distributed import get_tracing_context_headers_for_http_request, set_tracing_context_from_http_request_headers

    with mlflow.start_span("client") as root:
        headers = get_tracing_context_headers_for_http_request()
        assert "traceparent" in headers

        def serve():
            with set_tracing_context_from_http_request_headers(headers), mlflow.start_span("server") as span:
                span.set_outputs("served")

        thread = threading.Thread(target=serve)
        thread.start()
        thread.join()
    found = mlflow.get_trace(root.trace_id)
    assert tree(found) == {(None, "client"), ("client", "server")}


def test_levels_of_spans(experiment):
    with mlflow.start_span("levelled", log_level=SpanLogLevel.WARNING) as span:
        pass
    assert mlflow.get_trace(span.trace_id).data.spans[0].log_level == SpanLogLevel.WARNING


def test_an_attachment(experiment):
    from mlflow.tracing.attachments import Attachment

    with mlflow.start_span("picture") as span:
        span.set_inputs({"image": Attachment(content_type="image/png", content_bytes=b"\x89PNG\r\n")})
    assert str(mlflow.get_trace(span.trace_id).data.spans[0].inputs["image"]).startswith("mlflow-attachment://")
