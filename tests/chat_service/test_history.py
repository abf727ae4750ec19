"""History is its owner's alone."""

from typing import Any

import pytest
from chat_service import worker
from chat_service.models import Conversation, Message, db

from tests.builders import Signer
from tests.chat_service.conftest import ask


def test_history_keeps_the_shape_of_the_answer_newest_first(client: Any) -> None:
    first = ask(client, "lamps")
    second = ask(client, "teapots", conversation_id=first["conversation_id"])

    history = client.get("/api/chat-history/").json

    assert [turn["id"] for turn in history] == [second["id"], first["id"]]
    assert history[0] == {name: value for name, value in second.items() if name != "conversation_token"}


def test_strangers_see_nothing(client: Any, stranger: Any, signer: Signer) -> None:
    mine = ask(client, "lamps")
    theirs = ask(stranger, "teapots")
    somebody = signer.headers(sub="7")
    ask(stranger, "knives", headers=somebody)

    address = f"/api/conversations/{mine['conversation_id']}/"
    for headers in ({}, somebody):
        assert stranger.get(address, headers=headers).status_code == 404
        assert stranger.delete(address, headers=headers).status_code == 404
        body = {"message": "more", "conversation_id": mine["conversation_id"]}
        assert stranger.post("/api/chatbot/", json=body, headers=headers).status_code == 404
        assert mine["id"] not in [turn["id"] for turn in stranger.get("/api/chat-history/", headers=headers).json]
    assert theirs["conversation_id"] != mine["conversation_id"]
    assert len(client.get("/api/chat-history/").json) == 1


def test_secret_cookie_is_for_no_script_and_kept_hashed(client: Any, app: Any) -> None:
    answer = client.post("/api/chatbot/", json={"message": "lamps"}, headers={"X-Forwarded-Proto": "https"})

    cookie = answer.headers["Set-Cookie"]
    secret = answer.json["conversation_token"]
    assert f"vetted_chat={secret}" in cookie
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", "Secure", "Path=/api"))
    with app.app_context():
        stored = db.session.scalar(db.select(Conversation.secret_hash))
    assert secret not in stored


def test_token_opens_the_conversation_without_cookies(app: Any) -> None:
    shopper = app.test_client(use_cookies=False)
    first = ask(shopper, "What is in Kitchen?")

    token = first["conversation_token"]
    again = ask(shopper, "and under 50 EUR?", conversation_id=first["conversation_id"], conversation_token=token)

    headers = {"X-Conversation-Token": token}
    assert [turn["id"] for turn in shopper.get("/api/chat-history/", headers=headers).json] == [
        again["id"],
        first["id"],
    ]
    assert shopper.get("/api/chat-history/").json == []
    assert shopper.get("/api/chat-history/", headers={"X-Conversation-Token": "x" * 43}).json == []


def test_signing_in_takes_the_conversation_along(client: Any, stranger: Any, signer: Signer) -> None:
    before = ask(client, "lamps")
    anna = signer.headers(sub="5")

    merged = client.get("/api/chat-history/", headers=anna)

    assert [turn["id"] for turn in merged.json] == [before["id"]]
    assert stranger.get("/api/chat-history/", headers=anna).json == merged.json
    old = {"X-Conversation-Token": before["conversation_token"]}
    assert stranger.get("/api/chat-history/", headers=old).json == []


def test_erasing_one_conversation_leaves_the_others(client: Any) -> None:
    first, second = ask(client, "lamps"), ask(client, "teapots")

    assert client.delete(f"/api/conversations/{first['conversation_id']}/").status_code == 204

    assert [one["id"] for one in client.get("/api/conversations/").json] == [second["conversation_id"]]
    assert [turn["id"] for turn in client.get("/api/chat-history/").json] == [second["id"]]


def test_clearing_erases_all_of_mine_and_nothing_else(client: Any, stranger: Any, app: Any) -> None:
    ask(client, "lamps"), ask(client, "teapots")
    theirs = ask(stranger, "knives")

    assert client.delete("/api/clear-chat-history/").status_code == 204

    assert client.get("/api/chat-history/").json == []
    assert [turn["id"] for turn in stranger.get("/api/chat-history/").json] == [theirs["id"]]
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Message)) == 1


def test_history_pages_to_its_end(client: Any) -> None:
    asked = [ask(client, word)["id"] for word in ("lamps", "tents", "knives")]

    first = client.get("/api/chat-history/?page_size=2")
    address = first.headers["Link"].split(">")[0].lstrip("<")
    second = client.get(address)

    assert [turn["id"] for turn in first.json + second.json] == asked[::-1]
    assert "Link" not in second.headers


@pytest.mark.parametrize(
    ("event", "data"),
    [
        ("user.deleted", {"user_id": 5, "token_version": 2, "business_id": 3}),
        ("business.deleted", {"business_id": 3, "name": "Gone"}),
    ],
)
def test_history_goes_with_its_user_or_business(client: Any, app: Any, signer: Signer, event: str, data: Any) -> None:
    ask(client, "lamps", headers=signer.headers(sub="5", business_id=3))
    other = ask(client, "lamps", headers=signer.headers(sub="6", business_id=4))

    with app.app_context():
        worker.follower(app.config["SETTINGS"]).apply([{"seq": 1, "type": event, "data": data}])

        left = db.session.scalars(db.select(Conversation.id)).all()
    assert left == [other["conversation_id"]]
    app.extensions["verifier"].keys._read_at = float("-inf")
    assert client.get("/api/chat-history/", headers=signer.headers(sub="5", business_id=3)).status_code == 401


def test_bad_token_is_refused_where_anonymous_is_welcome(client: Any) -> None:
    answer = client.post("/api/chatbot/", json={"message": "lamps"}, headers={"Authorization": "Bearer nonsense"})

    assert answer.status_code == 401
