"""An instrumentation of OpenTelemetry's world: OpenInference's of OpenAI's client, which talks to a scripted endpoint."""

import mlflow
import openai
import pytest
from openinference.instrumentation.openai import OpenAIInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from endpoint import scripted

RULES = [
    {"when": {"text": "weather"}, "then": {"tools": [{"name": "weather", "arguments": {"city": "Paris"}}]}},
    {"when": {"text": "fail"}, "then": {"status": 400, "body": {"error": {"message": "no", "type": "invalid_request_error"}}}},
    {"when": {}, "then": {"text": "It is Paris."}},
]


@pytest.fixture
def model(tmp_path, address, experiment):
    exporter = OTLPSpanExporter(endpoint=f"{address}/v1/traces", headers={"x-mlflow-experiment-id": experiment})
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor = OpenAIInstrumentor()
    instrumentor.instrument(tracer_provider=provider)
    try:
        with scripted(tmp_path, RULES) as endpoint, openai.OpenAI(
            base_url=endpoint.base_url, api_key="no-key", max_retries=0
        ) as found:
            yield found
    finally:
        instrumentor.uninstrument()
        provider.shutdown()


def only(experiment):
    (found,) = mlflow.search_traces(locations=[experiment], return_type="list")
    return found


def ask(model, text, **options):
    return model.chat.completions.create(model="scripted", messages=[{"role": "user", "content": text}], **options)


def test_a_chat(model, experiment):
    reply = ask(model, "Capital of France?", temperature=0)
    found = only(experiment)
    (one,) = found.data.spans
    assert one.span_type == "LLM" and found.info.state == "OK"
    assert one.inputs["messages"] == [{"role": "user", "content": "Capital of France?"}]
    assert one.outputs["choices"][0]["message"]["content"] == "It is Paris."
    assert found.info.token_usage["total_tokens"] == reply.usage.total_tokens
    assert found.info.token_usage["input_tokens"] == reply.usage.prompt_tokens
    assert one.attributes["mlflow.llm.model"] == "scripted"
    assert one.attributes["llm.input_messages.0.message.content"] == "Capital of France?"


def test_a_call_of_a_tool(model, experiment):
    tool = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}}}
    ask(model, "What is the weather?", tools=[tool])
    (one,) = only(experiment).data.spans
    assert one.outputs["choices"][0]["message"]["tool_calls"][0]["function"]["name"] == "weather"


def test_a_call_that_fails(model, experiment):
    with pytest.raises(openai.BadRequestError):
        ask(model, "Please fail")
    found = only(experiment)
    assert found.info.state == "ERROR"
    assert any(event.name == "exception" for event in found.data.spans[0].events)


def test_embeddings(model, experiment):
    model.embeddings.create(model="scripted", input=["a", "b"])
    (one,) = only(experiment).data.spans
    assert one.span_type == "EMBEDDING" and one.attributes["mlflow.llm.model"] == "scripted"
