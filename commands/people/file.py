"""The people of a file for a command: each assessed and planned, or with every fault in words."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import IO, Any

import click

from checklists import Assessment, Definitions, PersonError, assess, read_person
from checklists.files.definitions import WRITTEN_IN
from checklists.people.label import label_of
from checklists.people.people_file import PeopleFile, read_people
from checklists.people.quoting import harmless
from checklists.people.reading import NO_ANSWERS, PAIR
from checklists.people.records import Record
from checklists.people.sentence import Sentence, at, in_words, place_of
from checklists.people.tables.columns import LANGUAGE, Columns, columns_of
from checklists.people.tables.rows import TableRecord
from commands.streams import say
from reports.plan.build import ActionPlan, build_plan
from web.core.settings import definitions, region


class FileOfPeople(click.File):
    """A file of people, whose name does no harm in a sentence."""

    def __init__(self) -> None:
        super().__init__("rb")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The open file. :raises click.BadParameter: it cannot be opened"""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            raise click.BadParameter(harmless(error.message), ctx, param) from None


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


def in_language(text: str, language: str) -> str:
    """A sentence in the language of a command."""
    if language == WRITTEN_IN:
        return text
    from reports.words.speech import speech

    return in_words(text, speech(language, region().id).gettext)


def people_in(file: IO[bytes], language: str = WRITTEN_IN) -> PeopleFile:
    """The file, opened by its content."""
    try:
        found = read_people(file, table_columns)
    except OSError as error:
        raise _unreadable(file, error) from None
    return replace(found, records=_readable(file, found.records, language))


def _readable(file: IO[bytes], records: Iterator[Record], language: str) -> Iterator[Record]:
    nobody = True
    try:
        for record in records:
            nobody = False
            yield record
    except OSError as error:
        raise _unreadable(file, error) from None
    if nobody:
        say(in_language(_NOBODY, language))
        sys.exit(1)


def _unreadable(file: IO[bytes], error: OSError) -> click.UsageError:
    return click.UsageError(f"{harmless(file.name)} cannot be read: {error.strerror}.")


_NOTHING_FILLED = Sentence("no cell of a checklist is filled, nor warning-signs; fill one in, or remove the row")
_NOBODY = Sentence(
    "There is nobody in the file. Write each person as a row of a table. JSON works too, one object a line."
)
_URGENCY = {"now": Sentence("now"), "today": Sentence("today")}


@cache
def table_columns() -> Columns:
    """Every column that a table may have, in every language."""
    from reports.words.answer_words import answer_words, language_words

    known = definitions()
    labels = (words(known.languages, region().id) for words in (answer_words, language_words))
    return columns_of(known, *labels)


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
    """Which person, for standard error."""
    return Sentence("Row %(row)s", row=line) if in_a_table else Sentence("line %(line)s", line=line)


def urgent(each: Judged, *, in_a_table: bool) -> Iterator[Sentence]:
    """The person with the now and today warnings, to be said before anything else on standard error."""
    warnings = [warning for warning in each.assessment.warnings if warning.urgency != "soon"]
    if warnings:
        named = tuple(at(_URGENCY[warning.urgency], warning.sign.paper_says or warning.id) for warning in warnings)
        sentence = at(where(each.line, in_a_table=in_a_table), named)
        yield Sentence("%(warnings)s (%(label)s)", warnings=sentence, label=each.label) if each.label else sentence
