"""Processes as Linux shows them: whose children they are, what they take, how long they waited, stopped for a while."""

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


def tree(process: int) -> list[int]:
    """This process and all that come of it."""
    found = [process]
    with suppress(OSError):
        for thread in (PROC / str(process) / "task").iterdir():
            for child in (thread / "children").read_text().split():
                found += tree(int(child))
    return found


def print_workers_of(server: int) -> list[int]:
    """The workers that this server has started, each with the child that draws for it."""
    return [each for child in tree(server)[1:] if _is_worker(child) for each in tree(child)]


def _is_worker(process: int) -> bool:
    with suppress(OSError):
        return b"commands.printing.worker" in (PROC / str(process) / "cmdline").read_bytes()
    return False


@contextmanager
def stopped(processes: Sequence[int]) -> Iterator[None]:
    """They do nothing until the end of the block."""
    _send(processes, signal.SIGSTOP)
    try:
        yield
    finally:
        _send(processes, signal.SIGCONT)


def _send(processes: Sequence[int], number: int) -> None:
    for each in processes:
        with suppress(ProcessLookupError):
            os.kill(each, number)


def resident_megabytes(processes: Sequence[int]) -> float:
    """What they hold in memory now."""
    pages = 0
    for each in processes:
        with suppress(OSError):
            pages += int((PROC / str(each) / "statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


@dataclass(frozen=True, kw_only=True)
class Spent:
    """Seconds on a core, and seconds ready to go on while no core was free."""

    running: float
    waiting: float

    def __sub__(self, before: "Spent") -> "Spent":
        return Spent(running=self.running - before.running, waiting=self.waiting - before.waiting)


def spent(processes: Sequence[int]) -> Spent:
    """By all their threads until now."""
    running = waiting = 0
    for each in processes:
        with suppress(OSError):
            for thread in (PROC / str(each) / "task").iterdir():
                ran, waited, _ = (int(number) for number in (thread / "schedstat").read_text().split())
                running, waiting = running + ran, waiting + waited
    return Spent(running=running / 1e9, waiting=waiting / 1e9)
