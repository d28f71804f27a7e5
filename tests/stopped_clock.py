"""A clock that stands still until a test moves it, for the app, the store and whatever engine the store is on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
import time_machine

from storage.postgres.rows import PostgresRows
from storage.sqlite.rows import SqliteRows


@contextmanager
def stopped_at(moment: datetime) -> Iterator[time_machine.Traveller]:
    """From this moment on, until the end of the block; that of the database server goes on, and is not asked."""
    with pytest.MonkeyPatch.context() as meanwhile, time_machine.travel(moment, tick=False) as found:
        meanwhile.setattr(PostgresRows, "now", SqliteRows.now)
        yield found
