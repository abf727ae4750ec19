"""Words that nobody breaks, on the smallest phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.conftest import Team, Visit

PHONE = {"width": 360, "height": 640}
WORD = "Rindfleischetikettierung" * 8
INSIDE = ["/dashboard/", "/dashboard/product/?id={id}", "/dashboard/review/", "/dashboard/people/", "/dashboard/business/",
          "/dashboard/accounts/", "/dashboard/log/", "/dashboard/profile/"]  # fmt: skip


@pytest.fixture
def product(team: Team) -> int:
    """A live product, with a change of it that waits, all of it in one word each."""
    team.api["admin"]("PATCH", f"/api/businesses/{team.id}/", {"name": f"{WORD[:150]}{team.id}"})
    team.api["editor"]("PATCH", "/api/me/", {"first_name": WORD[:100], "last_name": WORD[:100]})
    team.api["admin"]("POST", "/api/service-accounts/", {"name": WORD[:150], "scopes": ["catalog:read"]})
    team.api["admin"]("POST", "/api/invitations/", {"email": f"{WORD[:60]}@example.org", "role": "viewer"})
    word = {"name": WORD, "category": WORD[:64], "sku": WORD[:64], "attributes": {WORD[:64]: WORD}}
    product_id = team.publish(**word, description=WORD, price="99999999.99")
    team.api["editor"]("PATCH", f"/api/products/{product_id}/", {"description": WORD[::-1], "price": "1.00"})
    team.api["editor"]("POST", f"/api/products/{product_id}/submit/", {"comment": WORD})
    return product_id


def width(page: Page) -> int:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    return int(page.evaluate("document.documentElement.scrollWidth"))


def test_public_pages_stay_in_the_window(visit: Visit, team: Team, product: int) -> None:
    page = visit(f"/product/?id={product}", viewport=PHONE)
    expect(page.get_by_role("heading", name=WORD, level=1)).to_be_visible()
    widths = [width(page)]
    page.goto(f"/?business={team.id}")
    expect(page.get_by_role("article")).to_be_visible()

    assert max([*widths, width(page)]) <= PHONE["width"]


def test_dashboard_stays_in_the_window(visit: Visit, team: Team, product: int) -> None:
    page = visit("/dashboard/", username=team.usernames["admin"], viewport=PHONE)
    wide = {}
    for path in INSIDE:
        page.evaluate("address => window.next.router.push(address)", path.format(id=product))
        page.wait_for_url(f"**{path.format(id=product)}*")
        wide[path] = width(page)
        for tab in page.get_by_role("tab").all():
            tab.click()
            wide[path + tab.inner_text()] = width(page)

    assert {path: pixels for path, pixels in wide.items() if pixels > PHONE["width"]} == {}


def test_operator_who_takes_a_product_down_stays_in_the_window(visit: Visit, operator: str, product: int) -> None:
    page = visit("/dashboard/platform/", username=operator, viewport=PHONE)
    page.get_by_label("Address or number of the product").fill(str(product))
    expect(page.get_by_text(WORD).first).to_be_visible()

    assert width(page) <= PHONE["width"]


def test_way_back_is_within_reach(visit: Visit, team: Team, product: int) -> None:
    page = visit(f"/dashboard/product/?id={product}", username=team.usernames["admin"], viewport=PHONE)
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("button", name="Undo")).to_be_in_viewport(ratio=1)

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("link", name=WORD)).to_be_visible()
