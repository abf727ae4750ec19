"""The built-in assistant answers no kind of question worse than it did; `python -m tests.chat_service.corpus` prints more."""

from collections import defaultdict
from statistics import fmean

import pytest

from tests.chat_service.corpus.__main__ import judged
from tests.chat_service.corpus.questions import LANGUAGES, read

# The share of right answers by kind, a little below what was measured on 2026-11-29 (see chat-service/README.md).
# Whatever would cost a shopper money or trust has no slack.
FLOORS = {
    "attribute": 0.97, "comparison": 0.96, "count": 1.0, "currency": 1.0, "extreme": 0.96, "follow-up": 0.94,
    "gibberish": 1.0, "injection": 1.0, "limit": 0.97, "list": 0.95, "misspelt": 0.94, "mixed scripts": 1.0,
    "negation": 0.92, "nothing": 1.0, "own words": 0.91, "price": 1.0, "range": 1.0, "seller": 1.0, "small talk": 0.95,
    "taste": 0.79, "topic": 0.96, "yes-no trap": 1.0,
}  # fmt: skip
ALL, EACH_LANGUAGE = 0.96, 0.95


@pytest.mark.timeout(600)
def test_no_kind_of_question_is_answered_worse() -> None:
    rights = defaultdict(list)
    for question, wrong, _ in judged(read()):
        for group in (question.kind, question.language, "all"):
            rights[group].append(not wrong)
    shares = {group: fmean(right) for group, right in rights.items()}
    floors = {**FLOORS, **dict.fromkeys(LANGUAGES, EACH_LANGUAGE), "all": ALL}

    assert shares.keys() == floors.keys()
    assert {group: share for group, share in shares.items() if share < floors[group]} == {}
