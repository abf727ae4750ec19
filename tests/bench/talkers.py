"""python -m tests.bench.talkers (model PORT SECONDS | catalogue PORT): what the chat benchmarks talk to.

The model speaks OpenAI's wire format: after so many seconds it gives the plan for a question about lamps.
"""

import asyncio
import json
import sys
import threading

from tests.chat_service.catalogue import Catalogue

PLAN = {"language": "en", "ask": "products", "about": ["lamps"], "fields": ["price"]}


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    await reader.readexactly(length)
    await asyncio.sleep(seconds)
    message = {"role": "assistant", "content": json.dumps(PLAN)}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    body = json.dumps(
        {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    ).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
    writer.write(head % len(body) + body)
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
