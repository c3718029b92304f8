"""Figures over traces, spans and assessments, as the client's store asks for them (it has no public function for it)."""

import mlflow
import pytest
from mlflow.entities import SpanType
from mlflow.entities.trace_metrics import AggregationType, MetricAggregation, MetricViewType
from mlflow.exceptions import MlflowException
from mlflow.tracing.constant import SpanAttributeKey
from mlflow.tracking._tracking_service.utils import _get_store

HOUR = 3_600_000
START = 1_700_000_000_000 // HOUR * HOUR


@pytest.fixture(scope="module")
def experiment_of_figures(address):
    """Five traces over three hours: latencies 100 to 500 ms, tokens 10 to 50, the last two of them failed."""
    import uuid

    experiment = mlflow.set_experiment(f"figures-{uuid.uuid4().hex[:12]}").experiment_id
    for number in range(5):
        begin = (START + number // 2 * HOUR + number) * 1_000_000
        root = mlflow.start_span_no_context(
            "even" if number % 2 == 0 else "odd", start_time_ns=begin, tags={"team": "a" if number < 3 else "b"},
            metadata={"mlflow.trace.session": f"s-{number // 2}"},
        )
        call = mlflow.start_span_no_context("call", parent_span=root, span_type=SpanType.CHAT_MODEL, start_time_ns=begin)
        tokens = 10 * (number + 1)
        call.set_attribute(
            SpanAttributeKey.CHAT_USAGE, {"input_tokens": tokens, "output_tokens": number, "total_tokens": tokens + number}
        )
        call.set_attribute(SpanAttributeKey.LLM_COST, {"input_cost": 0.5, "output_cost": 0.25, "total_cost": 0.75})
        call.set_attribute(SpanAttributeKey.MODEL, "small" if number < 4 else "large")
        call.end(end_time_ns=begin + 50_000_000)
        root.end(status="ERROR" if number > 2 else "OK", end_time_ns=begin + (number + 1) * 100_000_000)
        mlflow.log_feedback(trace_id=root.trace_id, name="score", value=number / 4)
        mlflow.log_feedback(trace_id=root.trace_id, name="good", value=number > 1)
    mlflow.tracking.fluent._active_experiment_id = None
    return experiment


@pytest.fixture
def query(experiment_of_figures):
    """Asks and gives a list of (dimensions, values)."""

    def ask(view, metric, *aggregations, **options):
        points = _get_store().query_trace_metrics(
            experiment_ids=[experiment_of_figures], view_type=view, metric_name=metric,
            aggregations=[
                MetricAggregation(one) if isinstance(one, AggregationType)
                else MetricAggregation(AggregationType.PERCENTILE, percentile_value=one)
                for one in aggregations
            ], **options,
        )
        return [(dict(point.dimensions), dict(point.values)) for point in points]

    return ask


TRACES, SPANS, ASSESSMENTS = MetricViewType.TRACES, MetricViewType.SPANS, MetricViewType.ASSESSMENTS
COUNT, SUM, AVG = AggregationType.COUNT, AggregationType.SUM, AggregationType.AVG


def test_counts(query):
    assert query(TRACES, "trace_count", COUNT) == [({}, {"COUNT": 5})]
    assert query(TRACES, "session_count", COUNT) == [({}, {"COUNT": 3})]
    assert query(SPANS, "span_count", COUNT) == [({}, {"COUNT": 10})]
    assert query(ASSESSMENTS, "assessment_count", COUNT) == [({}, {"COUNT": 10})]


def test_by_name_and_by_state(query):
    assert query(TRACES, "trace_count", COUNT, dimensions=["trace_name"]) == [
        ({"trace_name": "even"}, {"COUNT": 3}), ({"trace_name": "odd"}, {"COUNT": 2}),
    ]
    assert query(TRACES, "trace_count", COUNT, dimensions=["trace_status"]) == [
        ({"trace_status": "ERROR"}, {"COUNT": 2}), ({"trace_status": "OK"}, {"COUNT": 3}),
    ]
    assert ({"span_type": "CHAT_MODEL"}, {"COUNT": 5}) in query(SPANS, "span_count", COUNT, dimensions=["span_type"])


def test_latencies(query):
    assert query(TRACES, "latency", AVG) == [({}, {"AVG": 300.0})]
    (_, values), = query(TRACES, "latency", 50, 90)
    assert sorted(values.values()) == pytest.approx([300.0, 460.0])
    assert query(SPANS, "latency", AVG, dimensions=["span_name"])[0] == ({"span_name": "call"}, {"AVG": 50.0})


def test_tokens(query):
    assert query(TRACES, "input_tokens", SUM) == [({}, {"SUM": 150})]
    assert query(TRACES, "output_tokens", SUM, AVG) == [({}, {"SUM": 10, "AVG": 2.0})]
    assert query(TRACES, "total_tokens", SUM, dimensions=["trace_name"]) == [
        ({"trace_name": "even"}, {"SUM": 96}), ({"trace_name": "odd"}, {"SUM": 64}),
    ]


def test_costs(query):
    assert query(SPANS, "total_cost", SUM) == [({}, {"SUM": 3.75})]
    assert query(SPANS, "input_cost", SUM, dimensions=["span_model_name"]) == [
        ({"span_model_name": "large"}, {"SUM": 0.5}), ({"span_model_name": "small"}, {"SUM": 2.0}),
    ]


def test_assessments(query):
    found = {dimensions["assessment_name"]: values for dimensions, values in query(
        ASSESSMENTS, "assessment_value", AVG, dimensions=["assessment_name"]
    )}
    assert found["score"] == {"AVG": 0.5} and found["good"] == {"AVG": pytest.approx(0.6)}
    counted = query(
        ASSESSMENTS, "assessment_count", COUNT, dimensions=["assessment_value"], filters=["assessment.name = 'good'"]
    )
    assert sorted((one["assessment_value"], values["COUNT"]) for one, values in counted) == [("false", 2), ("true", 3)]


def test_over_time(query):
    found = query(
        TRACES, "trace_count", COUNT, time_interval_seconds=3600, start_time_ms=START, end_time_ms=START + 3 * HOUR
    )
    assert [values["COUNT"] for _, values in found] == [2, 2, 1]
    assert [one["time_bucket"] for one, _ in found] == sorted(one["time_bucket"] for one, _ in found)
    assert found[0][0]["time_bucket"].startswith("2023-11-14T22:00:00")
    assert query(TRACES, "trace_count", COUNT, start_time_ms=START, end_time_ms=START + HOUR) == [({}, {"COUNT": 2})]


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (["trace.status = 'ERROR'"], 2),
        (["trace.tag.team = 'a'"], 3),
        (["trace.metadata.`mlflow.trace.session` = 's-0'"], 2),
        (["trace.tag.team = 'a'", "trace.status = 'OK'"], 3),
        (["trace.tag.team = 'z'"], 0),
    ],
)
def test_filters(query, filters, count):
    found = query(TRACES, "trace_count", COUNT, filters=filters)
    assert sum(values["COUNT"] for _, values in found) == count


def test_what_is_wrong_is_refused(query):
    for arguments, options in (
        ((TRACES, "unknown", COUNT), {}),
        ((TRACES, "trace_count", AVG), {}),
        ((TRACES, "trace_count", COUNT), {"dimensions": ["unknown"]}),
        ((TRACES, "trace_count", COUNT), {"filters": ["unknown = 'x'"]}),
        ((TRACES, "trace_count", COUNT), {"filters": ["trace.status != 'OK'"]}),
        ((TRACES, "trace_count", COUNT), {"time_interval_seconds": 3600}),
    ):
        with pytest.raises(MlflowException) as raised:
            query(*arguments, **options)
        assert raised.value.error_code == "INVALID_PARAMETER_VALUE", raised.value.message
