"""Every text that a stranger may send is read in time that grows with its length, not with its square.

Each parser gets its worst case at its longest, and four times that: to read it must take four times as long, where the
square would take sixteen times. Processor time, the least of several rounds.
"""

import gc
import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from auth_service import common_passwords, passwords
from catalog_service.content import money
from catalog_service.content.texts import words
from catalog_service.schemas.public import FilterQuery
from catalog_service.search import analysis
from chat_service.clients.catalog import Facets, Seller
from chat_service.schemas import QuestionIn
from chat_service.understanding import parser
from chat_service.understanding.question import read_question
from flask import Flask, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from servicekit import addresses, auth, bodies, controls, origin, paging, texts
from servicekit.api import _query_values
from servicekit.problems import DomainError
from tests.conftest import build

HEADER = 8190  # bytes: gunicorn's limit of a line
SMALL, LARGE = 64 * 1024, 1024 * 1024
ROUNDS, MOST_TIMES_LONGER = 3, 9
NO_MATTER = 0.02  # seconds, at four times the longest
MARKS = "\u0315\u0316\u0345\u0301"  # of several classes, so that they have to be put in order
GROWING = "\ufdfa"  # eighteen characters in NFKC


def of(pattern: str) -> Callable[[int], str]:
    """A text of any length that repeats the pattern."""
    return lambda length: "".join(itertools.islice(itertools.cycle(pattern), length))


PARTED = [*map(of, ("-a", "a'", "a.", "\u00fc", "\u00dc ", "1 a ", "\u81ea", "a\u81ea", "lampe ", MARKS, GROWING))]
WORST = [of(MARKS), of(GROWING), of("\u2178"), of("x"), of("\u33ff"), of("\u2192\U0001f600"), of("a "), of("a\u0301b")]
APP = Flask("headers")
APP.config["MAX_CONTENT_LENGTH"] = 16 * LARGE
ROUTES = {name: build(name, "sqlite://").url_map for name in ("auth_service", "catalog_service", "chat_service")}


def refusing(read: Callable[[Any], object]) -> Callable[[Any], None]:
    """The parser, whose refusals are answers like any other."""

    def run(given: Any) -> None:
        try:
            read(given)
        except (DomainError, HTTPException, ValidationError, ValueError):
            return

    return run


def in_request(read: Callable[[], object]) -> Callable[[dict[str, Any]], None]:
    """A parser of a request, which is given as its environment."""

    def run(given: dict[str, Any]) -> None:
        with APP.test_request_context(**given):
            refusing(lambda _: read())(None)

    return run


def header(name: str, text: Callable[[int], str]) -> Callable[[int], dict[str, Any]]:
    return lambda length: {"headers": {name: text(length)}}


def body(text: Callable[[int], str]) -> Callable[[int], dict[str, Any]]:
    return lambda length: {"method": "POST", "data": text(length), "content_type": "application/json"}


def query(text: Callable[[int], str]) -> Callable[[int], dict[str, Any]]:
    return lambda length: {"path": f"/?{text(length)}"}


def route(package: str) -> Callable[[str], None]:
    return refusing(lambda path: ROUTES[package].bind("").match(path, "GET"))


def json_object(name: str, value: Callable[[int], str]) -> Callable[[int], str]:
    return lambda length: f'{{"{name}": {value(length)}}}'


def accepts() -> object:
    return request.accept_mimetypes.best_match(["application/json", "text/event-stream"])


def cookies() -> object:
    return request.cookies


def tags() -> object:
    return request.if_match.contains_weak("1-1"), request.if_none_match.contains_weak("1-1")


FACETS = Facets(
    1, {"toys": 1, "home textiles": 1}, tuple(Seller(id=n, name=f"Seller {n}", count=1) for n in range(200)), ()
)
CASES: dict[str, tuple[Callable[[Any], object], int, list[Callable[[int], Any]]]] = {
    "words of a search": (words, 200, WORST),
    "words of a description": (words, 4000, WORST),
    "question of the public": (analysis.parse, 200, PARTED),
    "words of a listing": (lambda text: analysis.fields({"name": "", "description": text}), 4000, PARTED),
    "name": (refusing(texts.clean), texts.MAX_LENGTH, WORST),
    "spelling of a name": (texts.fold, texts.MAX_LENGTH, WORST),
    "looks of a name": (texts.skeleton, texts.MAX_LENGTH, WORST),
    "password beside the account's names": (
        refusing(lambda text: passwords.check(text, *["n. " + text] * 4)), passwords.MAX_LENGTH, WORST
    ),
    "blocklist": (common_passwords.is_common, 256, [*WORST, *map(of, ("1q2w3e4r", "qwertyuiop", "12345678901", "qwe"))]),
    "cursor": (refusing(lambda text: paging.decode(text, (int, str))), 2048, [of("W"), of("9"), of("WyJh"), of("=")]),
    "price": (refusing(money.plain), 32, [of("9"), of("0."), of("+-"), of("1e"), of(" ")]),
    "currency": (refusing(money.known_currency), HEADER, [of("E")]),
    "address of a setting": (refusing(lambda text: addresses.parse(f"http://{text}", "http")), 8190, [of("a."), of("@")]),
    "line of the log": (controls.escaped, HEADER, [of("\n"), of("a\x9b"), of("\u2028")]),
    "question": (
        refusing(lambda text: QuestionIn.model_validate({"message": text})), 4000, [of(" "), of(GROWING), of("9")]
    ),
    "understanding of a question": (
        lambda text: parser.read(read_question(text, FACETS)),
        4000,
        [*WORST, *map(of, ("9", "9 ", "1.", "1,000 ", "twenty ", "zwei", "not ", "under 5 ", "l'", "a-", "lamp and ", "五千", "の",
                           "東京", "$1 ", "toys ", "Seller 1 ", "10-20 ", ". ", "k5", "1 1"))],
    ),
    "filters": (
        refusing(lambda text: FilterQuery.model_validate({"q": text, "min_price": text, "category": text})),
        HEADER,
        [of("9"), of(GROWING)],
    ),
    "members": (
        in_request(bodies.read_json),
        SMALL,
        [
            body(lambda length: "{" + ",".join(f'"{n}":1' for n in range(length // 9)) + "}"),
            body(json_object("a", lambda length: "[" + "[]," * (length // 3) + "1]")),
            body(json_object("a", lambda length: '{"a":' * (length // 6) + "1" + "}" * (length // 6))),
            body(json_object("a", lambda length: "9" * length)),
            body(json_object("a", lambda length: "0." + "9" * length)),
            body(json_object("a", lambda length: '"' + r"\u0041" * (length // 6) + '"')),
            body(json_object("a", lambda length: '"' + "\\\\" * (length // 2) + '"')),
            body(json_object("a", lambda length: '"' + GROWING * (length // 3))),
            body(lambda length: '{"' + "n" * (length // 2) + '": [' + '"a",' * (length // 8) + '"\\u0000"]}'),
        ],
    ),
    "authorization": (
        in_request(lambda: auth._kid(auth.bearer_token() or "")),
        HEADER,
        [header("Authorization", lambda n, rest=rest: "Bearer " + of(rest)(n)) for rest in (" ", "a", "a.", "a.a.a,")],
    ),
    "accept": (
        in_request(accepts),
        HEADER,
        [header("Accept", of(text)) for text in ("a/b,", "a/b;q=1,", ";", "a;b=", '";', ",", 'text/x;a="\\\\')],
    ),
    "cookies": (
        in_request(cookies),
        HEADER,
        [header("Cookie", of(text)) for text in ("a=b;", ";", "=", 'a="\\\\', 'a="\\012', " ")],
    ),
    "entity tags": (
        in_request(tags),
        HEADER,
        [header(name, of(text)) for name in ("If-Match", "If-None-Match") for text in ('"a",', "W/", '"', ",", " ", "a")],
    ),
    "forwarded address": (in_request(origin.address), HEADER, [header("X-Forwarded-For", of(t)) for t in (",", "1.", ":")]),
    "query": (
        in_request(lambda: _query_values(frozenset())), HEADER, [query(of(text)) for text in ("a&", "a=b&", "%", "%41", "+")]
    ),
    **{
        f"path of {package}": (route(package), HEADER, [lambda n, text=text: "/api/" + of(text)(n) for text in paths])
        for package, paths in {
            "auth_service": ("users/9", "users/" + "9" * 50, "/", "sessions/a"),
            "catalog_service": ("products/9", "products/" + "9" * 50, "products/by-sku/", "/"),
            "chat_service": ("conversations/" + "9" * 50, "conversations/1/messages/", "/"),
        }.items()
    },
}  # fmt: skip


def seconds(read: Callable[[Any], object], given: Any) -> float:
    """Processor time of one reading, from as many as take at least five milliseconds together."""
    times, count = [], 1
    while len(times) < ROUNDS:
        started = time.process_time()
        for _ in range(count):
            read(given)
        spent = time.process_time() - started
        if spent < 0.005:
            count *= 4
        else:
            times.append(spent / count)
    return min(times)


@pytest.fixture(autouse=True)
def alone() -> Iterator[None]:
    """The collector passes over all that this process holds are no part of a parser's time."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.parametrize(
    ("name", "number"), [(name, number) for name, (_, _, cases) in CASES.items() for number in range(len(cases))]
)
def test_four_times_the_text_takes_four_times_as_long(name: str, number: int) -> None:
    read, longest, cases = CASES[name]
    once, four_times = seconds(read, cases[number](longest)), seconds(read, cases[number](4 * longest))

    assert four_times < max(MOST_TIMES_LONGER * once, NO_MATTER)
    # Whatever it is, a stranger does not get a tenth of a second for it.
    assert once < 0.1
