"""Several processes on one port: a parent that only watches, and children that serve. One that ends is started anew.

The parent has the port, and forks before anything else is open: no thread, connection or file of the store is shared.
Whichever child is ready begins to listen; until then nobody can knock.
A child whose parent is gone stops, so that the port is free again.
"""

import gc
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from commands.newcomers import keep_newcomers_out
from storage import StorageError
from web.core.metrics import forget_process

log = logging.getLogger("firm_footing")
STOP_SECONDS = 20
PAUSE_SECONDS = 1
"""Before one that ended is started anew, so that a fault that ends all of them at once does not fill the log."""

Until = Callable[[Callable[[], None]], None]
"""Calls what it is handed, once the parent is gone."""
Serve = Callable[[socket.socket, Until], None]
"""Serves on a socket until then."""
Beside = Callable[[Until], None]
"""What else a child may do. It is told to end by SIGUSR1, once nobody serves any more."""


class Workers:
    """A child for each that serves, and for each `beside` them."""

    def __init__(self, serve: Sequence[Serve], listening: socket.socket, beside: Sequence[Beside] = ()) -> None:
        self._listening = listening
        self._beside = len(beside)
        self._works: list[Beside] = [*beside, *(partial(each, listening) for each in serve)]
        self._children: dict[int, int] = {}
        """What each process does, by its number."""
        self._alive, self._until = os.pipe()  # closed with the parent, however it ends
        self._stopping = False

    def run(self) -> None:
        """Until a signal tells it to stop; then it waits until each has answered what was asked before."""
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self._stop)
        gc.freeze()  # what was loaded stays shared with the children
        while not self._stopping:
            for number in range(len(self._works)):
                if number not in self._children.values() and not self._stopping:
                    self._children[self._start(number)] = number
            self._wait_for_one()
        self._end()

    def _start(self, number: int) -> int:
        child = os.fork()
        if child:
            return child
        status = 1
        try:
            os.close(self._until)
            for each in (signal.SIGTERM, signal.SIGINT):
                signal.signal(each, signal.SIG_DFL)
            if number < self._beside:
                self._listening.close()  # it would hold the port after all who serve have ended
            self._works[number](self._call_without_parent)
            status = 0
        except StorageError as error:
            log.error("a worker cannot open what is kept: %s", error)
        except Exception as error:
            log.error("a worker ended: %s", type(error).__name__)
        finally:
            os._exit(status)

    def _call_without_parent(self, stop: Callable[[], None]) -> None:
        def wait() -> None:
            os.read(self._alive, 1)
            stop()

        threading.Thread(target=wait, name="parent", daemon=True).start()

    def _wait_for_one(self) -> None:
        with suppress(ChildProcessError, InterruptedError):
            child, status = os.wait()
            self._children.pop(child, None)
            forget_process(child)
            if not self._stopping:
                log.error("worker %d ended (%d) and is started anew", child, os.waitstatus_to_exitcode(status))
                time.sleep(PAUSE_SECONDS)

    def _stop(self, *_: object) -> None:
        if not self._stopping:
            self._stopping = True
            keep_newcomers_out(self._listening)  # who knocked before is let in by whichever child closes it last
            self._listening.close()
        self._tell(self._serving, signal.SIGTERM)

    @property
    def _serving(self) -> list[int]:
        return [child for child, number in self._children.items() if number >= self._beside]

    def _tell(self, children: Sequence[int], number: int) -> None:
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, number)

    def _end(self) -> None:
        self._stop()
        self._wait_until_ended(lambda: self._serving)
        self._tell(list(self._children), signal.SIGUSR1)
        self._wait_until_ended(lambda: list(self._children))

    def _wait_until_ended(self, children: Callable[[], list[int]]) -> None:
        """Who takes too long is killed."""
        deadline = time.monotonic() + STOP_SECONDS
        while children() and time.monotonic() < deadline:
            with suppress(ChildProcessError):
                child, _ = os.waitpid(-1, os.WNOHANG)
                self._children.pop(child, None)
            time.sleep(0.05)
        self._tell(children(), signal.SIGKILL)
