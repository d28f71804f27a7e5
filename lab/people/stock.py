"""Stores full of records, made by the app's own verbs: every row is sealed for its own id, as the app seals it.

Only the commit is shared: many records in one transaction, and none of it synced before the end, because a commit a
verb would take half a day for a million records. A full record has a draft with every list answered, a submission
with its plan, five ticks, a link, a code and a share: 15 KB. What people answered is drawn from a few hundred of them.
"""

import os
import random
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from sqlite_utils import Database

from answers.draft import Draft
from answers.person import person_of, settle
from answers.signs import Signs
from answers.typed_numbers import Answer, PlainNumber
from checklists import assess
from lab.people.records import records
from reports.plan.plan_json import issue_plan, to_json
from storage import LinkAndCode, Share
from storage.sqlite.connecting import Connections, connect, transaction
from storage.sqlite.engine import SqliteEngine
from storage.sqlite.opening import ready
from storage.store.store import SealedStore
from web.core.settings import definitions

PEOPLE = 300
TICKS = 5
RECORDS_A_COMMIT = 10_000
CACHE_KILOBYTES = 2_000_000  # while a store is made, so that its indexes are not read again and again
_endless = records(sys.maxsize)
_drawn: list[dict[str, Any]] = []
_one_at_a_time = Lock()


@dataclass(frozen=True, kw_only=True)
class Answerer:
    """What one person answered, and the plan made from it."""

    draft: Draft
    plan: dict[str, Any]
    actions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class StoredRecord:
    """One of the records in a store, with what opens it."""

    record_id: str
    link_and_code: LinkAndCode
    share: Share
    actions: tuple[str, ...]


def fill(folder: Path, count: int, *, remember: int, day: date | None = None, seed: int = 1) -> list[StoredRecord]:
    """A store of so many full records, last used on `day`; so many of them, chosen by chance."""
    chance = random.Random(seed)
    remembered = set(chance.sample(range(count), min(remember, count)))
    database, sealer = ready(folder, folder)
    connection = SharedCommits(database)
    store = SealedStore(SqliteEngine(connection), sealer, lambda: day or date.today())
    stored: list[StoredRecord] = []
    try:
        for start in range(0, count, RECORDS_A_COMMIT):
            with connection.commit_once():
                for number in range(start, min(start + RECORDS_A_COMMIT, count)):
                    made = add_record(store, chance)
                    if number in remembered:
                        stored.append(made)
        with connection.commit_once():
            known = definitions()
            store.keep_content(known.content_hash, known.as_json)
    finally:
        connection.end()
    chance.shuffle(stored)
    return stored


def add_record(store: SealedStore, chance: random.Random, among: int = PEOPLE) -> StoredRecord:
    """One full record, as the pages make it, of one of so many people."""
    known, person = definitions().content_hash, _person(chance.choice(range(among)))
    record_id = store.create_record(content_hash=known, data=person.draft.to_json()).record_id
    store.submit(record_id, submit_key=secrets.token_urlsafe(16), content_hash=known, data=person.plan)
    for _ in range(TICKS):
        store.add_tick(record_id, submit_key=secrets.token_hex(16), data=a_tick(chance.choice(person.actions)))
    share = store.make_share(record_id, submit_key="share", name="Ana", right="tick", days=90)
    return StoredRecord(
        record_id=record_id, link_and_code=store.make_link_and_code(record_id), share=share, actions=person.actions
    )


def a_tick(action: str) -> dict[str, str]:
    """What one tap on Done adds."""
    return {"action": action, "state": "done", "on": date.today().isoformat(), "by": "self"}


def people(count: int = PEOPLE) -> tuple[Answerer, ...]:
    """So many people, no two alike, each with every list answered and a plan."""
    return tuple(map(_person, range(count)))


@cache
def _person(number: int) -> Answerer:
    """Made when a store first has them: for a dozen records all of them would take twenty times as long."""
    record = _record(number)
    known, day = definitions(), date.today()
    lists = {name: {key: typed(each) for key, each in answers.items()} for name, answers in record["answers"].items()}
    draft = replace(Draft.new("self", "metric"), about=lists.pop("about"), lists=lists, signs=Signs(ticked=(), day=day))
    draft = settle(known, draft, day)
    issued = issue_plan(known, assess(known, person_of(known, draft, day)), day)
    plan = {"given": to_json(issued), "for": "self", "revision": 1}
    return Answerer(draft=draft, plan=plan, actions=tuple(each.id for each in issued.plan.actions))


def _record(number: int) -> dict[str, Any]:
    """They are drawn in one order, whoever is asked for first."""
    with _one_at_a_time:
        _drawn.extend(islice(_endless, max(0, number + 1 - len(_drawn))))
    return _drawn[number]


def typed(answer: Any) -> Answer:
    """An answer as a page keeps it: a number as it was typed."""
    return answer if isinstance(answer, str) else PlainNumber(value=str(answer), whole=isinstance(answer, int))


class SharedCommits(Connections):
    """One connection whose transaction many verbs share; nothing is synced before the end."""

    def __init__(self, database: Path) -> None:
        super().__init__(lambda: connect(database), database)
        self._database = database
        self._db = connect(database)
        self._db.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")
        self._db.execute("PRAGMA synchronous = OFF")

    @contextmanager
    def transaction(self, kind: Literal["BEGIN", "BEGIN IMMEDIATE"]) -> Iterator[Database]:
        """The transaction that is under way."""
        del kind
        yield self._db

    @contextmanager
    def commit_once(self) -> Iterator[None]:
        """Everything that is done in the block, in one transaction."""
        with transaction(self._db, "BEGIN IMMEDIATE"):
            yield
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def end(self) -> None:
        """Everything is on the disk."""
        self._db.close()
        descriptor = os.open(self._database, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
