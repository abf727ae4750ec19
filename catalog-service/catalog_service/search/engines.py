"""Which engine an installation searches with: tantivy in a folder of each host, or a cluster where SEARCH_URL names one."""

from typing import Any

from catalog_service.search.port import SearchWriter
from catalog_service.settings import Settings


def reader(settings: Settings) -> Any:
    """What gives a web process the newest state of the index."""
    # Each engine's library is loaded where it is used alone: it is memory of every process.
    if settings.search_url is not None:
        from catalog_service.search.opensearch.reader import Reader as ClusterReader

        return ClusterReader(settings.search_url.get_secret_value())
    from catalog_service.search.reader import Reader

    return Reader(settings.search_folder)


def writer(settings: Settings) -> SearchWriter:
    """What the worker writes the index with."""
    if settings.search_url is not None:
        from catalog_service.search.opensearch.writer import Writer as ClusterWriter

        return ClusterWriter(settings.search_url.get_secret_value(), settings.search_folder)
    from catalog_service.search.writer import Writer

    return Writer(settings.search_folder)
