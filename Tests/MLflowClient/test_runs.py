"""Runs: made, finished, tagged, nested, deleted, restored, and searched with filters, orders and pages."""

import time

import mlflow
import pandas
import pytest
from mlflow.entities import Metric, Param, RunTag, ViewType
from mlflow.exceptions import MlflowException


def test_a_run_keeps_what_was_logged(experiment, client):
    with mlflow.start_run(run_name="first", tags={"stage": "try"}, description="What it is for") as run:
        mlflow.log_param("model", "small")
        mlflow.log_params({"temperature": 0.2, "top_p": 1})
        mlflow.log_metric("accuracy", 0.75)
        mlflow.log_metrics({"latency": 12.5, "cost": 0})
        mlflow.set_tag("owner", "ann")
    found = client.get_run(run.info.run_id)
    assert found.info.status == "FINISHED"
    assert found.info.run_name == "first" == found.data.tags["mlflow.runName"]
    assert found.info.experiment_id == experiment
    assert found.info.end_time >= found.info.start_time > 0
    assert found.info.lifecycle_stage == "active"
    assert experiment in found.info.artifact_uri and run.info.run_id in found.info.artifact_uri
    assert found.data.params == {"model": "small", "temperature": "0.2", "top_p": "1"}
    assert found.data.metrics == {"accuracy": 0.75, "latency": 12.5, "cost": 0.0}
    assert found.data.tags["stage"] == "try" and found.data.tags["owner"] == "ann"
    assert found.data.tags["mlflow.note.content"] == "What it is for"


def test_a_run_without_a_name_gets_one(experiment, client):
    run = client.create_run(experiment)
    assert run.info.run_name
    assert run.data.tags["mlflow.runName"] == run.info.run_name
    assert run.info.status == "RUNNING" and run.info.end_time is None


def test_an_exception_makes_a_run_failed(experiment, client):
    with pytest.raises(ValueError), mlflow.start_run() as run:
        raise ValueError("so it is")
    assert client.get_run(run.info.run_id).info.status == "FAILED"


@pytest.mark.parametrize("status", ["FINISHED", "FAILED", "KILLED"])
def test_a_run_ends_as_it_is_told(experiment, client, status):
    run = client.create_run(experiment, start_time=1_000).info.run_id
    client.set_terminated(run, status, end_time=2_000)
    found = client.get_run(run).info
    assert (found.status, found.start_time, found.end_time) == (status, 1_000, 2_000)


def test_a_run_goes_on_where_it_stopped(experiment, client):
    with mlflow.start_run() as run:
        mlflow.log_metric("steps", 1)
    with mlflow.start_run(run_id=run.info.run_id):
        assert client.get_run(run.info.run_id).info.status == "RUNNING"
        mlflow.log_metric("steps", 2)
    found = client.get_run(run.info.run_id)
    assert found.info.status == "FINISHED" and found.data.metrics["steps"] == 2


def test_runs_within_runs_name_their_parent(experiment, client):
    with mlflow.start_run() as parent, mlflow.start_run(nested=True) as child:
        pass
    assert client.get_run(child.info.run_id).data.tags["mlflow.parentRunId"] == parent.info.run_id
    assert client.get_parent_run(child.info.run_id).info.run_id == parent.info.run_id
    found = client.search_runs([experiment], f"tags.mlflow.parentRunId = '{parent.info.run_id}'")
    assert [run.info.run_id for run in found] == [child.info.run_id]


def test_renaming_and_the_status_can_be_updated(experiment, client):
    run = client.create_run(experiment, run_name="old").info.run_id
    client.update_run(run, name="new", status="FINISHED")
    found = client.get_run(run)
    assert (found.info.run_name, found.data.tags["mlflow.runName"], found.info.status) == ("new", "new", "FINISHED")
    client.set_tag(run, "mlflow.runName", "newer")
    assert client.get_run(run).info.run_name == "newer"


def test_unknown_runs_are_errors(client):
    unknown = "0123456789abcdef0123456789abcdef"
    for act in (
        lambda: client.get_run(unknown),
        lambda: client.log_metric(unknown, "m", 1.0),
        lambda: client.log_param(unknown, "p", "1"),
        lambda: client.set_tag(unknown, "t", "1"),
        lambda: client.delete_run(unknown),
        lambda: client.restore_run(unknown),
        lambda: client.set_terminated(unknown),
        lambda: client.log_batch(unknown, metrics=[Metric("m", 1.0, 0, 0)]),
    ):
        with pytest.raises(MlflowException) as raised:
            act()
        assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_a_run_in_an_unknown_experiment_is_refused(client):
    with pytest.raises(MlflowException) as raised:
        client.create_run("987654321987")
    assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_a_deleted_run_takes_nothing_and_can_be_restored(experiment, client):
    run = client.create_run(experiment).info.run_id
    client.delete_run(run)
    assert client.get_run(run).info.lifecycle_stage == "deleted"
    for act in (
        lambda: client.log_metric(run, "m", 1.0),
        lambda: client.log_param(run, "p", "1"),
        lambda: client.set_tag(run, "t", "1"),
        lambda: client.log_batch(run, tags=[RunTag("t", "1")]),
    ):
        with pytest.raises(MlflowException) as raised:
            act()
        assert raised.value.error_code == "INVALID_PARAMETER_VALUE"
    assert client.search_runs([experiment]) == []
    assert len(client.search_runs([experiment], run_view_type=ViewType.DELETED_ONLY)) == 1
    client.restore_run(run)
    client.log_metric(run, "m", 1.0)
    assert client.get_run(run).data.metrics == {"m": 1.0}


def test_tags_are_replaced_and_deleted(experiment, client):
    run = client.create_run(experiment, tags={"a": "1"}).info.run_id
    client.set_tag(run, "a", "2")
    client.set_tag(run, "long", "x" * 8_000)
    client.set_tag(run, "ünï", "実験")
    tags = client.get_run(run).data.tags
    assert tags["a"] == "2" and len(tags["long"]) == 8_000 and tags["ünï"] == "実験"
    client.delete_tag(run, "a")
    assert "a" not in client.get_run(run).data.tags
    with pytest.raises(MlflowException) as raised:
        client.delete_tag(run, "a")
    assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_a_parameter_is_written_once(experiment, client):
    run = client.create_run(experiment).info.run_id
    client.log_param(run, "p", "1")
    client.log_param(run, "p", "1")
    with pytest.raises(MlflowException, match="Changing param values is not allowed") as raised:
        client.log_param(run, "p", "2")
    assert raised.value.error_code == "INVALID_PARAMETER_VALUE"
    with pytest.raises(MlflowException) as raised:
        client.log_batch(run, params=[Param("q", "1"), Param("p", "3")])
    assert raised.value.error_code == "INVALID_PARAMETER_VALUE"
    assert client.get_run(run).data.params == {"p": "1"}


def test_parameters_have_a_longest_value(experiment, client):
    run = client.create_run(experiment).info.run_id
    client.log_param(run, "p", "x" * 6_000)
    client.log_param(run, "q", "x" * 6_001)
    assert {len(value) for value in client.get_run(run).data.params.values()} == {6_000}


def test_inputs_of_a_run_name_a_data_set(experiment, client):
    data = mlflow.data.from_pandas(pandas.DataFrame({"question": ["a", "b"]}), name="questions")
    with mlflow.start_run() as run:
        mlflow.log_input(data, context="eval", tags={"part": "one"})
        mlflow.log_input(data, context="eval")
    inputs = client.get_run(run.info.run_id).inputs.dataset_inputs
    assert len(inputs) == 1
    assert (inputs[0].dataset.name, inputs[0].dataset.digest) == ("questions", data.digest)
    assert inputs[0].dataset.source_type and inputs[0].dataset.source
    assert {tag.key: tag.value for tag in inputs[0].tags}["mlflow.data.context"] == "eval"
    found = client.search_runs([experiment], "dataset.name = 'questions'")
    assert [one.info.run_id for one in found] == [run.info.run_id]
    assert client.search_runs([experiment], f"dataset.digest = '{data.digest}' AND dataset.context = 'eval'")
    assert client.search_runs([experiment], "dataset.name = 'answers'") == []


@pytest.fixture
def three(experiment, client):
    """Three runs: a is finished with accuracy 0.1 and small, b failed with 0.2 and small, c runs with 0.3 and large."""
    ids = {}
    for number, (name, status, model) in enumerate(
        [("a", "FINISHED", "small"), ("b", "FAILED", "small"), ("c", None, "large")], start=1
    ):
        run = client.create_run(experiment, start_time=1_000 * number, run_name=name).info.run_id
        client.log_batch(
            run,
            metrics=[Metric("accuracy", number / 10, 0, 0), Metric("a metric", number, 0, 0)],
            params=[Param("model", model), Param("size.kb", str(number))],
            tags=[RunTag("letter", name), RunTag("with space", name)],
        )
        if status:
            client.set_terminated(run, status, end_time=1_000 * number + 500)
        ids[name] = run
    return ids


@pytest.mark.parametrize(
    ("filter_string", "expected"),
    [
        ("", "abc"),
        ("metrics.accuracy > 0.1", "bc"),
        ("metrics.accuracy >= 0.1 AND metrics.accuracy < 0.3", "ab"),
        ("metric.accuracy = 0.2", "b"),
        ("metrics.accuracy != 0.2", "ac"),
        ("metrics.`a metric` <= 2", "ab"),
        ('metrics."a metric" > 2', "c"),
        ("metrics.unknown > 0", ""),
        ("params.model = 'small'", "ab"),
        ("parameter.model != 'small'", "c"),
        ("params.`size.kb` = '2'", "b"),
        ("params.model LIKE 'sm%'", "ab"),
        ("params.model LIKE 'SM%'", ""),
        ("params.model ILIKE 'SM%'", "ab"),
        ("params.unknown IS NULL", "abc"),
        ("params.model IS NOT NULL", "abc"),
        ("tags.letter = 'a'", "a"),
        ("tag.`with space` = 'b'", "b"),
        ("tags.letter != 'a'", "bc"),
        ("tags.letter ILIKE 'A'", "a"),
        ("tags.unknown IS NULL", "abc"),
        ("tags.letter IS NOT NULL", "abc"),
        ("attributes.status = 'FINISHED'", "a"),
        ("status != 'RUNNING'", "ab"),
        ("attribute.run_name = 'c'", "c"),
        ("run_name LIKE '%b'", "b"),
        ("`run name` = 'a'", "a"),
        ("attributes.start_time >= 2000", "bc"),
        ("created < 2000", "a"),
        ("end_time = 2500", "b"),
        ("attributes.user_id != 'nobody'", "abc"),
        ("status IN ('FINISHED', 'FAILED')", "ab"),
    ],
)
def test_filters(three, experiment, client, filter_string, expected):
    if "IN (" in filter_string:
        with pytest.raises(MlflowException) as raised:
            client.search_runs([experiment], filter_string)
        assert raised.value.error_code == "INVALID_PARAMETER_VALUE"
        return
    found = client.search_runs([experiment], filter_string, order_by=["start_time ASC"])
    assert "".join(run.info.run_name for run in found) == expected


def test_filters_by_id(three, experiment, client):
    found = client.search_runs([experiment], f"attributes.run_id IN ('{three['a']}', '{three['c']}')")
    assert {run.info.run_name for run in found} == {"a", "c"}
    found = client.search_runs([experiment], f"run_id NOT IN ('{three['a']}')")
    assert {run.info.run_name for run in found} == {"b", "c"}
    assert [run.info.run_name for run in client.search_runs([experiment], f"run_id = '{three['b']}'")] == ["b"]


@pytest.mark.parametrize(
    ("order_by", "expected"),
    [
        (None, "cba"),
        (["metrics.accuracy ASC"], "abc"),
        (["metrics.accuracy DESC"], "cba"),
        (["params.model ASC", "metrics.accuracy DESC"], "cba"),
        (["params.model DESC", "metrics.accuracy ASC"], "abc"),
        (["tags.letter"], "abc"),
        (["attributes.start_time"], "abc"),
        (["run_name DESC"], "cba"),
        (["attributes.end_time DESC"], "bac"),
        (["metrics.unknown", "start_time"], "abc"),
    ],
)
def test_orders(three, experiment, client, order_by, expected):
    found = client.search_runs([experiment], order_by=order_by)
    assert "".join(run.info.run_name for run in found) == expected


def test_pages(experiment, client):
    for number in range(7):
        client.create_run(experiment, start_time=1_000, run_name=str(number))
    found, token, pages = [], None, 0
    while True:
        page = client.search_runs([experiment], max_results=3, page_token=token, order_by=["tags.mlflow.runName"])
        found += [run.info.run_name for run in page]
        token, pages = page.token, pages + 1
        if not token:
            break
    assert found == list("0123456") and pages == 3


def test_search_runs_gives_a_frame(three, experiment):
    frame = mlflow.search_runs(experiment_ids=[experiment], filter_string="params.model = 'small'", order_by=["start_time"])
    assert list(frame["tags.letter"]) == ["a", "b"]
    assert list(frame["metrics.accuracy"]) == [0.1, 0.2]
    assert list(frame["status"]) == ["FINISHED", "FAILED"]


def test_runs_of_several_experiments_are_searched_at_once(client, unique):
    first, second = client.create_experiment(unique()), client.create_experiment(unique())
    runs = {client.create_run(one).info.run_id for one in (first, second)}
    assert {run.info.run_id for run in client.search_runs([first, second])} == runs
    assert client.search_runs([]) == []


@pytest.mark.parametrize(
    "filter_string",
    [
        "metrics.accuracy = 'x'", "params.model > 'a'", "params.model = 1", "attributes.unknown = 'x'",
        "accuracy > 1", "metrics.accuracy >", "status = FINISHED", "tags.a = 'x' OR tags.b = 'y'", "what.ever = 'x'", "'",
        "start_time = 'x'",
    ],
)
def test_bad_filters_are_refused(experiment, client, filter_string):
    with pytest.raises(MlflowException) as raised:
        client.search_runs([experiment], filter_string)
    assert raised.value.error_code == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize("order_by", [["unknown"], ["metrics.a UP"], ["what.ever"], [""]])
def test_bad_orders_are_refused(experiment, client, order_by):
    with pytest.raises(MlflowException) as raised:
        client.search_runs([experiment], order_by=order_by)
    assert raised.value.error_code == "INVALID_PARAMETER_VALUE"


def test_bad_page_tokens_and_sizes_are_refused(experiment, client):
    client.create_run(experiment)
    with pytest.raises(MlflowException) as raised:
        client.search_runs([experiment], max_results=50_001)
    assert raised.value.error_code == "INVALID_PARAMETER_VALUE"
    with pytest.raises(MlflowException) as raised:
        client.search_runs([experiment], page_token="no token of ours")
    assert raised.value.error_code == "INVALID_PARAMETER_VALUE"


def test_what_was_logged_last_is_found_at_once(experiment, client):
    started = time.time()
    with mlflow.start_run(run_name="now"):
        mlflow.log_metric("m", 1)
    found = client.search_runs([experiment], f"start_time >= {int(started * 1000) - 1000}")
    assert [run.info.run_name for run in found] == ["now"]
