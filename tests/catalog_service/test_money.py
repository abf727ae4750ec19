"""Exact money: what is accepted, what leaves, and each refusal by its reason."""

from decimal import Decimal
from typing import Any

import pytest
from catalog_service.content import money
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("price", "currency", "minor", "shown"),
    [
        ("19.90", "EUR", 1990, "19.90"),
        ("19.9", "EUR", 1990, "19.90"),
        ("19", "EUR", 1900, "19.00"),
        ("0", "EUR", 0, "0.00"),
        ("0.01", "USD", 1, "0.01"),
        ("99999999.99", "EUR", 9_999_999_999, "99999999.99"),
        ("1200", "JPY", 1200, "1200"),
        ("99999999", "JPY", 99_999_999, "99999999"),
        ("1.005", "BHD", 1005, "1.005"),
        ("99999999.99", "KWD", 99_999_999_990, "99999999.990"),
        ("0.0001", "CLF", 1, "0.0001"),
        (19.9, "EUR", 1990, "19.90"),
        (7, "EUR", 700, "7.00"),
    ],
)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_prices_are_kept_exactly(shop: Any, price: Any, currency: str, minor: int, shown: str) -> None:
    product_id = shop.create(price=price, currency=currency)

    found = shop.read(product_id).json

    assert (found["price_minor"], found["price"], found["currency"]) == (minor, shown, currency)


REFUSED = [
    ("NaN", "EUR", "must be a number"),
    ("-NaN", "EUR", "must be a number"),
    ("Infinity", "EUR", "must be a number"),
    ("-inf", "EUR", "must be a number"),
    ("1e3", "EUR", "must have no exponent"),
    ("1E-2", "EUR", "must have no exponent"),
    ("-1", "EUR", "must not be negative"),
    ("-0", "EUR", "must not be negative"),
    ("-0.00", "EUR", "must not be negative"),
    ("+1", "EUR", "must have no sign"),
    ("007", "EUR", "must have no leading zeros"),
    ("1.999", "EUR", "EUR has 2 decimal places"),
    ("1.990", "EUR", "EUR has 2 decimal places"),
    ("100.0", "JPY", "JPY has no decimal places"),
    ("1.0005", "BHD", "BHD has 3 decimal places"),
    ("100000000", "EUR", "must be at most 99999999.99"),
    ("99999999.999", "BHD", "must be at most 99999999.99"),
    ("1" * 40, "EUR", "has too many digits"),
    ("", "EUR", "must be a decimal string"),
    (" 1.00", "EUR", "must be a decimal string"),
    ("1,00", "EUR", "must be a decimal string"),
    ("1.", "EUR", "must be a decimal string"),
    (".5", "EUR", "must be a decimal string"),
    ("1_000", "EUR", "must be a decimal string"),
    ("0x10", "EUR", "must be a decimal string"),
    ("١٢", "EUR", "must be a decimal string"),
    ("12€", "EUR", "must be a decimal string"),
    (True, "EUR", "must be a decimal string"),
    (None, "EUR", "must be a decimal string"),
    ([], "EUR", "must be a decimal string"),
    ({"amount": 1}, "EUR", "must be a decimal string"),
    (-3, "EUR", "must not be negative"),
    (1.999, "EUR", "EUR has 2 decimal places"),
    (1e300, "EUR", ""),
]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_anything_else_is_refused_by_name_and_not_written(client: Any, login: Any, shop: Any) -> None:
    product_id = shop.create()
    before = shop.read(product_id).json
    for price, currency, reason in REFUSED:
        body = {"name": "Lamp", "price": price, "currency": currency}
        for answer in (
            client.post("/api/products/", json=body, headers=login("editor")),
            shop.change(product_id, price=price, currency=currency),
        ):
            assert answer.status_code == 422, (price, answer.json)
            [error] = answer.json["errors"]
            assert error["field"] == "price"
            assert reason in error["message"], (price, error)
    assert shop.read(product_id).json == before
    assert len(client.get("/api/products/", headers=login("editor")).json) == 1


@pytest.mark.parametrize("number", ["-0", "-0.0", "-0.00", "-1", "-19.90"])
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_signed_number_is_refused_wherever_a_price_enters(client: Any, login: Any, shop: Any, number: str) -> None:
    product_id = shop.create(sku="L-1")
    before = shop.read(product_id, "editor").json
    # No client library writes -0 as it is, so the body is written by hand.
    body = f'{{"name": "Lamp", "price": {number}}}'
    for method, address in (
        ("POST", ""),
        ("PATCH", f"{product_id}/"),
        ("PUT", f"{product_id}/"),
        ("PUT", "by-sku/L-1/"),
        ("PUT", "by-sku/L-2/"),
    ):
        answer = client.open(
            f"/api/products/{address}",
            method=method,
            data=body,
            content_type="application/json",
            headers=login("editor"),
        )
        assert answer.status_code == 422, (method, address, answer.json)
        assert [(one["field"], one["message"]) for one in answer.json["errors"]] == [("price", "must not be negative")]
    assert client.get("/api/products/", headers=login("editor")).json == [before]


@pytest.mark.parametrize(
    "raw", ['{"name":"x","price":NaN}', '{"name":"x","price":Infinity}', '{"name":"x","price":-Infinity}']
)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_json_constants_are_no_json(client: Any, login: Any, raw: str) -> None:
    answer = client.post("/api/products/", data=raw, content_type="application/json", headers=login("editor"))

    assert (answer.status_code, answer.json["code"]) == (400, "invalid_json")


@pytest.mark.parametrize("currency", ["eur", "EURO", "", "XXX", "XAU", "ZZZ", "€", None, 978])
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_unknown_currency_is_named(client: Any, shop: Any, currency: Any) -> None:
    product_id = shop.create()

    answer = shop.change(product_id, currency=currency)

    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "currency"


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_other_currency_keeps_the_decimal_value_or_is_refused(shop: Any) -> None:
    round_one, odd = shop.create(price="20.00"), shop.create(price="19.90")

    assert shop.change(round_one, currency="JPY").json["price"] == "20"
    assert shop.change(round_one, currency="BHD").json["price"] == "20.000"
    refused = shop.change(odd, currency="JPY")
    [error] = refused.json["errors"]
    assert (refused.status_code, error["field"]) == (422, "price")
    assert error["message"] == "JPY has no decimal places; send a price with the currency"
    assert shop.change(odd, currency="JPY", price="2000").json["price_minor"] == 2000


@given(st.integers(0, 9_999_999_999), st.sampled_from(sorted(money.EXPONENTS)))
def test_there_and_back_is_the_same(minor: int, currency: str) -> None:
    shown = money.to_decimal(minor, currency)

    assert money.to_minor(shown, currency) == minor
    assert Decimal(shown).scaleb(money.EXPONENTS[currency]) == minor
    if Decimal(shown) <= money.LIMIT:
        bound = money.bound(money.plain(shown))
        assert money.least(bound, currency) == money.most(bound, currency) == minor
        assert (money.least(bound + 1, currency), money.most(bound - 1, currency)) == (minor + 1, minor - 1)


def test_every_currency_of_the_standard_that_has_an_exponent() -> None:
    assert {"EUR": 2, "JPY": 0, "BHD": 3, "CLF": 4, "ISK": 0, "TND": 3}.items() <= money.EXPONENTS.items()
    assert len(money.EXPONENTS) > 150
