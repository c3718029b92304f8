"""Data sets: made, merged by content, searched, tagged, tied to experiments, emptied and deleted."""

import json

import mlflow
import pandas
import pytest
from mlflow.exceptions import MlflowException
from mlflow.genai import datasets


@pytest.fixture
def data(experiment, unique):
    return datasets.create_dataset(name=unique("data"), experiment_id=experiment, tags={"team": "search"})


def rows(data):
    """The records, by the text of their question."""
    frame = datasets.get_dataset(dataset_id=data.dataset_id).to_df()
    return {row["inputs"]["question"]: row for row in frame.to_dict("records")}


def test_a_new_one_is_empty(data, experiment):
    found = datasets.get_dataset(dataset_id=data.dataset_id)
    assert found.dataset_id == data.dataset_id and found.dataset_id.startswith("d-")
    assert found.name == data.name and found.tags["team"] == "search"
    assert found.experiment_ids == [experiment]
    assert found.created_time > 0 and found.last_update_time >= found.created_time
    assert found.digest
    assert found.to_df().empty


def test_it_is_found_by_name(data):
    assert datasets.get_dataset(name=data.name).dataset_id == data.dataset_id


def test_records_come_back(data):
    data.merge_records([
        {
            "inputs": {"question": "a?", "context": {"lang": "ünï", "n": [1, None, 2.5, True]}},
            "expectations": {"expected_response": "A", "facts": ["x", "y"]},
            "tags": {"kind": "easy"},
        },
        {"inputs": {"question": "b?"}, "outputs": {"answer": "B"}},
        {"inputs": {"question": "c?"}, "source": {"source_type": "DOCUMENT", "source_data": {"doc_uri": "file.md"}}},
    ])
    found = rows(data)
    assert set(found) == {"a?", "b?", "c?"}
    assert found["a?"]["inputs"]["context"] == {"lang": "ünï", "n": [1, None, 2.5, True]}
    assert found["a?"]["expectations"] == {"expected_response": "A", "facts": ["x", "y"]}
    assert found["a?"]["tags"]["kind"] == "easy"
    assert found["a?"]["source_type"] == "HUMAN" and found["b?"]["source_type"] == "CODE"
    assert found["b?"]["outputs"] == {"answer": "B"}
    assert found["c?"]["source_type"] == "DOCUMENT"
    assert all(row["dataset_record_id"].startswith("dr-") for row in found.values())
    assert all(row["created_time"] > 0 for row in found.values())


def test_merging_twice_changes_nothing(data):
    records = [{"inputs": {"question": f"{n}?"}, "expectations": {"answer": n}} for n in range(5)]
    data.merge_records([dict(one) for one in records])
    before = rows(data)
    digest = datasets.get_dataset(dataset_id=data.dataset_id).digest
    data.merge_records([dict(one) for one in reversed(records)])
    after = rows(data)
    assert {key: row["dataset_record_id"] for key, row in before.items()} == {
        key: row["dataset_record_id"] for key, row in after.items()
    }
    assert {key: row["expectations"] for key, row in before.items()} == {
        key: row["expectations"] for key, row in after.items()
    }
    assert digest


def test_records_are_one_by_their_inputs_whatever_the_order_of_keys(data):
    data.merge_records([{"inputs": {"question": "q", "a": 1, "b": {"x": 1, "y": 2}}}])
    data.merge_records([{"inputs": {"b": {"y": 2, "x": 1}, "a": 1, "question": "q"}}])
    assert len(datasets.get_dataset(dataset_id=data.dataset_id).to_df()) == 1
    data.merge_records([{"inputs": {"question": "q", "a": 2, "b": {"x": 1, "y": 2}}}])
    assert len(datasets.get_dataset(dataset_id=data.dataset_id).to_df()) == 2


def test_expectations_merge_key_by_key(data):
    data.merge_records([{"inputs": {"question": "q"}, "expectations": {"a": 1, "b": {"x": 1}}, "tags": {"s": "1", "t": "1"}}])
    data.merge_records([{"inputs": {"question": "q"}, "expectations": {"b": {"y": 2}, "c": [3]}, "tags": {"t": "2"}}])
    found = rows(data)["q"]
    assert found["expectations"] == {"a": 1, "b": {"y": 2}, "c": [3]}
    assert found["tags"]["s"] == "1" and found["tags"]["t"] == "2"
    data.merge_records([{"inputs": {"question": "q"}}])
    assert rows(data)["q"]["expectations"] == {"a": 1, "b": {"y": 2}, "c": [3]}


def test_outputs_are_replaced(data):
    data.merge_records([{"inputs": {"question": "q"}, "outputs": {"a": 1}}])
    data.merge_records([{"inputs": {"question": "q"}, "outputs": {"b": 2}}])
    assert rows(data)["q"]["outputs"] == {"b": 2}


def test_a_frame_is_merged(data):
    data.merge_records(pandas.DataFrame({
        "inputs": [{"question": "a"}, {"question": "b"}], "expectations": [{"x": 1}, {"x": 2}],
    }))
    assert {key: row["expectations"] for key, row in rows(data).items()} == {"a": {"x": 1}, "b": {"x": 2}}


def test_traces_are_merged_with_their_expectations(data, trace, experiment):
    for question in ("one", "two"):
        made = trace("answer", {"question": question}, {"text": question.upper()}, session_id="s-1").info.trace_id
        mlflow.log_expectation(trace_id=made, name="expected_response", value=f"the {question}")
        mlflow.log_feedback(trace_id=made, name="good", value=True)
    found = mlflow.search_traces(locations=[experiment], return_type="list")
    data.merge_records(found)
    data.merge_records(mlflow.search_traces(locations=[experiment]))
    row = rows(data)["one"]
    assert len(rows(data)) == 2
    assert row["expectations"] == {"expected_response": "the one"}
    assert row["outputs"] == {"text": "ONE"}
    assert row["source_type"] == "TRACE"
    assert row["source"].source_data["trace_id"].startswith("tr-")
    assert row["source"].source_data["session_id"] == "s-1"


def test_sessions_to_simulate_are_records(data):
    data.merge_records([{"inputs": {"persona": "Student", "goal": "Find articles", "context": {"id": "U1"}}}])
    frame = datasets.get_dataset(dataset_id=data.dataset_id).to_df()
    assert frame["inputs"][0] == {"persona": "Student", "goal": "Find articles", "context": {"id": "U1"}}
    with pytest.raises(MlflowException):
        data.merge_records([{"inputs": {"question": "q"}}])


def test_the_schema_and_the_profile(data):
    data.merge_records([
        {"inputs": {"question": "a", "n": 1}, "expectations": {"score": 0.5}},
        {"inputs": {"question": "b", "n": 2}, "expectations": {"score": 1.5, "ok": True}},
    ])
    found = datasets.get_dataset(dataset_id=data.dataset_id)
    schema, profile = json.loads(found.schema), json.loads(found.profile)
    assert schema["inputs"] == {"question": "string", "n": "integer"}
    assert schema["expectations"]["score"] == "float" and schema["expectations"]["ok"] == "boolean"
    assert profile["num_records"] == 2


def test_records_that_are_wrong_are_refused(data):
    for records in ([{"expectations": {"a": 1}}], ["text"], [{"inputs": None}], [{"inputs": "text"}]):
        with pytest.raises((MlflowException, TypeError, AttributeError)):
            data.merge_records(records)
    assert datasets.get_dataset(dataset_id=data.dataset_id).to_df().empty


def test_records_are_deleted(data):
    data.merge_records([{"inputs": {"question": name}} for name in "abc"])
    ids = {key: row["dataset_record_id"] for key, row in rows(data).items()}
    assert data.delete_records([ids["a"], ids["c"], "dr-" + "0" * 32]) == 2
    assert set(rows(data)) == {"b"}
    assert data.delete_records([ids["a"]]) == 0
    data.merge_records([{"inputs": {"question": "a"}}])
    assert set(rows(data)) == {"a", "b"}


def test_many_records(data):
    data.merge_records([{"inputs": {"question": str(n)}, "expectations": {"n": n}} for n in range(1_200)])
    found = rows(data)
    assert len(found) == 1_200 and found["777"]["expectations"] == {"n": 777}


def test_records_come_in_pages(data, call):
    data.merge_records([{"inputs": {"question": str(n)}} for n in range(7)])
    query, found, pages = {"max_results": 3}, [], 0
    while True:
        page = call("GET", f"/api/3.0/mlflow/datasets/{data.dataset_id}/records", params=query).json()
        found += [one["inputs"]["question"] for one in json.loads(page["records"])]
        pages += 1
        if not page.get("next_page_token"):
            break
        query["page_token"] = page["next_page_token"]
    assert sorted(found) == [str(n) for n in range(7)] and pages == 3


def test_tags_are_set_and_deleted(data):
    datasets.set_dataset_tags(dataset_id=data.dataset_id, tags={"stage": "old", "n": "1"})
    datasets.set_dataset_tags(dataset_id=data.dataset_id, tags={"stage": "new"})
    found = datasets.get_dataset(dataset_id=data.dataset_id).tags
    assert (found["stage"], found["n"], found["team"]) == ("new", "1", "search")
    datasets.delete_dataset_tag(dataset_id=data.dataset_id, key="n")
    assert "n" not in datasets.get_dataset(dataset_id=data.dataset_id).tags
    datasets.delete_dataset_tag(dataset_id=data.dataset_id, key="n")


def test_experiments_are_added_and_removed(data, experiment, client, unique):
    other = client.create_experiment(unique())
    datasets.add_dataset_to_experiments(dataset_id=data.dataset_id, experiment_ids=[other])
    datasets.add_dataset_to_experiments(dataset_id=data.dataset_id, experiment_ids=[other])
    assert set(datasets.get_dataset(dataset_id=data.dataset_id).experiment_ids) == {experiment, other}
    assert [one.dataset_id for one in datasets.search_datasets(experiment_ids=[other])] == [data.dataset_id]
    datasets.remove_dataset_from_experiments(dataset_id=data.dataset_id, experiment_ids=[experiment])
    assert datasets.get_dataset(dataset_id=data.dataset_id).experiment_ids == [other]
    assert datasets.search_datasets(experiment_ids=[experiment]) == []


def test_searching(client, unique):
    stem = unique("Set")
    experiment = client.create_experiment(stem)
    for letter, part in (("a", "train"), ("b", "test"), ("c", "test")):
        datasets.create_dataset(name=f"{stem}-{letter}", experiment_id=experiment, tags={"part": part})

    def found(filter_string=None, **options):
        options = {"order_by": ["name ASC"], **options}
        listed = datasets.search_datasets(experiment_ids=[experiment], filter_string=filter_string, **options)
        return "".join(one.name[-1] for one in listed)

    assert found() == "abc"
    assert found("tags.part = 'test'") == "bc"
    assert found("tags.part != 'test'") == "a"
    assert found(f"name = '{stem}-a'") == "a"
    assert found(f"name != '{stem}-a'") == "bc"
    assert found(f"name LIKE '{stem}%'") == "abc"
    assert found(f"name ILIKE '{stem.lower()}-B'") == "b"
    assert found("created_time > 0") == "abc" and found("created_time < 1000") == ""
    assert found("last_update_time > 0 AND tags.part = 'train'") == "a"
    assert found(order_by=["name DESC"]) == "cba"
    assert found(order_by=["created_time ASC", "name"]) == "abc"
    assert found(max_results=2) == "ab"
    for filter_string in ("part = 'test'", "name = a", "tags.part = 'a' OR tags.part = 'b'", "'"):
        with pytest.raises(MlflowException) as raised:
            found(filter_string)
        assert raised.value.error_code == "INVALID_PARAMETER_VALUE"
    with pytest.raises(MlflowException) as raised:
        found(order_by=["size"])
    assert raised.value.error_code == "INVALID_PARAMETER_VALUE"


def test_pages_of_data_sets(client, unique):
    stem = unique("Set")
    experiment = client.create_experiment(stem)
    for number in range(5):
        datasets.create_dataset(name=f"{stem}-{number}", experiment_id=experiment)
    found, token = [], None
    while True:
        page = client.search_datasets(experiment_ids=[experiment], max_results=2, order_by=["name"], page_token=token)
        found += [one.name[-1] for one in page]
        token = page.token
        if not token:
            break
    assert found == list("01234")


def test_names(client, unique, experiment):
    name = unique("data")
    datasets.create_dataset(name=name, experiment_id=experiment)
    again = None
    try:
        again = datasets.create_dataset(name=name, experiment_id=experiment)
    except MlflowException as error:
        assert error.error_code == "RESOURCE_ALREADY_EXISTS"
    if again is not None:
        with pytest.raises(MlflowException):
            datasets.get_dataset(name=name)
    with pytest.raises((MlflowException, ValueError)):
        datasets.create_dataset(name="", experiment_id=experiment)


def test_deleting(data, experiment):
    data.merge_records([{"inputs": {"question": "q"}}])
    datasets.delete_dataset(dataset_id=data.dataset_id)
    with pytest.raises(MlflowException) as raised:
        datasets.get_dataset(dataset_id=data.dataset_id)
    assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST"
    assert datasets.search_datasets(experiment_ids=[experiment]) == []


def test_an_unknown_data_set(client, unique):
    unknown = "d-" + "0" * 32
    for act in (
        lambda: datasets.get_dataset(dataset_id=unknown),
        lambda: datasets.get_dataset(name=unique()),
        lambda: datasets.set_dataset_tags(dataset_id=unknown, tags={"a": "1"}),
        lambda: datasets.add_dataset_to_experiments(dataset_id=unknown, experiment_ids=["0"]),
    ):
        with pytest.raises(MlflowException) as raised:
            act()
        assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST", raised.value.message
