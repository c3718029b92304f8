"""inspect_ai: a task whose output is that of the row, with two model-graded scorers."""

from __future__ import annotations

import time
from typing import Any

from inspect_ai import Task, eval
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import GenerateConfig, ModelOutput, get_model
from inspect_ai.scorer import model_graded_fact, model_graded_qa
from inspect_ai.solver import Generate, TaskState, solver

from rates import CONCURRENCY, rows, told


@solver
def given() -> Any:
    async def solve(state: TaskState, generate: Generate) -> TaskState:
        state.output = ModelOutput.from_content("given", state.metadata["outputs"])
        return state

    return solve


def main() -> None:
    data = rows()
    samples = [Sample(input=row["inputs"]["question"], target=row["expectations"]["expected_response"],
                      metadata={"outputs": row["outputs"]}) for row in data]
    model = get_model("openai/gpt-4o", config=GenerateConfig(max_connections=CONCURRENCY), responses_api=False)
    task = Task(dataset=MemoryDataset(samples), solver=given(),
                scorer=[model_graded_fact(model=model), model_graded_qa(model=model)])
    began = time.monotonic()
    log = eval(task, model=model, max_samples=2 * CONCURRENCY, max_connections=CONCURRENCY, display="none",
               fail_on_error=False)[0]
    scores = [(sample.scores or {}).values() for sample in log.samples or []]
    told(began, [sum(score.value in ("C", "I") for score in those) for those in scores])


main()
