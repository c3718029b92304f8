"""Tags of traces: set, replaced, deleted, and refused where they can't be kept."""

import mlflow
import pytest
from mlflow.exceptions import MlflowException


def tags(made):
    return mlflow.get_trace(made).info.tags


def test_tags_are_set_replaced_and_deleted(experiment, client, trace):
    made = trace("tagged", tags={"first": "1"}).info.trace_id
    mlflow.set_trace_tag(made, "second", "2")
    client.set_trace_tag(made, "first", "one")
    assert tags(made)["first"] == "one" and tags(made)["second"] == "2"
    mlflow.delete_trace_tag(made, "second")
    assert "second" not in tags(made)
    with pytest.raises(MlflowException) as raised:
        client.delete_trace_tag(made, "second")
    assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST"


@pytest.mark.parametrize("key", ["with space", "a.b", "a/b", "a-b_c", "ünï", "at:colon"])
def test_odd_keys(experiment, client, trace, key):
    made = trace("tagged").info.trace_id
    try:
        client.set_trace_tag(made, key, "v")
    except MlflowException as error:
        assert error.error_code == "INVALID_PARAMETER_VALUE"
        assert key == "ünï"
        return
    assert tags(made)[key] == "v"
    client.delete_trace_tag(made, key)
    assert key not in tags(made)


@pytest.mark.parametrize("value", ["", "x" * 4096, "ünï 実験 🚀", '{"json": [1]}', "line\nline"])
def test_odd_values(experiment, client, trace, value):
    made = trace("tagged").info.trace_id
    client.set_trace_tag(made, "k", value)
    assert tags(made)["k"] == value


def test_values_that_are_no_text_become_text(experiment, client, trace):
    made = trace("tagged").info.trace_id
    client.set_trace_tag(made, "number", 3)
    assert tags(made)["number"] == "3"


def test_values_that_are_too_long_are_cut(experiment, client, trace):
    made = trace("tagged").info.trace_id
    client.set_trace_tag(made, "k", "x" * 9_000)
    assert len(tags(made)["k"]) in (4_096, 8_000)


def test_the_name_of_a_trace_is_a_tag(experiment, client, trace):
    made = trace("first").info.trace_id
    client.set_trace_tag(made, "mlflow.traceName", "second")
    assert len(client.search_traces(locations=[experiment], filter_string="name = 'second'")) == 1


def test_a_trace_that_does_not_exist(client):
    with pytest.raises(MlflowException) as raised:
        client.set_trace_tag("tr-" + "0" * 32, "k", "v")
    # The reference says BAD_REQUEST and shows its SQL.
    assert raised.value.error_code in ("RESOURCE_DOES_NOT_EXIST", "BAD_REQUEST")
    with pytest.raises(MlflowException) as raised:
        client.delete_trace_tag("tr-" + "0" * 32, "k")
    assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST"
