"""An old answer's claims, checked against today's catalogue."""

from typing import Any

import pytest

from tests.chat_service.catalogue import Catalogue
from tests.chat_service.conftest import ask


def sources(client: Any, answer: Any) -> Any:
    found = client.get(f"/api/conversations/{answer['conversation_id']}/messages/{answer['id']}/sources/")
    assert found.status_code == 200, found.text
    return found.json


def row(catalogue: Catalogue, number: int) -> dict[str, Any]:
    return next(row for row in catalogue.rows if row["id"] == number)


def test_unchanged_catalogue_bears_the_answer_out(client: Any) -> None:
    answer = ask(client, "cheapest in Kitchen?")

    found = sources(client, answer)

    assert found["holds"] is True
    assert {claim["field"] for claim in found["claims"]} == {"name", "price", "seller", "cheapest"}
    assert {product["status"] for product in found["products"]} == {"current"}


def test_changed_price_and_withdrawn_product_are_marked(client: Any, catalogue: Catalogue) -> None:
    answer = ask(client, "What is in Lighting?")
    row(catalogue, 1).update(price="139.00", price_minor=13900, version=2)
    catalogue.rows = [each for each in catalogue.rows if each["id"] != 2]

    found = sources(client, answer)

    status = {product["id"]: product["status"] for product in found["products"]}
    assert status == {1: "changed", 2: "withdrawn", 3: "current"}
    broken = {
        (claim["product_id"], claim["field"], claim["current"]) for claim in found["claims"] if not claim["holds"]
    }
    assert (1, "price", "139.00 EUR") in broken
    assert (2, "name", None) in broken
    assert (None, "count", "2") in broken
    assert found["holds"] is False


@pytest.mark.parametrize(
    "question",
    ["how many lamps?", "who sells lamps?", "what categories?", "price range in Kitchen?", "Kitchen without Casa Verde?",
     "something under 1 euro", "compare the copper kettle and the glass teapot", "most expensive?", "lamps under 200",
     "newest products", "how many sellers are there?", "is the Copper Kettle under 50 EUR?", "unicorns", "lamps in GBP",
     "price of the Copper Kettle in dollars", "is the Copper Kettle in stock?", "Kitchen not from Casa Verde under 100",
     "which is heavier, the Summit Tent or the Ridge Backpack?", "how heavy is the Summit Tent?", "something for a picnic",
     "how long does delivery from Kettle & Co take?", "kettle or teapot, which is cheaper?", "What is in Kitchen?"],
)  # fmt: skip
def test_every_kind_of_claim_can_be_rerun(client: Any, catalogue: Catalogue, question: str) -> None:
    row(catalogue, 8).update(attributes={"weight": "2.4 kg"}, description="A tent. It is made for a long picnic.")
    row(catalogue, 9).update(attributes={"weight": "900 g"})
    catalogue.pages = {2: [{"kind": "shipping", "language": "en", "text": "Two days.", "version": 1}]}

    answer = ask(client, question)

    found = sources(client, answer)

    assert found["claims"]
    assert found["holds"] is True


def test_sources_are_the_owners_alone(client: Any, stranger: Any) -> None:
    answer = ask(client, "lamps")
    other = ask(client, "knives")
    address = f"/api/conversations/{answer['conversation_id']}/messages/{answer['id']}/sources/"

    assert stranger.get(address).status_code == 404
    crossed = f"/api/conversations/{other['conversation_id']}/messages/{answer['id']}/sources/"
    assert client.get(crossed).status_code == 404


def test_dead_catalogue_is_a_503(client: Any, catalogue: Catalogue) -> None:
    answer = ask(client, "lamps")
    catalogue.down = True

    found = client.get(f"/api/conversations/{answer['conversation_id']}/messages/{answer['id']}/sources/")

    assert (found.status_code, found.json["code"]) == (503, "unavailable")
