"""The replies of the vendors' endpoints: what a model said, in their words."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from asked import Asked
from vectors import encoded, vector
from wire import Reply


@dataclass
class Said:
    """What the model says: text, tool calls (name and arguments), or a refusal."""

    text: str | None = None
    tools: list[tuple[str, Any]] = field(default_factory=list)
    refusal: str | None = None
    #: How it ended, as OpenAI says it: `stop`, `length`, `content_filter`, `tool_calls`.
    finish: str = "stop"
    no_usage: bool = False
    no_choice: bool = False

    @property
    def tokens(self) -> int:
        length = len(self.text or self.refusal or "") + sum(len(json.dumps(given)) for _, given in self.tools)
        return (length + 3) // 4


def spoken(asked: Asked, said: Said) -> Reply:
    body = (openai if asked.vendor == "openai" else anthropic)(asked, said)
    if said.no_usage:
        del body["usage"]
    return as_json(body)


def as_json(body: Any, status: int = 200) -> Reply:
    return Reply(status, {"Content-Type": "application/json"}, json.dumps(body, ensure_ascii=False).encode())


def openai(asked: Asked, said: Said) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": said.text, "refusal": said.refusal}
    if said.tools:
        message["tool_calls"] = [
            {"id": f"call_{asked.digest[:8]}_{index}", "type": "function",
             "function": {"name": name, "arguments": given if isinstance(given, str) else json.dumps(given)}}
            for index, (name, given) in enumerate(said.tools)
        ]
    # A tool that was forced ends with `stop`, as OpenAI has it.
    finish = "tool_calls" if said.tools and not asked.tool and said.finish == "stop" else said.finish
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": finish}
    return {
        "id": f"chatcmpl-{asked.digest[:24]}", "object": "chat.completion", "created": 1700000000, "model": asked.model,
        "choices": [] if said.no_choice else [choice],
        "usage": {"prompt_tokens": asked.tokens, "completion_tokens": said.tokens,
                  "total_tokens": asked.tokens + said.tokens,
                  "prompt_tokens_details": {"cached_tokens": 0}, "completion_tokens_details": {"reasoning_tokens": 0}},
    }


def anthropic(asked: Asked, said: Said) -> dict[str, Any]:
    content: list[dict[str, Any]] = []
    if said.text is not None or said.refusal is not None:
        content.append({"type": "text", "text": said.text if said.text is not None else said.refusal})
    for index, (name, given) in enumerate(said.tools):
        content.append({"type": "tool_use", "id": f"toolu_{asked.digest[:8]}_{index}", "name": name, "input": given})
    reasons = {"stop": "tool_use" if said.tools else "end_turn", "length": "max_tokens", "content_filter": "refusal"}
    reason = "refusal" if said.refusal is not None else reasons.get(said.finish, said.finish)
    return {
        "id": f"msg_{asked.digest[:24]}", "type": "message", "role": "assistant", "model": asked.model,
        "content": [] if said.no_choice else content, "stop_reason": reason, "stop_sequence": None,
        "usage": {"input_tokens": asked.tokens, "output_tokens": said.tokens,
                  "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0},
    }


def embeddings(asked: Asked, dimensions: int) -> Reply:
    dimensions = int(asked.body.get("dimensions") or dimensions)
    encoding = asked.body.get("encoding_format")
    data = [
        {"object": "embedding", "index": index, "embedding": encoded(vector(text, dimensions), encoding)}
        for index, text in enumerate(asked.said)
    ]
    usage = {"prompt_tokens": asked.tokens, "total_tokens": asked.tokens}
    return as_json({"object": "list", "data": data, "model": asked.model, "usage": usage})
