"""Embeddings without a model: each word pushes a few dimensions, so that texts with common words are near."""

from __future__ import annotations

import base64
import functools
import hashlib
import math
import re
import struct
from typing import Any

PUSHES = 8


@functools.lru_cache(maxsize=1 << 16)
def pushes(word: str) -> tuple[tuple[int, float], ...]:
    digest = hashlib.blake2b(word.encode(), digest_size=PUSHES * 3).digest()
    return tuple(
        (int.from_bytes(digest[at : at + 2], "big"), 1.0 if digest[at + 2] & 1 else -1.0)
        for at in range(0, len(digest), 3)
    )


def vector(text: str, dimensions: int) -> list[float]:
    """A unit vector; a text without words has one too."""
    sums = [0.0] * dimensions
    for word in re.findall(r"\w+", text.lower()) or [""]:
        for place, sign in pushes(word):
            sums[place % dimensions] += sign
    length = math.sqrt(sum(value * value for value in sums))
    if length == 0:
        return [1.0] + [0.0] * (dimensions - 1)
    return [value / length for value in sums]


def encoded(values: list[float], encoding: Any) -> Any:
    """As numbers, or as base64 of little-endian floats, which some clients ask for."""
    if encoding == "base64":
        return base64.b64encode(struct.pack(f"<{len(values)}f", *values)).decode()
    return values
