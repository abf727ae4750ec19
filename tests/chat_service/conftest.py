"""chat-service for one test: a client, a real catalogue over HTTP, people with tokens."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from chat_service.models import TrustedKey, db

from tests.builders import Signer
from tests.chat_service.catalogue import Catalogue
from tests.chat_service.catalogue import demo as demo_rows


@pytest.fixture(scope="session")
def catalogue_server() -> Iterator[Catalogue]:
    found = Catalogue()
    yield found
    found.stop()


@pytest.fixture
def catalogue(catalogue_server: Catalogue) -> Catalogue:
    catalogue_server.reset()
    return catalogue_server


@pytest.fixture
def demo(catalogue: Catalogue) -> Catalogue:
    """The catalogue with the demo's products."""
    catalogue.rows = demo_rows()
    return catalogue


@pytest.fixture
def make_chat(make_app: Callable[..., Any], catalogue: Catalogue, signer: Signer) -> Callable[..., Any]:
    """make_chat(**settings): the application, which trusts the signer and reads the catalogue."""

    def make(**overrides: Any) -> Any:
        settings = {
            "catalog_url": catalogue.url,
            "chat_catalog_seconds": 0,
            "auth_url": "http://127.0.0.1:9",
            "openai_api_key": None,
            **overrides,
        }
        app = make_app("chat_service", **settings)
        with app.app_context(), db.transaction() as session:
            session.add(TrustedKey(kid=signer.kid, jwk=signer.jwk))
        return app

    return make


@pytest.fixture
def app(make_chat: Callable[..., Any]) -> Any:
    return make_chat()


@pytest.fixture
def model_app(make_chat: Callable[..., Any], llmock: Any) -> Any:
    """The application with a model: a real fake server in OpenAI's wire format."""
    return make_chat(openai_api_key="sk-test-0123456789", openai_base_url=llmock.base_url())


@pytest.fixture
def client(app: Any) -> Any:
    """A shopper who keeps cookies."""
    return app.test_client()


@pytest.fixture
def stranger(app: Any) -> Any:
    """Another shopper."""
    return app.test_client()


def ask(client: Any, message: str, **more: Any) -> Any:
    """The answer's body."""
    headers = more.pop("headers", {})
    answer = client.post("/api/chatbot/", json={"message": message, **more}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json


def stream(client: Any, message: str, **more: Any) -> list[tuple[str, Any]]:
    """The events of a streamed answer, as (name, data)."""
    answer = client.post("/api/chatbot/", json={"message": message, **more}, headers={"Accept": "text/event-stream"})
    assert (answer.status_code, answer.mimetype) == (200, "text/event-stream"), answer.text
    return events(answer.text)


def events(text: str) -> list[tuple[str, Any]]:
    blocks = [block for block in text.split("\n\n") if block and not block.startswith(":")]
    return [(block.split("\n")[0][7:], json.loads(block.split("\n")[1][6:])) for block in blocks]
