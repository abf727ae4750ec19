"""People at browsers: each visit is a browser context of its own, watched for faults that nobody sees on the page."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import PASSWORD, URL, Caller, draft, person

DEMO_PASSWORD = "marmalade-lantern-27"
SECONDS = 1000
Visit = Callable[..., Page]

expect.set_options(timeout=10 * SECONDS)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium; Playwright's own where there is none."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    return {**browser_type_launch_args, "args": ["--no-sandbox"], **({"executable_path": found} if found else {})}


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """visit("/", username=…, context=…, **options): a page; fails the test on script faults, foreign hosts and
    violations of the content security policy."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(path: str = "/", username: str | None = None, password: str = PASSWORD, **options: Any) -> Page:
        context = options.pop("context", None)
        if context is None:
            context = browser.new_context(base_url=URL, locale="en-GB", **options)
            contexts.append(context)
        page = context.new_page()
        watch(page, faults)
        if username:
            sign_in(page, username, password, path)
        else:
            page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def watch(page: Page, faults: list[str]) -> None:
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on("request", lambda request: None if own(request.url) else faults.append(f"foreign host: {request.url}"))
    page.on("console", lambda said: faults.append(f"policy: {said.text}") if "Security Policy" in said.text else None)


def own(address: str) -> bool:
    return address.startswith((URL, "data:", "blob:"))


def sign_in(page: Page, username: str, password: str = PASSWORD, path: str = "/dashboard/") -> None:
    page.goto(f"/login/?next={path}")
    page.get_by_label("User name or e-mail").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/login" not in address)


@dataclass
class Team:
    """A business made just now: user names and API callers by role."""

    name: str
    id: int
    usernames: dict[str, str]
    api: dict[str, Caller]

    def publish(self, **changes: Any) -> int:
        """The id of a live product that the editor wrote."""
        product_id = self.submit(**changes)
        self.decide(product_id, "approve")
        return product_id

    def submit(self, **changes: Any) -> int:
        made = self.api["editor"]("POST", "/api/products/", draft(**changes))
        assert made.status_code == 201, made.text
        product_id = int(made.json()["id"])
        assert self.api["editor"]("POST", f"/api/products/{product_id}/submit/").status_code == 200
        return product_id

    def decide(self, product_id: int, move: str, **body: Any) -> None:
        answer = self.api["approver"]("POST", f"/api/products/{product_id}/{move}/", body)
        assert answer.status_code == 200, answer.text


@pytest.fixture
def team(unique: Callable[[str], str]) -> Team:
    name, admin = unique("Atelier"), person("admin")
    first = Caller()("POST", "/api/register/", {"business_name": name, **admin})
    assert first.status_code == 201, first.text
    api = {"admin": Caller(first.json()["access"])}
    usernames = {"admin": admin["username"]}
    for role in ("editor", "approver", "viewer"):
        new = person(role)
        assert api["admin"]("POST", "/api/users/", {**new, "role": role}).status_code == 201
        login = Caller()("POST", "/api/login/", {"username": new["username"], "password": PASSWORD})
        api[role], usernames[role] = Caller(login.json()["access"]), new["username"]
    return Team(name, first.json()["business"]["id"], usernames, api)
