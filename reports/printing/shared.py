"""One process renders for several beside it: they knock with a socket of a pair, ask over the other, and are answered.

Fairness, what was prepared and how much runs at a time are then those of all of them together. Who asks does not notice
that this process was killed and begun anew, as long as that happens once.
"""

import json
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from struct import Struct
from typing import Protocol

from reports.printing.child_process import CLOCK_SECONDS
from reports.printing.pipe_protocol import ASK, DONE, FAILED, FORGET, KEEP
from reports.printing.prepared import OWNER_BYTES
from reports.printing.renderer import RendererBusy, RenderFailed, RenderTimeout
from reports.printing.turns import LONGEST_WAIT_SECONDS, NOBODY, Asker, aside

PATIENCE_SECONDS = LONGEST_WAIT_SECONDS + CLOCK_SECONDS + 10
LOOK_SECONDS = 0.5
_HEAD = Struct(">cII")
"""What is asked or answered; the length of what is told about it, and of the rest."""
_BUSY, _TIMEOUT = b"b", b"t"


class Renders(Protocol):
    """A renderer, here or in another process (renderer.py says what each verb owes)."""

    def warm(self) -> None: ...

    def render(
        self, html: str, asker: Asker = NOBODY, made_meanwhile: Callable[[], bytes | None] = lambda: None
    ) -> bytes: ...

    def prepare(self, owner: bytes, html: str) -> None: ...

    def forget(self, owner: bytes) -> None: ...

    def close(self) -> None: ...


class SharedRenderer:
    """The renderer called `name` of the process behind `own`; `others` may hold what was prepared, too."""

    def __init__(self, name: str, own: socket.socket, others: Sequence[socket.socket] = ()) -> None:
        self._name = name
        self._own = own
        self._others = others

    def warm(self) -> None:
        """It is."""

    def render(
        self, html: str, asker: Asker = NOBODY, made_meanwhile: Callable[[], bytes | None] = lambda: None
    ) -> bytes:
        """As a renderer does, but asks what was made meanwhile before the wait. :raises RenderFailed: in its ways"""
        aside.step()
        return made_meanwhile() or self._ask(self._own, ASK, html.encode(), asker)

    def prepare(self, owner: bytes, html: str) -> None:
        """As a renderer does. :raises RenderFailed: it was not made"""
        self._ask(self._own, KEEP, owner + html.encode())

    def forget(self, owner: bytes) -> None:
        """In every process. :raises RenderFailed: try again"""
        for each in (self._own, *self._others):
            self._ask(each, FORGET, owner)

    def close(self) -> None:
        """Others go on with it."""

    def _ask(self, process: socket.socket, kind: bytes, sent: bytes, asker: Asker = NOBODY) -> bytes:
        about = json.dumps([self._name, asker.address, asker.browser]).encode()
        for is_last in (False, True):
            with suppress(EOFError, ConnectionError):
                return _answered(process, _HEAD.pack(kind, len(about), len(sent)) + about + sent)
            if is_last:
                break
        raise RenderTimeout("the process that renders was ended")


def _answered(process: socket.socket, sent: bytes) -> bytes:
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            socket.send_fds(process, [b"k"], [theirs.fileno()])
        ours.settimeout(PATIENCE_SECONDS)
        try:
            ours.sendall(sent)
            kind, _, answer = _received(ours)
        except TimeoutError:
            raise RenderTimeout("nobody answered") from None
    if kind == DONE:
        return answer
    raise {_BUSY: RendererBusy, _TIMEOUT: RenderTimeout}.get(kind, RenderFailed)(answer.decode())


def render_for_others(knocking: socket.socket, renderers: Mapping[str, Renders], is_over: threading.Event) -> None:
    """Answers whoever knocks, each in a thread, until it is over and everybody has an answer."""
    knocking.settimeout(LOOK_SECONDS)
    under_way: list[threading.Thread] = []
    while not is_over.is_set():
        with suppress(TimeoutError):
            _, descriptors, _, _ = socket.recv_fds(knocking, 1, 1)
            for descriptor in descriptors:
                asking = socket.socket(fileno=descriptor)
                thread = threading.Thread(target=_answer, args=(asking, renderers), daemon=True)
                thread.start()
                under_way.append(thread)
        under_way = [each for each in under_way if each.is_alive()]
    for each in under_way:
        each.join(PATIENCE_SECONDS)


def _answer(asking: socket.socket, renderers: Mapping[str, Renders]) -> None:
    asking.settimeout(PATIENCE_SECONDS)
    with asking, suppress(OSError, EOFError):  # who asked is gone
        kind, about, sent = _received(asking)
        name, address, browser = json.loads(about)
        reply, answer = DONE, b""
        try:
            if kind == ASK:
                answer = renderers[name].render(sent.decode(), Asker(address, browser))
            elif kind == KEEP:
                renderers[name].prepare(sent[:OWNER_BYTES], sent[OWNER_BYTES:].decode())
            else:
                renderers[name].forget(sent)
        except RenderFailed as error:
            reply = {RendererBusy: _BUSY, RenderTimeout: _TIMEOUT}.get(type(error), FAILED)
            answer = str(error).encode()
        asking.sendall(_HEAD.pack(reply, 0, len(answer)) + answer)


def _received(connection: socket.socket) -> tuple[bytes, bytes, bytes]:
    """:raises EOFError: the other side is gone"""
    with connection.makefile("rb") as file:
        head = file.read(_HEAD.size)
        if len(head) < _HEAD.size:
            raise EOFError
        kind, about, length = _HEAD.unpack(head)
        both = file.read(about + length)
        if len(both) < about + length:
            raise EOFError
        return kind, both[:about], both[about:]
