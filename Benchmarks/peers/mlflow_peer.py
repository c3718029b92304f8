"""MLflow: `mlflow.genai.evaluate` with Correctness and Guidelines into a SQLite store."""

from __future__ import annotations

import os
import time

from rates import CONCURRENCY, rows, told

os.environ["MLFLOW_GENAI_EVAL_MAX_WORKERS"] = str(CONCURRENCY)

import mlflow  # noqa: E402
from mlflow.genai.scorers import Correctness, Guidelines  # noqa: E402


def main() -> None:
    data = rows()
    mlflow.set_tracking_uri("sqlite:///mlflow.db")
    mlflow.set_experiment("judges")
    judges = [Correctness(model="openai:/gpt-4o"),
              Guidelines(name="polite", guidelines="The answer must be polite.", model="openai:/gpt-4o")]
    began = time.monotonic()
    frame = mlflow.genai.evaluate(data=data, scorers=judges).result_df
    values = [0] * len(data)
    if frame is not None:
        values = list((frame["correctness/value"].notna().astype(int) + frame["polite/value"].notna()).astype(int))
        values += [0] * (len(data) - len(values))
    told(began, values)


main()
