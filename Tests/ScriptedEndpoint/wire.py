"""HTTP/1.1 as bytes: reads requests of kept connections, and sends replies the right way or one of many wrong ones."""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus

LARGEST_HEAD = 64 << 10
LARGEST_BODY = 64 << 20


@dataclass
class Request:
    """What a client sent; the names of headers are in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]


@dataclass
class Reply:
    """What is sent, and how: see `Connection.deliver` for the ways."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    way: str = "plain"
    delay: float = 0.0
    drip: float = 0.01


def bomb() -> bytes:
    """64 MB of spaces as some 60 KB of gzip."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b" " * (1 << 20)
    return b"".join(packer.compress(block) for _ in range(64)) + packer.flush()


class Malformed(Exception):
    """The bytes are no request."""


class Connection(asyncio.Protocol):
    """One client's connection: a request, its reply, the next request."""

    opened = 0

    def __init__(self, answer: Callable[[Request], Awaitable[Reply]], live: set[Connection]) -> None:
        self.answer, self.live = answer, live
        self.buffer = bytearray()
        self.task: asyncio.Task[None] | None = None
        self.drained = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        Connection.opened += 1
        self.number = Connection.opened
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.drained.set()
        self.live.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        self.live.discard(self)
        self.drained.set()
        if self.task:
            self.task.cancel()

    def pause_writing(self) -> None:
        self.drained.clear()

    def resume_writing(self) -> None:
        self.drained.set()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if self.task is None:
            self.advance()

    def advance(self) -> None:
        try:
            request = self.take()
        except (Malformed, ValueError):
            self.transport.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            self.transport.close()
            return
        if request:
            self.task = asyncio.get_running_loop().create_task(self.serve(request))

    def take(self) -> Request | None:
        """The first request of the buffer, once all of it is there."""
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self.buffer) > LARGEST_HEAD:
                raise Malformed
            return None
        lines = self.buffer[:end].decode("latin-1").split("\r\n")
        words = lines[0].split(" ")
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            raise Malformed
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        if "chunked" in headers.get("transfer-encoding", ""):
            found = self.unchunk(end + 4)
        else:
            length = int(headers.get("content-length", "0"))
            if not 0 <= length <= LARGEST_BODY:
                raise Malformed
            whole = end + 4 + length
            found = (bytes(self.buffer[end + 4 : whole]), whole) if len(self.buffer) >= whole else None
        if found is None:
            if headers.pop("expect", "").lower() == "100-continue" and len(self.buffer) == end + 4:
                self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            return None
        body, used = found
        del self.buffer[:used]
        return Request(words[0], words[1], headers, body, self.number)

    def unchunk(self, at: int) -> tuple[bytes, int] | None:
        body = bytearray()
        while (line := self.buffer.find(b"\r\n", at)) >= 0:
            size = int(self.buffer[at:line].split(b";")[0], 16)
            at = line + 2 + size + 2
            if len(body) + size > LARGEST_BODY:
                raise Malformed
            if len(self.buffer) < at:
                return None
            body += self.buffer[line + 2 : line + 2 + size]
            if size == 0:
                return bytes(body), at
        return None

    async def serve(self, request: Request) -> None:
        kept = request.headers.get("connection", "").lower() != "close"
        reply = await self.answer(request)
        kept = await self.deliver(reply) and kept
        self.task = None
        if not kept:
            self.transport.close()
        elif self.buffer:
            self.advance()

    async def deliver(self, reply: Reply) -> bool:
        """Sends a reply; returns whether the connection can take another request."""
        if reply.way == "hang":
            await asyncio.Event().wait()
        if reply.way == "reset":
            return self.reset()
        if reply.way == "close":
            return False
        body, headers = reply.body, dict(reply.headers)
        if reply.way == "bomb":
            body, headers["Content-Encoding"] = bomb(), "gzip"
        if reply.way == "gzip":
            body, headers["Content-Encoding"] = gzip.compress(body, mtime=0), "gzip"
        if reply.way in ("chunked", "endless"):
            headers["Transfer-Encoding"] = "chunked"
        else:
            headers["Content-Length"] = str(len(body))
        head = self.head(reply.status, headers)
        half = len(body) // 2
        match reply.way:
            case "hang-head":
                self.transport.write(head)
                await asyncio.Event().wait()
            case "half":
                self.transport.write(head + body[:half])
                return False
            case "reset-half":
                self.transport.write(head + body[:half])
                # What was written must have left before the connection is torn down.
                await self.drained.wait()
                return self.reset()
            case "hang-half":
                self.transport.write(head + body[:half])
                await asyncio.Event().wait()
            case "drip":
                for byte in head + body:
                    self.transport.write(bytes([byte]))
                    await asyncio.sleep(reply.drip)
            case "chunked":
                third = max(1, len(body) // 3)
                pieces = [body[at : at + third] for at in range(0, len(body), third)]
                self.transport.write(head)
                for piece in [*pieces, b""]:
                    self.transport.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                    await asyncio.sleep(0)
            case "endless":
                self.transport.write(head)
                while True:
                    self.transport.write(b"10000\r\n" + b" " * 65536 + b"\r\n")
                    await self.drained.wait()
                    await asyncio.sleep(0)
            case _:
                self.transport.write(head + body)
        return headers.get("Connection", "").lower() != "close"

    @staticmethod
    def head(status: int, headers: dict[str, str]) -> bytes:
        try:
            phrase = HTTPStatus(status).phrase
        except ValueError:
            phrase = "Unknown"
        lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in headers.items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def reset(self) -> bool:
        """Ends the connection by RST: closing a socket that lingers for no time sends one."""
        raw = self.transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()
        return False
