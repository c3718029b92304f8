"""Traces as an application logs them: nested, in threads, asynchronous, failing, streaming, large, late and repeated."""

import asyncio
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import mlflow
import pytest
from mlflow.entities import SpanEvent, SpanLogLevel, SpanStatus, SpanStatusCode, SpanType, TraceState
from mlflow.exceptions import MlflowException
from mlflow.tracing.constant import SpanAttributeKey


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
    assert spans["answer"].inputs == {"question": "why?", "top": 3} or spans["answer"].inputs == {"question": "why?"}
    assert spans["answer"].outputs["choices"][0]["message"]["content"] == "WHY?"
    assert spans["search"].span_type == "RETRIEVER"
    assert spans["search"].outputs[0]["metadata"] == {"doc_uri": "a.md"}
    assert spans["model"].span_type == "CHAT_MODEL" and spans["model"].attributes["temperature"] == 0.5
    assert spans["answer"].start_time_ns <= spans["search"].start_time_ns <= spans["search"].end_time_ns
    assert all(span.trace_id == found.info.trace_id for span in found.data.spans)
    assert all(span.status.status_code == SpanStatusCode.OK for span in found.data.spans)


def test_the_info_of_a_trace(experiment, trace):
    before = int(time.time() * 1000)
    found = trace("greet", {"question": "hi"}, "hello")
    info = found.info
    assert info.trace_id.startswith("tr-") and len(info.trace_id) == 35
    assert info.experiment_id == experiment and info.trace_location.mlflow_experiment.experiment_id == experiment
    assert info.state == TraceState.OK and info.status == "OK"
    assert before - 5 <= info.request_time <= int(time.time() * 1000) + 5
    assert info.execution_duration >= 0
    assert info.request_preview == '{"question": "hi"}'
    assert info.response_preview == "hello" or info.response_preview == '"hello"'
    assert info.tags["mlflow.traceName"] == "greet"
    assert info.trace_metadata["mlflow.trace_schema.version"] == "3"
    assert json.loads(info.trace_metadata["mlflow.traceInputs"]) == {"question": "hi"}
    assert json.loads(info.trace_metadata["mlflow.trace.sizeStats"])["num_spans"] == 1
    assert info.assessments == []
    assert found.data.request == '{"question": "hi"}' and found.data.response == '"hello"'


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


def test_a_finished_trace_of_another_system_can_be_logged(experiment):
    made = mlflow.log_trace(
        name="imported", request={"q": 1}, response={"a": 2}, attributes={"origin": "elsewhere"}, tags={"import": "yes"}, start_time_ms=1_700_000_000_000,
        execution_time_ms=1_500,
    )
    found = mlflow.get_trace(made)
    assert found.info.request_time == 1_700_000_000_000 and found.info.execution_duration == 1_500
    assert found.info.tags["import"] == "yes"
    assert found.data.spans[0].inputs == {"q": 1} and found.data.spans[0].outputs == {"a": 2}
    assert found.data.spans[0].attributes["origin"] == "elsewhere"


def usage(input_tokens, output_tokens):
    return {"input_tokens": input_tokens, "output_tokens": output_tokens, "total_tokens": input_tokens + output_tokens}


def test_token_usage_is_summed(experiment):
    with mlflow.start_span("chain") as root:
        for number in (1, 2):
            with mlflow.start_span(f"call {number}", span_type=SpanType.CHAT_MODEL) as span:
                span.set_attribute(SpanAttributeKey.CHAT_USAGE, usage(10 * number, number))
    found = mlflow.get_trace(root.trace_id)
    assert found.info.token_usage == usage(30, 3)
    assert json.loads(found.info.trace_metadata["mlflow.trace.tokenUsage"]) == usage(30, 3)


def test_token_usage_of_a_span_within_a_span_that_has_one_counts_once(experiment):
    with mlflow.start_span("outer", span_type=SpanType.CHAT_MODEL) as outer:
        outer.set_attribute(SpanAttributeKey.CHAT_USAGE, usage(10, 5))
        with mlflow.start_span("inner", span_type=SpanType.CHAT_MODEL) as inner:
            inner.set_attribute(SpanAttributeKey.CHAT_USAGE, usage(10, 5))
    assert mlflow.get_trace(outer.trace_id).info.token_usage == usage(10, 5)


def test_cost_is_summed(experiment):
    with mlflow.start_span("chain") as root:
        for _ in range(2):
            with mlflow.start_span("call", span_type=SpanType.CHAT_MODEL) as span:
                span.set_attribute(SpanAttributeKey.CHAT_USAGE, usage(10, 5))
                span.set_attribute(SpanAttributeKey.LLM_COST, {"input_cost": 0.5, "output_cost": 0.25, "total_cost": 0.75})
    found = mlflow.get_trace(root.trace_id)
    assert found.info.cost == {"input_cost": 1.0, "output_cost": 0.5, "total_cost": 1.5}


def test_the_current_trace_is_updated(experiment):
    @mlflow.trace
    def act():
        mlflow.update_current_trace(
            tags={"fruit": "apple", "count": "3"}, metadata={"region": "eu"}, session_id="s-1", user="ann",
            client_request_id="req-7", request_preview="asked", response_preview="answered",
        )
        mlflow.update_current_trace(tags={"fruit": "pear"})
        return 1

    act()
    info = last().info
    assert info.tags["fruit"] == "pear" and info.tags["count"] == "3"
    assert info.trace_metadata["region"] == "eu"
    assert info.trace_metadata["mlflow.trace.session"] == "s-1" and info.trace_metadata["mlflow.trace.user"] == "ann"
    assert info.client_request_id == "req-7"
    assert (info.request_preview, info.response_preview) == ("asked", "answered")


def test_the_state_can_be_set(experiment):
    @mlflow.trace
    def act():
        mlflow.update_current_trace(state="ERROR")

    act()
    assert last().info.state == TraceState.ERROR


def test_long_previews_are_cut(experiment, trace):
    found = trace("long", {"text": "x" * 5_000}, "y" * 5_000)
    assert len(found.info.request_preview) == 1_000 and found.info.request_preview.endswith("...")
    assert len(found.info.response_preview) == 1_000
    assert found.data.spans[0].inputs == {"text": "x" * 5_000}


def test_the_preview_of_messages_is_the_last_of_the_user(experiment, trace):
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "What is MLflow?"}]
    found = trace("chat", {"messages": messages}, {"choices": [{"message": {"role": "assistant", "content": "A tool."}}]})
    assert found.info.request_preview == "What is MLflow?"
    assert found.info.response_preview == "A tool."


def test_a_trace_within_a_run_belongs_to_it(experiment, trace, client):
    with mlflow.start_run() as run:
        inside = trace("inside")
    outside = trace("outside")
    assert inside.info.trace_metadata["mlflow.sourceRun"] == run.info.run_id
    assert "mlflow.sourceRun" not in outside.info.trace_metadata
    found = client.search_traces(locations=[experiment], run_id=run.info.run_id)
    assert [one.info.trace_id for one in found] == [inside.info.trace_id]


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


def test_traces_go_where_they_are_sent(experiment, client, unique):
    other = client.create_experiment(unique())

    @mlflow.trace(trace_destination=mlflow.entities.trace_location.MlflowExperimentLocation(other))
    def act():
        return 1

    act()
    assert client.search_traces(locations=[experiment]) == []
    assert [one.info.experiment_id for one in client.search_traces(locations=[other])] == [other]


def test_a_trace_in_progress(experiment):
    root = mlflow.start_span_no_context("root", inputs={"a": 1})
    child = mlflow.start_span_no_context("child", parent_span=root)
    child.end()
    # The span that ended was sent, though its root is still open.
    deadline = time.monotonic() + 10
    while (found := mlflow.get_trace(root.trace_id, silent=True)) is None and time.monotonic() < deadline:
        pass
    if found is not None:
        assert found.info.state == TraceState.IN_PROGRESS
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


def test_spans_of_equal_names_are_numbered(experiment):
    with mlflow.start_span("root") as root:
        for _ in range(2):
            with mlflow.start_span("same"):
                pass
    names = [span.name for span in mlflow.get_trace(root.trace_id).data.spans]
    assert names == ["root", "same", "same"] or names == ["root", "same_1", "same_2"]


def test_an_unknown_trace_is_none(client):
    assert mlflow.get_trace("tr-" + "0" * 32, silent=True) is None
    with pytest.raises(MlflowException) as raised:
        client.get_trace("tr-" + "0" * 32)
    assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_deleting(experiment, client, trace):
    traces = [trace(f"t{number}").info.trace_id for number in range(4)]
    assert client.delete_traces(experiment, trace_ids=[traces[0], "tr-" + "1" * 32]) == 1
    assert mlflow.get_trace(traces[0], silent=True) is None
    assert client.delete_traces(experiment, max_timestamp_millis=int(time.time() * 1000) + 1000, max_traces=2) == 2
    (left,) = client.search_traces(locations=[experiment])
    assert left.info.trace_id == traces[3], "the oldest go first"
    assert client.delete_traces(experiment, max_timestamp_millis=1) == 0
    for arguments in ({}, {"max_traces": 1}, {"trace_ids": traces, "max_timestamp_millis": 1}):
        with pytest.raises(MlflowException) as raised:
            client.delete_traces(experiment, **arguments)
        assert raised.value.error_code == "INVALID_PARAMETER_VALUE"


def test_deleting_takes_only_the_experiment_s_own(experiment, client, trace, unique):
    kept = trace("kept").info.trace_id
    assert client.delete_traces(client.create_experiment(unique()), trace_ids=[kept]) == 0
    assert mlflow.get_trace(kept) is not None


def test_a_trace_can_be_written_down_and_read(experiment, trace):
    found = trace("json", {"a": [1, {"b": None}]}, ["x"], tags={"k": "v"})
    read = mlflow.entities.Trace.from_json(found.to_json())
    assert read.to_dict() == found.to_dict()


def test_traces_are_linked_to_a_run(experiment, client, trace):
    traces = [trace(f"t{number}").info.trace_id for number in range(3)]
    run = client.create_run(experiment).info.run_id
    client.link_traces_to_run(traces[:2], run)
    client.link_traces_to_run(traces[:1], run)
    found = client.search_traces(locations=[experiment], run_id=run)
    assert {one.info.trace_id for one in found} == set(traces[:2])


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
