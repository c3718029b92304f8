"""Writes trace.json with the official client: pip install mlflow-skinny==3.17.2; python make_trace.py > trace.json"""
import json
import os
import tempfile

os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
import mlflow
from mlflow.entities import Document, SpanEvent, SpanType

os.chdir(tempfile.mkdtemp())
mlflow.set_tracking_uri("file:./mlruns")
mlflow.set_experiment("support-bot")
with mlflow.start_span("agent", span_type=SpanType.AGENT) as root:
    root.set_inputs({"question": "Where is my order 7?"})
    mlflow.update_current_trace(tags={"team": "support"}, metadata={"mlflow.trace.session": "s-1"})
    with mlflow.start_span("search", span_type=SpanType.RETRIEVER) as span:
        span.set_inputs({"query": "order 7"})
        document = Document(page_content="Order 7 ships on Monday", metadata={"doc_uri": "faq#7"}, id="d7")
        span.set_outputs([document])
    with mlflow.start_span("track", span_type=SpanType.TOOL) as span:
        span.set_inputs({"id": 7})
        span.set_outputs({"state": "on its way"})
    with mlflow.start_span("llm", span_type=SpanType.CHAT_MODEL) as span:
        span.set_inputs({"messages": [{"role": "user", "content": "Where?"}]})
        span.set_outputs({"choices": [{"message": {"role": "assistant", "content": "It is on its way."}}]})
        span.set_attribute("mlflow.chat.tokenUsage", {"input_tokens": 11, "output_tokens": 5, "total_tokens": 16})
        span.set_attribute("mlflow.llm.cost", {"input_cost": 0.001, "output_cost": 0.002, "total_cost": 0.003})
        span.add_event(SpanEvent(name="first token", attributes={"n": 1}))
    root.set_outputs("It is on its way.")
identifier = mlflow.get_last_active_trace_id()
mlflow.flush_trace_async_logging()
mlflow.log_expectation(trace_id=identifier, name="expected_response", value="On its way")
trace = json.loads(mlflow.get_trace(identifier).to_json())
# Places and people of the machine that made it say nothing here.
trace["info"]["tags"].pop("mlflow.artifactLocation", None)
for key in [key for key in trace["info"]["trace_metadata"] if key.startswith(("mlflow.source", "mlflow.user"))]:
    del trace["info"]["trace_metadata"][key]
print(json.dumps(trace, indent=1))
