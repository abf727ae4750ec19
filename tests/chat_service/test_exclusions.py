"""What a shopper does not want is not listed, not even as the nearest."""

from typing import Any

import pytest

from tests.chat_service.catalogue import PRODUCTS, Catalogue, product
from tests.chat_service.conftest import ask

TABLES = [
    product(101, "Oak table", "90.00", "EUR", "Furniture", 1),
    product(102, "Camp folding table", "40.00", "EUR", "Furniture", 3),
    product(103, "Balcony folding table", "60.00", "EUR", "Furniture", 1),
    product(104, "Folding chair", "30.00", "EUR", "Furniture", 3),
]
FOLDING = {"Camp folding table", "Balcony folding table", "Folding chair"}


@pytest.fixture
def engine_name() -> str:
    """What is said does not depend on the database; one is enough."""
    return "sqlite"


@pytest.fixture
def tables(client: Any, catalogue: Catalogue) -> Any:
    catalogue.rows = [*map(dict, PRODUCTS), *map(dict, TABLES)]
    return client


@pytest.mark.parametrize(
    ("question", "unwanted"),
    [
        ("table, not folding", FOLDING),
        ("table, not folding, under 50 EUR", FOLDING),
        ("Furniture without folding under 20 EUR", FOLDING),
        ("lamp but not a desk lamp", {"Aurora Desk Lamp"}),
        ("desk lamp but not a desk lamp", {"Aurora Desk Lamp"}),
        ("lamp under 10 EUR but not a desk lamp", {"Aurora Desk Lamp"}),
        ("lighting not from Nordlicht under 10 EUR", {"Aurora Desk Lamp", "Polaris Floor Lamp"}),
        ("tents not from Alpine Gear", {"Summit Tent"}),
        ("a table in GBP without folding", FOLDING),
        ("Tisch, aber nicht folding", FOLDING),
    ],
)
def test_what_is_excluded_is_never_listed(tables: Any, question: str, unwanted: set[str]) -> None:
    answer = ask(tables, question)

    assert not unwanted & {each["name"] for each in answer["products"]}
    assert not [name for name in unwanted if name in answer["ai_response"]]


def test_exclusion_holds_beyond_what_one_search_gives(client: Any, catalogue: Catalogue) -> None:
    catalogue.rows = [
        product(200 + n, "Folding lamp" if n % 5 else "Round lamp", "9.00", "EUR", "Lighting", 1) for n in range(400)
    ]

    answer = ask(client, "lamp, not folding")

    assert {each["name"] for each in answer["products"]} == {"Round lamp"}
    assert [each["total"] for each in answer["statements"] if each["kind"] == "list"] == [80]
