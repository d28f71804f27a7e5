"""The one store of this process, opened on first use."""

from functools import cache

from storage import SqliteStore, open_store
from web.settings import data_folder, key_folder


def open_configured_store() -> SqliteStore:
    """A store in the configured folders. :raises StoreRefused: with the fault and the way out"""
    return open_store(data_folder(), key_folder())


@cache
def store() -> SqliteStore:
    """The store that every request shares; its connections are one a thread."""
    return open_configured_store()
