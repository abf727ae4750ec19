"""Settings of catalog-service."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from catalog_service.content.money import known_currency
from servicekit.settings import DatabaseUrl, FollowerSettings


class Settings(FollowerSettings):
    database_url: DatabaseUrl = "sqlite:///catalog.db"
    public_database_url: DatabaseUrl | None = None
    default_currency: Annotated[str, AfterValidator(known_currency)] = "EUR"
    search_folder: Path = Path("catalog-search")
