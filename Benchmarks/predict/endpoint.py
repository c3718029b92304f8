#!/usr/bin/env python3
"""The endpoint that is measured: it answers each POST after 50 ms with the question. Prints its port; ends with its input."""

import asyncio
import json
import sys

DELAY = 0.05


class Endpoint(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.buffer = b""

    def data_received(self, data):
        self.buffer += data
        head, separator, rest = self.buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        if len(rest) < length:
            return
        body, self.buffer = rest[:length], rest[length:]
        asyncio.get_running_loop().call_later(DELAY, self.answer, body)

    def answer(self, body):
        outputs = json.dumps({"outputs": json.loads(body)["inputs"]["question"]}).encode()
        self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(outputs) + outputs)


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Endpoint, "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
