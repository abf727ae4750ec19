"""Texts that run from right to left, on pages that run from left to right."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.e2e.browser.conftest import Team, Visit

ARABIC = "مصباح مكتب LED بقوة 12 واط (X-200)"
HEBREW = "כיסא"
# Where a piece of a text begins and ends, in pixels from the left.
EXTENT = """(element, piece) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(piece);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + piece.length);
    const { left, right } = range.getBoundingClientRect();
    return [left, right];
  }
}"""


def extent(found: Locator, piece: str) -> tuple[float, float]:
    left, right = found.evaluate(EXTENT, piece)
    return left, right


def direction(field: Locator) -> str:
    return str(field.evaluate("field => getComputedStyle(field).direction"))


def test_fields_take_the_direction_of_what_is_written(visit: Visit, team: Team) -> None:
    product_id = team.submit(name=ARABIC, description=f"{HEBREW} 100 %", category=HEBREW, attributes={HEBREW: HEBREW})
    page = visit(f"/dashboard/product/?id={product_id}", username=team.usernames["editor"])
    expect(page.get_by_label("Name", exact=False).first).to_have_value(ARABIC)

    written = [page.locator(f"[data-path={name}]") for name in ("name", "description", "category")]
    written.append(page.get_by_label("Value"))
    assert [direction(field) for field in written] == ["rtl"] * 4
    assert direction(page.get_by_role("textbox", name="SKU")) == "ltr"


def test_comment_takes_its_own_direction_in_the_review(visit: Visit, team: Team) -> None:
    team.submit()
    page = visit("/dashboard/review/", username=team.usernames["approver"])
    comment = page.get_by_label("Comment")

    comment.fill("מה עם המידות?")

    assert direction(comment) == "rtl"


def test_name_of_another_direction_does_not_disorder_its_sentence(
    visit: Visit, team: Team, unique: Callable[[str], str]
) -> None:
    name = f"متجر 24 {unique('Shop')}"
    product_id = team.publish()
    team.rename(name, product_id)
    page = visit(f"/product/?id={product_id}")
    line = page.get_by_role("link", name=name)
    expect(line).to_be_visible()

    # Read from the right: the shop, its number, its Latin word, all of them right of "by".
    (shop, _), (number, _), (latin, _) = (extent(line, piece) for piece in ("متجر", "24", "Shop"))
    assert shop > number > latin > extent(line, "by")[0]


def test_names_stand_where_their_neighbours_stand(visit: Visit, team: Team) -> None:
    team.publish(name=HEBREW)
    page = visit(f"/?business={team.id}")
    card = page.get_by_role("article")
    expect(card).to_have_count(1)

    assert abs(extent(card, HEBREW)[0] - extent(card, "€349.00")[0]) < 4


def test_long_text_keeps_its_own_side(visit: Visit, team: Team) -> None:
    product_id = team.publish(description=f"{HEBREW} נמוך.")
    page = visit(f"/product/?id={product_id}")
    text = page.get_by_text("נמוך.")
    expect(text).to_be_visible()

    box = text.bounding_box()
    assert box is not None
    assert extent(text, HEBREW)[1] > box["x"] + box["width"] - 8


def open_review(visit: Visit, team: Team) -> Page:
    page = visit("/dashboard/review/", username=team.usernames["approver"])
    expect(page.get_by_role("row").first).to_be_visible()
    return page


def test_names_of_details_stand_in_one_column(visit: Visit, team: Team) -> None:
    team.submit(attributes={HEBREW: "X-200", "colour": "red"})
    page = open_review(visit, team)

    names = [page.get_by_role("rowheader", name=name) for name in (HEBREW, "colour")]
    lefts = [extent(found, piece)[0] for found, piece in zip(names, (HEBREW, "colour"), strict=True)]
    assert abs(lefts[0] - lefts[1]) < 4
