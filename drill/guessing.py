"""Guessing links and codes: random ones and near misses, with the limit on tries lifted, and then with it in place."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from bench.stock import SharedCommits
from storage import Doors, RecordNotFound, SealBroken, TooManyTries, doors
from storage.codes import ALPHABET, new_code
from storage.opening import ready
from storage.sqlite import SqliteStore

DOORS = 1_000
NEARLY = 50  # records whose link and code are tried with one letter changed, cut short, or in another case
TRIES_AT_ONCE = 10_000


@dataclass(frozen=True, kw_only=True)
class Guesses:
    """How many were tried, how many of them opened something, and how many of the right ones did not."""

    links: int
    codes: int
    opened: int
    shut: int


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How many wrong codes were looked up within an hour, by one asker and by all, and what was slowed of the rest."""

    by_one: int
    by_all: int
    links_slowed: int


def guess(tries: int) -> Guesses:
    """So many random links, so many random codes, and the near misses, at a store of a thousand records.

    The clock goes on by an hour with each code, so that none is held back.
    """
    hours = count(1)
    with _store(lambda: float(next(hours) * doors.HOUR)) as (store, commits):
        with commits.commit_once():
            made = [_new_doors(store) for _ in range(DOORS)]
        links = [each for pair in made[:NEARLY] for each in _near(pair.link)]
        codes = [each for pair in made[:NEARLY] for each in (*_near(pair.code), *_one_changed(pair.code))]
        with commits.commit_once():
            opened = sum(_link_opens(store, each) for each in links) + sum(_code_opens(store, each) for each in codes)
        for start in range(0, tries, TRIES_AT_ONCE):
            number = min(TRIES_AT_ONCE, tries - start)
            with commits.commit_once():
                opened += sum(_link_opens(store, secrets.token_urlsafe(doors.LINK_BYTES)) for _ in range(number))
                opened += sum(_code_opens(store, new_code()) for _ in range(number))
        with commits.commit_once():
            shut = sum(not (_link_opens(store, each.link) and _code_opens(store, each.code)) for each in made)
    return Guesses(links=tries + len(links), codes=tries + len(codes), opened=opened, shut=shut)


def guess_with_short_hashes(tries: int) -> Guesses:
    """The twin: links and codes are looked up by two bytes of their hashes, so that some guess has to open."""
    of_link, of_code = doors.hash_of_link, doors.hash_of_code
    with (
        patch.object(doors, "hash_of_link", lambda token: of_link(token)[:4]),
        patch.object(doors, "hash_of_code", lambda sealer, code: of_code(sealer, code)[:4]),
    ):
        return guess(tries)


def try_within_an_hour(askers: int = 60) -> Limit:
    """Askers who each try wrong codes twice as often as they may, and a link that is opened whenever one is refused."""
    looked_up: Counter[int] = Counter()
    slowed = 0
    with _store(lambda: 1_000_000.0 * doors.HOUR) as (store, commits), commits.commit_once():
        link = _new_doors(store).link
        for number in range(askers * 20):
            asker = number // 20
            try:
                store.open_by_code(new_code(), asked_by=str(asker))
            except TooManyTries:
                slowed += not _link_opens(store, link)
            except RecordNotFound:
                looked_up[asker] += 1
    return Limit(by_one=max(looked_up.values()), by_all=looked_up.total(), links_slowed=slowed)


@contextmanager
def _store(now: Callable[[], float]) -> Iterator[tuple[SqliteStore, SharedCommits]]:
    """A new store whose verbs share their commits: a million of them one by one would take an hour."""
    with TemporaryDirectory() as name:
        database, sealer = ready(Path(name), Path(name))
        commits = SharedCommits(database)
        yield SqliteStore(commits, sealer, date.today, now), commits
        commits.end()


def _new_doors(store: SqliteStore) -> Doors:
    return store.make_doors(store.create_record(content_hash="content", data={}).record_id)


def _near(secret: str) -> list[str]:
    cased = {secret.lower(), secret.swapcase()} - {secret}
    return [*cased, secret[:-1], secret[1:], secret[: len(secret) // 2], f"{secret}A", f" {secret}", f"{secret}%"]


def _one_changed(code: str) -> Iterator[str]:
    """Every code that differs in one place."""
    for place, letter in enumerate(code):
        yield from (code[:place] + other + code[place + 1 :] for other in ALPHABET if other != letter)


def _link_opens(store: SqliteStore, token: str) -> bool:
    try:
        store.open_by_link(token)
    except (RecordNotFound, SealBroken):  # two doors with one hash are noticed
        return False
    return True


def _code_opens(store: SqliteStore, code: str) -> bool:
    try:
        store.open_by_code(code, asked_by="a guesser")
    except (RecordNotFound, SealBroken):
        return False
    return True
