"""Artifacts: files and folders of a run, listed, read back and refused where their path leaves the run."""

import json

import mlflow
import pytest
from mlflow.exceptions import MlflowException


@pytest.fixture
def run(experiment, client):
    return client.create_run(experiment).info.run_id


def listed(client, run, path=None):
    return {one.path: (one.is_dir, one.file_size) for one in client.list_artifacts(run, path)}


def test_a_file_comes_back_as_it_was(run, client, tmp_path):
    (tmp_path / "data.bin").write_bytes(bytes(range(256)) * 1000)
    client.log_artifact(run, str(tmp_path / "data.bin"))
    assert listed(client, run) == {"data.bin": (False, 256_000)}
    back = mlflow.artifacts.download_artifacts(run_id=run, artifact_path="data.bin")
    with open(back, "rb") as file:
        assert file.read() == bytes(range(256)) * 1000


def test_a_folder(run, client, tmp_path):
    folder = tmp_path / "report"
    (folder / "deep" / "deeper").mkdir(parents=True)
    (folder / "index.html").write_text("<p>so</p>")
    (folder / "deep" / "deeper" / "leaf.txt").write_text("leaf")
    client.log_artifacts(run, str(folder), "reports/today")
    assert listed(client, run) == {"reports": (True, None)}
    assert listed(client, run, "reports/today") == {
        "reports/today/index.html": (False, 9), "reports/today/deep": (True, None),
    }
    assert listed(client, run, "reports/today/deep/deeper") == {"reports/today/deep/deeper/leaf.txt": (False, 4)}
    target = tmp_path / "back"
    target.mkdir()
    mlflow.artifacts.download_artifacts(run_id=run, artifact_path="reports", dst_path=str(target))
    assert (target / "reports" / "today" / "deep" / "deeper" / "leaf.txt").read_text() == "leaf"


def test_texts_objects_and_tables(run, client):
    with mlflow.start_run(run_id=run):
        mlflow.log_text("täxt\n", "notes/n.txt")
        mlflow.log_dict({"a": [1, None, "ü"]}, "d.json")
        mlflow.log_dict({"a": 1}, "d.yaml")
        mlflow.log_table({"question": ["a", "b"], "score": [1, 2]}, "table.json")
        mlflow.log_table({"question": ["c"], "score": [3]}, "table.json")
    root = f"runs:/{run}/"
    assert mlflow.artifacts.load_text(root + "notes/n.txt") == "täxt\n"
    assert mlflow.artifacts.load_dict(root + "d.json") == {"a": [1, None, "ü"]}
    assert "a: 1" in mlflow.artifacts.load_text(root + "d.yaml")
    table = mlflow.load_table("table.json", run_ids=[run])
    assert list(table["question"]) == ["a", "b", "c"] and list(table["score"]) == [1, 2, 3]
    assert json.loads(client.get_run(run).data.tags["mlflow.loggedArtifacts"]) == [
        {"path": "table.json", "type": "table"}
    ]


def test_an_artifact_is_replaced(run):
    with mlflow.start_run(run_id=run):
        mlflow.log_text("long, long ago", "t.txt")
        mlflow.log_text("now", "t.txt")
    assert mlflow.artifacts.load_text(f"runs:/{run}/t.txt") == "now"


@pytest.mark.parametrize(
    "name", ["with space.txt", "ünï 実験.txt", "plus+and&.txt", "semi;colon,comma.txt", "a'b.txt", ".dot"]
)
def test_odd_names(run, client, name):
    with mlflow.start_run(run_id=run):
        mlflow.log_text("content", name)
    assert listed(client, run) == {name: (False, 7)}
    with open(mlflow.artifacts.download_artifacts(run_id=run, artifact_path=name), encoding="utf-8") as file:
        assert file.read() == "content"


def test_a_per_cent_sign_in_a_name(run, client):
    with mlflow.start_run(run_id=run):
        mlflow.log_text("content", "per%20cent.txt")
    # The reference decodes the name twice.
    assert list(listed(client, run)) in (["per%20cent.txt"], ["per cent.txt"])


def test_an_empty_artifact(run, client):
    with mlflow.start_run(run_id=run):
        mlflow.log_text("", "empty")
    assert list(listed(client, run)) == ["empty"]
    assert mlflow.artifacts.load_text(f"runs:/{run}/empty") == ""


def test_a_run_without_artifacts_lists_none(run, client):
    assert client.list_artifacts(run) == []
    assert client.list_artifacts(run, "not/there") == []


def test_what_is_not_there_is_an_error(run):
    with pytest.raises((MlflowException, OSError)):
        mlflow.artifacts.download_artifacts(run_id=run, artifact_path="unknown.txt")


@pytest.mark.parametrize(
    "path",
    ["../out", "a/../../out", "%2e%2e/out", "a/%2e%2e/%2e%2e/out", "..%2fout", "%252e%252e%252fout", "//etc/passwd"],
)
def test_no_path_leaves_the_run(run, experiment, address, path):
    import http.client

    host, _, port = address.removeprefix("http://").partition(":")
    for method, body in (("PUT", b"owned"), ("GET", None)):
        connection = http.client.HTTPConnection(host, int(port or 80), timeout=30)
        try:
            root = f"/api/2.0/mlflow-artifacts/artifacts/{experiment}/{run}/artifacts/"
            connection.request(method, root + path, body)
            reply = connection.getresponse()
            # The reference answers some of them with 500.
            assert reply.status in (400, 403, 404, 500), (method, path, reply.status)
        finally:
            connection.close()


def test_the_list_of_a_path_that_leaves_is_refused(call):
    for path in ("../", "a/../../b", "/etc", "%2e%2e"):
        reply = call("GET", "/api/2.0/mlflow-artifacts/artifacts", params={"path": path})
        assert reply.status_code == 400 or reply.json() == {}, (path, reply.text)


def test_artifacts_of_a_run_by_the_tracking_call(run, call):
    with mlflow.start_run(run_id=run):
        mlflow.log_text("x", "folder/t.txt")
    reply = call("GET", "/api/2.0/mlflow/artifacts/list", params={"run_id": run, "path": "folder"}).json()
    assert reply["files"] == [{"path": "folder/t.txt", "is_dir": False, "file_size": 1}]
    assert reply["root_uri"].endswith(f"/{run}/artifacts")
    for path in ("../", "folder/../.."):
        assert call("GET", "/api/2.0/mlflow/artifacts/list", params={"run_id": run, "path": path}).status_code == 400
