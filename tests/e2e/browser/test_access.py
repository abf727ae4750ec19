"""Everybody can use it: axe on every page in both themes, small screens, keyboard, reduced motion."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.conftest import DEMO_PASSWORD, Visit

AXE = Path(__file__).resolve().parents[3] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PUBLIC = ["/", "/?q=zzzz", "/product/?id={product}", "/product/?id=0", "/login/", "/login/?view=register", "/login/?view=accept",
          "/login/?view=reset", "/chatbot/", "/chatbot/?ask=Which+lamps+do+you+have%3F"]  # fmt: skip
INSIDE = ["/dashboard/", "/dashboard/product/", "/dashboard/product/?id={product}", "/dashboard/review/", "/dashboard/people/",
          "/dashboard/business/", "/dashboard/insights/", "/dashboard/log/", "/dashboard/profile/"]  # fmt: skip


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
def product(request: pytest.FixtureRequest) -> int:
    from tests.e2e.conftest import Caller

    return int(Caller()("GET", "/api/products/public/?q=pendant").json()[0]["id"])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PUBLIC)
def test_axe_finds_nothing_on_public_pages(path: str, theme: Any, visit: Visit, product: int) -> None:
    page = visit(path.format(product=product), color_scheme=theme, reduced_motion="reduce")
    settle(page)

    assert violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_dashboard(theme: Any, visit: Visit, product: int) -> None:
    page = visit(
        "/dashboard/", username="anna.nordlicht", password=DEMO_PASSWORD, color_scheme=theme, reduced_motion="reduce"
    )
    found: dict[str, list[str]] = {}
    for path in INSIDE:
        page.evaluate("address => window.next.router.push(address)", path.format(product=product))
        page.wait_for_url(f"**{path.format(product=product)}")
        settle(page)
        if faults := violations(page):
            found[path] = faults

    assert found == {}


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
    expect(page.get_by_role("searchbox")).to_be_focused()

    page.keyboard.type("pendant")
    expect(page.locator("article")).to_have_count(1)
    page.get_by_role("link", name="Watt pendant lamp").focus()
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("Watt pendant lamp")


def test_colours_are_remembered(visit: Visit) -> None:
    page = visit("/", color_scheme="light")
    page.get_by_role("button", name="Switch to dark colours").click()

    page.reload()

    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    page.goto("/login/")
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")


def test_first_paint_is_in_the_right_colours(visit: Visit) -> None:
    page = visit("/", color_scheme="dark")

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(14, 21, 19)"
