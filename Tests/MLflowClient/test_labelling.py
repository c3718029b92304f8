"""Label schemas and review queues: what reviewers are asked, and the traces that wait for them."""

import mlflow
import pytest
from mlflow.exceptions import MlflowException
from mlflow.genai import label_schemas, review_queues
from mlflow.genai.label_schemas import InputCategorical, InputNumeric, InputPassFail, InputText


def schema(experiment, name="good", kind="feedback", asked=None, **options):
    return label_schemas.create_label_schema(
        name, type=kind, input=asked or InputPassFail("Good", "Bad"), experiment_id=experiment, **options
    )


def listed(experiment):
    """By name, without the schema "Feedback", which the reference gives to each experiment."""
    return {one.name: one for one in label_schemas.list_label_schemas(experiment) if one.name != "Feedback"}


@pytest.mark.parametrize(
    "asked",
    [
        InputPassFail("Good", "Bad"), InputCategorical(options=["a", "b", "c"]), InputNumeric(min_value=0, max_value=5), InputText(),
        InputText(max_length=100),
    ],
    ids=repr,
)
def test_a_schema_comes_back(experiment, asked):
    made = schema(experiment, asked=asked, instruction="Look twice.", enable_comment=True)
    for found in (
        label_schemas.get_label_schema(schema_id=made.schema_id),
        label_schemas.get_label_schema("good", experiment_id=experiment),
        listed(experiment)["good"],
    ):
        assert found.schema_id == made.schema_id and found.name == "good"
        assert found.input == asked and found.instruction == "Look twice." and found.enable_comment is True


def test_schemas_are_of_feedback_or_expectations(experiment):
    schema(experiment, "opinion", "feedback")
    schema(experiment, "truth", "expectation", InputText())
    kinds = {name: str(getattr(one.type, "value", one.type)).lower() for name, one in listed(experiment).items()}
    assert kinds == {"opinion": "feedback", "truth": "expectation"}


def test_a_schema_is_updated(experiment):
    made = schema(experiment, asked=InputCategorical(options=["a"]))
    label_schemas.update_label_schema(
        made.schema_id, name="better", instruction="New.", enable_comment=True, input=InputCategorical(options=["a", "b"])
    )
    found = label_schemas.get_label_schema(schema_id=made.schema_id)
    assert (found.name, found.instruction, found.enable_comment) == ("better", "New.", True)
    assert found.input.options == ["a", "b"]
    with pytest.raises(MlflowException) as raised:
        label_schemas.update_label_schema(made.schema_id, input=InputText())
    assert raised.value.error_code == "INVALID_PARAMETER_VALUE"


def test_a_name_that_is_taken_is_refused(experiment):
    schema(experiment)
    with pytest.raises(MlflowException) as raised:
        schema(experiment)
    assert raised.value.error_code == "RESOURCE_ALREADY_EXISTS"


def test_a_schema_is_deleted(experiment):
    made = schema(experiment)
    label_schemas.delete_label_schema(schema_id=made.schema_id)
    with pytest.raises(MlflowException) as raised:
        label_schemas.get_label_schema(schema_id=made.schema_id)
    assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST"
    label_schemas.delete_label_schema(schema_id=made.schema_id)


def test_schemas_come_in_pages(experiment):
    for number in range(5):
        schema(experiment, f"s{number}")
    found, token = [], None
    while True:
        page = label_schemas.list_label_schemas(experiment, max_results=2, page_token=token)
        found += [one.name for one in page]
        token = page.token
        if not token:
            break
    assert sorted(set(found) - {"Feedback"}) == [f"s{number}" for number in range(5)]
    assert len(found) == len(set(found))


def queue(experiment, name="first", **options):
    options = {"queue_type": "custom", "users": ["ann", "bob"], **options}
    return review_queues.create_review_queue(name, experiment_id=experiment, **options)


def test_a_queue_comes_back(experiment):
    asked = schema(experiment)
    made = queue(experiment, schema_ids=[asked.schema_id])
    for found in (
        review_queues.get_review_queue(made.queue_id),
        review_queues.get_review_queue(name="first", experiment_id=experiment),
        review_queues.list_review_queues(experiment_id=experiment)[0],
    ):
        assert found.queue_id == made.queue_id and found.name == "first"
        assert sorted(found.users) == ["ann", "bob"] and found.schema_ids == [asked.schema_id]


def test_queues_of_a_user(experiment):
    queue(experiment, "of ann", users=["ann"])
    queue(experiment, "of both", users=["ann", "bob"])
    assert {one.name for one in review_queues.list_review_queues(user="bob", experiment_id=experiment)} == {"of both"}
    own = review_queues.get_or_create_user_queue("cat", experiment_id=experiment)
    assert own.users == ["cat"]
    assert review_queues.get_or_create_user_queue("cat", experiment_id=experiment).queue_id == own.queue_id


def test_a_queue_is_updated_and_deleted(experiment):
    made = queue(experiment)
    review_queues.update_review_queue(made.queue_id, name="second", users=["cat"])
    found = review_queues.get_review_queue(made.queue_id)
    assert found.name == "second" and found.users == ["cat"]
    review_queues.delete_review_queue(made.queue_id)
    with pytest.raises(MlflowException) as raised:
        review_queues.get_review_queue(made.queue_id)
    assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST"
    review_queues.delete_review_queue(made.queue_id)


def test_items_wait_and_are_done(experiment, trace):
    made = queue(experiment)
    ids = [trace(f"t{number}").info.trace_id for number in range(3)]
    added = review_queues.add_items_to_review_queue(made.queue_id, item_ids=ids)
    assert [one.item_id for one in added] == ids
    review_queues.add_items_to_review_queue(made.queue_id, item_ids=ids[:1])
    assert len(review_queues.list_review_queue_items(made.queue_id)) == 3
    done = review_queues.set_review_queue_item_status(
        made.queue_id, item_id=ids[0], status="complete", completed_by="ann"
    )
    assert done.completed_by == "ann"
    review_queues.set_review_queue_item_status(made.queue_id, item_id=ids[1], status="declined", completed_by="bob")

    def waiting(status):
        return {one.item_id for one in review_queues.list_review_queue_items(made.queue_id, status=status)}

    assert waiting("complete") == {ids[0]} and waiting("declined") == {ids[1]} and waiting("pending") == {ids[2]}
    reopened = review_queues.set_review_queue_item_status(made.queue_id, item_id=ids[0], status="pending")
    assert not reopened.completed_by
    with pytest.raises(MlflowException):
        review_queues.set_review_queue_item_status(made.queue_id, item_id=ids[0], status="complete")
    review_queues.remove_items_from_review_queue(made.queue_id, item_ids=ids[:2])
    assert waiting(None) == {ids[2]}


def test_items_come_in_pages(experiment, trace):
    made = queue(experiment)
    ids = [trace(f"t{number}").info.trace_id for number in range(5)]
    review_queues.add_items_to_review_queue(made.queue_id, item_ids=ids)
    found, token = [], None
    while True:
        page = review_queues.list_review_queue_items(made.queue_id, max_results=2, page_token=token)
        found += [one.item_id for one in page]
        token = page.token
        if not token:
            break
    assert sorted(found) == sorted(ids)


def test_what_is_wrong_is_refused(experiment):
    for act in (
        lambda: queue(experiment, "default"),
        lambda: queue(experiment, "many", users=[f"user {number}" for number in range(11)]),
        lambda: queue(experiment, "own", queue_type="user", users=["somebody else"]),
        lambda: review_queues.get_review_queue(),
    ):
        with pytest.raises(MlflowException) as raised:
            act()
        assert raised.value.error_code == "INVALID_PARAMETER_VALUE", raised.value.message
    queue(experiment, "taken")
    with pytest.raises(MlflowException) as raised:
        queue(experiment, "taken")
    assert raised.value.error_code == "RESOURCE_ALREADY_EXISTS"


def test_issues_are_made_and_named_by_traces(experiment, trace, client):
    from mlflow.tracing.client import TracingClient

    store = TracingClient()
    issue = store._create_issue(experiment_id=experiment, name="Too slow", description="It takes long.")
    made = trace("slow").info.trace_id
    trace("fast")
    mlflow.log_issue(trace_id=made, issue_id=issue.issue_id, issue_name="Too slow", rationale="Ten seconds.")
    (said,) = mlflow.get_trace(made).info.assessments
    assert said.name == issue.issue_id and said.rationale == "Ten seconds." and said.issue.issue_name == "Too slow"
    found = client.search_traces(locations=[experiment], filter_string=f"issue.id = '{issue.issue_id}'")
    assert [one.info.trace_id for one in found] == [made]
