"""The model behind the endpoint: it answers in the form that was asked for, or fails in the way that it was told to."""

from __future__ import annotations

import email.utils
import json
import time
from dataclasses import dataclass, field
from typing import Any

from asked import Asked
from fence import ORDERS, obeyed
from fill import Filler, sentence
from refusals import refusal, too_long, unknown_model, wrong_key
from replies import Said, as_json, embeddings, spoken
from wire import Reply

VERDICT = {"type": "object", "properties": {"rationale": {"type": "string"}, "result": {"type": "string"}}}
PAGE = b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1></body></html>\n"
#: Faults of the connection, which `wire.py` does.
WAYS = {"reset", "reset-half", "close", "half", "drip", "hang", "hang-head", "hang-half", "endless", "bomb", "gzip",
        "chunked"}
STATUSES = {"429": 429, "429-after": 429, "429-date": 429, "429-ms": 429, "quota": 429, "500": 500, "502": 502,
            "503": 503, "529": 529, "401": 401, "403": 403, "404": 404}
MESSAGES = {429: "Rate limit reached for requests", 500: "The server had an error while processing your request",
            503: "The engine is currently overloaded", 529: "Overloaded", 403: "Not allowed in your region"}


@dataclass
class Model:
    """How the endpoint answers when no rule says otherwise."""

    dialect: str = "openai"
    verdict: str = "hash"
    obey: bool = False
    orders: dict[str, str] = field(default_factory=lambda: dict(ORDERS))
    dimensions: int = 256
    context: int = 0
    retry_after: int = 1
    drip: float = 0.01
    #: How many results of tools a conversation must have before the model answers, where it may call tools.
    tool_calls: int = 0

    def speaks(self, asked: Asked) -> str:
        return "anthropic" if asked.vendor == "anthropic" else self.dialect

    def answer(self, asked: Asked, action: dict[str, Any], fault: str | None, key: str) -> Reply:
        """The reply to a question: what an action says, else the model's own words; spoilt by a fault."""
        delay = float(action.get("delay", 0))
        if fault and (failed := self.failed(asked, fault, key)):
            reply = failed
        elif "status" in action or "body" in action:
            reply = self.told(asked, action)
        elif asked.kind == "embeddings":
            reply = embeddings(asked, self.dimensions)
        else:
            reply = spoken(asked, self.spoil(asked, self.say(asked, action), fault))
        if fault == "body":
            reply.body = reply.body[: len(reply.body) * 2 // 3]
        if fault in WAYS:
            reply.way = fault
        reply.headers.update(action.get("headers", {}))
        reply.delay, reply.drip = delay, self.drip
        return reply

    def told(self, asked: Asked, action: dict[str, Any]) -> Reply:
        status, body = int(action.get("status", 200)), action.get("body")
        if body is None:
            return refusal(self.speaks(asked), status, MESSAGES.get(status, f"Status {status}"))
        if isinstance(body, str):
            return Reply(status, {"Content-Type": "text/plain"}, body.encode())
        return as_json(body, status)

    def failed(self, asked: Asked, fault: str, key: str) -> Reply | None:
        """The reply of a fault that isn't the model's."""
        dialect = self.speaks(asked)
        if fault in ("401", "key"):
            return wrong_key(dialect if fault == "401" else "openai", key if fault == "key" else stars(key))
        if fault == "404":
            return unknown_model(dialect, asked.model)
        if fault == "quota":
            return refusal(dialect, 429, "You exceeded your current quota, please check your plan and billing details.",
                           "insufficient_quota")
        if fault in STATUSES:
            status = STATUSES[fault]
            if fault == "502":
                page = b"<html><body><h1>502 Bad Gateway</h1></body></html>\n"
                return Reply(502, {"Content-Type": "text/html"}, page)
            code = "rate_limit_exceeded" if status == 429 else None
            reply = refusal(dialect, status, MESSAGES[status], code)
            reply.headers.update(self.waits(fault))
            return reply
        if fault == "context":
            return too_long(dialect, asked.tokens, self.context or max(1, asked.tokens - 1))
        if fault == "filter-400":
            message = "The response was filtered due to the prompt triggering the content management policy."
            return refusal(dialect, 400, message, "content_filter", "prompt")
        if fault == "html":
            return Reply(200, {"Content-Type": "text/html; charset=utf-8"}, PAGE)
        if fault == "error-200":
            reply = refusal(dialect, 500, "upstream failed")
            reply.status = 200
            return reply
        return None

    def waits(self, fault: str) -> dict[str, str]:
        match fault:
            case "429-after":
                return {"Retry-After": str(self.retry_after)}
            case "429-date":
                return {"Retry-After": email.utils.formatdate(time.time() + self.retry_after, usegmt=True)}
            case "429-ms":
                return {"retry-after-ms": str(self.retry_after * 1000)}
        return {}

    def say(self, asked: Asked, action: dict[str, Any]) -> Said:
        """What the model says if nothing goes wrong."""
        finish = action.get("finish", "stop")
        if "refusal" in action:
            return Said(refusal=action["refusal"], finish=finish)
        if "tools" in action:
            calls = [(call["name"], call.get("arguments", {})) for call in action["tools"]]
            return Said(action.get("text"), calls, finish=finish)
        if "text" in action:
            return Said(action["text"], finish=finish)
        verdict = action.get("verdict", obeyed(asked.heard, self.orders) if self.obey else self.verdict)
        if not asked.tool and asked.tools and asked.results < self.tool_calls:
            name, schema = asked.tools[asked.results % len(asked.tools)]
            return Said(None, [(name, Filler(schema, asked.digest, verdict).fill())], finish=finish)
        if asked.tool:
            given = action.get("reply", Filler(asked.schema or {}, asked.digest, verdict).fill())
            return Said(None, [(asked.tool, given)], finish=finish)
        if "reply" in action:
            return Said(json.dumps(action["reply"], ensure_ascii=False), finish=finish)
        if asked.form == "text" and "json" not in asked.text.lower():
            return Said(sentence(asked.digest) if verdict == "hash" else f"{sentence(asked.digest)} {verdict}",
                        finish=finish)
        schema = asked.schema or schema_in(asked.text) or VERDICT
        return Said(json.dumps(Filler(schema, asked.digest, verdict).fill(), ensure_ascii=False), finish=finish)

    def spoil(self, asked: Asked, said: Said, fault: str | None) -> Said:
        """What the model says when it goes wrong."""
        match fault:
            case "refusal":
                return Said(refusal="I'm sorry, I can't assist with that request.")
            case "filter":
                return Said(text="", finish="content_filter")
            case "empty":
                return Said(text="" if asked.vendor == "openai" else None)
            case "choices":
                said.no_choice = True
            case "usage":
                said.no_usage = True
            case "length":
                said.finish = "length"
                self.cut(said)
            case "json":
                self.cut(said)
            case "schema":
                self.replace(said, {"verdict_of_something_else": [1, None, {"deep": True}]})
            case "reverse":
                if isinstance(content := self.content(said), dict):
                    self.replace(said, dict(reversed(content.items())))
            case "fenced":
                said.text = f"```json\n{said.text}\n```"
            case "prose":
                said.text = f"Sure, here is my verdict.\n\n{said.text}\n\nTell me if you need anything {{else}}."
            case "think":
                said.text = f"<think>\nIs it {{\"result\": \"no\"}}? Rather not.\n</think>\n\n{said.text}"
        return said

    @staticmethod
    def content(said: Said) -> Any:
        try:
            return said.tools[0][1] if said.tools else json.loads(said.text or "")
        except ValueError:
            return None

    @staticmethod
    def cut(said: Said) -> None:
        if said.tools:
            # Arguments that break off: a text where OpenAI has one, half of the keys where Anthropic has an object.
            name, given = said.tools[0]
            said.tools[0] = (name, dict(list(given.items())[: len(given) // 2]))
        elif said.text:
            said.text = said.text[: max(1, len(said.text) // 2)]

    @staticmethod
    def replace(said: Said, content: Any) -> None:
        if said.tools:
            said.tools[0] = (said.tools[0][0], content)
        else:
            said.text = json.dumps(content, ensure_ascii=False)


def stars(key: str) -> str:
    """A key as OpenAI shows it in its errors."""
    return f"{key[:4]}{'*' * 8}{key[-4:]}" if len(key) > 12 else "*" * len(key)


def schema_in(text: str) -> dict[str, Any] | None:
    """The last JSON Schema of an object that a prompt spells out."""
    decoder, found, at = json.JSONDecoder(), None, text.find("{")
    while at >= 0:
        try:
            value, end = decoder.raw_decode(text, at)
            if isinstance(value, dict) and isinstance(value.get("properties"), dict):
                found = value
        except ValueError:
            end = at + 1
        at = text.find("{", end)
    return found
