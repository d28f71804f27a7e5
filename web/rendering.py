"""One warm child process a server, which renders every PDF; it is killed and replaced when it takes too long."""

import atexit
import os
import selectors
import subprocess
import sys
import threading
import time

from reports.frames import DONE, LENGTH
from web.settings import ROOT

LONGEST_SECONDS = 10.0
CHUNK_BYTES = 1 << 16
MOST_WAITING = 4  # half of the threads: the others go on with pages


class RenderFailed(Exception):
    """No paper came of it; the next one may."""


class RenderTimeout(RenderFailed):
    """The paper took too long, and its rendering was ended."""


class RendererBusy(RenderFailed):
    """Too many wait for paper already; those who come now are told so at once, and pages are served meanwhile."""


class Renderer:
    """Renders one document at a time for any number of threads; starts its child when it is first needed."""

    def __init__(self, longest_seconds: float = LONGEST_SECONDS) -> None:
        self._longest_seconds = longest_seconds
        self._lock = threading.Lock()
        self._waiting = threading.BoundedSemaphore(MOST_WAITING)
        self._child: subprocess.Popen[bytes] | None = None
        atexit.register(self.close)

    def warm(self) -> None:
        """Starts the child, so that the first person need not wait for it."""
        with self._lock:
            self._started()

    def render(self, html: str) -> bytes:
        """The PDF of an HTML document.

        :raises RenderTimeout: it took longer than ten seconds
        :raises RendererBusy: four are being made or waited for already
        :raises RenderFailed: the document cannot be rendered, or the child died over it
        """
        if not self._waiting.acquire(blocking=False):
            raise RendererBusy("too many papers are asked for at once")
        try:
            return self._rendered(html)
        finally:
            self._waiting.release()

    def _rendered(self, html: str) -> bytes:
        with self._lock:
            deadline = time.monotonic() + self._longest_seconds
            try:
                return self._ask(self._started(), html.encode(), deadline)
            except (OSError, EOFError):
                self._end()
                raise RenderFailed("the renderer died over this paper") from None
            except RenderTimeout:
                self._end()
                raise

    def close(self) -> None:
        """Ends the child; a later rendering starts a new one."""
        with self._lock:
            self._end()

    def _ask(self, child: subprocess.Popen[bytes], html: bytes, deadline: float) -> bytes:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(LENGTH.pack(DONE, len(html)) + html)
        child.stdin.flush()
        descriptor = child.stdout.fileno()
        kind, length = LENGTH.unpack(_read(descriptor, LENGTH.size, deadline))
        answer = _read(descriptor, length, deadline)
        if kind != DONE:
            raise RenderFailed(answer.decode())
        return answer

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._end()
            self._child = subprocess.Popen(
                [sys.executable, "-m", "reports.pdf"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was still to be written has nowhere to go
                    continue


def _read(descriptor: int, length: int, deadline: float) -> bytes:
    """Exactly `length` bytes before the deadline. :raises EOFError: the child is gone"""
    parts: list[bytes] = []
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while length:
            if not selector.select(deadline - time.monotonic()):
                raise RenderTimeout("the paper took too long")
            part = os.read(descriptor, min(length, CHUNK_BYTES))
            if not part:
                raise EOFError
            parts.append(part)
            length -= len(part)
    return b"".join(parts)
