"""A person of the clinic as their pages need them: who they are, their record, and the plan that their answers give."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from answers.draft import Draft
from reports.paper.plan_paper import PrintOptions
from storage import Submission
from storage.clinics.model import Clinic, Person
from storage.clinics.people import SUMMARY
from storage.clinics.store import ClinicStore
from storage.print_queue import RECORDS_IN, PrintJob
from web.asking.check_again import begin_check
from web.clinic.at_work import at_work, clinic_day, clinic_store
from web.clinic.desk.list_entry import InFile, ListEntry, State
from web.core.settings import definitions, region
from web.core.speaking import gettext as _
from web.core.speaking import wording
from web.core.stores import store
from web.plan.plan_to_show import over, unknown_to
from web.plan.results import work_out
from web.plan.warnings_in_words import warnings_on_top
from web.visitor.open_record import OpenRecord, create, open_record_of, summary, today
from web.visitor.stored_plan import StoredPlan, find_plan, plan_to_keep, read_plan

LONGEST_LABEL = 80


def get_visit(person_id: str) -> ListEntry:
    """:raises ClinicNotFound: this clinic sees nobody of this id"""
    return ListEntry(clinic_store().get_person(person_id))


def in_files() -> Mapping[str, InFile]:
    """By person: the newest file with their paper that is being made, or is made."""
    return {
        person["id"]: InFile(revision=person["revision"], is_made=job.state == "done")
        for job in store().list_print_jobs(at_work()[1].clinic_id)
        if job.state in ("waiting", "running", "done")
        for person in people_in(job)
    }


def people_in(job: PrintJob) -> Sequence[Mapping[str, Any]]:
    """Whose plans come out in a file: each with the id of the person, and the revision of the answers."""
    not_made = job.about.get("not_made", ())
    found = job.about.get(RECORDS_IN, {})
    return [each for each in found.values() if each["row"] not in not_made] if isinstance(found, Mapping) else []


def change_data(person: Person, values: Mapping[str, Any]) -> Person:
    """Keeps these beside what else there is of them."""
    return clinic_store().change_person(person.person_id, lambda found: replace(found, data={**found.data, **values}))


def label_on_paper(person: Person) -> str:
    """What stands on their paper, on a cover list and in the name of their file: the code, and what they are called."""
    return f"{person.code} {ListEntry(person).name}".strip()[:LONGEST_LABEL]


def printed_here(options: PrintOptions) -> PrintOptions:
    """Paper that says who at work printed it, and on which day of the clinic."""
    staff = at_work()[0]
    return replace(options, printed_by=staff.shown or staff.name, printed_on=clinic_day())


def shown_name(visit: ListEntry, clinic: Clinic) -> str:
    """What a list calls them: their name where the clinic keeps names, else their code and initials."""
    if visit.name and clinic.keeps_names:
        return visit.name
    return " ".join(each for each in (visit.person.code, visit.name) if each)


def where(visit: ListEntry, state_names: Mapping[State, str]) -> str:
    """Where they are, in these words for each state."""
    state = visit.state
    if state == "answering":
        done, asked = visit.progress
        return _("Answering, %(done)s of %(asked)s", done=done, asked=asked)
    if state == "being-printed" and visit.in_file and visit.in_file.is_made:
        return _("Being printed, the file is there")
    return state_names[state]


def find_record(visit: ListEntry) -> OpenRecord | None:
    """Their answers; None before the first."""
    return open_record_of(visit.person.record_id) if visit.person.record_id else None


def record_to_answer(visit: ListEntry, clinic: ClinicStore | None = None) -> str:
    """The id of the record that they answer in now: a new one the first time; old answers are asked again."""
    record_id = visit.person.record_id
    if record_id is None:
        draft = Draft.new("self", region().units, today())
        made = create(draft).record_id
        record_id = (
            (clinic or clinic_store())
            .change_person(visit.person.person_id, lambda found: replace(found, record_id=found.record_id or made))
            .record_id
        )
        assert record_id is not None
    elif visit.is_old:
        begin_check(open_record_of(record_id))
    return record_id


def keep_summary(visit: ListEntry, open_record: OpenRecord) -> None:
    """Where a record was there before the person was on the list."""
    if SUMMARY not in visit.person.data:
        change_data(visit.person, {SUMMARY: summary(open_record)})


def plan_now(open_record: OpenRecord) -> StoredPlan | None:
    """The plan that the answers give today, as it was issued or else to look at; None where nothing can be judged."""
    if not open_record.draft.can_be_assessed:
        return None
    newest = find_plan(open_record)
    if newest and _is_of(newest, open_record):
        return newest
    data = plan_to_keep(definitions(), open_record.draft, open_record.revision, today())
    made = Submission(
        submission_id="", record_id=open_record.record_id, content_hash=definitions().content_hash, data=data
    )
    return read_plan(made)


def plan_to_hand_out(open_record: OpenRecord) -> StoredPlan | None:
    """The same, and from now on it is kept: the person finds on their phone what was printed."""
    found = plan_now(open_record)
    if found is None or found.submission.submission_id:
        return found
    work_out(open_record, secrets.token_urlsafe(16))
    return find_plan(open_record)


def _is_of(newest: StoredPlan, open_record: OpenRecord) -> bool:
    """Whether a plan was made of these answers, and knows the signs that stand."""
    standing = warnings_on_top(wording(), open_record.draft)
    is_newest = (
        newest.data.revision == open_record.revision and newest.submission.content_hash == definitions().content_hash
    )
    return is_newest and not unknown_to(newest.issued, standing) and not over(open_record, newest.issued)
