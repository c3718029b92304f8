"""Experiments: made, found, renamed, tagged, deleted and restored."""

import mlflow
import pytest
from mlflow.entities import ViewType
from mlflow.exceptions import MlflowException


def test_an_experiment_is_found_by_its_id_and_by_its_name(client, unique):
    name = unique()
    made = client.create_experiment(name, tags={"team": "search", "empty": ""})
    by_id, by_name = client.get_experiment(made), client.get_experiment_by_name(name)
    assert by_id.experiment_id == by_name.experiment_id == made
    assert by_id.name == name
    assert by_id.lifecycle_stage == "active"
    assert by_id.tags["team"] == "search" and by_id.tags["empty"] == ""
    assert by_id.creation_time > 0 and by_id.last_update_time >= by_id.creation_time
    assert by_id.artifact_location.startswith("mlflow-artifacts:/")


def test_the_default_experiment_is_there(client):
    default = client.get_experiment("0")
    assert (default.experiment_id, default.name) == ("0", "Default")


def test_a_name_that_is_taken_is_refused(client, unique):
    name = unique()
    client.create_experiment(name)
    with pytest.raises(MlflowException, match="already exists") as raised:
        client.create_experiment(name)
    assert raised.value.error_code == "RESOURCE_ALREADY_EXISTS"


@pytest.mark.parametrize("name", ["", "x" * 501])
def test_an_empty_name_and_a_very_long_one_are_refused(client, name):
    with pytest.raises(MlflowException) as raised:
        client.create_experiment(name)
    assert raised.value.error_code == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize("name", ["Ünïcode 実験", "with/slash", "quote's \"double\"", "a%b_c", "emoji 🚀"])
def test_names_keep_their_letters(client, unique, name):
    name = unique(name)
    made = client.create_experiment(name)
    assert client.get_experiment(made).name == name
    assert client.get_experiment_by_name(name).experiment_id == made


def test_set_experiment_makes_what_is_missing_and_takes_what_is_there(unique):
    name = unique()
    first = mlflow.set_experiment(name)
    second = mlflow.set_experiment(name)
    third = mlflow.set_experiment(experiment_id=first.experiment_id)
    assert first.experiment_id == second.experiment_id == third.experiment_id


def test_an_unknown_experiment_is_none_by_name_and_an_error_by_id(client, unique):
    assert client.get_experiment_by_name(unique()) is None
    with pytest.raises(MlflowException) as raised:
        client.get_experiment("987654321987")
    assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_renaming(client, unique):
    name, other, taken = unique(), unique(), unique()
    made = client.create_experiment(name)
    client.create_experiment(taken)
    client.rename_experiment(made, other)
    assert client.get_experiment(made).name == other
    assert client.get_experiment_by_name(name) is None
    with pytest.raises(MlflowException) as raised:
        client.rename_experiment(made, taken)
    # The reference says BAD_REQUEST and shows its SQL.
    assert raised.value.error_code in ("RESOURCE_ALREADY_EXISTS", "BAD_REQUEST")
    assert client.get_experiment(made).name == other


def test_tags_are_set_replaced_and_deleted(client, unique):
    made = client.create_experiment(unique())
    client.set_experiment_tag(made, "owner", "ann")
    client.set_experiment_tag(made, "owner", "bob")
    client.set_experiment_tag(made, "mlflow.note.content", "# Notes\n\nin *Markdown*")
    tags = client.get_experiment(made).tags
    assert tags["owner"] == "bob" and tags["mlflow.note.content"].startswith("# Notes")
    client.delete_experiment_tag(made, "owner")
    assert "owner" not in client.get_experiment(made).tags
    with pytest.raises(MlflowException) as raised:
        client.delete_experiment_tag(made, "owner")
    assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_a_deleted_experiment_can_be_restored(client, unique):
    name = unique()
    made = client.create_experiment(name)
    client.delete_experiment(made)
    assert client.get_experiment(made).lifecycle_stage == "deleted"
    with pytest.raises(MlflowException) as raised:
        client.create_run(made)
    assert raised.value.error_code == "INVALID_PARAMETER_VALUE"
    with pytest.raises(MlflowException) as raised:
        client.create_experiment(name)
    assert raised.value.error_code == "RESOURCE_ALREADY_EXISTS"
    client.restore_experiment(made)
    assert client.get_experiment(made).lifecycle_stage == "active"
    assert client.create_run(made).info.experiment_id == made


def test_deleting_an_experiment_deletes_its_runs_and_restoring_restores_them(client, unique):
    made = client.create_experiment(unique())
    run = client.create_run(made).info.run_id
    client.delete_experiment(made)
    assert client.get_run(run).info.lifecycle_stage == "deleted"
    client.restore_experiment(made)
    assert client.get_run(run).info.lifecycle_stage == "active"


def names(client, filter_string, **options):
    return [found.name for found in client.search_experiments(filter_string=filter_string, **options)]


def test_searching(client, unique):
    stem = unique("Search")
    for letter, size in (("a", "1"), ("b", "2"), ("c", "3")):
        client.create_experiment(f"{stem}-{letter}", tags={"stem": stem, "size": size})
    mine = f"tags.stem = '{stem}'"
    assert names(client, mine, order_by=["name"]) == [f"{stem}-a", f"{stem}-b", f"{stem}-c"]
    assert names(client, mine, order_by=["name DESC"])[0] == f"{stem}-c"
    assert names(client, f"name = '{stem}-b'") == [f"{stem}-b"]
    assert names(client, f"attribute.name != '{stem}-b' AND {mine}", order_by=["name ASC"]) == [f"{stem}-a", f"{stem}-c"]
    assert names(client, f"name LIKE '{stem}%'", order_by=["name"])[0] == f"{stem}-a"
    assert names(client, f"name LIKE '{stem.lower()}%'") == []
    assert len(names(client, f"name ILIKE '{stem.lower()}%'")) == 3
    assert names(client, f"{mine} AND tags.size != '2'", order_by=["name"]) == [f"{stem}-a", f"{stem}-c"]
    assert names(client, f"{mine} AND tags.`size` LIKE '3'") == [f"{stem}-c"]
    assert len(names(client, f"{mine} AND creation_time > 0 AND last_update_time > 0")) == 3
    assert names(client, f"{mine} AND creation_time < 1000") == []


def test_the_newest_comes_first(client, unique):
    stem = unique()
    for letter in "ab":
        client.create_experiment(f"{stem}-{letter}")
    found = names(client, f"name LIKE '{stem}%'", order_by=["creation_time DESC", "experiment_id DESC"])
    assert found == [f"{stem}-b", f"{stem}-a"]


def test_deleted_ones_are_found_when_asked_for(client, unique):
    stem = unique()
    client.create_experiment(f"{stem}-kept")
    client.delete_experiment(client.create_experiment(f"{stem}-gone"))
    mine = f"name LIKE '{stem}%'"
    assert names(client, mine) == [f"{stem}-kept"]
    assert names(client, mine, view_type=ViewType.DELETED_ONLY) == [f"{stem}-gone"]
    assert len(names(client, mine, view_type=ViewType.ALL)) == 2


def test_pages_are_followed_by_token(client, unique):
    stem = unique()
    for number in range(5):
        client.create_experiment(f"{stem}-{number}")
    found, token, pages = [], None, 0
    while True:
        page = client.search_experiments(
            filter_string=f"name LIKE '{stem}%'", order_by=["name"], max_results=2, page_token=token
        )
        found += [experiment.name for experiment in page]
        token, pages = page.token, pages + 1
        if not token:
            break
    assert found == [f"{stem}-{number}" for number in range(5)]
    assert pages == 3


@pytest.mark.parametrize(
    "filter_string", ["name", "name ~ 'x'", "size = 'x'", "name = x", "name = 'x' OR name = 'y'", "params.x = 'y'", "'"]
)
def test_bad_filters_are_refused(client, filter_string):
    with pytest.raises(MlflowException) as raised:
        client.search_experiments(filter_string=filter_string)
    assert raised.value.error_code == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize("order_by", [["size"], ["name UPWARDS"], [""]])
def test_bad_orders_are_refused(client, order_by):
    with pytest.raises(MlflowException) as raised:
        client.search_experiments(order_by=order_by)
    assert raised.value.error_code == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize("count", [0, -1, 50_001])
def test_page_sizes_have_a_limit(client, count):
    with pytest.raises(MlflowException) as raised:
        client.search_experiments(max_results=count)
    assert raised.value.error_code == "INVALID_PARAMETER_VALUE"
