"""A warm child process for what may run away: it is asked one thing at a time, ended when it must be, and replaced."""

import os
import selectors
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from reports.printing.pipe_protocol import ASK, DONE, LENGTH

ROOT = Path(__file__).parent.parent.parent
CHUNK_BYTES = 1 << 16
CLOCK_SECONDS = 40.0  # for a child that gets little of a busy machine, or nothing; then somebody else is answered


class ChildFailed(Exception):
    """No answer came of it; the next one may."""


class ChildRefused(ChildFailed):
    """The child says what is wrong with what it was sent."""


class ChildSpent(ChildFailed):
    """It took more processor time than one answer may."""


class ChildDied(ChildFailed):
    """The child crashed over it."""


class ChildEnded(ChildFailed):
    """It waited too long for a busy machine, or was ended by the system: another time it may well work."""


class Child:
    """`python -m MODULE`, which answers frames (reports/printing/pipe_protocol.py). For one thread at a time.

    An answer may take so many seconds of the processor; on a busy machine that is longer on the clock.
    """

    def __init__(self, module: str, seconds: float, clock_seconds: float = CLOCK_SECONDS) -> None:
        self._module = module
        self._seconds = seconds
        self._clock_seconds = clock_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: TemporaryDirectory[str] | None = None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> subprocess.Popen[bytes]:
        """The process, begun anew where there is none."""
        if not self.is_running:
            self.end()
            self._folder = TemporaryDirectory(prefix="firm-footing-")  # removed with it, however it ends
            self._process = subprocess.Popen(
                [sys.executable, "-m", self._module, self._folder.name, str(self._seconds)],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
            )
            assert self._process.stdin is not None
            os.set_blocking(self._process.stdin.fileno(), False)
        assert self._process is not None
        return self._process

    def ask(self, sent: bytes, kind: bytes = ASK) -> bytes:
        """What the child makes of it. :raises ChildFailed: in one of its four ways"""
        deadline = time.monotonic() + self._clock_seconds
        try:
            reply, answer = _exchange(self.start(), LENGTH.pack(kind, len(sent)) + sent, deadline)
        except TimeoutError:
            self.end()
            raise ChildEnded("it took too long") from None
        except (OSError, EOFError):
            raise self._why_gone() from None
        if reply != DONE:
            raise ChildRefused(answer.decode())
        return answer

    def end(self) -> int | None:
        """Ends the process, if there is one; its exit status."""
        process, self._process = self._process, None
        if process is None:
            return None
        process.kill()
        status = process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()
        assert self._folder is not None
        self._folder.cleanup()
        return status

    def _why_gone(self) -> ChildFailed:
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1)  # it has closed its pipes: its exit status comes at once
        status = self.end()
        if status == -signal.SIGPROF:
            return ChildSpent("it took too much processor time")
        if status in (None, -signal.SIGKILL, -signal.SIGTERM):
            return ChildEnded("the system ended it")
        return ChildDied("it crashed")


def _exchange(process: subprocess.Popen[bytes], frame: bytes, deadline: float) -> tuple[bytes, bytes]:
    """:raises TimeoutError: not done before the deadline :raises EOFError, OSError: the child is gone"""
    assert process.stdin is not None
    assert process.stdout is not None
    _write(process.stdin.fileno(), frame, deadline)
    descriptor = process.stdout.fileno()
    kind, length = LENGTH.unpack(_read(descriptor, LENGTH.size, deadline))
    return kind, _read(descriptor, length, deadline)


def _write(descriptor: int, frame: bytes, deadline: float) -> None:
    left = memoryview(frame)
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_WRITE)
        while left:
            _wait(selector, deadline)
            left = left[os.write(descriptor, left[:CHUNK_BYTES]) :]


def _read(descriptor: int, length: int, deadline: float) -> bytes:
    parts: list[bytes] = []
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while length:
            _wait(selector, deadline)
            part = os.read(descriptor, min(length, CHUNK_BYTES))
            if not part:
                raise EOFError
            parts.append(part)
            length -= len(part)
    return b"".join(parts)


def _wait(selector: selectors.BaseSelector, deadline: float) -> None:
    if not selector.select(max(0.0, deadline - time.monotonic())):
        raise TimeoutError
