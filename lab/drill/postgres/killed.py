"""PostgreSQL ended by kill -9 while several write, again and again, or single connections in mid-transaction."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import psycopg

from lab.drill.postgres.pages import Seen, judge, people_on
from lab.drill.postgres.writers import LONGEST_WAIT_SECONDS, Toll, toll, wait_for, writing
from storage.postgres import connecting
from storage.postgres.engine import open_store
from storage.store.store import SealedStore
from tests.postgres_server import PostgresServer, running
from tests.processes import wait_until

FORGETFUL_COMMITS = "SET synchronous_commit = off"
_SELDOM_WRITTEN = ("wal_writer_delay=10s",)
"""Else chance decides whether what a twin acknowledged is on disk when its server is killed."""
_END_ONE = """SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state IN ('active', 'idle in transaction')
    ORDER BY random() LIMIT 1) AS one"""


def kill_server(kills: int, writes_a_kill: int, *, forgetful: bool = False) -> Toll:
    """All its processes at once, so often. `forgetful`, the twin, acknowledges before what is written is on disk."""
    with (
        TemporaryDirectory() as name,
        running(settings=_SELDOM_WRITTEN if forgetful else ()) as server,
        _store_with_tables_on_disk(server.new_database(), Path(name), forgetful=forgetful) as store,
    ):
        with writing(store) as writers:
            kill_again_and_again(server, kills, lambda number: wait_for(writers, number * writes_a_kill))
            wait_for(writers, kills * writes_a_kill + 1)
        return toll(store, writers)


@contextmanager
def _store_with_tables_on_disk(address: str, folder: Path, *, forgetful: bool) -> Iterator[SealedStore]:
    """Its tables are on disk even where what is written into them is not: a twin may lose rows, not its database."""
    if forgetful:
        open_store(address, folder).close()
    commits = FORGETFUL_COMMITS if forgetful else connecting.DURABLE
    with patch.object(connecting, "DURABLE", commits), closing(open_store(address, folder)) as store:
        yield store


def kill_server_of_people(kills: int, seconds_a_kill: float) -> Seen:
    """The same beside people at a real server."""
    with TemporaryDirectory() as name, running(settings=()) as server:
        address, folder = server.new_database(), Path(name)
        with people_on(folder, address) as (seen, people):
            kill_again_and_again(server, kills, lambda _: time.sleep(seconds_a_kill))
            time.sleep(seconds_a_kill)
        with closing(open_store(address, folder)) as store:
            return judge(seen, people, store)


def kill_again_and_again(server: PostgresServer, kills: int, wait: Callable[[int], None]) -> None:
    """Each time after `wait`."""
    for number in range(1, kills + 1):
        wait(number)
        server.kill()
        server.start()


def end_backends(ends: int, writes_an_end: int, *, hasty: bool = False) -> Toll:
    """A connection in the middle of a transaction is ended by the server, so often. `hasty` writers are the twin."""
    with (
        TemporaryDirectory() as name,
        running(settings=()) as server,
        closing(open_store(address := server.new_database(), Path(name))) as store,
        closing(psycopg.connect(address, autocommit=True)) as outside,
    ):
        with writing(store, hasty=hasty) as writers:
            for number in range(ends):
                wait_for(writers, number * writes_an_end)
                wait_until(
                    lambda: outside.execute(_END_ONE).fetchall(),
                    seconds=LONGEST_WAIT_SECONDS,
                    otherwise="nobody is in mid-transaction",
                    pause=0.001,
                )
            wait_for(writers, ends * writes_an_end + 1)
        return toll(store, writers)
