"""Answers one turn from the catalogue."""

import threading
import time

from chat_service import builtin
from chat_service.clients.catalog import Catalog, Facets, Filters
from chat_service.tools import Tools
from chat_service.turns import Reply, Turn
from servicekit.neighbours import Neighbour

CATALOGUE_SECONDS = 12.0
OVERVIEW_SECONDS = 5.0


class Overview:
    """Names of categories and sellers, by which questions are understood; never said without asking again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._facets: Facets | None = None
        self._read_at = float("-inf")

    def read(self, catalog: Catalog) -> Facets:
        if self._facets is None or time.monotonic() - self._read_at > OVERVIEW_SECONDS:
            found = catalog.facets(Filters())
            with self._lock:
                self._facets, self._read_at = found, time.monotonic()
        return self._facets


class Assistant:
    """What a process needs to answer: the way to the catalogue."""

    def __init__(self, neighbour: Neighbour) -> None:
        self._neighbour = neighbour
        self._overview = Overview()

    def reply(self, turn: Turn) -> Reply:
        """The answer to a turn; Unavailable when the catalogue does not answer in time."""
        catalog = Catalog(self._neighbour, time.monotonic() + CATALOGUE_SECONDS)
        tools = Tools(catalog)
        return Reply(builtin.answer(turn.message, tools, self._overview.read(catalog), turn.context))
