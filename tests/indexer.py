"""The worker's part in searches, done when a test says so."""

from typing import Any

from catalog_service.search.follower import Follower
from catalog_service.search.writer import Writer


class Indexer:
    """A call brings the index up to date, which is then at the change that is returned."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.writer = Writer(app.config["SETTINGS"].search_folder)
        self.follower = Follower(self.writer)

    def __call__(self) -> int:
        with self.app.app_context():
            while self.follower.step():
                continue
        self.app.extensions["search"].look_again()
        position = self.writer.position()
        assert position is not None
        return position.seq
