"""A whole answer: its statements, worded, and what the next question may lean on."""

from dataclasses import dataclass, field
from typing import Any

from chat_service.statements import Fact, Product, Statement


@dataclass
class Answer:
    """What leaves: statements in the language of the question."""

    language: str = "en"
    statements: list[Statement] = field(default_factory=list)
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "\n".join(each.text for each in self.statements)

    @property
    def products(self) -> list[Product]:
        """The products that the statements name, each once."""
        return list({product.id: product for each in self.statements for product in each.shown}.values())

    @property
    def facts(self) -> list[Fact]:
        """What the statements rest on, each fact once."""
        found: list[Fact] = []
        for fact in (fact for each in self.statements for fact in each.facts()):
            if fact not in found:
                found.append(fact)
        return found
