"""The review queue: made for keyboards, binding to what is on the screen."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.browser.conftest import Team, Visit


def test_rejection_reaches_the_author_with_its_reason(visit: Visit, team: Team) -> None:
    product_id = team.submit()
    approver = visit("/dashboard/review/", username=team.usernames["approver"])
    expect(approver.get_by_role("heading", name="Heron reading chair")).to_be_visible()

    approver.keyboard.press("r")
    expect(approver.get_by_text("Tell the author what to change.", exact=True)).to_be_visible()
    approver.keyboard.type("The seat height is missing.")
    approver.get_by_role("button", name="Reject", exact=True).click()
    expect(approver.get_by_text("Rejected. The author will see your comment.")).to_be_visible()

    editor = visit(f"/dashboard/product/?id={product_id}", username=team.usernames["editor"])
    expect(editor.get_by_text("The seat height is missing.")).to_be_visible()


def test_author_is_told_that_someone_else_decides(visit: Visit, team: Team) -> None:
    created = team.api["approver"]("POST", "/api/products/", {"name": "Own work", "price": "5.00", "currency": "EUR"})
    team.api["approver"]("POST", f"/api/products/{created.json()['id']}/submit/")

    page = visit("/dashboard/review/", username=team.usernames["approver"])

    expect(page.get_by_text("You worked on this version")).to_be_visible()
    expect(page.get_by_role("button", name="Approve", exact=True)).to_be_disabled()


def test_review_shows_what_changes_and_by_how_much(visit: Visit, team: Team) -> None:
    product_id = team.publish(price="100.00", description="A firm chair for long evenings.")
    team.api["editor"](
        "PATCH", f"/api/products/{product_id}/", {"price": "125.00", "description": "A soft chair for long evenings."}
    )
    team.api["editor"]("POST", f"/api/products/{product_id}/submit/")

    page = visit("/dashboard/review/", username=team.usernames["approver"])

    row = page.get_by_role("row", name=re.compile("Price"))
    expect(row).to_contain_text("€100.00")
    expect(row).to_contain_text("€125.00")
    expect(row).to_contain_text("+25.00 %")
    expect(page.locator("del")).to_have_text("firm ")
    expect(page.locator("ins")).to_have_text("soft ")


def test_queue_is_worked_through_by_keyboard(visit: Visit, team: Team) -> None:
    for number in range(4):
        team.submit(name=f"Chair {number}")
    page = visit("/dashboard/review/", username=team.usernames["approver"])
    expect(page.get_by_role("heading", name="Chair 0")).to_be_visible()

    page.keyboard.press("j")
    expect(page.get_by_role("heading", name="Chair 1")).to_be_visible()
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_text("2 selected")).to_be_visible()
    page.keyboard.press("Shift+A")

    expect(page.get_by_text("2 products approved.")).to_be_visible()
    expect(page.get_by_role("checkbox", name=re.compile("^Select Chair"))).to_have_count(2)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    # Behind the open dialog nothing is decided.
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("checkbox", name=re.compile("^Select Chair"))).to_have_count(2)


def test_all_that_waits_is_sent_back_by_keyboard(visit: Visit, team: Team) -> None:
    ids = [team.submit(name=f"Chair {number}") for number in range(3)]
    page = visit("/dashboard/review/", username=team.usernames["approver"])
    expect(page.get_by_role("heading", name="Chair 0")).to_be_visible()

    page.keyboard.press("Shift+X")
    expect(page.get_by_text("3 selected")).to_be_visible()
    page.keyboard.press("Shift+R")
    dialog = page.get_by_role("dialog", name="Reject selected")
    expect(dialog.get_by_label("Comment")).to_be_focused()
    page.keyboard.type("Prices are missing their source.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    states = [team.api["editor"]("GET", f"/api/products/{product_id}/").json()["status"] for product_id in ids]
    assert states == ["rejected"] * 3


def test_nothing_is_approved_before_it_is_on_the_screen(visit: Visit, team: Team) -> None:
    product_id = team.submit()
    page = visit("/dashboard/", username=team.usernames["approver"])
    held: list[Route] = []
    released = False
    page.route("**/diff/", lambda route: route.continue_() if released else held.append(route))
    with page.expect_request("**/diff/"):
        page.get_by_role("navigation", name="Dashboard").get_by_role("link", name="Review").click()
    expect(page.get_by_role("heading", name="Heron reading chair")).to_be_visible()

    page.keyboard.press("a")

    expect(page.get_by_role("button", name="Approve", exact=True)).to_be_disabled()
    assert team.api["editor"]("GET", f"/api/products/{product_id}/").json()["status"] == "pending_approval"
    released = True
    held[0].continue_()
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_text("Approved. It is live now.")).to_be_visible()


def test_queue_on_a_phone_leads_to_what_is_decided(visit: Visit, team: Team) -> None:
    for number in range(6):
        team.submit(name=f"Chair {number}")
    page = visit(
        "/dashboard/review/",
        username=team.usernames["approver"],
        viewport={"width": 360, "height": 640},
        has_touch=True,
    )

    page.get_by_role("button", name=re.compile("Chair 2")).tap()

    expect(page.get_by_role("heading", name="Chair 2")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_queue_is_narrowed_to_words_and_to_what_one_may_approve(visit: Visit, team: Team) -> None:
    team.submit(name="Heron stool")
    team.submit(name="Sandpiper bench")
    own = team.api["approver"]("POST", "/api/products/", {"name": "Own stool", "price": "5.00", "currency": "EUR"})
    team.api["approver"]("POST", f"/api/products/{own.json()['id']}/submit/")
    page = visit("/dashboard/review/", username=team.usernames["approver"])
    waiting = page.get_by_role("list", name="Waiting for a decision").get_by_role("listitem")
    expect(waiting).to_have_count(3)

    page.get_by_role("searchbox").fill("stool")
    expect(waiting).to_have_count(2)
    page.get_by_role("switch", name="Only what I can approve").check()
    expect(waiting).to_have_count(1)
    expect(waiting).to_contain_text("Heron stool")
    page.reload()

    expect(waiting).to_have_count(1)
    page.get_by_role("searchbox").fill("nothing of this kind")
    expect(page.get_by_role("heading", name="No matches")).to_be_visible()


def test_remarks_of_earlier_rounds_are_read_beside_the_decision(visit: Visit, team: Team) -> None:
    product_id = team.submit()
    team.decide(product_id, "reject", comment="The seat height is missing.")
    team.api["editor"]("PATCH", f"/api/products/{product_id}/", {"description": "Seat height 45 cm."})
    team.api["editor"]("POST", f"/api/products/{product_id}/submit/", {"comment": "Added the height."})

    page = visit("/dashboard/review/", username=team.usernames["approver"])

    expect(page.get_by_text("Added the height.")).to_have_count(1)
    expect(page.get_by_role("group").get_by_text("The seat height is missing.")).to_be_visible()


def test_begun_comment_and_open_product_are_there_after_looking_elsewhere(visit: Visit, team: Team) -> None:
    for name in ("Chair 0", "Chair 1"):
        team.submit(name=name)
    page = visit("/dashboard/review/", username=team.usernames["approver"])
    page.get_by_role("button", name=re.compile("Chair 1")).click()
    page.get_by_label("Comment").fill("The colour")

    page.get_by_role("button", name=re.compile("Chair 0")).click()
    expect(page.get_by_label("Comment")).to_have_value("")
    page.get_by_role("button", name=re.compile("Chair 1")).click()
    expect(page.get_by_label("Comment")).to_have_value("The colour")
    page.get_by_role("link", name="Open the product").click()
    expect(page.get_by_role("tab", name="Content")).to_be_visible()
    page.go_back()

    expect(page.get_by_role("heading", name="Chair 1")).to_be_visible()


def test_bulk_decision_says_which_ones_failed_and_why(visit: Visit, team: Team) -> None:
    ids = [team.submit(name=f"Chair {number}") for number in range(2)]
    page = visit("/dashboard/review/", username=team.usernames["approver"])
    page.get_by_role("checkbox", name="Select all 2").check()
    team.decide(ids[1], "approve")

    page.get_by_role("button", name="Approve selected").click()

    failed = page.get_by_role("dialog", name="1 product could not be decided")
    expect(failed.get_by_role("listitem")).to_have_count(1)
    expect(failed).to_contain_text("Chair 1")
    assert team.api["editor"]("GET", f"/api/products/{ids[0]}/").json()["status"] == "approved"


def test_queue_is_narrowed_to_a_category_and_a_submitter_and_the_address_keeps_it(visit: Visit, team: Team) -> None:
    team.submit(name="Heron stool", category="stools")
    team.submit(name="Sandpiper bench", category="benches")
    page = visit("/dashboard/review/", username=team.usernames["admin"])
    waiting = page.get_by_role("list", name="Waiting for a decision").get_by_role("listitem")
    expect(waiting).to_have_count(2)

    page.get_by_label("Category", exact=True).select_option("benches")
    expect(waiting).to_have_count(1)
    page.get_by_label("Submitted by", exact=True).select_option(index=1)
    expect(page).to_have_url(re.compile("category=benches.*submitted_by="))
    page.reload()
    expect(waiting).to_have_count(1)
    expect(waiting).to_contain_text("Sandpiper bench")

    page.get_by_role("button", name="Clear filters").click()
    expect(waiting).to_have_count(2)


def test_remark_reaches_the_thread_and_decides_nothing(visit: Visit, team: Team) -> None:
    product_id = team.submit()
    page = visit("/dashboard/review/", username=team.usernames["approver"], viewport={"width": 360, "height": 740})
    expect(page.get_by_role("heading", name="Heron reading chair")).to_be_visible()
    page.get_by_role("button", name="Comment only").click()
    expect(page.get_by_text("Write a comment first.")).to_be_visible()

    page.get_by_label("Comment").fill("Is the back made of oak?")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("group").get_by_text("Is the back made of oak?")).to_be_visible()
    expect(page.get_by_label("Comment")).to_have_value("")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert team.api["editor"]("GET", f"/api/products/{product_id}/").json()["status"] == "pending_approval"


@pytest.mark.parametrize("width", [1024, 390, 360])
def test_whole_price_change_is_seen(width: int, visit: Visit, team: Team) -> None:
    product_id = team.publish(price="1349.00")
    team.api["editor"]("PATCH", f"/api/products/{product_id}/", {"price": "1499.50"})
    team.api["editor"]("POST", f"/api/products/{product_id}/submit/")
    page = visit("/dashboard/review/", username=team.usernames["approver"], viewport={"width": width, "height": 768})
    changes = page.get_by_role("region", name="What changes")
    expect(changes.get_by_text("+11.16 %")).to_be_visible()

    assert changes.evaluate("changes => changes.scrollWidth <= changes.clientWidth")


@pytest.mark.parametrize("window", [{"width": 1440, "height": 900}, {"width": 360, "height": 740}])
def test_message_covers_no_decision(window: dict[str, int], visit: Visit, team: Team) -> None:
    for number in range(2):
        team.submit(name=f"Chair {number}")
    page = visit("/dashboard/review/", username=team.usernames["approver"], viewport=window)
    expect(page.get_by_role("button", name="Approve", exact=True)).to_be_enabled()
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_text("Approved. It is live now.")).to_be_visible()
    expect(page.get_by_role("heading", name="Chair 1")).to_be_visible()

    # Clicked where it is seen: something in between would take the click.
    page.get_by_role("button", name="Approve", exact=True).click(timeout=3_000)

    expect(page.get_by_role("heading", name="All done")).to_be_visible()


def test_character_that_cannot_be_seen_is_named_in_the_difference(visit: Visit, team: Team) -> None:
    product_id = team.publish(description="A soft chair.")
    team.api["editor"]("PATCH", f"/api/products/{product_id}/", {"description": "A so\u200bft chair."})
    team.api["editor"]("POST", f"/api/products/{product_id}/submit/")
    page = visit("/dashboard/review/", username=team.usernames["approver"])

    expect(page.locator("ins mark")).to_have_text("U+200B")
    expect(page.locator("ins mark")).to_have_attribute("title", re.compile("ZERO WIDTH SPACE"))


def test_submitter_of_anothers_name_is_told_apart(visit: Visit, team: Team) -> None:
    for role in ("editor", "admin"):
        team.api[role]("PATCH", "/api/me/", {"first_name": "Ada", "last_name": "Winter"})
    team.submit()
    page = visit("/dashboard/review/", username=team.usernames["approver"])

    expect(page.get_by_text(f"(editor-{team.usernames['editor'].removeprefix('editor-')})")).to_be_visible(
        timeout=15_000
    )
