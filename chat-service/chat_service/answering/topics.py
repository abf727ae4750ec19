"""What the catalogue cannot know: answered by what the seller has published, or by saying so with the way to the seller."""

from collections.abc import Iterator, Sequence

from chat_service.answering.asked import Asked
from chat_service.answering.reasons import LONGEST_QUOTE, SENTENCE, matched
from chat_service.clients.catalog import Page, Product, Seller
from chat_service.statements import ShopInfo, Statement, Unknown

# Which page of a seller's may speak of a topic.
PAGES = {
    "shipping": "shipping", "returns": "returns", "payment": "payment", "contact": "contact", "about": "about",
    "warranty": "returns", "order": "contact", "human": "contact",
}  # fmt: skip
# What a page of a seller's only says whom to ask for.
ASKED_FOR = frozenset({"order"})
SELLERS_AT_ONCE = 4


def topic(asked: Asked, name: str, products: Sequence[Product]) -> Iterator[Statement]:
    """What sellers have published on it; where none has, that the catalogue does not say."""
    sellers = _sellers(asked, products)
    found = [info for seller in sellers for info in _published(asked, seller, PAGES.get(name))]
    if found and name not in ASKED_FOR:
        yield from found
        return
    if len(products) == 1:
        yield Unknown(topic=name, product=products[0], seller=sellers[0])
    else:
        yield Unknown(topic=name, seller=sellers[0] if len(sellers) == 1 else None)
    yield from found


def _sellers(asked: Asked, products: Sequence[Product]) -> list[Seller]:
    """The sellers that may be meant: of the products, the one that is named, or all where they are few."""
    if products:
        found = {product.business: product.business_name for product in products}
    else:
        named = asked.base().business
        found = {each.id: each.name for each in asked.everything.businesses if named in {None, each.id}}
    return [Seller(id=number, name=name) for number, name in found.items()][:SELLERS_AT_ONCE]


def _published(asked: Asked, seller: Seller, kind: str | None) -> Iterator[ShopInfo]:
    pages = [page for page in asked.reading.pages(seller.id) if page.kind == kind] if kind else []
    spoken = sorted(pages, key=lambda page: (page.language != asked.plan.language, page.language != "en"))
    for page in spoken[:1]:
        yield ShopInfo(
            seller=seller, page=page.kind, language=page.language, version=page.version, quote=_excerpt(page, asked)
        )


def _excerpt(page: Page, asked: Asked) -> str:
    """Whole sentences of the page in their order: all where they are few, else from the one that fits best."""
    if len(page.text) <= LONGEST_QUOTE:
        return page.text.strip()
    whole = [part for line in page.text.splitlines() for part in SENTENCE.split(line) if part.strip()]
    scores = [matched(each, asked.words, asked.plan.language) for each in whole]
    start = scores.index(max(scores))
    found = whole[start]
    for each in whole[start + 1 :]:
        joined = page.text[page.text.index(found) :][: len(found) + 1 + len(each)]
        if len(joined) > LONGEST_QUOTE or not joined.endswith(each):
            break
        found = joined
    return found[:2000]
