"""What the demo consists of, read from `businesses/*.toml`."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "businesses"

# One password for all demo people; a real person chooses their own at registration.
PASSWORD = "marmalade-lantern-27"


@dataclass(frozen=True)
class Person:
    """A member of a business."""

    username: str
    email: str
    first_name: str
    last_name: str
    role: str


@dataclass(frozen=True)
class Product:
    """A product, the state it shall end in, and what is said or changed on the way."""

    sku: str
    name: str
    description: str
    category: str
    price: str
    currency: str
    attributes: dict[str, str]
    state: str = "approved"
    comment: str = ""
    edit: dict[str, Any] = field(default_factory=dict)

    def fields(self) -> dict[str, Any]:
        """The body that creates it."""
        names = ("sku", "name", "description", "category", "price", "currency", "attributes")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Page:
    """A page of information, which everybody shall see."""

    kind: str
    text: str
    language: str = "en"

    def fields(self) -> dict[str, str]:
        """The body that creates it."""
        return {"kind": self.kind, "language": self.language, "text": self.text}


@dataclass(frozen=True)
class Business:
    """A business; its first person is the admin who registers it."""

    name: str
    people: list[Person]
    products: list[Product]
    pages: list[Page]

    def with_role(self, role: str) -> list[Person]:
        return [person for person in self.people if person.role == role]


def businesses() -> list[Business]:
    """All of them, in the order of their files."""
    return [_read(path) for path in sorted(FOLDER.glob("*.toml"))]


def accounts() -> list[tuple[str, str, str]]:
    """(business, role, user name) of everyone who can sign in."""
    return [(business.name, person.role, person.username) for business in businesses() for person in business.people]


def _read(path: Path) -> Business:
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    return Business(
        name=document["name"],
        people=[Person(**person) for person in document["people"]],
        products=[Product(**product) for product in document["products"]],
        pages=[Page(**page) for page in document["pages"]],
    )
