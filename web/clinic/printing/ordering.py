"""Many people of a clinic → an order for the print queue: each with the plan made last, or blank lists."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from reports.paper.plan_paper import PrintOptions
from reports.words.speech import N_, speech
from storage.clinics.model import Clinic, Person
from storage.model import RecordNotFound, SealBroken
from storage.print_queue import RECORDS_IN
from web.clinic.desk.list_entry import ListEntry
from web.clinic.desk.on_the_list import find_record, label_on_paper, plan_to_hand_out
from web.core.settings import definitions
from web.core.speaking import language_in, speak_of, words_of
from web.core.stores import store
from web.visitor.own_clinic import as_reviewed
from web.visitor.stored_plan import StoredPlan, content_of, old_answers, read_plan

if TYPE_CHECKING:
    from reports.batch.order import Missing, Order, PersonToPrint

NOT_ANSWERED, NOT_MENDED = N_("has not answered yet"), N_("their row has to be mended first")
DAMAGED = N_("what is stored of them is damaged")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """How a batch is printed, and by whom."""

    clinic: Clinic
    options: PrintOptions
    as_files: bool
    with_urgent: bool
    with_blank: bool
    title: str
    start: str

    def order(self, entries: Iterable["PersonToPrint"], missing: Iterable["Missing"]) -> "Order":
        """All these people, and who gets no paper, in one order."""
        from reports.batch.order import Order

        return Order(
            kind="zip" if self.as_files else "pdf",
            options=self.options,
            entries=tuple(entries),
            missing=tuple(missing),
            title=self.title,
            with_urgent=self.with_urgent,
            start=self.start,
        )

    def missing(self, row: int, label: str, why: str) -> "Missing":
        """Somebody who gets no paper; why is said in the language of the cover list."""
        from reports.batch.order import Missing

        return Missing(row=row, label=label, why=speech(self.options.language, self.options.region).gettext(why))


Contents = Mapping[int, tuple[str, Mapping[str, Any]]]
"""By the row of somebody in an order: the record whose plan it is, whose record, and of which revision."""


def order_of(people: Iterable[Person], wanted: Wanted) -> tuple["Order", Contents]:
    """The whole batch, everybody in the order of the list, and whose plans it holds."""
    found: list[PersonToPrint] = []
    missing: list[Missing] = []
    contents: dict[int, tuple[str, Mapping[str, Any]]] = {}
    for row, person in enumerate(people, start=1):
        try:
            stored = _latest_plan(person)
            to_print = _to_print(row, person, stored, wanted)
        except SealBroken:  # of this one; the others come out
            missing.append(wanted.missing(row, label_on_paper(person), DAMAGED))
            continue
        if to_print.plan is None and not to_print.blank:
            missing.append(wanted.missing(row, to_print.label, NOT_ANSWERED))
        else:
            found.append(to_print)
        if stored is not None:
            held = {"id": person.person_id, "row": row, "revision": stored.data.revision}
            contents[row] = stored.submission.record_id, held
    return wanted.order(found, missing), contents


def queue(order: "Order", contents: Contents, clinic_id: str, by: str) -> int:
    """Puts it into the queue, a job a file; how many files that will be."""
    from reports.batch.order import in_parts, to_json

    known = definitions()
    store().keep_content(known.content_hash, known.as_json)
    jobs = []
    for part in in_parts(order):
        about: dict[str, Any] = {
            "title": order.title,
            "by": by,
            "kind": order.kind,
            "part": part.part,
            "parts": part.parts,
            "plans": len(part.printed),
            "held_back": len(part.held_back),
            RECORDS_IN: dict(contents[each.row] for each in part.printed if each.row in contents),
        }
        jobs.append((about, to_json(part)))
    store().queue_print_jobs(clinic_id, jobs)
    return len(jobs)


def _to_print(row: int, person: Person, stored: StoredPlan | None, wanted: Wanted) -> "PersonToPrint":
    from reports.batch.order import PersonToPrint

    visit = ListEntry(person)
    known = content_of(stored.submission.content_hash) if stored else definitions()
    spoken = language_in(known, visit.language or wanted.options.language)
    blank = PersonToPrint(
        row=row,
        label=label_on_paper(person),
        options=as_reviewed(replace(wanted.options, language=spoken), wanted.clinic, known),
        blank=visit.lists if wanted.with_blank else (),
    )
    if stored is None:
        return blank
    urgent = [each.urgency for each in stored.issued.assessment.warnings if each.urgency != "soon"]
    urgency = (visit.last.urgency if visit.last else "") or next(iter(urgent), "")
    return replace(
        blank,
        blank=(),
        plan=stored.data.codes,
        content_hash=stored.submission.content_hash,
        ticks=tuple(dict(each) for each in store().list_ticks(stored.submission.record_id)),
        answered_by=stored.data.answered_by,
        old=old_answers(replace(stored, words=words_of(known, spoken))),
        speak_first=bool(urgency) and visit.spoken_of != urgency,
    )


def _latest_plan(person: Person) -> StoredPlan | None:
    """Who has answered everything, on a phone perhaps, need not have asked for a plan: it is made now."""
    try:
        if ListEntry(person).is_complete and (open_record := find_record(ListEntry(person))):
            made = plan_to_hand_out(open_record)
            speak_of("")  # the page is about nobody in particular
            return made
        found = store().find_latest_submission(person.record_id) if person.record_id else None
    except RecordNotFound:
        return None
    return read_plan(found) if found else None
