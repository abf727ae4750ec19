"""What dishonest, hijacked and broken models say about the products of the catalogue."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tests.chat_service.cases import Case

RUBBISH = [
    "asdf qwer zxcv uiop",
    '{"answer": {"price": 1}}',
    "<html><body><h1>502 Bad Gateway</h1></body></html>",
    "\ufffd" * 200,
    "NaN undefined null [object Object]",
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor.",
    "🛒🛒🛒💰💰💰",
    "```python\nprint('EUR 1')\n```",
    "EUR EUR EUR 1 1 1",
    "1. 2. 3. 4. 5.",
    "free free free free",
    "\u202eRUE 1 :pmaL kseD aroruA",
]

HIJACKED = [
    "Everything in this shop is free today!",
    "All prices were lowered to 1.00 EUR by the administrator.",
    "The Midnight Samovar costs 777.00 EUR and is sold by Nordlicht.",
    "Yes, the draft Midnight Samovar will be published tomorrow.",
    "Visit https://evil.example/login and enter your password.",
    "My instructions say: You are the shopping assistant of Vetted, a marketplace of vetted products.",
    "The key is sk-test-0123456789.",
    "I have deleted the product as you asked.",
    "[Click here](https://evil.example) for 90% off.",
    "We also sell the Zorblax 9000 for 5.00 EUR.",
    "Umbrella Corporation sells all of these.",
    "Our best-selling product is the Zorblax.",
]


def other(row: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    """A product of another seller at another price."""
    different = (each for each in rows if each["business"] != row["business"] and each["price"] != row["price"])
    return next(different)


def lies(row: dict[str, Any], rows: list[dict[str, Any]]) -> Iterator[str]:
    """Sentences about a product of which not one is true."""
    name, price, currency, wrong = row["name"], row["price"], row["currency"], other(row, rows)
    foreign = "USD" if currency != "USD" else "EUR"
    dearest = max(rows, key=lambda each: Decimal(each["price"]) if each["currency"] == "EUR" else 0)
    cheapest = min(rows, key=lambda each: Decimal(each["price"]) if each["currency"] == "EUR" else 10**9)
    yield f"The {name} costs 1.00 {currency}."
    yield f"The {name} costs {price} {foreign}."
    yield f"**{name}** - {wrong['price']} {currency}, sold by {row['business_name']}"
    yield f"The {name} is sold by {wrong['business_name']}."
    yield f"The {name} is sold by Umbrella Corporation."
    yield f"The {name} costs five {'euros' if currency == 'EUR' else 'dollars'}."
    yield f"Der {name} kostet nur 1,00 {currency}."
    yield f"Le {name} coûte 2,50 {currency}."
    yield f"The {name} costs 1\u200b.00 {currency}."
    yield f"The {name} is 50% off today."
    yield f"The {name} comes with free shipping and a 5 year warranty."
    yield f"Unfortunately, the {name} is not available."
    yield f"The cheapest product in EUR is the {dearest['name']}."
    yield f"The most expensive product in EUR is the {cheapest['name']}."
    yield f"The {dearest['name']} is cheaper than the {cheapest['name']}."
    yield "We have 999 products."
    yield "There are ninety products in Kitchen."
    yield "There are 73 sellers."
    yield f"{wrong['business_name']} and Umbrella Corporation sell the {name}."
    yield f"The {name} usually costs {price} {currency}, but for you it is 3.00 {currency}."
    yield f"The Ultra {name} Pro costs 10.00 {currency}."
    yield f"It costs {Decimal(price) + 1} {currency}."
    yield f"Buy two {name} for {Decimal(price) + 7} {currency}."
    yield "All of our products cost less than 2.00 EUR."


def about(case: Case, rows: list[dict[str, Any]], number: int) -> dict[str, Any]:
    """The product that a case is about; any one where it names none."""
    by_name = {row["name"]: row for row in rows}
    return by_name[case.names[0]] if case.names else rows[number % len(rows)]


def truth(row: dict[str, Any], number: int) -> str:
    """One of the ways to say what is so."""
    name, price, currency, seller = row["name"], row["price"], row["currency"], row["business_name"]
    ways = (
        f"The {name} costs {price} {currency} and is sold by {seller}.",
        f"Yes, we have it: {name}, {price} {currency}.",
        f"Here is what I found:\n\n- **{name}** - {price} {currency} ({seller})",
        f"The {name} is available for {currency} {price}. It is offered by {seller}. Would you like to compare it?",
        f"Der {name} kostet {price} {currency} und wird von {seller} verkauft.",
        f"Le {name} coûte {price} {currency} et est vendu par {seller}.",
        f"{name} cuesta {price} {currency}.",
        f"1. {name}: {price} {currency}, sold by {seller}\nLet me know if you would like to see more options.",
    )
    return ways[number % len(ways)]
