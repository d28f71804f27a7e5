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
from collections.abc import Callable
from contextlib import suppress

from commands.newcomers import keep_newcomers_out
from storage import StorageError
from web.core.metrics import forget_process

log = logging.getLogger("firm_footing")
STOP_SECONDS = 20
PAUSE_SECONDS = 1
"""Before one that ended is started anew, so that a fault that ends all of them at once does not fill the log."""

Serve = Callable[[socket.socket, Callable[[Callable[[], None]], None]], None]
"""Serves on a socket; what it is given calls what it gives, once the parent is gone."""


class Workers:
    """So many children that each `serve`."""

    def __init__(self, serve: Serve, listening: socket.socket, count: int) -> None:
        self._serve = serve
        self._listening = listening
        self._count = count
        self._children: set[int] = set()
        self._alive, self._until = os.pipe()  # closed with the parent, however it ends
        self._stopping = False

    def run(self) -> None:
        """Until a signal tells it to stop; then it waits until each has answered what was asked before."""
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self._stop)
        gc.freeze()  # what was loaded stays shared with the children
        while not self._stopping:
            while len(self._children) < self._count and not self._stopping:
                self._children.add(self._start())
            self._wait_for_one()
        self._end()

    def _start(self) -> int:
        child = os.fork()
        if child:
            return child
        status = 1
        try:
            os.close(self._until)
            for each in (signal.SIGTERM, signal.SIGINT):
                signal.signal(each, signal.SIG_DFL)
            self._serve(self._listening, self._call_without_parent)
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
            self._children.discard(child)
            forget_process(child)
            if not self._stopping:
                log.error("worker %d ended (%d) and is started anew", child, os.waitstatus_to_exitcode(status))
                time.sleep(PAUSE_SECONDS)

    def _stop(self, *_: object) -> None:
        if not self._stopping:
            self._stopping = True
            keep_newcomers_out(self._listening)  # who knocked before is let in by whichever child closes it last
            self._listening.close()
        for child in self._children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGTERM)

    def _end(self) -> None:
        self._stop()
        deadline = time.monotonic() + STOP_SECONDS
        while self._children and time.monotonic() < deadline:
            with suppress(ChildProcessError):
                child, _ = os.waitpid(-1, os.WNOHANG)
                self._children.discard(child)
            time.sleep(0.05)
        for child in self._children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
