"""The one store of this process, open_record on first use; the engine is loaded only then."""

from functools import cache

from storage.clinics.protocol import StoreWithClinics
from web.core.settings import clinic_today, data_folder, key_folder


def open_configured_store(*, check_pages: bool = True) -> StoreWithClinics:
    """A store in the configured folders. :raises StoreRefused: with the fault and the way out"""
    from storage.sqlite.engine import open_store

    return open_store(data_folder(), key_folder(), today=clinic_today, check_pages=check_pages)


_pages_to_check = True


def trust_pages() -> None:
    """In a process that serves: whoever started it has just gone through every page of the file."""
    global _pages_to_check
    _pages_to_check = False


@cache
def store() -> StoreWithClinics:
    """The store that every request shares; its connections are one a thread."""
    return open_configured_store(check_pages=_pages_to_check)


def close_store() -> None:
    """For the end of a process; where no store was opened there is nothing to close."""
    if store.cache_info().currsize:
        store().close()
