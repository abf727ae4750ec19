"""The public pages as shoppers meet them."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.browser.conftest import Team, Visit

SCRIPT_BUDGET = 230_000
PAINT_BUDGET_MS = 2_500


def cards(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("article h3").all_inner_texts()]


def prices(page: Page) -> list[float]:
    return [float(re.sub(r"[^0-9.]", "", text)) for text in page.locator("article strong").all_inner_texts()]


def found(page: Page) -> int:
    text = page.get_by_text(re.compile(r"^[\d,]+ products?$")).first.inner_text()
    return int(text.split()[0].replace(",", ""))


def test_search_finds_while_typing_and_can_be_shared(visit: Visit) -> None:
    page = visit("/")

    page.get_by_role("combobox", name="Search products").press_sequentially("pendant")

    expect(page.locator("article")).to_have_count(1)
    expect(page.get_by_role("link", name="Watt pendant lamp")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?q=pendant$"))
    expect(visit("/?q=pendant").locator("article")).to_have_count(1)


def test_late_answer_to_an_earlier_search_changes_nothing(visit: Visit) -> None:
    page = visit("/")
    expect(page.locator("article").first).to_be_visible()
    held: list[Route] = []
    dropped: list[str] = []
    page.on("requestfailed", lambda request: dropped.append(request.url))
    page.route(re.compile(r"/api/products/public/\?.*q=kettle"), lambda route: held.append(route))
    box = page.get_by_role("combobox", name="Search products")

    with page.expect_request(re.compile("public/\\?.*q=kettle")):
        box.fill("kettle")
    box.fill("pendant")

    expect(page.locator("article")).to_have_count(1)
    expect(page.get_by_role("link", name="Watt pendant lamp")).to_be_visible()
    assert any("q=kettle" in address for address in dropped)


def test_search_asks_when_the_typing_pauses(visit: Visit) -> None:
    page = visit("/")
    expect(page.locator("article").first).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "public/?" in request.url else None)

    page.get_by_role("combobox", name="Search products").press_sequentially("pendant", delay=20)
    expect(page.locator("article")).to_have_count(1)

    assert len(asked) == 1


def test_filters_say_how_much_they_find_and_back_undoes_them(visit: Visit) -> None:
    page = visit("/")
    choice = page.get_by_role("button", name=re.compile("^toys", re.IGNORECASE))
    promised = int(choice.locator("data").inner_text())

    choice.click()

    expect(page.get_by_text(f"{promised} products", exact=True)).to_be_visible()
    expect(page.locator("article")).to_have_count(promised)
    expect(page.get_by_role("button", name="Remove filter: toys")).to_be_visible()
    page.go_back()
    expect(choice).to_have_attribute("aria-pressed", "false")


def test_price_range_and_order(visit: Visit) -> None:
    page = visit("/?currency=EUR&ordering=price")
    page.get_by_label("From").fill("50")
    page.get_by_label("To", exact=True).fill("150,00")
    with page.expect_response(re.compile(r"public/\?.*min_price=50&max_price=150")):
        page.get_by_label("To", exact=True).press("Enter")

    expect(page).to_have_url(re.compile("min_price=50&max_price=150.00"))
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    expect(page.locator("article strong").first).to_have_text("€54.90")
    shown = prices(page)
    assert shown == sorted(shown)
    assert all(50 <= price <= 150 for price in shown)


def test_prices_are_put_in_order_within_the_shoppers_currency_and_the_address_says_which(visit: Visit) -> None:
    page = visit("/")
    page.get_by_label("Sort by").select_option("price")

    expect(page).to_have_url(re.compile("currency=GBP.*ordering=price"))
    expect(page.locator("article strong").first).to_have_text("£9.50")
    page.get_by_label("Currency").select_option("USD")
    expect(page.locator("article strong").first).to_have_text(re.compile(r"^US\$"))
    assert prices(page) == sorted(prices(page))

    page.get_by_label("Currency").select_option("")
    expect(page).to_have_url(re.compile("/$"))


def test_example_of_the_search_box_finds_something(visit: Visit) -> None:
    page = visit("/")
    placeholder = page.get_by_role("combobox", name="Search products").get_attribute("placeholder") or ""
    for words in re.findall("“([^”]+)”", placeholder):
        page.get_by_role("combobox", name="Search products").fill(words)
        expect(page).to_have_url(re.compile("q="))
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        assert found(page) > 0


def test_words_are_put_in_order_of_their_match_unless_another_is_chosen(visit: Visit) -> None:
    page = visit("/?q=lamp")
    order = page.get_by_label("Sort by")
    expect(order).to_have_value("relevance")

    order.select_option("-published_at")
    expect(page).to_have_url(re.compile(r"q=lamp&ordering=-published_at$"))
    order.select_option("relevance")
    expect(page).to_have_url(re.compile(r"\?q=lamp$"))
    page.get_by_role("button", name="Clear search").click()

    expect(order).to_have_value("-published_at")
    expect(order.locator("option", has_text="Best match")).to_have_count(0)


def test_suggestions_are_walked_by_keyboard(visit: Visit) -> None:
    page = visit("/")
    box = page.get_by_role("combobox", name="Search products")
    box.press_sequentially("pend")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    product = options.filter(has_text="Watt pendant lamp")
    expect(product).to_be_visible()

    for _ in range(options.count()):
        page.keyboard.press("ArrowDown")
        if product.get_attribute("aria-selected") == "true":
            break
    expect(box).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Watt pendant lamp", level=1)).to_be_visible()


def test_suggested_category_narrows_the_list(visit: Visit) -> None:
    page = visit("/")
    page.get_by_role("combobox", name="Search products").press_sequentially("kitch")
    page.get_by_role("group", name="Categories").get_by_role("option", name=re.compile("kitchen")).click()

    expect(page).to_have_url(re.compile(r"\?category=kitchen$"))
    expect(page.get_by_role("combobox", name="Search products")).to_have_value("")


def test_correction_is_told_and_taken_back_by_one_click(visit: Visit) -> None:
    page = visit("/?q=pandant")
    expect(page.get_by_text("Showing results for “\u2068pendant\u2069”.")).to_be_visible()
    expect(page.get_by_role("link", name="Watt pendant lamp")).to_be_visible()

    page.get_by_role("button", name="Search for “\u2068pandant\u2069” instead").click()

    expect(page).to_have_url(re.compile(r"\?q=pandant&correct=false$"))
    expect(page.get_by_role("heading", name="No matching products")).to_be_visible()
    # Other words are corrected again.
    page.get_by_role("combobox", name="Search products").fill("pendnat")
    expect(page.get_by_role("link", name="Watt pendant lamp")).to_be_visible()


def test_bad_price_range_says_so(visit: Visit) -> None:
    page = visit("/")
    page.get_by_label("From").fill("20")
    page.get_by_label("To", exact=True).fill("10")
    page.keyboard.press("Enter")

    expect(page.get_by_text("The lower price is above the upper one.")).to_be_visible()


def test_endless_list_is_where_it_was_after_back(visit: Visit) -> None:
    page = visit("/")
    expect(page.locator("article").first).to_be_visible()
    while page.locator("article").count() < 48:
        page.mouse.wheel(0, 4000)
        page.wait_for_timeout(100)
    target = page.locator("article").nth(40)
    target.scroll_into_view_if_needed()
    name = target.locator("h3").inner_text()
    page.wait_for_timeout(200)
    before = page.evaluate("scrollY")

    target.get_by_role("link").click()
    expect(page.locator("h1")).to_have_text(name)
    page.go_back()

    expect(page.locator("article").nth(40)).to_be_in_viewport()
    assert abs(page.evaluate("scrollY") - before) < 150


def test_endless_list_is_where_it_was_after_a_reload(visit: Visit) -> None:
    page = visit("/")
    expect(page.locator("article").first).to_be_visible()
    while page.locator("article").count() < 48:
        page.mouse.wheel(0, 4000)
        page.wait_for_timeout(100)
    page.locator("article").nth(40).scroll_into_view_if_needed()
    page.wait_for_timeout(200)

    page.reload()

    expect(page.locator("article").nth(40)).to_be_in_viewport()


def test_product_page_tells_search_engines_what_it_tells_people(visit: Visit) -> None:
    page = visit("/?q=pendant")
    page.get_by_role("link", name="Watt pendant lamp").click()
    expect(page.locator("h1")).to_have_text("Watt pendant lamp")

    data = json.loads(page.locator('script[type="application/ld+json"]').inner_text())

    assert data["@type"] == "Product"
    assert data["name"] == "Watt pendant lamp"
    assert data["offers"]["price"] == "189.00"
    assert data["offers"]["priceCurrency"] == "EUR"
    expect(page).to_have_title("Watt pendant lamp · Vetted")
    expect(page.get_by_text("€189.00")).to_be_visible()


@pytest.mark.parametrize("id", ["999999999", "", "-1", "abc", "1%20or%201"])
def test_unknown_product_says_so(id: str, visit: Visit) -> None:
    expect(visit(f"/product/?id={id}").get_by_role("heading", name="This product is not available")).to_be_visible()


def test_nothing_found_offers_a_way_out(visit: Visit) -> None:
    page = visit("/?q=zzzzzz&category=toys")

    page.get_by_role("status").get_by_role("button", name="Clear all filters").click()
    expect(page).to_have_url(re.compile(r"\?q=zzzzzz$"))
    page.get_by_role("link", name="Browse all products").click()

    expect(page.locator("article").first).to_be_visible()


def test_failed_list_can_be_tried_again(visit: Visit) -> None:
    page = visit("/login/")
    refuse: Callable[[Route], None] = lambda route: route.fulfill(  # noqa: E731
        status=503,
        content_type="application/problem+json",
        body='{"code":"unavailable","detail":"","request_id":"abc"}',
    )
    page.route("**/api/products/public/**", refuse)
    page.goto("/")
    expect(page.get_by_role("heading", name="Temporarily unavailable")).to_be_visible()
    expect(page.get_by_text("Reference: abc")).to_be_visible()

    page.unroute("**/api/products/public/**")
    page.get_by_role("button", name="Try again").click()

    expect(page.locator("article").first).to_be_visible()


def test_offline_is_said_and_ends_by_itself(visit: Visit) -> None:
    page = visit("/")
    expect(page.locator("article").first).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("button", name=re.compile("^audio", re.IGNORECASE)).click()
    expect(page.get_by_text("You are offline.")).to_be_visible()

    page.context.set_offline(False)

    expect(page.get_by_text("You are offline.")).to_have_count(0)
    expect(page.locator("article h3").first).to_have_text(
        re.compile("headphone|phono|speaker|isolation", re.IGNORECASE)
    )


@pytest.mark.parametrize("path", ["/nothing/", "/product/12", "/dashboard/nothing/", "/index.php"])
def test_wrong_address_is_a_page(path: str, visit: Visit) -> None:
    page = visit("/")
    answer = page.goto(path)

    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", name="Page not found", level=1)).to_be_visible()
    page.get_by_role("link", name="Browse all products").click()
    expect(page.locator("article").first).to_be_visible()


def test_page_asked_for_offline_comes_when_the_connection_does(visit: Visit) -> None:
    page = visit("/", service_workers="allow")
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    page.reload()
    page.context.set_offline(True)
    page.goto("/product/?id=1")
    expect(page.get_by_role("heading", name="You are offline", level=1)).to_be_visible()
    expect(page).to_have_url(re.compile(r"/product/\?id=1$"))

    page.context.set_offline(False)

    expect(page.get_by_role("heading", name="You are offline", level=1)).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_link_followed_offline_ends_at_the_offline_page(visit: Visit) -> None:
    page = visit("/", service_workers="allow")
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    page.reload()
    expect(page.locator("article").first).to_be_visible()
    page.context.set_offline(True)

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Ask the assistant").click()

    expect(page.get_by_role("heading", name="You are offline", level=1)).to_be_visible()


def test_shop_looks_the_same_after_the_dashboard(visit: Visit, team: Team) -> None:
    look = """() => { const { fontFamily, fontSize, lineHeight, backgroundColor, color } = getComputedStyle(document.body);
                      return [fontFamily, fontSize, lineHeight, backgroundColor, color]; }"""
    page = visit("/", username=team.usernames["editor"])
    expect(page.locator("article").first).to_be_visible()
    before = page.evaluate(look)

    page.get_by_role("link", name="Dashboard").click()
    expect(page.get_by_role("heading", name="No products yet")).to_be_visible()
    page.get_by_role("link", name="Vetted").click()
    expect(page.locator("article").first).to_be_visible()

    assert page.evaluate(look) == before


def test_filters_of_a_phone_have_a_title_and_can_be_shut(visit: Visit) -> None:
    page = visit("/", viewport={"width": 360, "height": 640})
    page.get_by_role("button", name="Filters").click()
    sheet = page.get_by_role("dialog", name="Filters")
    expect(sheet.get_by_role("heading", name="Filters")).to_be_in_viewport()

    sheet.get_by_role("button", name="Close").click()

    expect(sheet).to_have_count(0)


RING_IS_CUT = """() => {
  const ring = document.activeElement, box = ring.getBoundingClientRect(), style = getComputedStyle(ring);
  const reach = parseFloat(style.outlineOffset) + parseFloat(style.outlineWidth) - 0.5;
  for (let around = ring.parentElement; around; around = around.parentElement) {
    if (getComputedStyle(around).overflowX === 'visible') continue;
    const edge = around.getBoundingClientRect();
    if (box.left - reach < edge.left || box.right + reach > edge.right) return true;
  }
  return false;
}"""


@pytest.mark.parametrize("width", [360, 1024, 1440])
def test_focus_ring_is_seen_whole(width: int, visit: Visit) -> None:
    page = visit("/", viewport={"width": width, "height": 900})
    expect(page.locator("article").first).to_be_visible()
    cut = []
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate(RING_IS_CUT):
            cut.append(page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))

    assert cut == []


def test_shopper_sees_an_edit_when_it_is_approved_and_not_before(
    visit: Visit, team: Team, unique: Callable[[str], str]
) -> None:
    name = unique("Curlew")
    product_id = team.publish(name=name, price="80.00")
    page = visit(f"/product/?id={product_id}")
    # The page's own price is a paragraph; those of its neighbours below are not.
    old = page.get_by_role("paragraph").filter(has_text=re.compile(r"^€80\.00$"))
    new = page.get_by_role("paragraph").filter(has_text=re.compile(r"^€95\.00$"))
    expect(old).to_be_visible()

    team.api["editor"]("PATCH", f"/api/products/{product_id}/", {"price": "95.00"})
    team.api["editor"]("POST", f"/api/products/{product_id}/submit/")
    page.wait_for_timeout(11_000)
    expect(old).to_be_visible()
    team.decide(product_id, "approve")

    expect(new).to_be_visible(timeout=15_000)
    expect(page.get_by_text("This product has just been updated.")).to_be_visible()


def test_withdrawn_product_leaves_an_open_page(visit: Visit, team: Team) -> None:
    product_id = team.publish()
    page = visit(f"/product/?id={product_id}")
    expect(page.get_by_role("heading", name="Heron reading chair", level=1)).to_be_visible()

    team.decide(product_id, "unpublish", comment="recalled")

    expect(page.get_by_role("heading", name="This product is not available")).to_be_visible(timeout=15_000)


def test_script_of_the_public_page_is_small(visit: Visit) -> None:
    page = visit("/")
    expect(page.locator("article").first).to_be_visible()

    size = page.evaluate(
        "performance.getEntriesByType('resource').filter(r => r.name.endsWith('.js')).reduce((s, r) => s + r.encodedBodySize, 0)"
    )

    assert 50_000 < size <= SCRIPT_BUDGET


def test_largest_paint_on_a_slow_phone(visit: Visit) -> None:
    page = visit("/login/", viewport={"width": 390, "height": 844})
    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    slow.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8},
    )
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    slow.send("Network.setCacheDisabled", {"cacheDisabled": True})

    page.goto("/", wait_until="load")
    page.wait_for_timeout(2_000)
    paint = page.evaluate(
        """() => new Promise((tell) => new PerformanceObserver((list) => tell(list.getEntries().at(-1).startTime))
              .observe({ type: 'largest-contentful-paint', buffered: true }))"""
    )

    assert paint < PAINT_BUDGET_MS


def test_every_category_can_be_chosen(visit: Visit, team: Team) -> None:
    for number in range(14):
        team.publish(category=f"shelf {number:02}")
    page = visit(f"/?business={team.id}")
    choices = page.get_by_role("complementary", name="Filters").get_by_role("region", name="Category")
    expect(choices.get_by_role("button", name=re.compile("^shelf", re.IGNORECASE))).to_have_count(12)

    choices.get_by_role("button", name="Show all 14").click()

    expect(choices.get_by_role("button", name=re.compile("^shelf", re.IGNORECASE))).to_have_count(14)


def test_long_name_of_a_chosen_business_stays_within_its_chip(visit: Visit, team: Team) -> None:
    name = f"{'Donaudampfschifffahrt' * 6}{team.id}"
    team.rename(name, team.publish())
    page = visit(f"/?business={team.id}", viewport={"width": 1280, "height": 800})
    chip = page.get_by_role("button", name=f"Remove filter: {name}")
    expect(chip).to_be_visible()

    assert chip.evaluate("chip => chip.scrollWidth <= chip.clientWidth && chip.clientHeight < 40")


def test_print_is_dark_on_white_and_has_no_controls(visit: Visit, team: Team) -> None:
    product_id = team.publish()
    page = visit(f"/product/?id={product_id}", color_scheme="dark")
    name = page.get_by_role("heading", level=1, name="Heron reading chair")
    expect(name).to_be_visible()

    page.emulate_media(media="print")

    assert name.evaluate("name => getComputedStyle(name).color") == "rgb(18, 32, 27)"
    expect(page.get_by_role("banner")).to_be_hidden()
    expect(page.get_by_role("button", name="Ask the assistant")).to_be_hidden()
