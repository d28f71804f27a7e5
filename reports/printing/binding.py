"""A child process that makes one file of many papers; a paper that ends it costs no other its place."""

import atexit

from reports.printing.child_process import Child, ChildDied, ChildFailed, ChildRefused, ChildSpent
from reports.printing.pipe_protocol import BIND, COUNT, DROP, LAY_OUT
from reports.printing.renderer import RenderFailed

SECONDS = 60.0  # of processor time, for one paper, or to draw all
CLOCK_SECONDS = 900.0  # who prints in a batch yields to everybody


class BindingFailed(Exception):
    """Nothing is known against any paper: the system ended the child, or gave it no time. Try again."""


class Binding:
    """For one thread at a time; what is laid out lies in the child, and as HTML here."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._child = Child("reports.printing.pile", seconds, CLOCK_SECONDS)
        self._papers: list[str] = []
        atexit.register(self._child.end)

    def add(self, html: str) -> int:
        """How many pages it has. :raises RenderFailed: it cannot be made; the others stay :raises BindingFailed: …"""
        (pages,) = COUNT.unpack(self._ask(LAY_OUT, html))
        self._papers.append(html)
        return int(pages)

    def drop(self, papers: int) -> None:
        """Lets go of the last ones."""
        for _ in range(papers):
            self._papers.pop()
            self._ask(DROP)

    def bind(self, first: str) -> bytes:
        """The file of all, after this; then there are none. :raises RenderFailed, BindingFailed: it was not made"""
        try:
            return self._ask(BIND, first)
        finally:
            self._papers.clear()

    def start_anew(self, *, keep_child: bool) -> None:
        """Lets go of what was never bound, and of the child where it has to, or where nobody needs it now."""
        if self._papers or not keep_child:
            self._child.end()
        self._papers.clear()

    def _ask(self, kind: bytes, html: str = "") -> bytes:
        try:
            if not self._child.is_running:
                for each in self._papers:
                    self._child.ask(each.encode(), LAY_OUT)
            return self._child.ask(html.encode(), kind)
        except (ChildRefused, ChildSpent, ChildDied) as error:
            raise RenderFailed(str(error)) from None
        except ChildFailed as error:
            raise BindingFailed(str(error)) from None
