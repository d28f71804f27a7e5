"""Processes of this machine as tests look at them: what belongs to one, and waiting for what it is to do."""

import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

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


@contextmanager
def started(command: Sequence[str], **settings: Any) -> Iterator[subprocess.Popen[Any]]:
    """A process until a test is through with it; one that failed would wait for its end for ever in Popen's own block."""
    with subprocess.Popen(command, **settings) as process:
        try:
            yield process
        finally:
            process.kill()


def children(parent: int) -> set[int]:
    """Those that any thread of a process has started."""
    found: set[int] = set()
    with suppress(OSError):
        for thread in Path(f"/proc/{parent}/task").iterdir():
            found |= {int(each) for each in (thread / "children").read_text().split()}
    return found
