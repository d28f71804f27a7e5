"""One warm child process a server, which renders every PDF; it is ended and replaced when it takes too long."""

import atexit
import time
from collections.abc import Callable

from reports.printing.child_process import Child, ChildEnded, ChildFailed, ChildSpent
from reports.printing.pipe_protocol import ASK, FORGET, KEEP
from reports.printing.turns import NOBODY, Asker, TurnRefused, Turns

LONGEST_SECONDS = 10.0  # of processor time
MOST_WAITING = 8


_OUTCOMES = {ASK: "made", KEEP: "prepared", FORGET: ""}
Tell = Callable[[str, float | None], None]
"""Hears what became of a paper (made, prepared, refused, failed), and how many seconds were worked on it."""


class RenderFailed(Exception):
    """No paper came of it; the next one may."""


class RenderTimeout(RenderFailed):
    """The paper took too long, and its rendering was ended."""


class RendererBusy(RenderFailed):
    """Others print first: nothing was begun, and it is worth trying again."""


class Renderer:
    """Renders one document at a time for any number of threads; starts its child when it is first needed."""

    def __init__(
        self, seconds: float = LONGEST_SECONDS, most_waiting: int = MOST_WAITING, tell: Tell = lambda *_: None
    ) -> None:
        self._tell = tell
        self._turns = Turns(most_waiting)
        self._child = Child("reports.printing.pdf", seconds)
        atexit.register(self._child.end)

    def warm(self) -> None:
        """Starts the child, so that the first person need not wait for it."""
        with self._turns.turn(NOBODY):
            self._child.start()

    def render(
        self, html: str, asker: Asker = NOBODY, made_meanwhile: Callable[[], bytes | None] = lambda: None
    ) -> bytes:
        """The PDF of an HTML document, or what somebody else has made of the same while this one waited.

        :raises RendererBusy: too many wait, or for too long
        :raises RenderTimeout: it took more processor time than a paper may, or longer than anybody waits
        :raises RenderFailed: the document cannot be rendered, or the child died over it
        """
        try:
            with self._turns.turn(asker):
                return made_meanwhile() or self._asked(html.encode())
        except TurnRefused:
            self._tell("refused", None)
            raise RendererBusy("too many papers are asked for at once") from None

    def prepare(self, owner: bytes, html: str) -> None:
        """Makes a paper before it is asked for, while nobody wants one, and leaves it with the child.

        :raises RenderFailed: it was not made
        """
        try:
            with self._turns.spare_turn():
                self._asked(owner + html.encode(), KEEP)
        except TurnRefused:
            raise RendererBusy("others print all the time") from None

    def forget(self, owner: bytes) -> None:
        """What was prepared for an owner goes; without an owner, all. :raises RenderFailed: try again"""
        try:
            with self._turns.turn(NOBODY):
                if self._child.is_running:
                    self._asked(owner, FORGET)
        except TurnRefused:
            raise RendererBusy("others print all the time") from None

    def _asked(self, sent: bytes, kind: bytes = ASK) -> bytes:
        began, outcome = time.monotonic(), "failed"
        try:
            answer = self._child.ask(sent, kind)
            outcome = _OUTCOMES[kind]
            return answer
        except (ChildSpent, ChildEnded) as error:
            raise RenderTimeout(str(error)) from None
        except ChildFailed as error:
            raise RenderFailed(str(error)) from None
        finally:
            if outcome:
                self._tell(outcome, time.monotonic() - began)

    def close(self) -> None:
        """Ends the child; a later rendering starts a new one."""
        with self._turns.turn(NOBODY):
            self._child.end()
