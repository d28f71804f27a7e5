"""Clinics: each sees only its own, on every engine, and takes its key along when it goes."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage import RecordNotFound, SealBroken
from storage.clinics import people, remembered
from storage.clinics.audit import AuditPage
from storage.clinics.model import AuditLine, Clinic, ClinicNotFound, NameTaken, Person, Service
from storage.clinics.store import ClinicStore
from storage.rows.protocol import Rows, StoredRow
from storage.rows.sealed_rows import Row, SealedRows
from storage.rows.tables import AUDIT, AUDIT_ENDS, CLINIC_KEYS, OF_CLINICS, PEOPLE, Table
from storage.sqlite.backups.backup import back_up
from storage.sqlite.backups.rekeying import rekey
from storage.sqlite.backups.restoring import restore
from storage.sqlite.engine import open_store
from storage.store.store import SealedStore

DAY = date(2026, 11, 29)
NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
LINE = AuditLine(at=NOW, staff_id="s", who="Ana", role="manager", did="printed")
HILL = Clinic(
    clinic_id="",
    name="Hill Street Clinic",
    phone="555 0100",
    languages=("en", "es"),
    services=(Service(name="Tai chi", contact="555 0101", serves=("exercise",)),),
)


@pytest.fixture
def store(engine: Callable[..., SealedStore], tmp_path: Path) -> Iterator[SealedStore]:
    found = engine(tmp_path, tmp_path, today=lambda: DAY)
    yield found
    found.close()


def filled(store: SealedStore, name: str = "Hill Street Clinic") -> ClinicStore:
    """A clinic with one who signs in and is signed in, a person with a record, a logo and a line in its log."""
    clinic = store.clinic(store.create_clinic(replace(HILL, name=name)).clinic_id)
    staff = clinic.add_staff(f"ana@{name}", "manager", "Ana")
    clinic.save_session(f"browser of {name}", staff.staff_id, {"at": 1}, until=DAY)
    clinic.keep_logo(b"png")
    person = clinic.add_person(DAY, {"name": "Margaret"})
    record = store.create_record(content_hash="c", data={})
    clinic.change_person(person.person_id, lambda found: replace(found, record_id=record.record_id))
    clinic.note(
        AuditLine(at=NOW, staff_id=staff.staff_id, who="Ana", role="manager", did="saw", person_id=person.person_id)
    )
    return clinic


def everything(clinic: ClinicStore) -> list[Any]:
    found = [clinic.get(), clinic.logo(), clinic.list_staff(), clinic.list_people(), clinic.list_people(DAY)]
    return [*found, clinic.audit_log(at_most=9)]


def test_a_clinic_is_found_as_it_was_written(store: SealedStore) -> None:
    clinic = filled(store)
    assert replace(clinic.get(), clinic_id="", log_is_counted=False) == HILL
    assert store.list_clinics() == (clinic.get(),)
    (person,) = clinic.list_people(DAY)
    assert clinic.find_by_code(person.code) == clinic.get_person(person.person_id) == person
    assert clinic.list_people(DAY + timedelta(days=1)) == ()
    assert clinic.change(lambda found: replace(found, phone="555 0199")).phone == clinic.get().phone == "555 0199"
    clinic.keep_logo(None)
    assert clinic.logo() is None
    session, staff, of = store.find_staff_session("browser of Hill Street Clinic") or (None, None, None)
    assert (session and session.data, staff, of) == (
        {"at": 1},
        store.find_staff("ANA@hill street clinic"),
        clinic.get(),
    )


def test_nothing_of_another_clinic_is_found_changed_or_removed(store: SealedStore) -> None:
    """Every verb that takes an id, with each id of the other."""
    mine, other = filled(store, "Mine"), filled(store, "Other")
    before = everything(other)
    (person,), (staff,) = other.list_people(), other.list_staff()
    refused: tuple[Callable[[], object], ...] = (
        lambda: mine.get_person(person.person_id),
        lambda: mine.change_person(person.person_id, lambda found: replace(found, data={})),
        lambda: mine.get_staff(staff.staff_id),
        lambda: mine.change_staff(staff.staff_id, lambda found: replace(found, role="reception")),
        lambda: mine.save_session("mine", staff.staff_id, {}, until=DAY),
    )
    for call in refused:
        with pytest.raises(ClinicNotFound):
            call()
    assert mine.find_by_code(person.code) is None
    mine.remove_person(person.person_id)
    with pytest.raises(NameTaken):
        mine.add_staff(staff.name, "reception")
    with pytest.raises(NameTaken):
        mine.change_staff(mine.list_staff()[0].staff_id, lambda found: replace(found, name=staff.name.upper()))
    assert everything(other) == before


def test_a_row_moved_to_another_clinic_is_never_shown(store: SealedStore) -> None:
    """Somebody who can write the file, without the key: the clinic's own key does not open it."""
    mine, other = filled(store, "Mine"), filled(store, "Other")
    with store.engine.writing() as rows:
        (row,) = rows.where(PEOPLE, {"clinic_id": other.clinic_id})
        rows.put(PEOPLE, replace(row, bound={**row.bound, "clinic_id": mine.clinic_id}))
    with pytest.raises(SealBroken):
        mine.list_people()


def test_a_list_that_is_opened_again_reads_who_was_sealed_anew_and_nobody_else(
    store: SealedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic = filled(store)
    other = clinic.add_person(DAY, {"name": "Joan"})
    clinic.list_people(DAY)
    read: list[str] = []
    get = people.get
    monkeypatch.setattr(people, "get", lambda rows, person_id: read.append(person_id) or get(rows, person_id))
    margaret, joan = clinic.list_people(DAY)
    assert (joan, read) == (other, [])
    changed = clinic.change_person(other.person_id, lambda found: replace(found, data={"name": "Joan Lee"}))
    again = clinic.list_people(DAY)
    assert (again, read) == ((margaret, changed), 2 * [other.person_id])
    assert again[0] is margaret
    clinic.change_person(margaret.person_id, lambda found: replace(found, day=DAY + timedelta(days=1)))
    assert clinic.list_people(DAY) == (changed,)


def test_who_asks_for_no_clinic_gets_no_row_of_one(store: SealedStore) -> None:
    filled(store)
    for nobody in ("", "0" * 32, "../x", "\udc80", "\0"):
        clinic = store.clinic(nobody)
        asked: tuple[Callable[[], object], ...] = (
            clinic.get,
            lambda clinic=clinic: clinic.add_staff("x", "manager"),  # type: ignore[misc]
            lambda clinic=clinic: clinic.add_person(DAY, {}),  # type: ignore[misc]
            lambda clinic=clinic: clinic.keep_logo(b"x"),  # type: ignore[misc]
        )
        for call in asked:
            with pytest.raises(ClinicNotFound):
                call()
    with pytest.raises(TypeError), store._reading() as rows:
        rows.find(PEOPLE, "x")


def test_each_clinic_has_a_key_of_its_own_and_without_it_nothing_opens(store: SealedStore) -> None:
    mine, other = filled(store, "Mine"), filled(store, "Other")
    before = everything(other)
    with store.engine.reading() as rows:
        wrapped = rows.find(CLINIC_KEYS, mine.clinic_id)
        heads = {each.sealed[:9] for table in OF_CLINICS for each in rows.all(table)}
    assert len(heads) == 2
    with store.engine.writing() as rows:
        rows.delete(CLINIC_KEYS, mine.clinic_id)
    with pytest.raises(SealBroken):
        mine.list_people()
    assert everything(other) == before
    with store.engine.writing() as rows:
        assert wrapped
        rows.put(CLINIC_KEYS, wrapped)
    assert len(mine.list_people()) == 1


def test_an_erased_clinic_leaves_nothing_but_the_records_of_its_people(store: SealedStore) -> None:
    clinic, other = filled(store), filled(store, "Other")
    (person,) = clinic.list_people()
    before = everything(other)
    store.erase_clinic(clinic.clinic_id)
    assert (len(store.list_clinics()), everything(other)) == (1, before)
    assert store.find_staff("ana@Hill Street Clinic") is None
    assert store.find_staff_session("browser of Hill Street Clinic") is None
    assert person.record_id
    assert store.get_draft(person.record_id)
    assert store.who_saw(person.record_id) == ()
    with pytest.raises(ClinicNotFound):
        store.erase_clinic(clinic.clinic_id)


def test_who_erases_their_record_is_gone_from_the_list_and_the_log_names_nobody(store: SealedStore) -> None:
    clinic = filled(store)
    (person,) = clinic.list_people()
    assert person.record_id
    ((of, lines),) = store.who_saw(person.record_id)
    assert (of, [each.did for each in lines]) == (clinic.get(), ["saw"])
    store.erase(person.record_id)
    assert clinic.list_people() == ()
    assert len(clinic.audit_log(at_most=9).lines) == 1
    with pytest.raises(RecordNotFound):
        store.who_saw(person.record_id)
    another = clinic.add_person(DAY, {})
    with pytest.raises(ClinicNotFound):
        clinic.change_person(another.person_id, lambda found: replace(found, record_id="0" * 32))


def names_in_memory() -> list[str]:
    return [each.data["name"] for people in remembered.LISTS._lists.values() for each in people.values()]


def test_names_that_were_opened_are_gone_from_memory_soon_after_the_last_look(
    store: SealedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    remembered.LISTS.forget()
    mine, other = filled(store, "Mine"), filled(store, "Other")
    for clinic in (mine, other):
        clinic.list_people(DAY)
    remembered.LISTS.tick()
    mine.list_people(DAY)
    assert names_in_memory() == ["Margaret", "Margaret"], "both were looked at just now"
    remembered.LISTS.tick()
    assert names_in_memory() == ["Margaret"], "nobody has looked at the other since"


def test_names_go_by_themselves_though_nobody_asks_for_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    lists, gone = remembered.RememberedLists(), threading.Event()
    monkeypatch.setattr(remembered, "TICK_SECONDS", 0.02)
    lists.with_them(lambda: lists._lists or gone.set())
    margaret = Person(person_id="p", code="c", day=DAY, data={"name": "Margaret"})
    lists.remember(("clinic", DAY), {b"head": margaret}, lists.forgotten)
    assert gone.wait(60)


@contextmanager
def asked(store: SealedStore, kind: str, change: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What transactions of this kind ask the engine for."""
    calls: list[str] = []
    usual = getattr(store.engine, kind)

    class Asked:
        def __init__(self, rows: Rows) -> None:
            self._rows = rows

        def __getattr__(self, name: str) -> Any:
            calls.append(name)
            return getattr(self._rows, name)

    @contextmanager
    def transaction() -> Iterator[Asked]:
        with usual() as rows:
            yield Asked(rows)

    with change.context() as meanwhile:
        meanwhile.setattr(store.engine, kind, transaction)
        yield calls


def test_a_list_that_nobody_looked_at_is_one_query_however_long_it_is(
    store: SealedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic, names = filled(store), [f"person {number}" for number in range(5)]
    for name in names:
        clinic.add_person(DAY, {"name": name})
    remembered.LISTS.forget()
    with asked(store, "reading", monkeypatch) as calls:
        found = clinic.list_people(DAY)
    assert [each.data["name"] for each in found] == ["Margaret", *names]
    assert calls == ["only_of", "find", "where"], "whose list, with which key, and the list"
    with asked(store, "reading", monkeypatch) as calls:
        again = clinic.list_people(DAY)
    assert calls == ["only_of", "find", "heads"], "nobody is opened twice"
    assert all(before is now for before, now in zip(found, again, strict=True))


def test_who_is_changed_is_opened_once(store: SealedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    clinic = filled(store)
    people = [clinic.add_person(DAY, {"name": str(number)}).person_id for number in range(5)]
    opened: list[str] = []
    usual = SealedRows.open

    def counted(rows: SealedRows, table: Table, found: StoredRow) -> Row:
        opened.append(table.name)
        return usual(rows, table, found)

    monkeypatch.setattr(SealedRows, "open", counted)
    done = clinic.change_people({each: lambda found: replace(found, data={"printed": 1}) for each in [*people, "gone"]})
    assert [each.person_id for each in done] == people
    assert opened.count("people") == len(people)


def test_who_signs_out_takes_no_list_of_another_clinic_along(store: SealedStore) -> None:
    remembered.LISTS.forget()
    mine, other = filled(store, "Mine"), filled(store, "Other")
    for clinic in (mine, other):
        clinic.list_people(DAY)
    store.end_staff_session("nobody's")
    assert {clinic_id for clinic_id, _ in remembered.LISTS._lists} == {mine.clinic_id, other.clinic_id}
    store.end_staff_session("browser of Mine")
    assert {clinic_id for clinic_id, _ in remembered.LISTS._lists} == {other.clinic_id}


def test_a_list_that_is_being_opened_while_somebody_goes_is_not_remembered(
    store: SealedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who opens it has begun before, and gets it; nothing of it stays."""
    remembered.LISTS.forget()
    clinic, usual = filled(store), store.engine.reading
    (person,) = clinic.list_people()

    @contextmanager
    def reading() -> Iterator[Rows]:
        with usual() as rows:
            assert rows.find(PEOPLE, person.person_id), "its moment is that before the other goes"
            going.submit(clinic.remove_person, person.person_id).result()
            yield rows

    with ThreadPoolExecutor(1) as going:
        monkeypatch.setattr(store.engine, "reading", reading)
        assert clinic.list_people(DAY) == (person,)
    assert names_in_memory() == []


@pytest.mark.parametrize("gone", ["removed", "erased", "clinic erased"])
def test_who_is_gone_is_gone_from_memory_at_once(store: SealedStore, gone: str) -> None:
    remembered.LISTS.forget()
    clinic = filled(store)
    (person,) = clinic.list_people(DAY)
    assert "Margaret" in names_in_memory()
    if gone == "removed":
        clinic.remove_person(person.person_id)
    elif gone == "erased":
        store.erase(str(person.record_id))
    else:
        store.erase_clinic(clinic.clinic_id)
    assert "Margaret" not in names_in_memory()


def test_who_is_disabled_or_has_a_new_password_is_signed_out_everywhere(store: SealedStore) -> None:
    clinic = filled(store)
    (staff,) = clinic.list_staff()
    clinic.save_session("second", staff.staff_id, {}, until=DAY)
    changes: tuple[dict[str, Any], ...] = ({"password": "hash"}, {"role": "reception"}, {"is_disabled": True})
    for change in changes:
        clinic.save_session("third", staff.staff_id, {}, until=DAY)
        assert store.find_staff_session("third")
        clinic.change_staff(staff.staff_id, lambda found, change=change: replace(found, **change))  # type: ignore[misc]
        assert store.find_staff_session("second") is store.find_staff_session("third") is None
    clinic.save_session("fourth", staff.staff_id, {}, until=DAY)
    assert store.find_staff_session("fourth") is None, "disabled"
    clinic.change_staff(staff.staff_id, lambda found: replace(found, is_disabled=False))
    clinic.save_session("fifth", staff.staff_id, {}, until=DAY - timedelta(days=1))
    assert store.find_staff_session("fifth") is None, "over"
    clinic.save_session("sixth", staff.staff_id, {}, until=DAY)
    store.end_staff_session("sixth")
    assert store.find_staff_session("sixth") is None


def test_a_line_cut_out_of_the_audit_log_leaves_a_gap(store: SealedStore) -> None:
    clinic = filled(store)
    for minute in range(1, 6):
        clinic.note(
            AuditLine(at=NOW + timedelta(minutes=minute), staff_id="s", who="Ana", role="manager", did="printed")
        )
    found = clinic.audit_log(at_most=3)
    assert ([each.number for each in found.lines], found.has_more, found.gaps) == ([6, 5, 4], True, False)
    assert [each.number for each in clinic.audit_log(at_most=3, skip=3).lines] == [3, 2, 1]
    with store.engine.writing() as rows:
        rows.delete(AUDIT, rows.where(AUDIT, {"clinic_id": clinic.clinic_id})[2].row_id)
    assert clinic.audit_log(at_most=9).gaps
    assert clinic.audit_log(at_most=3).gaps, "also between two pages"


@pytest.mark.parametrize("cut", [slice(-1, None), slice(-3, None), slice(0, 1), slice(0, None)])
def test_lines_cut_from_either_end_of_the_audit_log_are_noticed(store: SealedStore, cut: slice) -> None:
    clinic, other = filled(store), filled(store, "Other")
    for minute in range(1, 6):
        clinic.note(replace(LINE, at=NOW + timedelta(minutes=minute)))
    assert not clinic.audit_log(at_most=9).gaps
    assert clinic.log_is_whole()
    with store.engine.writing() as rows:
        for each in [found.row_id for found in rows.where(AUDIT, {"clinic_id": clinic.clinic_id})][cut]:
            rows.delete(AUDIT, each)
    assert clinic.audit_log(at_most=9).gaps
    assert clinic.audit_log(at_most=2, skip=1).gaps
    assert not clinic.log_is_whole()
    clinic.note(LINE)
    assert not clinic.log_is_whole(), "a line more heals nothing"
    assert other.log_is_whole()
    assert not other.audit_log(at_most=9).gaps


def test_a_line_cut_from_the_middle_and_a_count_that_is_gone_are_noticed_too(store: SealedStore) -> None:
    clinic, other = filled(store), filled(store, "Other")
    for each in (clinic, other):
        for _ in range(3):
            each.note(LINE)
    with store.engine.writing() as rows:
        rows.delete(AUDIT, rows.where(AUDIT, {"clinic_id": clinic.clinic_id})[1].row_id)
        rows.delete(AUDIT_ENDS, other.clinic_id)
    assert not clinic.log_is_whole()
    assert not other.log_is_whole()
    assert other.audit_log(at_most=9).gaps
    other.note(LINE)
    assert not other.log_is_whole(), "nor does that heal this"


def test_a_clinic_of_an_earlier_release_is_counted_from_its_next_line_on(store: SealedStore) -> None:
    clinic = filled(store)
    with store.engine.writing() as rows:
        rows.delete(AUDIT_ENDS, clinic.clinic_id)
    clinic.change(lambda found: replace(found, log_is_counted=False))
    assert clinic.log_is_whole()
    clinic.note(LINE)
    assert clinic.log_is_whole()
    with store.engine.writing() as rows:
        rows.delete(AUDIT, rows.where(AUDIT, {"clinic_id": clinic.clinic_id})[-1].row_id)
    assert not clinic.log_is_whole()


def test_people_and_lines_of_the_log_go_by_time_as_the_clinic_says(
    engine: Callable[..., SealedStore], tmp_path: Path
) -> None:
    day = DAY
    store = engine(tmp_path, tmp_path, today=lambda: day)
    clinic, other = filled(store), filled(store, "Other")
    clinic.change(lambda found: replace(found, audit_days=30))
    person = clinic.add_person(DAY, {})
    day = DAY + timedelta(days=31)
    clinic.note(AuditLine(at=NOW + timedelta(days=31), staff_id="s", who="Ana", role="manager", did="printed"))
    store.purge(sure=True)
    assert [each.number for each in clinic.audit_log(at_most=9).lines] == [2]
    assert clinic.log_is_whole(), "what ended by time was not cut out"
    assert len(other.audit_log(at_most=9).lines) == 1
    assert len(clinic.list_people()) == 2
    day = DAY + timedelta(days=366)
    store.purge(sure=True)
    assert (clinic.list_people(), other.list_people()) == ((), ())
    with pytest.raises(ClinicNotFound):
        clinic.get_person(person.person_id)
    day = DAY + timedelta(days=99)
    store.purge(sure=True)
    assert clinic.audit_log(at_most=9) == AuditPage(lines=(), has_more=False, gaps=False)
    assert clinic.log_is_whole()


def test_a_new_key_of_the_installation_gives_each_clinic_a_new_one_too(tmp_path: Path) -> None:
    store = open_store(tmp_path, tmp_path, today=lambda: DAY)
    clinic = filled(store)
    before = everything(clinic)
    with store._reading() as rows:
        old = rows.clinic_keys.sealer_of(clinic.clinic_id).key_id
    store.close()
    rekey(tmp_path, tmp_path, NOW)
    store = open_store(tmp_path, tmp_path, today=lambda: DAY)
    clinic = store.clinic(clinic.clinic_id)
    assert everything(clinic) == before
    assert store.find_staff("ana@hill street clinic")
    with store._reading() as rows:
        assert rows.clinic_keys.sealer_of(clinic.clinic_id).key_id != old
        assert {each.sealed[:9] for table in OF_CLINICS for each in rows.stored.all(table)}.isdisjoint({old})
    store.close()


def test_a_backup_brings_back_a_clinic_but_nobody_who_was_put_out_since(tmp_path: Path) -> None:
    store = open_store(tmp_path, tmp_path, today=lambda: DAY)
    clinic, gone = filled(store), filled(store, "Gone")
    clinic.add_staff("luis", "reception")
    store.close()
    made = back_up(tmp_path, tmp_path, tmp_path / "backups", NOW)
    store = open_store(tmp_path, tmp_path, today=lambda: DAY)
    clinic = store.clinic(clinic.clinic_id)
    ana, luis = clinic.list_staff()
    clinic.change_staff(luis.staff_id, lambda found: replace(found, is_disabled=True))
    clinic.change_staff(ana.staff_id, lambda found: replace(found, password="new"))
    clinic.remove_person(clinic.list_people()[0].person_id)
    store.erase_clinic(gone.clinic_id)
    store.close()
    rekey(tmp_path, tmp_path, NOW)

    restore(made.path, tmp_path, tmp_path, NOW + timedelta(hours=1))
    store = open_store(tmp_path, tmp_path, today=lambda: DAY)
    clinic = store.clinic(clinic.clinic_id)
    assert [each.clinic_id for each in store.list_clinics()] == [clinic.clinic_id]
    assert len(clinic.list_people()) == 1, "the backup is what counts for all else"
    assert [(each.password, each.is_disabled) for each in clinic.list_staff()] == [("new", False), ("", True)]
    assert store.find_staff_session("browser of Hill Street Clinic") is None
    store.close()


def test_two_who_write_at_once_lose_nothing(store: SealedStore) -> None:
    clinic = filled(store)

    def write(number: int) -> None:
        clinic.note(AuditLine(at=NOW, staff_id="s", who="Ana", role="manager", did="printed", note=str(number)))
        clinic.change(lambda found: replace(found, address=found.address + "x"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(20)))
    assert clinic.get().address == "x" * 20
    assert not clinic.audit_log(at_most=99).gaps
    assert len({each.note for each in clinic.audit_log(at_most=99).lines}) == 21


def test_an_answer_reaches_every_clinic_that_sees_the_person_in_the_same_transaction(store: SealedStore) -> None:
    mine, other = filled(store, "Mine"), filled(store, "Other")
    (person,) = mine.list_people()
    (elsewhere,) = other.list_people()
    record = str(person.record_id)
    store.change_draft(record, lambda _: {"age": 81}, content_hash="c", summarize=lambda new: {"of": new.data["age"]})
    assert mine.get_person(person.person_id).data == {"name": "Margaret", "summary": {"of": 81}}
    assert other.get_person(elsewhere.person_id) == elsewhere

    def fails(_data: object) -> dict[str, Any]:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.change_draft(record, lambda _: {"age": 82}, content_hash="c", summarize=fails)
    assert store.get_draft(record).data == {"age": 81}
    alone = store.create_record(content_hash="c", data={})
    store.change_draft(alone.record_id, lambda _: {"age": 1}, content_hash="c", summarize=fails)  # no clinic sees them


def test_a_damaged_list_of_a_clinic_keeps_nobody_from_answering(store: SealedStore) -> None:
    mine = filled(store)
    (person,) = mine.list_people()
    with store.engine.writing() as rows:
        (row,) = rows.where(PEOPLE, {"clinic_id": mine.clinic_id})
        rows.put(PEOPLE, replace(row, sealed=b"x" * 40))
    store.change_draft(str(person.record_id), lambda _: {"a": 1}, content_hash="c", summarize=lambda _: {})
    assert store.get_draft(str(person.record_id)).data == {"a": 1}


def test_a_way_in_leads_once_to_its_person_until_its_end_and_nobody_guesses_one(store: SealedStore) -> None:
    mine, other = filled(store, "Mine"), filled(store, "Other")
    (person,), (elsewhere,) = mine.list_people(), other.list_people()

    def make(until: int) -> str:
        token, kept = people.new_way_in(person.person_id, until)
        mine.change_person(person.person_id, lambda found: replace(found, data={**found.data, people.WAY_IN: kept}))
        return token

    older, token = make(100), make(100)
    wrong = (older, elsewhere.person_id + token[32:], token[:-1], token + "0", person.person_id, "", "\udc80", "x" * 64)
    for each in wrong:
        with pytest.raises(RecordNotFound):
            store.use_way_in(each, 99)
    with pytest.raises(RecordNotFound):
        store.use_way_in(token, 100)
    assert store.use_way_in(token, 99) == (mine.get(), person)
    with pytest.raises(RecordNotFound):
        store.use_way_in(token, 99)
    assert token[32:] not in str(mine.get_person(person.person_id))
