"""Which of several servers holds what was acknowledged: never one in whose place another was put.

A replica that is promoted begins a new timeline. A primary that comes back afterwards, as by the start of its machine,
still takes writes on the old one, and an address that names both would lead to it.
"""

import logging
import threading
from typing import Any

import psycopg
from psycopg import Connection

from storage.model import StoreGone

log = logging.getLogger("firm_footing")
_TIMELINE = """SELECT CASE WHEN pg_is_in_recovery() THEN 0
    ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int END"""


class Primaries:
    """What this process has seen."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest = 0

    def check(self, connection: Connection[Any]) -> None:
        """:raises StoreGone: this server was replaced by another one"""
        timeline = _timeline(connection)
        with self._lock:
            if 0 < timeline < self._newest:
                log.error("storage: an older primary answers, which another has replaced; stop it")
                raise StoreGone("an older primary answers, which another has replaced", retry_after_seconds=10)
            self._newest = max(self._newest, timeline)


def _timeline(connection: Connection[Any]) -> int:
    """0 where nobody can tell, as on services that are like PostgreSQL."""
    try:
        found = connection.execute(_TIMELINE).fetchone()
    except psycopg.Error:
        return 0
    return int(found[0]) if found else 0
