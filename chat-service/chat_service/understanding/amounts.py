"""Numbers and amounts of money in a question: digits, words (text2num), `5k`, signs and names of currencies (CLDR)."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from babel import Locale
from babel.numbers import get_currency_name, get_currency_symbol
from text_to_num import find_numbers

from chat_service.understanding.lexicon import lexicon
from chat_service.understanding.text import LANGUAGES, fold

TRADED = ("EUR", "USD", "GBP", "JPY", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "CAD", "AUD", "KWD", "CNY", "INR", "KRW",
          "TRY", "BRL", "MXN", "NZD", "HUF", "RON", "BGN", "UAH", "ZAR", "SGD", "HKD", "THB", "ILS", "AED")  # fmt: skip
# What a sign alone means, where several currencies share it.
SIGNS = {"$": "USD", "£": "GBP", "€": "EUR", "¥": "JPY", "￥": "JPY", "₩": "KRW", "₹": "INR", "zł": "PLN", "kč": "CZK"}
SCALES = {
    "k": 1_000,
    "tsd": 1_000,
    "tausend": 1_000,
    "thousand": 1_000,
    "mille": 1_000,
    "mil": 1_000,
    "million": 1_000_000,
    "mio": 1_000_000,
    "m": 1_000_000,
    "千": 1_000,
    "万": 10_000,
}
NUMERALS = frozenset("〇一二三四五六七八九十百千万")
LONGEST_NUMBER = 20
RUN = 40
NUMBER = re.compile(r"(\d(?:[\d.,']{0,18}\d)?)(k|tsd|mio|m|千|万)?")


@dataclass(frozen=True, slots=True)
class Number:
    """A number at tokens `start` to `end`; `ordinal` for "second", `written` in words."""

    start: int
    end: int
    value: Decimal
    ordinal: bool = False
    written: bool = False


class _Word:
    def __init__(self, text: str) -> None:
        self._text = text

    def text(self) -> str:
        return self._text

    def nt_separated(self, previous: "_Word") -> bool:
        return False

    def not_a_number_part(self) -> bool:
        return False


def decimal(text: str) -> Decimal | None:
    """A number as people write it: 1,299.00 and 1.299,00 are the same; None when it is none, or longer than a price."""
    if len(text) > LONGEST_NUMBER:
        return None
    bare = text.replace("'", "").replace(" ", "")
    last = max(bare.rfind("."), bare.rfind(","))
    if last >= 0:
        whole, fraction = re.sub(r"[.,]", "", bare[:last]), bare[last + 1 :]
        mixed = "." in bare and "," in bare
        thousands = bare.count(bare[last]) > 1 or (len(fraction) == 3 and not mixed and not bare.startswith("0"))
        bare = whole + fraction if thousands else f"{whole}.{fraction}"
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None


def in_digits(text: str) -> Decimal | None:
    """The value of one token of digits, with `k` and the like behind it, or of Japanese numerals."""
    if NUMERALS.issuperset(text):
        return _numerals(text) if len(text) <= LONGEST_NUMBER else None
    text = text.replace(" ", "")
    found = NUMBER.fullmatch(text) if len(text) <= LONGEST_NUMBER else None
    value = decimal(found[1]) if found else None
    return value * SCALES.get(found[2] or "", 1) if found and value is not None else None


def _numerals(text: str) -> Decimal:
    """五千 is 5 times 1,000, 二万三千 is 23,000."""
    total = part = digit = 0
    for char in text:
        value = int(unicodedata.numeric(char))
        if value < 10:
            digit = value
        elif value < 10_000:
            part, digit = part + max(digit, 1) * value, 0
        else:
            total, part, digit = total + max(part + digit, 1) * value, 0, 0
    return Decimal(total + part + digit)


def numbers(words: Sequence[str], language: str) -> dict[int, Number]:
    """The numbers of a question, by their first token."""
    found: dict[int, Number] = {}
    if language in LANGUAGES:
        # A number in words is short: read by runs, so that a long text costs no more than its length.
        for first in range(0, len(words), RUN):
            run = [
                _Word(word if len(word) <= RUN and not word[0].isdigit() else ".")
                for word in words[first : first + RUN]
            ]
            for each in find_numbers(run, language, 0):
                start, end = first + each.start, first + each.end
                value = decimal(f"{each.value:.2f}") or Decimal(0)
                found[start] = Number(start, end, value, each.is_ordinal, True)
    for index, word in enumerate(words):
        digits = in_digits(word) if word[0].isdigit() or word[0] in NUMERALS else None
        scale = SCALES.get(words[index + 1], 1) if index + 1 < len(words) else 1
        if digits is not None:
            found[index] = Number(index, index + 1 + (scale > 1), digits * scale)
    return found


@cache
def currencies(language: str) -> Mapping[str, str]:
    """ISO codes by every name and sign that a language has for them, folded."""
    found: dict[str, str] = {}
    for each in {language, "en"}:
        locale = Locale.parse(each)
        for code in reversed(TRADED):
            names = {code, get_currency_name(code, locale=locale), get_currency_symbol(code, locale=locale)}
            names |= {get_currency_name(code, count=count, locale=locale) for count in (1, 2)}
            found.update({fold(name): code for name in names})
        found.update(
            {" ".join(words): tag.name for words, tag in lexicon(each).phrases.items() if tag.table == "currency"}
        )
    return {**found, **SIGNS}
