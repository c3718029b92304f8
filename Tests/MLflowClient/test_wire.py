"""Plain HTTP where the client can't go: what is malformed, of the wrong type, unknown, or on no path at all."""

import json

import mlflow
import pytest

V2, V3 = "/api/2.0/mlflow", "/api/3.0/mlflow"
JSON = {"Content-Type": "application/json"}


def refused(reply, status, code):
    assert reply.status_code == status, (reply.status_code, reply.text)
    body = reply.json()
    assert body["error_code"] == code, body
    assert body["message"]
    assert reply.headers["Content-Type"].startswith("application/json")


def test_the_version(call):
    reply = call("GET", "/version")
    assert reply.status_code == 200 and reply.text == "3.17.2"


def test_the_health(call):
    reply = call("GET", "/health")
    assert reply.status_code == 200 and reply.text.strip('"') == "OK"


def test_what_the_server_is(call):
    body = call("GET", f"{V3}/server-info").json()
    assert body["workspaces_enabled"] is False and body["store_type"]


@pytest.mark.parametrize("path", ["/api/2.0/mlflow/unknown", "/api/9.0/mlflow/runs/get", "/unknown", "/api", "/v1/unknown"])
def test_unknown_paths(call, path):
    assert call("GET", path).status_code == 404
    assert call("POST", path, json={}).status_code in (404, 405)


def test_methods_that_a_path_has_not(call):
    assert call("DELETE", f"{V2}/experiments/create").status_code in (404, 405)
    assert call("GET", f"{V2}/runs/create").status_code in (404, 405)
    assert call("GET", "/v1/traces").status_code in (404, 405)


@pytest.mark.parametrize("body", [b"{", b"no JSON", b'{"name": "x"', b"\xff\xfe", b'{"name": "\xff"}'])
def test_bodies_that_are_no_json(call, body):
    for path in (f"{V2}/experiments/create", f"{V2}/runs/search", f"{V3}/traces/search", f"{V3}/datasets/create"):
        reply = call("POST", path, data=body, headers=JSON)
        # The reference takes it for an empty object, and refuses it only where a field is required.
        assert reply.status_code == 400 or reply.json() == {}, (path, reply.status_code, reply.text)


@pytest.mark.parametrize("body", [[], "text", 3, None])
def test_bodies_that_are_no_object(call, body):
    reply = call("POST", f"{V2}/experiments/create", json=body, headers=JSON)
    assert reply.status_code in (400, 500), "the reference fails at some of them"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/experiments/create", {"name": 3}), ("/experiments/create", {"name": ["x"]}), ("/experiments/create", {}),
        ("/experiments/create", {"name": None}), ("/runs/create", {"experiment_id": "0", "start_time": "soon"}),
        ("/runs/search", {"experiment_ids": "0"}), ("/runs/search", {"experiment_ids": ["0"], "max_results": "many"}),
        ("/runs/log-metric", {"run_id": "x", "key": "m", "value": "high", "timestamp": 0}),
        ("/runs/log-metric", {"key": "m", "value": 1, "timestamp": 0}), ("/runs/set-tag", {"run_id": "x", "key": 3, "value": "v"}),
        ("/runs/log-batch", {"run_id": "x", "metrics": {}}), ("/experiments/set-experiment-tag", {"key": "k", "value": "v"}),
        ("/experiments/delete", {}), ("/runs/delete", {}),
    ],
)
def test_fields_of_the_wrong_type_and_fields_that_lack(call, path, body):
    refused(call("POST", V2 + path, json=body), 400, "INVALID_PARAMETER_VALUE")


def test_unknown_fields_are_no_error(call, unique):
    reply = call("POST", f"{V2}/experiments/create", json={"name": unique(), "unknown": {"a": 1}})
    assert reply.status_code == 200, reply.text


def test_numbers_may_come_as_texts(call, experiment, client):
    reply = call("POST", f"{V2}/runs/create", json={"experiment_id": experiment, "start_time": "1700000000000"})
    run = reply.json()["run"]["info"]
    assert run["start_time"] == 1700000000000 and run["run_id"] == run["run_uuid"]


def test_a_run_on_the_wire(call, experiment):
    body = call("POST", f"{V2}/runs/create", json={"experiment_id": experiment, "run_name": "r", "start_time": 1}).json()
    info = body["run"]["info"]
    assert {"run_id", "run_uuid", "experiment_id", "run_name", "status", "start_time", "artifact_uri", "lifecycle_stage"} <= set(info)
    assert info["status"] == "RUNNING" and info["lifecycle_stage"] == "active" and "end_time" not in info
    assert {"key": "mlflow.runName", "value": "r"} in body["run"]["data"]["tags"]


def test_an_experiment_on_the_wire(call, unique):
    name = unique()
    made = call("POST", f"{V2}/experiments/create", json={"name": name, "tags": [{"key": "k", "value": "v"}]}).json()
    assert list(made) == ["experiment_id"] and isinstance(made["experiment_id"], str)
    body = call("GET", f"{V2}/experiments/get", params={"experiment_id": made["experiment_id"]}).json()["experiment"]
    assert body["name"] == name and body["lifecycle_stage"] == "active" and isinstance(body["creation_time"], int)
    assert {"key": "k", "value": "v"} in body["tags"]


def test_unknown_ids(call):
    run, trace, data = "0" * 32, "tr-" + "0" * 32, "d-" + "0" * 32
    for method, path, options in (
        ("GET", f"{V2}/experiments/get", {"params": {"experiment_id": "987654321987"}}),
        ("GET", f"{V2}/experiments/get-by-name", {"params": {"experiment_name": "no such experiment"}}),
        ("GET", f"{V2}/runs/get", {"params": {"run_id": run}}),
        ("GET", f"{V3}/traces/{trace}", {}),
        ("GET", f"{V3}/traces/get", {"params": {"trace_id": trace}}),
        ("GET", f"{V3}/traces/{trace}/assessments/a-0", {}),
        ("GET", f"{V3}/datasets/{data}", {}),
        ("GET", f"{V2}/registered-models/get", {"params": {"name": "no such model"}}),
        ("GET", f"{V2}/logged-models/m-0", {}),
    ):
        refused(call(method, path, **options), 404, "RESOURCE_DOES_NOT_EXIST")


@pytest.mark.parametrize("odd", ["'; DROP TABLE runs; --", "../../etc/passwd", "a" * 300, "ünï", "%00", "\n"])
def test_ids_that_try_something(call, odd):
    from urllib.parse import quote

    for method, path, options in (
        ("GET", f"{V2}/runs/get", {"params": {"run_id": odd}}),
        ("GET", f"{V2}/experiments/get", {"params": {"experiment_id": odd}}),
        ("GET", f"{V3}/traces/{quote(odd, safe='')}", {}),
        ("GET", f"{V3}/traces/get", {"params": {"trace_id": odd}}),
        ("GET", f"{V3}/datasets/{quote(odd, safe='')}", {}),
    ):
        reply = call(method, path, **options)
        assert reply.status_code in (400, 404), (path, reply.status_code, reply.text)
        assert "root:" not in reply.text


def test_batches_of_traces_leave_out_what_is_unknown(call, trace):
    made = trace("here").info.trace_id
    for _ in range(2):
        reply = call("GET", f"{V3}/traces/batchGet", params={"trace_ids": [made, "tr-" + "0" * 32]})
        found = reply.json()["traces"]
        assert [one["trace_info"]["trace_id"] for one in found] == [made]
    assert call("GET", f"{V3}/traces/batchGet", params={"trace_ids": []}).status_code in (200, 400)


def test_a_trace_on_the_wire(call, experiment):
    with mlflow.start_span("root", span_type="CHAIN") as span:
        span.set_inputs({"a": 1})
        span.set_outputs("x")
    mlflow.log_feedback(trace_id=span.trace_id, name="good", value=True)
    info = call("GET", f"{V3}/traces/{span.trace_id}").json()["trace"]["trace_info"]
    assert info["trace_location"] == {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment}}
    assert info["state"] == "OK" and info["request_time"].endswith("Z") and info["execution_duration"].endswith("s")
    assert info["tags"]["mlflow.trace.spansLocation"] == "TRACKING_STORE"
    (said,) = info["assessments"]
    assert said["assessment_name"] == "good" and said["feedback"] == {"value": True} and said["valid"] is True
    whole = call("GET", f"{V3}/traces/get", params={"trace_id": span.trace_id, "allow_partial": "False"}).json()["trace"]
    assert whole["trace_info"] == info
    (one,) = whole["spans"]
    assert one["name"] == "root" and isinstance(one["start_time_unix_nano"], int)
    assert one["status"]["code"] == "STATUS_CODE_OK"
    attributes = {pair["key"]: pair["value"] for pair in one["attributes"]}
    assert json.loads(attributes["mlflow.spanInputs"]["string_value"]) == {"a": 1} if (
        "string_value" in attributes["mlflow.spanInputs"]
    ) else attributes["mlflow.spanInputs"]["kvlist_value"]


def test_the_info_of_a_trace_without_spans(call, experiment, unique):
    import uuid

    made = f"tr-{uuid.uuid4().hex}"
    info = {
        "trace_id": made, "state": "OK", "request_time": "2023-11-14T22:13:20.123Z", "execution_duration": "1.5s",
        "trace_location": {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment}},
        "trace_metadata": {"k": "v"}, "tags": {"t": "1"}, "request_preview": "q", "response_preview": "a",
    }
    for _ in range(2):
        reply = call("POST", f"{V3}/traces", json={"trace": {"trace_info": info}})
        assert reply.status_code == 200, reply.text
    found = call("GET", f"{V3}/traces/{made}").json()["trace"]["trace_info"]
    assert found["request_time"] == info["request_time"] and found["execution_duration"] == "1.500s"
    assert found["trace_metadata"]["k"] == "v" and found["tags"]["t"] == "1" and found["request_preview"] == "q"


def test_the_old_forms_of_the_tags_of_traces(call, trace):
    made = trace("tagged").info.trace_id
    for version, key in ((V2, "two"), (V3, "three")):
        assert call("PATCH", f"{version}/traces/{made}/tags", json={"key": key, "value": "v"}).status_code == 200
        assert mlflow.get_trace(made).info.tags[key] == "v"
        assert call("DELETE", f"{version}/traces/{made}/tags", json={"key": key}).status_code == 200
        assert key not in mlflow.get_trace(made).info.tags


def test_infos_in_a_batch(call, trace):
    made = [trace(name).info.trace_id for name in "ab"]
    reply = call("POST", f"{V3}/traces/batchGetInfos", json={"trace_ids": made})
    assert reply.status_code == 200, reply.text
    infos = next(iter(reply.json().values()))
    assert {one["trace_id"] for one in infos} == set(made)


def test_a_search_of_traces_needs_a_place(call):
    reply = call("POST", f"{V3}/traces/search", json={"locations": []})
    assert reply.status_code in (200, 400), reply.text


def test_a_host_that_is_not_ours_is_refused(call):
    reply = call("GET", f"{V2}/experiments/get", params={"experiment_id": "0"}, headers={"Host": "evil.example"})
    assert reply.status_code in (400, 403, 421), reply.text


def test_a_foreign_page_can_not_write(call, unique):
    reply = call(
        "POST", f"{V2}/experiments/create", json={"name": unique()}, headers={"Origin": "http://evil.example"}
    )
    assert reply.status_code == 403, reply.text
