"""What is asked of catalog-service: every filter in every order, searches of all sorts, facets, and writes."""

from collections.abc import Callable
from itertools import product
from typing import Any

import orjson
import sqlalchemy as sa

from tests.bench.catalog_service import Service

Ask = Callable[[Service, int], Any]
ORDERINGS = ("-published_at", "price", "-price", "name")
SEARCH_ORDERINGS = ("relevance", *ORDERINGS)
# Each of them fills a page among a thousand products, too.
FILTERS = {
    "": "",
    "business": "&business=1",
    "category": "&category=Kitchen",
    "currency": "&currency=GBP",
    "min_price": "&min_price=60",
    "max_price": "&max_price=12",
}
SEARCHES = {
    "common word": "oak",
    "very common word": "warranty",
    "rare word": "kalomi",
    "two words": "red+bicycle",
    "one letter": "k",
    "nothing found": "xylophone",
}
NARROWED = {
    "": "",
    "category": "&category=Office",
    "category, currency": "&category=Office&currency=GBP",
    "price range": "&min_price=20&max_price=40",
}
COUNTED = {
    "": "",
    "category": "?category=Kitchen",
    "business": "?business=7",
    "category, currency": "?category=Kitchen&currency=GBP",
    "rare word": "?q=kalomi",
    "two words": "?q=red+bicycle",
    "common word": "?q=oak",
    "common word, category": "?q=oak&category=Office",
    "very common word": "?q=warranty",
    "price range": "?min_price=20&max_price=40",
    "price range, category": "?min_price=20&max_price=40&category=Office",
    "price range, open": "?min_price=1",
    "common word, price range": "?q=oak&min_price=20&max_price=40",
}


def get(query: str) -> Ask:
    return lambda service, _: service.call("GET", f"/api/products/public/{query}")[0]


def signed_list(service: Service, _: int) -> Any:
    return service.call("GET", "/api/products/", service.editor)[0]


def deep(ordering: str) -> Ask:
    """A page far inside: where the cursor of a row in the middle of the catalogue leads."""
    from catalog_service.search.browse import ORDERS

    from servicekit import paging

    places: dict[int, str] = {}

    def ask(service: Service, _: int) -> Any:
        if service.count not in places:
            with service.app.app_context(), service.app.extensions["projection"].connect() as connection:
                columns = ", ".join(key.column.name for key in ORDERS[ordering])
                # Prices are compared within the default currency, which has fewer.
                which, part = ("WHERE currency = 'EUR'", 8) if "price" in ordering else ("", 2)
                query = (
                    f"SELECT {columns} FROM listings {which} ORDER BY {columns} LIMIT 1 OFFSET {service.count // part}"
                )
                places[service.count] = paging.encode(list(connection.execute(sa.text(query)).one()))
        return service.call("GET", f"/api/products/public/?ordering={ordering}&cursor={places[service.count]}")[0]

    return ask


def detail(service: Service, number: int) -> Any:
    return service.call("GET", f"/api/products/public/{number * 7919 % service.count + 1}/")[0]


def signed_detail(service: Service, number: int) -> Any:
    return service.call("GET", f"/api/products/{own(service, number)}/", service.editor)[0]


OWN: dict[int, list[int]] = {}


def own(service: Service, number: int) -> int:
    """The id of one of business 1's products."""
    if service.count not in OWN:
        with service.app.app_context(), service.app.extensions["sqlalchemy"].engine.connect() as connection:
            query = "SELECT id FROM products WHERE business_id = 1 AND archived_at IS NULL ORDER BY id DESC LIMIT 1000"
            OWN[service.count] = list(connection.scalars(sa.text(query)))
    return OWN[service.count][number % len(OWN[service.count])]


def mixed(service: Service, number: int) -> Any:
    """A question that was not asked before: words, filters and orders by turns."""
    ordering = SEARCH_ORDERINGS[number // 7 % len(SEARCH_ORDERINGS)]
    return service.call("GET", f"/api/products/public/?{asked(number)}&ordering={ordering}")[0]


def counted_mixed(service: Service, number: int) -> Any:
    """The facets of such a question."""
    return service.call("GET", f"/api/products/public/facets/?{asked(number)}")[0]


def typed(service: Service, number: int) -> Any:
    """What a search field offers for a word or two that are being typed."""
    word = asked(number).split("&")[0]
    return service.call("GET", f"/api/products/public/suggestions/?{word[: 4 + number % (len(word) - 3)]}")[0]


def asked(number: int) -> str:
    """One or two words of products, and filters."""
    from tests.bench.catalog_products import CATALOGUE, COLOURS, MATERIALS, STYLES, SYLLABLES

    nouns = [noun for some in CATALOGUE.values() for noun in some]
    words = [COLOURS, MATERIALS, STYLES, nouns, [a + b for a in SYLLABLES for b in SYLLABLES]]
    chosen = [some[number * 31 % len(some)].replace(" ", "+") for some in words[number % 5 : number % 5 + 2]]
    return "q=" + "+".join(chosen) + list(NARROWED.values())[number // 5 % len(NARROWED)]


MADE: dict[int, int] = {}


def create(service: Service, number: int) -> Any:
    body = {"name": f"Bench lamp {number}", "price": "19.90", "category": "Lighting", "description": "A lamp. " * 10}
    status, content, _ = service.call("POST", "/api/products/", service.editor, body)
    MADE[service.count] = orjson.loads(content)["id"]
    return status


def decide(action: str, by: str) -> Ask:
    return lambda service, _: service.call(
        "POST", f"/api/products/{MADE[service.count]}/{action}/", getattr(service, by), {"version": 1}
    )[0]


def named(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


LISTS: dict[str, Ask] = {
    **{
        named("list", kind, ordering): get(f"?ordering={ordering}{query}")
        for (kind, query), ordering in product(FILTERS.items(), ORDERINGS)
    },
    **{named("deep page", ordering): deep(ordering) for ordering in ORDERINGS},
    "detail": detail,
    **{named("facets", kind): get(f"facets/{query}") for kind, query in COUNTED.items()},
    "signed list": signed_list,
    "signed detail": signed_detail,
    "create": create,
    "submit": decide("submit", "editor"),
    "approve": decide("approve", "approver"),
}
SEARCHED: dict[str, Ask] = {
    named("search", kind, more, ordering): get(f"?q={words}&ordering={ordering}{query}")
    for (kind, words), (more, query), ordering in product(SEARCHES.items(), NARROWED.items(), SEARCH_ORDERINGS)
}
MIXED: dict[str, Ask] = {"search, mixed": mixed, "facets, mixed": counted_mixed, "suggestions, mixed": typed}
