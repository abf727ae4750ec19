"""What the tables rest on."""

from typing import TYPE_CHECKING

from sqlalchemy.orm import DeclarativeBase

from servicekit.database import Database, metadata


class Base(DeclarativeBase):
    metadata = metadata()


db = Database(Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model
