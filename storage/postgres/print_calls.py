"""Calls print workers, on whatever machine: procrastinate carries the id of a job that waits, and nothing else.

The id is written in the transaction that queues the job, so both are there or neither, and the database wakes one
worker that has nothing to do. Whose the job is, is decided by our row and its lease alone (print_queue.py). A call that
is lost, or eaten by a worker that is killed, costs until the next look without one; that of a killed worker is removed.

Three things of procrastinate 3.10 were met with on the way. Its errors hide those of psycopg, by which a transaction is
known to be one that may be made again. A worker without any periodic task no longer notices that its listener ended: so
what a killed one left is removed by such a task. And where the database is gone, a worker ends: it is begun anew.
"""

import asyncio
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from procrastinate.types import JSONValue
from psycopg import AsyncConnection, Connection

from storage.postgres.connecting import DURABLE, SETTINGS, Address

LOOK_SECONDS = 5.0
"""So long at most a job waits whose call was lost."""
CLINICS, COMMANDS = "print", "print-command"
"""The queues: a worker that a command started takes nothing of a clinic, and so does not listen to its calls."""
_TASK, _CLEARING = "print", "clear"
_HOURLY = "7 * * * *"
_AGAIN_SECONDS = 1.0
_END_SECONDS = 5.0
log = logging.getLogger("firm_footing")
logging.getLogger("procrastinate").setLevel(logging.CRITICAL)  # what matters of it is said here, without values


def call(connection: Connection[Any], job_ids: Sequence[str], *, of_command: bool) -> None:
    """One call for each of these jobs, once the transaction of this connection is committed."""
    queue = COMMANDS if of_command else CLINICS
    task = _without_connections().configure_task(_TASK, queue=queue, connection=connection)
    try:
        arguments: list[dict[str, JSONValue]] = [{"job": each} for each in job_ids]
        task.batch_defer(*arguments)
    except ConnectorException as error:
        raise (error.__cause__ if isinstance(error.__cause__, psycopg.Error) else error) from None


@cache
def _without_connections() -> App:
    return App(connector=SyncPsycopgConnector())


class PrintListener:
    """Listens in a thread of its own, with connections of its own, until it is closed."""

    def __init__(self, address: Address, role: str | None, *, of_command: bool) -> None:
        self._conninfo = address.conninfo
        self._role = role
        self._queues = [COMMANDS] if of_command else [CLINICS, COMMANDS]
        self._is_called = threading.Event()
        self._is_over = threading.Event()
        self._held: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._running: asyncio.Task[Any] | None = None
        self._thread = threading.Thread(target=self._listen_until_over, name="print calls", daemon=True)

    def wait(self) -> None:
        """Returns when there is a call, or it is time to look without one.

        Until the next time the caller is taken to be at work: calls that come meanwhile are for others.
        """
        self._let_go()
        self._is_called.wait(LOOK_SECONDS)
        self._is_called.clear()

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._is_over.set()
        self._let_go()
        if self._loop and self._running:
            self._in_loop(self._running.cancel)
        self._thread.join(_END_SECONDS)

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held:
            self._in_loop(held.set)

    def _in_loop(self, what: Any) -> None:
        try:
            if self._loop:
                self._loop.call_soon_threadsafe(what)
        except RuntimeError:  # it has ended by itself
            pass

    async def _be_called(self, job: str) -> None:  # noqa: ARG002
        """Holds the call as long as the caller is at work, so that the next one wakes another."""
        self._held = held = asyncio.Event()
        self._is_called.set()
        await held.wait()

    def _listen_until_over(self) -> None:
        while not self._is_over.is_set():
            try:
                asyncio.run(self._listen())
            except asyncio.CancelledError:
                return
            except Exception as error:  # it is looked without calls meanwhile
                log.info("print queue: no calls are heard: %s", type(error).__name__)
            self._is_over.wait(_AGAIN_SECONDS)

    async def _listen(self) -> None:
        connector = PsycopgConnector(conninfo=self._conninfo, configure=self._set_up, min_size=1, max_size=2)
        app = App(connector=connector)
        app.task(name=_TASK)(self._be_called)

        @app.periodic(cron=_HOURLY)
        @app.task(name=_CLEARING, queue=self._queues[-1])
        async def clear(timestamp: int) -> None:  # noqa: ARG001
            await _clear(app)

        self._loop, self._running = asyncio.get_running_loop(), asyncio.current_task()
        async with app.open_async():
            await _clear(app)
            await app.run_worker_async(
                queues=self._queues,
                concurrency=1,
                delete_jobs="always",
                install_signal_handlers=False,
                fetch_job_polling_interval=LOOK_SECONDS,
                shutdown_graceful_timeout=_END_SECONDS,
            )

    async def _set_up(self, connection: AsyncConnection[Any]) -> None:
        await connection.execute(f"{SETTINGS}; {DURABLE}")
        if self._role:
            await connection.execute(f"SET ROLE {self._role}")
        await connection.commit()


async def _clear(app: App) -> None:
    """Removes the calls that workers held who are gone."""
    for each in await app.job_manager.get_stalled_jobs():
        await app.job_manager.finish_job(each, Status.FAILED, delete_job=True)


@contextmanager
def listening(address: Address, role: str | None, *, of_command: bool) -> Iterator[PrintListener]:
    calls = PrintListener(address, role, of_command=of_command)
    calls.start()
    try:
        yield calls
    finally:
        calls.close()
