"""The few calls of the public API that the demo makes."""

import time
from collections.abc import Iterator
from typing import Any

import requests

from .content import PASSWORD, Person

TIMEOUT = (5, 30)  # seconds to connect, to answer
TRIES = 6
LONGEST_WAIT = 10.0  # seconds
PRODUCTS, PAGES = "products", "pages"  # as their addresses name them


class LoadError(Exception):
    """A service refused what the demo asked; the text says what and why."""


class NoMailbox(LoadError):
    """Addresses are confirmed by mail here, and the demo's people read none."""

    def __init__(self) -> None:
        super().__init__(
            "no demo data: SMTP_URL is set, so accounts are confirmed by mail, and the demo's people read none"
        )


class Api:
    """Calls to one pair of services, signing in once per person."""

    def __init__(self, auth_url: str, catalog_url: str) -> None:
        self._auth = auth_url.rstrip("/")
        self._catalog = catalog_url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy stands between parts of one copy
        self._tokens: dict[str, str] = {}

    def register(self, business: str, admin: Person) -> None:
        """Register the business with its admin; one that is there already stays as it is."""
        body = {
            "business_name": business,
            "username": admin.username,
            "email": admin.email,
            "password": PASSWORD,
        }
        answer = self._send("POST", f"{self._auth}/api/register/", json=body)
        if answer.status_code == 201:
            self._tokens[admin.username] = answer.json()["access"]
        elif answer.status_code == 202:
            raise NoMailbox
        elif answer.status_code != 409:
            raise _refused(answer)

    def members(self, admin: Person) -> list[dict[str, Any]]:
        """Everyone in the admin's business."""
        return list(self._pages(admin, f"{self._auth}/api/users/"))

    def add_member(self, admin: Person, person: Person) -> None:
        """Have the person join by invitation: the password is theirs alone, or their approvals would be the admin's."""
        invitation = {"email": person.email, "role": person.role}
        code = self._call(admin, "POST", f"{self._auth}/api/invitations/", json=invitation)["code"]
        if code is None:
            raise NoMailbox
        body = {
            "code": code,
            "username": person.username,
            "password": PASSWORD,
            "first_name": person.first_name,
            "last_name": person.last_name,
        }
        answer = self._send("POST", f"{self._auth}/api/invitations/accept/", json=body)
        if not answer.ok:
            raise _refused(answer)
        self._tokens[person.username] = answer.json()["access"]

    def name_oneself(self, person: Person) -> None:
        """Set first and last name, which registration does not ask for."""
        names = {"first_name": person.first_name, "last_name": person.last_name}
        self._call(person, "PATCH", f"{self._auth}/api/me/", json=names)

    def products(self, person: Person) -> list[dict[str, Any]]:
        """All products of the person's business."""
        return self.all(person, PRODUCTS)

    def all(self, person: Person, what: str) -> list[dict[str, Any]]:
        """All that the person's business has of it."""
        return list(self._pages(person, f"{self._catalog}/api/{what}/"))

    def create(self, person: Person, fields: dict[str, Any], what: str = PRODUCTS) -> dict[str, Any]:
        """Create a product, or what else is said; it as it is now."""
        return self._call(person, "POST", f"{self._catalog}/api/{what}/", json=fields)

    def edit(self, person: Person, product: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
        """Change some fields; the product."""
        return self._call(person, "PATCH", f"{self._catalog}/api/products/{product['id']}/", json=fields)

    def move(
        self, person: Person, item: dict[str, Any], action: str, body: dict[str, Any], what: str = PRODUCTS
    ) -> dict[str, Any]:
        """Submit, approve, reject or unpublish; it as it is now."""
        return self._call(person, "POST", f"{self._catalog}/api/{what}/{item['id']}/{action}/", json=body)

    def _pages(self, person: Person, url: str) -> Iterator[dict[str, Any]]:
        following: str | None = f"{url}?page_size=100"
        while following:
            answer = self._authorized(person, "GET", following)
            yield from answer.json()
            link = answer.links.get("next", {}).get("url")
            following = requests.compat.urljoin(following, link) if link else None

    def _call(self, person: Person, method: str, url: str, json: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = self._authorized(person, method, url, json=json).json()
        return answer

    def _authorized(self, person: Person, method: str, url: str, **options: Any) -> requests.Response:
        answer = self._send(method, url, headers=self._bearer(person), **options)
        if answer.status_code == 401:  # the token ran out: sign in again, once
            del self._tokens[person.username]
            answer = self._send(method, url, headers=self._bearer(person), **options)
        if not answer.ok:
            raise _refused(answer)
        return answer

    def _bearer(self, person: Person) -> dict[str, str]:
        if person.username not in self._tokens:
            body = {"username": person.username, "password": PASSWORD}
            answer = self._send("POST", f"{self._auth}/api/login/", json=body)
            if not answer.ok:
                raise _refused(answer)
            self._tokens[person.username] = answer.json()["access"]
        return {"Authorization": f"Bearer {self._tokens[person.username]}"}

    def _send(self, method: str, url: str, **options: Any) -> requests.Response:
        """One request, again after the wait that a busy or throttling service asks for."""
        for attempt in range(1, TRIES + 1):
            answer = self._session.request(method, url, timeout=TIMEOUT, **options)
            if answer.status_code not in (429, 503) or attempt == TRIES:
                break
            time.sleep(_wait(answer))
        return answer


def _wait(answer: requests.Response) -> float:
    text = answer.headers.get("Retry-After", "")
    return min(float(text), LONGEST_WAIT) if text.isdigit() else 1.0


def _refused(answer: requests.Response) -> LoadError:
    request = answer.request
    return LoadError(f"{request.method} {request.url} answered {answer.status_code}: {answer.text[:500]}")
