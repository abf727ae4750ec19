"""One border for short texts, and the keys that tell when two are one."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from servicekit import texts

NAME = TypeAdapter(texts.ShortName)
TEXT = TypeAdapter(texts.ShortText)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("  Heron  chair ", "Heron chair"),
        ("WS-1\u00a0", "WS-1"),
        ("a\u2003\u3000b", "a b"),
        ("a\u2028b", "a b"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("محل الزهور", "محل الزهور"),
    ],
)
def test_blanks_are_folded_and_spellings_are_one(sent: str, kept: str) -> None:
    assert NAME.validate_python(sent) == kept


@pytest.mark.parametrize(
    ("char", "name"),
    [
        ("\u200b", "U+200B ZERO WIDTH SPACE"),
        ("\u200d", "U+200D ZERO WIDTH JOINER"),
        ("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\u2066", "U+2066 LEFT-TO-RIGHT ISOLATE"),
        ("\u061c", "U+061C ARABIC LETTER MARK"),
        ("\u00ad", "U+00AD SOFT HYPHEN"),
        ("\u034f", "U+034F COMBINING GRAPHEME JOINER"),
        ("\u3164", "U+3164 HANGUL FILLER"),
        ("\ufe0f", "U+FE0F VARIATION SELECTOR-16"),
        ("\ufeff", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ("\u2800", "U+2800 BRAILLE PATTERN BLANK"),
        ("\U000e0041", "U+E0041 TAG LATIN CAPITAL LETTER A"),
        ("\n", "U+000A"),
        ("\x1b", "U+001B"),
        ("\x85", "U+0085"),
    ],
)
def test_what_cannot_be_seen_is_refused_by_name(char: str, name: str) -> None:
    for adapter in (NAME, TEXT):
        with pytest.raises(ValidationError) as refusal:
            adapter.validate_python(f"Nordlicht Living{char}")
        assert refusal.value.errors()[0]["msg"].endswith(f"must not contain {name}, which cannot be seen")


@pytest.mark.parametrize("blank", ["", " ", "\u00a0\u3000"])
def test_name_may_not_be_blank_and_a_text_may(blank: str) -> None:
    assert TEXT.validate_python(blank) == ""
    with pytest.raises(ValidationError):
        NAME.validate_python(blank)


@pytest.mark.parametrize("text", ["x" * 256, "\U0001d160" * 255])
def test_text_is_bounded_before_and_after_it_was_composed(text: str) -> None:
    with pytest.raises(ValidationError):
        NAME.validate_python(text)


@pytest.mark.parametrize(
    "alike",
    [
        ["Nordlicht Living", "Nord1icht Living", "NordIicht Living", "Nord|icht Living", "N\u043erdlicht Liv\u0456ng"],
        ["Nordlicht", "NORDLICHT", "N\u041eRDLICHT", "\uff2eordlicht", "\U0001d40dordlicht"],
        ["modern", "rnodern", "MODERN"],
        ["Otto 10", "0tt0 1O", "\u039etto 10".replace("\u039e", "\u041e")],
        ["Caf\u00e9", "Cafe\u0301"],
        ["Ann's", "Ann\u2019s"],
        ["A-B", "A\u2013B"],
        ["\u5de5", "\u30a8"],
    ],
)
def test_what_looks_alike_has_one_skeleton(alike: list[str]) -> None:
    assert len({texts.skeleton(text) for text in alike}) == 1


def test_what_looks_different_has_different_skeletons() -> None:
    names = [
        "Nordlicht",
        "Nordlicht 2",
        "Nordlichter",
        "Cafe",
        "Caf\u00e9",
        "Z\u00fcrich",
        "Zurich",
        "\u6771\u4eac",
        "5",
        "6",
        "9",
    ]

    assert len({texts.skeleton(name) for name in names}) == len(names)


def test_prototypes_are_their_own_prototypes() -> None:
    table = texts._prototypes()

    assert len(table) > 6000
    assert [source for source, target in table.items() if target.translate(table) != target] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna", "ANNA"),
        ("Stra\u00dfe", "STRASSE"),
        ("\ufb01re", "Fire "),
        ("\u039d\u0399\u039a\u0397", "\u03bd\u03b9\u03ba\u03b7"),
    ],
)
def test_spellings_of_one_text_fold_to_one_key(one: str, other: str) -> None:
    assert texts.fold(one) == texts.fold(other)


@pytest.mark.parametrize("key", [texts.fold, texts.skeleton])
@pytest.mark.parametrize("char", ["\ufdfa", "\u0390", "\u249c", "\u3300", "x"])
def test_keys_fit_their_columns_and_stay_different(key: Any, char: str) -> None:
    longest, other = char * 255, char * 254 + "y"

    assert len(key(longest)) <= texts.KEY_LENGTH
    assert key(longest) != key(other)
