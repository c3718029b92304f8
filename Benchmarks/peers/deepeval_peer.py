"""DeepEval: `evaluate` with two GEval metrics whose steps are given, so that each is one call a row."""

from __future__ import annotations

import os
import time
from typing import Any

from deepeval import evaluate
from deepeval.evaluate import AsyncConfig, CacheConfig, DisplayConfig, ErrorConfig
from deepeval.metrics import GEval
from deepeval.models import OpenAIModel
from deepeval.test_case import LLMTestCase, SingleTurnParams

from rates import CONCURRENCY, rows, told


class OneClient(OpenAIModel):
    """The model with a client that is kept: by itself it makes one a call, and reads all certificates each time."""

    clients: dict[bool, Any] = {}

    def load_model(self, async_mode: bool = False) -> Any:
        if async_mode not in self.clients:
            self.clients[async_mode] = super().load_model(async_mode)
        return self.clients[async_mode]


def main() -> None:
    cases = [LLMTestCase(input=row["inputs"]["question"], actual_output=row["outputs"],
                         expected_output=row["expectations"]["expected_response"]) for row in rows()]
    kind = OneClient if "KEEP_CLIENT" in os.environ else OpenAIModel
    model = kind(model="gpt-4o", base_url=os.environ["OPENAI_BASE_URL"])
    fields = [SingleTurnParams.ACTUAL_OUTPUT, SingleTurnParams.EXPECTED_OUTPUT]
    metrics = [GEval(name="correctness", model=model, evaluation_params=fields,
                     evaluation_steps=["Compare the actual output with the expected output."]),
               GEval(name="polite", model=model, evaluation_params=fields[:1],
                     evaluation_steps=["Check that the actual output is polite."])]
    began = time.monotonic()
    result = evaluate(cases, metrics, async_config=AsyncConfig(max_concurrent=CONCURRENCY),
                      display_config=DisplayConfig(show_indicator=False, print_results=False, inspect_after_run=False),
                      cache_config=CacheConfig(write_cache=False), error_config=ErrorConfig(ignore_errors=True))
    values = [sum(metric.score is not None for metric in one.metrics_data or []) for one in result.test_results]
    told(began, values + [0] * (len(cases) - len(values)))


main()
