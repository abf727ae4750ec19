"""`make test-compose`: builds docker-compose.yml's containers, tries them, takes them away with their volumes.

TRIAL_KEEP=1 leaves them running for a look.
"""

import os
import sys
import time
from collections.abc import Callable

from deploy.local.ports import any_free
from tests.compose import checks
from tests.compose.stack import Failure, Stack


def main() -> int:
    """The exit code: 0 when everything held."""
    stack = Stack(project=f"vetted-trial-{os.getpid()}", port=any_free())
    steps: list[tuple[str, Callable[[Stack], None]]] = [
        ("build", Stack.build),
        ("start", Stack.start),
        *checks.ALL,
    ]
    passed = failed = 0
    try:
        for name, step in steps:
            if _passes(name, step, stack):
                passed += 1
                continue
            failed += 1
            if step in (Stack.build, Stack.start):
                break
        if failed:
            stack.show_logs()
    finally:
        if os.environ.get("TRIAL_KEEP") != "1":
            stack.remove()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def _passes(name: str, step: Callable[[Stack], None], stack: Stack) -> bool:
    started = time.monotonic()
    try:
        step(stack)
    except (Failure, AssertionError) as error:
        print(f"FAILED  {time.monotonic() - started:6.1f} s  {name}\n        {error}", flush=True)
        return False
    print(f"passed  {time.monotonic() - started:6.1f} s  {name}", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
