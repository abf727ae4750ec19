"""The assistant as a page and as a panel."""

import re
from functools import partial
from urllib.parse import quote

from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.browser.conftest import DEMO_PASSWORD, Team, Visit
from tests.e2e.browser.relay import relay
from tests.e2e.conftest import Caller, eventually


def card(page: Page, name: str = "Watt pendant lamp") -> Locator:
    return page.get_by_role("list", name="Products in this answer").get_by_role("link", name=name)


def offered(team: Team, name: str) -> int:
    """The id of a live product of that name; returns when a search finds it."""
    product_id = team.publish(name=name)
    search = partial(Caller(), "GET", "/api/products/public/", params={"q": name})
    assert eventually(lambda: product_id in [row["id"] for row in search().json()], seconds=20)
    return product_id


def test_shopper_asks_without_an_account(visit: Visit) -> None:
    page = visit("/chatbot/")
    page.get_by_role("button", name="Which lamps do you have?").click()

    expect(
        page.get_by_role("list", name="Products in this answer").get_by_role("link", name="Watt pendant lamp")
    ).to_be_visible()
    expect(page.get_by_text("Built-in answers")).to_be_visible()
    expect(page.get_by_role("complementary", name="Conversations").get_by_text("Which lamps")).to_be_visible()

    page.reload()
    page.get_by_role("complementary", name="Conversations").get_by_role(
        "button", name=re.compile("^Which lamps")
    ).click()
    expect(card(page)).to_be_visible()


def test_conversation_belongs_to_its_holder(visit: Visit) -> None:
    first = visit("/chatbot/?ask=Which+lamps+do+you+have%3F")
    expect(card(first)).to_be_visible()

    second = visit("/chatbot/")

    expect(second.get_by_text("Your conversations will appear here.")).to_be_visible()


def test_signed_in_person_keeps_clears_and_begins_anew(visit: Visit) -> None:
    page = visit("/chatbot/", username="dirk.nordlicht", password=DEMO_PASSWORD)
    page.get_by_label("Your message").fill("Which lamps do you have?")
    page.keyboard.press("Enter")
    expect(card(page)).to_be_visible()

    page.get_by_role("button", name="New conversation").click()
    expect(page.get_by_role("heading", name="Ask about anything on Vetted")).to_be_visible()
    page.get_by_role("button", name="Delete all").click()
    page.get_by_role("dialog", name="Delete all conversations?").get_by_role("button", name="Delete").click()

    expect(page.get_by_text("Your conversations will appear here.")).to_be_visible()


def test_earlier_conversations_come_page_by_page(visit: Visit, team: Team) -> None:
    for number in range(51):
        asked = team.api["viewer"]("POST", "/api/chatbot/", {"message": f"What does lamp {number} cost?"})
        assert asked.status_code == 200, asked.text
    page = visit("/chatbot/", username=team.usernames["viewer"])
    listed = page.get_by_role("complementary", name="Conversations").get_by_role(
        "button", name=re.compile("^What does lamp")
    )
    expect(listed).to_have_count(50)

    page.get_by_role("button", name="Show earlier conversations").click()

    expect(listed).to_have_count(51)
    expect(page.get_by_role("button", name="Show earlier conversations")).to_have_count(0)


def test_panel_on_the_public_page(visit: Visit) -> None:
    page = visit("/")
    page.get_by_role("button", name="Ask the assistant").click()
    panel = page.get_by_role("dialog", name="Ask the assistant")
    panel.get_by_label("Your message").fill("How much is the Watt pendant lamp?")
    page.keyboard.press("Enter")

    expect(panel.get_by_text("189.00").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.get_by_role("button", name="Ask the assistant")).to_be_focused()


def test_withdrawn_product_is_marked_in_an_old_answer(visit: Visit, team: Team, anonymous: Caller) -> None:
    product_id = offered(team, f"Whimbrel {team.id} stool")
    page = visit(f"/chatbot/?ask=How+much+is+the+Whimbrel+{team.id}+stool%3F")
    sources = page.get_by_role("list", name="Products in this answer")
    expect(sources.get_by_role("link", name=f"Whimbrel {team.id} stool")).to_be_visible()

    team.decide(product_id, "unpublish", comment="recalled")
    gone = f"/api/products/public/{product_id}/"
    assert eventually(lambda: anonymous("GET", gone).status_code == 404)
    page.goto("/chatbot/")
    page.get_by_role("complementary", name="Conversations").get_by_role("button").nth(1).click()

    expect(sources.get_by_text("No longer available")).to_be_visible()
    expect(sources.get_by_role("link")).to_have_count(0)


def test_answer_can_be_copied(visit: Visit) -> None:
    page = visit("/chatbot/?ask=Which+lamps+do+you+have%3F", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy answer").click()

    expect(page.get_by_text("Copied")).to_be_visible()
    assert "Watt pendant lamp" in page.evaluate("navigator.clipboard.readText()")


def test_failed_answer_can_be_asked_again(visit: Visit) -> None:
    page = visit("/chatbot/")
    page.route("**/api/chatbot/", lambda route: route.abort())
    page.get_by_label("Your message").fill("Which lamps do you have?")
    page.keyboard.press("Enter")
    expect(page.get_by_text("We can’t reach the server.")).to_be_visible()

    page.unroute("**/api/chatbot/")
    page.get_by_role("button", name="Ask again").click()

    expect(card(page)).to_be_visible()


def test_answer_can_be_stopped(visit: Visit) -> None:
    page = visit("/chatbot/")
    page.route("**/api/chatbot/", lambda route: None)
    page.get_by_label("Your message").fill("Which lamps do you have?")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Looking through the products")).to_be_visible()

    page.get_by_role("button", name="Stop").click()

    expect(page.get_by_text("You stopped this answer.")).to_be_visible()
    expect(page.get_by_role("button", name="Ask again")).to_be_visible()


def test_one_conversation_is_deleted_and_the_others_stay(visit: Visit) -> None:
    page = visit("/chatbot/?ask=Which+lamps+do+you+have%3F")
    side = page.get_by_role("complementary", name="Conversations")
    expect(card(page)).to_be_visible()
    page.get_by_role("button", name="New conversation").click()
    page.get_by_role("button", name="What is the cheapest blanket?").click()
    expect(side.get_by_role("listitem")).to_have_count(2)

    side.get_by_role("button", name="Delete the conversation: Which lamps").click()
    page.keyboard.press("Escape")
    expect(side.get_by_role("listitem")).to_have_count(2)
    side.get_by_role("button", name="Delete the conversation: Which lamps").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()

    expect(side.get_by_role("listitem")).to_have_count(1)
    expect(side.get_by_role("listitem")).to_contain_text("What is the cheapest blanket?")


def test_product_text_is_no_markup_in_an_answer(visit: Visit, team: Team) -> None:
    offered(team, f"<b>Bold{team.id}</b> chair")
    page = visit(f"/chatbot/?ask=How+much+is+the+Bold{team.id}+chair%3F")

    expect(
        page.get_by_role("list", name="Products in this answer").get_by_text(f"<b>Bold{team.id}</b> chair")
    ).to_be_visible()
    expect(page.locator("b", has_text="Bold")).to_have_count(0)


def test_answer_grows_while_it_comes(visit: Visit) -> None:
    with relay() as held:
        page = visit("/chatbot/")
        page.route("**/api/chatbot/", lambda route: route.continue_(url=f"{held.url}/api/chatbot/"))
        page.get_by_role("button", name="Which lamps do you have?").click()

        # The first words are on the screen while the rest is not even sent.
        expect(page.get_by_text(re.compile(r"I found \d+ products"))).to_be_visible()
        expect(page.get_by_text("Watt pendant lamp")).to_have_count(0)
        expect(page.get_by_role("button", name="Stop")).to_be_visible()
        held.rest.set()

        expect(card(page)).to_be_visible()
        expect(page.get_by_role("button", name="Send")).to_be_visible()


def test_name_of_another_direction_keeps_its_order_in_an_answer(visit: Visit, team: Team) -> None:
    name = f"כיסא {team.id} (X-200)"
    offered(team, name)
    page = visit(f"/chatbot/?ask=How+much+is+{quote(name)}%3F")

    expect(page.get_by_role("list", name="Products in this answer").get_by_role("link", name=name)).to_be_visible()
    expect(page.locator("[data-planned-by]").get_by_role("link", name=name)).to_have_attribute("dir", "auto")


def test_long_name_stays_within_its_product(visit: Visit, team: Team) -> None:
    name = f"Long{team.id}"
    team.rename("B" * 150 + str(team.id), offered(team, name))
    page = visit(f"/chatbot/?ask=How+much+is+{name}%3F", viewport={"width": 360, "height": 640})
    found = page.get_by_role("list", name="Products in this answer")
    expect(found.get_by_role("link", name=name)).to_be_visible()

    assert found.evaluate("list => list.scrollWidth <= list.clientWidth")


def test_conversation_can_be_read_in_a_low_window(visit: Visit) -> None:
    page = visit("/chatbot/?ask=Which+lamps+do+you+have%3F", viewport={"width": 640, "height": 400})
    expect(card(page)).to_be_attached()

    box = page.get_by_role("region", name="Ask about anything on Vetted").bounding_box()
    assert box is not None
    assert box["height"] > 180


def test_people_are_told_that_a_machine_answers_before_they_ask(visit: Visit) -> None:
    page = visit("/")
    page.get_by_role("button", name="Ask the assistant").click()
    expect(page.get_by_text("You are talking to a computer program, not a person.")).to_be_visible()

    page.goto("/chatbot/")

    expect(page.get_by_text("You are talking to a computer program, not a person.")).to_be_visible()


def test_statements_lead_to_what_they_name(visit: Visit) -> None:
    page = visit("/chatbot/?ask=Which+lamps+do+you+have%3F")
    answer = page.locator("[data-planned-by]")
    expect(answer).to_have_attribute("data-planned-by", "parser")
    expect(answer).to_have_attribute("lang", "en")
    answer.get_by_role("link", name="Watt pendant lamp").click()

    expect(page.get_by_role("heading", name="Watt pendant lamp", level=1)).to_be_visible()


def test_answer_that_a_model_planned_is_marked(visit: Visit) -> None:
    page = visit("/chatbot/")
    # No model is connected here: the answer is the service's own, but for what says who understood the question.
    page.route("**/api/chatbot/", as_planned_by_a_model)
    page.get_by_role("button", name="Which lamps do you have?").click()

    answer = page.locator("[data-planned-by=model]")
    expect(answer.get_by_text("A language model read your question.")).to_be_visible()


def as_planned_by_a_model(route: Route) -> None:
    asked = Caller()("POST", "/api/chatbot/", route.request.post_data_json)
    route.fulfill(json={**asked.json(), "planned_by": "model", "mode": "model"})


def test_option_of_a_question_back_is_asked(visit: Visit) -> None:
    page = visit("/chatbot/?ask=What+does+the+lamp+cost%3F")
    answers = page.locator("[data-planned-by]")
    option = answers.get_by_role("button", name="lighting")

    option.click()

    expect(answers).to_have_count(2)
    # Only the last answer's question can still be answered.
    expect(answers.first.get_by_role("button")).to_have_count(0)
