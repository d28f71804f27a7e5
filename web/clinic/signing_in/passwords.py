"""Passwords of staff: hashed by argon2id, at most two at once, and a name that nobody has costs as much."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from reports.printing.turns import aside
from storage.clinics.model import Staff
from web.visitor.budgets import TooMuch

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 12, 200
AT_ONCE = 2
"""Each takes 64 MB; pages go before them (`_after_pages`)."""
MOST_WAITING, WAIT_SECONDS = 20, 10
NOBODY = "$argon2id$v=19$m=65536,t=3,p=1$vVgwARaPiTb7DHUROxbMkQ$/2basKMa02zvPLPWV6k8mcPOQ5Vi2+wdZj4YFoekC7U"
"""The hash of a password that nobody knows."""
_WAITING = threading.BoundedSemaphore(MOST_WAITING)
T = TypeVar("T")


def is_right(staff: Staff | None, typed: str) -> bool:
    """Whether this is the password of who may sign in; takes the same time where nobody has the name."""
    can_sign_in = staff is not None and bool(staff.password) and not staff.is_disabled
    hashed = staff.password if staff and can_sign_in else NOBODY
    return _in_turn(_verified, hashed, typed[: LONGEST + 1]) and can_sign_in


def hash_of(password: str) -> str:
    """What is kept of it."""
    return _in_turn(hasher().hash, password)


def is_outdated(staff: Staff) -> bool:
    """Whether a later release hashes at a greater cost."""
    return hasher().check_needs_rehash(staff.password)


@cache
def hasher() -> "PasswordHasher":
    """Loaded by who signs in, and by no other page or command."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)


def _verified(hashed: str, typed: str) -> bool:
    import argon2

    try:
        return hasher().verify(hashed, typed)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


def _in_turn(work: Callable[..., T], *values: str) -> T:
    """Waits for it, and holds up no other request of the same address meanwhile: behind it may be a whole clinic.

    :raises TooMuch: so many wait already that no thread would be left for pages
    """
    if not _WAITING.acquire(blocking=False):
        raise TooMuch(WAIT_SECONDS)
    try:
        aside.step()
        return _two_at_once().submit(work, *values).result()
    finally:
        _WAITING.release()


@cache
def _pool(_process: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="password", initializer=_after_pages)


def _two_at_once() -> ThreadPoolExecutor:
    return _pool(os.getpid())  # threads do not come along into a fork


def _after_pages() -> None:
    """Twenty who sign in at once hold up nobody who reads a page: these threads take what the others leave."""
    with suppress(OSError, AttributeError):  # not everywhere has a thread a rank of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 15)
