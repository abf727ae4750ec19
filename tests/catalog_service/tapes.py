"""Conversations with a search cluster: played from a file, or recorded from a real one.

A tape is a JSON list of `request` (method, path, lines of JSON) and `answer` (status, JSON). Names of indexes hold
hashes and a random part, so a tape calls them INDEX-1, INDEX-2, in the order in which they were made.
"""

import json
import re
from pathlib import Path
from typing import Any

import requests
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

FOLDER = Path(__file__).parent / "tapes"
_NAME = re.compile(r"vetted-listings-[0-9a-f]{12}-[0-9a-f]{12}-[0-9a-f]{8}")


class Tape:
    """One conversation; with `cluster`, an address, it is recorded there, else played."""

    def __init__(self, server: HTTPServer, name: str, cluster: str | None) -> None:
        self._path, self._cluster = FOLDER / f"{name}.json", cluster
        self._names: list[str] = []
        self._said: list[Any] = [] if cluster else json.loads(self._path.read_text())
        self._place = 0
        self.trouble: list[str] = []
        server.expect_request(re.compile(".*")).respond_with_handler(self._answer)

    def close(self) -> None:
        """Keeps what was recorded; what was not asked for is trouble."""
        if self._cluster:
            self._path.parent.mkdir(exist_ok=True)
            self._path.write_text(json.dumps(self._said, indent=1, ensure_ascii=False) + "\n")
        elif self._place < len(self._said) and not self.trouble:
            self.trouble.append(f"never asked: {self._said[self._place]['request']}")

    def _answer(self, request: Request) -> Response:
        body = request.get_data()
        asked = self._named(
            {
                "method": request.method,
                "path": request.full_path.rstrip("?"),
                "body": [json.loads(line) for line in body.decode().splitlines() if line],
            }
        )
        if asked["method"] == "PUT":
            asked["body"] = []  # the fields, of which the words' side has many
        answer = self._record(request, body, asked) if self._cluster else self._play(asked)
        text = json.dumps(answer["body"])
        for number, name in enumerate(self._names, 1):
            text = text.replace(f"INDEX-{number}", name)
        return Response(text, answer["status"], content_type="application/json")

    def _play(self, asked: Any) -> Any:
        said = self._said[self._place] if self._place < len(self._said) else {"request": None}
        self._place += 1
        if said["request"] != asked:
            self.trouble.append(f"asked {asked}, and the tape has {said['request']}")
            return {"status": 400, "body": {}}
        return said["answer"]

    def _record(self, request: Request, body: bytes, asked: Any) -> Any:
        headers = {"Content-Type": "application/x-ndjson" if "_bulk" in request.path else "application/json"}
        reply = requests.request(
            request.method, f"{self._cluster}{request.full_path}", data=body, headers=headers, timeout=30
        )
        answer = self._named({"status": reply.status_code, "body": reply.json()})
        self._said.append({"request": asked, "answer": answer})
        return answer

    def _named(self, said: Any) -> Any:
        text = json.dumps(said, ensure_ascii=False)
        for name in _NAME.findall(text):
            if name not in self._names:
                self._names.append(name)
        return json.loads(_NAME.sub(lambda found: f"INDEX-{self._names.index(found.group()) + 1}", text))
