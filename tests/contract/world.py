"""All services in one process with two businesses, an operator and a suspended business: what the matrix is run on."""

import itertools
import json
from dataclasses import dataclass, field
from typing import Any

from servicekit.permissions import BUSINESS_ROLES, Permission, granted
from tests.builders import INTERNAL_TOKEN, PASSWORD, account
from tests.conftest import Databases, build
from tests.contract.services import PACKAGES

ROLES = tuple(role.value for role in BUSINESS_ROLES)
CALLERS = ("anonymous", *ROLES, "service", "operator", "suspended")
SCOPES = "catalog:read catalog:write"
MISSING = 2**40
_numbers = itertools.count(1)


@dataclass
class Caller:
    name: str
    token: str = ""
    id: int = 0
    session: str = ""
    permissions: frozenset[Permission] = frozenset()

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


@dataclass
class Business:
    id: int
    callers: dict[str, Caller] = field(default_factory=dict)


class World:
    """Applications on databases of their own; the followers are fed by hand, as their workers would."""

    def __init__(self, databases: Databases, catalogue_url: str) -> None:
        generous = dict.fromkeys(("login_limit", "register_limit", "refresh_limit", "reset_limit"), "100000/minute")
        settings: dict[str, dict[str, Any]] = {
            "auth_service": generous,
            "catalog_service": {},
            "chat_service": {"catalog_url": catalogue_url},
        }
        self.apps = {name: build(name, databases.fresh(name, "sqlite"), **settings[name]) for name in PACKAGES}
        self.operator = self._operator()
        self.own, self.other = self._business(), self._business()
        self.suspended = self._suspended()
        self.follow()

    def client(self, package: str) -> Any:
        """A client without cookies of anybody before it."""
        return self.apps[package].test_client()

    def auth(self, method: str, path: str, caller: Caller | None = None, **options: Any) -> Any:
        headers = caller.headers if caller else {}
        answer = self.client("auth_service").open(path, method=method, headers=headers, **options)
        assert answer.status_code < 300, f"{path}: {answer.text}"
        return answer.json

    def callers(self) -> dict[str, Caller]:
        """One caller of every kind, as seen from the business `own`."""
        return {
            "anonymous": Caller("anonymous"),
            **self.own.callers,
            "operator": self.operator,
            "suspended": self.suspended,
        }

    def follow(self) -> None:
        """Every service learns of keys and changes, and reads them anew."""
        keys = self.auth("GET", "/.well-known/jwks.json")["keys"]
        for package, app in self.apps.items():
            if package != "auth_service":
                with app.app_context():
                    self._apply(package, app, keys)
            app.extensions["verifier"].keys._read_at = float("-inf")

    def _apply(self, package: str, app: Any, keys: list[dict[str, Any]]) -> None:
        module = __import__(f"{package}.worker", fromlist=["follower"])
        models = __import__(f"{package}.models", fromlist=["db"])
        follower = module.follower(app if package == "catalog_service" else app.config["SETTINGS"])
        with models.db.transaction() as session:
            session.query(models.TrustedKey).delete()
            session.add_all([models.TrustedKey(kid=key["kid"], jwk=key) for key in keys])
        headers = {"Authorization": f"Bearer {INTERNAL_TOKEN}"}
        feed = f"/internal/feed?after={follower.position()}"
        follower.apply(self.client("auth_service").get(feed, headers=headers).json["events"])
        models.db.session.remove()

    def _operator(self) -> Caller:
        command = ["create-operator", "operator", "operator@example.org", "--password-stdin"]
        result = self.apps["auth_service"].test_cli_runner().invoke(args=command, input=f"{PASSWORD}\n")
        assert result.exit_code == 0, result.output
        return self._sign_in("operator", "operator")

    def _sign_in(self, username: str, name: str) -> Caller:
        answer = self.auth("POST", "/api/login/", json={"username": username, "password": PASSWORD})
        return self._caller(name, answer)

    def _caller(self, name: str, answer: Any) -> Caller:
        me = Caller(name, answer["access"], answer["user"]["id"], permissions=granted(answer["user"]["role"]))
        me.session = next(row["id"] for row in self.auth("GET", "/api/sessions/", me) if row["current"])
        return me

    def _business(self) -> Business:
        made = self.auth("POST", "/api/register/", json=account())
        business = Business(made["business"]["id"], {"admin": self._caller("admin", made)})
        for role in ROLES[:-1]:
            business.callers[role] = self.member(business, role)
        business.callers["service"] = self._service(business)
        return business

    def member(self, business: Business, role: str) -> Caller:
        """Somebody who joined by invitation: a password that an admin chose would make them one in reviews."""
        person = account()
        invitation = {"email": person["email"], "role": role}
        code = self.auth("POST", "/api/invitations/", business.callers["admin"], json=invitation)["code"]
        own = {name: person[name] for name in ("username", "password")}
        return self._caller(role, self.auth("POST", "/api/invitations/accept/", json={"code": code, **own}))

    def _service(self, business: Business) -> Caller:
        body = {"name": "Sync", "scopes": SCOPES.split()}
        made = self.auth("POST", "/api/service-accounts/", business.callers["admin"], json=body)
        form = {"grant_type": "client_credentials", **{name: made[name] for name in ("client_id", "client_secret")}}
        token = self.auth("POST", "/oauth/token", data=form)["access_token"]
        return Caller("service", token, made["user"], permissions=granted("service", SCOPES))

    def _suspended(self) -> Caller:
        business = self._business()
        self.auth("POST", f"/api/businesses/{business.id}/suspend/", self.operator)
        found = business.callers["admin"]
        found.name, found.permissions = "suspended", frozenset()
        return found


def unique(value: Any) -> Any:
    """The value with {unique}, {language} and {password} filled in."""
    number = next(_numbers)
    language = "".join(chr(ord("a") + number // 26**place % 26) for place in range(3))
    text = json.dumps(value).replace("{unique}", f"u{number}").replace("{password}", PASSWORD)
    return json.loads(text.replace("{language}", language))


class Rows:
    """Makes what a path's id can name: `make(kind, business, caller)` -> the path's values."""

    def __init__(self, world: World) -> None:
        self.world = world

    def make(self, kind: str, business: Business, caller: Caller) -> dict[str, Any]:
        found: dict[str, Any] = getattr(self, kind)(business, caller)
        return found

    def user(self, business: Business, _: Caller) -> dict[str, Any]:
        return {"user_id": self.world.member(business, "viewer").id}

    def invitation(self, business: Business, _: Caller) -> dict[str, Any]:
        body = unique({"email": "{unique}@example.org"})
        made = self.world.auth("POST", "/api/invitations/", business.callers["admin"], json=body)
        return {"invitation_id": made["id"]}

    def service_account(self, business: Business, _: Caller) -> dict[str, Any]:
        body = {"name": "Sync", "scopes": ["catalog:read"]}
        made = self.world.auth("POST", "/api/service-accounts/", business.callers["admin"], json=body)
        return {"account_id": made["id"]}

    def business(self, business: Business, _: Caller) -> dict[str, Any]:
        return {"business_id": business.id}

    def new_business(self, *_: Any) -> dict[str, Any]:
        body = unique({"name": "{unique}"})
        return {"business_id": self.world.auth("POST", "/api/businesses/", self.world.operator, json=body)["id"]}

    def session(self, business: Business, caller: Caller) -> dict[str, Any]:
        if business is self.world.other:
            return {"session_id": business.callers["viewer"].session}
        username = self.world.auth("GET", "/api/me/", caller)["username"]
        return {"session_id": self.world._sign_in(username, caller.name).session}

    def draft(self, business: Business, _: Caller) -> dict[str, Any]:
        body = {"name": "Heron chair", "description": "A chair.", "price": "19.90", "currency": "EUR"}
        return {"product_id": self._catalog(business, "editor", "/api/products/", body)["id"]}

    def pending(self, business: Business, caller: Caller) -> dict[str, Any]:
        found = self.draft(business, caller)
        self._catalog(business, "editor", f"/api/products/{found['product_id']}/submit/", {})
        return found

    def published(self, business: Business, caller: Caller) -> dict[str, Any]:
        found = self.pending(business, caller)
        self._catalog(business, "approver", f"/api/products/{found['product_id']}/approve/", {})
        return found

    def page(self, business: Business, _: Caller) -> dict[str, Any]:
        body = unique({"kind": "about", "language": "{language}", "text": "We are small."})
        return {"page_id": self._catalog(business, "editor", "/api/pages/", body)["id"]}

    def pending_page(self, business: Business, caller: Caller) -> dict[str, Any]:
        found = self.page(business, caller)
        self._catalog(business, "editor", f"/api/pages/{found['page_id']}/submit/", {})
        return found

    def published_page(self, business: Business, caller: Caller) -> dict[str, Any]:
        found = self.pending_page(business, caller)
        self._catalog(business, "approver", f"/api/pages/{found['page_id']}/approve/", {})
        return found

    def public_business(self, business: Business, caller: Caller) -> dict[str, Any]:
        self.published_page(business, caller)
        return {"business_id": business.id}

    def _catalog(self, business: Business, role: str, path: str, body: Any) -> Any:
        client = self.world.client("catalog_service")
        answer = client.post(path, json=body, headers=business.callers[role].headers)
        assert answer.status_code < 300, answer.text
        return answer.json

    def conversation(self, business: Business, caller: Caller) -> dict[str, Any]:
        return {"conversation_id": self.message(business, caller)["conversation_id"]}

    def message(self, business: Business, caller: Caller) -> dict[str, Any]:
        """The caller's own; `other` is a colleague's, so that neither a business nor a role opens it."""
        if business is self.world.other:
            roles = [one for one in self.world.own.callers.values() if one.id != caller.id]
            caller = roles[0]
        client = self.world.client("chat_service")
        answer = client.post("/api/chatbot/", json={"message": "Which lamps are there?"}, headers=caller.headers)
        assert answer.status_code == 200, answer.text
        return {"conversation_id": answer.json["conversation_id"], "message_id": answer.json["id"]}
