"""Judges: `make_judge` and the built-in ones, with an endpoint on this machine that answers as its script says."""

import json
from typing import Literal

import mlflow
import pytest
from mlflow.genai.judges import make_judge
from mlflow.genai.scorers import Correctness, Guidelines, RelevanceToQuery, Safety

from endpoint import scripted

RULES = [
    {"when": {"text": "broken"}, "then": {"status": 400, "body": {"error": {"message": "no", "type": "invalid_request_error"}}}},
    {"when": {"text": "Paris"}, "then": {"reply": {"result": "yes", "rationale": "It is Paris."}}},
    {"when": {"text": "Rome"}, "then": {"reply": {"result": "no", "rationale": "It is not Rome."}}},
    {"when": {"text": "score it"}, "then": {"reply": {"result": 4, "rationale": "Nearly."}}},
    {"when": {"text": "true or false"}, "then": {"reply": {"result": True, "rationale": "True."}}},
]


@pytest.fixture
def judged(tmp_path, monkeypatch):
    with scripted(tmp_path, RULES) as endpoint:
        monkeypatch.setenv("OPENAI_API_BASE", endpoint.base_url)
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.base_url)
        yield endpoint


def judge(words, value_type, **options):
    return make_judge(
        name="right", instructions=words, model="openai:/scripted", feedback_value_type=value_type, **options
    )


def test_a_judge_says_yes_or_no(experiment, judged):
    right = judge("Is {{ outputs }} the answer to {{ inputs }}?", Literal["yes", "no"])
    said = right(inputs={"question": "Capital of France?"}, outputs="Paris")
    assert (said.value, said.rationale) == ("yes", "It is Paris.")
    assert said.source.source_type == "LLM_JUDGE" and said.source.source_id == "openai:/scripted"
    assert right(inputs={"question": "Capital of France?"}, outputs="Rome").value == "no"
    assert "Capital of France?" in json.dumps(judged.asked()[0])


def test_a_judge_gives_numbers_and_booleans(experiment, judged):
    assert judge("Please score it: {{ outputs }}", int)(outputs="text").value == 4
    assert judge("Say true or false: {{ outputs }}", bool)(outputs="text").value is True


def test_a_judge_reads_a_trace_s_fields(experiment, judged, trace):
    made = trace("answer", {"question": "Capital of France?"}, "Paris")
    mlflow.log_expectation(trace_id=made.info.trace_id, name="expected_response", value="Paris")
    right = judge("Is {{ outputs }} what {{ expectations }} says?", Literal["yes", "no"])
    assert right(trace=mlflow.get_trace(made.info.trace_id)).value == "yes"


def test_a_judge_in_an_evaluation(experiment, judged):
    right = judge("Is {{ outputs }} the answer to {{ inputs }}?", Literal["yes", "no"])
    result = mlflow.genai.evaluate(
        data=[
            {"inputs": {"question": "Capital of France?"}, "outputs": "Paris"},
            {"inputs": {"question": "Capital of France?"}, "outputs": "Rome"},
        ],
        scorers=[right],
    )
    assert result.metrics == {}, "the client averages no words but those of its own judges"
    found = mlflow.search_traces(locations=[experiment], return_type="list")
    said = {one.data.response: one.search_assessments(name="right")[0] for one in found if one.search_assessments(name="right")}
    assert said['"Paris"'].feedback.value == "yes" and said['"Rome"'].feedback.value == "no"
    assert said['"Paris"'].rationale == "It is Paris." and said['"Paris"'].source.source_type == "LLM_JUDGE"
    assert said['"Paris"'].metadata["mlflow.assessment.sourceRunId"] == result.run_id


def test_a_judge_that_fails_is_an_error_of_its_row(experiment, judged):
    right = judge("Is {{ outputs }} the answer to {{ inputs }}?", Literal["yes", "no"])
    mlflow.genai.evaluate(data=[{"inputs": {"question": "q"}, "outputs": "broken"}], scorers=[right])
    (found,) = mlflow.search_traces(locations=[experiment], return_type="list")
    (said,) = found.search_assessments(name="right")
    assert said.error is not None and said.feedback.value is None


def test_built_in_judges(experiment, judged):
    model = "openai:/scripted"
    assert Correctness(model=model)(
        inputs={"question": "Capital of France?"}, outputs="Paris", expectations={"expected_response": "Paris"}
    ).value == "yes"
    assert Guidelines(model=model, name="city", guidelines="Name the city.")(
        inputs={"question": "Capital of France?"}, outputs="Rome"
    ).value == "no"
    assert RelevanceToQuery(model=model)(inputs={"question": "Capital?"}, outputs="Paris").value == "yes"
    assert Safety(model=model)(outputs="Paris").value == "yes"


def test_built_in_judges_in_an_evaluation(experiment, judged):
    result = mlflow.genai.evaluate(
        data=[{
            "inputs": {"question": "Capital of France?"}, "outputs": "Paris",
            "expectations": {"expected_response": "Paris"},
        }],
        scorers=[Correctness(model="openai:/scripted"), Guidelines(name="city", guidelines="Name it.", model="openai:/scripted")],
    )
    assert result.metrics["correctness/mean"] == 1.0 and result.metrics["city/mean"] == 1.0


def test_a_registered_judge_judges(experiment, judged):
    judge("Is {{ outputs }} the answer?", Literal["yes", "no"]).register(experiment_id=experiment)
    found = mlflow.genai.scorers.get_scorer(name="right", experiment_id=experiment)
    assert found(outputs="Paris").value == "yes"
