"""What is done again where another writer came between, as happens on an engine where several write at once."""

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from storage.model import StoreBusy

MOST_TRIES = 40
LONGEST_PAUSE_SECONDS = 0.4

listeners: list[Callable[[], None]] = []
"""Called each time that something is done again."""
P = ParamSpec("P")
R = TypeVar("R")


class StoreConflict(StoreBusy):
    """Another writer came between: nothing was written, and the same transaction may be made again at once."""


def repeated(verb: Callable[P, R]) -> Callable[P, R]:
    """A function with one transaction that writes. What it is given to call, such as a change, may so be called more
    than once, and must do no more than give back what it makes.

    :raises StoreConflict: 40 times others came first
    """

    @wraps(verb)
    def until_done(*args: P.args, **kwargs: P.kwargs) -> R:
        for number in range(1, MOST_TRIES):
            try:
                return verb(*args, **kwargs)
            except StoreConflict:
                for each in listeners:
                    each()
                time.sleep(random.uniform(0, min(LONGEST_PAUSE_SECONDS, 0.001 * 2**number)))
        return verb(*args, **kwargs)

    return until_done
