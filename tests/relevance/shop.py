"""A catalogue behind the service's own public API: loaded and asked like anybody would."""

from typing import Any

from catalog_service.models import TrustedKey, db
from catalog_service.worker import follower

from tests.builders import Signer
from tests.indexer import Indexer
from tests.relevance.catalogue import Product

BULK = 100  # decisions in one request
ROLES = ("editor", "approver")


class Shop:
    """An application on a migrated, empty database, and what it answers."""

    def __init__(self, app: Any) -> None:
        self.app, self.client, self.signer = app, app.test_client(), Signer()
        self.sellers: dict[str, int] = {}
        with app.app_context(), db.transaction() as session:
            session.add(TrustedKey(kid=self.signer.kid, jwk=self.signer.jwk))

    def load(self, products: list[Product]) -> None:
        """Every product created, submitted and approved by another person, then indexed."""
        self.sellers = {
            seller: number for number, seller in enumerate(dict.fromkeys(one.seller for one in products), 1)
        }
        self._introduce()
        for seller, number in self.sellers.items():
            own = [self._offer(number, "product", product.body) for product in products if product.seller == seller]
            for start in range(0, len(own), BULK):
                self._approve(number, own[start : start + BULK])
        index = Indexer(self.app)
        index()
        index.writer.close()

    def tell(self, seller: str, pages: list[dict[str, str]]) -> None:
        """A seller's pages of information, published like its products."""
        number = self.sellers[seller]
        for start in range(0, len(pages), BULK):
            self._approve(number, [self._offer(number, "page", page) for page in pages[start : start + BULK]])

    def search(self, query: str, size: int) -> list[str]:
        """The SKUs of the first page."""
        answer = self.client.get("/api/products/public/", query_string={"q": query, "page_size": size})
        assert answer.status_code == 200, (query, answer.json)
        return [product["sku"] for product in answer.json]

    def _introduce(self) -> None:
        """auth-service's feed: the businesses, an editor and an approver of each."""
        told: list[tuple[str, dict[str, Any]]] = []
        for name, number in self.sellers.items():
            told.append(("business.created", {"business_id": number, "name": name}))
            told += [("user.created", _person(number, role)) for role in ROLES]
        with self.app.app_context():
            following = follower(self.app)
            start, at = following.position(), "2026-01-01T00:00:00Z"
            following.apply(
                [
                    {"seq": seq, "type": kind, "data": data, "occurred_at": at}
                    for seq, (kind, data) in enumerate(told, start + 1)
                ]
            )

    def _offer(self, business: int, what: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = self._headers(business, "editor")
        answer = self.client.post(f"/api/{what}s/", json=body, headers=headers)
        assert answer.status_code == 201, (body, answer.json)
        offered = self.client.post(f"/api/{what}s/{answer.json['id']}/submit/", headers=headers)
        assert offered.status_code == 200, offered.json
        return {"type": what, "id": answer.json["id"], "action": "approve"}

    def _approve(self, business: int, items: list[dict[str, Any]]) -> None:
        headers = self._headers(business, "approver")
        answer = self.client.post("/api/approvals/bulk/", json={"items": items}, headers=headers)
        assert answer.status_code == 200, answer.json
        refused = [item for item in answer.json["results"] if item["status"] != 200]
        assert not refused, refused[:3]

    def _headers(self, business: int, role: str) -> dict[str, str]:
        user = str(_user(business, role))
        return dict(self.signer.headers(sub=user, role=role, business_id=business, sid=f"s{user}"))


def _user(business: int, role: str) -> int:
    return business * 100 + 1 + ROLES.index(role)


def _person(business: int, role: str) -> dict[str, Any]:
    user = _user(business, role)
    said = {"user_id": user, "business_id": business, "username": f"user-{user}", "name": "", "role": role}
    return {**said, "is_active": True, "token_version": 1, "controllers": []}
