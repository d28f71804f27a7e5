"""The one store of this process, opened on first use; the engine, and what it needs, is loaded only then."""

from functools import cache

from storage.clinics.protocol import StoreWithClinics
from web.core.settings import clinic_today, data_folder, database, key_folder


def open_configured_store(*, check_pages: bool = True) -> StoreWithClinics:
    """The configured store. :raises StoreRefused: with the fault and the way out"""
    if address := database():
        from storage.postgres.engine import open_store as open_postgres

        return open_postgres(address, key_folder(), today=clinic_today, check_sums=check_pages)
    from storage.sqlite.engine import open_store as open_sqlite

    return open_sqlite(data_folder(), key_folder(), today=clinic_today, check_pages=check_pages)


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
