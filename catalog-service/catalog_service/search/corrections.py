"""A question's misspelt words put right, by the words that listings have; for a question that finds nothing as it is."""

import re
from collections.abc import Callable

from catalog_service.content import texts
from catalog_service.search import analysis, completions, tokens
from catalog_service.search.port import Filters, Parsed, SearchIndex
from catalog_service.search.questions import SILENT

MOST = 4
SHORTEST, SHORTEST_OF_TWO = 4, 8
_TYPED = re.compile(r"\w+")
Parse = Callable[[str], Parsed | None]


def correct(index: SearchIndex, q: str, hidden: frozenset[int], parse: Parse = analysis.parse) -> str | None:
    """The question with each word that no listing has, in any form, as the nearest word that some have.

    Edits are counted after Damerau and Levenshtein, one from SHORTEST letters and two from SHORTEST_OF_TWO, and never
    touch the first letter. None where nothing needs to be changed, or some word cannot be, or more than MOST.
    """
    corrected: dict[str, str] = {}
    for typed in dict.fromkeys(_TYPED.findall(q)):
        word = texts.fold(typed)
        if word in SILENT or not word.isalpha() or _is_known(index, parse(typed), hidden):
            continue
        better = _nearest(index, word, hidden) if len(corrected) < MOST else None
        if better is None:
            return None
        corrected[typed] = better
    if not corrected:
        return None
    return _TYPED.sub(lambda found: corrected.get(found.group(), found.group()), q)


def _is_known(index: SearchIndex, parsed: Parsed | None, hidden: frozenset[int]) -> bool:
    return parsed is None or bool(index.find(parsed, Filters(hidden=hidden), "-published_at", None, 1))


def _nearest(index: SearchIndex, word: str, hidden: frozenset[int]) -> str | None:
    if len(word) < SHORTEST or tokens.is_bare(word):
        return None
    near = index.near("words", word, 1 if len(word) < SHORTEST_OF_TWO else 2, hidden)
    if not near:
        return None
    # With its accents, where a name says it.
    term = near[0][0]
    shown = index.complete("completions", term + completions.SHOWN, 1, hidden)
    return shown[0][0].split(completions.SHOWN)[1].replace(completions.BLANK, " ").lower() if shown else term
