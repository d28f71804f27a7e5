"""The database as one end of a copy to another (copying.py): left as it is, or filled in one transaction."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from psycopg import Connection

from storage.model import BackupRefused
from storage.postgres import migrations
from storage.postgres.connecting import Address, connect, faults_named
from storage.postgres.opening import alone, check_server, ready
from storage.postgres.roles import choose_role
from storage.postgres.rows import PostgresRows
from storage.rows.sealing import Sealer
from storage.rows.tables import EVERY

_END_OTHERS = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'firm-footing' AND pid <> pg_backend_pid()"""


@contextmanager
def leaving(address: Address, key_folder: Path) -> Iterator[tuple[PostgresRows, Sealer]]:
    """Every row while nobody writes. In the end servers that still run on it are turned away until they are started
    again: `steps` is locked, so that none comes back before it sees that."""
    found = ready(address, key_folder)
    with faults_named(), closing(connect(address)) as connection, _unhurried(connection):
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.execute("LOCK TABLE steps IN ACCESS EXCLUSIVE MODE")
        connection.execute(f"LOCK TABLE {', '.join(table.name for table in EVERY)} IN EXCLUSIVE MODE")
        yield PostgresRows(connection), found.sealer
        migrations.note_left(connection)
        connection.execute(_END_OTHERS)


@contextmanager
def arriving(address: Address) -> Iterator[PostgresRows]:
    """Empty tables, which are there once all is written."""
    with faults_named(), closing(connect(address)) as connection:
        check_server(connection, address)
        with alone(connection), _unhurried(connection):
            if migrations.table_names(connection):
                raise BackupRefused(f"{address} is not empty: choose another")
            migrations.take_steps(connection)
            choose_role(connection)
            yield PostgresRows(connection)


@contextmanager
def _unhurried(connection: Connection[Any]) -> Iterator[None]:
    """A transaction that may last as long as it has to, and wait between two statements."""
    connection.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
    with connection.transaction():
        yield
