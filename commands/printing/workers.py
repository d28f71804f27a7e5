"""Keeps workers going as long as something is to be printed; one that was killed is replaced."""

import logging
import os
import subprocess
import sys
import threading
from contextlib import suppress

from commands.printing.worker import OF_COMMAND, PARENT, STAYS
from reports.printing.child_process import ROOT
from storage import StorageError
from web.core.stores import store

LOOK_SECONDS = 2.0
LONGEST_END_SECONDS = 10.0
log = logging.getLogger("firm_footing")


class PrintWorkers:
    """So many processes at most, each with a child that draws; those that stay are there before anything is due."""

    def __init__(self, most: int = 1, *, of_command: bool = False, stays: bool = False) -> None:
        self._most = most
        self._stays = stays
        options = [f"{PARENT}{os.getpid()}", *[OF_COMMAND] * of_command, *[STAYS] * stays]
        self._command = [sys.executable, "-m", "commands.printing.worker", *options]
        self._running: list[subprocess.Popen[bytes]] = []

    def tend(self) -> None:
        """Starts those that are missing, where something is to be printed. :raises StorageError: it cannot be known"""
        self._running = [each for each in self._running if each.poll() is None]
        if len(self._running) < self._most and (self._stays or store().is_printing_due()):
            self._running.append(subprocess.Popen(self._command, cwd=ROOT, stdin=subprocess.DEVNULL))

    @property
    def missing(self) -> int:
        """How many more there may be."""
        return self._most - len(self._running)

    def end(self) -> None:
        """Ends them; what they worked on waits again."""
        for each in self._running:
            each.terminate()
        for each in self._running:
            try:
                each.wait(LONGEST_END_SECONDS)
            except subprocess.TimeoutExpired:
                each.kill()
                each.wait()
        self._running.clear()


def print_while_served() -> PrintWorkers:
    """One worker beside the server, from now on; with it the server ends it."""
    workers = PrintWorkers()
    threading.Thread(target=_tend_for_ever, args=(workers,), name="print workers", daemon=True).start()
    return workers


def print_until(is_over: threading.Event, count: int) -> None:
    """So many workers and no server, until it is over; one that was killed is replaced."""
    workers = PrintWorkers(count, stays=True)
    while not is_over.is_set():
        workers.tend()
        is_over.wait(0 if workers.missing else LOOK_SECONDS)
    workers.end()


def _tend_for_ever(workers: PrintWorkers) -> None:
    pause = threading.Event()
    while not pause.wait(LOOK_SECONDS):
        with suppress(StorageError):  # noted by whoever asks next
            workers.tend()
