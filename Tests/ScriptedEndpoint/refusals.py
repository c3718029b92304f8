"""The errors of the vendors, in the shapes that their clients know them by."""

from __future__ import annotations

import json
import re
from typing import Any

from asked import Asked
from wire import Reply

ANTHROPIC_TYPES = {400: "invalid_request_error", 401: "authentication_error", 403: "permission_error",
                   404: "not_found_error", 413: "request_too_large", 429: "rate_limit_error", 500: "api_error",
                   503: "api_error", 529: "overloaded_error"}
OPENAI_TYPES = {400: "invalid_request_error", 401: "invalid_request_error", 403: "invalid_request_error",
                404: "invalid_request_error", 429: "requests", 500: "server_error", 503: "service_unavailable_error"}
VLLM_TYPES = {400: "BadRequestError", 401: "Unauthorized", 404: "NotFoundError", 500: "InternalServerError"}
LLAMA_TYPES = {400: "invalid_request_error", 401: "authentication_error", 404: "not_found_error",
               500: "server_error", 503: "unavailable_error"}


def refusal(dialect: str, status: int, message: str, code: str | None = None, param: str | None = None,
            more: dict[str, Any] | None = None) -> Reply:
    """An error's reply. A dialect is `openai`, `vllm`, `llama` or `anthropic`."""
    match dialect:
        case "anthropic":
            body: dict[str, Any] = {
                "type": "error", "error": {"type": ANTHROPIC_TYPES.get(status, "api_error"), "message": message},
                "request_id": "req_scripted",
            }
        case "vllm":
            body = {"error": {"message": message, "type": VLLM_TYPES.get(status, "InternalServerError"),
                              "param": param, "code": status}}
        case "llama":
            body = {"error": {"code": status, "message": message, "type": LLAMA_TYPES.get(status, "server_error"),
                              **(more or {})}}
        case _:
            kind = "insufficient_quota" if code == "insufficient_quota" else OPENAI_TYPES.get(status, "server_error")
            body = {"error": {"message": message, "type": kind, "param": param, "code": code}}
    return Reply(status, {"Content-Type": "application/json"}, json.dumps(body).encode())


def wrong_key(dialect: str, shown: str) -> Reply:
    """A key that isn't the right one; OpenAI shows what it was given, with stars in its middle."""
    if dialect == "anthropic":
        return refusal(dialect, 401, "invalid x-api-key")
    if not shown:
        return refusal(dialect, 401, "You didn't provide an API key.")
    return refusal(dialect, 401, f"Incorrect API key provided: {shown}.", "invalid_api_key")


def unknown_model(dialect: str, model: str) -> Reply:
    message = {"anthropic": f"model: {model}",
               "openai": f"The model `{model}` does not exist or you do not have access to it."}
    return refusal(dialect, 404, message.get(dialect, f"The model `{model}` does not exist."), "model_not_found")


def too_long(dialect: str, tokens: int, context: int) -> Reply:
    if dialect == "anthropic":
        return refusal(dialect, 400, f"prompt is too long: {tokens} tokens > {context} maximum")
    if dialect == "llama":
        sizes = {"n_prompt_tokens": tokens, "n_ctx": context}
        message = f"request ({tokens} tokens) exceeds the available context size ({context} tokens)"
        reply = refusal(dialect, 400, message, more=sizes)
        reply.body = reply.body.replace(b'"invalid_request_error"', b'"exceed_context_size_error"')
        return reply
    message = (f"This model's maximum context length is {context} tokens. However, your messages resulted in {tokens} "
               "tokens. Please reduce the length of the messages.")
    return refusal(dialect, 400, message, "context_length_exceeded", "messages")


def unsupported(dialect: str, asked: Asked, without: set[str]) -> Reply | None:
    """Why the request asks for more than the endpoint can, if it does."""
    body = asked.body
    for form in ("json_schema", "json_object"):
        if asked.form == form and form in without:
            return no_form(dialect, form, asked.vendor)
    if asked.form == "json_object" and dialect == "openai" and "json" not in asked.text.lower():
        message = ("'messages' must contain the word 'json' in some form, to use 'response_format' of type "
                   "'json_object'.")
        return refusal(dialect, 400, message, None, "messages")
    if asked.tools and "tools" in without:
        return refusal(dialect, 400, "tools are not supported by this model", "unsupported_parameter", "tools")
    if asked.tool and "tool_choice" in without:
        message = "tool_choice is not supported by this model"
        return refusal(dialect, 400, message, "unsupported_parameter", "tool_choice")
    if body.get("temperature") not in (None, 1) and "temperature" in without:
        message = (f"Unsupported value: 'temperature' does not support {body['temperature']} with this model. Only the "
                   "default (1) value is supported.")
        return refusal(dialect, 400, message, "unsupported_value", "temperature")
    for name in ("max_tokens", "seed", "top_p", "reasoning_effort"):
        if name in body and name in without:
            hint = " Use 'max_completion_tokens' instead." if name == "max_tokens" else ""
            message = f"Unsupported parameter: '{name}' is not supported with this model.{hint}"
            return refusal(dialect, 400, message, "unsupported_parameter", name)
    return schema_refused(asked) if dialect == "openai" else None


def no_form(dialect: str, form: str, vendor: str) -> Reply:
    if dialect == "llama":
        others = "text" if form == "json_object" else 'text" or "json_object'
        return refusal(dialect, 400, f'response_format type must be one of "{others}", but got: {form}')
    if dialect == "vllm":
        expected = "'text'" if form == "json_object" else "'text' or 'json_object'"
        message = ("[{'type': 'literal_error', 'loc': ('body', 'response_format', 'type'), 'msg': \"Input should be "
                   f"{expected}\", 'input': '{form}'}}]")
        return refusal(dialect, 400, message)
    if vendor == "anthropic":
        return refusal("anthropic", 400, "output_format: Extra inputs are not permitted")
    message = f"Invalid parameter: 'response_format' of type '{form}' is not supported with this model."
    return refusal(dialect, 400, message, None, "response_format")


def schema_refused(asked: Asked) -> Reply | None:
    """What OpenAI refuses in a schema: names, and with `strict` objects that leave something open."""
    wanted = (asked.body.get("response_format") or {}).get("json_schema")
    if asked.form != "json_schema" or not isinstance(wanted, dict):
        return None
    name = wanted.get("name")
    if not isinstance(name, str) or not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name):
        return refusal("openai", 400, "Invalid 'response_format.json_schema.name'.", "invalid_value",
                       "response_format.json_schema.name")
    open_place = loose(asked.schema, ()) if wanted.get("strict") else None
    if open_place:
        return refusal("openai", 400, f"Invalid schema for response_format '{name}': {open_place}", None,
                       "response_format")
    return None


def loose(schema: Any, place: tuple[str, ...]) -> str | None:
    if isinstance(schema, list):
        return next((found for index, one in enumerate(schema) if (found := loose(one, (*place, str(index))))), None)
    if not isinstance(schema, dict):
        return None
    properties = schema.get("properties")
    if schema.get("type") == "object" or isinstance(properties, dict):
        if schema.get("additionalProperties") is not False:
            return f"In context={place}, 'additionalProperties' is required to be supplied and to be false."
        missing = set(properties or {}) - set(schema.get("required", []))
        if missing:
            return (f"In context={place}, 'required' is required to be supplied and to be an array including every key "
                    f"in properties. Missing '{min(missing)}'.")
    inner = [(key, value) for key, value in schema.items() if key in ("items", "anyOf", "allOf", "oneOf")]
    for group in ("properties", "$defs"):
        inner += list((schema.get(group) or {}).items())
    return next((found for key, value in inner if (found := loose(value, (*place, key)))), None)
