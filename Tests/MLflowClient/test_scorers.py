"""Scorers that are registered: versions, lists, deletion, and the sampling that monitoring will go by."""

import pytest
from mlflow.exceptions import MlflowException
from mlflow.genai import scorers
from mlflow.genai.judges import make_judge
from mlflow.genai.scorers.registry import list_scorer_versions
from mlflow.genai.scorers import Guidelines, RegexMatch, ResponseLength, ScorerSamplingConfig, scorer


def judge(name="polite", words="Is {{ outputs }} polite?"):
    return make_judge(name=name, instructions=words, model="openai:/judge", feedback_value_type=bool)


def test_a_registered_judge_comes_back(experiment):
    judge().register(experiment_id=experiment)
    found = scorers.get_scorer(name="polite", experiment_id=experiment)
    assert found.name == "polite"
    assert found.instructions == "Is {{ outputs }} polite?" and found.model == "openai:/judge"


def test_registering_again_makes_a_version(experiment):
    for number in (1, 2, 3):
        judge(words=f"Version {number}: {{{{ outputs }}}}").register(experiment_id=experiment)
    assert scorers.get_scorer(name="polite", experiment_id=experiment).instructions.startswith("Version 3")
    for number in (1, 2, 3):
        found = scorers.get_scorer(name="polite", experiment_id=experiment, version=number)
        assert found.instructions.startswith(f"Version {number}")
    versions = list_scorer_versions(name="polite", experiment_id=experiment)
    assert sorted(number for _, number in versions) == [1, 2, 3]


def test_the_list_has_the_newest_of_each(experiment):
    judge("a", "old {{ outputs }}").register(experiment_id=experiment)
    judge("a", "new {{ outputs }}").register(experiment_id=experiment)
    judge("b").register(experiment_id=experiment)
    found = {one.name: one for one in scorers.list_scorers(experiment_id=experiment)}
    assert set(found) == {"a", "b"} and found["a"].instructions == "new {{ outputs }}"


def test_scorers_belong_to_their_experiment(experiment, client, unique):
    other = client.create_experiment(unique())
    judge().register(experiment_id=experiment)
    assert scorers.list_scorers(experiment_id=other) == []
    with pytest.raises(MlflowException):
        scorers.get_scorer(name="polite", experiment_id=other)


def test_built_in_scorers_come_back(experiment):
    Guidelines(name="rules", guidelines=["Be brief.", "Be kind."], model="openai:/judge").register(experiment_id=experiment)
    RegexMatch(pattern="^A").register(name="starts_with_a", experiment_id=experiment)
    ResponseLength(max_length=3).register(experiment_id=experiment)
    found = scorers.get_scorer(name="rules", experiment_id=experiment)
    assert type(found) is Guidelines and found.guidelines == ["Be brief.", "Be kind."]
    assert scorers.get_scorer(name="starts_with_a", experiment_id=experiment)(outputs="Ab").value == "yes"
    assert len(scorers.list_scorers(experiment_id=experiment)) == 3


def test_a_function_can_not_be_registered_outside_of_databricks(experiment):
    @scorer
    def long_enough(outputs):
        return len(outputs) > 3

    try:
        long_enough.register(experiment_id=experiment)
    except MlflowException as error:
        assert error.error_code == "INVALID_PARAMETER_VALUE"
    else:
        assert scorers.get_scorer(name="long_enough", experiment_id=experiment)(outputs="four") is True


def test_deleting_a_version_and_all(experiment):
    for _ in range(3):
        judge().register(experiment_id=experiment)
    scorers.delete_scorer(name="polite", experiment_id=experiment, version=2)
    versions = list_scorer_versions(name="polite", experiment_id=experiment)
    assert sorted(number for _, number in versions) == [1, 3]
    with pytest.raises(MlflowException) as raised:
        scorers.get_scorer(name="polite", experiment_id=experiment, version=2)
    assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST"
    scorers.delete_scorer(name="polite", experiment_id=experiment, version="all")
    assert scorers.list_scorers(experiment_id=experiment) == []


def test_an_unknown_scorer(experiment):
    for act in (
        lambda: scorers.get_scorer(name="unknown", experiment_id=experiment),
        lambda: list_scorer_versions(name="unknown", experiment_id=experiment),
        lambda: scorers.delete_scorer(name="unknown", experiment_id=experiment, version=1),
        lambda: scorers.delete_scorer(name="unknown", experiment_id=experiment, version="all"),
    ):
        with pytest.raises(MlflowException) as raised:
            act()
        assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST", raised.value.message


@pytest.fixture
def sampled_model(call, unique):
    """A model that the reference monitors with: it must be one of its gateway. A server without a gateway takes any."""
    name = unique("model")

    def made(what, **body):
        reply = call("POST", f"/api/3.0/mlflow/gateway/{what}/create", json=body)
        return reply.json() if reply.status_code == 200 else None

    secret = made("secrets", secret_name=name, secret_value={"api_key": "no-key"}, provider="openai")
    if secret is None:
        return "openai:/judge"
    model = made(
        "model-definitions", name=name, secret_id=secret["secret"]["secret_id"], provider="openai", model_name="judge"
    )["model_definition"]["model_definition_id"]
    made("endpoints", name=name, model_configs=[{"model_definition_id": model, "linkage_type": "PRIMARY", "weight": 1}])
    return f"gateway:/{name}"


def test_sampling_is_started_changed_and_stopped(experiment, sampled_model):
    made = make_judge(
        name="polite", instructions="Is {{ outputs }} polite?", model=sampled_model, feedback_value_type=bool
    ).register(experiment_id=experiment)
    assert not scorers.get_scorer(name="polite", experiment_id=experiment).sample_rate
    started = made.start(
        experiment_id=experiment, sampling_config=ScorerSamplingConfig(sample_rate=0.5, filter_string="status = 'OK'")
    )
    assert started.sample_rate == 0.5
    found = scorers.get_scorer(name="polite", experiment_id=experiment)
    assert (found.sample_rate, found.filter_string) == (0.5, "status = 'OK'")
    found.update(experiment_id=experiment, sampling_config=ScorerSamplingConfig(sample_rate=0.25))
    (listed,) = scorers.list_scorers(experiment_id=experiment)
    assert listed.sample_rate == 0.25
    found.stop(experiment_id=experiment)
    assert not scorers.get_scorer(name="polite", experiment_id=experiment).sample_rate


def test_a_scorer_can_be_stopped_that_was_not_started(experiment):
    judge().register(experiment_id=experiment).stop(experiment_id=experiment)
    assert not scorers.get_scorer(name="polite", experiment_id=experiment).sample_rate


def test_sampling_that_is_wrong_is_refused(experiment):
    made = judge().register(experiment_id=experiment)
    for sampling in (
        ScorerSamplingConfig(sample_rate=0), ScorerSamplingConfig(sample_rate=1.5), ScorerSamplingConfig(sample_rate=-1),
        ScorerSamplingConfig(sample_rate=1, filter_string="what ever"),
    ):
        with pytest.raises(MlflowException) as raised:
            made.start(experiment_id=experiment, sampling_config=sampling)
        assert raised.value.error_code == "INVALID_PARAMETER_VALUE", raised.value.message


def test_names_of_scorers_that_are_wrong_are_refused(experiment, call):
    for name in ("", " ", 3, None):
        reply = call("POST", "/api/3.0/mlflow/scorers/register", json={
            "experiment_id": experiment, "name": name, "serialized_scorer": "{}",
        })
        assert reply.status_code == 400, (name, reply.text)


def test_a_scorer_of_an_unknown_experiment(call):
    reply = call("GET", "/api/3.0/mlflow/scorers/list", params={"experiment_id": "987654321987"})
    assert reply.status_code in (200, 404)
