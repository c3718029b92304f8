"""Sessions and users: traces of one conversation, searched together."""

import mlflow
import pytest


@pytest.fixture
def talk(experiment):
    def say(question, session, user="ann"):
        with mlflow.start_span("turn") as span:
            mlflow.update_current_trace(session_id=session, user=user)
            span.set_inputs({"question": question})
            span.set_outputs(question.upper())
        return span.trace_id

    return say


def test_the_turns_of_a_session_come_in_their_order(experiment, talk):
    first = [talk(f"{number}", "s-1") for number in range(3)]
    second = [talk("x", "s-2", user="bob")]
    found = {one.id: [turn.info.trace_id for turn in one] for one in mlflow.search_sessions(locations=[experiment])}
    assert found == {"s-1": first, "s-2": second}
    assert mlflow.search_sessions(locations=[experiment])[0].id == "s-2", "the newest comes first"
    assert len(mlflow.search_sessions(locations=[experiment], max_results=1)) == 1


def test_sessions_without_spans(experiment, talk):
    talk("a", "s-1")
    (found,) = mlflow.search_sessions(locations=[experiment], include_spans=False)
    assert found.traces[0].data.spans == []


def test_traces_without_a_session_are_none(experiment, trace):
    trace("alone")
    assert mlflow.search_sessions(locations=[experiment]) == []


@pytest.mark.parametrize("session", ["with space", "ünï 実験 🚀", "a/b:c", 'quote"d', "x" * 200])
def test_odd_names_of_sessions(experiment, client, talk, session):
    made = talk("a", session)
    assert mlflow.get_trace(made).info.trace_metadata["mlflow.trace.session"] == session
    found = client.search_traces(locations=[experiment], filter_string=f"metadata.`mlflow.trace.session` = '{session}'")
    assert [one.info.trace_id for one in found] == [made]


def test_users(experiment, client, talk):
    of_ann, of_bob = talk("a", "s-1", "ann"), talk("b", "s-1", "bob")
    for user, made in (("ann", of_ann), ("bob", of_bob)):
        found = client.search_traces(locations=[experiment], filter_string=f"metadata.`mlflow.trace.user` = '{user}'")
        assert [one.info.trace_id for one in found] == [made]


def test_sessions_of_a_run(experiment, talk):
    with mlflow.start_run() as run:
        talk("a", "s-1")
    talk("b", "s-2")
    assert [one.id for one in mlflow.search_sessions(locations=[experiment], run_id=run.info.run_id)] == ["s-1"]


def test_the_context_names_the_session_and_the_user(experiment):
    with mlflow.tracing.context(metadata={"mlflow.trace.session": "s-9", "mlflow.trace.user": "cat"}, tags={"t": "1"}):
        with mlflow.start_span("turn") as span:
            pass
    info = mlflow.get_trace(span.trace_id).info
    assert info.trace_metadata["mlflow.trace.session"] == "s-9" and info.trace_metadata["mlflow.trace.user"] == "cat"
    assert info.tags["t"] == "1"
