"""The people of a clinic, as rows."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date

from storage.clinics.model import ChangePerson, ClinicNotFound, Person
from storage.clinics.remembered import LISTS
from storage.clinics.scope import ID_BYTES, ClinicRows, new_id
from storage.model import Data, RecordNotFound, SealBroken
from storage.rows.codes import ALPHABET
from storage.rows.sealed_rows import Row, SealedRows
from storage.rows.sealing import NEVER_AGAIN_BYTES, canonical
from storage.rows.tables import PEOPLE, RECORDS

CODE_PLACES = 6
"""A code names somebody to their clinic alone, and opens nothing."""
SUMMARY = "summary"
"""In a person's data: what the clinic's list shows of their answers."""
BY_POSTER = "by_poster"
"""In a person's data: they put themselves on the list, and may take themselves off."""
WAY_IN = "way_in"
"""In a person's data: what is kept of a square on the screen that leads once to their questions."""


def add(rows: ClinicRows, day: date, data: Data) -> Person:
    """Somebody new, under a code that this clinic has for nobody else."""
    person = Person(person_id=new_id(), code=_new_code(rows), day=day, data=data)
    _put(rows, person)
    return person


def take_on(rows: ClinicRows, record_id: str, day: date, data: Data) -> Person:
    """Whose record this is, as they are on the list, else as somebody new. :raises RecordNotFound: there is none"""
    if rows.rows.find(RECORDS, record_id) is None:
        raise RecordNotFound("no record is kept under this id")
    if person := find_by_record(rows, record_id):
        return person
    person = replace(add(rows, day, data), record_id=record_id)
    _put(rows, person)
    return person


def find_by_record(rows: ClinicRows, record_id: str) -> Person | None:
    """The one whose record this is, if this clinic sees them."""
    found = rows.where(PEOPLE, {"record_id": record_id})
    return _person(found[-1]) if found else None


def get(rows: ClinicRows, person_id: str) -> Person:
    """:raises ClinicNotFound: this clinic sees nobody of this id"""
    found = find(rows, person_id)
    if found is None:
        raise ClinicNotFound("this clinic sees nobody of this id")
    return found


def find(rows: ClinicRows, person_id: str) -> Person | None:
    """The one of this id, if this clinic sees them."""
    row = rows.find(PEOPLE, person_id)
    return _person(row) if row else None


def find_by_code(rows: ClinicRows, code: str) -> Person | None:
    """Whom the clinic calls this."""
    found = rows.where(PEOPLE, {"code": code})
    return _person(found[0]) if found else None


def of_day(rows: ClinicRows, day: date, since: int) -> tuple[Person, ...]:
    """Everybody who comes on this day, in the order in which they were put on the list. `since` is what `forgotten` was
    (remembered.py) before anything was read.

    A list is remembered by the head of what was sealed of each. Who was not sealed anew since is not opened again, and
    stays one object: a list that moves by itself is asked for twice a minute in each browser.
    """
    rows.rows.clinic_keys.sealer_of(rows.clinic_id)  # without its key nothing of the clinic is read
    columns = {"clinic_id": rows.clinic_id, "day": day.isoformat()}
    if before := LISTS.find((rows.clinic_id, day)):
        found = rows.rows.stored.heads(PEOPLE, columns, NEVER_AGAIN_BYTES)
        people = {head: before.get(head) or get(rows, person_id) for person_id, head in found}
    else:
        whole = rows.rows.stored.where(PEOPLE, columns)
        people = {each.sealed[:NEVER_AGAIN_BYTES]: _person(rows.rows.open(PEOPLE, each)) for each in whole}
    LISTS.remember((rows.clinic_id, day), people, since)
    return tuple(people.values())


def all_of(rows: ClinicRows) -> tuple[Person, ...]:
    """Everybody whom the clinic sees, the first first."""
    return tuple(_person(row) for row in rows.where(PEOPLE))


def change(rows: ClinicRows, person_id: str, change: ChangePerson) -> Person:
    """:raises ClinicNotFound: there is no such person, or no such record"""
    return change_found(rows, get(rows, person_id), change)


def change_found(rows: ClinicRows, before: Person, change: ChangePerson) -> Person:
    """The same of one who was opened just now. :raises ClinicNotFound: there is no such record"""
    after = change(before)
    if after != before:
        if after.record_id and rows.rows.find(RECORDS, after.record_id) is None:
            raise ClinicNotFound("there is no such record")
        _put(rows, after)
    return after


def remove(rows: ClinicRows, person_id: str) -> None:
    """Takes somebody off; their record stays theirs."""
    rows.delete(PEOPLE, person_id)


def of_record(rows: SealedRows, record_id: str) -> list[tuple[str, str]]:
    """The clinics that see whose record this is, each with the id that they have there."""
    found = rows.stored.where(PEOPLE, {"record_id": record_id})
    return [(each.bound["clinic_id"], each.row_id) for each in found]


def keep_summary(rows: SealedRows, record_id: str, summary: Callable[[], Data]) -> None:
    """Every clinic that sees whose record this is keeps a summary of it. A damaged row of a clinic, or a key that
    is gone, keeps nobody from answering."""
    for clinic_id, person_id in of_record(rows, record_id):
        scoped = ClinicRows(rows, clinic_id)
        with suppress(SealBroken):
            person = get(scoped, person_id)
            _put(scoped, replace(person, data={**person.data, SUMMARY: summary()}))


def use_way_in(rows: SealedRows, token: str, now_ms: int) -> tuple[str, Person]:
    """Whom this way in was made for, and the clinic; it is used up. :raises RecordNotFound: it leads nowhere"""
    person_id, secret = token[: 2 * ID_BYTES], token[2 * ID_BYTES :]
    found = rows.stored.find(PEOPLE, person_id) if token.isascii() and token.isalnum() else None
    if found is None:
        raise RecordNotFound("this way leads nowhere")
    scoped = ClinicRows(rows, found.bound["clinic_id"])
    person = get(scoped, person_id)
    way_in = person.data.get(WAY_IN)
    if way_in is None or not hmac.compare_digest(way_in["hash"], _hash_of(secret)) or now_ms >= way_in["until_ms"]:
        raise RecordNotFound("this way leads nowhere")
    used = replace(person, data={name: each for name, each in person.data.items() if name != WAY_IN})
    _put(scoped, used)
    return scoped.clinic_id, used


def new_way_in(person_id: str, until_ms: int) -> tuple[str, Data]:
    """A way in that leads once, until then, to this person: what goes into an address, and what is kept of it."""
    secret = new_id()
    return person_id + secret, {"hash": _hash_of(secret), "until_ms": until_ms}


def _hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _new_code(rows: ClinicRows) -> str:
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_PLACES))
        if not rows.where(PEOPLE, {"code": code}):
            return code


def _put(rows: ClinicRows, person: Person) -> None:
    bound = {"code": person.code, "record_id": person.record_id, "day": person.day.isoformat()}
    rows.put(PEOPLE, person.person_id, bound, canonical(person.data))


def _person(row: Row) -> Person:
    return Person(
        person_id=row.row_id,
        code=row.bound["code"],
        day=date.fromisoformat(row.bound["day"]),
        record_id=row.bound["record_id"],
        data=json.loads(row.plain),
    )
