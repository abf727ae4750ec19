"""Everybody can use it: axe on every page in both themes, small screens, keyboard, reduced motion."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.conftest import DEMO_PASSWORD, Team, Visit
from tests.e2e.conftest import Caller

AXE = Path(__file__).resolve().parents[3] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PUBLIC = ["/", "/?q=zzzz", "/product/?id={product}", "/product/?id=0", "/login/", "/login/?view=register", "/login/?view=accept",
          "/login/?view=reset", "/login/?registration=x", "/login/?email=x", "/seller/?id=1", "/seller/?id=0", "/nothing", "/offline/", "/chatbot/", "/chatbot/?ask=Which+lamps+do+you+have%3F"]  # fmt: skip
INSIDE = ["/dashboard/", "/dashboard/product/", "/dashboard/product/?id={product}", "/dashboard/review/", "/dashboard/information/", "/dashboard/people/",
          "/dashboard/business/", "/dashboard/accounts/", "/dashboard/insights/", "/dashboard/log/", "/dashboard/profile/",
          "/dashboard/platform/"]  # fmt: skip
OPERATORS = ["/dashboard/platform/", "/dashboard/insights/", "/dashboard/log/", "/dashboard/profile/"]
PHONE = {"width": 360, "height": 640}


def press(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("button", name=name).first.click()


def mark_and_reject(page: Page) -> None:
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Reject selected").click()


def make_account(page: Page) -> None:
    press("New service account")(page)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Price feed")
    dialog.get_by_role("button", name="New service account").click()
    expect(page.get_by_role("dialog", name="Copy the secret now")).to_be_visible()


def invite(page: Page) -> None:
    press("Invite someone")(page)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("E-mail").fill("somebody@example.org")
    dialog.get_by_role("button", name="Create invitation").click()
    expect(dialog.get_by_label("Invitation link")).to_be_visible()


def leave_price(page: Page) -> None:
    page.get_by_role("textbox", name="Price").fill("1,2,3")
    page.get_by_role("button", name="Add a detail").click()
    page.get_by_role("button", name="Save draft").click()


def end_session(page: Page) -> None:
    page.route("**/api/**", lambda route: route.fulfill(status=401, body=""))
    # Something may have asked before, and then the dialog is there already.
    page.get_by_role("link", name="Business").dispatch_event("click")
    expect(page.get_by_text("Your session has ended")).to_be_visible()


def suggest(page: Page) -> None:
    page.get_by_role("combobox", name="Search products").press_sequentially("lam")
    expect(page.get_by_role("option").first).to_be_visible()


def leave_unsaved(page: Page) -> None:
    page.get_by_role("textbox", name="Price").fill("12")
    page.get_by_role("link", name="All products").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def restore(page: Page) -> None:
    page.get_by_role("tab", name="Versions").click()
    press("Restore this version")(page)


def tables(page: Page) -> None:
    for summary in page.get_by_text("Show as a table").all():
        summary.click()


# What opens over or in a page: who sees it, where it is, what opens it, the window.
OPENED: dict[str, tuple[str, str, Callable[[Page], None], dict[str, int] | None]] = {
    "suggestions": ("", "/", suggest, None),
    "deletion of a conversation": (
        "",
        "/chatbot/?ask=Which+lamps+do+you+have%3F",
        press("Delete the conversation"),
        None,
    ),
    "leaving unsaved": ("editor", "/dashboard/product/", leave_unsaved, None),
    "restoring": ("editor", "/dashboard/product/?id={edited}", restore, None),
    "filters of the shop": ("", "/", press("Filters"), PHONE),
    "assistant's panel": ("", "/", press("Ask the assistant"), None),
    "keys of the review": ("approver", "/dashboard/review/", press("Keyboard"), None),
    "rejection of the selected": ("approver", "/dashboard/review/", mark_and_reject, None),
    "menu of a product": ("editor", "/dashboard/", press("Actions: Heron"), None),
    "taking down": ("approver", "/dashboard/product/?id={live}", press("Unpublish"), None),
    "faults of the editor": ("editor", "/dashboard/product/", leave_price, None),
    "versions": (
        "editor",
        "/dashboard/product/?id={live}",
        lambda page: page.get_by_role("tab", name="Versions").click(),
        None,
    ),
    "history": (
        "editor",
        "/dashboard/product/?id={live}",
        lambda page: page.get_by_role("tab", name="History").click(),
        None,
    ),
    "figures as tables": ("admin", "/dashboard/insights/", tables, None),
    "invitation": ("admin", "/dashboard/people/", invite, None),
    "deletion of a person": ("admin", "/dashboard/people/", press("Delete"), None),
    "secret of an account": ("admin", "/dashboard/accounts/", make_account, None),
    "suspension": ("operator", "/dashboard/platform/", press("Suspend"), None),
    "ended session": ("admin", "/dashboard/", end_session, None),
    "menu on a phone": ("admin", "/dashboard/", press("Menu"), PHONE),
}


def settle(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    expect(page.locator("h1, h2").first).to_be_attached()
    page.wait_for_timeout(600)


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    found: dict[str, Any] = page.evaluate("options => axe.run(document, options)", OPTIONS)
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.fixture(scope="module")
def product() -> int:
    return int(Caller()("GET", "/api/products/public/?q=pendant").json()[0]["id"])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PUBLIC)
def test_axe_finds_nothing_on_public_pages(path: str, theme: Any, visit: Visit, product: int) -> None:
    page = visit(path.format(product=product), color_scheme=theme, reduced_motion="reduce")
    settle(page)

    assert violations(page) == []


def faulty(page: Page, paths: list[str], product: int) -> dict[str, list[str]]:
    """What axe finds, by the page on which it does."""
    found = {}
    for path in paths:
        page.evaluate("address => window.next.router.push(address)", path.format(product=product))
        page.wait_for_url(f"**{path.format(product=product)}")
        settle(page)
        if faults := violations(page):
            found[path] = faults
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_dashboard(theme: Any, visit: Visit, product: int) -> None:
    page = visit(
        "/dashboard/", username="anna.nordlicht", password=DEMO_PASSWORD, color_scheme=theme, reduced_motion="reduce"
    )

    assert faulty(page, INSIDE, product) == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_operators_sections(theme: Any, visit: Visit, operator: str, product: int) -> None:
    page = visit("/dashboard/platform/", username=operator, color_scheme=theme, reduced_motion="reduce")

    assert faulty(page, OPERATORS, product) == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", OPENED)
def test_axe_finds_nothing_in_what_opens(name: str, theme: Any, visit: Visit, team: Team, operator: str) -> None:
    who, path, act, window = OPENED[name]
    live = team.publish()
    edited = team.submit(name="Heron stool")
    team.api["editor"]("PATCH", f"/api/products/{edited}/", {"description": "A stool."})
    team.api["editor"]("POST", f"/api/products/{edited}/submit/")
    page = visit(
        path.format(live=live, edited=edited),
        username={**team.usernames, "operator": operator}.get(who),
        color_scheme=theme,
        reduced_motion="reduce",
        **({"viewport": window} if window else {}),
    )
    act(page)
    settle(page)

    assert violations(page) == []


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_fit_the_smallest_phone(path: str, visit: Visit, product: int) -> None:
    page = visit(path.format(product=product), viewport={"width": 360, "height": 640}, has_touch=True)
    settle(page)

    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_dashboard_fits_the_smallest_phone(visit: Visit, product: int) -> None:
    page = visit(
        "/dashboard/", username="anna.nordlicht", password=DEMO_PASSWORD, viewport={"width": 360, "height": 640}
    )
    wide = []
    for path in INSIDE:
        page.evaluate("address => window.next.router.push(address)", path.format(product=product))
        page.wait_for_url(f"**{path.format(product=product)}")
        settle(page)
        if page.evaluate("document.documentElement.scrollWidth") > 360:
            wide.append(path)

    assert wide == []


def test_shop_is_used_by_keyboard_alone(visit: Visit) -> None:
    page = visit("/")
    expect(page.locator("article").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("combobox", name="Search products")).to_be_focused()

    page.keyboard.type("pendant")
    expect(page.locator("article")).to_have_count(1)
    page.get_by_role("link", name="Watt pendant lamp").focus()
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("Watt pendant lamp")


def test_field_with_the_focus_is_not_below_the_bar(visit: Visit, team: Team) -> None:
    """WCAG 2.2, 2.4.11 (focus not obscured), and more than it asks: all of the field is seen."""
    team.submit()
    page = visit("/dashboard/review/", username=team.usernames["approver"], viewport={"width": 1280, "height": 680})
    comment, bar = page.get_by_label("Comment"), page.get_by_role("button", name="Approve", exact=True)
    expect(comment).to_be_visible()

    comment.evaluate("field => field.focus()")

    field, button = comment.bounding_box(), bar.bounding_box()
    assert field and button
    assert field["y"] + field["height"] <= button["y"]


def test_colours_are_remembered(visit: Visit) -> None:
    page = visit("/", color_scheme="light")
    page.get_by_role("button", name="Switch to dark mode").click()

    page.reload()

    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    page.goto("/login/")
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")


def test_first_paint_is_in_the_right_colours(visit: Visit) -> None:
    page = visit("/", color_scheme="dark")

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(14, 21, 19)"
