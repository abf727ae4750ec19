"""catalog-service for one test: a client, and people of two businesses."""

import itertools
import string
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from catalog_service.models import Business, TrustedKey, User, db

from tests.builders import Signer
from tests.indexer import Indexer

PEOPLE = {"viewer": 1, "editor": 2, "approver": 3, "admin": 4, "second_editor": 5, "second_approver": 6}

PARTNER = 10**9


@pytest.fixture
def app(make_app: Callable[..., Any], signer: Signer) -> Any:
    return trusting(make_app("catalog_service"), signer)


def trusting(app: Any, signer: Signer) -> Any:
    """The application knows the signer's key and two businesses, as if auth-service had told of them."""
    with app.app_context(), db.transaction() as session:
        session.add(TrustedKey(kid=signer.kid, jwk=signer.jwk))
        for business in (1, 2):
            introduce(session, business)
    return app


def introduce(session: Any, business: int) -> None:
    """A business, unless it is known, of whose people the feed says nothing but that they are there."""
    if session.get(Business, business) is None:
        session.add(Business(id=business, name=f"Business {business}"))
    numbers = [*(business * 100 + number for number in PEOPLE.values()), PARTNER + business]
    session.add_all(User(id=number, business_id=business, name="") for number in numbers)


@pytest.fixture
def client(app: Any) -> Any:
    return app.test_client()


@pytest.fixture
def login(signer: Signer) -> Callable[..., dict[str, str]]:
    """login("approver", business=1) -> headers of that person; the same person each time."""

    def make(name: str, business: int = 1, **claims: Any) -> dict[str, str]:
        user_id = business * 100 + PEOPLE[name]
        return signer.headers(
            sub=str(user_id), role=name.removeprefix("second_"), business_id=business, sid=f"s{user_id}", **claims
        )

    return make


@pytest.fixture
def operator(signer: Signer) -> dict[str, str]:
    return signer.headers(sub="9", role="operator", business_id=None, sid="s9")


@pytest.fixture
def tell(app: Any, catch_up: Callable[[], bool]) -> Callable[..., None]:
    """tell(type, **data): auth-service's feed says so, and the worker does what follows from it, unless not `wholly`."""
    from catalog_service.worker import follower

    following = follower(app)

    def say(kind: str, wholly: bool = True, **data: Any) -> None:
        with app.app_context():
            seq = following.position() + 1
            following.apply([{"seq": seq, "type": kind, "data": data, "occurred_at": "2026-01-01T00:00:00Z"}])
        while wholly and catch_up():
            continue

    return say


@pytest.fixture
def batch() -> int:
    """How many listings of a business the worker tells of at a time."""
    return 50


@pytest.fixture
def catch_up(app: Any, batch: int) -> Callable[[], bool]:
    """catch_up(): the worker tells of one batch; False when nothing was left to tell."""
    from catalog_service.public import storefronts

    def work() -> bool:
        with app.app_context():
            try:
                return storefronts.step(batch)
            finally:
                app.extensions["sqlalchemy"].session.remove()

    return work


@pytest.fixture
def index(app: Any) -> Iterator[Indexer]:
    indexer = Indexer(app)
    yield indexer
    indexer.writer.close()


class Shop:
    """Short ways to do what most tests begin with; every one goes through the API."""

    what, path = "product", "/api/products/"

    def __init__(self, client: Any, login: Callable[..., dict[str, str]], index: Callable[[], int] = lambda: 0) -> None:
        self.client = client
        self.login = login
        self.index = index

    def create(self, business: int = 1, by: str = "editor", **fields: Any) -> int:
        body = {"name": "Lamp", "price": "19.90", **fields}
        answer = self.client.post("/api/products/", json=body, headers=self.login(by, business))
        assert answer.status_code == 201, answer.json
        return int(answer.json["id"])

    def act(self, action: str, product_id: int, by: str, business: int = 1, **body: Any) -> Any:
        address = f"{self.path}{product_id}/{action}/"
        return self.client.post(address, json=body, headers=self.login(by, business))

    def change(self, product_id: int, by: str = "editor", business: int = 1, **fields: Any) -> Any:
        return self.client.patch(f"{self.path}{product_id}/", json=fields, headers=self.login(by, business))

    def read(self, product_id: int, by: str = "viewer", business: int = 1) -> Any:
        return self.client.get(f"{self.path}{product_id}/", headers=self.login(by, business))

    def publish(self, business: int = 1, **fields: Any) -> int:
        product_id = self.create(business, **fields)
        self.approve(product_id, business)
        return product_id

    def approve(self, product_id: int, business: int = 1) -> None:
        assert self.act("submit", product_id, "editor", business).status_code == 200
        answer = self.act("approve", product_id, "approver", business)
        assert answer.status_code == 200, answer.json

    def revisions(self, product_id: int, business: int = 1) -> list[Any]:
        return list(self._get(f"{self.path}{product_id}/revisions/", "viewer", business).json)

    def history(self, product_id: int, business: int = 1) -> list[Any]:
        return list(self._get(f"{self.path}{product_id}/history/", "viewer", business).json)

    def _get(self, address: str, by: str, business: int = 1) -> Any:
        answer = self.client.get(address, headers=self.login(by, business))
        assert answer.status_code == 200, answer.json
        return answer

    def pages(self, address: str, by: str | None = None) -> list[Any]:
        """Everything that the pages from this address on hold."""
        found: list[Any] = []
        if "q=" in address:
            self.index()
        while address:
            answer = self.client.get(address, headers=self.login(by) if by else {})
            assert answer.status_code == 200, answer.json
            found += answer.json
            address = next_link(answer)
        return found

    def public(self, query: str = "") -> list[Any]:
        """What the public is shown, once the index is up to date where it is asked."""
        if "q=" in query:
            self.index()
        answer = self.client.get(f"/api/products/public/{query}")
        assert answer.status_code == 200, answer.json
        return list(answer.json)


class PageShop(Shop):
    """The same for pages of information; `name` and `price` stand for another text."""

    what, path = "page", "/api/pages/"
    languages = ["".join(pair) for pair in itertools.product(string.ascii_lowercase, repeat=2)]

    def __init__(self, client: Any, login: Callable[..., dict[str, str]]) -> None:
        super().__init__(client, login)
        self._free = itertools.product(self.languages, ("about", "contact"))

    def create(self, business: int = 1, by: str = "editor", **fields: Any) -> int:
        language, kind = next(self._free)
        body = {"kind": kind, "language": language, "text": fields.pop("name", "We ship."), **fields}
        answer = self.client.post(self.path, json=body, headers=self.login(by, business))
        assert answer.status_code == 201, answer.json
        return int(answer.json["id"])

    def change(self, product_id: int, by: str = "editor", business: int = 1, **fields: Any) -> Any:
        texts = [str(fields.pop(name)) for name in ("name", "price") if name in fields]
        return super().change(product_id, by, business, **fields, **({"text": " ".join(texts)} if texts else {}))

    def public(self, query: str = "") -> list[Any]:
        answer = self.client.get("/api/businesses/public/1/")
        assert answer.status_code in {200, 404}
        return list(answer.json["pages"]) if answer.status_code == 200 else []


def next_link(answer: Any) -> str:
    link: str = answer.headers.get("Link", "")
    return link.split(">")[0].lstrip("<")


@pytest.fixture
def shop(client: Any, login: Callable[..., dict[str, str]], index: Callable[[], int]) -> Shop:
    return Shop(client, login, index)
