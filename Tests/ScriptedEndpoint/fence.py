"""Takes fenced data out of a prompt, and finds orders in what is left: the model that obeys whoever isn't fenced."""

from __future__ import annotations

import re

OPENING = re.compile(r"<<<DATA (\S+) ([0-9a-f]{32})\n")
ORDERS = {"OBEY-YES": "yes", "OBEY-NO": "no"}


def unfenced(text: str) -> str:
    """The text without its fences.

    A fence ends at the first line `mark label END>>>` with the mark and label that it began with. One that never ends
    so is no fence, and stays.
    """
    kept: list[str] = []
    at = 0
    while opening := OPENING.search(text, at):
        label, mark = opening.groups()
        closing = f"\n{mark} {label} END>>>"
        end = text.find(closing, opening.end())
        if end < 0:
            kept.append(text[at : opening.end()])
            at = opening.end()
        else:
            kept.append(text[at : opening.start()])
            at = end + len(closing)
    return "".join([*kept, text[at:]])


def obeyed(texts: list[str], orders: dict[str, str]) -> str:
    """The verdict of the last order that nobody fenced; "no" where there is none."""
    found = (-1, "no")
    rest = "\n".join(unfenced(text) for text in texts)
    for words, verdict in orders.items():
        found = max(found, (rest.lower().rfind(words.lower()), verdict))
    return found[1] if found[0] >= 0 else "no"
