"""Judges one answer of the API against its question, with code that shares nothing with the service."""

import re
from decimal import Decimal
from typing import Any

from tests.chat_service.corpus.questions import Question, figure

NUMBER = re.compile(r"\d(?:[\d.,'\u202f\u00a0 ]*\d)?")
CENTS = re.compile(r"[.,](\d{1,2})$")
GROUPS = re.compile(r"[.,'\u202f\u00a0 ]")
# What an answer quotes it does not claim: words that it did not understand, and what a seller wrote.
QUOTED = re.compile(r"“[^”]*”|„[^“]*“|«[^»]*»|「[^」]*」|『[^』]*』|\"[^\"]*\"")

# What an answer about a topic speaks of, in any of the five languages: beginnings of words.
TOPICS = {
    "shipping": "shipping deliver postage dispatch versand liefer livraison expédi envoi envío entrega 配送 送料 発送 配達 届",
    "returns": "return refund exchange rückgabe rücksend retour umtausch widerruf rembours échange devol reembols 返品 返金 交換",
    "payment": "pay zahlung bezahl zahlen paiement payer pago pagar 支払 決済",
    "stock": "stock availab lager verfügbar vorrätig bestand dispon existencias 在庫",
    "warranty": "warrant guarant garant gewährleistung 保証",
    "contact": "contact reach human person seller kontakt erreich mensch händler verkäufer anbieter joindre vendeur humain vendedor 連絡 問い合わせ 販売 担当 出品",
    "order": "order bestell command pedido 注文",
    "discount": "discount sale offer promot reduc rabatt angebot reduzier aktion nachlass remise réduction solde descuento rebaja oferta 割引 セール 値引",
    "reviews": "review rating bewertung rezension avis note reseña opinion valorac レビュー 評価 口コミ",
}
TOPIC_STATEMENTS = {"unknown", "shop_info"}


def problems(question: Question, answer: Any, before: Any, names: dict[str, str]) -> list[str]:
    """What is wrong with an answer; `names` are the products' names by SKU, `before` the answer of the turn before."""
    named = [product["name"] for product in answer["products"]]
    found = [
        *_products(question, named, before, names),
        *_words(question, answer),
        *_statements(question, answer, names),
    ]
    gibberish = question.kind == "gibberish" and question.silent
    if not gibberish and answer["language"] != question.language:
        found.append(f"answers in {answer['language']}")
    return found


def _products(question: Question, named: list[str], before: Any, names: dict[str, str]) -> list[str]:
    found = [f"does not name {sku}" for sku in question.products if names[sku] not in named]
    found += [f"names {sku}" for sku in question.not_products if names[sku] in named]
    if question.only:
        fitting = {names[sku] for sku in question.only}
        found += [f"names {name}" for name in named if name not in fitting] or ([] if named else ["names nothing"])
    first = names[question.first] if question.first else _nth(question.ordinal, before)
    if first is not None and named[:1] != [first]:
        found.append(f"does not begin with {first or 'what was shown'}")
    if (question.silent or question.talk) and named:
        found.append(f"names {named}")
    if question.topic and not question.skus:
        asked = plain(" ".join((*question.setup, question.question)))
        found += [f"names {name}" for name in named if plain(name.split()[0]) not in asked]
    return found


def _nth(ordinal: int, before: Any) -> str | None:
    """The name of the n-th product of an answer; empty when it had none."""
    if not ordinal:
        return None
    shown = before["products"] if before else []
    return str(shown[ordinal - 1]["name"]) if len(shown) >= ordinal else ""


def _words(question: Question, answer: Any) -> list[str]:
    text = plain(answer["ai_response"])
    said, claimed = figures(text), QUOTED.sub(" ", text)
    found = [
        f"lacks {part!r}" for part in question.says if not any(_stands(one, text, said) for one in part.split("|"))
    ]
    found += [f"says {word!r}" for word in question.never if _begins(plain(word), claimed, whole=True)]
    if question.count is not None and Decimal(question.count) not in said:
        found.append(f"lacks the number {question.count}")
    # A quotation that the service chose as the seller's word on it speaks for itself.
    spoken = text if _kinds(answer) & {"shop_info"} else claimed
    if question.topic and not any(_begins(word, spoken) for word in TOPICS[question.topic].split()):
        found.append(f"does not speak of {question.topic}")
    return found


def _statements(question: Question, answer: Any, names: dict[str, str]) -> list[str]:
    """What the typed statements say."""
    kinds, found = _kinds(answer), []
    if question.talk and question.talk not in kinds:
        found.append(f"is no {question.talk}")
    if question.nothing and "nothing" not in kinds:
        found.append("does not say that nothing fits")
    if question.topic and not kinds & TOPIC_STATEMENTS:
        found.append(f"takes {question.topic} for something else")
    ends = (("most", question.most), ("least", question.least))
    return found + [f"{end} is not {sku}" for end, sku in ends if sku and not _ends(answer, end, names[sku])]


def _kinds(answer: Any) -> set[str]:
    return {statement["kind"] for statement in answer["statements"]}


def _ends(answer: Any, end: str, name: str) -> bool:
    ids = {product["id"] for product in answer["products"] if product["name"] == name}
    return any(statement.get(end) in ids for statement in answer["statements"] if statement["kind"] == "comparison")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'").casefold()


def figures(text: str) -> set[Decimal]:
    """The numbers of a text, with thousands and decimals as any of the languages writes them."""
    return {number for match in NUMBER.findall(text) for number in _readings(match)}


def _readings(match: str) -> set[Decimal]:
    cents = CENTS.search(match)
    whole = GROUPS.sub("", match[: cents.start()] if cents else match)
    readings = {Decimal(f"{whole}.{cents[1]}" if cents else whole).normalize()}
    # "two lamps: 129, 189" and "24 kg": blanks and commas may part numbers, too.
    parts = re.split(r"[,' ]+", match)
    return readings | {number for number in map(figure, parts) if number is not None}


def _stands(part: str, text: str, said: set[Decimal]) -> bool:
    number = figure(part)
    return number in said if number is not None else plain(part) in text


def _begins(word: str, text: str, whole: bool = False) -> bool:
    """Whether a word of the text begins so, or is it as a `whole`; what is not Latin stands anywhere."""
    if any(char >= "\u3000" for char in word):
        return word in text
    return bool(re.search(rf"(?<!\w){re.escape(word)}" + (r"(?!\w)" if whole else ""), text))
