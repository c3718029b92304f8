#!/usr/bin/env python3
"""Turns BEGIN's Wizard of Wikipedia files into rows for `retrieval_groundedness`.

usage: begin.py FOLDER [--split dev|test] [--limit N] [--characters N]

FOLDER has begin_dev_wow.tsv and begin_test_wow.tsv. A row's `expectations.human_label` is "yes" where people found the
answer fully attributable to the knowledge, else "no"; answers that they found generic are left out, and so are rows whose
words have over --characters characters in all, which is for models with little context.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import pathlib
from collections.abc import Iterator
from typing import Any

LABELS = {"Fully attributable": "yes", "Not fully attributable": "no"}


def rows(folder: pathlib.Path, split: str, characters: int) -> Iterator[dict[str, Any]]:
    with open(folder / f"begin_{split}_wow.tsv", encoding="utf-8", newline="") as file:
        for number, line in enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE), 1):
            label = LABELS.get(line["begin_label"])
            size = sum(len(line[name]) for name in ("knowledge", "message", "response"))
            if label is None or size > characters:
                continue
            yield {
                "id": f"begin-{split}-{number}", "inputs": {"question": line["message"]}, "outputs": line["response"],
                "retrieved_documents": [{"content": line["knowledge"]}], "expectations": {"human_label": label},
                "tags": {"system": line["model_name"]},
            }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--split", choices=("dev", "test"), default="dev")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--characters", type=int, default=2400)
    given = parser.parse_args()
    for row in itertools.islice(rows(given.folder, given.split, given.characters), given.limit):
        print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main()
