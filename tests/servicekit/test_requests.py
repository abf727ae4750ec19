"""What enters: strict JSON, bounded, every bad field named; what leaves: one error shape."""

import gc
import gzip
import json
import time
import tracemalloc
from typing import Any

import pytest

from tests.builders import Signer
from tests.servicekit.conftest import Note, db

JSON = {"Content-Type": "application/json"}
PROBLEM = {"type", "title", "status", "code", "detail", "error", "errors", "request_id"}


def post(client: Any, signer: Signer, body: bytes | str, **headers: str) -> Any:
    return client.post("/api/notes/", data=body, headers={**signer.headers(role="editor"), **JSON, **headers})


def count(service: Any) -> int:
    with service.app_context():
        return db.session.query(Note).count()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "invalid_json"),
        (b"{", 400, "invalid_json"),
        (b"[1]", 400, "invalid_json"),
        (b'"text"', 400, "invalid_json"),
        (b'{"text": "a"} trailing', 400, "invalid_json"),
        (b'{"text": "a", "text": "b"}', 400, "invalid_json"),
        (b'{"text": "a", "stars": NaN}', 400, "invalid_json"),
        (b'{"text": "\xff"}', 400, "invalid_json"),
        (b'{"text": ' + b"[" * 5_000 + b"]" * 5_000 + b"}", 400, "invalid_json"),
        (b'{"text": ' + b"[" * 40 + b"]" * 40 + b"}", 400, "invalid_json"),
        (b'{"text": "a", "stars": ' + b"9" * 5_000 + b"}", 400, "invalid_json"),
        (b'{"text": "a", "stars": 0.' + b"1" * 5_000 + b"}", 400, "invalid_json"),
        (b'{"text": "a", "many": {' + b",".join(b'"%d": 1' % n for n in range(201)) + b"}}", 400, "invalid_json"),
        (b'{"text": "a", "many": [' + b"1," * 2_000 + b"1]}", 400, "invalid_json"),
        (b'{"text": "a", "many": [' + b"[[1],[1]]," * 500 + b"1]}", 400, "invalid_json"),
        (b'{"text": "a", "stars": 1e9999}', 400, "invalid_json"),
        (b'{"text": "a", "stars": 1e-9999}', 400, "invalid_json"),
        (b'{"text": "a", "stars": 1e999999999999999999999}', 400, "invalid_json"),
        (b'{"text": "a", "stars": 0e999999999999999999999}', 400, "invalid_json"),
        (b'{"text": "a", "stars": 1e300}', 422, "validation_error"),
        (b'{"text": "nul \\u0000"}', 422, "validation_error"),
        (b'{"text": "half a pair \\ud800"}', 422, "validation_error"),
        (b'{"text": "a", "stars": true}', 422, "validation_error"),
        (b'{"text": "a", "stars": 6}', 422, "validation_error"),
        (b'{"text": "a", "stars": "1"}', 422, "validation_error"),
        (b"{}", 422, "validation_error"),
    ],
)
def test_bad_body_is_refused_in_one_shape_and_writes_nothing(
    service: Any, client: Any, signer: Signer, body: bytes, status: int, code: str
) -> None:
    answer = post(client, signer, body)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.mimetype == "application/problem+json"
    assert set(answer.json) == PROBLEM
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]
    assert count(service) == 0


def test_every_bad_field_is_named_at_once(client: Any, signer: Signer) -> None:
    answer = post(client, signer, json.dumps({"text": "", "stars": -1, "colour": "red"}))

    assert {error["field"] for error in answer.json["errors"]} == {"text", "stars", "colour"}


def test_error_repeats_the_sentence_for_clients_that_read_that_member(client: Any, signer: Signer) -> None:
    for answer in (post(client, signer, "{}"), client.get("/api/nothing/"), client.post("/api/notes/", json={})):
        assert answer.json["error"] == answer.json["detail"] != ""


def test_reported_errors_are_few_and_short(client: Any, signer: Signer) -> None:
    answer = post(client, signer, json.dumps({"text": "a", **{f"{number}" + "x" * 300: 1 for number in range(150)}}))

    assert (answer.status_code, len(answer.json["errors"])) == (422, 50)
    assert {len(error["field"]) for error in answer.json["errors"]} == {200}


def test_hundred_thousand_members_cost_little_and_get_a_short_answer(client: Any, signer: Signer) -> None:
    body = b"{" + b",".join(b'"%d":1' % number for number in range(100_000)) + b"}"
    started = time.process_time()

    answer = post(client, signer, body)

    assert (answer.status_code, answer.json["code"]) == (400, "invalid_json")
    assert len(answer.data) < 500
    # Its parsing takes some 30 ms; to list every member took 1.5 s.
    assert time.process_time() - started < 0.3


def test_rejected_body_leaves_no_memory_behind(client: Any, signer: Signer) -> None:
    body = b'{"text": [' + b'{"a":1},' * 100_000 + b"1]}"
    post(client, signer, body)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]

    for _ in range(3):
        assert post(client, signer, body).status_code == 400

    gc.collect()
    left = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert left < 500_000


def test_query_of_a_thousand_parameters_is_refused(client: Any) -> None:
    answer = client.get("/api/notes/?" + "&".join(f"p{number}" for number in range(1000)))

    assert (answer.status_code, answer.json["errors"]) == (400, [])


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "br", "gzip, identity", "x"])
def test_compressed_body_is_415(client: Any, signer: Signer, coding: str) -> None:
    answer = post(client, signer, gzip.compress(b'{"text": "a"}'), **{"Content-Encoding": coding})

    assert (answer.status_code, answer.json["code"]) == (415, "unsupported_media_type")
    assert answer.headers["Accept-Encoding"] == "identity"


def test_identity_is_no_coding(client: Any, signer: Signer) -> None:
    assert post(client, signer, '{"text": "plain"}', **{"Content-Encoding": "identity"}).status_code == 201


def test_byte_order_mark_is_skipped(client: Any, signer: Signer) -> None:
    assert post(client, signer, b'\xef\xbb\xbf{"text": "marked"}').json["text"] == "marked"


def test_wrong_content_type_is_415(client: Any, signer: Signer) -> None:
    answer = post(client, signer, "text=a", **{"Content-Type": "application/x-www-form-urlencoded"})

    assert (answer.status_code, answer.json["code"]) == (415, "unsupported_media_type")


def test_body_of_twenty_megabytes_is_413(client: Any, signer: Signer) -> None:
    answer = post(client, signer, b'{"text": "' + b"x" * 20_000_000 + b'"}')

    assert (answer.status_code, answer.json["code"]) == (413, "payload_too_large")


@pytest.mark.parametrize(
    "query", ["page_size=0", "page_size=101", "page_size=x", "colour=red", "page_size=1&page_size=2"]
)
def test_bad_query_names_its_parameter(client: Any, query: str) -> None:
    answer = client.get(f"/api/notes/?{query}")

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [query.split("=")[0]]


@pytest.mark.parametrize("cursor", ["x", "AAAA", "W10", "WyJhIl0", "WzFd" * 200, "Wzk5OTk5OTk5OTk5OTk5OTk5OTk5OV0"])
def test_forged_cursor_is_refused(client: Any, cursor: str) -> None:
    answer = client.get("/api/notes/", query_string={"cursor": cursor})

    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "cursor")


@pytest.mark.parametrize("number", ["0", "9" * 400, "9223372036854775808"])
def test_id_out_of_range_is_no_server_error(client: Any, signer: Signer, number: str) -> None:
    answer = client.get(f"/api/notes/{number}/", headers=signer.headers())

    assert answer.status_code in {404, 422}


def test_unknown_path_and_method_answer_in_the_one_shape(client: Any) -> None:
    missing, wrong = client.get("/api/nothing/"), client.delete("/api/notes/")

    assert (missing.status_code, missing.json["code"]) == (404, "not_found")
    assert (wrong.status_code, wrong.json["code"]) == (405, "method_not_allowed")
    assert "GET" in wrong.headers["Allow"]


@pytest.mark.parametrize("path", ["/api/notes", "/api/notes/"])
def test_trailing_slash_makes_no_difference(client: Any, path: str) -> None:
    assert client.get(path).status_code == 200


def test_doubled_slashes_are_no_path(client: Any) -> None:
    assert client.get("/api//notes/").status_code == 404


def test_unexpected_error_says_nothing_and_writes_nothing(service: Any, signer: Signer) -> None:
    client = service.test_client()

    answer = post(client, signer, '{"text": "explode"}')

    assert answer.status_code == 500
    assert answer.json["detail"] == "internal error"
    assert "secret" not in answer.text
    assert count(service) == 0


def test_conflict_carries_its_extra_members(client: Any, signer: Signer) -> None:
    answer = post(client, signer, '{"text": "clash"}')

    assert (answer.status_code, answer.json["allowed_actions"]) == (409, ["withdraw"])


def test_constraint_of_the_database_answers_409(client: Any, signer: Signer) -> None:
    post(client, signer, '{"text": "once"}')

    assert post(client, signer, '{"text": "once"}').status_code == 409


@pytest.mark.parametrize(
    ("sent", "kept"), [("abc-1.2_3", True), ("has space", False), ("x" * 65, False), ("<b>", False)]
)
def test_request_id_is_kept_when_it_is_well_formed(client: Any, sent: str, kept: bool) -> None:
    answer = client.get("/api/notes/", headers={"X-Request-ID": sent})

    assert (answer.headers["X-Request-ID"] == sent) is kept


def test_pages_cover_everything_once(service: Any, client: Any) -> None:
    with service.app_context(), db.transaction() as session:
        session.add_all(Note(text=f"note {number}") for number in range(7))

    seen, address = [], "/api/notes/?page_size=3"
    while address:
        answer = client.get(address)
        seen += answer.json
        address = answer.headers["Link"].partition(">")[0].lstrip("<") if "Link" in answer.headers else ""

    assert seen == [7, 6, 5, 4, 3, 2, 1]
