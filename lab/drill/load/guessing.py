"""Guessing links and codes: random ones and near misses without the pace; and as many as go, beside a right code."""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from lab.people.stock import SharedCommits
from storage import LinkAndCode, RecordNotFound, SealBroken
from storage.rows import links_and_codes
from storage.rows.codes import ALPHABET, new_code
from storage.sqlite.engine import SqliteEngine, open_store
from storage.sqlite.opening import ready
from storage.store import pace
from storage.store.store import SealedStore

CODES = 1_000
NEARLY = 50  # records whose link and code are tried with one letter changed, cut short, or in another case
TRIES_AT_ONCE = 10_000


@dataclass(frozen=True, kw_only=True)
class Guesses:
    """How many were tried, how many of them opened something, and how many of the right ones did not."""

    links: int
    codes: int
    reached: int
    shut: int


@dataclass(frozen=True, kw_only=True)
class Pressed:
    """How many wrong codes were answered a second, and how many of the right ones between them opened, and how soon."""

    wrong_a_second: float
    right: int
    reached: int
    slowest_seconds: float


def guess(tries: int, records: int = CODES, nearly: int = NEARLY) -> Guesses:
    """So many random links, so many random codes, and the near misses, at a store of a thousand records."""
    with patch.object(pace, "GAP_SECONDS", 0), _store() as (store, commits):
        with commits.commit_once():
            made = [_new_link_and_code(store) for _ in range(records)]
        links = [each for pair in made[:nearly] for each in _near(pair.link)]
        codes = [each for pair in made[:nearly] for each in (*_near(pair.code), *_one_changed(pair.code))]
        with commits.commit_once():
            reached = sum(_link_opens(store, each) for each in links) + sum(_code_opens(store, each) for each in codes)
        for start in range(0, tries, TRIES_AT_ONCE):
            number = min(TRIES_AT_ONCE, tries - start)
            with commits.commit_once():
                reached += sum(
                    _link_opens(store, secrets.token_urlsafe(links_and_codes.LINK_BYTES)) for _ in range(number)
                )
                reached += sum(_code_opens(store, new_code()) for _ in range(number))
        with commits.commit_once():
            shut = sum(not (_link_opens(store, each.link) and _code_opens(store, each.code)) for each in made)
    return Guesses(links=tries + len(links), codes=tries + len(codes), reached=reached, shut=shut)


def guess_with_short_hashes(tries: int, records: int = CODES, nearly: int = NEARLY) -> Guesses:
    """The twin: links and codes are looked up by two bytes of their hashes, so that some guess has to open."""
    of_link, of_code = links_and_codes.hash_of_link, links_and_codes.hash_of_code
    with (
        patch.object(links_and_codes, "hash_of_link", lambda token: of_link(token)[:4]),
        patch.object(links_and_codes, "hash_of_code", lambda sealer, code: of_code(sealer, code)[:4]),
    ):
        return guess(tries, records, nearly)


def press(seconds: float, guessers: int = 8) -> Pressed:
    """Guessers try wrong codes as fast as they are answered; beside them a person types a right one now and then."""
    with TemporaryDirectory() as name:
        store = open_store(Path(name), Path(name))
        code = _new_link_and_code(store).code
        until, wrong = time.monotonic() + seconds, [0] * guessers

        def guess_on(number: int) -> None:
            while time.monotonic() < until:
                wrong[number] += not _code_opens(store, new_code())

        threads = [threading.Thread(target=guess_on, args=(number,)) for number in range(guessers)]
        for thread in threads:
            thread.start()
        waits: list[float] = []
        reached = 0
        while time.monotonic() < until:
            started = time.monotonic()
            reached += _code_opens(store, code)
            waits.append(time.monotonic() - started)
            time.sleep(0.02)
        for thread in threads:
            thread.join()
        store.close()
    return Pressed(wrong_a_second=sum(wrong) / seconds, right=len(waits), reached=reached, slowest_seconds=max(waits))


def press_without_pace(seconds: float) -> Pressed:
    """The twin: wrong codes are answered as soon as they are looked up."""
    with patch.object(pace, "GAP_SECONDS", 0):
        return press(seconds)


@contextmanager
def _store() -> Iterator[tuple[SealedStore, SharedCommits]]:
    """A new store whose verbs share their commits: a million of them one by one would take an hour."""
    with TemporaryDirectory() as name:
        database, sealer = ready(Path(name), Path(name))
        commits = SharedCommits(database)
        yield SealedStore(SqliteEngine(commits), sealer, date.today), commits
        commits.end()


def _new_link_and_code(store: SealedStore) -> LinkAndCode:
    return store.make_link_and_code(store.create_record(content_hash="content", data={}).record_id)


def _near(secret: str) -> list[str]:
    cased = {secret.lower(), secret.swapcase()} - {secret}
    return [*cased, secret[:-1], secret[1:], secret[: len(secret) // 2], f"{secret}A", f" {secret}", f"{secret}%"]


def _one_changed(code: str) -> Iterator[str]:
    """Every code that differs in one place."""
    for place, letter in enumerate(code):
        yield from (code[:place] + other + code[place + 1 :] for other in ALPHABET if other != letter)


def _link_opens(store: SealedStore, token: str) -> bool:
    try:
        store.open_by_link(token)
    except (RecordNotFound, SealBroken):  # two codes with one hash are noticed
        return False
    return True


def _code_opens(store: SealedStore, code: str) -> bool:
    try:
        store.open_by_code(code)
    except (RecordNotFound, SealBroken):
        return False
    return True
