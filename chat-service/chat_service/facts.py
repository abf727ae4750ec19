"""What a statement rests on: facts that are stored as claims and can be looked up again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that an answer says: about a product's revision, or about what a query of the catalogue gives."""

    field: str
    value: str
    product_id: int | None = None
    version: int | None = None
    query: dict[str, Any] | None = None


class Part(BaseModel):
    """A value of a statement, which may hold others; `claims` are what it says by itself."""

    model_config = ConfigDict(frozen=True)

    def claims(self) -> Sequence[Fact]:
        return ()

    def parts(self) -> Iterator["Part"]:
        """This one and all that it holds."""
        yield self
        for name in type(self).model_fields:
            value = getattr(self, name)
            for each in value if isinstance(value, tuple) else (value,):
                if isinstance(each, Part):
                    yield from each.parts()
