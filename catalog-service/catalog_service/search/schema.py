"""How tantivy keeps a listing."""

from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from typing import Any

import tantivy
from tantivy import Document, Schema

from catalog_service.content import money
from catalog_service.search import analysis
from catalog_service.search.port import Entry

# Fields and what they hold. Only integers of 64 bits with a sign: terms of others are not found again, without a word.
_INTEGERS = ("product", "seq", "business", "price", "price_key")
_RAW = ("id", "category", "currency", "name_key")
_VERSION = 1
# The document that says how far the index is. It has an id and nothing that a listing has.
POSITION_ID = "position"


@lru_cache(maxsize=1)
def schema() -> Schema:
    """The fields of a document."""
    builder = tantivy.SchemaBuilder()
    for name in _INTEGERS:
        builder.add_integer_field(name, indexed=True, fast=True)
    for name in _RAW:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=name != "id")
    for name in analysis.TEXT_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("position", tokenizer_name="raw", index_option="basic", stored=True)
    return builder.build()


@lru_cache(maxsize=1)
def fields_hash() -> str:
    """Another one when an index with other fields is needed."""
    return _hash(_VERSION, version("tantivy"), _INTEGERS, _RAW, analysis.TEXT_FIELDS)


def words_hash() -> str:
    """Another one when the same text has other tokens."""
    return _hash(analysis.VERSION)


def _hash(*parts: Any) -> str:
    return sha256(repr(parts).encode()).hexdigest()[:12]


def price_key(price_minor: int, currency: str, seq: int) -> int:
    """The place in the order of prices of a currency.

    In 63 bits a price of two decimal places leaves 29: listings of one price keep the order of their publication
    within 500 million of them, of four decimal places within 8 million.
    """
    free = 63 - money.to_minor(str(int(money.LIMIT)), currency).bit_length()
    return price_minor << free | seq & (1 << free) - 1


def name_key(name_sort: str, seq: int) -> str:
    """The place in the order of names, as digits and letters: tantivy's ranges of text know nothing else."""
    return f"{name_sort.encode().hex()}00{seq:016x}"


def document(entry: Entry) -> Document:
    """The listing as a document."""
    return Document(
        id=str(entry.id),
        product=entry.id,
        seq=entry.seq,
        business=entry.business,
        category=entry.category,
        currency=entry.currency,
        price=entry.price_minor,
        price_key=price_key(entry.price_minor, entry.currency, entry.seq),
        name_key=name_key(entry.name_sort, entry.seq),
        **entry.fields,
    )
