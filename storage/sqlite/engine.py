"""The embedded engine: one SQLite file beside its key, or apart from it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from pathlib import Path

from storage.print_queue import Looks, PrintCalls
from storage.rows.note_beside_key import Noted
from storage.rows.protocol import Rows, Wanted
from storage.sqlite.ballast import Ballast
from storage.sqlite.connecting import Connections
from storage.sqlite.keys import connections_to
from storage.sqlite.opening import ready
from storage.sqlite.rows import SqliteRows
from storage.store.erasures_listed import ErasuresListed
from storage.store.store import SealedStore


def open_store(
    data_folder: Path, key_folder: Path, *, today: Callable[[], date] = date.today, check_pages: bool = True
) -> SealedStore:
    """The store in these folders, checked and migrated; a first run makes its database and key.

    :raises StoreRefused: one sentence on what is wrong, and the way out
    """
    database, sealer = ready(data_folder, key_folder, check_pages=check_pages)
    return SealedStore(
        SqliteEngine(connections_to(database, sealer)), sealer, today, Noted(key_folder), ErasuresListed(key_folder)
    )


class SqliteEngine:
    """What each call owes stands in rows/protocol.py."""

    def __init__(self, connections: Connections) -> None:
        self.connections = connections
        self._ballast: Ballast | None = None

    @contextmanager
    def reading(self) -> Iterator[Rows]:
        with self.connections.transaction("BEGIN") as db:
            yield SqliteRows(db)

    def looking(self, wanted: Wanted) -> AbstractContextManager[Rows]:
        del wanted
        return self.reading()

    @contextmanager
    def writing(self) -> Iterator[Rows]:
        if self._ballast:
            self._ballast.keep()
        with self.connections.transaction("BEGIN IMMEDIATE") as db:
            yield SqliteRows(db)

    @contextmanager
    def counting(self, row_ids: Sequence[str]) -> Iterator[Rows]:
        del row_ids  # whoever writes into the file is alone
        with self.connections.writing_that_may_be_lost() as db:
            yield SqliteRows(db)

    def alone(self, task: str) -> AbstractContextManager[bool]:
        del task  # whoever else does it on this machine does no harm
        return nullcontext(True)

    def pool(self) -> Mapping[str, int]:
        return {}

    def wait_turn(self, gap_seconds: float) -> None:
        """One process serves the file."""

    def print_calls(self, *, of_command: bool) -> AbstractContextManager[PrintCalls]:
        del of_command
        return nullcontext(Looks())

    def leave_no_trace(self) -> None:
        self.connections.fold_journal()

    def reserve_room(self) -> None:
        if self.connections.file:
            self._ballast = Ballast(self.connections.file.parent)
            self._ballast.keep()

    def is_short_of_room(self) -> bool:
        return self._ballast is not None and not self._ballast.is_there

    def give_up_room(self) -> None:
        if self._ballast:
            self._ballast.give_up()

    def close(self) -> None:
        self.connections.close()
