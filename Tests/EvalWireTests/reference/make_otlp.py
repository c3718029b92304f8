"""Writes otlp.jsonl with MLflow's own code: pip install mlflow==3.17.2; python make_otlp.py > otlp.jsonl

Each line is a request of OTLP with one trace, in protobuf and in JSON, and what MLflow's server makes of it: its spans
as `traces/get` gives them, and what it sums up for the whole trace.
"""
import base64
import json
import os
import tempfile

os.environ["MLFLOW_TRACKING_URI"] = "sqlite:///" + tempfile.mkdtemp() + "/mlflow.db"
import mlflow
from mlflow.entities import Document, Link, SpanEvent, SpanType
from mlflow.entities.span import Span
from mlflow.tracing.otel.translation import translate_span_when_storing
from mlflow.tracing.utils import SpanAggregationNode, aggregate_cost_from_span_nodes, aggregate_usage_from_span_nodes
from mlflow.tracing.utils.otlp import _set_otel_proto_anyvalue
from mlflow.tracing.utils.truncation import _get_truncated_preview
from mlflow.utils.proto_json_utils import message_to_json
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span as ProtoSpan

START = 1_700_000_000_000_000_000
TRACE = bytes(range(1, 17))


def fill(attributes, values):
    for key, value in values.items():
        attribute = attributes.add()
        attribute.key = key
        _set_otel_proto_anyvalue(attribute.value, value)


def span(name="span", attributes={}, number=1, parent=None, events=(), links=(), status=None, start=START, milliseconds=100):
    made = ProtoSpan(
        trace_id=TRACE, span_id=number.to_bytes(8, "big"), parent_span_id=parent.to_bytes(8, "big") if parent else b"", name=name,
        start_time_unix_nano=start, end_time_unix_nano=start + milliseconds * 1_000_000,
    )
    fill(made.attributes, attributes)
    for event, values in events:
        added = made.events.add(name=event, time_unix_nano=start + 5)
        fill(added.attributes, values)
    for trace, other, values in links:
        added = made.links.add(trace_id=trace, span_id=other)
        fill(added.attributes, values)
    if status:
        made.status.code, made.status.message = status
    return made


def hexadecimal(message):
    """OTLP's JSON has identifiers in hexadecimal where protobuf's has base64."""
    body = json.loads(message_to_json(message))
    for group in body["resource_spans"]:
        for scope in group["scope_spans"]:
            for one in scope["spans"]:
                for owner in [one, *one.get("links", [])]:
                    for field in ("trace_id", "span_id", "parent_span_id"):
                        if field in owner:
                            owner[field] = base64.b64decode(owner[field]).hex()
    return body


def line(name, *spans, resource={}, scope="reference"):
    request = ExportTraceServiceRequest()
    group = request.resource_spans.add()
    fill(group.resource.attributes, resource)
    scoped = group.scope_spans.add()
    scoped.scope.name = scope
    scoped.spans.extend(spans)
    stored = [Span.from_dict(translate_span_when_storing(Span.from_otel_proto(one))) for one in spans]
    root = next((one for one in stored if one.parent_id is None), None)
    nodes = lambda key: [SpanAggregationNode(one.span_id, one.parent_id, one.get_attribute(key)) for one in stored]
    dumped = lambda key: root._span.attributes.get(key) if root else None
    print(json.dumps({
        "name": name,
        "protobuf": base64.b64encode(request.SerializeToString()).decode(),
        "json": hexadecimal(request),
        "spans": [json.loads(message_to_json(one.to_otel_proto())) for one in stored],
        "usage": aggregate_usage_from_span_nodes(nodes("mlflow.chat.tokenUsage")),
        "cost": aggregate_cost_from_span_nodes(nodes("mlflow.llm.cost")),
        "request_preview": _get_truncated_preview(dumped("mlflow.spanInputs"), "user"),
        "response_preview": _get_truncated_preview(dumped("mlflow.spanOutputs"), "assistant"),
    }, ensure_ascii=False))


def one(name, attributes, **options):
    line(name, span(name, attributes, **options))


def client(name, *made):
    line(name, *(each.to_otel_proto() for each in made), scope="")


chat = [{"role": "system", "parts": [{"type": "text", "content": "Be brief."}]}, {"role": "user", "parts": [{"type": "text", "content": "Why?"}]}]
reply = [{"role": "assistant", "parts": [{"type": "text", "content": "So."}]}]

# Values
one("kinds of values", {
    "text": "ünï 🚀", "empty": "", "number": 3, "large": 2**53 + 1, "least": -(2**63), "ratio": 0.25, "on": True, "off": False, "nothing": None,
    "list": ["a", 1, None, [], {}], "map": {"a": {"b": [1.5, {"c": None}]}, "d": {}}, "text of JSON": "not {json}",
})
one("events, links and failure", {}, status=(2, "went wrong"), events=[
    ("exception", {"exception.type": "KeyError", "exception.message": "'x'"}), ("cache.miss", {"key": "k", "size": 2}),
], links=[(bytes(range(2, 18)), bytes(range(3, 11)), {"why": "retry"})])
line("a tree", span("root", {"session.id": "s-1", "user.id": "ann", "mlflow.traceTag.team": "search"}, status=(1, "")), span("child", number=2, parent=1),
     resource={"service.name": "shop", "telemetry.sdk.name": "opentelemetry", "replicas": 3})
one("a conversation", {"gen_ai.conversation.id": "c-1"})

# MLflow's own
one("its own attributes win", {
    "openinference.span.kind": "LLM", "mlflow.spanType": '"TOOL"', "mlflow.spanInputs": '{"mine": 1}', "input.value": "theirs",
    "mlflow.llm.model": "mine", "gen_ai.request.model": "theirs", "mlflow.llm.provider": "p", "mlflow.message.format": '"openai"',
})
one("an unknown type is overridden", {"openinference.span.kind": "LLM", "mlflow.spanType": "UNKNOWN"})
one("null is a value", {"mlflow.spanInputs": None, "input.value": "theirs", "mlflow.spanOutputs": None})
one("own usage and cost", {
    "mlflow.chat.tokenUsage": {"input_tokens": 7, "output_tokens": 3, "total_tokens": 10, "cache_read_input_tokens": 2},
    "mlflow.llm.cost": {"input_cost": 0.5, "output_cost": 0.25, "total_cost": 0.75},
})
one("own usage as text", {"mlflow.chat.tokenUsage": '{"input_tokens": 7, "output_tokens": 3, "total_tokens": 10}'})
one("a model among the inputs", {"mlflow.spanInputs": {"model": "small", "messages": [{"role": "user", "content": "Why?"}]}})
one("a model among the outputs", {"mlflow.spanOutputs": {"model": "small-2025", "choices": [{"message": {"role": "assistant", "content": "So."}}]}})
with mlflow.start_span("agent", span_type=SpanType.AGENT) as agent:
    agent.set_inputs({"question": "Where is my order 7?", "empty": {}, "none": None, "big": 2**53 + 1})
    with mlflow.start_span("search", span_type=SpanType.RETRIEVER) as search:
        search.set_inputs({"query": "order 7"})
        search.set_outputs([Document(page_content="Order 7 ships on Monday", metadata={"doc_uri": "faq#7"}, id="d7")])
    with mlflow.start_span("llm", span_type=SpanType.CHAT_MODEL) as llm:
        llm.set_inputs({"messages": [{"role": "user", "content": "Where?"}]})
        llm.set_outputs({"choices": [{"message": {"role": "assistant", "content": "On its way."}}]})
        llm.set_attribute("mlflow.chat.tokenUsage", {"input_tokens": 11, "output_tokens": 5, "total_tokens": 16})
        llm.set_attribute("mlflow.llm.cost", {"input_cost": 0.001, "output_cost": 0.002, "total_cost": 0.003})
        llm.add_event(SpanEvent(name="first token", timestamp=START, attributes={"n": 1}))
    agent.set_outputs("It is on its way.")
client("a trace of the client", agent, search, llm)

# OpenInference
for kind in ("LLM", "CHAIN", "RETRIEVER", "TOOL", "AGENT", "EMBEDDING", "RERANKER", "GUARDRAIL", "EVALUATOR", "UNKNOWN", "PROMPT"):
    one(f"OpenInference {kind}", {"openinference.span.kind": kind})
one("OpenInference", {
    "openinference.span.kind": "LLM", "llm.model_name": "small", "llm.provider": "openai", "llm.token_count.prompt": 11,
    "llm.token_count.completion": 4, "llm.token_count.total": 15, "input.value": '{"messages": [{"role": "user", "content": "Why?"}]}',
    "input.mime_type": "application/json", "output.value": "So.", "llm.input_messages.0.message.role": "user",
})
one("OpenInference with caches", {"llm.token_count.prompt": 11, "llm.token_count.completion": "4", "llm.token_count.prompt_details.cache_read": 6,
                                  "llm.token_count.prompt_details.cache_write": 1, "llm.response.model_name": "r", "llm.model_name": "m"})
one("OpenInference's embedding", {"openinference.span.kind": "EMBEDDING", "embedding.model_name": "e", "input.value": "[1, 2]"})
one("empty values say nothing", {"input.value": "{}", "output.value": "", "gen_ai.output.messages": "[]", "llm.model_name": "", "gen_ai.request.model": "m"})

# OpenTelemetry's GenAI
for operation in ("chat", "text_completion", "generate_content", "embeddings", "execute_tool", "invoke_agent", "create_agent", "response", "other"):
    one(f"GenAI {operation}", {"gen_ai.operation.name": operation})
one("GenAI", {
    "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "small", "gen_ai.response.model": "small-2025",
    "gen_ai.usage.input_tokens": 7, "gen_ai.usage.output_tokens": 3, "gen_ai.usage.cache_read.input_tokens": 2,
    "gen_ai.usage.cache_creation.input_tokens": 1, "gen_ai.input.messages": json.dumps(chat), "gen_ai.output.messages": reply,
    "gen_ai.tool.definitions": json.dumps([{"type": "function", "name": "look"}]),
})
one("GenAI's tool", {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.call.arguments": '{"id": 7}', "gen_ai.tool.call.result": "found"})
one("GenAI with input tokens only", {"gen_ai.usage.input_tokens": 7})
one("GenAI's events", {"gen_ai.operation.name": "chat"}, events=[
    ("gen_ai.system.message", {"content": "Be brief."}), ("gen_ai.user.message", {"content": "Why?"}),
    ("gen_ai.assistant.message", {"content": '{"a": 1}'}), ("gen_ai.choice", {"content": "So.", "index": 0}),
])
one("Spring's events", {"gen_ai.operation.name": "chat", "gen_ai.system": "openai"}, events=[
    ("gen_ai.content.prompt", {"gen_ai.prompt": '["Why?"]'}), ("gen_ai.content.completion", {"gen_ai.completion": '["So."]'}),
])

# Others
one("Gemini CLI", {"gen_ai.agent.name": "gemini-cli", "gen_ai.operation.name": "llm_call", "gen_ai.request.model": "g",
                   "gen_ai.input.messages": [{"role": "user", "parts": [{"text": "Why?"}]}],
                   "gen_ai.output.messages": json.dumps([{"role": "model", "parts": [{"text": "So"}]}, {"role": "model", "parts": [{"text": "."}]}])})
one("Gemini CLI with a plain prompt", {"gen_ai.agent.name": "gemini-cli", "gen_ai.operation.name": "user_prompt", "gen_ai.input.messages": "Why?"})
one("Claude Code's interaction", {"span.type": "interaction", "user_prompt": "Why?"})
one("Claude Code's request", {"span.type": "claude_code.llm_request", "input_tokens": 5, "output_tokens": "3", "cache_read_tokens": 100, "cache_creation_tokens": 20,
                              "new_context": "ctx", "response.model_output": "So."})
one("Claude Code's redacted tool", {"span.type": "tool", "tool_input": "<REDACTED>", "full_command": "ls", "file_path": "/a"}, events=[
    ("tool.output", {"output": "<REDACTED>", "content": "listing"}),
])
for kind in ("workflow", "task", "agent", "tool", "unknown"):
    one(f"Traceloop {kind}", {"traceloop.span.kind": kind})
one("Traceloop", {
    "traceloop.span.kind": "task", "traceloop.entity.input": '{"a": 1}', "traceloop.entity.output": '{"b": 2}', "gen_ai.usage.prompt_tokens": 6,
    "gen_ai.usage.completion_tokens": 2, "llm.usage.total_tokens": 8, "gen_ai.request.model": "small", "gen_ai.system": "openai",
})
one("Traceloop's counted messages", {"gen_ai.prompt.0.role": "user", "gen_ai.prompt.0.content": "Why?", "gen_ai.prompt.1.content": "And?",
                                     "gen_ai.completion.0.content": "So.", "gen_ai.completion.0.role": "assistant"})
one("Traceloop's counted calls", {"gen_ai.completion.0.tool_calls.0.name": "look", "gen_ai.completion.0.tool_calls.0.arguments": '{"id": 7}'})
one("Google's ADK", {"gcp.vertex.agent.llm_request": '{"contents": []}', "gcp.vertex.agent.llm_response": '{"text": "So."}', "gen_ai.operation.name": "generate_content"})
one("Vercel's text", {"ai.operationId": "ai.generateText", "ai.prompt": '{"prompt": "Why?"}', "ai.response.text": "So."})
one("Vercel's chat", {
    "ai.operationId": "ai.generateText.doGenerate", "ai.prompt.messages": '[{"role":"user","content":[{"type":"text","text":"Why?"}]}]',
    "ai.prompt.tools": ['{"type":"function","name":"look"}'], "ai.prompt.toolChoice": '{"type":"auto"}', "ai.response.text": "So.",
    "ai.response.finishReason": "stop", "gen_ai.usage.input_tokens": 7, "gen_ai.usage.output_tokens": 3, "gen_ai.request.model": "small", "gen_ai.system": "openai",
})
one("Vercel's tool", {"ai.operationId": "ai.toolCall", "ai.toolCall.args": '{"id":7}', "ai.toolCall.result": '"found"'})
one("Vercel's embedding", {"ai.operationId": "ai.embed", "ai.value": '"text"', "ai.embedding": "[0.1,0.2]"})
one("VoltAgent", {"span.type": "llm", "entity.type": "agent", "llm.messages": '[{"role":"user","content":"Why?"}]', "output": "So.",
                  "usage.prompt_tokens": 7, "usage.completion_tokens": 3, "usage.total_tokens": 10, "voltagent.operation_id": "o"})
one("VoltAgent's root", {"entity.type": "agent", "agent.messages": '[{"role":"user","content":"Why?"}]', "voltagent.conversation_id": "c"})
one("LiveKit", {"lk.agent_name": "host", "lk.user_input": "Why?", "lk.response.text": "So.", "gen_ai.usage.input_tokens": 1, "gen_ai.usage.output_tokens": 2})
one("LiveKit's tool", {"lk.function_tool.name": "look", "lk.function_tool.output": "x"})
one("Laminar", {"lmnr.span.type": "LLM", "lmnr.span.input": '[{"role":"user","content":"Why?"}]', "lmnr.span.output": '"So."', "gen_ai.system": "openai",
                "gen_ai.response.model": "small", "gen_ai.usage.input_tokens": 7, "gen_ai.usage.output_tokens": 3})
one("Langfuse", {"langfuse.observation.type": "generation", "langfuse.observation.input": '{"q":1}', "langfuse.observation.output": '"So."'})
one("an unknown application", {"http.route": "/ask", "db.system": "sqlite"})

# The whole
usage = lambda number: {"gen_ai.usage.input_tokens": number, "gen_ai.usage.output_tokens": 1}
line("tokens of a tree count once", span("root"), span("chain", usage(10), 2, 1), span("a", usage(4), 3, 2), span("b", usage(6), 4, 2), span("c", usage(5), 5, 1))
line("an orphan", span("orphan", usage(3), 2, 7))
one("previews of plain texts", {"input.value": "asked", "output.value": "answered"})
one("previews of objects", {"mlflow.spanInputs": {"question": "hi", "n": [1, 2.0, None, True]}, "mlflow.spanOutputs": "ünï"})
one("previews of chats", {"mlflow.spanInputs": {"messages": [{"role": "user", "content": [{"type": "text", "text": "Why?"}]}, {"role": "assistant", "content": "x"}]},
                          "mlflow.spanOutputs": {"choices": [{"message": {"role": "assistant", "content": "A tool."}}]}})
one("previews of responses", {"mlflow.spanInputs": {"request": {"input": [{"role": "user", "content": "Why?"}]}},
                              "mlflow.spanOutputs": {"output": [{"role": "assistant", "content": [{"type": "output_text", "text": "So."}]}]}})
one("long previews", {"mlflow.spanInputs": {"text": "ä" * 5000}, "mlflow.spanOutputs": "y" * 1000})
