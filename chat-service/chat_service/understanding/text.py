"""Words of a text: one spelling for comparisons, tokens, and what of them is the same word."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

import Stemmer

# NFKC may make eighteen characters of one: what is compared has at most so many.
LONGEST = 8_000
TOKEN = re.compile(r"[^\W_]+(?:['.+\-][^\W_]+)*")
LANGUAGES = {"en": "english", "de": "german", "fr": "french", "es": "spanish"}
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uff66-\uff9f]")


def fold(text: str) -> str:
    """NFKC, case folded, plain quotes and hyphens, single spaces; bounded (UAX 15)."""
    text = unicodedata.normalize("NFKC", text[:LONGEST])[:LONGEST].casefold()
    return " ".join(text.translate(_PLAIN).split())


_PLAIN = str.maketrans({"\u2019": "'", "\u2018": "'", "\u2010": "-", "\u2011": "-", "\u2013": "-", "\u00ad": None})


def plain(word: str) -> str:
    """Without accents, so that `gunstig` is `günstig`; Japanese marks belong to their letters and stay."""
    if word.isascii() or JAPANESE.search(word):
        return word
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))


def tokens(text: str) -> list[str]:
    """The words of a text, folded."""
    return TOKEN.findall(fold(text))


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(LANGUAGES[language])


def stems(words: Iterable[str], language: str) -> list[str]:
    """The words without accents and inflection (Snowball); as they are in a language that has no stems."""
    bare = [plain(word) for word in words]
    return list(_stemmer(language).stemWords(bare)) if language in LANGUAGES else bare


def stem(word: str, language: str) -> str:
    return stems([word], language)[0]


def same(asked: str, said: str, language: str) -> bool:
    """Whether two folded words are one: by their stems in the language asked in or in English, or by their beginning."""
    if len(asked) >= 4 and plain(said).startswith(plain(asked)):
        return True
    return any(stem(asked, each) == stem(said, each) for each in {language, "en"})
