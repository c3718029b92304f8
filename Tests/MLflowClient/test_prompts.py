"""Prompts: versions, aliases, tags, chat templates, search and deletion."""

import time

import mlflow
import pytest
from mlflow.exceptions import MlflowException
from mlflow.genai import load_prompt, register_prompt, search_prompts


@pytest.fixture
def name(address, unique):
    return unique("prompt")


def test_versions_are_numbered(name):
    first = register_prompt(name, "Say {{ word }}", commit_message="first", tags={"author": "ann"})
    second = register_prompt(name, "Say {{ word }} and {{ other }}", commit_message="second")
    assert (first.version, second.version) == (1, 2)
    assert first.name == second.name == name
    loaded = load_prompt(name, version=1)
    assert loaded.template == "Say {{ word }}" and loaded.commit_message == "first" and loaded.tags["author"] == "ann"
    assert load_prompt(f"prompts:/{name}/2").variables == {"word", "other"}
    assert load_prompt(f"prompts:/{name}@latest").version == 2
    assert load_prompt(name).version == 2
    assert loaded.uri == f"prompts:/{name}/1"
    assert loaded.creation_timestamp > 0
    assert loaded.format(word="hi") == "Say hi"


@pytest.mark.parametrize("template", ["Plain", "ünï {{ a }} 🚀", "line\n\n{{ a }}\n", "{{a}}{{ b }}", "x" * 50_000])
def test_templates_come_back_as_they_went(name, template):
    register_prompt(name, template)
    assert load_prompt(name, version=1).template == template


def test_a_chat_template(name):
    template = [
        {"role": "system", "content": "You are {{ style }}."},
        {"role": "user", "content": "{{ question }}"},
    ]
    register_prompt(name, template)
    loaded = load_prompt(f"prompts:/{name}/1")
    assert loaded.template == template and not loaded.is_text_prompt
    assert loaded.format(style="brief", question="Why?")[1] == {"role": "user", "content": "Why?"}


def test_a_response_format_and_a_configuration_of_the_model(name):
    from pydantic import BaseModel

    class Answer(BaseModel):
        text: str
        score: int

    register_prompt(
        name, "Say {{ word }}", response_format=Answer,
        model_config={"provider": "openai", "model_name": "small", "temperature": 0.5},
    )
    loaded = load_prompt(name, version=1)
    assert loaded.response_format["properties"]["score"]["type"] == "integer"
    assert loaded.model_config["temperature"] == 0.5
    mlflow.genai.set_prompt_model_config(name, 1, {"model_name": "large"})
    assert load_prompt(name, version=1, cache_ttl_seconds=0).model_config == {"model_name": "large"}
    mlflow.genai.delete_prompt_model_config(name, 1)
    assert load_prompt(name, version=1, cache_ttl_seconds=0).model_config is None


def test_aliases(name):
    for number in (1, 2):
        register_prompt(name, f"Version {number}")
    mlflow.genai.set_prompt_alias(name, "production", 1)
    assert load_prompt(f"prompts:/{name}@production").template == "Version 1"
    mlflow.genai.set_prompt_alias(name, "production", 2)
    assert load_prompt(f"prompts:/{name}@production", cache_ttl_seconds=0).template == "Version 2"
    assert "production" in load_prompt(name, version=2, cache_ttl_seconds=0).aliases
    mlflow.genai.delete_prompt_alias(name, "production")
    with pytest.raises(MlflowException):
        load_prompt(f"prompts:/{name}@production", cache_ttl_seconds=0)


def test_aliases_that_are_wrong_are_refused(name):
    register_prompt(name, "Text")
    for alias in ("latest", "v1", ""):
        with pytest.raises(MlflowException) as raised:
            mlflow.genai.set_prompt_alias(name, alias, 1)
        assert raised.value.error_code == "INVALID_PARAMETER_VALUE"
    with pytest.raises(MlflowException) as raised:
        mlflow.genai.set_prompt_alias(name, "ahead", 9)
    assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_tags_of_a_prompt_and_of_a_version(name):
    register_prompt(name, "Text", tags={"of": "version"})
    mlflow.genai.set_prompt_tag(name, "team", "search")
    mlflow.genai.set_prompt_version_tag(name, 1, "stage", "draft")
    assert mlflow.genai.get_prompt_tags(name)["team"] == "search"
    tags = load_prompt(name, version=1, cache_ttl_seconds=0).tags
    assert tags["stage"] == "draft" and tags["of"] == "version" and "team" not in tags
    assert not any(key.startswith("mlflow.prompt") for key in tags), "what is MLflow's own is hidden"
    mlflow.genai.delete_prompt_tag(name, "team")
    mlflow.genai.delete_prompt_version_tag(name, 1, "stage")
    assert "team" not in mlflow.genai.get_prompt_tags(name)
    assert "stage" not in load_prompt(name, version=1, cache_ttl_seconds=0).tags


def test_searching(unique):
    stem = unique("Prompt")
    for letter, team in (("a", "x"), ("b", "y"), ("c", "y")):
        register_prompt(f"{stem}-{letter}", "Text")
        mlflow.genai.set_prompt_tag(f"{stem}-{letter}", "team", team)

    def found(filter_string, **options):
        return sorted(one.name[-1] for one in search_prompts(filter_string=filter_string, **options))

    assert found(f"name LIKE '{stem}%'") == ["a", "b", "c"]
    assert found(f"name = '{stem}-b'") == ["b"]
    assert found(f"name ILIKE '{stem.lower()}%' AND tags.team = 'y'") == ["b", "c"]
    assert len(found(f"name LIKE '{stem}%'", max_results=2)) == 2
    assert found("name = 'unknown'") == []


def test_pages(unique, client):
    stem = unique("prompt")
    for number in range(5):
        register_prompt(f"{stem}-{number}", "Text")
    found, token = [], None
    while True:
        page = client.search_prompts(filter_string=f"name LIKE '{stem}%'", max_results=2, page_token=token)
        found += [one.name[-1] for one in page]
        token = page.token
        if not token:
            break
    assert sorted(found) == list("01234")


def test_versions_are_searched(name, client):
    for number in (1, 2):
        register_prompt(name, f"Version {number}")
    try:
        found = client.search_prompt_versions(name)
    except MlflowException as error:
        assert "only supported" in error.message or "not" in error.message
    else:
        assert sorted(int(one.version) for one in getattr(found, "prompt_versions", found)) == [1, 2]


def test_deleting(name, client):
    for number in (1, 2):
        register_prompt(name, f"Version {number}")
    client.delete_prompt_version(name, "1")
    assert load_prompt(name, version=1, allow_missing=True, cache_ttl_seconds=0) is None
    assert load_prompt(name, version=2, cache_ttl_seconds=0).template == "Version 2"
    client.delete_prompt_version(name, "2")
    client.delete_prompt(name)
    assert load_prompt(name, version=2, allow_missing=True, cache_ttl_seconds=0) is None
    assert list(search_prompts(filter_string=f"name = '{name}'")) == []


def test_versions_go_on_after_a_deletion(name, client):
    register_prompt(name, "1")
    register_prompt(name, "2")
    client.delete_prompt_version(name, "1")
    assert register_prompt(name, "3").version == 3


def test_what_does_not_exist(name):
    assert load_prompt(name, allow_missing=True) is None
    with pytest.raises(MlflowException):
        load_prompt(name, version=1)
    register_prompt(name, "Text")
    with pytest.raises(MlflowException):
        load_prompt(name, version=2)


@pytest.mark.parametrize("bad", ["", "with/slash", "with:colon"])
def test_names_that_are_wrong_are_refused(address, bad):
    with pytest.raises(MlflowException) as raised:
        register_prompt(bad, "Text")
    assert raised.value.error_code == "INVALID_PARAMETER_VALUE"


def test_a_model_s_name_is_not_a_prompt_s(name, client):
    client.create_registered_model(name)
    with pytest.raises(MlflowException):
        register_prompt(name, "Text")
    assert list(search_prompts(filter_string=f"name = '{name}'")) == []


def test_a_prompt_that_a_trace_used_is_linked_to_it(name, experiment):
    register_prompt(name, "Say {{ word }}")

    @mlflow.trace
    def act():
        return load_prompt(name, version=1).format(word="hi")

    act()
    made = mlflow.get_last_active_trace_id()
    deadline = time.monotonic() + 20
    while "mlflow.linkedPrompts" not in (tags := mlflow.get_trace(made).info.tags) and time.monotonic() < deadline:
        pass
    assert name in tags["mlflow.linkedPrompts"]


def test_a_prompt_that_a_run_used_is_linked_to_it(name, experiment, client):
    register_prompt(name, "Say {{ word }}")
    with mlflow.start_run() as run:
        load_prompt(name, version=1)
    deadline = time.monotonic() + 20
    while "mlflow.linkedPrompts" not in (tags := client.get_run(run.info.run_id).data.tags) and time.monotonic() < deadline:
        pass
    assert name in tags["mlflow.linkedPrompts"]
