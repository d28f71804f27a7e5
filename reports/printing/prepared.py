"""Papers that were made before anybody asks for them: in the memory of the renderer's child process, and nowhere else.

A paper is found by its whole HTML, so that nothing older than what is asked for can ever come out.
"""

import hashlib
import time
from dataclasses import dataclass

OWNER_BYTES = 16
MOST_PAPERS = 24
MOST_BYTES = 16 * 1024 * 1024
LIFE_SECONDS = 600.0
"""As long as somebody looks at a plan before they print it."""


@dataclass(frozen=True)
class _Paper:
    html: bytes
    pdf: bytes
    until: float


class PreparedPapers:
    """One paper a record, the latest; of all records so many, so large, and for so long."""

    def __init__(self) -> None:
        self._papers: dict[bytes, _Paper] = {}

    def keep(self, owner: bytes, html: bytes, pdf: bytes) -> None:
        """In the place of what the same owner had; those that were kept first go when there are too many."""
        self.forget(owner)
        self._papers[owner] = _Paper(_digest(html), pdf, time.monotonic() + LIFE_SECONDS)
        while len(self._papers) > MOST_PAPERS or sum(len(each.pdf) for each in self._papers.values()) > MOST_BYTES:
            del self._papers[next(iter(self._papers))]

    def find(self, html: bytes) -> bytes | None:
        """What was made of the very same HTML, whoever asks."""
        self._papers = {owner: each for owner, each in self._papers.items() if each.until > time.monotonic()}
        wanted = _digest(html)
        return next((each.pdf for each in self._papers.values() if each.html == wanted), None)

    def forget(self, owner: bytes) -> None:
        """All that one owner has; without an owner all that anybody has."""
        if owner:
            self._papers.pop(owner, None)
        else:
            self._papers.clear()


def _digest(html: bytes) -> bytes:
    return hashlib.sha256(html).digest()
