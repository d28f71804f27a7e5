"""Makes paper before it is asked for, in one thread, while nobody else prints. Knows no Flask."""

import hashlib
import logging
import threading
from collections.abc import Callable

from reports.printing.prepared import LIFE_SECONDS, OWNER_BYTES
from reports.printing.renderer import RenderFailed
from reports.printing.shared import Renders

MOST_WAITING = 8
MOST_GONE = 1000
log = logging.getLogger("firm_footing")


class Preparing:
    """The latest paper of each record, one after the other; what is erased is neither prepared any more nor kept."""

    def __init__(self, renderer: Renders) -> None:
        self._renderer = renderer
        self._changed = threading.Condition()
        self._waiting: dict[bytes, Callable[[], str]] = {}
        self._to_forget: list[bytes] = []
        self._gone: dict[bytes, None] = {}
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """From now on; a process that serves no pages, or a test, prepares nothing."""
        with self._changed:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="preparing", daemon=True)
                self._thread.start()

    def soon(self, record_id: str, compose: Callable[[], str]) -> None:
        """Returns at once."""
        owner = _owner(record_id)
        with self._changed:
            if self._thread is None or owner in self._gone:
                return
            self._waiting.pop(owner, None)
            self._waiting[owner] = compose
            if len(self._waiting) > MOST_WAITING:
                del self._waiting[next(iter(self._waiting))]
            self._changed.notify_all()

    def forget(self, record_id: str) -> None:
        """Returns at once, too; a page that was on its way when the record was erased can prepare nothing after it."""
        owner = _owner(record_id)
        with self._changed:
            self._waiting.pop(owner, None)
            self._gone[owner] = None
            if len(self._gone) > MOST_GONE:
                del self._gone[next(iter(self._gone))]
            if self._thread is not None:
                self._to_forget.append(owner)
                self._changed.notify_all()

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._changed.wait_for(lambda: self._waiting or self._to_forget, LIFE_SECONDS):
                    self._to_forget.append(b"")  # nobody looked at a plan for so long: nothing is kept any more
                gone = self._to_forget[0] if self._to_forget else None
                owner = next(iter(self._waiting), b"") if gone is None else b""
                compose = self._waiting.pop(owner, None)
            try:
                if gone is not None:
                    self._renderer.forget(gone)
                    self._to_forget.remove(gone)
                elif compose is not None:
                    self._renderer.prepare(owner, compose())
            except RenderFailed:
                pass  # what is to be forgotten is tried again; a paper is made when it is asked for
            except Exception as error:  # whoever asks for the paper is told; this thread goes on
                log.error("paper: not prepared: %s", type(error).__name__)


def _owner(record_id: str) -> bytes:
    return hashlib.sha256(record_id.encode()).digest()[:OWNER_BYTES]
