"""The lists of people that somebody looks at, opened: in the memory of one process, two minutes at most after a look.

Where somebody signs out or locks, or is erased, they are gone at once.
"""

import threading
from collections.abc import Callable, Mapping
from datetime import date

from storage.clinics.model import Person

TICK_SECONDS = 60.0
"""A list goes at the first tick before which nobody has looked at it since the tick before."""
MOST_LISTS = 64

Key = tuple[str, date]
"""The id of a clinic, and a day."""


class RememberedLists:
    """People by the beginning of what is sealed of them. No clock is asked, so none can be wrong."""

    def __init__(self) -> None:
        self._lists: dict[Key, Mapping[bytes, Person]] = {}
        self._looked: set[Key] = set()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._others: list[Callable[[], object]] = []
        self._forgotten = 0

    @property
    def forgotten(self) -> int:
        """How often any of them were forgotten. Who opens a list asks before they read anything: somebody may be gone
        until it is opened."""
        return self._forgotten

    def find(self, key: Key) -> Mapping[bytes, Person]:
        """The list as it was when somebody looked last; empty where that is too long ago."""
        return self._lists.get(key, {})

    def remember(self, key: Key, people: Mapping[bytes, Person], since: int) -> None:
        """Somebody looks at it now, who began when `forgotten` was this; where any were forgotten since, it stays
        unknown."""
        with self._lock:
            if since != self._forgotten:
                return
            if len(self._lists) >= MOST_LISTS and key not in self._lists:
                self._lists.clear()
            self._lists[key] = people
            self._looked.add(key)
            self._go_on()

    def forget(self, clinic_id: str = "") -> None:
        """Every list of this clinic, or of all."""
        with self._lock:
            self._forgotten += 1
            self._lists = {key: each for key, each in self._lists.items() if clinic_id and key[0] != clinic_id}
            self._forget_others()

    def with_them(self, forget: Callable[[], object]) -> None:
        """What else is made of these people is forgotten whenever any of the lists is."""
        self._others.append(forget)

    def keep_with_them(self, keep: Callable[[], object], since: int) -> None:
        """What is made of a list is kept, unless any were forgotten since."""
        with self._lock:
            if since == self._forgotten:
                keep()

    def tick(self) -> None:
        """Lists that nobody has looked at since the last tick go."""
        with self._lock:
            self._lists = {key: each for key, each in self._lists.items() if key in self._looked}
            self._looked.clear()
            self._forget_others()
            self._timer = None
            if self._lists:
                self._go_on()

    def _go_on(self) -> None:
        if self._timer is None or not self._timer.is_alive():  # nor is one of before a fork
            self._timer = threading.Timer(TICK_SECONDS, self.tick)
            self._timer.daemon = True
            self._timer.start()

    def _forget_others(self) -> None:
        for forget in self._others:
            forget()


LISTS = RememberedLists()
"""Those of this process."""
