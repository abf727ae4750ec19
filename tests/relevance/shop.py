"""A catalogue behind the service's own public API: loaded and asked like anybody would."""

from typing import Any

from catalog_service.models import TrustedKey, db
from catalog_service.worker import follower

from tests.builders import Signer
from tests.catalog_service.conftest import Indexer, introduce
from tests.relevance.catalogue import Product

BULK = 100  # decisions in one request


class Shop:
    """An application on a migrated, empty database, and what it answers."""

    def __init__(self, app: Any) -> None:
        self.app, self.client, self.signer = app, app.test_client(), Signer()
        with app.app_context(), db.transaction() as session:
            session.add(TrustedKey(kid=self.signer.kid, jwk=self.signer.jwk))

    def load(self, products: list[Product]) -> None:
        """Every product created, submitted and approved by another person."""
        sellers = list(dict.fromkeys(product.seller for product in products))
        self._tell_of(sellers)
        for number, seller in enumerate(sellers, 1):
            own = [self._offer(number, product) for product in products if product.seller == seller]
            for start in range(0, len(own), BULK):
                self._approve(number, own[start : start + BULK])
        indexer = Indexer(self.app)
        indexer()
        indexer.writer.close()

    def search(self, query: str, size: int) -> list[str]:
        """The SKUs of the first page."""
        answer = self.client.get("/api/products/public/", query_string={"q": query, "page_size": size})
        assert answer.status_code == 200, (query, answer.json)
        return [product["sku"] for product in answer.json]

    def _tell_of(self, sellers: list[str]) -> None:
        with self.app.app_context():
            following = follower(self.app)
            start = following.position()
            following.apply(
                [
                    {
                        "seq": start + number,
                        "type": "business.created",
                        "data": {"business_id": number, "name": name},
                        "occurred_at": "2026-01-01T00:00:00Z",
                    }
                    for number, name in enumerate(sellers, 1)
                ]
            )
            with db.transaction() as session:
                for number in range(1, len(sellers) + 1):
                    introduce(session, number)

    def _offer(self, business: int, product: Product) -> dict[str, Any]:
        headers = self._headers(business, "editor")
        answer = self.client.post("/api/products/", json=product.body, headers=headers)
        assert answer.status_code == 201, (product, answer.json)
        offered = self.client.post(f"/api/products/{answer.json['id']}/submit/", headers=headers)
        assert offered.status_code == 200, offered.json
        return {"id": answer.json["id"], "action": "approve"}

    def _approve(self, business: int, items: list[dict[str, Any]]) -> None:
        headers = self._headers(business, "approver")
        answer = self.client.post("/api/approvals/bulk/", json={"items": items}, headers=headers)
        assert answer.status_code == 200, answer.json
        refused = [item for item in answer.json["results"] if item["status"] != 200]
        assert not refused, refused[:3]

    def _headers(self, business: int, role: str) -> dict[str, str]:
        user = str(business * 100 + (1 if role == "editor" else 2))
        return dict(self.signer.headers(sub=user, role=role, business_id=business, sid=f"s{user}"))
