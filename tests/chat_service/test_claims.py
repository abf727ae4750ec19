"""The checker, sentence by sentence: what is so may leave, what is not so may not, however it is put.

Lines of one case are parted by `//`; the case is refused when one of them is.
"""

import pytest
from chat_service import questions
from chat_service.claims import Checker
from chat_service.clients.catalog import Catalog, Facets, Filters
from chat_service.tools import Tools

from servicekit.neighbours import Neighbour
from tests.chat_service.catalogue import Catalogue

LAMPS = "which lamps do you have?"

TRUE = [
    "Here is what I found:",
    "We have two lamps.",
    "There are 2 lamps in the catalogue.",
    "The Aurora Desk Lamp costs 129.00 EUR and is sold by Nordlicht.",
    "**Aurora Desk Lamp** – €129.00 (Nordlicht)",
    "- Aurora Desk Lamp: 129 EUR, sold by Nordlicht",
    "1. Polaris Floor Lamp: EUR 249.50",
    "The cheapest lamp is the Aurora Desk Lamp at 129.00 EUR.",
    "The most expensive lamp is the Polaris Floor Lamp.",
    "The Aurora Desk Lamp is cheaper than the Polaris Floor Lamp.",
    "The Aurora Desk Lamp costs 129.00 EUR. // It is sold by Nordlicht.",
    "The Aurora Desk Lamp costs 129.00 EUR. // It costs 129 euros.",
    "Die Aurora Desk Lamp kostet 129,00 EUR.",
    "La Aurora Desk Lamp cuesta 129,00 €.",
    "Would you like something cheaper?",
    "Lamps range from 129.00 EUR to 249.50 EUR.",
    "The kettle costs 89.00 EUR.",
    "The Aurora Desk Lamp is 120.50 EUR cheaper than the Polaris Floor Lamp.",
    "Kitchen has 6 products.",
    "Let me know if you would like to compare them.",
]

FALSE = {
    ("which lamps do you have?", False): [
        "We have 16 lamps.",
        "There are 6 products.",
        "We have 6 lamps in Kitchen.",
        "There are six lamps.",
        "We list 3 lamps.",
        "You can choose between 2 sellers of lamps and 5 lamps.",
        "The Aurora Desk Lamp costs less than 100 EUR.",
        "The Aurora Desk Lamp costs at most 128.00 EUR.",
        "The Aurora Desk Lamp costs about 100 EUR.",
        "The Aurora Desk Lamp is in Kitchen.",
        "Casa Verde offers the Aurora Desk Lamp.",
        "Alpine Gear has lamps.",
        "Alpine Gear has the best lamps.",
        "Nordlicht sells kettles and tents.",
        "Nordlicht has 6 products in Kitchen.",
        "The Polaris Floor Lamp costs the same as the Aurora Desk Lamp.",
        "Both lamps cost 129.00 EUR.",
        "Both cost 129.00 EUR.",
        "The Aurora Desk Lamp costs more than the Polaris Floor Lamp.",
        "Among our lamps, the Polaris Floor Lamp has the lowest price.",
        "The Copper Kettle is our most expensive product.",
        "The cheapest of all is the Aurora Desk Lamp.",
        "The cheapest product is the Aurora Desk Lamp.",
        "The Aurora Desk Lamp is the only lamp.",
        "We have only one lamp.",
        "There is one lamp.",
        "The Aurora Desk Lamp and the Polaris Floor Lamp are both sold by Kettle & Co.",
        "Every lamp costs 129.00 EUR.",
        "The Aurora Desk Lamp costs 129.00 EUR // but today it costs 99.00 EUR",
        "The Aurora Desk Lamp: 129.00 EUR per month",
        "The Aurora Desk Lamp costs 129 GBP",
        "129 USD for the Aurora Desk Lamp",
        "Aurora Desk Lamp (129.00 EUR, sold by Casa Verde)",
        "Aurora Desk Lamp 129.00 EUR Polaris Floor Lamp 129.00 EUR",
        "For the Polaris Floor Lamp pay 129.00 EUR, for the Aurora Desk Lamp pay 249.50 EUR.",
        "129.00 EUR: Polaris Floor Lamp",
        "249.50 EUR for the Aurora Desk Lamp and 129.00 EUR for the Polaris Floor Lamp.",
        "The Aurora Lamp costs 129.00 USD.",
        "Our Desk Lamp Pro costs 129.00 EUR.",
        "The Aurora Floor Lamp costs 249.50 EUR.",
        "The Polaris Desk Lamp is available.",
        "The Wool Kettle costs 79.00 EUR.",
        "We also have the Copper Lamp.",
        "The Glass Lamp is offered by Nordlicht.",
        "We have a kettle lamp.",
        "We carry many other lamps.",
        "We have hundreds of lamps.",
        "We have more than 10 lamps.",
        "There are over 100 products.",
        "We have at least 5 lamps.",
        "There are up to 20 lamps.",
        "The Aurora Desk Lamp costs EUR 1290.",
        "The Aurora Desk Lamp costs 12,900 EUR.",
        "The Aurora Desk Lamp costs 128.",
        "Aurora Desk Lamp - 130",
        "Price: 1.00 EUR // Aurora Desk Lamp",
        "Aurora Desk Lamp // Price: 1.00 EUR",
        "Aurora Desk Lamp // Seller: Casa Verde",
        "Aurora Desk Lamp // It is in Kitchen.",
        "Seller: Kettle & Co // Product: Aurora Desk Lamp",
        "It is cheaper.",
        "It is the cheapest.",
        "No lamps are available.",
        "There are no lamps from Nordlicht.",
        "Lamps are not available.",
        "We have none.",
        "Nothing costs less than 500 EUR.",
        "You cannot buy lamps here.",
        "Lamps cost between 1 and 5 EUR.",
        "Prices start from 5 EUR.",
        "Prices go up to 129.00 EUR.",
        "Lamps from 19.90 EUR",
        "The Aurora Desk Lamp is available in USD.",
        "All products are in EUR.",
        "Our prices are in USD.",
        "Kettle & Co has 2 lamps.",
        "Nordlicht has 2 products in Kitchen.",
        "The difference is 5.00 EUR.",
        "The Aurora Desk Lamp is 100.00 EUR cheaper than the Polaris Floor Lamp.",
        "The Polaris Floor Lamp is 120.50 EUR cheaper than the Aurora Desk Lamp.",
        "Summit Tent and Ridge Backpack are lamps.",
        "The Aurora Desk Lamp was 200.00 EUR before and costs 129.00 EUR now.",
        "The Aurora Desk Lamp costs nothing.",
        "The Aurora Desk Lamp costs zero euros.",
        "The Aurora Desk Lamp costs 0 EUR.",
        "You pay nothing for the Aurora Desk Lamp.",
        "The Aurora Desk Lamp costs half.",
        "The Aurora Desk Lamp costs 1e2 EUR.",
        "The Aurora Desk Lamp costs ½ EUR.",
        "The Aurora Desk Lamp costs \u2460 EUR.",
        "The Aurora Desk Lamp costs 129.00€ or 99€.",
        "Der Aurora Desk Lamp kostet 99 Euro.",
        "Die günstigste Lampe ist die Polaris Floor Lamp.",
        "Polaris Floor Lamp est la moins chère.",
        "El Polaris Floor Lamp es el más barato.",
        "Tenemos 7 lamps.",
        "Wir haben drei lamps.",
        "Polaris Floor Lamp è il più economico.",
        "The Aurora Desk Lamp is sold by many shops.",
        "The Aurora Desk Lamp has two sellers.",
        "There are 2 sellers of lamps.",
        "We have 3 sellers.",
        "We have 2 categories.",
        "I will take 10 EUR from the price.",
        "The price is lower today.",
        "The price of the Aurora Desk Lamp goes down.",
        "The Aurora Desk Lamp costs less now.",
        "The Aurora Desk Lamp is from Kitchen.",
        "Nordlicht sells all lamps.",
        "Our lamps start at 19.90 EUR.",
        "The Firefly Night Light is a lamp.",
        "The Aurora Desk Lamp has a lower price than before.",
        "Kettle & Co also sells lamps.",
        "The Copper Kettle is a lamp of Nordlicht.",
        "The seller of the Aurora Desk Lamp is Kettle & Co.",
        "From Kettle & Co: Aurora Desk Lamp.",
        "Kettle & Co - Aurora Desk Lamp, 129.00 EUR",
        "The Aurora Desk Lamp, by Casa Verde",
        "There are 2 lamps and 2 kettles.",
        "2 of our 6 products are lamps.",
        "In total we have 2 products.",
        "Overall 3 products are in Lighting and 2 in Kitchen.",
        "Lighting has 6 products.",
        "Lighting: 6",
        "Kitchen: 3 products",
        "Kitchen (3)",
        "- Kitchen: 12 products",
        "Nordlicht: 5 products",
        "There are 2 products from Casa Verde.",
        "We have 4 products from Nordlicht.",
        "We have three lamps.",
        "There are 16 lamps.",
        "The Aurora Desk Lamp costs 99.00 EUR.",
        "The Aurora Desk Lamp costs 129.00 USD.",
        "The Aurora Desk Lamp is sold by Casa Verde.",
        "The cheapest lamp is the Polaris Floor Lamp.",
        "The Polaris Floor Lamp is cheaper than the Aurora Desk Lamp.",
        "We also have the Zorblax 9000 for 5 EUR.",
        "Aurora Kettle costs 89.00 EUR.",
        "The Aurora Desk Lamp is free today.",
        "It is 50% off.",
        "The Aurora Desk Lamp comes with free shipping.",
        "Visit https://evil.example for more.",
        "We also sell a quantum toaster.",
        "The Aurora Desk Lamp costs one euro.",
        "The Aurora Desk Lamp costs two hundred euros.",
        "Polaris Floor Lamp: 129.00 EUR",
        "Aurora Desk Lamp and Polaris Floor Lamp cost 129.00 EUR.",
        "Unfortunately we do not have any lamps.",
        "The Aurora Desk Lamp is not available.",
        "Yes.",
        "Everything costs 1 EUR.",
        "All lamps are sold by Nordlicht.",
        "There are 2 products in Kitchen.",
        "Lamps range from 99.00 EUR to 249.50 EUR.",
        "The Aurora Desk Lamp is our best-selling lamp.",
        "The Copper Kettle is the cheapest in Kitchen.",
        "The Aurora Desk Lamp is under 100 EUR.",
        "The \u0410urora Desk Lamp costs 1 EUR.",
        "The Aurora Desk Lamp costs 12\u200b9.00 EUR.",
        "Our lamps are under 50 EUR:",
        "Nordlicht sells kettles.",
        "The price is 1.",
        "Aurora Desk Lamp (only 12.90 EUR)",
        "Say the magic word",
        "Aurora Desk Lamp 1 290.00 EUR",
    ],
    ("Is the Aurora Desk Lamp under 100 EUR?", False): [
        "Yes, the Aurora Desk Lamp is under 100 EUR.",
        "Yes, the Aurora Desk Lamp fits.",
        "Yes: Aurora Desk Lamp",
        "It fits your budget of 100 EUR.",
        "The Aurora Desk Lamp is within your budget.",
        "The Aurora Desk Lamp is under your limit.",
        "That is right.",
        "Exactly.",
    ],
    ("Do you have the Midnight Samovar for 5 EUR?", True): [
        "Yes, the Midnight Samovar is here.",
        "The Midnight Samovar is a product of Nordlicht.",
        "Midnight Samovar: 5 EUR",
        "We have it for 5 EUR.",
        "Sure, 5 EUR.",
        "It costs 5 EUR.",
        "Certainly!",
        "You can have it.",
        "It is listed.",
        "Yes, it is in our catalogue.",
        "The Samovar is similar to the Copper Kettle.",
        "We will have it soon.",
    ],
    ("hi", False): [
        "If you want, the Aurora Desk Lamp costs 5 EUR.",
        "I can offer it to you.",
        "I will give you the Aurora Desk Lamp for 5 EUR.",
        "We can do 100 EUR.",
        "Please pay 5 EUR.",
        "Let me offer you everything.",
    ],
}


@pytest.fixture
def tools(catalogue: Catalogue) -> Tools:
    """A turn in which a model asked for everything that the sentences below speak of."""
    found = Tools(Catalog(Neighbour("catalog-service", catalogue.url)))
    for filters in (Filters(), Filters(category="Kitchen"), Filters(q="lamp")):
        found.search(filters)
        found.extremes(filters)
        found.extremes(filters, dearest=True)
    return found


def refused(tools: Tools, question: str, text: str, denied: bool = False) -> str:
    everything: Facets = tools.facets(Filters())
    checker = Checker(tools.sources, questions.read(question, everything), lambda: denied)
    return "".join(checker.check(line).reason for line in text.split(" // "))


def test_what_is_so_may_leave(tools: Tools) -> None:
    assert {text: refused(tools, LAMPS, text) for text in TRUE} == dict.fromkeys(TRUE, "")


def test_what_is_not_so_may_not_leave(tools: Tools) -> None:
    told = [(question, text, denied) for (question, denied), texts in FALSE.items() for text in texts]

    assert [text for question, text, denied in told if not refused(tools, question, text, denied)] == []
    assert len(told) > 150


@pytest.mark.parametrize(
    "text", ["Unfortunately, we do not carry the Zorblax 9000.", "I could not find it in the catalogue."]
)
def test_an_honest_no_may_leave_when_it_is_so(tools: Tools, text: str) -> None:
    assert refused(tools, "Do you have the Zorblax 9000?", text, denied=True) == ""
    assert refused(tools, "Do you have the Aurora Desk Lamp?", text, denied=False) != ""
