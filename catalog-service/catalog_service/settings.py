"""Settings of catalog-service."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, DirectoryPath, SecretStr

from catalog_service.content.money import known_currency
from servicekit.settings import DatabaseUrl, FollowerSettings, address


class Settings(FollowerSettings):
    database_url: DatabaseUrl = "sqlite:///catalog.db"
    public_database_url: DatabaseUrl | None = None
    default_currency: Annotated[str, AfterValidator(known_currency)] = "EUR"
    search_url: Annotated[SecretStr, address("http", "https")] | None = None
    search_synonyms: DirectoryPath | None = None
    search_folder: Path = Path("catalog-search")
