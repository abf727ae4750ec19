"""All mail takes one way out: what the server says of one mail decides about it alone."""

import socket
import time
from typing import Any

import pytest
import time_machine
from auth_service import outbox, worker
from auth_service.clients import mail
from auth_service.models import Mail, db

from servicekit.problems import Unavailable
from tests.auth_service.conftest import work
from tests.auth_service.smtp import MailServer
from tests.auth_service.test_invitations import invite
from tests.builders import account

OTHER = "fine@example.org"


@pytest.fixture
def app(make_app: Any, smtp: MailServer) -> Any:
    return make_app("auth_service", smtp_url=smtp.url)


def register(client: Any, email: str) -> None:
    assert client.post("/api/register/", json=account(email=email)).status_code == 202


def waiting(app: Any) -> int:
    with app.app_context():
        return int(db.session.query(Mail).count())


@pytest.mark.parametrize("answer", ["550 no such mailbox", "553 mailbox name not allowed", "554 no"])
def test_refused_address_closes_its_request_and_stops_no_other(
    client: Any, app: Any, smtp: MailServer, answer: str
) -> None:
    smtp.answers["TO:<gone@example.org>"] = answer
    register(client, "gone@example.org")
    register(client, OTHER)

    work(app)
    work(app)

    assert smtp.recipients == [OTHER]
    assert waiting(app) == 0


@pytest.mark.parametrize("answer", ["450 greylisted", "452 mailbox full", "hang up"])
def test_mail_that_is_not_taken_now_delays_itself_alone(client: Any, app: Any, smtp: MailServer, answer: str) -> None:
    smtp.answers["TO:<later@example.org>"] = answer
    register(client, "later@example.org")
    register(client, OTHER)

    for _ in range(2):  # a broken connection ends the round: the next one goes on
        try:
            work(app)
        except Unavailable:
            assert answer == "hang up"
    assert smtp.recipients == [OTHER]
    assert waiting(app) == 1

    smtp.answers.clear()
    work(app)
    assert smtp.recipients == [OTHER]
    with time_machine.travel(time.time() + outbox.FIRST_DELAY_SECONDS + 1):
        work(app)
    assert smtp.recipients == [OTHER, "later@example.org"]
    assert waiting(app) == 0


def test_delays_grow_to_five_minutes(app: Any) -> None:
    with app.app_context():
        with db.transaction():
            outbox.add("reset", 1)
        waits = []
        for _ in range(9):
            row = db.session.scalars(db.select(Mail)).one()
            before = time.time()
            with db.transaction():
                outbox.delay(row)
            db.session.expire_all()
            waits.append(round(db.session.scalars(db.select(Mail)).one().due_at.timestamp() - before))

    assert waits == [5, 10, 20, 40, 80, 160, 300, 300, 300]


def test_server_that_is_away_is_one_failure_and_loses_nothing(make_app: Any) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    app = make_app("auth_service", smtp_url=f"smtp://127.0.0.1:{port}")
    for number in range(3):
        register(app.test_client(), f"n{number}@example.org")

    with pytest.raises(Unavailable):
        work(app)

    assert waiting(app) == 3


@pytest.mark.parametrize(
    ("address", "recipient"),
    [
        ("ann@b\u00fccher.example", "ann@xn--bcher-kva.example"),
        ("ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example"),
        ("ann@stra\u00dfe.example", "ann@xn--strae-oqa.example"),
        ("ann@\u4f8b\u3048.\u30c6\u30b9\u30c8", "ann@xn--r8jz45g.xn--zckzah"),
    ],
)
def test_international_domain_is_sent_as_ascii(
    client: Any, app: Any, smtp: MailServer, address: str, recipient: str
) -> None:
    register(client, address)

    work(app)

    assert smtp.recipients == [recipient]
    assert smtp.mails[0]["To"] == recipient


def test_sender_s_domain_is_sent_as_ascii_with_its_name(make_app: Any, smtp: MailServer) -> None:
    app = make_app("auth_service", smtp_url=smtp.url, mail_from="B\u00fccher <no-reply@b\u00fccher.example>")
    register(app.test_client(), OTHER)

    work(app)

    assert str(smtp.mails[0]["From"]) == "B\u00fccher <no-reply@xn--bcher-kva.example>"


def test_user_part_that_the_server_cannot_read_is_refused_for_good(client: Any, app: Any, smtp: MailServer) -> None:
    register(client, "\u4f8b@example.org")
    register(client, OTHER)

    work(app)

    assert smtp.recipients == [OTHER]
    assert waiting(app) == 0


def test_invitation_that_cannot_be_delivered_says_so(client: Any, app: Any, smtp: MailServer) -> None:
    register(client, "admin@example.org")
    work(app)
    access = client.post("/api/register/confirm/", json={"code": smtp.code("admin@example.org")}).json["access"]
    admin = {"headers": {"Authorization": f"Bearer {access}"}}
    smtp.answers["TO:<gone@example.org>"] = "550 no such mailbox"
    invite(client, admin, email="gone@example.org")
    invite(client, admin, email=OTHER)

    work(app)

    listed = client.get("/api/invitations/", headers=admin["headers"]).json
    assert {row["email"]: row["state"] for row in listed} == {"gone@example.org": "undeliverable", OTHER: "open"}
    acts = [entry["act"] for entry in client.get("/api/audit/", headers=admin["headers"]).json]
    assert {"invitation.mailed", "invitation.undeliverable"} <= set(acts)


def test_letter_that_cannot_be_written_waits_and_stops_no_other(
    client: Any, app: Any, smtp: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(client, "admin@example.org")
    with app.app_context(), db.transaction():
        outbox.add("of no kind", 1)

    for _ in range(2):
        try:
            work(app)
        except KeyError:
            continue

    assert smtp.recipients == ["admin@example.org"]
    assert waiting(app) == 1


@pytest.mark.parametrize("kind", sorted(worker.KINDS))
def test_every_kind_drops_a_mail_whose_reason_is_gone(app: Any, smtp: MailServer, kind: str) -> None:
    with app.app_context(), db.transaction():
        outbox.add(kind, 999_999)

    work(app)

    assert (smtp.mails, waiting(app)) == ([], 0)


def test_words_of_the_server_are_bounded(app: Any, smtp: MailServer) -> None:
    smtp.answers["TO:"] = f"550 {'x' * 400}"

    with pytest.raises(mail.Refused) as refusal:
        mail.send(app.config["SETTINGS"], OTHER, "Hello", "Hello.")

    assert len(str(refusal.value)) <= 200
