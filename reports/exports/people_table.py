"""The empty table for a clinic: what stands above each column, what may be chosen in it, and how it is explained."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from checklists.files.definitions import Definitions
from checklists.files.grammar import FALLS
from checklists.files.model import Measure
from checklists.people.label import LABEL
from checklists.people.tables.columns import LANGUAGE, MEASURES, PAGE, PAGES, PRINT, SIGNS, SIZES, TODAY
from checklists.people.tables.spelling import without_brackets
from reports.words.questions import YES_NO, answers_of
from reports.words.speech import N_, speech
from reports.words.words import Words

_PRESSURES = {
    "lying": N_("%(test)s, lying"),
    "min1": N_("%(test)s, after 1 minute of standing"),
    "min3": N_("%(test)s, after 3 minutes of standing"),
}
_HOW_TO_FILL_IN = (
    N_("Each row is one person. Start in row 3. Rows 1 and 2 stay as they are."),
    N_("Leave a cell empty if nobody asked. An empty cell never counts as no."),
    N_("Write ? if the person is not sure."),
    N_("You may type y for yes, n for no, and a number with a point or a comma."),
    N_("A list is judged when one of its cells is filled. Leave out lists that you do not use."),
    N_("Weight is in kilograms, height in centimeters, blood pressure like 150/80."),
    N_("Warning signs come first. Write none if the person has none of them. Write each sign by its word below."),
    N_("The last three columns are for one person's paper: size of print, language, size of the page."),
)


@dataclass(frozen=True, kw_only=True)
class TableColumn:
    """A column of the table: the question above its key, and what may stand in its cells."""

    key: str
    ask: str
    choices: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    kind: Literal["text", "day", "number"] = "text"

    @property
    def part(self) -> str:
        """What columns of one list share."""
        return self.key.split(".")[0] if "." in self.key else ""


@dataclass(frozen=True, kw_only=True)
class PeopleTable:
    """A table with nobody in it, in one language."""

    title: str
    columns: tuple[TableColumn, ...]
    explaining_title: str
    explaining: tuple[str, ...]
    signs: tuple[tuple[str, str], ...]
    number_fault: str


def people_table(words: Words, lists: Sequence[str]) -> PeopleTable:
    """The table for these checklists."""
    _ = words.speech.gettext
    return PeopleTable(
        title=_("People"),
        columns=tuple(_columns(words, lists)),
        explaining_title=_("How to fill it in"),
        explaining=tuple(_(each) for each in _HOW_TO_FILL_IN),
        signs=tuple((each.id, words.ringing(each.ask)) for each in words.definitions.warning_signs.signs if each.ask),
        number_fault=_("This number is not likely. Is it right?"),
    )


def _columns(words: Words, lists: Sequence[str]) -> Iterator[TableColumn]:
    _, definitions = words.speech.gettext, words.definitions
    yield TableColumn(key=LABEL, ask=_("Name or record number"))
    yield TableColumn(key=TODAY, ask=_("Day of the answers"), kind="day")
    signs = (_("None").lower(), *(each.id for each in definitions.warning_signs.signs if each.ask))
    yield TableColumn(key=SIGNS, ask=definitions.warning_signs.ask, choices=signs)
    for name in ("about", *(name for name in definitions.checklist_of if name in lists)):
        yield from _questions(words, name)
    if FALLS in lists:
        for link_id, measure in definitions.measure_of.items():
            yield from _measured(words, f"{MEASURES}.{link_id}", measure)
    yield TableColumn(key=PRINT, ask=_("Size of print"), choices=SIZES)
    yield TableColumn(key=LANGUAGE, ask=_("Language"), choices=_languages(definitions, words.region.id))
    yield TableColumn(key=PAGE, ask=_("Size of the page"), choices=PAGES)


def _questions(words: Words, name: str) -> Iterator[TableColumn]:
    for fact, question in words.definitions.asked[name]:
        unit = f" ({question.unit})" if question.unit in ("kg", "cm") else ""
        is_number = question.answers in ("whole-number", "decimal")
        labels = () if is_number else answers_of(words, question, helping=False)
        yield TableColumn(
            key=fact,
            ask=f"{question.ask}{unit}",
            choices=tuple(without_brackets(label) for _, label in labels),
            low=question.low,
            high=question.high,
            kind="number" if is_number else "text",
        )


def _measured(words: Words, key: str, measure: Measure) -> Iterator[TableColumn]:
    _ = words.speech.gettext
    yes_no = tuple(_(label) for code, label in YES_NO if code != "unsure")
    if measure.kind == "blood-pressure":
        for name, says in _PRESSURES.items():
            yield TableColumn(key=f"{key}.{name}", ask=_(says, test=measure.name))
        yield TableColumn(key=f"{key}.dizzy", ask=_("Dizzy on standing"), choices=yes_no)
    elif measure.kind == "yes-no":
        yield TableColumn(key=key, ask=measure.name, choices=yes_no)
    else:
        unit = {"seconds": _("seconds"), "speed": _("meters a second"), "count": _("times")}[measure.kind]
        yield TableColumn(key=key, ask=f"{measure.name} ({unit})", low=measure.low, high=measure.high, kind="number")


def _languages(definitions: Definitions, region: str) -> tuple[str, ...]:
    return tuple(speech(language, region).own_name for language in definitions.languages)
