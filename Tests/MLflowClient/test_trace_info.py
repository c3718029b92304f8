"""What a trace is beside its spans: times, state, previews, tags, metadata, tokens, cost, its run, and its deletion."""

import json
import time

import mlflow
import pytest
from mlflow.entities import SpanType, TraceState
from mlflow.exceptions import MlflowException
from mlflow.tracing.constant import SpanAttributeKey


def last():
    """The trace that this process logged last, as the server has it."""
    return mlflow.get_trace(mlflow.get_last_active_trace_id())


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
    assert info.response_preview == '"hello"'
    assert info.tags["mlflow.traceName"] == "greet"
    assert info.trace_metadata["mlflow.trace_schema.version"] == "3"
    assert json.loads(info.trace_metadata["mlflow.traceInputs"]) == {"question": "hi"}
    assert json.loads(info.trace_metadata["mlflow.trace.sizeStats"])["num_spans"] == 1
    assert info.assessments == []
    assert found.data.request == '{"question": "hi"}' and found.data.response == '"hello"'


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


def test_traces_go_where_they_are_sent(experiment, client, unique):
    other = client.create_experiment(unique())

    @mlflow.trace(trace_destination=mlflow.entities.trace_location.MlflowExperimentLocation(other))
    def act():
        return 1

    act()
    assert client.search_traces(locations=[experiment]) == []
    assert [one.info.experiment_id for one in client.search_traces(locations=[other])] == [other]


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
