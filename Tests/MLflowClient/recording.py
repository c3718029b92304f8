"""Writes down every call that the client makes, a line of JSON each, where MLFLOW_CLIENT_CALLS names a file.

A line has `test`, `method`, `path`, `query`, `status`, `ms`, and where they are JSON the bodies `sent` and `replied`.
`python3 recording.py FILE` counts the calls by method and path, with the ids in the paths replaced.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections import Counter, defaultdict
from typing import Any
from urllib.parse import urlsplit

LONGEST_BODY = 20_000
IDS = [
    (r"/traces/(?!get$|search$|batchGet|metrics$|delete-traces$|link-|calculate-)[^/]+", "/traces/{trace_id}"),
    (r"/assessments/[^/]+", "/assessments/{assessment_id}"),
    (r"/datasets/(?!create$|search$)[^/]+", "/datasets/{dataset_id}"),
    (r"(/datasets/\{dataset_id\}/tags)/.+", r"\1/{key}"),
    (r"/logged-models/(?!search$)[^/]+", "/logged-models/{model_id}"),
    (r"(/logged-models/\{model_id\}/tags)/.+", r"\1/{key}"),
    (r"/mlflow-artifacts/artifacts/.+", "/mlflow-artifacts/artifacts/{path}"),
    (r"/issues/(?!search$)[^/]+", "/issues/{issue_id}"),
]


def start(address: str, path: str) -> None:
    """From now on, calls to `address` are appended to the file at `path`."""
    import requests

    plain = requests.Session.send

    def send(session: Any, request: Any, **options: Any) -> Any:
        began = time.monotonic()
        reply = plain(session, request, **options)
        if request.url.startswith(address + "/"):
            write(path, request, reply, not options.get("stream"), (time.monotonic() - began) * 1000)
        return reply

    requests.Session.send = send


def write(path: str, request: Any, reply: Any, was_read: bool, milliseconds: float) -> None:
    parts = urlsplit(request.url)
    line = {
        "test": os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0], "method": request.method, "path": parts.path,
        "query": parts.query, "status": reply.status_code, "ms": round(milliseconds, 1),
    }
    if (sent := as_json(request.body)) is not None:
        line["sent"] = sent
    if was_read and (replied := as_json(reply.content)) is not None:
        line["replied"] = replied
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def as_json(body: Any) -> Any:
    if not body or not isinstance(body, bytes | str) or len(body) > LONGEST_BODY:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return None


def named(path: str) -> str:
    for pattern, name in IDS:
        path = re.sub(pattern, name, path)
    return path


def main(path: str) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    statuses: defaultdict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    with open(path, encoding="utf-8") as file:
        for text in file:
            line = json.loads(text)
            key = (line["method"], named(line["path"]))
            counts[key] += 1
            statuses[key][line["status"]] += 1
    print("| method | path | times | statuses |\n|---|---|---:|---|")
    for (method, name), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        seen = ", ".join(f"{status}×{times}" for status, times in sorted(statuses[method, name].items()))
        print(f"| {method} | `{name}` | {count} | {seen} |")


if __name__ == "__main__":
    main(sys.argv[1])
