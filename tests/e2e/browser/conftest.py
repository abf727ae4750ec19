"""People at browsers: each visit is a browser context of its own, watched for faults that nobody sees on the page."""

import email
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import policy
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from deploy.local.credentials import NAMES
from deploy.local.folders import ROOT, Copy, environment
from tests.e2e.browser import pictures
from tests.e2e.conftest import PASSWORD, URL, Caller, draft, eventually, join, person

DEMO_PASSWORD = "marmalade-lantern-27"
SECONDS = 1000
Visit = Callable[..., Page]
FAILED = pytest.StashKey[bool]()

expect.set_options(timeout=10 * SECONDS)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium; Playwright's own where there is none."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    return {**browser_type_launch_args, "args": ["--no-sandbox"], **({"executable_path": found} if found else {})}


def pytest_sessionstart(session: pytest.Session) -> None:
    # Once a run: processes that share a run's tests begin later.
    if not session.config.option.collectonly and not hasattr(session.config, "workerinput"):
        pictures.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Lets `visit` know how the test ended."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if pictures.FOLDER.exists():
        terminalreporter.write_line(f"{len(list(pictures.FOLDER.iterdir()))} pictures of pages: {pictures.FOLDER}")


@pytest.fixture
def visit(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """visit("/", username=…, context=…, **options): a page; fails the test on script faults, foreign hosts and
    violations of the content security policy."""
    contexts: list[BrowserContext] = []
    pages: list[Page] = []
    faults: list[str] = []

    def open_page(path: str = "/", username: str | None = None, password: str = PASSWORD, **options: Any) -> Page:
        context = options.pop("context", None)
        if context is None:
            # A worker's own requests would pass by what a test says of the network.
            settings = {"locale": "en-GB", "service_workers": "block", **options}
            context = browser.new_context(base_url=URL, **settings)
            contexts.append(context)
        page = context.new_page()
        pages.append(page)
        watch(page, faults)
        if username:
            sign_in(page, username, password, path)
        else:
            page.goto(path)
        return page

    yield open_page
    pictures.take(pages, request.node.name, failed=request.node.stash.get(FAILED, True))
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
        answers: list[Any] = []

        def taken() -> bool:
            answers.append(self.api["approver"]("POST", f"/api/products/{product_id}/{move}/", body))
            # Whose work it is, is told to the catalogue a moment after an account was made.
            return bool(answers[-1].status_code != 503)

        assert eventually(taken, seconds=20)
        assert answers[-1].status_code == 200, answers[-1].text
        if seq := answers[-1].headers.get("X-Change-Seq"):
            # Counts come from an index that may be a second behind.
            facets = f"/api/products/public/facets/?business={self.id}&min_seq={seq}"
            assert eventually(lambda: int(Caller()("GET", facets).headers["X-Index-Seq"]) >= int(seq))

    def rename(self, name: str, product_id: int) -> None:
        """Returns when the public reads the business's new name with this product of it."""
        answer = self.api["admin"]("PATCH", f"/api/businesses/{self.id}/", {"name": name})
        assert answer.status_code == 200, answer.text
        public = f"/api/products/public/{product_id}/"
        assert eventually(lambda: Caller()("GET", public).json()["business_name"] == name, seconds=10)


@pytest.fixture
def team(unique: Callable[[str], str]) -> Team:
    name, admin = unique("Atelier"), person("admin")
    first = Caller()("POST", "/api/register/", {"business_name": name, **admin})
    assert first.status_code == 201, first.text
    api = {"admin": Caller(first.json()["access"])}
    usernames = {"admin": admin["username"]}
    for role in ("editor", "approver", "viewer"):
        joined = join(api["admin"], role)
        api[role], usernames[role] = Caller(joined["access"]), joined["user"]["username"]
    return Team(name, first.json()["business"]["id"], usernames, api)


@pytest.fixture(scope="session")
def data() -> Path:
    """The data folder of the copy that is tested."""
    return Copy.configured(environment()).data


@pytest.fixture(scope="session")
def operator(data: Path) -> str:
    """User name of a platform operator, whom only the service's own command can make."""
    new = person("operator")
    settings = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "auth-service")]),
        "DATABASE_URL": f"sqlite:///{data / 'auth.db'}",
        **{f"{name.upper()}_FILE": str(data / "secrets" / name) for name in NAMES},
    }
    command = ["-m", "flask", "--app", "auth_service:create_app", "create-operator", new["username"], new["email"]]
    subprocess.run(
        [sys.executable, *command, "--password-stdin"], input=PASSWORD, text=True, cwd=ROOT, env=settings, check=True
    )
    return new["username"]


@pytest.fixture
def mailed(data: Path) -> Callable[[str], str]:
    """mailed(address): the text of the first message to it, as soon as it is there."""

    def read(address: str) -> str:
        def found() -> list[str]:
            letters = [
                email.message_from_bytes(path.read_bytes(), policy=policy.default)
                for path in (data / "mail").glob("*.eml")
            ]
            return [letter.get_content() for letter in letters if letter["To"] == address]

        assert eventually(lambda: bool(found()), seconds=15), f"no mail to {address}"
        return found()[0]

    return read
