"""A model endpoint without a model, for judges and for instrumented clients: Tests/ScriptedEndpoint as a process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAM = Path(__file__).parent.parent / "ScriptedEndpoint" / "endpoint.py"


class Endpoint:
    """Where it is, and what it was asked."""

    def __init__(self, address: str, log: Path) -> None:
        self.address, self.base_url, self.log = address, f"{address}/v1", log

    def asked(self) -> list[dict[str, Any]]:
        """The bodies of the requests, in order."""
        if not self.log.exists():
            return []
        with open(self.log, encoding="utf-8") as file:
            return [json.loads(line)["body"] for line in file]


@contextmanager
def scripted(folder: Path, rules: list[dict[str, Any]], *options: str) -> Iterator[Endpoint]:
    """An endpoint that follows the rules; it ends when its standard input does."""
    (folder / "script.json").write_text(json.dumps(rules), encoding="utf-8")
    log = folder / "calls.jsonl"
    command = [sys.executable, str(PROGRAM), "--until-eof", "--script", str(folder / "script.json"), "--log", str(log), *options]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Endpoint(process.stdout.readline().split()[1], log)
    finally:
        process.stdin.close()
        process.wait(20)
        process.stdout.close()
