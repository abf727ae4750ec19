"""A small real catalogue over HTTP: the public shapes of catalog-service, from rows in memory."""

import json
import re
import threading
import unicodedata
from collections import Counter
from decimal import Decimal
from typing import Any

from werkzeug import Request, Response
from werkzeug.serving import WSGIRequestHandler, make_server

SELLERS = {1: "Nordlicht", 2: "Kettle & Co", 3: "Alpine Gear", 4: "Casa Verde"}


def product(id: int, name: str, price: str, currency: str, category: str, business: int, **more: Any) -> dict[str, Any]:
    digits = {"JPY": 0}.get(currency, 2)
    return {
        "id": id,
        "sku": f"S{id}",
        "name": name,
        "description": f"{name} for every day.",
        "price": price,
        "currency": currency,
        "price_minor": int(Decimal(price) * 10**digits),
        "category": category,
        "attributes": {},
        "picture": None,
        "business": business,
        "business_name": SELLERS[business],
        "version": 1,
        "published_at": f"2026-11-01T00:00:{id % 60:02d}.000000Z",
        **more,
    }


PRODUCTS = [
    product(1, "Aurora Desk Lamp", "129.00", "EUR", "Lighting", 1),
    product(2, "Polaris Floor Lamp", "249.50", "EUR", "Lighting", 1),
    product(3, "Firefly Night Light", "19.90", "EUR", "Lighting", 4),
    product(4, "Copper Kettle", "89.00", "EUR", "Kitchen", 2),
    product(5, "Glass Teapot", "34.95", "EUR", "Kitchen", 2),
    product(6, "Espresso Maker", "59.00", "USD", "Kitchen", 2),
    product(7, "Chef Knife", "74.99", "USD", "Kitchen", 4),
    product(8, "Summit Tent", "399.00", "EUR", "Outdoor", 3),
    product(9, "Ridge Backpack", "119.00", "EUR", "Outdoor", 3),
    product(10, "Trail Bottle", "24.00", "EUR", "Outdoor", 3),
    product(11, "Glacier Sleeping Bag", "189.00", "USD", "Outdoor", 3),
    product(12, "Linen Cushion", "24.00", "EUR", "Home Textiles", 4),
    product(13, "Wool Blanket", "79.00", "EUR", "Home Textiles", 4),
    product(14, "Cotton Towel Set", "39.00", "GBP", "Home Textiles", 4),
    product(15, "Bamboo Cutting Board", "29.00", "EUR", "Kitchen", 4),
    product(16, "Kyoto Tea Bowl", "4800", "JPY", "Kitchen", 2),
]


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, *_: Any) -> None:
        """One line a request would bury the test's own output."""


class Catalogue:
    """Serves `rows`; `down` answers 503 to everything."""

    def __init__(self, port: int = 0) -> None:
        self.rows: list[dict[str, Any]] = []
        self.down = False
        self.requests: list[str] = []
        self._server = make_server("127.0.0.1", port, self, threaded=True, request_handler=Quiet)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.port}"

    def reset(self) -> None:
        self.rows, self.down, self.requests = [dict(row) for row in PRODUCTS], False, []

    def stop(self) -> None:
        self._server.shutdown()

    def __call__(self, environ: Any, start: Any) -> Any:
        return self.answer(Request(environ))(environ, start)

    def answer(self, request: Request) -> Response:
        self.requests.append(request.full_path)
        if self.down:
            return Response("{}", 503)
        tail = request.path.removeprefix("/api/products/public/").strip("/")
        rows = [row for row in self.rows if fits(row, request.args)]
        if tail == "facets":
            return body(facets(rows))
        if tail:
            found = [row for row in self.rows if str(row["id"]) == tail]
            return body(found[0]) if found else Response("{}", 404)
        ordering = request.args.get("ordering", "-published_at")
        key = ordering.lstrip("-")
        rows.sort(key=lambda row: Decimal(row["price"]) if key == "price" else row[key], reverse=ordering[0] == "-")
        return body(rows[: int(request.args.get("page_size", 20))])


def body(value: Any) -> Response:
    return Response(json.dumps(value), content_type="application/json")


def split(text: str) -> list[str]:
    """Words without case and accents, as the catalogue indexes them: each is found by its beginning."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    return re.findall(r"\w+", plain)


def fits(row: dict[str, Any], asked: Any) -> bool:
    texts = (row["name"], row["description"], row["category"], row["sku"], *row["attributes"].values())
    words = [word for text in texts for word in split(text)]
    price = Decimal(row["price"])
    return (
        all(any(word.startswith(part) for word in words) for part in split(asked.get("q", "")))
        and asked.get("business", str(row["business"])) == str(row["business"])
        and asked.get("category", row["category"]) == row["category"]
        and asked.get("currency", row["currency"]) == row["currency"]
        and Decimal(asked.get("min_price", 0)) <= price <= Decimal(asked.get("max_price", "inf"))
    )


def facets(rows: list[dict[str, Any]]) -> dict[str, Any]:
    sellers = Counter((row["business"], row["business_name"]) for row in rows)
    currencies = sorted({row["currency"] for row in rows})
    prices = {
        code: sorted((row["price"] for row in rows if row["currency"] == code), key=Decimal) for code in currencies
    }
    return {
        "total": len(rows),
        "categories": [
            {"value": name, "count": count} for name, count in Counter(row["category"] for row in rows).most_common()
        ],
        "businesses": [{"id": id, "name": name, "count": count} for (id, name), count in sellers.most_common()],
        "currencies": [
            {"currency": code, "count": len(found), "min_price": found[0], "max_price": found[-1]}
            for code, found in prices.items()
        ],
    }
