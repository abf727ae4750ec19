"""Questions a minute: per account, and per address for who is not signed in."""

from typing import Any

from tests.builders import Signer


def asked(client: Any, count: int, **headers: str) -> list[int]:
    return [client.post("/api/chatbot/", json={"message": "lamps"}, headers=headers).status_code for _ in range(count)]


def test_address_that_asks_too_often_waits_and_others_do_not(make_chat: Any) -> None:
    client = make_chat(chat_anonymous_limit="2/minute").test_client()
    here, there = {"X-Forwarded-For": "192.0.2.1"}, {"X-Forwarded-For": "192.0.2.2"}

    assert asked(client, 3, **here) == [200, 200, 429]
    assert asked(client, 1, **there) == [200]

    refused = client.post("/api/chatbot/", json={"message": "lamps"}, headers=here)
    assert (refused.headers["RateLimit-Limit"], refused.headers["RateLimit-Remaining"]) == ("2", "0")
    assert refused.headers["Retry-After"] == refused.headers["RateLimit-Reset"]


def test_account_is_counted_wherever_it_asks_from_and_whatever_it_holds(make_chat: Any, signer: Signer) -> None:
    client = make_chat(chat_limit="2/minute", chat_anonymous_limit="1/minute").test_client()

    statuses = [
        asked(client, 1, **signer.headers(sub="5"), **{"X-Forwarded-For": f"192.0.2.{number}"})[0]
        for number in range(3)
    ]

    assert statuses == [200, 200, 429]
    assert asked(client, 1, **signer.headers(sub="6")) == [200]


def test_questions_are_no_writes_and_erasing_is(make_chat: Any, signer: Signer) -> None:
    client = make_chat(write_limit="1/minute").test_client()
    headers = signer.headers(sub="5")

    assert asked(client, 3, **headers) == [200] * 3
    erased = [client.delete("/api/clear-chat-history/", headers=headers).status_code for _ in range(2)]

    assert erased == [204, 429]
    assert client.get("/api/chat-history/", headers=headers).status_code == 200


def test_address_behind_a_public_peer_is_the_peer(make_chat: Any) -> None:
    client = make_chat(chat_anonymous_limit="1/minute").test_client()
    peer = {"REMOTE_ADDR": "203.0.113.7"}

    statuses = [
        client.post(
            "/api/chatbot/",
            json={"message": "lamps"},
            headers={"X-Forwarded-For": f"192.0.2.{number}"},
            environ_base=peer,
        ).status_code
        for number in range(2)
    ]

    assert statuses == [200, 429]
