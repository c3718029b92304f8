"""Logged models: made, finished, with parameters, tags and metrics, searched, and named by traces."""

import mlflow
import pytest
from mlflow.entities import LoggedModelStatus
from mlflow.exceptions import MlflowException


def test_a_model_keeps_what_it_was_made_with(experiment, client):
    made = client.create_logged_model(
        experiment, name="app", tags={"stage": "dev"}, params={"temperature": "0.5"}, model_type="agent"
    )
    assert made.model_id.startswith("m-") and made.status == LoggedModelStatus.PENDING
    found = client.get_logged_model(made.model_id)
    assert (found.name, found.experiment_id, found.model_type) == ("app", experiment, "agent")
    assert found.params == {"temperature": "0.5"} and found.tags["stage"] == "dev"
    assert found.creation_timestamp > 0 and found.artifact_location


def test_a_model_is_finished(experiment, client):
    made = client.create_logged_model(experiment, name="app").model_id
    client.finalize_logged_model(made, "READY")
    assert client.get_logged_model(made).status == LoggedModelStatus.READY
    other = client.create_logged_model(experiment, name="app").model_id
    client.finalize_logged_model(other, "FAILED")
    assert client.get_logged_model(other).status == LoggedModelStatus.FAILED


def test_a_model_without_a_name_gets_one(experiment, client):
    assert client.create_logged_model(experiment).name


def test_tags_and_parameters_are_added(experiment, client):
    made = client.create_logged_model(experiment, name="app", tags={"a": "1"}).model_id
    client.set_logged_model_tags(made, {"a": "2", "b": "3"})
    client.log_model_params(made, {"p": "1"})
    found = client.get_logged_model(made)
    assert found.tags["a"] == "2" and found.tags["b"] == "3" and found.params == {"p": "1"}
    client.delete_logged_model_tag(made, "b")
    assert "b" not in client.get_logged_model(made).tags
    with pytest.raises(MlflowException) as raised:
        client.delete_logged_model_tag(made, "b")
    assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_models_of_external_applications(experiment):
    made = mlflow.create_external_model(name="external", params={"llm": "small"}, tags={"git": "abc"})
    assert made.status == LoggedModelStatus.READY
    assert mlflow.get_logged_model(made.model_id).params == {"llm": "small"}


def test_the_active_model_is_named_by_its_traces(experiment, client):
    with mlflow.set_active_model(name="my app") as model:
        @mlflow.trace
        def act():
            return 1

        act()
        mlflow.log_model_params({"llm": "large"})
    found = client.search_traces(locations=[experiment], model_id=model.model_id)
    assert [one.info.trace_metadata["mlflow.modelId"] for one in found] == [model.model_id]
    assert client.search_traces(locations=[experiment], model_id="m-unknown") == []
    assert mlflow.get_logged_model(model.model_id).params == {"llm": "large"}


def test_metrics_belong_to_a_model(experiment, client):
    model = client.create_logged_model(experiment, name="app").model_id
    with mlflow.start_run() as run:
        mlflow.log_metric("accuracy", 0.5, model_id=model)
        mlflow.log_metrics({"latency": 3}, model_id=model)
    found = {one.key: one for one in client.get_logged_model(model).metrics}
    assert found["accuracy"].value == 0.5 and found["accuracy"].run_id == run.info.run_id
    assert found["latency"].model_id == model


def test_models_of_a_run(experiment, client):
    with mlflow.start_run() as run:
        made = mlflow.initialize_logged_model(name="app")
        mlflow.finalize_logged_model(made.model_id, "READY")
    assert client.get_logged_model(made.model_id).source_run_id == run.info.run_id


def test_searching(experiment, client):
    ids = {}
    for name, kind, score in (("a", "agent", 0.1), ("b", "agent", 0.3), ("c", "chain", 0.2)):
        ids[name] = client.create_logged_model(
            experiment, name=name, model_type=kind, params={"size": name}, tags={"letter": name}
        ).model_id
        with mlflow.start_run():
            mlflow.log_metric("score", score, model_id=ids[name])
    client.finalize_logged_model(ids["a"], "READY")

    def found(filter_string=None, **options):
        options = {"order_by": [{"field_name": "name", "ascending": True}], **options}
        listed = client.search_logged_models([experiment], filter_string=filter_string, **options)
        return "".join(one.name for one in listed)

    assert found() == "abc"
    assert found("name = 'a'") == "a"
    assert found("name LIKE 'a%'") == "a"
    assert found("name != 'a'") == "bc"
    assert found("model_type = 'agent'") == "ab"
    # The reference keeps the state as a number, and finds nothing by its name.
    assert found("status = 'READY'") in ("a", "")
    assert found("params.size = 'b'") == "b"
    assert found("tags.letter = 'c'") == "c"
    assert found("metrics.score > 0.15") == "bc"
    assert found("metrics.score >= 0.2 AND model_type = 'chain'") == "c"
    assert found(f"model_id = '{ids['b']}'") == "b"
    assert found("creation_timestamp > 0") == "abc"
    assert found(order_by=[{"field_name": "name", "ascending": False}]) == "cba"
    assert found(order_by=[{"field_name": "metrics.score", "ascending": False}]) == "bca"
    assert found(max_results=2) == "ab"
    for filter_string in ("unknown = 'x'", "name", "'"):
        with pytest.raises(MlflowException) as raised:
            found(filter_string)
        assert raised.value.error_code == "INVALID_PARAMETER_VALUE"


def test_pages(experiment, client):
    for number in range(5):
        client.create_logged_model(experiment, name=f"m{number}")
    order = [{"field_name": "name", "ascending": True}]
    names, token = [], None
    while True:
        page = client.search_logged_models([experiment], max_results=2, page_token=token, order_by=order)
        names += [one.name for one in page]
        token = page.token
        if not token:
            break
    assert names == [f"m{number}" for number in range(5)]


def test_deleting(experiment, client):
    made = client.create_logged_model(experiment, name="app").model_id
    client.delete_logged_model(made)
    with pytest.raises(MlflowException) as raised:
        client.get_logged_model(made)
    assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST"
    assert list(client.search_logged_models([experiment])) == []


def test_what_does_not_exist(client):
    for act in (
        lambda: client.get_logged_model("m-unknown"),
        lambda: client.delete_logged_model("m-unknown"),
        lambda: client.finalize_logged_model("m-unknown", "READY"),
        lambda: client.create_logged_model("987654321987"),
    ):
        with pytest.raises(MlflowException) as raised:
            act()
        assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST", raised.value.message


@pytest.mark.parametrize("name", ["a/b", "a:b", 'a"b', "a%b", "a.b"])
def test_names_that_are_wrong_are_refused(experiment, client, name):
    with pytest.raises(MlflowException) as raised:
        client.create_logged_model(experiment, name=name)
    assert raised.value.error_code == "INVALID_PARAMETER_VALUE"
