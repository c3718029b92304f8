"""`mlflow.genai.evaluate`: over lists, frames, data sets and traces, and what it leaves on the server."""

import mlflow
import pandas
import pytest
from mlflow.entities import AssessmentSource, Feedback, SpanType
from mlflow.exceptions import MlflowException
from mlflow.genai import datasets
from mlflow.genai.scorers import PIIDetection, RegexMatch, ResponseLength, scorer

ROWS = [
    {"inputs": {"question": "a"}, "outputs": "A", "expectations": {"expected": "A"}},
    {"inputs": {"question": "b"}, "outputs": "X", "expectations": {"expected": "B"}},
    {"inputs": {"question": "c"}, "outputs": "C", "expectations": {"expected": "C"}},
]


@scorer
def exact(outputs, expectations):
    return outputs == expectations["expected"]


@scorer
def length(outputs):
    return len(outputs)


def predict(question):
    return question.upper()


def traces(experiment):
    """The traces of the experiment by their question."""
    found = mlflow.search_traces(locations=[experiment], return_type="list")
    return {one.data.spans[0].inputs["question"]: one for one in found}


def rows(*fields):
    return [{field: row[field] for field in fields} for row in ROWS]


def test_outputs_that_are_there(experiment, client):
    result = mlflow.genai.evaluate(data=ROWS, scorers=[exact, length])
    assert result.metrics == pytest.approx({"exact/mean": 2 / 3, "length/mean": 1.0})
    run = client.get_run(result.run_id)
    assert run.info.status == "FINISHED" and run.info.experiment_id == experiment
    assert run.data.metrics == pytest.approx(result.metrics)
    found = traces(experiment)
    assert set(found) == {"a", "b", "c"}
    for question, right in (("a", True), ("b", False), ("c", True)):
        one = found[question]
        assert one.info.trace_metadata["mlflow.sourceRun"] == result.run_id
        (said,) = one.search_assessments(name="exact")
        assert said.feedback.value is right and said.source.source_type == "CODE"
        assert said.metadata["mlflow.assessment.sourceRunId"] == result.run_id
        (expected,) = one.search_assessments(type="expectation")
        assert (expected.name, expected.expectation.value) == ("expected", question.upper())
    assert len(client.search_traces(locations=[experiment], run_id=result.run_id)) == 3
    assert len(client.search_traces(locations=[experiment], filter_string="feedback.exact = 'true'")) == 2


def test_the_result_s_frame(experiment):
    frame = mlflow.genai.evaluate(data=ROWS, scorers=[exact]).result_df
    assert len(frame) == 3 and sorted(frame["exact/value"]) == [False, True, True]
    assert {"trace_id", "request", "response"} <= set(frame.columns)


def test_a_function_that_predicts(experiment):
    result = mlflow.genai.evaluate(data=rows("inputs", "expectations"), predict_fn=predict, scorers=[exact])
    assert result.metrics["exact/mean"] == 1.0
    found = traces(experiment)
    assert {question: one.data.spans[0].outputs for question, one in found.items()} == {"a": "A", "b": "B", "c": "C"}
    assert all(len(one.data.spans) == 1 for one in found.values())


def test_a_traced_function_that_predicts(experiment):
    @mlflow.trace(span_type=SpanType.RETRIEVER)
    def search(question):
        return [{"page_content": question}]

    @mlflow.trace
    def answer(question):
        return search(question)[0]["page_content"].upper()

    @scorer
    def searched(trace):
        return len(trace.search_spans(span_type=SpanType.RETRIEVER))

    result = mlflow.genai.evaluate(data=rows("inputs", "expectations"), predict_fn=answer, scorers=[exact, searched])
    assert result.metrics == {"exact/mean": 1.0, "searched/mean": 1.0}
    assert all({span.name for span in one.data.spans} == {"answer", "search"} for one in traces(experiment).values())


def test_an_asynchronous_function_that_predicts(experiment):
    async def answer(question):
        return question.upper()

    assert mlflow.genai.evaluate(data=rows("inputs", "expectations"), predict_fn=answer, scorers=[exact]).metrics == {
        "exact/mean": 1.0
    }


def test_a_frame(experiment):
    assert mlflow.genai.evaluate(data=pandas.DataFrame(ROWS), scorers=[length]).metrics == {"length/mean": 1.0}


def test_a_data_set(experiment, client, unique):
    data = datasets.create_dataset(name=unique("data"), experiment_id=experiment)
    data.merge_records(rows("inputs", "expectations"))
    result = mlflow.genai.evaluate(data=data, predict_fn=predict, scorers=[exact])
    assert result.metrics == {"exact/mean": 1.0}
    (used,) = client.get_run(result.run_id).inputs.dataset_inputs
    assert used.dataset.name == data.name
    assert len(traces(experiment)) == 3


def test_traces_are_judged_where_they_are(experiment, client):
    @mlflow.trace
    def answer(question):
        return question.upper()

    for row in ROWS:
        answer(row["inputs"]["question"])
        mlflow.log_expectation(
            trace_id=mlflow.get_last_active_trace_id(), name="expected", value=row["expectations"]["expected"]
        )
    before = {one.info.trace_id for one in traces(experiment).values()}
    result = mlflow.genai.evaluate(
        data=mlflow.search_traces(locations=[experiment], return_type="list"), scorers=[exact, length]
    )
    assert result.metrics == {"exact/mean": 1.0, "length/mean": 1.0}
    found = traces(experiment)
    assert {one.info.trace_id for one in found.values()} == before, "nothing is copied"
    assert all(len(one.search_assessments(name="exact")) == 1 for one in found.values())
    assert {one.info.trace_id for one in client.search_traces(locations=[experiment], run_id=result.run_id)} == before


def test_traces_of_a_frame(experiment, trace):
    trace("one", {"question": "a"}, "A")
    result = mlflow.genai.evaluate(data=mlflow.search_traces(locations=[experiment]), scorers=[length])
    assert result.metrics == {"length/mean": 1.0}


def test_what_a_scorer_may_return(experiment):
    human = AssessmentSource(source_type="HUMAN", source_id="ann")

    @scorer
    def whole(outputs):
        return Feedback(name="whole", value=0.5, rationale="Half.", source=human, metadata={"k": "v"})

    @scorer
    def several(outputs):
        return [Feedback(name="several/one", value=1), Feedback(name="several/two", value="good")]

    @scorer
    def nothing(outputs):
        return None

    @scorer
    def words(outputs):
        return "fine"

    result = mlflow.genai.evaluate(data=ROWS[:1], scorers=[whole, several, nothing, words])
    said = {one.name: one for one in traces(experiment)["a"].info.assessments}
    assert said["whole"].feedback.value == 0.5 and said["whole"].rationale == "Half." and said["whole"].source == human
    assert said["whole"].metadata["k"] == "v"
    assert said["several/one"].feedback.value == 1 and said["several/two"].feedback.value == "good"
    assert said["words"].feedback.value == "fine" and "nothing" not in said
    assert result.metrics["whole/mean"] == 0.5 and result.metrics["several/one/mean"] == 1.0
    assert "words/mean" not in result.metrics


def test_aggregations(experiment, client):
    @scorer(aggregations=["mean", "min", "max", "median", "variance", "p90"])
    def size(outputs):
        return len(outputs)

    @scorer(aggregations=[])
    def quiet(outputs):
        return 1

    data = [{"inputs": {"question": "x" * n}, "outputs": "x" * n} for n in range(1, 5)]
    result = mlflow.genai.evaluate(data=data, scorers=[size, quiet])
    expected = {"size/mean": 2.5, "size/min": 1, "size/max": 4, "size/median": 2.5, "size/variance": 1.25, "size/p90": 3.7}
    assert result.metrics == pytest.approx(expected)
    assert client.get_run(result.run_id).data.metrics == pytest.approx(expected)


def test_a_scorer_that_fails_is_an_error_of_its_rows(experiment, client):
    @scorer
    def fragile(outputs):
        if outputs == "X":
            raise RuntimeError("can't read it")
        return 1

    result = mlflow.genai.evaluate(data=ROWS, scorers=[fragile, length])
    assert result.metrics == {"fragile/mean": 1.0, "length/mean": 1.0}
    (said,) = traces(experiment)["b"].search_assessments(name="fragile")
    assert said.feedback.value is None
    assert said.error.error_message == "can't read it" and said.error.error_code == "SCORER_ERROR"
    assert "fragile" in said.error.stack_trace
    assert client.get_run(result.run_id).info.status == "FINISHED"


def test_a_prediction_that_fails_is_an_error_of_its_row(experiment, client):
    @mlflow.trace
    def answer(question):
        if question == "b":
            raise RuntimeError("no answer")
        return question.upper()

    result = mlflow.genai.evaluate(data=rows("inputs", "expectations"), predict_fn=answer, scorers=[exact])
    assert client.get_run(result.run_id).info.status == "FINISHED"
    found = traces(experiment)
    assert found["b"].info.state == "ERROR" and found["a"].info.state == "OK"
    assert len(client.search_traces(locations=[experiment], run_id=result.run_id)) == 3


def test_scorers_of_mlflow_without_a_model(experiment):
    data = [
        {"inputs": {"question": "a"}, "outputs": "Write to ann@example.com"},
        {"inputs": {"question": "b"}, "outputs": "Fine."},
    ]
    result = mlflow.genai.evaluate(
        data=data,
        scorers=[RegexMatch(pattern="^Fine"), ResponseLength(max_length=10, unit="chars"), PIIDetection()],
    )
    assert result.metrics == {"regex_match/mean": 0.5, "response_length/mean": 0.5, "pii_detection/mean": 0.5}
    said = {one.name: one.feedback.value for one in traces(experiment)["b"].info.assessments}
    assert said == {"regex_match": "yes", "response_length": "yes", "pii_detection": "yes"}


def test_within_a_run_of_ones_own(experiment, client):
    with mlflow.start_run(run_name="mine") as run:
        result = mlflow.genai.evaluate(data=ROWS, scorers=[length])
        assert client.get_run(run.info.run_id).info.status == "RUNNING"
    assert result.run_id == run.info.run_id
    assert client.get_run(run.info.run_id).data.metrics == {"length/mean": 1.0}


def test_a_logged_model_is_named(experiment, client):
    model = client.create_logged_model(experiment, name="app").model_id
    result = mlflow.genai.evaluate(data=rows("inputs", "expectations"), predict_fn=predict, scorers=[exact], model_id=model)
    assert {one.key for one in client.get_logged_model(model).metrics} == {"exact/mean"}
    assert all(one.info.trace_metadata["mlflow.modelId"] == model for one in traces(experiment).values())
    assert result.metrics == {"exact/mean": 1.0}


def test_sessions_are_scored_once(experiment, client):
    @scorer
    def turns(session):
        return len(session)

    @mlflow.trace
    def chat(question, of):
        mlflow.update_current_trace(session_id=of)
        return question.upper()

    for question, of in (("a", "s-1"), ("b", "s-1"), ("c", "s-2")):
        chat(question, of)
    result = mlflow.genai.evaluate(
        data=mlflow.search_traces(locations=[experiment], return_type="list"), scorers=[turns]
    )
    assert result.metrics["turns/mean"] == 1.5
    found = traces(experiment)
    said = {question: one.search_assessments(name="turns") for question, one in found.items()}
    assert [len(said[question]) for question in "abc"] == [1, 0, 1]
    assert said["a"][0].feedback.value == 2 and said["a"][0].metadata["mlflow.trace.session"] == "s-1"


def test_what_is_wrong_is_refused(experiment):
    for arguments in (
        {"data": [], "scorers": [length]},
        {"data": rows("outputs"), "scorers": [length]},
        {"data": ROWS, "scorers": [len]},
        {"data": ROWS, "predict_fn": 3, "scorers": [length]},
        {"data": rows("inputs"), "predict_fn": lambda other: 1, "scorers": [length]},
    ):
        with pytest.raises((MlflowException, ValueError, TypeError)):
            mlflow.genai.evaluate(**arguments)


def test_many_rows_at_once(experiment, client):
    data = [{"inputs": {"question": str(n)}, "outputs": str(n)} for n in range(40)]
    result = mlflow.genai.evaluate(data=data, scorers=[length])
    found = client.search_traces(locations=[experiment], run_id=result.run_id, max_results=100)
    assert len(found) == 40 and all(len(one.search_assessments(name="length")) == 1 for one in found)
