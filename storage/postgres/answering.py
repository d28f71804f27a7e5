"""A database that does not answer: nobody waits for it longer than for a page, and not everybody waits at once.

A server ends what takes too long by its own limits, but not where it hangs itself: on its disk, or in a COMMIT that
waits for a synchronous replica that is gone. That COMMIT waits for ever, and whoever cancels it is told that all is
well. So time is limited here, too, and only a COMMIT without a warning counts.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import Connection, Cursor
from psycopg.pq import TransactionStatus

from storage.model import StoreGone

ANSWER_SECONDS = 12.0
"""For one statement: longer than the server's own limits, of which it tells by itself."""
COMMIT_SECONDS = 5.0
CHECK_SECONDS = 2.5
"""For the first statement of whoever is lent a connection: longer than the server lets it wait for a lock."""
PAUSE_SECONDS = 1.0
PAUSE_OF_COMMITS_SECONDS = 5.0
"""Longer, as each that was given up goes on waiting in the server, and holds one of its connections."""


class NoAnswer(psycopg.OperationalError):
    """It did not answer in time, or not that what was written is safe."""


class BoundedConnection(Connection[Any]):
    """A connection that waits so long for each answer and no longer."""

    patience_seconds = ANSWER_SECONDS

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._warning = ""
        self.add_notice_handler(self._note)

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """As psycopg does. :raises NoAnswer: in vain; the connection is closed, as nobody knows what it would say"""
        try:
            return super().wait(gen, interval, self.patience_seconds if timeout is None else timeout)
        except psycopg.OperationalError as error:
            if self.closed or self.pgconn.transaction_status != TransactionStatus.ACTIVE:
                raise
            self.pgconn.finish()
            raise NoAnswer("no answer in time") from error

    def answer(self, statement: str, parameters: Sequence[Any], seconds: float) -> Cursor[Any]:
        """What it finds. :raises OperationalError: in vain, or the connection is of no use any more"""
        self.patience_seconds = seconds
        try:
            return self.execute(statement, parameters or None, binary=bool(parameters))
        finally:
            self.patience_seconds = ANSWER_SECONDS

    def commit_safely(self) -> None:
        """:raises NoAnswer: what was written may be there, and may be lost again"""
        self._warning = ""
        outcome = self.answer("COMMIT", (), COMMIT_SECONDS).statusmessage
        if outcome != "COMMIT":  # ROLLBACK, where a fault within it was passed over
            raise psycopg.InternalError("the transaction could not be committed")
        if self._warning:  # "canceling wait for synchronous replication", in the server's language
            raise NoAnswer(f"written and not safe: {self._warning}")

    def _note(self, notice: psycopg.errors.Diagnostic) -> None:
        self._warning = notice.message_primary or "a warning"


class Silence:
    """While nobody answers, one caller at a time finds out whether that is still so; the others hear it at once.

    Else every thread of a server would wait, and with them people whose page needs no database.
    """

    def __init__(self, pause_seconds: float = PAUSE_SECONDS) -> None:
        self._pause_seconds = pause_seconds
        self._lock = threading.Lock()
        self._error: StoreGone | None = None
        self._until = 0.0
        self._attempt: object = None

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Where nobody answered, this caller tries; one who hears of another fault has found out nothing, and leaves it
        to the next.

        :raises StoreGone: somebody was just told so
        """
        mine = self._take()
        try:
            yield
        except StoreGone:
            raise
        except BaseException:
            self._give_back(mine)
            raise

    def _take(self) -> object:
        with self._lock:
            now = time.monotonic()
            if self._error is not None and now < self._until:
                raise StoreGone(str(self._error), retry_after_seconds=self._error.retry_after_seconds)
            self._until, self._attempt = now + self._pause_seconds, object()
            return self._attempt

    def _give_back(self, mine: object) -> None:
        with self._lock:
            if self._attempt is mine:
                self._until = 0.0

    def began(self, error: StoreGone) -> None:
        """This caller was not answered."""
        with self._lock:
            self._error, self._until, self._attempt = error, time.monotonic() + self._pause_seconds, None

    def ended(self) -> None:
        """This one was."""
        with self._lock:
            self._error = None
