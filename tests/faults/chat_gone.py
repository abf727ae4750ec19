"""chat-service is killed: its own routes say so at once, the others notice nothing.

`python -m tests.faults chat_gone [--short]`
"""

import time

from tests.faults import services
from tests.faults.crowd import Crowd

QUESTION = {"message": "What does the Tern folding stool cost?"}


def run(short=False, given=None):
    """Figures by name: how questions are refused and how the others fare."""
    seconds = 1 if short else 15
    with services.prepared(given) as copy:
        assert copy.call("POST", "/api/chatbot/", QUESTION)[0] == 200
        with (
            Crowd(copy.port, 2, services.asking("/api/products/", copy.token), 0.005) as catalog,
            Crowd(copy.port, 2, services.asking("/api/products/public/"), 0.005) as public,
            Crowd(copy.port, 2, services.asking("/api/me/", copy.token), 0.005) as auth,
        ):
            copy.kill("chat")
            end, answers, slowest = time.monotonic() + seconds, [], 0.0
            while time.monotonic() < end:
                started = time.monotonic()
                answers.append(copy.ask("POST", "/api/chatbot/", QUESTION))
                slowest = max(slowest, time.monotonic() - started)
                time.sleep(0.02)
        copy.start("chat")
        started = time.monotonic()
        while copy.call("POST", "/api/chatbot/", QUESTION)[0] != 200:
            time.sleep(0.02)
    return {
        "questions": len(answers),
        "questions: statuses": sorted({answer.status for answer in answers}),
        "questions: Retry-After": sorted({str(answer.header("Retry-After")) for answer in answers}),
        "questions: slowest s": round(slowest, 3),
        "catalog: requests": catalog.total + public.total,
        "catalog: failed": catalog.failed() | public.failed(),
        "auth: requests": auth.total,
        "auth: failed": auth.failed(),
        "answers again after s": round(time.monotonic() - started, 2),
    }
