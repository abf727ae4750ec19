"""How many answers one chat worker streams at once: `python -m tests.bench.chat_streams [--streams 400] [--seconds 8]`.

A model that thinks for so many seconds, as many shoppers that ask within two seconds, one web worker between them.
"""

import argparse
import asyncio
import json
import os
import sqlite3
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.started import cpu_seconds, free_port, process, service, status, wait_for

ARRIVAL_SECONDS = 2.0
SHORT = os.environ.get("SHORT", "0") not in {"", "0"}


@dataclass
class Shopper:
    """Seconds from the question to what came back; `mode` is empty when no answer came, `error` says why."""

    first_byte: float = 0.0
    first_sentence: float = 0.0
    whole: float = 0.0
    mode: str = ""
    error: str = ""


async def ask(port: int, number: int, count: int) -> Shopper:
    await asyncio.sleep(ARRIVAL_SECONDS * number / count)
    shopper, started = Shopper(), time.perf_counter()
    body = json.dumps({"message": "Which lamps do you have?"}).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"POST /api/chatbot/ HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\nConnection: close\r\n"
        b"Content-Type: application/json\r\nContent-Length: %d\r\nX-Forwarded-For: 10.0.%d.%d\r\n\r\n"
        % (len(body), number // 256, number % 256)
        + body
    )
    shopper.error = (await reader.readline()).decode().strip()
    while line := await reader.readline():
        if line.startswith(b"event: start"):
            shopper.first_byte = time.perf_counter() - started
        elif line.startswith(b"event: token") and not shopper.first_sentence:
            shopper.first_sentence = time.perf_counter() - started
        elif line.startswith(b"event: done"):
            shopper.whole = time.perf_counter() - started
            shopper.mode, shopper.error = json.loads((await reader.readline())[6:])["mode"], ""
        elif line.startswith(b"event: error"):
            shopper.error = json.loads((await reader.readline())[6:])["detail"]
    writer.close()
    return shopper


async def watch(worker: int, health: str, peak: dict[str, float]) -> None:
    while True:
        started = time.perf_counter()
        await asyncio.to_thread(wait_for, health)
        peak["health"] = max(peak.get("health", 0), time.perf_counter() - started)
        for name in ("VmRSS", "Threads"):
            peak[name] = max(peak.get(name, 0), status(worker, name))
        await asyncio.sleep(0.5)


async def measure(port: int, worker: int, count: int) -> None:
    peak: dict[str, float] = {}
    watching = asyncio.create_task(watch(worker, f"http://127.0.0.1:{port}/healthz", peak))
    # The first answer brings the client of the model in; that is not what is measured.
    await ask(port, 0, 1)
    before = cpu_seconds(worker)
    shoppers = await asyncio.gather(*(ask(port, number, count) for number in range(count)))
    watching.cancel()
    spent = cpu_seconds(worker) - before
    answered = [shopper for shopper in shoppers if shopper.mode]
    by_model = sum(shopper.mode == "model" for shopper in shoppers)
    print(f"{count} streams at once on one worker: {len(answered)} answered, {by_model} of them by the model")
    for error, number in Counter(shopper.error for shopper in shoppers if shopper.error).items():
        print(f"  {number} times no answer: {error}")
    for name in ("first_byte", "first_sentence", "whole"):
        values = sorted(getattr(shopper, name) for shopper in answered)
        worst = values[int(len(values) * 0.99) - 1]
        print(
            f"  {name.replace('_', ' ')}: median {median(values):.2f} s, p99 {worst:.2f} s, slowest {values[-1]:.2f} s"
        )
    print(
        f"  worker: {spent:.1f} s of CPU ({1000 * spent / count:.0f} ms a stream), {peak['VmRSS'] / 1024:.0f} MB, ",
        end="",
    )
    print(f"{peak['Threads']:.0f} threads, slowest /healthz meanwhile {peak['health']:.2f} s")


def tokens(database: Path) -> str:
    """What a question cost; estimated from bytes, as wherever an endpoint does not count."""
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT sum(prompt_tokens), sum(completion_tokens), sum(messages) FROM usage")
        prompt, completion, messages = rows.fetchone()
    return f"  tokens a question: {prompt / messages:.0f} read, {completion / messages:.0f} written"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=50 if SHORT else 400)
    parser.add_argument("--seconds", type=float, default=2.0 if SHORT else 8.0)
    options = parser.parse_args()
    catalogue, model, chat = free_port(), free_port(), free_port()
    parts = ["-m", "tests.bench.talkers"]
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "CATALOG_URL": f"http://127.0.0.1:{catalogue}",
            "OPENAI_API_KEY": "sk-bench",
            "OPENAI_BASE_URL": f"http://127.0.0.1:{model}/v1",
        }
        with (
            process([*parts, "catalogue", str(catalogue)], []),
            process([*parts, "model", str(model), str(options.seconds)], []),
            service("chat_service", chat, Path(folder) / "chat.db", **settings) as running,
        ):
            wait_for(f"http://127.0.0.1:{catalogue}/api/products/public/")
            asyncio.run(measure(chat, running.pid, options.streams))
            print(tokens(Path(folder) / "chat.db"))


if __name__ == "__main__":
    main()
