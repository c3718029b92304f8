"""What the endpoint does besides answering: the rules of a script, and faults by chance."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from asked import Asked
from wire import Request

CONDITIONS = {"model", "text", "regex", "path", "form", "call", "attempt"}
ACTIONS = {"reply", "text", "tools", "status", "headers", "body", "delay", "fault", "finish", "refusal", "verdict"}
#: What can go wrong, and what does: `model.py` and `wire.py` do it.
FAULTS = {
    "429": "no Retry-After", "429-after": "Retry-After in seconds", "429-date": "Retry-After as a date",
    "429-ms": "retry-after-ms", "quota": "429 for an account without money", "500": "", "502": "HTML", "503": "",
    "529": "overloaded", "401": "", "403": "", "404": "", "key": "401 that shows the key that was sent",
    "context": "400, too long", "filter": "cut by the content filter", "filter-400": "refused by the content filter",
    "reset": "before the reply", "reset-half": "amid the reply", "close": "without a reply",
    "half": "less than Content-Length", "drip": "byte by byte", "hang": "no reply", "hang-head": "no body",
    "hang-half": "half a body", "endless": "a body without end", "bomb": "64 MB in 64 KB of gzip",
    "gzip": "", "chunked": "", "html": "a page with status 200", "body": "JSON that breaks off, with status 200",
    "error-200": "an error with status 200", "choices": "no choice", "empty": "no content",
    "json": "content that is broken JSON", "schema": "content that the schema refuses", "refusal": "",
    "length": "cut by the length", "fenced": "content in a Markdown block", "prose": "content amid prose",
    "think": "content after a thought", "reverse": "the object's keys backwards", "usage": "no usage",
}


class BadScript(Exception):
    """A script or a list of faults that means nothing."""


class Script:
    """Rules, of which the first that fits a request applies."""

    def __init__(self, rules: Any) -> None:
        if not isinstance(rules, list):
            raise BadScript("a script is a list of rules")
        for number, rule in enumerate(rules, 1):
            unknown = set(rule) - {"when", "then"} or set(rule.get("when", {})) - CONDITIONS
            unknown = unknown or set(rule.get("then", {})) - ACTIONS
            if unknown:
                raise BadScript(f"rule {number} has a key that nobody reads: {', '.join(sorted(unknown))}")
            fault = rule.get("then", {}).get("fault")
            if fault is not None and fault not in FAULTS:
                raise BadScript(f"rule {number} wants the fault '{fault}', which there isn't")
        self.rules = rules
        self.seen = [0] * len(rules)

    @staticmethod
    def load(path: str) -> Script:
        with open(path, encoding="utf-8") as file:
            try:
                return Script(json.load(file))
            except ValueError as error:
                raise BadScript(f"{path}: {error}") from error

    def action(self, request: Request, asked: Asked, attempt: int) -> dict[str, Any]:
        """What the first rule that fits says; nothing where none does.

        `call` counts the requests that fit the rest of the rule, from 1; `attempt` those with the same content. Each is
        a number, or the first and the last.
        """
        for index, rule in enumerate(self.rules):
            when = rule.get("when", {})
            if not self.fits(when, request, asked):
                continue
            self.seen[index] += 1
            if within(when.get("call"), self.seen[index]) and within(when.get("attempt"), attempt):
                return dict(rule.get("then", {}))
        return {}

    @staticmethod
    def fits(when: dict[str, Any], request: Request, asked: Asked) -> bool:
        return (
            when.get("model", asked.model) == asked.model
            and when.get("path", request.path) == request.path
            and when.get("form", asked.form) == asked.form
            and when.get("text", "") in asked.text
            and ("regex" not in when or re.search(when["regex"], asked.text) is not None)
        )


def within(wanted: Any, number: int) -> bool:
    if wanted is None:
        return True
    if isinstance(wanted, list):
        return bool(wanted[0] <= number <= wanted[1])
    return bool(wanted == number)


class Chances:
    """Faults by chance.

    Which fault a request meets depends on the seed, on its content and on how often that content came before: not on
    the order in which requests arrive, so that a test with many in flight repeats.
    """

    def __init__(self, text: str, seed: int) -> None:
        self.seed = seed
        self.shares = dict(parts(text))
        if sum(self.shares.values()) > 1 + 1e-9:
            raise BadScript("the shares of all faults are more than 1")

    def fault(self, digest: str, attempt: int) -> str | None:
        if not self.shares:
            return None
        drawn = random.Random(f"{self.seed}/{digest}/{attempt}").random()
        for fault, share in self.shares.items():
            drawn -= share
            if drawn < 0:
                return fault
        return None


def parts(text: str) -> Iterator[tuple[str, float]]:
    for part in filter(None, text.split(",")):
        name, _, share = part.partition("=")
        if name not in FAULTS:
            raise BadScript(f"there is no fault '{name}'; there are: {', '.join(FAULTS)}")
        try:
            yield name, float(share)
        except ValueError:
            raise BadScript(f"the share of '{name}' must be a number") from None


class Attempts:
    """How often the same content came."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def count(self, digest: str) -> int:
        self.counts[digest] += 1
        return self.counts[digest]
