"""One record of a file → the person assessed and planned, or every fault in words: the same for command and page."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from checklists import Assessment, Definitions, PersonError, assess, read_person
from checklists.files.definitions import WRITTEN_IN
from checklists.people.label import label_of
from checklists.people.reading import NO_ANSWERS, PAIR
from checklists.people.records import Record
from checklists.people.sentence import Sentence, at, place_of
from checklists.people.tables.columns import LANGUAGE
from checklists.people.tables.rows import TableRecord
from reports.plan.build import ActionPlan, build_plan


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One person of a file, assessed and planned; `settings` say how this person's paper is printed."""

    record: Record
    assessment: Assessment
    plan: ActionPlan
    made_on: date
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def line(self) -> int:
        return self.record.line

    @property
    def label(self) -> str | None:
        """What the clinic calls the person."""
        return self.assessment.person.label

    @property
    def is_urgent(self) -> bool:
        """Whether a warning is not to wait for days."""
        return any(each.urgency != "soon" for each in self.assessment.warnings)


@dataclass(frozen=True, kw_only=True)
class Faulty:
    """One record that could not be assessed, and every reason."""

    record: Record
    faults: tuple[str, ...]

    @property
    def line(self) -> int:
        return self.record.line

    @property
    def has_no_answers(self) -> bool:
        """Whether nothing else is wrong but that nobody has answered yet."""
        return self.faults in ((NO_ANSWERS,), (_NOTHING_FILLED,))

    @property
    def label(self) -> str | None:
        """What the clinic calls the person, where that could be read."""
        return label_of(self.record.value)


_NOTHING_FILLED = Sentence("no cell of a checklist is filled, nor warning-signs; fill one in, or remove the row")
_URGENCY = {"now": Sentence("now"), "today": Sentence("today")}


def judge(known: Definitions, record: Record, today: date, language: str = WRITTEN_IN) -> Judged | Faulty:
    """The person assessed and planned, in the language that a row asks for, else in this one."""
    row = record if isinstance(record, TableRecord) else None
    faults = row.cell_faults if row else ()
    if record.fault is not None:
        return Faulty(record=record, faults=faults or (record.fault,))
    try:
        person = read_person(known, record.value)
    except PersonError as error:
        faults += tuple(_in_a_table(each, faults) for each in error.faults) if row else error.faults
    if faults := tuple(filter(None, faults)):
        return Faulty(record=record, faults=faults)
    settings = row.settings if row else {}
    if known.translations:  # assessing needs no words
        known = known.into(settings.get(LANGUAGE, language))
    made_on = person.today or today
    assessment = assess(known, person)
    plan = build_plan(known, assessment, today=made_on)
    return Judged(record=record, assessment=assessment, plan=plan, made_on=made_on, settings=settings)


def _in_a_table(fault: str, faults: tuple[str, ...]) -> str:
    """A fault of the record by the key of its column; nothing where the same cell has one already."""
    if fault == NO_ANSWERS:
        return "" if faults else _NOTHING_FILLED
    if isinstance(fault, Sentence):
        fault = fault.replaced("answers.", "").replaced(PAIR, "120/80")
    key = place_of(fault)
    return "" if any(each.startswith((f"{key}: ", f"{key}.")) for each in faults) else fault


def where(line: int, *, in_a_table: bool) -> Sentence:
    """Which person, in a sentence about a file."""
    return Sentence("Row %(row)s", row=line) if in_a_table else Sentence("line %(line)s", line=line)


def urgent(each: Judged, *, in_a_table: bool) -> Iterator[Sentence]:
    """The person with the now and today warnings, to be said before anything else on standard error."""
    warnings = [warning for warning in each.assessment.warnings if warning.urgency != "soon"]
    if warnings:
        named = tuple(at(_URGENCY[warning.urgency], warning.sign.paper_says or warning.id) for warning in warnings)
        sentence = at(where(each.line, in_a_table=in_a_table), named)
        yield Sentence("%(warnings)s (%(label)s)", warnings=sentence, label=each.label) if each.label else sentence
