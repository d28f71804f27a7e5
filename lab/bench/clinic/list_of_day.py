"""The list of a day with 500 people on it, beside that of a day with nobody, in one browser of a served app."""

import http.client
import random
import secrets
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from answers.summary import summary_of
from lab.bench.figures import Figure, milliseconds
from lab.bench.pages import our_command, served
from lab.people.stock import people
from storage.clinics.model import Clinic, Person
from storage.clinics.people import SUMMARY
from storage.clinics.store import ClinicStore
from storage.print_queue import RECORDS_IN
from storage.sqlite.engine import open_store
from storage.store.store import SealedStore
from tests.clinic import add_staff, session_of
from web.core.settings import definitions

COMING, A_FILE, TIMES = 500, 60, 150
LIST = "/clinic/today"


def measure() -> list[Figure]:
    """Each time the list is opened, somebody on it has answered something since; their paper lies in files."""
    with TemporaryDirectory() as name, closing(open_store(Path(name), Path(name))) as store:
        clinic, cookie = at_work(store)
        coming = [_somebody(clinic, store, number) for number in range(COMING)]
        _files(store, clinic, coming)
        with served(our_command(), Path(name)) as port:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            nobody = f"{LIST}?day={date.today() + timedelta(days=30)}"
            took: dict[str, list[float]] = {LIST: [], nobody: []}
            for number in range(TIMES):
                _answers_something(clinic, coming[number % COMING])
                for path, each in took.items():
                    each.append(milliseconds(partial(_get, connection, path, cookie)))
    everybody, empty = (median(each[TIMES // 10 :]) for each in took.values())
    print(f"  {everybody:.1f} ms beside {empty:.1f} ms")
    return [Figure(name=f"list of {COMING} people / of nobody", value=everybody / empty, limit=4)]


def at_work(store: SealedStore) -> tuple[ClinicStore, str]:
    """A clinic, and the cookie of a manager who is signed in there."""
    described = Clinic(clinic_id="", name="Hill Street Clinic", phone="555 0100", keeps_names=True)
    clinic = store.clinic(store.create_clinic(described).clinic_id)
    return clinic, f"ff-staff={session_of(clinic, add_staff(clinic, 'manager'))}"


def _somebody(clinic: ClinicStore, store: SealedStore, number: int) -> Person:
    """Four of five have answered."""
    hour, minute = divmod(number, 60)
    data = {"name": f"Person {number}", "time": f"{8 + hour:02}:{minute:02}", "language": "es" if number % 7 else "en"}
    added = clinic.add_person(date.today(), data)
    if number % 5 == 0:
        return added
    known, answerer = definitions(), random.Random(number).choice(people())
    record = store.create_record(content_hash=known.content_hash, data=answerer.draft.to_json()).record_id
    summary = summary_of(known, answerer.draft, 1, date.today()).to_json()
    return clinic.change_person(
        added.person_id, lambda found: replace(found, record_id=record, data={**data, SUMMARY: summary})
    )


def _files(store: SealedStore, clinic: ClinicStore, coming: list[Person]) -> None:
    """What was made of the day and is not yet printed, as the list says of each."""
    for start in range(0, COMING, A_FILE):
        group = coming[start:][:A_FILE]
        of_them = {each.record_id: {"id": each.person_id, "revision": 1, "row": 1} for each in group if each.record_id}
        store.queue_print_jobs(clinic.clinic_id, [({"plans": len(of_them), RECORDS_IN: of_them}, {})])
    while taken := store.claim_print_job():
        store.finish_print_job(taken.job.job_id, taken.job.token, result=b"", about=taken.job.about)


def _answers_something(clinic: ClinicStore, somebody: Person) -> None:
    def change(found: Person) -> Person:
        return replace(found, data={**found.data, "spoken_of": secrets.token_hex(2)})

    clinic.change_person(somebody.person_id, change)


def _get(connection: http.client.HTTPConnection, path: str, cookie: str) -> None:
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
