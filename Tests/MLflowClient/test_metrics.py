"""Metrics: batches, steps, history, numbers that aren't, and the limits of a batch."""

import math

import mlflow
import pytest
from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import MlflowException


@pytest.fixture
def run(experiment, client):
    return client.create_run(experiment).info.run_id


def test_the_history_has_every_step_and_the_run_the_last(run, client):
    for step, value in enumerate([0.5, 0.25, 0.125]):
        client.log_metric(run, "loss", value, step=step, timestamp=1_000 + step)
    history = client.get_metric_history(run, "loss")
    assert [(one.step, one.value, one.timestamp) for one in history] == [(0, 0.5, 1000), (1, 0.25, 1001), (2, 0.125, 1002)]
    assert client.get_run(run).data.metrics["loss"] == 0.125


def test_the_last_is_the_highest_step_not_the_last_sent(run, client):
    client.log_metric(run, "m", 2.0, step=2, timestamp=10)
    client.log_metric(run, "m", 1.0, step=1, timestamp=20)
    assert client.get_run(run).data.metrics["m"] == 2.0
    client.log_metric(run, "m", 3.0, step=2, timestamp=11)
    assert client.get_run(run).data.metrics["m"] == 3.0
    client.log_metric(run, "m", 2.5, step=2, timestamp=11)
    assert client.get_run(run).data.metrics["m"] == 3.0


def test_steps_may_be_negative(run, client):
    client.log_metric(run, "m", 1.0, step=-5)
    assert [one.step for one in client.get_metric_history(run, "m")] == [-5]


def test_the_same_measurement_twice_is_one(run, client):
    for _ in range(2):
        client.log_metric(run, "m", 1.0, step=1, timestamp=5)
    assert len(client.get_metric_history(run, "m")) == 1


def test_numbers_that_are_none(run, client):
    client.log_metric(run, "nan", math.nan)
    client.log_metric(run, "up", math.inf)
    client.log_metric(run, "down", -math.inf)
    metrics = client.get_run(run).data.metrics
    assert math.isnan(metrics["nan"])
    # SQL has no infinity: the reference keeps the largest number that there is.
    assert metrics["up"] >= 1.7976931348623157e308 and metrics["down"] <= -1.7976931348623157e308


@pytest.mark.parametrize("value", [0.1 + 0.2, 1e-300, 1.7976931348623157e308, -0.0, 2**53 + 1.0, 5e-324])
def test_numbers_are_exact(run, client, value):
    client.log_metric(run, "m", value)
    assert client.get_run(run).data.metrics["m"] == value


@pytest.mark.parametrize("key", ["a/b", "a.b", "with space", "ünï", "a-b_c", "accuracy/mean", "at:colon"])
def test_odd_names(run, client, key):
    client.log_metric(run, key, 1.0)
    assert client.get_run(run).data.metrics[key] == 1.0
    assert client.get_metric_history(run, key)[0].value == 1.0


@pytest.mark.parametrize("key", ["../up", "a//b", "/root", "", ".", "x" * 251, "what?", "a;b"])
def test_bad_names_are_refused(run, client, key):
    with pytest.raises(MlflowException) as raised:
        client.log_metric(run, key, 1.0)
    assert raised.value.error_code == "INVALID_PARAMETER_VALUE"


def test_a_batch(run, client):
    client.log_batch(
        run,
        metrics=[Metric("m", float(step), 1_000 + step, step) for step in range(900)],
        params=[Param(f"p{number}", str(number)) for number in range(50)],
        tags=[RunTag(f"t{number}", str(number)) for number in range(50)],
    )
    found = client.get_run(run).data
    assert found.metrics["m"] == 899 and found.params["p49"] == "49" and found.tags["t49"] == "49"
    assert [one.value for one in client.get_metric_history(run, "m")] == [float(step) for step in range(900)]


def test_batches_have_limits(run, call):
    def post(**parts):
        return call("POST", "/api/2.0/mlflow/runs/log-batch", json={"run_id": run, **parts})

    many = [{"key": "m", "value": 1, "timestamp": 1, "step": step} for step in range(1001)]
    for parts in (
        {"metrics": many},
        {"params": [{"key": f"p{number}", "value": "1"} for number in range(101)]},
        {"tags": [{"key": f"t{number}", "value": "1"} for number in range(101)]},
        {"params": [{"key": "twice", "value": "1"}, {"key": "twice", "value": "2"}]},
    ):
        reply = post(**parts)
        assert reply.status_code == 400, reply.text
        assert reply.json()["error_code"] == "INVALID_PARAMETER_VALUE"
    assert post().status_code == 200
    assert post(metrics=many[:1000]).status_code == 200


def test_the_history_comes_in_pages(run, call, client):
    client.log_batch(run, metrics=[Metric("m", float(step), step, step) for step in range(5)])
    query, values = {"run_id": run, "metric_key": "m", "max_results": 2}, []
    while True:
        page = call("GET", "/api/2.0/mlflow/metrics/get-history", params=query).json()
        values += [one["value"] for one in page.get("metrics", [])]
        if not page.get("next_page_token"):
            break
        query["page_token"] = page["next_page_token"]
    assert values == [0, 1, 2, 3, 4]


def test_the_history_of_an_unknown_metric_is_empty(run, client):
    assert client.get_metric_history(run, "unknown") == []


def test_metrics_of_the_queue_arrive(experiment, client):
    with mlflow.start_run() as run:
        for step in range(20):
            mlflow.log_metric("m", step, step=step, synchronous=False)
        mlflow.log_params({"p": 1}, synchronous=False)
        mlflow.flush_async_logging()
    assert client.get_run(run.info.run_id).data.params == {"p": "1"}
    assert len(client.get_metric_history(run.info.run_id, "m")) == 20
