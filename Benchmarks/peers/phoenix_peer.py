"""Phoenix: `async_evaluate_dataframe` with its correctness evaluator and a classifier for a guideline."""

from __future__ import annotations

import asyncio
import os
import time

import pandas
from phoenix.evals import LLM, async_evaluate_dataframe, create_classifier
from phoenix.evals.metrics import CorrectnessEvaluator

from rates import CONCURRENCY, rows, told


def main() -> None:
    data = rows()
    frame = pandas.DataFrame({"input": [row["inputs"]["question"] for row in data],
                              "output": [row["outputs"] for row in data]})
    # Its limiter lets few requests a second through at first, unless it is told otherwise.
    rate = float(os.environ["RATE"]) if "RATE" in os.environ else None
    llm = LLM(provider="openai", model="gpt-4o", initial_per_second_request_rate=rate)
    polite = create_classifier(name="polite", prompt_template="Is this answer polite?\n{output}", llm=llm,
                               choices={"correct": 1.0, "incorrect": 0.0})
    began = time.monotonic()
    judges = [CorrectnessEvaluator(llm=llm), polite]
    result = asyncio.run(async_evaluate_dataframe(frame, judges, concurrency=CONCURRENCY, hide_tqdm_bar=True,
                                                  exit_on_error=False))
    told(began, list((result["correctness_score"].notna().astype(int) + result["polite_score"].notna()).astype(int)))


main()
