"""Read-only members that a client sends back as it read them."""

from typing import Any

from pydantic import BaseModel

from servicekit.problems import Invalid

_SAID = {"business": "must be the caller's business"}


def refuse_changes(echoed: dict[str, Any], shown: BaseModel) -> None:
    """Invalid naming the members that were sent with another value than the answer has."""
    current = shown.model_dump(mode="json") if echoed else {}
    wrong = {
        name: _SAID.get(name, "is read-only, and another value is there")
        for name, value in echoed.items()
        if name not in current or current[name] != value or type(current[name]) is not type(value)
    }
    if wrong:
        raise Invalid(fields=wrong)
