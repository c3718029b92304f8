#!/usr/bin/env python3
"""Turns HaluEval's general data into rows for `hallucination`.

usage: halueval.py FOLDER [--limit N] [--characters N]

FOLDER has general_data.json, a line each. People marked answers that say what isn't so, without a text to check them
against: the query, which often brings the text to work on, is the row's `inputs.context`. `expectations.human_label` is
"yes" where they found a hallucination. Rows whose words have over --characters characters in all are left out.
"""

from __future__ import annotations

import argparse
import itertools
import json
import pathlib
from collections.abc import Iterator
from typing import Any


def rows(folder: pathlib.Path, characters: int) -> Iterator[dict[str, Any]]:
    with open(folder / "general_data.json", encoding="utf-8") as file:
        for text in file:
            line = json.loads(text)
            # The query is sent twice, as the question and as the context.
            if 2 * len(line["user_query"]) + len(line["chatgpt_response"]) > characters:
                continue
            yield {
                "id": f"halueval-{line['ID']}", "outputs": line["chatgpt_response"],
                "inputs": {"question": line["user_query"], "context": line["user_query"]},
                "expectations": {"human_label": line["hallucination"]},
            }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--characters", type=int, default=2400)
    given = parser.parse_args()
    for row in itertools.islice(rows(given.folder, given.characters), given.limit):
        print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main()
