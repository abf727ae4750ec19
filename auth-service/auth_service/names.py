"""When two names are the same name."""

import unicodedata


def fold(text: str) -> str:
    """The key under which a name is unique: NFKC, case folded, trimmed, inner white space single (UAX 15, UTS 46)."""
    once = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", once).split())
