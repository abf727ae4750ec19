"""python -m tests.chat_service.corpus: how many questions the built-in assistant answers rightly, by kind and language.

It asks chat-service over HTTP, which asks a catalog-service that holds the demo. `--failures` lists what was wrong,
`--kind` and `--language` narrow it. PYTHONPATH=.:auth-service:catalog-service:chat-service.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from deploy.demo import content
from tests.chat_service.corpus import judge
from tests.chat_service.corpus.questions import LANGUAGES, Question, read
from tests.conftest import Databases, build
from tests.relevance import catalogue
from tests.relevance.shop import Shop


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, *_: Any) -> None:
        """One line a request would bury the table."""


@contextmanager
def assistant(folder: Path) -> Iterator[Callable[[], Any]]:
    """A maker of clients of a chat-service over the demo's products; each is a shopper of its own."""
    databases = Databases(folder)
    url = databases.fresh("catalog_service", "sqlite")
    shop = Shop(build("catalog_service", url, search_folder=folder / "search"))
    shop.load(catalogue.demo())
    for business in content.businesses():
        shop.tell(business.name, [page.fields() for page in business.pages])
    server = make_server("127.0.0.1", 0, shop.app, threaded=True, request_handler=Quiet)
    Thread(target=server.serve_forever, daemon=True).start()
    settings = {
        "catalog_url": f"http://127.0.0.1:{server.port}",
        "auth_url": "http://127.0.0.1:9",
        "openai_api_key": None,
    }
    settings |= dict.fromkeys(("chat_turns_per_address", "chat_turns_per_day"), 1_000_000)
    app = build("chat_service", databases.fresh("chat_service", "sqlite"), **settings)
    try:
        yield app.test_client
    finally:
        server.shutdown()


def answers(client: Any, question: Question) -> tuple[Any, Any]:
    """The answer, and the one before it (None without `setup`)."""
    before, answer = None, None
    for message in (*question.setup, question.question):
        more = {"conversation_id": answer["conversation_id"]} if answer else {}
        reply = client.post("/api/chatbot/", json={"message": message, **more})
        assert reply.status_code == 200, (message, reply.text)
        before, answer = answer, reply.json
    return answer, before


def judged(questions: list[Question]) -> list[tuple[Question, list[str], str]]:
    """Each question with what was wrong with its answer, and the answer's text."""
    names = {product.sku: str(product.body["name"]) for product in catalogue.demo()}
    found = []
    with tempfile.TemporaryDirectory() as folder, assistant(Path(folder)) as shopper:
        for question in questions:
            answer, before = answers(shopper(), question)
            found.append((question, judge.problems(question, answer, before, names), answer["ai_response"]))
    return found


def table(found: list[tuple[Question, list[str], str]]) -> str:
    """Passed of asked, a row for each kind and a column for each language."""
    languages = [one for one in LANGUAGES if any(question.language == one for question, *_ in found)]
    rows = [f"{'':18}" + "".join(f"{name:>10}" for name in (*languages, "all"))]
    for kind in (*sorted({question.kind for question, *_ in found}), "all"):
        cells = []
        for language in (*languages, "all"):
            asked = [
                wrong
                for question, wrong, _ in found
                if kind in {question.kind, "all"} and language in {question.language, "all"}
            ]
            cells.append(f"{sum(not wrong for wrong in asked)}/{len(asked)}" if asked else "")
        rows.append(f"{kind:18}" + "".join(f"{cell:>10}" for cell in cells))
    passed = sum(not wrong for _, wrong, _ in found)
    return "\n".join([*rows, f"\n{passed} of {len(found)} answered rightly ({passed / len(found):.1%})"])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--failures", action="store_true")
    options.add_argument("--kind")
    options.add_argument("--language")
    chosen = options.parse_args()
    questions = [q for q in read() if chosen.kind in {None, q.kind} and chosen.language in {None, q.language}]
    found = judged(questions)
    if chosen.failures:
        for question, wrong, text in found:
            if wrong:
                asked = " | ".join((*question.setup, question.question))
                print(f"{question.kind} [{question.language}] {asked}\n    {'; '.join(wrong)}\n    {text[:300]!r}")
    print(table(found))


if __name__ == "__main__":
    main()
