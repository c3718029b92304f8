#!/usr/bin/env python3
"""A model endpoint for tests: it speaks OpenAI's and Anthropic's languages, follows a script, and fails on demand.

Prints `ready http://127.0.0.1:PORT`. Ends on SIGTERM, and with --until-eof when its standard input ends. README.md has
the rules of scripts and the list of faults. GET /calls returns what was counted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import time
from collections import Counter
from typing import IO, Any

from asked import Asked, Unreadable, read
from fence import ORDERS
from model import Model, stars
from refusals import refusal, too_long, unknown_model, unsupported, wrong_key
from replies import as_json
from rules import Attempts, BadScript, Chances, Script
from wire import Connection, Reply, Request

CAPABILITIES = ("json_schema", "json_object", "tools", "tool_choice", "temperature", "max_tokens", "seed", "top_p",
                "reasoning_effort")
SECRETS = ("authorization", "x-api-key", "api-key")


class Rate:
    """So many requests in so many seconds, counted in windows; what is above gets 429."""

    def __init__(self, text: str) -> None:
        count, _, seconds = text.partition("/")
        self.limit, self.seconds = int(count), float(seconds or 1)
        self.window, self.used = -1, 0

    def take(self) -> tuple[bool, dict[str, str]]:
        now = time.monotonic()
        window = int(now / self.seconds)
        if window != self.window:
            self.window, self.used = window, 0
        fits = self.used < self.limit
        self.used += fits
        left = (window + 1) * self.seconds - now
        headers = {"x-ratelimit-limit-requests": str(self.limit), "x-ratelimit-reset-requests": f"{left:.3f}s",
                   "x-ratelimit-remaining-requests": str(self.limit - self.used)}
        return fits, headers if fits else {**headers, "Retry-After": str(max(1, round(left + 0.5)))}


class Endpoint:
    """Answers requests, counts them and writes them down."""

    def __init__(self, options: argparse.Namespace, model: Model, script: Script, chances: Chances) -> None:
        self.options, self.model, self.script, self.chances = options, model, script, chances
        self.attempts, self.began = Attempts(), time.monotonic()
        self.log: IO[str] | None = open(options.log, "a", encoding="utf-8") if options.log else None
        self.live: set[Connection] = set()
        self.rate = Rate(options.rate) if options.rate else None
        self.statuses: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.calls = self.in_flight = self.most_in_flight = self.most_connections = 0

    async def answer(self, request: Request) -> Reply:
        if request.method == "GET" and request.path == "/calls":
            return as_json(self.counted())
        self.calls += 1
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        self.most_connections = max(self.most_connections, len(self.live))
        try:
            fault, reply = self.decide(request)
            self.statuses[str(reply.status)] += 1
            if fault:
                self.faults[fault] += 1
            self.note(request, reply, fault)
            delay = reply.delay or self.options.delay
            if delay:
                await asyncio.sleep(delay)
            if reply.way == "hang":
                await asyncio.Event().wait()
            return reply
        finally:
            self.in_flight -= 1

    def decide(self, request: Request) -> tuple[str | None, Reply]:
        """What is answered, and which fault that is, if it is one."""
        dialect = "anthropic" if request.path == "/v1/messages" else self.options.dialect
        key = shown_key(request)
        if self.options.key and key != self.options.key:
            return None, wrong_key(dialect, stars(key))
        if request.method == "GET" and request.path == "/v1/models":
            models = [{"id": name, "object": "model", "created": 1700000000, "owned_by": "evalhost"}
                      for name in self.options.models or ["scripted"]]
            return None, as_json({"object": "list", "data": models})
        try:
            asked = read(request) if request.method == "POST" else None
        except Unreadable as error:
            return None, refusal(dialect, 400, str(error))
        if asked is None:
            return None, refusal(dialect, 404, f"Invalid URL ({request.method} {request.path})")
        if refused := self.refused(request, asked):
            return None, refused
        attempt = self.attempts.count(asked.digest)
        action = self.script.action(request, asked, attempt)
        fault = action.get("fault") or (None if action else self.chances.fault(asked.digest, attempt))
        fits, headers = self.rate.take() if self.rate else (True, {})
        if not fits or (self.options.max_in_flight and self.in_flight > self.options.max_in_flight):
            fault = "429"
        reply = self.model.answer(asked, action, fault, key)
        reply.headers = {**headers, **reply.headers}
        return fault, reply

    def refused(self, request: Request, asked: Asked) -> Reply | None:
        dialect = self.model.speaks(asked)
        if asked.vendor == "anthropic":
            if "anthropic-version" not in request.headers:
                return refusal(dialect, 400, "anthropic-version: header is required")
            if not isinstance(asked.body.get("max_tokens"), int):
                return refusal(dialect, 400, "max_tokens: Field required")
            if any(message.get("role") not in ("user", "assistant") for message in asked.body["messages"]):
                return refusal(dialect, 400, "messages: Unexpected role. Allowed roles are \"user\" or \"assistant\"")
        if self.options.models and asked.model not in self.options.models:
            return unknown_model(dialect, asked.model)
        if self.options.context and asked.tokens > self.options.context:
            return too_long(dialect, asked.tokens, self.options.context)
        return unsupported(dialect, asked, self.options.without)

    def counted(self) -> dict[str, Any]:
        return {"calls": self.calls, "statuses": dict(self.statuses), "faults": dict(self.faults),
                "in_flight": self.in_flight, "most_in_flight": self.most_in_flight,
                "connections": Connection.opened, "most_connections": self.most_connections}

    def note(self, request: Request, reply: Reply, fault: str | None) -> None:
        """Writes one line, before anything is sent: whoever has the reply finds the line."""
        if not self.log:
            return
        try:
            body = json.loads(request.body) if request.body else None
        except ValueError:
            body = request.body.decode("utf-8", "replace")
        headers = {name: "present" if name in SECRETS else value for name, value in request.headers.items()}
        line = {"call": self.calls, "at": round(time.monotonic() - self.began, 6), "method": request.method,
                "path": request.target, "headers": headers, "body": body, "status": reply.status, "fault": fault,
                "connection": request.connection, "in_flight": self.in_flight}
        self.log.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.log.flush()


def shown_key(request: Request) -> str:
    for name in SECRETS:
        if value := request.headers.get(name):
            return value.removeprefix("Bearer ")
    return ""


def listed(text: str) -> list[str]:
    return [part for part in text.split(",") if part]


def capabilities(text: str) -> set[str]:
    if unknown := set(listed(text)) - set(CAPABILITIES):
        known = ", ".join(CAPABILITIES)
        raise argparse.ArgumentTypeError(f"there is no {', '.join(sorted(unknown))}; there are {known}")
    return set(listed(text))


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add = parser.add_argument
    add("--port", type=int, default=0, help="the port; 0, the default, takes a free one")
    add("--until-eof", action="store_true", help="end when standard input ends")
    add("--script", help="rules: a JSON file")
    add("--faults", default="", metavar="FAULT=SHARE,…", help="faults by chance, such as 429=0.1,json=0.05")
    add("--seed", type=int, default=0, help="what the chances depend on")
    add("--verdict", default="hash", help="yes, no, another label, or hash: by the request's content")
    add("--obey", action="store_true", help="obey the last order outside of fences; else say no")
    add("--order", action="append", default=[], metavar="WORDS=VERDICT", help="a further order")
    add("--log", help="the file that gets a line of JSON for each request")
    add("--key", default="", help="the only key that is right")
    add("--models", type=listed, default=[], metavar="NAME,…", help="the only models that there are")
    add("--context", type=int, default=0, metavar="TOKENS", help="the longest prompt; a token is four characters")
    add("--without", type=capabilities, default=set(), metavar="WHAT,…",
        help=f"what it can't: {', '.join(CAPABILITIES)}")
    add("--dialect", choices=("openai", "vllm", "llama"), default="openai", help="whose errors /v1/chat/completions has")
    add("--delay", type=float, default=0, metavar="SECONDS", help="how long every reply takes")
    add("--drip", type=float, default=0.01, metavar="SECONDS", help="how long each byte of a dripping reply takes")
    add("--retry-after", type=int, default=1, metavar="SECONDS", help="what a 429 says that says something")
    add("--rate", default="", metavar="COUNT/SECONDS", help="429 above this rate, and the rate-limit headers")
    add("--max-in-flight", type=int, default=0, metavar="COUNT", help="429 for what is above")
    add("--dimensions", type=int, default=256, help="of embeddings")
    add("--tool-calls", type=int, default=0, metavar="COUNT", help="call offered tools so often before answering")
    return parser.parse_args(given)


def until_eof(stop: asyncio.Event) -> None:
    loop, end = asyncio.get_running_loop(), sys.stdin.fileno()

    def read_on() -> None:
        if not os.read(end, 4096):
            loop.remove_reader(end)
            stop.set()

    try:
        loop.add_reader(end, read_on)
    except PermissionError:  # A file, which has its end already.
        stop.set()


async def serve(options: argparse.Namespace) -> None:
    orders = {**ORDERS, **dict(order.rsplit("=", 1) for order in options.order)}
    model = Model(options.dialect, options.verdict, options.obey, orders, options.dimensions, options.context,
                  options.retry_after, options.drip, options.tool_calls)
    script = Script.load(options.script) if options.script else Script([])
    endpoint = Endpoint(options, model, script, Chances(options.faults, options.seed))
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = await loop.create_server(
        lambda: Connection(endpoint.answer, endpoint.live), "127.0.0.1", options.port, backlog=1024
    )
    print(f"ready http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    if options.until_eof:
        until_eof(stop)
    await stop.wait()
    server.close()
    for connection in list(endpoint.live):
        connection.transport.abort()


def main() -> None:
    try:
        asyncio.run(serve(arguments()))
    except (BadScript, OSError) as error:
        print(f"endpoint.py: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
