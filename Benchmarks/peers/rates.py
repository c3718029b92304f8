"""What every script of a peer needs: the rows, and the line that says how it went."""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

CONCURRENCY = int(os.environ.get("CONCURRENCY", "64"))
JUDGES = 2


def rows() -> list[dict[str, Any]]:
    """The rows of the file that is the first argument."""
    with open(sys.argv[1], encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def told(began: float, values: list[int]) -> None:
    """Prints the rate; `values` has of each row how many of its judges gave a value."""
    took = time.monotonic() - began
    lost = sum(count < JUDGES for count in values)
    print(f"{len(values) / took:.1f} rows/s, {lost} of {len(values)} rows lost, {took:.1f} s")
