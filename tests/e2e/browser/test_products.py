"""The life of a product across people who sit at different browsers."""

import json
import re
import unicodedata
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.conftest import Team, Visit
from tests.e2e.conftest import eventually

Unique = Callable[[str], str]


def fill(page: Page, **values: str) -> None:
    # While the form is on its way, the list's own fields are still there.
    expect(page.get_by_role("textbox", name="Price")).to_be_visible()
    for label, value in values.items():
        page.get_by_label(label.capitalize()).first.fill(value)


def test_product_is_written_vetted_and_bought_from(visit: Visit, team: Team, unique: Unique) -> None:
    name = unique("Sandpiper")
    editor = visit("/dashboard/", username=team.usernames["editor"])
    approver = visit("/dashboard/review/", username=team.usernames["approver"])
    expect(approver.get_by_role("heading", name="All done")).to_be_visible()
    shopper = visit(f"/?q={name}")
    expect(shopper.get_by_role("heading", name="No matching products")).to_be_visible()

    editor.get_by_role("link", name="New product").click()
    fill(editor, name=name, price="1.299,50", description="A bench for two.", category="furniture")
    editor.get_by_role("button", name="Save and submit").click()
    expect(editor.get_by_role("heading", name=name)).to_be_visible()
    expect(editor.get_by_text("Waiting", exact=True)).to_be_visible()

    approver.reload()
    expect(approver.get_by_role("heading", name=name)).to_be_visible()
    expect(approver.get_by_role("button", name="Approve", exact=True)).to_be_enabled()
    approver.keyboard.press("a")
    expect(approver.get_by_text("Approved. It is live now.")).to_be_visible()
    expect(approver.get_by_role("heading", name="All done")).to_be_visible()

    # The public cache answers from what it has for up to three seconds.
    for _ in range(5):
        shopper.wait_for_timeout(1_000)
        shopper.reload()
        shopper.wait_for_load_state("networkidle")
        if shopper.get_by_role("link", name=name).count():
            break
    expect(shopper.get_by_role("link", name=name)).to_be_visible()
    expect(shopper.get_by_text("€1,299.50", exact=True)).to_be_visible()


def test_editor_counts_words_and_minds_the_currency(visit: Visit, team: Team) -> None:
    page = visit("/dashboard/product/", username=team.usernames["editor"])

    fill(page, name="Wordy", price="12.5", description="word " * 101)
    expect(page.get_by_text("101 of 100 words")).to_be_visible()
    page.get_by_role("combobox", name="Currency").click()
    page.get_by_role("option", name="JPY").click()
    page.get_by_role("button", name="Save draft").click()

    expect(page.get_by_text("That is 1 word too many. The limit is 100.")).to_be_visible()
    expect(page.get_by_text("JPY has no decimal places.")).to_be_visible()
    assert page.url.endswith("/dashboard/product/")


def test_live_and_proposed_stand_side_by_side(visit: Visit, team: Team) -> None:
    product_id = team.publish(price="80.00")
    page = visit(f"/dashboard/product/?id={product_id}", username=team.usernames["editor"])
    live = page.get_by_role("complementary", name="What shoppers see")
    expect(live.get_by_text("€80.00")).to_be_visible()

    fill(page, price="95.00")
    page.get_by_role("button", name="Save draft").click()

    expect(page.get_by_text("Live, edit in draft")).to_be_visible()
    expect(live.get_by_text("€80.00")).to_be_visible()


def test_two_editors_do_not_overwrite_each_other(visit: Visit, team: Team) -> None:
    product_id = team.publish()
    page = visit(f"/dashboard/product/?id={product_id}", username=team.usernames["editor"])
    expect(page.get_by_role("textbox", name="Price")).to_have_value("349.00")
    fill(page, price="1.00")
    team.api["admin"]("PATCH", f"/api/products/{product_id}/", {"name": "Changed meanwhile"})

    page.get_by_role("button", name="Save draft").click()
    dialog = page.get_by_role("dialog", name="This product has changed since you opened it")
    expect(dialog).to_contain_text(f"{team.usernames['admin']}\u2069 changed it")
    # Closing the question decides nothing.
    page.keyboard.press("Escape")
    expect(page.get_by_role("textbox", name="Price")).to_have_value("1.00")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_role("button", name="Save mine over it").click()

    expect(page.get_by_role("heading", name="Changed meanwhile")).to_be_visible()
    expect(page.get_by_role("textbox", name="Price")).to_have_value("1.00")


def test_deletion_can_be_taken_back(visit: Visit, team: Team) -> None:
    product_id = team.publish(name="Keep me")
    page = visit("/dashboard/", username=team.usernames["editor"])
    menu = page.get_by_role("button", name="Actions: Keep me")
    menu.click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("link", name="Keep me")).to_have_count(0)

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("link", name="Keep me")).to_be_visible()
    page.wait_for_timeout(7_000)
    assert team.api["editor"]("GET", f"/api/products/{product_id}/").status_code == 200


def test_deletion_happens_when_nobody_takes_it_back(visit: Visit, team: Team) -> None:
    product_id = team.publish(name="Remove me")
    page = visit("/dashboard/", username=team.usernames["editor"])
    page.get_by_role("button", name="Actions: Remove me").click()

    with page.expect_response(lambda answer: answer.request.method == "DELETE", timeout=10_000) as deletion:
        page.get_by_role("menuitem", name="Delete").click()

    assert deletion.value.status == 204
    assert team.api["editor"]("GET", f"/api/products/{product_id}/").status_code == 404


def test_deletion_happens_when_the_page_is_left(visit: Visit, team: Team) -> None:
    product_id = team.publish(name="Remove me")
    page = visit("/dashboard/", username=team.usernames["editor"])
    page.get_by_role("button", name="Actions: Remove me").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("link", name="Remove me")).to_have_count(0)

    page.goto("about:blank")

    assert eventually(lambda: team.api["editor"]("GET", f"/api/products/{product_id}/").status_code == 404, seconds=4)


def test_unsaved_work_is_not_left_by_mistake(visit: Visit, team: Team) -> None:
    page = visit("/dashboard/product/", username=team.usernames["editor"])
    fill(page, name="Half written")

    page.get_by_role("link", name="Insights").click()
    page.get_by_role("button", name="Keep editing").click()
    expect(page.get_by_label("Name").first).to_have_value("Half written")
    page.get_by_role("link", name="Insights").click()
    page.get_by_role("dialog").get_by_role("button", name="Leave").click()

    expect(page.get_by_role("heading", name="Insights")).to_be_visible()


def test_submission_can_be_taken_back(visit: Visit, team: Team) -> None:
    team.submit(name="Not yet")
    page = visit("/dashboard/", username=team.usernames["editor"])
    page.get_by_role("button", name="Actions: Not yet").click()
    page.get_by_role("menuitem", name="Withdraw").click()
    expect(page.get_by_text("Submission withdrawn. The product is a draft again.")).to_be_visible()

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_text("Submitted. It goes live once a colleague approves it.")).to_be_visible()


def test_earlier_version_can_be_taken_up_again(visit: Visit, team: Team) -> None:
    product_id = team.publish(name="First words")
    team.api["editor"]("PATCH", f"/api/products/{product_id}/", {"name": "Second words"})
    page = visit(f"/dashboard/product/?id={product_id}", username=team.usernames["editor"])
    page.get_by_role("tab", name="Versions").click()

    page.get_by_role("button", name="Restore this version").click()
    dialog = page.get_by_role("dialog", name="Restore version 1?")
    expect(dialog.locator("del")).to_have_text("Second ")
    expect(dialog.locator("ins")).to_have_text("First ")
    dialog.get_by_role("button", name="Restore this version").click()

    expect(page.get_by_role("heading", name="First words")).to_be_visible()
    page.get_by_role("tab", name="History").click()
    expect(page.get_by_text("restored an earlier version")).to_be_visible()


def test_change_of_ones_own_is_not_called_somebody_elses(visit: Visit, team: Team) -> None:
    product_id = team.publish()
    page = visit(f"/dashboard/product/?id={product_id}", username=team.usernames["editor"])
    fill(page, price="1.00")
    team.api["editor"]("PATCH", f"/api/products/{product_id}/", {"name": "Changed in another tab"})

    page.get_by_role("button", name="Save draft").click()

    expect(page.get_by_role("dialog")).to_contain_text("You changed it yourself")


def test_versions_and_history_tell_the_newest_first_and_what_changed(visit: Visit, team: Team) -> None:
    product_id = team.publish(name="Heron chair", price="80.00", attributes={"wood": "oak"})
    team.api["editor"]("PATCH", f"/api/products/{product_id}/", {"price": "95.00", "attributes": {"wood": "ash"}})
    page = visit(f"/dashboard/product/?id={product_id}", username=team.usernames["editor"])

    page.get_by_role("tab", name="Versions").click()
    versions = page.get_by_role("listitem")
    expect(versions.first).to_contain_text("Version 2")
    expect(versions.first.locator("del")).to_have_text(["€80.00", "oak"])
    expect(versions.first.locator("ins")).to_have_text(["€95.00", "ash"])
    expect(versions.nth(1)).to_contain_text("Heron chair")
    page.get_by_role("tab", name="History").click()

    entries = page.get_by_role("listitem")
    expect(entries.first).to_contain_text("edited it")
    expect(entries.last).to_contain_text("created the product")


def test_price_that_shoppers_do_not_see_yet_says_so(visit: Visit, team: Team) -> None:
    product_id = team.publish(name="Heron chair", price="80.00")
    page = visit("/dashboard/", username=team.usernames["editor"])
    row = page.get_by_role("row", name="Heron chair")
    expect(row).to_contain_text("€80.00")
    expect(row.get_by_text("proposed")).to_have_count(0)

    team.api["editor"]("PATCH", f"/api/products/{product_id}/", {"price": "95.00"})
    page.reload()

    expect(row).to_contain_text("€95.00")
    expect(row.get_by_text("proposed")).to_be_visible()


def test_reader_reads_text_and_no_refused_fields(visit: Visit, team: Team) -> None:
    product_id = team.submit(description="An upright chair.")
    page = visit(f"/dashboard/product/?id={product_id}", username=team.usernames["viewer"])

    expect(page.get_by_text("You can view this product but not edit it.")).to_be_visible()
    expect(page.get_by_text("An upright chair.")).to_be_visible()
    expect(page.locator("main").get_by_role("textbox")).to_have_count(0)
    page.get_by_role("tab", name="History").click()
    expect(page.get_by_text("submitted it for approval")).to_be_visible()
    expect(page.get_by_role("button", name="Post comment")).to_have_count(0)


HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "javascript:alert(1)",
    "\u202egnirts esrever\u202c",
    "שולחן עבודה",
    "W" * 190,
    "{{7*7}} ${7*7} %s",
    "👩‍👩‍👧‍👦 e\u0301\u0301\u0301",
]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_only_text(name: str, visit: Visit, team: Team) -> None:
    # Short texts are in NFC, and what cannot be seen is refused in them.
    name, description = unicodedata.normalize("NFC", re.sub("[\u200d\u202c\u202e]", "", name)), f"{name} {name}"[:390]
    product_id = team.publish(
        name=name, description=description, attributes={name[:60]: name[:200]}, category=name[:60]
    )
    alerts: list[str] = []

    for path, username in (
        (f"/product/?id={product_id}", None),
        (f"/?business={team.id}", None),
        (f"/dashboard/product/?id={product_id}", "editor"),
    ):
        page = visit(
            path, username=team.usernames[username] if username else None, viewport={"width": 360, "height": 740}
        )
        page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
        expect(page.locator("main").get_by_text(name[:30]).first).to_be_attached()
        for data in page.locator('script[type="application/ld+json"]').all():
            assert json.loads(data.inner_text())["name"] == name
        assert page.evaluate("document.querySelectorAll('main img, main script:not([type])').length") == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path

    assert alerts == []


def test_live_version_is_shown_however_many_drafts_came_after_it(visit: Visit, team: Team) -> None:
    product_id = team.publish(description="As it was approved.")
    for number in range(51):
        changed = team.api["editor"]("PATCH", f"/api/products/{product_id}/", {"description": f"Draft {number}."})
        assert changed.status_code == 200
    page = visit(f"/dashboard/product/?id={product_id}", username=team.usernames["editor"])

    expect(page.get_by_role("complementary", name="What shoppers see")).to_contain_text("As it was approved.")
    page.get_by_role("tab", name="Versions").click()
    page.get_by_role("button", name="Show more").click()
    expect(page.get_by_text("Version 1 Live")).to_be_visible()


def test_search_of_products_follows_the_address(visit: Visit, team: Team) -> None:
    team.submit(name="Heron stool")
    page = visit("/dashboard/", username=team.usernames["editor"])
    page.get_by_role("searchbox").fill("sandpiper")
    expect(page.get_by_role("heading", name="No matching products")).to_be_visible()

    page.get_by_role("navigation", name="Dashboard").get_by_role("link", name="Products").click()

    expect(page.get_by_role("link", name="Heron stool")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("")


def test_tab_is_named_after_what_it_shows(visit: Visit, team: Team) -> None:
    product_id = team.submit(name="Heron stool")
    page = visit("/dashboard/", username=team.usernames["editor"])
    expect(page).to_have_title("Products · Vetted")

    page.get_by_role("link", name="Insights").click()
    expect(page).to_have_title("Insights · Vetted")
    page.goto(f"/dashboard/product/?id={product_id}")

    expect(page).to_have_title("Heron stool · Vetted")


def test_question_does_not_outlive_the_page_that_asked_it(visit: Visit, team: Team) -> None:
    product_id = team.publish()
    page = visit("/dashboard/", username=team.usernames["approver"])
    page.get_by_role("link", name="Heron reading chair").click()
    page.get_by_role("button", name="Unpublish").click()
    expect(page.get_by_role("dialog")).to_be_visible()

    page.go_back()

    expect(page.get_by_role("heading", name="Products", exact=True)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert team.api["editor"]("GET", f"/api/products/{product_id}/").json()["status"] == "approved"


def test_menu_of_a_phone_is_shut_on_another_page(visit: Visit, team: Team) -> None:
    page = visit("/dashboard/", username=team.usernames["editor"], viewport={"width": 360, "height": 640})
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("navigation", name="Dashboard").get_by_role("link", name="Business").click()
    expect(page.get_by_role("heading", name="Business", exact=True)).to_be_visible()
    page.get_by_role("button", name="Menu").click()

    page.go_back()

    expect(page.get_by_role("heading", name="Products", exact=True)).to_be_visible()
    expect(page.get_by_role("navigation", name="Dashboard")).to_be_hidden()
