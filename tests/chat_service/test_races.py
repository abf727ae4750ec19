"""What two do at once with the same conversations: held between reading and writing, on both databases."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from chat_service import conversations, worker
from chat_service.models import Conversation, Message, Spending, Usage, db

from tests.builders import Signer
from tests.chat_service.conftest import ask
from tests.overtaking import FIRST_LOCK, overtake

LEAVING = [
    ("user.deleted", {"user_id": 5, "token_version": 2, "business_id": 3}),
    ("business.deleted", {"business_id": 3, "name": "Gone"}),
]


@pytest.fixture
def race(app: Any) -> Callable[..., Any]:
    """race(before, first, second): what both calls return."""

    def run(before: str, first: Callable[[], Any], second: Callable[[], Any]) -> Any:
        with app.app_context():
            engine = db.engine
        return overtake(engine, before, first, second)

    return run


def question(app: Any, message: str, headers: Any = None, **more: Any) -> Callable[[], Any]:
    body = {"message": message, **more}
    return lambda: app.test_client(use_cookies=False).post("/api/chatbot/", json=body, headers=headers).status_code


def told(app: Any, kind: str, data: Any) -> Callable[[], Any]:
    """The worker applies this change of auth-service's."""

    def apply() -> int:
        with app.app_context():
            return worker.follower(app.config["SETTINGS"]).apply([{"seq": 1, "type": kind, "data": data}])

    return apply


def stored(app: Any, model: Any) -> list[Any]:
    with app.app_context():
        return list(db.session.scalars(db.select(model)))


@pytest.mark.parametrize("before", ["INSERT INTO conversations", "INSERT INTO usage", "COMMIT"])
@pytest.mark.parametrize(("kind", "data"), LEAVING)
def test_answer_that_is_being_stored_goes_with_its_account(
    app: Any, race: Any, signer: Signer, kind: str, data: Any, before: str
) -> None:
    asking = question(app, "lamps", signer.headers(sub="5", business_id=3))

    status, applied = race(before, asking, told(app, kind, data))

    assert status in {200, 401}
    assert applied == 1
    assert stored(app, Conversation) == stored(app, Message) == []


@pytest.mark.parametrize("before", ["UPDATE conversations", "COMMIT"])
@pytest.mark.parametrize(("kind", "data"), LEAVING)
def test_account_that_is_being_erased_takes_no_conversations_over(
    app: Any, race: Any, signer: Signer, kind: str, data: Any, before: str
) -> None:
    token = ask(app.test_client(use_cookies=False), "lamps")["conversation_token"]
    headers = {**signer.headers(sub="5", business_id=3), "X-Conversation-Token": token}

    race(before, lambda: app.test_client().get("/api/chat-history/", headers=headers), told(app, kind, data))

    assert [row.user_id for row in stored(app, Conversation)] in ([], [None])


def test_erased_account_takes_no_conversations_over_while_its_token_still_opens_the_door(
    app: Any, signer: Signer
) -> None:
    token = ask(app.test_client(use_cookies=False), "lamps")["conversation_token"]
    headers = {**signer.headers(sub="5", business_id=3), "X-Conversation-Token": token}
    assert app.test_client().get("/api/chat-history/", headers=signer.headers()).status_code == 200
    told(app, *LEAVING[0])()

    assert app.test_client().get("/api/chat-history/", headers=headers).status_code == 401
    assert [row.user_id for row in stored(app, Conversation)] == [None]


@pytest.mark.parametrize("before", [FIRST_LOCK, "INSERT INTO messages", "UPDATE conversations", "COMMIT"])
@pytest.mark.parametrize("path", ["/api/conversations/{}/", "/api/clear-chat-history/"])
def test_conversation_that_is_erased_while_it_is_answered_leaves_nothing(
    app: Any, race: Any, signer: Signer, before: str, path: str
) -> None:
    headers = signer.headers(sub="5")
    number = ask(app.test_client(), "lamps", headers=headers)["conversation_id"]
    erase = app.test_client()

    status, erased = race(
        before,
        question(app, "teapots", headers, conversation_id=number),
        lambda: erase.delete(path.format(number), headers=headers).status_code,
    )

    assert (status in {200, 404}, erased) == (True, 204)
    assert stored(app, Conversation) == stored(app, Message) == []


def test_two_tabs_that_write_one_conversation_are_both_kept_and_counted(app: Any, race: Any, signer: Signer) -> None:
    headers = signer.headers(sub="5", business_id=3)
    number = ask(app.test_client(), "lamps", headers=headers)["conversation_id"]

    for before in ("INSERT INTO spendings", "INSERT INTO messages", "INSERT INTO usage", "COMMIT"):
        tabs = [question(app, word, headers, conversation_id=number) for word in ("teapots", "tents")]
        assert race(before, *tabs) == (200, 200)

    assert len(stored(app, Message)) == 9
    assert {row.scope: row.turns for row in stored(app, Spending)} == dict.fromkeys(
        ("conversation", "address", "business", "day"), 9
    )
    assert [row.messages for row in stored(app, Usage)] == [9]


def test_conversation_that_is_continued_on_its_last_day_is_not_forgotten(app: Any, race: Any, signer: Signer) -> None:
    headers = signer.headers(sub="5", exp=int(time.time()) + 10**9)
    number = ask(app.test_client(), "lamps", headers=headers)["conversation_id"]

    def prune() -> None:
        with app.app_context():
            worker.prune()

    with time_machine.travel(time.time() + (app.config["SETTINGS"].chat_retention_days + 1) * 86400):
        status, pruned = race("INSERT INTO messages", question(app, "tents", headers, conversation_id=number), prune)

    assert (status, pruned) == (200, None)
    assert len(stored(app, Message)) == 2


def test_erasing_and_forgetting_never_wait_in_a_circle(app: Any, race: Any, signer: Signer) -> None:
    headers = signer.headers(sub="5")
    numbers = [ask(app.test_client(), "lamps", headers=headers)["conversation_id"] for _ in range(2)]

    def in_another_order() -> None:
        with app.app_context(), db.transaction() as session:
            conversations.prune(session, -1, -1)

    def one_by_one() -> None:
        with app.app_context(), db.transaction() as session:
            for number in reversed(numbers):
                session.get(Conversation, number, with_for_update=True)
                session.execute(db.text("SELECT 'between'"))

    assert race("SELECT 'between'", one_by_one, in_another_order) == (None, None)
