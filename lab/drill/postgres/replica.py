"""The primary killed for good and its replica promoted, with streaming replication on one machine.

The app is told of all servers at once, and goes on with the one that can be written.
"""

import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from psycopg.conninfo import conninfo_to_dict

from lab.drill.postgres.pages import Seen, judge, people_on
from lab.drill.postgres.writers import LONGEST_WAIT_SECONDS, Toll, Writer, toll, wait_for, writing
from storage.postgres.engine import open_store
from tests.postgres_server import PostgresServer, address_of, not_yet_made
from tests.processes import wait_until

STALL_SECONDS = 1.5


def promote(times: int, writes: int, *, synchronous: bool = True) -> Toll:
    """So often the primary goes for good in the middle of writes. A replica that is not `synchronous`, the twin, has to
    miss what was acknowledged last."""
    with ExitStack() as stack:
        servers, address, folder = _servers(stack, times)
        store = stack.enter_context(closing(open_store(address, folder)))
        with writing(store) as writers:
            for number in range(times):
                replica = follow(servers, number, synchronous=synchronous)
                wait_for(writers, sum(each.acknowledged for each in writers) + writes)
                _fail_over(servers[number], replica, lambda: _stall(writers, writes))
            wait_for(writers, sum(each.acknowledged for each in writers) + writes)
        return toll(store, writers)


def promote_beside_people(times: int, seconds: float) -> Seen:
    """The same beside people at a real server, which nobody starts again."""
    with ExitStack() as stack:
        servers, address, folder = _servers(stack, times)
        with people_on(folder, address) as (seen, people):
            for number in range(times):
                replica = follow(servers, number, synchronous=True)
                time.sleep(seconds)
                _fail_over(servers[number], replica, lambda: time.sleep(STALL_SECONDS))
            time.sleep(seconds)
        store = stack.enter_context(closing(open_store(address, folder)))
        return judge(seen, people, store)


def _servers(stack: ExitStack, times: int) -> tuple[list[PostgresServer], str, Path]:
    """The primary, and those that will follow each other; the address that names them all, and a folder for the key."""
    servers = [stack.enter_context(not_yet_made(settings=())) for _ in range(times + 1)]
    servers[0].make()
    servers[0].start()
    database = str(conninfo_to_dict(servers[0].new_database())["dbname"])
    folder = Path(stack.enter_context(TemporaryDirectory()))
    return servers, address_of(database, *servers), folder


def follow(servers: Sequence[PostgresServer], number: int, *, synchronous: bool) -> PostgresServer:
    """A replica of this server, which has everything that it has."""
    primary, replica = servers[number], servers[number + 1]
    replica.make_replica_of(primary)
    replica.start()
    if synchronous:
        primary.set(synchronous_standby_names="*")
    _wait(primary, "SELECT state = 'streaming' AND sync_state = %s FROM pg_stat_replication", synchronous)
    return replica


def _wait(primary: PostgresServer, sql: str, synchronous: bool) -> None:
    with closing(psycopg.connect(primary.address("postgres"), autocommit=True)) as connection:
        wait_until(
            lambda: connection.execute(sql, ["sync" if synchronous else "async"]).fetchone() == (True,),
            seconds=LONGEST_WAIT_SECONDS,
            otherwise="the replica does not follow",
        )


def _fail_over(primary: PostgresServer, replica: PostgresServer, stall: Callable[[], None]) -> None:
    """The primary sends nothing any more, and goes for good a little later."""
    with closing(psycopg.connect(primary.address("postgres"), autocommit=True)) as connection:
        for (sender,) in connection.execute("SELECT pid FROM pg_stat_replication"):
            os.kill(sender, signal.SIGSTOP)
    stall()
    primary.kill()
    with closing(psycopg.connect(replica.address("postgres"), autocommit=True)) as connection:
        connection.execute("SELECT pg_promote()")


def _stall(writers: Sequence[Writer], writes: int) -> None:
    """Until so much more was acknowledged, which never is where the primary waits for the replica."""
    until, before = time.monotonic() + STALL_SECONDS, sum(each.acknowledged for each in writers)
    while time.monotonic() < until and sum(each.acknowledged for each in writers) < before + writes:
        time.sleep(0.01)
