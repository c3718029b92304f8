"""Searching traces: every field and operator of the filter language, orders, pages, scopes, and filters that are wrong."""

import time

import mlflow
import pytest
from mlflow.entities import AssessmentSource, SpanType
from mlflow.exceptions import MlflowException


@pytest.fixture(scope="module")
def traces(address):
    """Traces a to e with times 1 s apart, and with tags, metadata, spans and assessments that differ."""
    import uuid

    experiment = mlflow.set_experiment(f"search-{uuid.uuid4().hex[:12]}").experiment_id
    found = {"experiment": experiment}
    client = mlflow.MlflowClient()
    found["run"] = client.create_run(experiment).info.run_id
    for number, name in enumerate("abcde"):
        start = 1_700_000_000_000_000_000 + number * 1_000_000_000
        root = mlflow.start_span_no_context(
            f"Name {name}", span_type=SpanType.CHAIN, inputs={"question": f"What about {name}?"}, start_time_ns=start,
            tags={"letter": name, "group": "vowel" if name in "ae" else "consonant", "with space": name, "dotted.key": name},
            metadata={"region": "eu" if number < 3 else "us", "mlflow.trace.session": f"s-{number % 2}",
                      "mlflow.trace.user": f"user-{name}", "with.dot": name},
        )
        child = mlflow.start_span_no_context(
            f"child {name}", parent_span=root, span_type=SpanType.TOOL if number % 2 else SpanType.RETRIEVER,
            attributes={"size": number, "model": f"model-{name}", "ratio": number / 2, "on": number > 2},
        )
        child.set_outputs(f"The number {number} of 100% under_score")
        if name == "d":
            child.record_exception(ValueError("failed"))
        child.end(status="ERROR" if name == "d" else None, end_time_ns=start + 1_000_000)
        root.set_outputs(f"answer {name}")
        root.end(status="ERROR" if name in "cd" else "OK", end_time_ns=start + (number + 1) * 100_000_000)
        found[name] = root.trace_id
    client.link_traces_to_run([found["a"], found["b"]], found["run"])
    human = AssessmentSource(source_type="HUMAN", source_id="ann")
    for name, good, score, label in (("a", True, 0.9, "yes"), ("b", False, 0.4, "no"), ("c", True, 3, "Yes")):
        mlflow.log_feedback(trace_id=found[name], name="good", value=good, source=human)
        mlflow.log_feedback(trace_id=found[name], name="score", value=score)
        mlflow.log_feedback(trace_id=found[name], name="label", value=label)
        mlflow.log_expectation(trace_id=found[name], name="expected", value=f"answer {name}")
        mlflow.log_expectation(trace_id=found[name], name="count", value=len(label))
    mlflow.tracking.fluent._active_experiment_id = None
    return found


def search(traces, filter_string=None, **options):
    options = {"order_by": ["timestamp_ms ASC"], "max_results": 100, **options}
    client = mlflow.MlflowClient()
    return client.search_traces(locations=[traces["experiment"]], filter_string=filter_string, **options)


def letters(traces, filter_string=None, **options):
    return "".join(found.info.tags["letter"] for found in search(traces, filter_string, **options))


@pytest.mark.parametrize(
    ("filter_string", "expected"),
    [
        (None, "abcde"),
        ("", "abcde"),
        # status
        ("trace.status = 'OK'", "abe"),
        ("status = 'ERROR'", "cd"),
        ("attributes.status != 'OK'", "cd"),
        ("attribute.status IN ('OK', 'ERROR')", "abcde"),
        ("status NOT IN ('OK')", "cd"),
        ("status LIKE 'E%'", "cd"),
        # time
        ("timestamp_ms > 1700000002000", "de"),
        ("trace.timestamp >= 1700000002000", "cde"),
        ("timestamp < 1700000001000", "a"),
        ("timestamp_ms <= 1700000001000", "ab"),
        ("attributes.timestamp = 1700000001000", "b"),
        ("timestamp != 1700000001000", "acde"),
        ("timestamp_ms > 1700000000500 AND timestamp_ms < 1700000003500", "bcd"),
        ("execution_time_ms > 300", "de"),
        ("trace.execution_time <= 200", "ab"),
        ("execution_time = 300", "c"),
        ("end_time_ms > 1700000003000", "de"),
        ("trace.end_time <= 1700000001200", "ab"),
        # name
        ("name = 'Name a'", "a"),
        ("trace.name != 'Name a'", "bcde"),
        ("name LIKE 'Name%'", "abcde"),
        ("name LIKE 'name%'", ""),
        ("name ILIKE 'name _'", "abcde"),
        ("name ILIKE '%E B'", "b"),
        ("name RLIKE '^Name [a-c]$'", "abc"),
        # tags
        ("tag.letter = 'a'", "a"),
        ("tags.letter != 'a'", "bcde"),
        ("tags.`with space` = 'b'", "b"),
        ("tag.dotted.key = 'c'", "c"),
        ('tags."dotted.key" = "c"', "c"),
        ("tags.group LIKE 'vow%'", "ae"),
        ("tags.group ILIKE 'VOW%'", "ae"),
        ("tags.letter RLIKE '[ad]'", "ad"),
        ("tags.unknown = 'x'", ""),
        ("tags.unknown IS NULL", "abcde"),
        ("tags.letter IS NULL", ""),
        ("tags.letter IS NOT NULL", "abcde"),
        ("tags.mlflow.traceName = 'Name b'", "b"),
        # metadata
        ("metadata.region = 'eu'", "abc"),
        ("request_metadata.region != 'eu'", "de"),
        ("metadata.region LIKE 'u%'", "de"),
        ("metadata.region ILIKE 'U%'", "de"),
        ("metadata.region RLIKE '^e'", "abc"),
        ("metadata.unknown IS NULL", "abcde"),
        ("metadata.region IS NOT NULL", "abcde"),
        ("metadata.`mlflow.trace.session` = 's-1'", "bd"),
        ("metadata.mlflow.trace.user = 'user-c'", "c"),
        ("metadata.with.dot = 'd'", "d"),
        # spans
        ("span.name = 'child a'", "a"),
        ("span.name LIKE 'child%'", "abcde"),
        ("span.name ILIKE 'CHILD B'", "b"),
        ("span.name RLIKE 'child [cd]'", "cd"),
        ("span.name IN ('child a', 'Name e')", "ae"),
        ("span.type = 'TOOL'", "bd"),
        ("span.type != 'CHAIN'", "abcde"),
        ("span.type IN ('TOOL', 'LLM')", "bd"),
        ("span.type NOT IN ('CHAIN', 'TOOL')", "ace"),
        ("span.type ILIKE 'retr%'", "ace"),
        ("span.status = 'ERROR'", "cd"),
        ("span.status != 'OK'", "cd"),
        ("span.attributes.model LIKE '%model-c%'", "c"),
        ("span.attributes.model ILIKE '%MODEL-C%'", "c"),
        ("span.attributes.model RLIKE 'model-[ab]'", "ab"),
        ("span.attributes.unknown = 'x'", ""),
        ("span.content LIKE '%number 3%'", "d"),
        ("span.content ILIKE '%NUMBER 3%'", "d"),
        # text
        ("trace.text LIKE '%What about b%'", "b"),
        ("attributes.text LIKE '%What about b%'", "b"),
        ("trace.text ILIKE '%ANSWER C%'", "c"),
        ("trace.text LIKE '%nowhere%'", ""),
        # assessments
        ("feedback.good = 'true'", "ac"),
        ("feedback.good = 'false'", "b"),
        ("feedback.good != 'true'", "b"),
        ("feedback.label = 'yes'", "a"),
        ("feedback.label ILIKE '%yes%'", "ac"),
        ("feedback.label LIKE '%es%'", "ac"),
        ("feedback.label RLIKE 'no'", "b"),
        ("feedback.score > 0.5", "ac"),
        ("feedback.score >= 0.9", "ac"),
        ("feedback.score < 0.5", "b"),
        ("feedback.score <= 3", "abc"),
        ("feedback.score = '0.9'", "a"),
        ("feedback.score = '3.0'", "c"),
        ("feedback.good IS NULL", "de"),
        ("feedback.good IS NOT NULL", "abc"),
        ("feedback.`good` = 'true'", "ac"),
        ("expectation.expected = 'answer a'", "a"),
        ("expectation.expected LIKE '%answer%'", "abc"),
        ("expectation.count > 2", "ac"),
        ("expectation.expected IS NULL", "de"),
        # together
        ("status = 'OK' AND tags.group = 'vowel' AND metadata.region = 'us'", "e"),
        ("span.type = 'TOOL' AND feedback.good = 'false'", "b"),
        ("span.type = 'TOOL' AND span.name = 'child b'", "b"),
        ("span.type = 'TOOL' AND span.name = 'Name b'", ""),
        ("feedback.good = 'true' AND feedback.label = 'yes'", "a"),
        ("tags.letter != 'a' AND tags.letter != 'b' AND tags.letter != 'c'", "de"),
    ],
)
def test_filters(traces, filter_string, expected):
    assert letters(traces, filter_string) == expected


@pytest.mark.parametrize(
    ("filter_string", "expected"),
    [
        # Each is documented, or looks as if it were right, and the reference refuses it or finds nothing.
        ("name IN ('Name a', 'Name e', 'Name z')", "ae"),
        ("name NOT IN ('Name a', 'Name e')", "bcd"),
        ("span.attributes.model = 'model-a'", "a"),
        ("span.attributes.model LIKE 'model-%'", "abcde"),
        ("span.attributes.size = '2'", "c"),
        ("text LIKE '%What about b%'", "b"),
        ("feedback.score = '3'", "c"),
    ],
)
def test_filters_that_the_reference_does_not_answer(traces, filter_string, expected):
    try:
        assert letters(traces, filter_string) in (expected, "")
    except MlflowException as error:
        assert error.error_code == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize("filter_string", ["status = 'OK' AND", "timestamp_ms = 'yesterday'"])
def test_bad_filters_that_the_reference_accepts(traces, filter_string):
    try:
        letters(traces, filter_string)
    except MlflowException as error:
        assert error.error_code == "INVALID_PARAMETER_VALUE"


def test_the_order_by_the_end(traces):
    try:
        assert letters(traces, order_by=["end_time_ms DESC"]) == "edcba"
    except MlflowException as error:
        # The reference names the order in its own message of valid ones, and fails at it with 500.
        assert "500" in error.message


def test_feedback_on_a_session_holds_for_its_traces(experiment, client, trace):
    first, second = (trace(name, session_id="s-1").info.trace_id for name in ("first", "second"))
    trace("third", session_id="s-2")
    mlflow.log_feedback(trace_id=first, name="polite", value="yes", metadata={"mlflow.trace.session": "s-1"})
    mlflow.log_feedback(trace_id=second, name="alone", value="yes")

    def found(filter_string):
        listed = client.search_traces(locations=[experiment], filter_string=filter_string, order_by=["timestamp ASC"])
        return [one.info.tags["mlflow.traceName"] for one in listed]

    assert found("feedback.polite = 'yes'") == ["first", "second"]
    assert found("feedback.polite IS NOT NULL") == ["first", "second"]
    assert found("feedback.polite IS NULL") == ["third"]
    assert found("feedback.alone = 'yes'") == ["second"]


def test_filters_by_id(traces):
    assert letters(traces, f"request_id = '{traces['b']}'") == "b"
    assert letters(traces, f"request_id IN ('{traces['b']}', '{traces['d']}')") == "bd"
    assert letters(traces, f"trace.request_id != '{traces['b']}'") == "acde"


def test_filters_by_run(traces):
    assert letters(traces, f"run_id = '{traces['run']}'") == "ab"
    assert letters(traces, f"attributes.run_id = '{traces['run']}'") == "ab"
    assert letters(traces, run_id=traces["run"]) == "ab"
    assert letters(traces, "tags.letter = 'b'", run_id=traces["run"]) == "b"
    assert letters(traces, "run_id = 'unknown'") == ""


def test_a_trace_of_a_run_and_one_that_is_linked_are_both_its_own(experiment, client, trace):
    outside = trace("outside").info.trace_id
    with mlflow.start_run() as run:
        inside = trace("inside").info.trace_id
    client.link_traces_to_run([outside], run.info.run_id)
    for options in ({"run_id": run.info.run_id}, {"filter_string": f"run_id = '{run.info.run_id}'"}):
        found = client.search_traces(locations=[experiment], **options)
        assert {one.info.trace_id for one in found} == {inside, outside}


def test_filters_by_the_client_s_id(experiment, client, trace):
    for name in ("one", "two"):
        trace(name, client_request_id=f"request {name}")
    for filter_string, count in (
        ("client_request_id = 'request one'", 1), ("trace.client_request_id LIKE 'request%'", 2),
        ("client_request_id IN ('request one', 'request two')", 2), ("client_request_id != 'request one'", 1),
    ):
        assert len(client.search_traces(locations=[experiment], filter_string=filter_string)) == count, filter_string


def test_values_with_quotes_and_odd_letters(experiment, client, trace):
    for value in ("it's", 'a "word"', "100%", "under_score", "back\\slash", "ünï 実験 🚀", ""):
        trace("odd", tags={"value": value})
    for value in ('a "word"', "100%", "under_score", "ünï 実験 🚀", "back\\slash"):
        found = client.search_traces(locations=[experiment], filter_string=f"tags.value = '{value}'")
        assert [one.info.tags["value"] for one in found] == [value]
    found = client.search_traces(locations=[experiment], filter_string="tags.value = \"it's\"")
    assert [one.info.tags["value"] for one in found] == ["it's"]


@pytest.mark.parametrize(
    ("order_by", "expected"),
    [
        (None, "edcba"),
        (["timestamp_ms ASC"], "abcde"),
        (["timestamp DESC"], "edcba"),
        (["attributes.timestamp_ms"], "abcde"),
        (["execution_time_ms DESC"], "edcba"),
        (["execution_time ASC"], "abcde"),
        (["status ASC", "timestamp_ms ASC"], "cdabe"),
        (["status DESC", "timestamp_ms DESC"], "ebadc"),
        (["name DESC"], "edcba"),
        (["trace.name ASC"], "abcde"),
        (["tag.group ASC", "timestamp ASC"], "bcdae"),
        (["metadata.region DESC", "timestamp ASC"], "deabc"),
        (["experiment_id", "timestamp_ms"], "abcde"),
    ],
)
def test_orders(traces, order_by, expected):
    assert letters(traces, order_by=order_by) == expected


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_pages(traces, size):
    found, token, pages = "", None, 0
    while True:
        page = search(traces, max_results=size, page_token=token)
        assert len(page) <= size
        found += "".join(one.info.tags["letter"] for one in page)
        token, pages = page.token, pages + 1
        if not token:
            break
    assert found == "abcde"
    # After a last page that is full the reference gives a token of an empty one.
    assert pages in (-(-5 // size), 5 // size + 1)


def test_pages_keep_their_filter_and_their_order(traces):
    first = search(traces, "status = 'OK'", max_results=2, order_by=["timestamp DESC"])
    second = search(traces, "status = 'OK'", max_results=2, order_by=["timestamp DESC"], page_token=first.token)
    assert [one.info.tags["letter"] for one in [*first, *second]] == ["e", "b", "a"]


def test_without_spans(traces):
    found = search(traces, include_spans=False)
    assert [one.info.tags["letter"] for one in found] == list("abcde")
    assert all(one.data.spans == [] for one in found)


def test_what_a_found_trace_has(traces):
    (found,) = search(traces, "tags.letter = 'a'")
    assert found.info.request_preview == '{"question": "What about a?"}'
    assert {one.name for one in found.info.assessments} == {"good", "score", "label", "expected", "count"}
    assert [span.name for span in found.data.spans] == ["Name a", "child a"]
    assert found.to_dict() == mlflow.get_trace(traces["a"]).to_dict()


def test_a_frame(traces):
    frame = mlflow.search_traces(
        locations=[traces["experiment"]], filter_string="metadata.region = 'eu'", order_by=["timestamp_ms ASC"]
    )
    assert list(frame["trace_id"]) == [traces[name] for name in "abc"]
    assert list(frame["state"]) == ["OK", "OK", "ERROR"]
    assert list(frame["execution_duration"]) == [100, 200, 300]
    assert frame["request"][0] == {"question": "What about a?"} and frame["response"][0] == "answer a"
    assert {"trace", "request_time", "tags", "spans", "assessments", "trace_metadata"} <= set(frame.columns)
    listed = mlflow.search_traces(locations=[traces["experiment"]], return_type="list", max_results=2)
    assert [one.info.trace_id for one in listed] == [traces["e"], traces["d"]]


def test_several_experiments(traces, client, experiment, trace):
    here = trace("here").info.trace_id
    found = client.search_traces(locations=[traces["experiment"], experiment], max_results=100)
    assert {one.info.trace_id for one in found} == {here, *(traces[name] for name in "abcde")}
    assert len(client.search_traces(locations=[experiment])) == 1


def test_an_unknown_experiment_has_no_traces(client):
    assert client.search_traces(locations=["987654321987"]) == []


def test_more_than_a_page_of_the_client(experiment):
    for number in range(120):
        mlflow.start_span_no_context(f"t{number}").end()
    found = mlflow.search_traces(locations=[experiment], return_type="list", include_spans=False)
    assert len({one.info.trace_id for one in found}) == 120
    assert len(mlflow.search_traces(locations=[experiment], return_type="list", max_results=101)) == 101


def test_a_tag_that_changes_is_found_by_its_new_value(experiment, client, trace):
    made = trace("tagged", tags={"state": "new"}).info.trace_id
    mlflow.set_trace_tag(made, "state", "seen")
    assert client.search_traces(locations=[experiment], filter_string="tags.state = 'new'") == []
    assert len(client.search_traces(locations=[experiment], filter_string="tags.state = 'seen'")) == 1


def test_a_feedback_that_was_overridden(experiment, client, trace):
    made = trace("judged").info.trace_id
    first = mlflow.log_feedback(trace_id=made, name="good", value="no")
    mlflow.override_feedback(trace_id=made, assessment_id=first.assessment_id, value="yes")
    assert len(client.search_traces(locations=[experiment], filter_string="feedback.good = 'yes'")) == 1


def test_traces_are_found_by_a_prompt(experiment, client, unique):
    name = unique("prompt")
    mlflow.genai.register_prompt(name, "Say {{ word }}")

    @mlflow.trace
    def act():
        return mlflow.genai.load_prompt(f"prompts:/{name}/1").format(word="hi")

    act()
    made = mlflow.get_last_active_trace_id()
    deadline, found = time.monotonic() + 20, []
    while not found and time.monotonic() < deadline:
        found = client.search_traces(locations=[experiment], filter_string=f"prompt = '{name}/1'")
    assert [one.info.trace_id for one in found] == [made]
    assert client.search_traces(locations=[experiment], filter_string=f"prompt = '{name}/2'") == []


@pytest.mark.parametrize(
    "filter_string",
    [
        "status", "status =", "= 'OK'", "status = OK", "status ~ 'OK'", "unknown = 'x'", "trace.unknown = 'x'",
        "what.ever = 'x'", "status = 'OK' OR status = 'ERROR'", "(status = 'OK')", "status = 1", "status > 'OK'", "tags.letter > 'a'", "tags.letter = a",
        "tags.letter = 1", "metadata.region > 'a'", "span.unknown = 'x'", "span.name > 'a'",
        "span.attributes. = 'x'", "span.content = 'x'", "text = 'x'", "feedback.good > 'x'", "feedback.good = true",
        "feedback.score = 3", "timestamp_ms IN (1, 2)", "prompt = 'no version'", "prompt LIKE 'x/1'",
        "issue.unknown = 'x'", "name = 'a', name = 'b'", "'", "name = 'unterminated",
        "name = 'x'; DROP TABLE spans",
    ],
)
def test_bad_filters_are_refused(traces, filter_string):
    with pytest.raises(MlflowException) as raised:
        letters(traces, filter_string)
    assert raised.value.error_code == "INVALID_PARAMETER_VALUE", raised.value.message
    assert raised.value.message


@pytest.mark.parametrize("order_by", [["unknown"], ["timestamp UP"], [""], ["what.ever"], ["timestamp; DROP TABLE spans"]])
def test_bad_orders_are_refused(traces, order_by):
    with pytest.raises(MlflowException) as raised:
        letters(traces, order_by=order_by)
    assert raised.value.error_code == "INVALID_PARAMETER_VALUE", raised.value.message


@pytest.mark.parametrize("size", [-1, 501])
def test_page_sizes_have_a_limit(call, traces, size):
    reply = call("POST", "/api/3.0/mlflow/traces/search", json={
        "locations": [{"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": traces["experiment"]}}],
        "max_results": size,
    })
    assert reply.status_code == 400 and reply.json()["error_code"] == "INVALID_PARAMETER_VALUE", reply.text
