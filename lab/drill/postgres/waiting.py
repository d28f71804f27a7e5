"""A database that keeps people waiting: locked by another program, without a free connection, or hanging itself."""

import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from lab.drill.postgres.pages import Seen, judge, people_on
from lab.drill.server import SERVE
from storage.postgres.engine import open_store
from tests.postgres_server import PostgresServer, running

LONGEST_SECONDS = 8.0
"""For a page beside a lock or without a free connection: 2 or 3 s, and what a busy machine adds."""
LONGEST_SILENT_SECONDS = 20.0
"""For a page whose statement was under way when the database fell silent: 12 s, and the same."""
FEW_CONNECTIONS = ("max_connections=16", "superuser_reserved_connections=0", "reserved_connections=0")
WITHOUT_TIME_OUTS = f"""
from storage.postgres import answering, connecting
connecting.SETTINGS = "SET app.clinic = '*'"
connecting.WAIT_SECONDS = answering.ANSWER_SECONDS = answering.COMMIT_SECONDS = answering.CHECK_SECONDS = 600
answering.BoundedConnection.patience_seconds = 600
{SERVE}
"""
"""The twin: an app that waits for whatever is said in the end."""


def lock(seconds: float, *, program: str = SERVE) -> Seen:
    """Another session holds the table of records."""

    def locked(_: PostgresServer, address: str) -> None:
        with closing(psycopg.connect(address)) as outside, outside.transaction():
            outside.execute("LOCK TABLE records IN ACCESS EXCLUSIVE MODE")
            time.sleep(seconds)

    return _people_meanwhile(locked, program)


def use_up_connections(seconds: float, *, program: str = SERVE) -> Seen:
    """Other programs have every connection that the server gives, and those of the app end."""

    def used_up(_: PostgresServer, address: str) -> None:
        with ExitStack() as held:
            _take_all(held, address)
            time.sleep(seconds)

    return _people_meanwhile(used_up, program, FEW_CONNECTIONS)


def hang(seconds: float, *, program: str = SERVE) -> Seen:
    """Every process of the server stands still, as on a disk that does not answer."""

    def hung(server: PostgresServer, _: str) -> None:
        processes = server.pause()
        time.sleep(seconds)
        server.go_on(processes)

    return _people_meanwhile(hung, program)


def _people_meanwhile(
    fault: Callable[[PostgresServer, str], None], program: str, settings: tuple[str, ...] = ()
) -> Seen:
    with TemporaryDirectory() as name, running(settings=settings) as server:
        address, folder = server.new_database(), Path(name)
        with people_on(folder, address, program=program) as (seen, people):
            time.sleep(1)
            fault(server, address)
            time.sleep(2)
        with closing(open_store(address, folder)) as store:
            return judge(seen, people, store)


def _take_all(held: ExitStack, address: str) -> None:
    """Each of the app's connections is ended, and its place taken; until there is none."""
    outside = held.enter_context(closing(psycopg.connect(address, autocommit=True)))
    for _ in range(100):
        outside.execute(
            "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE application_name = 'firm-footing'"
        )
        try:
            while True:
                held.enter_context(closing(psycopg.connect(address)))
        except psycopg.OperationalError:
            found = outside.execute("SELECT FROM pg_stat_activity WHERE application_name = 'firm-footing'").fetchall()
            if not found:
                return
