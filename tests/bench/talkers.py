"""python -m tests.bench.talkers (model PORT SECONDS | catalogue PORT): what the chat benchmarks talk to.

The model speaks OpenAI's wire format: it asks the search tool once, then says true sentences over so many seconds.
"""

import asyncio
import json
import sys
import threading
from typing import Any

from tests.chat_service.catalogue import Catalogue

SENTENCES = [
    "The Aurora Desk Lamp costs 129.00 EUR. ",
    "It is sold by Nordlicht. ",
    "The Polaris Floor Lamp costs 249.50 EUR and is sold by Nordlicht. ",
    "The Aurora Desk Lamp is cheaper than the Polaris Floor Lamp. ",
    "Would you like to compare them? ",
] * 2
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"


def chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    body = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return b"data: " + json.dumps(body).encode() + b"\n\n"


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    messages = json.loads(await reader.readexactly(length))["messages"]
    writer.write(HEAD)
    if messages[-1]["role"] == "user":
        function = {"name": "search", "arguments": '{"q": "lamp"}'}
        writer.write(chunk({"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": function}]}))
        writer.write(chunk({}, "tool_calls"))
    else:
        words = [f"{word} " for sentence in SENTENCES for word in sentence.split()]
        for word in words:
            writer.write(chunk({"content": word}))
            await writer.drain()
            await asyncio.sleep(seconds / len(words))
        writer.write(chunk({}, "stop"))
    writer.write(b"data: [DONE]\n\n")
    await writer.drain()
    writer.close()


async def model(port: int, seconds: float) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer, seconds)
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", port, backlog=1024)
    async with server:
        await server.serve_forever()


def main(arguments: list[str]) -> None:
    match arguments:
        case ["model", port, seconds]:
            asyncio.run(model(int(port), float(seconds)))
        case ["catalogue", port]:
            Catalogue(int(port)).reset()
            threading.Event().wait()
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
