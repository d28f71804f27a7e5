"""Turns at something that only one can use at a time: next is who had the least of it lately. Knows no Flask."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

LEAST_SECONDS = 0.3  # what it costs to ask, served or not: who asks in vain ten times a second asks for too much
LONGEST_WAIT_SECONDS = 15.0

FLOW = 0.25
"""How fast time goes by itself, of the rate at which all who wait are served. At 1, who is new has no lead over loops;
at 0, it stands still while somebody comes as new each time, and who was here before waits for ever."""


class Aside(threading.local):
    """What the server of a thread wants done before it waits for its turn; without a server nothing."""

    step: Callable[[], None] = staticmethod(lambda: None)


aside = Aside()


class TurnRefused(Exception):
    """Others go first, and there is no more room to wait, or the wait was too long."""


@dataclass(frozen=True)
class Asker:
    """Who asks: an address, and the browser where it is known; without it, several people may be one asker."""

    address: str
    browser: str = ""


NOBODY = Asker("")
"""The server itself."""


@dataclass(eq=False)
class _Place:
    """One that waits. Who has used more begins later, and of two new ones that whose address has used more."""

    asker: Asker
    begins: tuple[float, float]


class Turns:
    """Start-time fair queuing: time is counted in seconds of use, and an asker's next turn begins where its last ended.

    So who has asked for nothing goes before all who ask again and again; asking in vain counts too. When too many wait,
    the one who begins last is sent away, not the one who came last. A browser waits once: what it asks for while it
    waits takes the place of what it asked for before.
    """

    def __init__(self, most_waiting: int, longest_wait: float = LONGEST_WAIT_SECONDS) -> None:
        self._most_waiting = most_waiting
        self._longest_wait = longest_wait
        self._changed = threading.Condition()
        self._waiting: list[_Place] = []
        self._in_use = False
        self._now = 0.0
        self._used_until: dict[Asker, float] = {}

    @contextmanager
    def turn(self, asker: Asker) -> Iterator[None]:
        """Waits for its turn, and has it until the end of the block.

        :raises TurnRefused: nothing was begun
        """
        aside.step()
        self._wait_for_turn(asker)
        began = time.monotonic()
        try:
            yield
        finally:
            self._give_back(asker, time.monotonic() - began)

    def _wait_for_turn(self, asker: Asker) -> None:
        with self._changed:
            place = self._join(asker)
            its_turn = False
            try:
                self._changed.wait_for(lambda: self._is_next(place) or place not in self._waiting, self._longest_wait)
                its_turn = self._is_next(place)
            finally:
                if place in self._waiting:
                    self._waiting.remove(place)
            if not its_turn:
                raise TurnRefused
            self._in_use = True
            self._now = max(self._now, place.begins[0])

    def _join(self, asker: Asker) -> _Place:
        first = next((each for each in self._waiting if asker.browser and each.asker == asker), None)
        place = _Place(asker, (self._charge(asker, LEAST_SECONDS), self._used_until.get(Asker(asker.address), 0.0)))
        if first is not None:
            self._waiting.remove(first)
            place.begins = first.begins
        self._waiting.append(place)
        if len(self._waiting) > self._most_waiting:
            self._waiting.remove(max(reversed(self._waiting), key=lambda each: each.begins))
        self._changed.notify_all()
        return place

    def _is_next(self, place: _Place) -> bool:
        first = min(self._waiting, key=lambda each: each.begins, default=None)
        return place is first and not self._in_use

    def _charge(self, asker: Asker, seconds: float) -> float:
        """Counts so much use of a browser and of its address; where it begins."""
        begins = max(self._now, self._used_until.get(asker, 0.0))
        for each in {asker, Asker(asker.address)}:
            self._used_until[each] = max(self._now, self._used_until.get(each, 0.0)) + seconds
        return begins

    @contextmanager
    def spare_turn(self) -> Iterator[None]:
        """A turn that is nobody's, for what can wait: it begins when no one has or wants one, and costs nothing.

        :raises TurnRefused: there was always somebody
        """
        with self._changed:
            if not self._changed.wait_for(lambda: not (self._in_use or self._waiting), self._longest_wait):
                raise TurnRefused
            self._in_use = True
        try:
            yield
        finally:
            with self._changed:
                self._in_use = False
                self._changed.notify_all()

    def _give_back(self, asker: Asker, seconds: float) -> None:
        with self._changed:
            self._in_use = False
            self._charge(asker, max(0.0, seconds - LEAST_SECONDS))
            self._now += FLOW * max(seconds, LEAST_SECONDS) / (1 + len(self._waiting))
            self._used_until = {who: until for who, until in self._used_until.items() if until > self._now}
            self._changed.notify_all()
