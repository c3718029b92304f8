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
    import urllib3

    host = urlsplit(address).netloc
    plain = urllib3.HTTPConnectionPool.urlopen

    def urlopen(pool: Any, method: str, url: str, body: Any = None, *arguments: Any, **options: Any) -> Any:
        began = time.monotonic()
        reply = plain(pool, method, url, body, *arguments, **options)
        if f"{pool.host}:{pool.port}" == host:
            write(path, method, url, body, reply, (time.monotonic() - began) * 1000)
        return reply

    urllib3.HTTPConnectionPool.urlopen = urlopen


def write(path: str, method: str, url: str, body: Any, reply: Any, milliseconds: float) -> None:
    parts = urlsplit(url)
    line = {
        "test": os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0], "method": method, "path": parts.path,
        "query": parts.query, "status": reply.status, "ms": round(milliseconds, 1),
    }
    if (sent := as_json(body)) is not None:
        line["sent"] = sent
    # `requests` reads the body after this; urllib3 lends it only where it was read already.
    if "json" in reply.headers.get("Content-Type", "") and not parts.path.startswith("/api/2.0/mlflow-artifacts/artifacts/"):
        data = reply.read(decode_content=True)
        reply._fp, reply._fp_bytes_read, reply._decoder, reply.chunked = Replay(data), 0, None, False
        reply.headers.pop("Content-Encoding", None)
        reply.headers.pop("Transfer-Encoding", None)
        reply.length_remaining = len(data)
        line["replied"] = as_json(data)
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


class Replay:
    """A body that was read, given once more."""

    def __init__(self, data: bytes) -> None:
        import io

        self.bytes = io.BytesIO(data)

    def read(self, amount: int | None = None) -> bytes:
        return self.bytes.read(amount)

    read1 = read

    @property
    def closed(self) -> bool:
        return self.bytes.closed

    def close(self) -> None:
        self.bytes.close()

    def isclosed(self) -> bool:
        return False


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
