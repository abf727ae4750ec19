"""What an upgrade makes of the accounts that are there."""

from typing import Any

import pytest
from auth_service.models import db
from flask_migrate import Migrate, downgrade, upgrade
from sqlalchemy import text

from servicekit import migrations
from tests.auth_service.conftest import followed, work
from tests.auth_service.test_control import own_by_mail
from tests.auth_service.test_resets import ask, codes
from tests.auth_service.test_resets import confirm as reset
from tests.auth_service.test_service_accounts import make


@pytest.fixture
def app(make_app: Any, folder: Any) -> Any:
    return make_app("auth_service", mail_folder=str(folder))


def migrate(app: Any, to: str) -> None:
    Migrate(app, db)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        step = upgrade if to == "head" else downgrade
        step(directory=migrations.folder(app), revision=to)
        db.engine.dispose()


def test_history_says_who_controls_whom(client: Any, app: Any, register: Any, member: Any, folder: Any) -> None:
    first = register()
    second = member(first, "admin")
    owned, moved, plain = (member(first, "editor") for _ in range(3))
    own_by_mail(client, app, folder, owned)
    own_by_mail(client, app, folder, moved)
    program = make(client, first).json
    client.post(f"/api/service-accounts/{program['id']}/rotate/", json={}, headers=second["headers"])
    with app.app_context(), db.transaction() as session:
        # As an earlier version wrote it when an admin gave somebody another address.
        session.execute(
            text(
                "INSERT INTO audit_entries (occurred_at, business_id, actor_id, act, target, detail, address, request_id)"
                " SELECT occurred_at, business_id, :by, 'user.changed', :target, :detail, '', '' FROM audit_entries"
                " WHERE act = 'business.created'"
            ),
            {
                "by": second["user"]["id"],
                "target": f"user:{moved['user']['id']}",
                "detail": '{"email": ["a@example.org", "b@example.org"]}',
            },
        )
    migrate(app, "0008")
    with app.app_context():
        before = db.session.execute(text("SELECT seq FROM feed_head")).scalar_one()
        db.session.remove()

    migrate(app, "head")

    changes = followed(client, before)
    assert {event["type"] for event in changes} == {"user.changed"}
    assert {event["data"]["user_id"]: event["data"]["controllers"] for event in changes} == {
        second["user"]["id"]: [first["user"]["id"]],
        plain["user"]["id"]: [first["user"]["id"]],
        moved["user"]["id"]: [second["user"]["id"]],
        program["user"]: [first["user"]["id"], second["user"]["id"]],
    }
    listed = client.get("/api/users/", headers=first["headers"]).json
    assert {user["id"]: user["set_up_by"] for user in listed} == {
        first["user"]["id"]: None,
        second["user"]["id"]: first["user"]["id"],
        owned["user"]["id"]: None,
        moved["user"]["id"]: second["user"]["id"],
        plain["user"]["id"]: first["user"]["id"],
    }
    register()
    assert followed(client)[-1]["type"] == "user.created"


def test_reset_that_waits_is_mailed_after_the_upgrade(client: Any, app: Any, register: Any, folder: Any) -> None:
    ask(client, register()["user"]["email"])
    migrate(app, "0008")

    migrate(app, "head")
    work(app)

    (code,) = codes(folder)
    assert reset(client, code).status_code == 204
