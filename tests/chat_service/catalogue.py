"""A small real catalogue over HTTP: the public shapes of catalog-service, from rows in memory."""

import difflib
import json
import re
import threading
import tomllib
import unicodedata
from collections import Counter
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import Stemmer
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


DEMO = Path(__file__).parents[2] / "deploy/demo/businesses"
STEMMERS = [Stemmer.Stemmer(name) for name in ("english", "german", "french", "spanish")]


def demo() -> list[dict[str, Any]]:
    """The public products of the demo's businesses, as `make up` publishes them."""
    rows = []
    for number, path in enumerate(sorted(DEMO.glob("*.toml")), 1):
        business = tomllib.loads(path.read_text())
        for each in business["products"]:
            if each.get("state", "approved").startswith("approved"):
                rows.append(listed(len(rows) + 1, each, number, business["name"]))
    return rows


def listed(id: int, each: dict[str, Any], business: int, seller: str) -> dict[str, Any]:
    digits = {"JPY": 0}.get(each["currency"], 2)
    return {
        **{name: each[name] for name in ("sku", "name", "description", "price", "currency", "category")},
        "id": id,
        "price_minor": int(Decimal(each["price"]) * 10**digits),
        "attributes": each.get("attributes", {}),
        "picture": None,
        "business": business,
        "business_name": seller,
        "version": 1,
        "published_at": f"2026-11-01T00:{id // 60:02d}:{id % 60:02d}.000000Z",
    }


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, *_: Any) -> None:
        """One line a request would bury the test's own output."""


class Catalogue:
    """Serves `rows`; `down` answers 503 to everything."""

    def __init__(self, port: int = 0) -> None:
        self.rows: list[dict[str, Any]] = []
        self.pages: dict[int, list[dict[str, Any]]] = {}
        self.down = False
        self.requests: list[str] = []
        self._server = make_server("127.0.0.1", port, self, threaded=True, request_handler=Quiet)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.port}"

    def reset(self) -> None:
        self.rows, self.pages, self.down, self.requests = [dict(row) for row in PRODUCTS], {}, False, []

    def stop(self) -> None:
        self._server.shutdown()

    def __call__(self, environ: Any, start: Any) -> Any:
        return self.answer(Request(environ))(environ, start)

    def answer(self, request: Request) -> Response:
        self.requests.append(request.full_path)
        if self.down:
            return Response("{}", 503)
        if request.path.startswith("/api/businesses/public/"):
            return self.business(int(request.path.rstrip("/").rsplit("/", 1)[1]))
        if {"min_price", "max_price"} & set(request.args) and "currency" not in request.args:
            return Response("{}", 422)
        tail = request.path.removeprefix("/api/products/public/").strip("/")
        rows, corrected = found(self.rows, request.args)
        if tail == "facets":
            return body({**facets(rows), "matched": "similar" if corrected else "exact", "corrected": corrected})
        if tail:
            one = [row for row in self.rows if str(row["id"]) == tail]
            return body(one[0]) if one else Response("{}", 404)
        ordering = request.args.get("ordering", "relevance" if request.args.get("q") else "-published_at")
        key = ordering.lstrip("-")
        if key == "relevance":
            rows.sort(key=lambda row: -relevance(row, corrected or request.args.get("q", "")))
        else:
            rows.sort(key=lambda row: Decimal(row["price"]) if key == "price" else row[key], reverse=ordering[0] == "-")
        return body(rows[: int(request.args.get("page_size", 20))])

    def business(self, number: int) -> Response:
        names = {row["business"]: row["business_name"] for row in self.rows}
        if number not in names:
            return Response("{}", 404)
        return body({"id": number, "name": names[number], "pages": self.pages.get(number, [])})


def body(value: Any) -> Response:
    return Response(json.dumps(value), content_type="application/json")


@lru_cache(10_000)
def split(text: str) -> list[str]:
    """Words without case and accents, as the catalogue indexes them: each is found by its beginning."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    return re.findall(r"\w+", plain)


def told(row: dict[str, Any]) -> list[str]:
    texts = (row["name"], row["description"], row["category"], row["sku"], row["business_name"])
    return [word for text in (*texts, *map(str, row["attributes"].values())) for word in split(text)]


@lru_cache(100_000)
def same(part: str, word: str) -> bool:
    return word.startswith(part) or any(stemmer.stemWord(part) == stemmer.stemWord(word) for stemmer in STEMMERS)


def has(row: dict[str, Any], words: str) -> bool:
    said = told(row)
    return all(any(same(part, word) for word in said) for part in split(words))


def relevance(row: dict[str, Any], words: str) -> int:
    name = split(row["name"])
    return sum(3 for part in split(words) if any(same(part, word) for word in name))


def found(rows: list[dict[str, Any]], asked: Any) -> tuple[list[dict[str, Any]], str | None]:
    """The rows that fit; with misspelt words corrected where none does, and the words then looked for."""
    words = asked.get("q", "")
    fitting = [row for row in rows if fits(row, asked)]
    exact = [row for row in fitting if has(row, words)]
    if exact or not words or any(has(row, words) for row in rows):
        return exact, None
    known = sorted({word for row in rows for word in told(row)})
    close = [difflib.get_close_matches(part, [w for w in known if w[:1] == part[:1]], 1, 0.79) for part in split(words)]
    read = " ".join(part if any(same(part, word) for word in known) or len(part) < 4 or not near else near[0]
                    for part, near in zip(split(words), close, strict=True))  # fmt: skip
    similar = [row for row in fitting if has(row, read)]
    return similar, read if similar and read != " ".join(split(words)) else None


def fits(row: dict[str, Any], asked: Any) -> bool:
    price = Decimal(row["price"])
    return (
        asked.get("business", str(row["business"])) == str(row["business"])
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
