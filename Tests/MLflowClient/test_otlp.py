"""OpenTelemetry: the SDK's exporter, requests by hand, late and repeated spans, and attributes that become MLflow's."""

import gzip
import json
import zlib

import mlflow
import pytest
from opentelemetry import trace as api
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

import otlp
from otlp import name_of, new_trace, request, span

PROTOBUF = "application/x-protobuf"


@pytest.fixture
def post(call, experiment):
    """Sends spans as protobuf; keyword arguments replace the body or the headers."""

    def send(*spans, headers=None, body=None, **options):
        body = request(*spans, **options).SerializeToString() if body is None else body
        sent = {"Content-Type": PROTOBUF, "x-mlflow-experiment-id": experiment, **(headers or {})}
        return call("POST", "/v1/traces", data=body, headers={key: value for key, value in sent.items() if value is not None})

    return send


def stored(post, *spans, **options):
    """The trace of the spans after one post."""
    reply = post(*spans, **options)
    assert reply.status_code == 200, reply.text
    return mlflow.get_trace(name_of(spans[0].trace_id))


@pytest.mark.parametrize("compression", [Compression.NoCompression, Compression.Gzip, Compression.Deflate], ids=str)
def test_the_exporter_of_the_sdk(address, experiment, compression):
    exporter = OTLPSpanExporter(
        endpoint=f"{address}/v1/traces", headers={"x-mlflow-experiment-id": experiment}, compression=compression
    )
    provider = TracerProvider(resource=Resource.create({"service.name": "shop", "deployment.environment": "test"}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    tracer = provider.get_tracer("tests", "1.0")
    with tracer.start_as_current_span("root", kind=api.SpanKind.SERVER, attributes={"http.route": "/ask"}) as root:
        with tracer.start_as_current_span("child") as child:
            child.set_attributes({"text": "ünï 🚀", "number": 3, "ratio": 0.5, "on": True, "list": ["a", "b"]})
            child.add_event("cache.miss", {"key": "k", "size": 2})
        with tracer.start_as_current_span("failing") as failing:
            failing.record_exception(ValueError("went wrong"))
            failing.set_status(api.StatusCode.ERROR, "went wrong")
    provider.shutdown()
    found = mlflow.get_trace(f"tr-{root.get_span_context().trace_id:032x}")
    spans = {one.name: one for one in found.data.spans}
    assert set(spans) == {"root", "child", "failing"}
    assert spans["child"].parent_id == spans["root"].span_id == f"{root.get_span_context().span_id:016x}"
    assert spans["root"].attributes["http.route"] == "/ask"
    attributes = spans["child"].attributes
    assert (attributes["text"], attributes["number"], attributes["ratio"], attributes["on"]) == ("ünï 🚀", 3, 0.5, True)
    assert list(attributes["list"]) == ["a", "b"]
    assert spans["child"].events[0].name == "cache.miss" and spans["child"].events[0].attributes == {"key": "k", "size": 2}
    assert spans["failing"].status.description == "went wrong"
    assert [one.name for one in spans["failing"].events] == ["exception"]
    # The reference gives no name to a trace whose info the client didn't send.
    assert found.info.tags.get("mlflow.traceName") in ("root", None)
    assert found.info.experiment_id == experiment


def test_a_trace_of_one_post(post):
    trace = new_trace()
    root = span(trace, "root", milliseconds=250)
    found = stored(post, root, span(trace, "child", parent=root.span_id, start=otlp.START + 1000))
    assert found.info.state == "OK" and found.info.request_time == otlp.START // 1_000_000
    assert found.info.execution_duration == 250
    assert found.info.tags["mlflow.trace.spansLocation"] == "TRACKING_STORE"
    assert [one.name for one in found.data.spans] == ["root", "child"]
    assert found.data.spans[0].start_time_ns == otlp.START


def test_the_reply_is_an_empty_message(post):
    reply = post(span(new_trace()))
    assert reply.status_code == 200 and reply.content == b""
    assert reply.headers["Content-Type"].startswith(PROTOBUF)


def test_json(call, experiment):
    trace, root, child = new_trace().hex(), "00000000000000a1", "00000000000000b2"
    body = {"resourceSpans": [{
        "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]},
        "scopeSpans": [{"scope": {"name": "tests"}, "spans": [
            {
                "traceId": trace, "spanId": root, "name": "root", "kind": 2, "startTimeUnixNano": str(otlp.START),
                "endTimeUnixNano": str(otlp.START + 10**9), "status": {"code": 1},
                "attributes": [{"key": "n", "value": {"intValue": "9007199254740993"}}, {"key": "t", "value": {"stringValue": "x"}}],
            },
            {
                "traceId": trace, "spanId": child, "parentSpanId": root, "name": "child", "startTimeUnixNano": str(otlp.START),
                "endTimeUnixNano": str(otlp.START + 1), "status": {"code": 2, "message": "no"}, "unknownField": 1,
                "events": [{"timeUnixNano": str(otlp.START), "name": "e", "attributes": []}],
            },
        ]}],
    }]}
    headers = {"x-mlflow-experiment-id": experiment, "Content-Type": "application/json; charset=utf-8"}
    reply = call("POST", "/v1/traces", data=json.dumps(body), headers=headers)
    assert reply.status_code == 200, reply.text
    found = mlflow.get_trace(f"tr-{trace}")
    spans = {one.name: one for one in found.data.spans}
    assert spans["root"].attributes["n"] == 9007199254740993 and spans["child"].parent_id == root
    assert spans["child"].status.description == "no" and spans["child"].events[0].name == "e"
    assert found.info.execution_duration == 1000


@pytest.mark.parametrize(("name", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("GZIP", gzip.compress)])
def test_packed_bodies(post, name, pack):
    trace = new_trace()
    reply = post(body=pack(request(span(trace)).SerializeToString()), headers={"Content-Encoding": name})
    assert reply.status_code == 200, reply.text
    assert len(mlflow.get_trace(name_of(trace)).data.spans) == 1


def test_bodies_that_are_wrong_are_refused(post, experiment):
    good = request(span(new_trace())).SerializeToString()
    for status, options in (
        (400, {"body": b"\xff\xff\xff no protobuf"}),
        (400, {"body": b""}),
        (400, {"body": good, "headers": {"Content-Type": "text/plain"}}),
        (400, {"body": good, "headers": {"Content-Encoding": "gzip"}}),
        (400, {"body": good, "headers": {"Content-Encoding": "snappy"}}),
        (400, {"body": b"{", "headers": {"Content-Type": "application/json"}}),
        (400, {"body": b'{"resourceSpans": []}', "headers": {"Content-Type": "application/json"}}),
        (422, {"body": good, "headers": {"x-mlflow-experiment-id": None}}),
    ):
        reply = post(**options)
        assert reply.status_code == status, (options, reply.status_code, reply.text)
        assert reply.json()["detail"]


def test_an_unknown_experiment_is_refused(post):
    reply = post(span(new_trace()), headers={"x-mlflow-experiment-id": "987654321987"})
    assert reply.status_code == 404 and reply.json()["error_code"] == "RESOURCE_DOES_NOT_EXIST", reply.text


def test_a_post_that_is_repeated_changes_nothing(post):
    trace = new_trace()
    root = span(trace, "root", attributes={"gen_ai.usage.input_tokens": 5, "gen_ai.usage.output_tokens": 2})
    child = span(trace, "child", parent=root.span_id, attributes={"n": 1})
    first = stored(post, root, child).to_dict()
    for _ in range(3):
        assert post(root, child).status_code == 200
    assert mlflow.get_trace(name_of(trace)).to_dict() == first


def test_a_span_that_is_sent_again_is_replaced(post):
    trace = new_trace()
    root = span(trace, "root", milliseconds=100, attributes={"n": 1})
    stored(post, root)
    found = stored(post, span(trace, "root", span_id=root.span_id, milliseconds=300, attributes={"n": 2}))
    (only,) = found.data.spans
    assert only.attributes["n"] == 2 and only.end_time_ns == otlp.START + 300_000_000


def test_spans_that_come_late_and_out_of_order_make_one_trace(post):
    trace = new_trace()
    root = span(trace, "root", milliseconds=500, status=(2, "late failure"))
    child = span(trace, "child", parent=root.span_id, start=otlp.START + 1_000_000)
    leaf = span(trace, "leaf", parent=child.span_id, start=otlp.START + 2_000_000, milliseconds=1)
    early = stored(post, leaf)
    assert early.info.state == "IN_PROGRESS" and early.info.request_time == otlp.START // 1_000_000 + 2
    stored(post, child)
    found = stored(post, root)
    assert found.info.state == "ERROR" and found.info.request_time == otlp.START // 1_000_000
    assert found.info.execution_duration == 500
    assert [one.name for one in found.data.spans] == ["root", "child", "leaf"]
    # The reference gives no name to a trace whose info the client didn't send.
    assert found.info.tags.get("mlflow.traceName") in ("root", None)


def test_traces_of_one_post_are_kept_apart(post, experiment, client):
    post(*(span(new_trace(), f"t{number}", start=otlp.START + number * 10**9) for number in range(20)))
    found = client.search_traces(locations=[experiment], order_by=["timestamp ASC"], max_results=100)
    assert [one.data.spans[0].name for one in found] == [f"t{number}" for number in range(20)]


def test_a_trace_belongs_to_the_run_of_the_header(post, experiment, client):
    run = client.create_run(experiment).info.run_id
    trace = new_trace()
    post(span(trace), headers={"x-mlflow-run-id": run})
    assert [one.info.trace_id for one in client.search_traces(locations=[experiment], run_id=run)] == [name_of(trace)]


def test_links(post):
    trace, other = new_trace(), new_trace()
    link = Span.Link(trace_id=other, span_id=b"\1" * 8, attributes=otlp.pairs({"why": "retry"}))
    (found,) = stored(post, span(trace, links=[link])).data.spans
    links = getattr(found, "links", None)
    if links:
        assert links[0].trace_id in (other.hex(), name_of(other)) and links[0].span_id == "01" * 8


def test_sessions_and_users(post):
    found = stored(post, span(new_trace(), attributes={"session.id": "s-1", "user.id": "ann"}))
    assert found.info.trace_metadata["mlflow.trace.session"] == "s-1"
    assert found.info.trace_metadata["mlflow.trace.user"] == "ann"
    found = stored(post, span(new_trace(), attributes={"gen_ai.conversation.id": "c-1"}))
    assert found.info.trace_metadata["mlflow.trace.session"] == "c-1"


def test_tags_of_the_trace_in_the_root(post):
    found = stored(post, span(new_trace(), attributes={"mlflow.traceTag.team": "search"}))
    assert found.info.tags["team"] == "search"


def usage(input_tokens, output_tokens):
    return {"input_tokens": input_tokens, "output_tokens": output_tokens, "total_tokens": input_tokens + output_tokens}


@pytest.mark.parametrize(
    ("operation", "span_type"),
    [
        ("chat", "CHAT_MODEL"), ("text_completion", "LLM"), ("generate_content", "LLM"), ("embeddings", "EMBEDDING"),
        ("execute_tool", "TOOL"), ("invoke_agent", "AGENT"), ("create_agent", "AGENT"),
    ],
)
def test_operations_of_the_genai_conventions_are_types(post, operation, span_type):
    (found,) = stored(post, span(new_trace(), attributes={"gen_ai.operation.name": operation})).data.spans
    assert found.span_type == span_type and found.attributes["gen_ai.operation.name"] == operation


def test_the_genai_conventions(post):
    messages = [{"role": "user", "parts": [{"type": "text", "content": "Why?"}]}]
    reply = [{"role": "assistant", "parts": [{"type": "text", "content": "So."}]}]
    found = stored(post, span(new_trace(), "chat small", attributes={
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "small",
        "gen_ai.response.model": "small-2025", "gen_ai.usage.input_tokens": 7, "gen_ai.usage.output_tokens": 3,
        "gen_ai.usage.cache_read.input_tokens": 2, "gen_ai.input.messages": json.dumps(messages),
        "gen_ai.output.messages": json.dumps(reply),
    }))
    (one,) = found.data.spans
    assert one.inputs == messages and one.outputs == reply
    assert one.attributes["mlflow.chat.tokenUsage"] == {**usage(7, 3), "cache_read_input_tokens": 2}
    assert one.attributes["mlflow.llm.model"] == "small-2025" and one.attributes["mlflow.llm.provider"] == "openai"
    assert one.attributes["gen_ai.request.model"] == "small", "what was sent is kept"
    assert found.info.token_usage == {**usage(7, 3), "cache_read_input_tokens": 2}


@pytest.mark.parametrize(
    ("kind", "span_type"),
    [("LLM", "LLM"), ("CHAIN", "CHAIN"), ("RETRIEVER", "RETRIEVER"), ("TOOL", "TOOL"), ("AGENT", "AGENT"),
     ("EMBEDDING", "EMBEDDING"), ("RERANKER", "RERANKER"), ("GUARDRAIL", "GUARDRAIL"), ("EVALUATOR", "EVALUATOR")],
)
def test_kinds_of_openinference_are_types(post, kind, span_type):
    (found,) = stored(post, span(new_trace(), attributes={"openinference.span.kind": kind})).data.spans
    assert found.span_type == span_type


def test_openinference(post):
    found = stored(post, span(new_trace(), "llm", attributes={
        "openinference.span.kind": "LLM", "llm.model_name": "small", "llm.provider": "openai",
        "llm.token_count.prompt": 11, "llm.token_count.completion": 4, "llm.token_count.total": 15,
        "input.value": '{"messages": [{"role": "user", "content": "Why?"}]}', "input.mime_type": "application/json",
        "output.value": "So.", "llm.input_messages.0.message.role": "user",
    }))
    (one,) = found.data.spans
    assert one.inputs == {"messages": [{"role": "user", "content": "Why?"}]} and one.outputs == "So."
    assert one.attributes["mlflow.chat.tokenUsage"] == usage(11, 4) == found.info.token_usage
    assert one.attributes["mlflow.llm.model"] == "small" and one.attributes["mlflow.llm.provider"] == "openai"
    assert one.attributes["llm.input_messages.0.message.role"] == "user"


@pytest.mark.parametrize(
    ("kind", "span_type"), [("workflow", "WORKFLOW"), ("task", "TASK"), ("agent", "AGENT"), ("tool", "TOOL")]
)
def test_kinds_of_traceloop_are_types(post, kind, span_type):
    (found,) = stored(post, span(new_trace(), attributes={"traceloop.span.kind": kind})).data.spans
    assert found.span_type == span_type


def test_traceloop(post):
    found = stored(post, span(new_trace(), "task", attributes={
        "traceloop.span.kind": "task", "traceloop.entity.input": '{"a": 1}', "traceloop.entity.output": '{"b": 2}',
        "gen_ai.usage.prompt_tokens": 6, "gen_ai.usage.completion_tokens": 2, "llm.usage.total_tokens": 8,
        "gen_ai.request.model": "small", "gen_ai.system": "openai",
    }))
    (one,) = found.data.spans
    assert one.inputs == {"a": 1} and one.outputs == {"b": 2}
    assert one.attributes["mlflow.chat.tokenUsage"] == usage(6, 2) == found.info.token_usage
    assert one.attributes["mlflow.llm.model"] == "small"


def test_mlflow_s_own_attributes_win(post):
    (one,) = stored(post, span(new_trace(), attributes={
        "openinference.span.kind": "LLM", "mlflow.spanType": '"TOOL"', "mlflow.spanInputs": '{"mine": 1}',
        "input.value": "theirs",
    })).data.spans
    assert one.span_type == "TOOL" and one.inputs == {"mine": 1}


def test_tokens_of_a_trace_in_several_posts_are_summed_once(post):
    trace = new_trace()
    root = span(trace, "root")
    calls = [
        span(trace, f"call {n}", parent=root.span_id, attributes={"gen_ai.usage.input_tokens": n, "gen_ai.usage.output_tokens": 1})
        for n in (1, 2, 3)
    ]
    post(calls[0])
    post(calls[1], calls[2])
    post(calls[0])
    assert stored(post, root).info.token_usage == usage(6, 3)


def test_previews_come_from_the_root(post):
    trace = new_trace()
    root = span(trace, "root", attributes={"input.value": "asked", "output.value": "answered"})
    found = stored(post, root)
    assert (found.info.request_preview, found.info.response_preview) == ('"asked"', '"answered"')


def test_odd_times_and_ids(post):
    for options in (
        {"start": 0, "milliseconds": 0}, {"start": 4_000_000_000_000_000_000}, {"milliseconds": 0},
        {"start": otlp.START, "milliseconds": 10**9},
    ):
        assert stored(post, span(new_trace(), **options)).data.spans[0].start_time_ns == options.get("start", otlp.START)


def test_a_parent_that_never_comes(post):
    trace = new_trace()
    found = stored(post, span(trace, "orphan", parent=b"\7" * 8))
    assert found.info.state == "IN_PROGRESS" and [one.name for one in found.data.spans] == ["orphan"]


def test_a_thousand_spans(post):
    trace = new_trace()
    root = span(trace, "root")
    children = [span(trace, f"s{n}", parent=root.span_id, start=otlp.START + n) for n in range(1, 1000)]
    found = stored(post, root, *children)
    assert len(found.data.spans) == 1000
    assert {one.name for one in found.data.spans[1:]} == {f"s{n}" for n in range(1, 1000)}
