"""Why nobody who types a code is ever counted, refused or made to wait an hour, and codes can still not be guessed.

Whatever counts wrong codes (of an address, or of all) and then refuses can be used up by one to shut out others: those
behind the same address, or everybody. Whatever refuses only wrong ones tells a guesser that they were wrong, and so is
no limit. So there is none: a right code opens at once, whoever else guesses, and what makes guessing hopeless is the
length of a code (storage/rows/codes.py) and how many can be tried in a year. That is bounded here, on however fast a
machine: wrong codes are answered one after the other, 200 a second in all. A thread of the server waits for its turn
no longer than the other threads take, with 24 of them 120 ms, so this cannot hold up the server either. Servers that
share a database take turns there too. The time is that since the machine was started: a clock that is set lifts nothing
and prolongs nothing.

tests/test_storage_links_and_codes.py works out the odds: with 10,000 codes that open something, 1 in 1,500 that
in a year of nothing but guessing at that pace a single one is found.
"""

import threading
import time

GAP_SECONDS = 0.005


class Pace:
    """Lets callers go on one after the other, with a gap between them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free = 0.0

    def wait(self) -> None:
        """Returns when it is this caller's turn."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._free) + GAP_SECONDS
            self._free = turn
        time.sleep(turn - now)
