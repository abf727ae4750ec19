"""Every security-relevant act leaves an entry that the business's admins can read, and no secret."""

from typing import Any

from auth_service.models import AuditEntry, db
from sqlalchemy import select

from tests.builders import PASSWORD, account


def acts(client: Any, who: Any, query: str = "") -> list[str]:
    answer = client.get(f"/api/audit/{query}", headers=who["headers"])
    assert answer.status_code == 200, answer.json
    return [entry["act"] for entry in answer.json]


def test_admin_reads_who_did_what_newest_first(client: Any, register: Any, member: Any) -> None:
    admin = register()
    editor = member(admin, "editor")["user"]["id"]
    headers = {**admin["headers"], "X-Request-ID": "trace-7", "X-Forwarded-For": "203.0.113.9"}

    client.patch(f"/api/users/{editor}/", json={"role": "viewer"}, headers=headers)

    entries = client.get("/api/audit/", headers=admin["headers"]).json
    newest = entries[0]
    assert (newest["act"], newest["actor"], newest["target"]) == ("user.changed", admin["user"]["id"], f"user:{editor}")
    assert newest["detail"] == {"role": ["editor", "viewer"]}
    assert (newest["address"], newest["request_id"]) == ("203.0.113.9", "trace-7")
    assert newest["actor_name"] == admin["user"]["username"]
    assert [entry["act"] for entry in entries[1:]] == ["login", "user.created", "business.created", "user.created"]


def test_failed_sign_in_is_written_down_for_the_account_s_business_alone(client: Any, register: Any) -> None:
    admin, other = register(), register()

    for name in (admin["user"]["username"], "nobody at all"):
        client.post("/api/login/", json={"username": name, "password": "wrong wrong wrong"})

    assert acts(client, admin, "?act=login.failed") == ["login.failed"]
    assert acts(client, other, "?act=login.failed") == []


def test_pages_follow_the_link_header(client: Any, register: Any, member: Any) -> None:
    admin = register()
    for _ in range(3):
        member(admin, "viewer")

    seen, address = [], "/api/audit/?page_size=3"
    while address:
        answer = client.get(address, headers=admin["headers"])
        seen += [entry["id"] for entry in answer.json]
        link = answer.headers.get("Link")
        address = link.split(">")[0].lstrip("<") if link else None

    assert len(seen) == 8
    assert seen == sorted(seen, reverse=True)


def test_only_admins_read_it(client: Any, register: Any, member: Any) -> None:
    admin = register()

    for role in ("viewer", "editor", "approver"):
        assert client.get("/api/audit/", headers=member(admin, role)["headers"]).status_code == 403


def test_forwarded_address_counts_from_a_private_peer_only(client: Any, app: Any, register: Any) -> None:
    admin = register()
    body = {"username": admin["user"]["username"], "password": PASSWORD}

    for peer, header in (("10.0.0.9", "198.51.100.4"), ("203.0.113.7", "198.51.100.4"), ("10.0.0.9", "nonsense")):
        client.post(
            "/api/login/", json=body, headers={"X-Forwarded-For": header}, environ_overrides={"REMOTE_ADDR": peer}
        )

    entries = client.get("/api/audit/?act=login", headers=admin["headers"]).json
    assert [entry["address"] for entry in entries] == ["10.0.0.9", "203.0.113.7", "198.51.100.4"]


def test_no_entry_holds_a_secret(client: Any, app: Any, register: Any) -> None:
    secret = "a very secret passphrase"
    person = account(password=secret)
    tokens = client.post("/api/register/", json=person).json
    headers = {"Authorization": f"Bearer {tokens['access']}"}
    client.post("/api/login/", json={"username": secret, "password": PASSWORD})
    client.post("/api/me/password/", json={"old_password": secret, "new_password": secret + " 2"}, headers=headers)
    client.post("/api/logout/", json={"everywhere": True}, headers=headers)

    with app.app_context():
        rows = db.session.execute(select(AuditEntry.__table__)).all()
    text = str([tuple(row) for row in rows])
    assert len(rows) >= 5
    assert not [found for found in (secret, PASSWORD, tokens["access"], tokens["refresh"]) if found in text]
