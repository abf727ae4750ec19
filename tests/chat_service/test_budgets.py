"""Budgets end in 429 with the time to wait; usage is for admins and operators."""

from datetime import timedelta
from typing import Any

import pytest
from chat_service import worker
from chat_service.models import Conversation, Spending, db

from servicekit.database import now
from tests.builders import Signer
from tests.chat_service.conftest import ask, stream


def refused(answer: Any) -> None:
    assert (answer.status_code, answer.json["code"]) == (429, "budget_spent")
    assert 0 < int(answer.headers["Retry-After"]) <= 86_401


def test_conversation_has_so_many_turns_and_others_go_on(make_chat: Any) -> None:
    client = make_chat(chat_turns_per_conversation=2).test_client()
    first = ask(client, "lamps")["conversation_id"]
    ask(client, "cheapest?", conversation_id=first)

    refused(client.post("/api/chatbot/", json={"message": "more?", "conversation_id": first}))

    assert ask(client, "lamps")["mode"] == "builtin"


def test_address_is_the_gateways_word_and_not_the_clients(make_chat: Any) -> None:
    client = make_chat(chat_turns_per_address=1).test_client()
    ask(client, "lamps", headers={"X-Forwarded-For": "192.0.2.1"})

    spoofed = {"X-Forwarded-For": "203.0.113.9, 192.0.2.1"}
    refused(client.post("/api/chatbot/", json={"message": "lamps"}, headers=spoofed))

    ask(client, "lamps", headers={"X-Forwarded-For": "192.0.2.2"})


def test_business_and_day_have_their_own(make_chat: Any, signer: Signer) -> None:
    client = make_chat(chat_turns_per_business=1, chat_turns_per_day=3).test_client()
    mine = signer.headers(sub="5", business_id=3)
    ask(client, "lamps", headers=mine)
    refused(client.post("/api/chatbot/", json={"message": "lamps"}, headers=signer.headers(sub="6", business_id=3)))

    ask(client, "lamps", headers=signer.headers(sub="7", business_id=4)), ask(client, "lamps")
    refused(client.post("/api/chatbot/", json={"message": "lamps"}))


def test_refused_turn_costs_nothing_and_leaves_nothing(make_chat: Any) -> None:
    app = make_chat(chat_turns_per_day=1)
    client = app.test_client()
    ask(client, "lamps")

    for _ in range(3):
        refused(client.post("/api/chatbot/", json={"message": "lamps"}))

    with app.app_context():
        assert db.session.scalar(db.select(Spending.turns).where(Spending.scope == "day")) == 1
    assert len(client.get("/api/chat-history/").json) == 1


def test_address_is_not_kept(make_chat: Any) -> None:
    app = make_chat()
    ask(app.test_client(), "lamps", headers={"X-Forwarded-For": "192.0.2.1"})

    with app.app_context():
        assert "192.0.2.1" not in str(db.session.scalars(db.select(Spending.subject)).all())


def test_tokens_are_reserved_and_settled(make_chat: Any, llmock: Any) -> None:
    app = make_chat(openai_api_key="sk-test", openai_base_url=llmock.base_url(), chat_tokens_per_day=9000)
    client = app.test_client()
    llmock.reply('{"ask": "greeting"}', times=2)
    ask(client, "hi")

    with app.app_context():
        spent = db.session.scalar(db.select(Spending.tokens).where(Spending.scope == "day"))
    assert 0 < spent < 3000
    ask(client, "hi")
    with app.app_context(), db.transaction() as session:
        session.execute(db.update(Spending).values(tokens=8999))
    refused(client.post("/api/chatbot/", json={"message": "hi"}))


def test_usage_is_the_businesss_own_and_the_operators_all(client: Any, signer: Signer) -> None:
    ask(client, "lamps", headers=signer.headers(sub="5", business_id=3)), ask(client, "lamps")

    admin = client.get("/api/chat/usage/", headers=signer.headers(sub="8", business_id=3, role="admin")).json
    other = client.get("/api/chat/usage/", headers=signer.headers(sub="9", business_id=4, role="admin")).json
    operator = client.get("/api/chat/usage/", headers=signer.headers(sub="1", business_id=None, role="operator")).json

    assert [(row["business"], row["mode"], row["messages"], row["cost"]) for row in admin] == [
        (3, "builtin", 1, "0.000000")
    ]
    assert other == []
    assert {row["business"] for row in operator} == {3, None}


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("editor", 403), ("approver", 403), (None, 401)])
def test_usage_is_not_for_others(client: Any, signer: Signer, role: str | None, status: int) -> None:
    headers = signer.headers(role=role) if role else {}

    assert client.get("/api/chat/usage/", headers=headers).status_code == status


def test_old_conversations_are_erased_by_the_worker(client: Any, app: Any, signer: Signer) -> None:
    ask(client, "old and anonymous")
    ask(app.test_client(), "old and mine", headers=signer.headers(sub="5"))
    fresh = ask(app.test_client(), "fresh")
    kept = ask(app.test_client(), "mine for long", headers=signer.headers(sub="6"))
    ages = {"old and anonymous": 31, "old and mine": 366, "mine for long": 100}
    with app.app_context():
        with db.transaction() as session:
            for title, days in ages.items():
                moment = now() - timedelta(days=days)
                session.execute(db.update(Conversation).where(Conversation.title == title).values(updated_at=moment))

        worker.prune()

        left = db.session.scalars(db.select(Conversation.id).order_by(Conversation.id)).all()
    assert left == [fresh["conversation_id"], kept["conversation_id"]]


def test_export_holds_all_of_mine_and_only_mine(client: Any, stranger: Any) -> None:
    mine = [ask(client, word)["id"] for word in ("lamps", "tents")]
    ask(stranger, "knives")

    answer = client.get("/api/chat-history/export/")

    assert [turn["id"] for turn in answer.json] == mine[::-1]
    assert "attachment" in answer.headers["Content-Disposition"]
    assert client.application.test_client().get("/api/chat-history/export/").json == []


def test_stream_is_refused_like_any_other(make_chat: Any) -> None:
    client = make_chat(chat_turns_per_day=1).test_client()
    assert stream(client, "lamps")[-1][0] == "done"

    refused(client.post("/api/chatbot/", json={"message": "lamps"}, headers={"Accept": "text/event-stream"}))
