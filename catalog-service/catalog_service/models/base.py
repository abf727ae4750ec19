"""The database, and what all tables rest on."""

from typing import TYPE_CHECKING

from sqlalchemy import Text
from sqlalchemy.orm import DeclarativeBase

from servicekit.database import Database, metadata

# Compared by code point, as SQLite does, so that both databases sort alike.
ByCodePoint = Text().with_variant(Text(collation="C"), "postgresql")


class Base(DeclarativeBase):
    metadata = metadata()


db = Database(Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model
