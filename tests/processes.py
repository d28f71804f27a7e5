"""Processes of this machine as tests look at them: what belongs to one, and waiting for what it is to do."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

NEVER_SECONDS = 180
"""A process that has not ended by then never will, however much else the machine has to do. It measures nothing."""


def wait_until(
    is_so: Callable[[], object],
    log: Path | None = None,
    seconds: float = 40,
    *,
    otherwise: str = "it never came",
    pause: float = 0.05,
) -> None:
    """Looks again and again. :raises AssertionError: it never came; with the log, or what it is otherwise"""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, log.read_text() if log else otherwise
        time.sleep(pause)


def children(parent: int) -> set[int]:
    """Those that any thread of a process has started."""
    found: set[int] = set()
    with suppress(OSError):
        for thread in Path(f"/proc/{parent}/task").iterdir():
            found |= {int(each) for each in (thread / "children").read_text().split()}
    return found
