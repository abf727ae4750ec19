"""The figures of a business as charts, and as tables for those who do not see charts."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.browser.conftest import DEMO_PASSWORD, Team, Visit
from tests.e2e.conftest import Caller, eventually


def panel(page: Page, name: str) -> Page:
    return page.get_by_role("region", name=name, exact=True).first


def test_decisions_are_drawn_and_told(visit: Visit, team: Team) -> None:
    for number in range(2):
        team.publish(name=f"Chair {number}")
    team.decide(team.submit(), "reject", comment="no")
    team.submit()
    page = visit("/dashboard/insights/", username=team.usernames["viewer"])

    expect(page.get_by_text("2 approved, 1 rejected")).to_be_visible()
    decisions = panel(page, "Decisions")
    expect(decisions.get_by_role("application")).to_be_visible()
    decisions.get_by_text("Show as a table").click()

    header = decisions.get_by_role("row").first
    for kind in ("Approved", "Rejected", "Published without review", "Withdrawn", "Unpublished"):
        expect(header).to_contain_text(kind)
    expect(decisions.get_by_role("row")).to_have_count(29)
    expect(decisions.get_by_role("row").last.get_by_role("cell")).to_have_text(["2", "1", "0", "0", "0"])
    waiting = panel(page, "Waiting for a decision")
    waiting.get_by_text("Show as a table").click()
    expect(waiting.get_by_role("cell")).to_have_text(["1", "0", "0", "0"])


def test_chart_is_walked_by_the_arrow_keys(visit: Visit, team: Team) -> None:
    team.publish()
    page = visit("/dashboard/insights/", username=team.usernames["viewer"])
    states = panel(page, "Products by status")
    chart = states.get_by_role("application")
    expect(chart).to_be_visible()

    chart.focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")

    expect(states.locator(".recharts-tooltip-wrapper")).to_contain_text(re.compile("Live.*1"))


def test_period_is_chosen(visit: Visit, team: Team) -> None:
    team.publish()
    page = visit("/dashboard/insights/", username=team.usernames["editor"])
    decisions = panel(page, "Decisions")
    decisions.get_by_text("Show as a table").click()
    expect(decisions.get_by_role("row")).to_have_count(29)

    page.get_by_role("radiogroup", name="Period").get_by_text("7 days").click()

    expect(decisions.get_by_role("row")).to_have_count(8)


def test_business_without_decisions_says_so(visit: Visit, team: Team) -> None:
    page = visit("/dashboard/insights/", username=team.usernames["admin"])

    expect(panel(page, "Decisions").get_by_text("No decisions in this period.")).to_be_visible()
    expect(panel(page, "Waiting for a decision").get_by_text("Nothing is waiting for a decision.")).to_be_visible()
    expect(panel(page, "Questions to the assistant").get_by_text("No questions in this period.")).to_be_visible()


def test_failed_figures_can_be_asked_for_again(visit: Visit, team: Team) -> None:
    team.publish()
    page = visit("/dashboard/", username=team.usernames["approver"])
    page.route("**/api/approvals/statistics/**", lambda route: route.abort())
    page.get_by_role("navigation", name="Dashboard").get_by_role("link", name="Insights").click()
    failed = panel(page, "Decisions")
    expect(failed.get_by_role("heading", name="We can’t reach the server")).to_be_visible()

    page.unroute("**/api/approvals/statistics/**")
    failed.get_by_role("button", name="Try again").click()

    expect(page.get_by_text("1 approved, 0 rejected")).to_be_visible()


def test_use_of_the_assistant_is_for_whoever_may_see_it(visit: Visit, team: Team) -> None:
    asked = team.api["editor"]("POST", "/api/chatbot/", {"message": "Which lamps do you have?"})
    assert asked.status_code == 200
    usage = lambda: bool(team.api["admin"]("GET", "/api/chat/usage/").json())  # noqa: E731
    assert eventually(usage)

    admin = visit("/dashboard/insights/", username=team.usernames["admin"])
    questions = panel(admin, "Questions to the assistant")
    questions.get_by_text("Show as a table").click()
    expect(questions.get_by_role("row").last.get_by_role("cell")).to_have_text(["1", "0"])

    viewer = visit("/dashboard/insights/", username=team.usernames["viewer"])
    expect(panel(viewer, "Decisions")).to_be_visible()
    expect(viewer.get_by_role("heading", name="Questions to the assistant")).to_have_count(0)


def test_operator_sees_the_use_of_all_and_no_decisions(visit: Visit, operator: str) -> None:
    assert Caller()("POST", "/api/chatbot/", {"message": "Which lamps do you have?"}).status_code == 200
    page = visit("/dashboard/insights/", username=operator)

    expect(panel(page, "Questions to the assistant").get_by_role("application")).to_be_visible()
    expect(page.get_by_role("heading", name="Decisions")).to_have_count(0)


def test_charts_are_loaded_by_who_looks_at_them(visit: Visit) -> None:
    page = visit("/dashboard/", username="dirk.nordlicht", password=DEMO_PASSWORD)
    expect(page.get_by_role("link", name="Elbe desk lamp")).to_be_visible()
    total = "performance.getEntriesByType('resource').filter(r => r.name.endsWith('.js')).length"
    before = page.evaluate(total)

    page.get_by_role("navigation", name="Dashboard").get_by_role("link", name="Insights").click()
    expect(panel(page, "Products by status").get_by_role("application")).to_be_visible()

    assert page.evaluate(total) > before


def test_charts_are_readable_on_a_phone(visit: Visit, team: Team) -> None:
    for number in range(2):
        team.publish(name=f"Chair {number}")
    page = visit("/dashboard/insights/", username=team.usernames["admin"], viewport={"width": 360, "height": 740})
    for name in ("Decisions", "Time to a decision"):
        chart = panel(page, name)
        chart.scroll_into_view_if_needed()
        expect(chart.get_by_role("application")).to_be_visible()
        plot = chart.locator(".recharts-cartesian-grid").bounding_box()
        assert plot is not None
        assert plot["height"] > 150
        marks = chart.locator(".recharts-yAxis-tick-labels text").all_text_contents()
        assert len(marks) > 1
        assert len(set(marks)) == len(marks)
