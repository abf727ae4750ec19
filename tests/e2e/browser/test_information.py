"""What a business tells its shoppers, vetted like its products."""

import re

from playwright.sync_api import expect

from tests.e2e.browser.conftest import Team, Visit
from tests.e2e.conftest import Caller, eventually


def publish_page(team: Team, kind: str, text: str, language: str = "en") -> int:
    """The number of a live page of information that the editor wrote."""
    made = team.api["editor"]("POST", "/api/pages/", {"kind": kind, "language": language, "text": text})
    assert made.status_code == 201, made.text
    page_id = int(made.json()["id"])
    assert team.api["editor"]("POST", f"/api/pages/{page_id}/submit/").status_code == 200
    answer = team.api["approver"]("POST", f"/api/pages/{page_id}/approve/", {})
    assert answer.status_code == 200, answer.text
    public = f"/api/businesses/public/{team.id}/"
    assert eventually(lambda: text in Caller()("GET", public).text, seconds=10)
    return page_id


def test_page_is_written_vetted_and_read_by_shoppers(visit: Visit, team: Team) -> None:
    text = "We deliver within three days, for 4.90 euros."
    editor = visit("/dashboard/information/", username=team.usernames["editor"])
    editor.get_by_role("tab", name="Shipping").click()
    expect(editor.get_by_text("Not written yet")).to_be_visible()
    editor.get_by_label("Text").fill(text)
    editor.get_by_role("button", name="Save and submit").click()
    expect(editor.get_by_text("Waiting", exact=True)).to_be_visible()

    approver = visit("/dashboard/review/", username=team.usernames["approver"])
    expect(approver.get_by_role("heading", name="Shipping (English)")).to_be_visible()
    expect(approver.get_by_role("row", name=re.compile("Text"))).to_contain_text(text)
    approver.get_by_role("button", name="Approve", exact=True).click()
    expect(approver.get_by_role("heading", name="All done")).to_be_visible()

    public = f"/api/businesses/public/{team.id}/"
    assert eventually(lambda: Caller()("GET", public).status_code == 200, seconds=10)
    shopper = visit(f"/seller/?id={team.id}")
    expect(shopper.get_by_role("heading", name=team.name, level=1)).to_be_visible()
    expect(shopper.get_by_role("heading", name="Shipping")).to_be_visible()
    expect(shopper.get_by_text(text)).to_be_visible()


def test_rejected_page_says_why(visit: Visit, team: Team) -> None:
    made = team.api["editor"]("POST", "/api/pages/", {"kind": "returns", "language": "en", "text": "No returns."})
    page_id = made.json()["id"]
    assert team.api["editor"]("POST", f"/api/pages/{page_id}/submit/").status_code == 200
    approver = visit("/dashboard/review/", username=team.usernames["approver"])
    expect(approver.get_by_role("heading", name="Returns (English)")).to_be_visible()
    approver.get_by_label("Comment").fill("Shoppers have a right to return.")
    approver.get_by_role("button", name="Reject", exact=True).click()
    expect(approver.get_by_text("Rejected. The author will see your comment.")).to_be_visible()

    editor = visit("/dashboard/information/?kind=returns", username=team.usernames["editor"])

    expect(editor.get_by_role("complementary").get_by_text("Shoppers have a right to return.")).to_be_visible()


def test_products_and_pages_are_decided_together(visit: Visit, team: Team) -> None:
    team.submit(name="Heron stool")
    made = team.api["editor"]("POST", "/api/pages/", {"kind": "about", "language": "de", "text": "Wir sind wir."})
    assert team.api["editor"]("POST", f"/api/pages/{made.json()['id']}/submit/").status_code == 200
    page = visit("/dashboard/review/", username=team.usernames["approver"])
    waiting = page.get_by_role("list", name="Waiting for a decision").get_by_role("listitem")
    expect(waiting).to_have_count(2)
    expect(waiting.filter(has_text="About us (German)")).to_have_count(1)

    page.get_by_role("checkbox", name="Select all 2").check()
    page.get_by_role("button", name="Approve selected").click()

    expect(page.get_by_role("heading", name="All done")).to_be_visible()


def test_shopper_reads_the_language_that_they_know(visit: Visit, team: Team) -> None:
    publish_page(team, "payment", "Pay by card or on account.")
    publish_page(team, "payment", "Zahlung mit Karte oder auf Rechnung.", language="de")

    english, german = (visit(f"/seller/?id={team.id}", locale=locale) for locale in ("en-GB", "de-DE"))

    expect(english.get_by_text("Pay by card or on account.")).to_be_visible()
    expect(german.get_by_text("Zahlung mit Karte oder auf Rechnung.")).to_be_visible()
    expect(german.get_by_text("Pay by card")).to_have_count(0)


def test_reader_of_a_business_reads_its_pages(visit: Visit, team: Team) -> None:
    publish_page(team, "contact", "Call us before noon.")
    page = visit("/dashboard/information/?kind=contact", username=team.usernames["viewer"])

    expect(page.get_by_role("definition").get_by_text("Call us before noon.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Text")).to_have_count(0)


def test_unknown_seller_says_so(visit: Visit) -> None:
    for address in ("/seller/", "/seller/?id=0", "/seller/?id=999999999", "/seller/?id=abc"):
        expect(visit(address).get_by_role("heading", name="This seller is not available", level=1)).to_be_visible()


def test_product_leads_to_its_seller(visit: Visit, team: Team) -> None:
    product_id = team.publish()
    publish_page(team, "about", "We make chairs.")
    page = visit(f"/product/?id={product_id}")

    page.get_by_role("link", name=team.name).click()

    expect(page.get_by_role("heading", name=team.name, level=1)).to_be_visible()
    expect(page.get_by_text("We make chairs.")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(1)
