"""Reads what a request asks, whether it speaks OpenAI's language or Anthropic's."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from wire import Request


class Unreadable(Exception):
    """The body isn't what the path takes."""


@dataclass
class Asked:
    """A question to a model, or a request for embeddings."""

    vendor: str
    kind: str
    body: dict[str, Any]
    model: str
    #: The words of the system and the user, and of tools: what an order could hide in.
    heard: list[str] = field(default_factory=list)
    #: All words, the model's own too.
    said: list[str] = field(default_factory=list)
    #: How structure is asked for: `json_schema`, `json_object`, `tool`, or `text`.
    form: str = "text"
    schema: dict[str, Any] | None = None
    #: The tool that must be called.
    tool: str = ""
    #: The tools that may be called: name and schema.
    tools: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    results: int = 0

    @property
    def text(self) -> str:
        return "\n".join(self.said)

    @property
    def tokens(self) -> int:
        """Four characters are a token here, for prompts and replies alike."""
        return (sum(map(len, self.said)) + 3) // 4

    @property
    def digest(self) -> str:
        content = [self.model, self.said, self.schema, self.form]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def words(content: Any) -> str:
    """The text of a message, whether it is one or comes in parts."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    return "\n".join(
        part["text"] if isinstance(part.get("text"), str) else words(part.get("content"))
        for part in content if isinstance(part, dict)
    )


def read(request: Request) -> Asked | None:
    """What is asked; nil where the path is none of ours."""
    path, deployment = request.path, None
    if path.startswith("/openai/deployments/"):
        deployment, _, rest = path.removeprefix("/openai/deployments/").partition("/")
        if "api-version" not in parse_qs(request.query):
            return None
        path = f"/v1/{rest}"
    kinds = {"/v1/chat/completions": ("openai", "chat"), "/v1/messages": ("anthropic", "chat"),
             "/v1/embeddings": ("openai", "embeddings")}
    if path not in kinds or (deployment and path == "/v1/messages"):
        return None
    vendor, kind = kinds[path]
    try:
        body = json.loads(request.body)
    except ValueError as error:
        raise Unreadable(f"We could not parse the JSON body of your request: {error}") from error
    if not isinstance(body, dict):
        raise Unreadable("The body must be an object.")
    asked = Asked(vendor, kind, body, deployment or str(body.get("model", "")))
    if not asked.model:
        raise Unreadable("you must provide a model parameter")
    if kind == "embeddings":
        given = body.get("input")
        asked.said = asked.heard = [given] if isinstance(given, str) else given if isinstance(given, list) else []
        if not asked.said or not all(isinstance(text, str) and text for text in asked.said):
            raise Unreadable("'input' must be a text that isn't empty, or a list of such texts.")
        return asked
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise Unreadable("'messages' must be a list that isn't empty.")
    if vendor == "anthropic" and body.get("system"):
        asked.said.append(words(body["system"]))
        asked.heard.append(asked.said[0])
    for message in messages:
        spoken = words(message.get("content"))
        asked.said.append(spoken)
        if message.get("role") != "assistant":
            asked.heard.append(spoken)
        asked.results += message.get("role") == "tool"
        parts = message.get("content") if isinstance(message.get("content"), list) else []
        asked.results += sum(isinstance(part, dict) and part.get("type") == "tool_result" for part in parts)
    (openai if vendor == "openai" else anthropic)(asked)
    return asked


def openai(asked: Asked) -> None:
    wanted = asked.body.get("response_format") or {}
    if wanted.get("type") in ("json_schema", "json_object"):
        asked.form = wanted["type"]
        asked.schema = (wanted.get("json_schema") or {}).get("schema")
    for tool in asked.body.get("tools") or []:
        function = tool.get("function") or {}
        asked.tools.append((str(function.get("name")), function.get("parameters") or {}))
    choice = asked.body.get("tool_choice")
    if isinstance(choice, dict):
        force(asked, (choice.get("function") or {}).get("name"))
    elif choice == "required" and asked.tools:
        force(asked, asked.tools[0][0])


def anthropic(asked: Asked) -> None:
    wanted = asked.body.get("output_format") or (asked.body.get("output_config") or {}).get("format") or {}
    if wanted.get("type") == "json_schema":
        asked.form, asked.schema = "json_schema", wanted.get("schema")
    for tool in asked.body.get("tools") or []:
        asked.tools.append((str(tool.get("name")), tool.get("input_schema") or {}))
    choice = asked.body.get("tool_choice") or {}
    if choice.get("type") == "tool":
        force(asked, choice.get("name"))
    elif choice.get("type") == "any" and asked.tools:
        force(asked, asked.tools[0][0])


def force(asked: Asked, name: Any) -> None:
    schemas = dict(asked.tools)
    if name not in schemas:
        raise Unreadable(f"the tool '{name}' of 'tool_choice' isn't one of 'tools'")
    asked.form, asked.tool, asked.schema = "tool", name, schemas[name]
