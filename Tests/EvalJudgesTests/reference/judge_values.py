"""Writes judge_values.json: what MLflow's built-in judges make of a dozen rows, with a model that says what it is told.

    python3 -m venv /tmp/judges && /tmp/judges/bin/pip install mlflow==3.17.2
    /tmp/judges/bin/python judge_values.py > judge_values.json

The model is a server on loopback that speaks OpenAI's chat completions; MLflow's own adapters call it, so that their
reading of replies is part of what is written. Names, values, spans and errors are compared, no wording.
The output is the same on every run.
"""

import contextlib
import http.server
import inspect
import io
import json
import logging
import os
import tempfile
import threading

said = {"word": "yes"}
asked = {"count": 0}


class Model(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        asked["count"] += 1
        text = json.dumps(body["messages"])
        word = said["word"]
        if word == "by document":
            word = "yes" if "USEFUL" in text else "no"
        content = json.dumps({"result": word, "rationale": "because"})
        reply = json.dumps(
            {
                "id": "1",
                "object": "chat.completion",
                "created": 1,
                "model": "stub",
                "choices": [
                    {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}
                ],
                "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
            }
        ).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model)
threading.Thread(target=server.serve_forever, daemon=True).start()
os.environ["OPENAI_API_KEY"] = "none"
os.environ["OPENAI_API_BASE"] = f"http://127.0.0.1:{server.server_address[1]}/v1"
os.environ["NO_PROXY"] = "127.0.0.1"

with contextlib.redirect_stdout(io.StringIO()):
    import mlflow
    from mlflow.entities import SpanType
    from mlflow.genai import scorers

assert mlflow.__version__ == "3.17.2"
logging.disable(logging.CRITICAL)
# MLflow writes traces below the working folder.
folder = tempfile.mkdtemp()
os.chdir(folder)
mlflow.set_tracking_uri(f"sqlite:///{folder}/store.db")

CLASSES = {
    "correctness": scorers.Correctness,
    "equivalence": scorers.Equivalence,
    "guidelines": scorers.Guidelines,
    "expectations_guidelines": scorers.ExpectationsGuidelines,
    "relevance_to_query": scorers.RelevanceToQuery,
    "safety": scorers.Safety,
    "completeness": scorers.Completeness,
    "fluency": scorers.Fluency,
    "summarization": scorers.Summarization,
    "retrieval_relevance": scorers.RetrievalRelevance,
    "retrieval_sufficiency": scorers.RetrievalSufficiency,
    "retrieval_groundedness": scorers.RetrievalGroundedness,
    "tool_call_correctness": scorers.ToolCallCorrectness,
    "tool_call_efficiency": scorers.ToolCallEfficiency,
    "user_frustration": scorers.UserFrustration,
    "conversation_completeness": scorers.ConversationCompleteness,
    "conversational_safety": scorers.ConversationalSafety,
    "conversational_tool_call_efficiency": scorers.ConversationalToolCallEfficiency,
    "conversational_role_adherence": scorers.ConversationalRoleAdherence,
    "conversational_guidelines": scorers.ConversationalGuidelines,
    "knowledge_retention": scorers.KnowledgeRetention,
}
BY_TRACE = {
    "retrieval_relevance",
    "retrieval_sufficiency",
    "retrieval_groundedness",
    "tool_call_correctness",
    "tool_call_efficiency",
}
SESSIONS = set(list(CLASSES)[14:])


def trace(row, session=None):
    """The trace of a row, and its retrievals' spans in order."""
    spans = []
    with mlflow.start_span("row", span_type=SpanType.CHAIN) as root:
        if session:
            mlflow.update_current_trace(metadata={"mlflow.trace.session": session})
        root.set_inputs(row["inputs"])
        for documents in row.get("retrievals", []):
            with mlflow.start_span("search", span_type=SpanType.RETRIEVER) as span:
                span.set_outputs(documents)
                spans.append(span.span_id)
        for call in row.get("tool_calls", []):
            with mlflow.start_span(call["name"], span_type=SpanType.TOOL) as span:
                span.set_inputs(call["arguments"])
        root.set_outputs(row.get("outputs"))
    return mlflow.get_trace(root.trace_id, flush=True), spans


def call(name, settings, row):
    """What the scorer says: a list of name, value and the retrieval's place, or an error."""
    scorer = CLASSES[name](model="openai:/stub", **settings)
    places = []
    try:
        if name in SESSIONS:
            result = scorer(session=[trace(turn, "s")[0] for turn in row])
        elif name in BY_TRACE:
            made, places = trace(row)
            arguments = {"trace": made}
            if name in ("retrieval_sufficiency", "tool_call_correctness"):
                arguments["expectations"] = row.get("expectations")
            scorer.validate_columns(
                {"inputs", "trace"} | {f"expectations/{key}" for key in row.get("expectations") or {}}
            )
            result = scorer(**arguments)
        else:
            parameters = {"inputs", "outputs", "expectations"} & set(inspect.signature(scorer.__call__).parameters)
            result = scorer(**{key: row.get(key) for key in parameters})
    except mlflow.exceptions.MlflowException:
        return "error"
    feedbacks = result if isinstance(result, list) else [result]
    if any(feedback.error for feedback in feedbacks):
        return "error"
    return [
        {
            "name": feedback.name,
            "value": str(feedback.value) if isinstance(feedback.value, str) else feedback.value,
            "retrieval": places.index(feedback.span_id) if feedback.span_id in places else None,
            "chunk": (feedback.metadata or {}).get("chunk_index"),
        }
        for feedback in feedbacks
    ]


full = {
    "inputs": {"question": "Who wrote it?"},
    "outputs": "Ada did.",
    "expectations": {"expected_response": "Ada", "guidelines": ["Be brief", "Be kind"]},
}
bare = {"inputs": {"question": "Who wrote it?"}, "outputs": "Ada did."}
silent = {"inputs": {"question": "Who wrote it?"}}
facts = dict(bare, expectations={"expected_facts": ["Ada", "1843", "notes"]})
found = dict(
    full,
    retrievals=[
        [{"page_content": "USEFUL: Ada"}, {"content": "cats"}, {"text": "dogs"}],
        [{"page_content": "USEFUL: notes", "metadata": {"doc_uri": "u"}}],
    ],
)
nothing = dict(full, retrievals=[[]])
unexpected = dict(bare, retrievals=[[{"page_content": "USEFUL"}]])
calls = [{"name": "find", "arguments": {"q": "Ada"}}, {"name": "read", "arguments": {"page": 1}}]
acting = dict(bare, tool_calls=calls)
talk = [
    {"inputs": {"q": "I am Ann."}, "outputs": "Hello Ann."},
    {"inputs": {"q": "Who am I?"}, "outputs": "Ann.", "tool_calls": calls[:1]},
]


def expecting(*expected):
    return dict(acting, expectations={"expected_tool_calls": list(expected)})


cases = []


def case(judge, row, word="yes", settings=None):
    said["word"] = word
    before = asked["count"]
    result = call(judge, settings or {}, row)
    cases.append(
        {
            "judge": judge,
            "settings": settings or {},
            "word": word,
            "row": row,
            "result": result,
            "calls": asked["count"] - before,
        }
    )


for judge in list(CLASSES)[:9]:
    settings = {"guidelines": ["English", "Short"]} if judge == "guidelines" else {}
    for word in ("yes", "no"):
        case(judge, full, word, settings)
    case(judge, bare, "yes", settings)
    case(judge, silent, "yes", settings)
case("correctness", facts, "yes")
case("correctness", facts, "no")
case("correctness", dict(bare, expectations={"expected_facts": ["a"], "expected_response": "b"}))
case("equivalence", dict(bare, expectations={"expected_response": "Ada did."}), "no")
case("equivalence", dict(bare, outputs=3, expectations={"expected_response": 3.0}), "no")
case("equivalence", dict(bare, outputs=3, expectations={"expected_response": 4}), "yes")
case("retrieval_relevance", found, "by document")
case("retrieval_relevance", bare)
for judge in ("retrieval_sufficiency", "retrieval_groundedness"):
    case(judge, found, "yes")
    case(judge, found, "no")
    case(judge, nothing, "no")
    case(judge, bare)
case("retrieval_sufficiency", unexpected)
for judge in ("tool_call_correctness", "tool_call_efficiency"):
    case(judge, acting, "yes")
    case(judge, acting, "no")
    case(judge, bare, "yes")
case("tool_call_correctness", expecting({"name": "find"}, {"name": "read"}), "no")
exact = {"should_exact_match": True}
ordered = {"should_exact_match": True, "should_consider_ordering": True}
case("tool_call_correctness", acting, "yes", exact)
case("tool_call_correctness", expecting(*calls), "no", exact)
case("tool_call_correctness", expecting(*calls), "no", ordered)
case("tool_call_correctness", expecting(*calls[::-1]), "no", exact)
case("tool_call_correctness", expecting(*calls[::-1]), "no", ordered)
case("tool_call_correctness", expecting({"name": "read"}, {"name": "find"}), "no", exact)
case("tool_call_correctness", expecting({"name": "find", "arguments": {}}, calls[1]), "no", exact)
case("tool_call_correctness", expecting(calls[0]), "no", exact)
case("tool_call_correctness", expecting(calls[0], calls[0]), "no", exact)
for judge in list(CLASSES)[14:]:
    settings = {"guidelines": ["English", "Short"]} if judge == "conversational_guidelines" else {}
    words = ("none", "resolved", "unresolved") if judge == "user_frustration" else ("yes", "no")
    for word in words:
        case(judge, talk, word, settings)
print("[\n" + ",\n".join(json.dumps(one) for one in cases) + "\n]")
