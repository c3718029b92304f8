"""Feedback and expectations on traces and spans: logged, read, updated, overridden and deleted."""

import mlflow
import pytest
from mlflow.entities import AssessmentError, AssessmentSource, Expectation, Feedback
from mlflow.exceptions import MlflowException

ANN = AssessmentSource(source_type="HUMAN", source_id="ann@example.com")


def of(made):
    """The assessments of a trace, by name."""
    return {one.name: one for one in mlflow.get_trace(made).info.assessments}


@pytest.fixture
def made(trace):
    return trace("judged").info.trace_id


@pytest.mark.parametrize(
    "value",
    [True, False, 0, 1, -3, 0.5, 1e-9, 2**53, "yes", "", "ünï 実験 🚀\n\"'\\", ["a", "b"], [1, 2.5, True], [], {"a": 1, "b": "c"}, {}],
    ids=str,
)
def test_feedback_has_any_value(made, value):
    logged = mlflow.log_feedback(trace_id=made, name="quality", value=value, source=ANN, rationale="Because.")
    found = mlflow.get_assessment(made, logged.assessment_id)
    listed = of(made)["quality"]
    for one in (logged, found, listed):
        assert one.feedback.value == value
        if isinstance(value, bool | str | list | dict):
            assert type(one.feedback.value) is type(value)
        assert (one.name, one.trace_id, one.rationale) == ("quality", made, "Because.")
        assert one.source == ANN and one.valid is True and one.overrides is None and one.span_id is None
    assert logged.assessment_id.startswith("a-") and logged.assessment_id == listed.assessment_id


def test_feedback_without_a_value_but_with_an_error(made):
    mlflow.log_feedback(trace_id=made, name="failed", error=ValueError("The judge timed out"))
    mlflow.log_feedback(
        trace_id=made, name="coded", error=AssessmentError(error_code="RATE_LIMIT", error_message="Slow down", stack_trace="at 1")
    )
    found = of(made)
    assert found["failed"].feedback.value is None
    assert found["failed"].error.error_code == "ValueError" and found["failed"].error.error_message == "The judge timed out"
    assert found["coded"].error == AssessmentError("RATE_LIMIT", "Slow down", "at 1")


def test_feedback_with_a_value_and_an_error(made):
    mlflow.log_feedback(trace_id=made, name="both", value=0.5, error=AssessmentError("PARTLY", "Some of it"))
    found = of(made)["both"]
    assert found.feedback.value == 0.5 and found.feedback.error.error_code == "PARTLY"


def test_a_feedback_s_name_and_source_have_defaults(made):
    logged = mlflow.log_feedback(trace_id=made, value=True)
    assert logged.name == "feedback"
    assert logged.source.source_type == "CODE"
    assert logged.create_time_ms > 0 and logged.last_update_time_ms >= logged.create_time_ms


@pytest.mark.parametrize("source_type", ["HUMAN", "LLM_JUDGE", "CODE"])
def test_sources(made, source_type):
    mlflow.log_feedback(trace_id=made, name="q", value=1, source=AssessmentSource(source_type=source_type, source_id="x"))
    assert of(made)["q"].source == AssessmentSource(source_type=source_type, source_id="x")


def test_metadata(made):
    mlflow.log_feedback(trace_id=made, name="q", value=1, metadata={"model": "judge-1", "ünï": "実験", "n": 3})
    assert of(made)["q"].metadata == {"model": "judge-1", "ünï": "実験", "n": "3"}


def test_the_run_is_known_by_metadata(made, experiment, client):
    run = client.create_run(experiment).info.run_id
    mlflow.log_feedback(trace_id=made, name="q", value=1, metadata={"mlflow.assessment.sourceRunId": run})
    found = of(made)["q"]
    assert found.run_id == run and found.metadata["mlflow.assessment.sourceRunId"] == run


def test_feedback_on_a_span(experiment):
    with mlflow.start_span("root") as root, mlflow.start_span("child") as child:
        pass
    mlflow.log_feedback(trace_id=root.trace_id, name="on the child", value=True, span_id=child.span_id)
    mlflow.log_expectation(trace_id=root.trace_id, name="of the child", value=1, span_id=child.span_id)
    found = of(root.trace_id)
    assert found["on the child"].span_id == child.span_id == found["of the child"].span_id


@pytest.mark.parametrize(
    "value", ["an answer", 3, 0.5, True, ["a", 1, None], {"nested": {"list": [1, {"deep": "x"}]}}, [], {}, "", "ünï 🚀"], ids=str
)
def test_an_expectation_has_any_value(made, value):
    logged = mlflow.log_expectation(trace_id=made, name="expected", value=value, source=ANN, metadata={"page": "3"})
    for one in (logged, mlflow.get_assessment(made, logged.assessment_id), of(made)["expected"]):
        assert one.expectation.value == value and type(one.expectation.value) is type(value) or value in (3,)
        assert one.source == ANN and one.metadata == {"page": "3"}


def test_the_source_of_an_expectation_is_human_unless_told(made):
    assert mlflow.log_expectation(trace_id=made, name="e", value=1).source.source_type == "HUMAN"


def test_several_of_one_name(made):
    for value in (1, 2, 3):
        mlflow.log_feedback(trace_id=made, name="same", value=value, source=ANN)
    found = mlflow.get_trace(made).search_assessments(name="same")
    assert sorted(one.feedback.value for one in found) == [1, 2, 3]
    assert all(one.valid for one in found)


def test_assessments_come_in_the_order_in_which_they_were_logged(made):
    for name in "cab":
        mlflow.log_feedback(trace_id=made, name=name, value=1)
    assert [one.name for one in mlflow.get_trace(made).info.assessments] == ["c", "a", "b"]


def test_an_update_changes_what_it_names_in_place(made):
    logged = mlflow.log_feedback(trace_id=made, name="q", value=False, rationale="Wrong.", source=ANN, metadata={"a": "1"})
    updated = mlflow.update_assessment(
        trace_id=made, assessment_id=logged.assessment_id,
        assessment=Feedback(name="q", value=True, rationale="Right after all."),
    )
    found = of(made)["q"]
    assert updated.assessment_id == found.assessment_id == logged.assessment_id
    assert found.feedback.value is True and found.rationale == "Right after all."
    assert found.create_time_ms == logged.create_time_ms and found.last_update_time_ms >= logged.last_update_time_ms
    assert found.source == ANN, "who said it first remains"
    assert found.metadata["a"] == "1"


def test_an_update_of_an_expectation(made):
    logged = mlflow.log_expectation(trace_id=made, name="e", value="old")
    mlflow.update_assessment(
        trace_id=made, assessment_id=logged.assessment_id, assessment=Expectation(name="e", value={"new": [1]})
    )
    assert of(made)["e"].expectation.value == {"new": [1]}


def test_an_update_can_rename(made):
    logged = mlflow.log_feedback(trace_id=made, name="old", value=1)
    mlflow.update_assessment(made, logged.assessment_id, Feedback(name="new", value=1))
    assert list(of(made)) == ["new"]


def test_a_feedback_does_not_become_an_expectation(made):
    logged = mlflow.log_feedback(trace_id=made, name="q", value=1)
    with pytest.raises(MlflowException) as raised:
        mlflow.update_assessment(made, logged.assessment_id, Expectation(name="q", value=1))
    assert raised.value.error_code == "INVALID_PARAMETER_VALUE"


def test_an_override_keeps_what_was_said(made):
    first = mlflow.log_feedback(
        trace_id=made, name="q", value="bad", rationale="Too long.", source=AssessmentSource("LLM_JUDGE", "judge-1")
    )
    second = mlflow.override_feedback(
        trace_id=made, assessment_id=first.assessment_id, value="good", rationale="It has to be long.", source=ANN,
        metadata={"reviewed": "yes"},
    )
    assert second.overrides == first.assessment_id and second.assessment_id != first.assessment_id
    old, new = (mlflow.get_assessment(made, one.assessment_id) for one in (first, second))
    assert (old.feedback.value, old.valid, old.rationale) == ("bad", False, "Too long.")
    assert (new.feedback.value, new.valid, new.overrides) == ("good", True, first.assessment_id)
    assert new.source == ANN and new.metadata == {"reviewed": "yes"} and new.name == "q"
    found = mlflow.get_trace(made)
    assert [one.feedback.value for one in found.search_assessments(name="q")] == ["good"]
    assert len(found.search_assessments(name="q", all=True)) == 2


def test_a_chain_of_overrides(made):
    last = mlflow.log_feedback(trace_id=made, name="q", value=0)
    for value in (1, 2):
        last = mlflow.override_feedback(trace_id=made, assessment_id=last.assessment_id, value=value)
    found = mlflow.get_trace(made)
    assert [one.feedback.value for one in found.search_assessments(name="q")] == [2]
    assert {one.feedback.value: one.valid for one in found.info.assessments} == {0: False, 1: False, 2: True}


def test_deleting_an_override_makes_the_first_valid_again(made):
    first = mlflow.log_feedback(trace_id=made, name="q", value="bad")
    second = mlflow.override_feedback(trace_id=made, assessment_id=first.assessment_id, value="good")
    mlflow.delete_assessment(made, second.assessment_id)
    (left,) = mlflow.get_trace(made).info.assessments
    assert (left.assessment_id, left.valid) == (first.assessment_id, True)


def test_deleting(made):
    logged = mlflow.log_feedback(trace_id=made, name="q", value=1)
    mlflow.log_feedback(trace_id=made, name="kept", value=2)
    mlflow.delete_assessment(trace_id=made, assessment_id=logged.assessment_id)
    assert list(of(made)) == ["kept"]
    with pytest.raises(MlflowException) as raised:
        mlflow.get_assessment(made, logged.assessment_id)
    assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST"
    mlflow.delete_assessment(trace_id=made, assessment_id=logged.assessment_id)


def test_what_does_not_exist(made, trace):
    unknown_trace, unknown = "tr-" + "0" * 32, "a-" + "0" * 32
    other = mlflow.log_feedback(trace_id=trace("other").info.trace_id, name="q", value=1).assessment_id
    for act in (
        lambda: mlflow.log_feedback(trace_id=unknown_trace, name="q", value=1),
        lambda: mlflow.log_expectation(trace_id=unknown_trace, name="q", value=1),
        lambda: mlflow.get_assessment(made, unknown),
        lambda: mlflow.get_assessment(unknown_trace, unknown),
        lambda: mlflow.get_assessment(made, other),
        lambda: mlflow.update_assessment(made, unknown, Feedback(name="q", value=1)),
        lambda: mlflow.override_feedback(trace_id=made, assessment_id=unknown, value=1),
    ):
        with pytest.raises(MlflowException) as raised:
            act()
        assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST", raised.value.message


def test_what_the_client_refuses(made):
    for act in (
        lambda: mlflow.log_feedback(trace_id=made, name="q", value=1, source="me"),
        lambda: mlflow.log_expectation(trace_id=made, name="q", value=None),
    ):
        with pytest.raises(MlflowException) as raised:
            act()
        assert raised.value.error_code == "INVALID_PARAMETER_VALUE"


def test_an_assessment_object_can_be_logged(made):
    mlflow.log_assessment(made, Feedback(name="f", value=0.5, source=ANN))
    mlflow.log_assessment(made, Expectation(name="e", value="x", source=ANN))
    assert set(of(made)) == {"f", "e"}


def test_assessments_made_while_the_trace_is_open(experiment):
    with mlflow.start_span("root") as span:
        mlflow.log_feedback(trace_id=span.trace_id, name="early", value=True)
        mlflow.log_expectation(trace_id=span.trace_id, name="expected", value="x")
    assert set(of(span.trace_id)) == {"early", "expected"}


def test_assessments_are_searched_within_a_trace(made):
    mlflow.log_feedback(trace_id=made, name="q", value=1)
    mlflow.log_expectation(trace_id=made, name="e", value=2)
    found = mlflow.get_trace(made)
    assert [one.name for one in found.search_assessments(type="feedback")] == ["q"]
    assert [one.name for one in found.search_assessments(type="expectation")] == ["e"]


def test_deleting_a_trace_takes_its_assessments(made, experiment, client):
    logged = mlflow.log_feedback(trace_id=made, name="q", value=1)
    client.delete_traces(experiment, trace_ids=[made])
    with pytest.raises(MlflowException) as raised:
        mlflow.get_assessment(made, logged.assessment_id)
    assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_feedback_without_anything(made):
    mlflow.log_feedback(trace_id=made, name="q")
    assert of(made)["q"].feedback.value is None and of(made)["q"].error is None
