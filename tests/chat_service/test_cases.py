"""What people ask, and what the answer must name: asked over HTTP without a model."""

from typing import Any

import pytest

from tests.chat_service.cases import CASES, Case
from tests.chat_service.conftest import ask
from tests.chat_service.judge import wrong


@pytest.fixture
def engine_name() -> str:
    """What is said does not depend on the database; one is enough."""
    return "sqlite"


def talk(client: Any, case: Case) -> Any:
    more: dict[str, Any] = {}
    answer = None
    for turn in case.turns:
        answer = ask(client, turn, **more)
        more = {"conversation_id": answer["conversation_id"]}
    return answer


def test_parser_answers_the_corpus(client: Any, capsys: pytest.CaptureFixture[str]) -> None:
    failed = {}
    for case in CASES:
        answer = talk(client, case)
        if problems := wrong(case, answer):
            failed[case.turns] = (problems, answer["ai_response"])

    passed = len(CASES) - len(failed)
    with capsys.disabled():
        print(f"\nwithout a model: {passed} of {len(CASES)} questions answered as expected")
    for turns, (problems, text) in failed.items():
        print(turns, problems, "\n   ", text.replace("\n", "\n    "))
    assert len(CASES) >= 150
    assert passed / len(CASES) >= 0.97
