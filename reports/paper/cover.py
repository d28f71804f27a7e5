"""The cover list of a pile of plans, for the desk: who is urgent, which pages are whose, and who was not printed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from checklists.files.grammar import BONE, FALLS
from checklists.people.sentence import in_words
from checklists.rules.assessing import Assessment
from reports.paper.plan_paper import Paper
from reports.words.speech import Speech
from reports.words.words import Words, level_may_be_shown

_URGENCIES = ("now", "today", "soon", "")
_NOT_PRINTED_SHOWN = 60


@dataclass(frozen=True, kw_only=True)
class NotPrinted:
    """Somebody of the file whose plan is not in the pile; `why` is a sentence of the command."""

    row: int
    label: str | None
    why: str


@dataclass(frozen=True, kw_only=True)
class CoverRow:
    """One plan of the pile: `sheet` is its number there, `row` that in the file; an empty level is not shown."""

    sheet: int
    row: int
    label: str
    urgency: str
    urgency_word: str
    levels: tuple[tuple[str, str], ...]
    printed: str


@dataclass(frozen=True, kw_only=True)
class Cover:
    """The list in words, most urgent first."""

    speech: Speech
    clinic: str
    summary: str
    lists: tuple[str, ...]
    rows: tuple[CoverRow, ...]
    not_printed: tuple[NotPrinted, ...]
    not_shown: int


def write_cover(words: Words, papers: Sequence[tuple[int, Paper]], left_out: Sequence[NotPrinted]) -> Cover:
    """The cover of these papers, each with its row in the file."""
    lists = [name for name in (FALLS, BONE) if any(_taken(paper, name) for _, paper in papers)]
    numbered = [(sheet, row, paper) for sheet, (row, paper) in enumerate(papers, start=1)]
    numbered.sort(key=lambda each: (*_rank(each[2].assessment), each[1]))
    return Cover(
        speech=words.speech,
        clinic=papers[0][1].clinic or "",
        summary=_summary(words, len(papers), max(paper.made_on for _, paper in papers)),
        lists=tuple(words.definitions.checklist_of[name].short for name in lists),
        rows=tuple(
            CoverRow(
                sheet=sheet,
                row=row,
                label=paper.label or "",
                urgency=_urgency(paper.assessment),
                urgency_word=words.urgency(urgency) if (urgency := _urgency(paper.assessment)) else "",
                levels=tuple(_level(words, paper.assessment, name) for name in lists),
                printed=f"{paper.print_points} {paper.language}",
            )
            for sheet, row, paper in numbered
        ),
        not_printed=tuple(
            replace(each, why=in_words(each.why, words.speech.gettext)) for each in left_out[:_NOT_PRINTED_SHOWN]
        ),
        not_shown=max(0, len(left_out) - _NOT_PRINTED_SHOWN),
    )


def _summary(words: Words, plans: int, day: date) -> str:
    _ = words.speech.gettext
    count = words.speech.ngettext("%(num)s plan, %(day)s.", "%(num)s plans, %(day)s.", plans, day=words.day(day))
    desk = _("Most urgent first. Keep this list at the desk. It is for nobody else.")
    return f"{count} {desk}"


def _taken(paper: Paper, name: str) -> bool:
    return any(each.id == name for each in paper.assessment.checklists)


def _urgency(assessment: Assessment) -> str:
    return assessment.warnings[0].urgency if assessment.warnings else ""


def _rank(assessment: Assessment) -> tuple[int, int]:
    """Warnings first, then who is high, may be high, is raised, is lower."""
    levels = assessment.overall
    rank = 0 if levels == ("high",) else 1 if "high" in levels else 2 if "moderate" in levels else 3
    return _URGENCIES.index(_urgency(assessment)), rank


def _level(words: Words, assessment: Assessment, name: str) -> tuple[str, str]:
    """The shape and the word of a level; neither beside a sign that needs help now, nor of a list not taken."""
    found = next((each for each in assessment.checklists if each.id == name), None)
    if found is None or not level_may_be_shown(assessment):
        return "", ""
    return found.risk_level or "unknown", words.level(found.could_be)


def pages_in_file(own_pages: int, people: Iterable[Sequence[int]]) -> Iterator[str]:
    """Where each person's papers lie in a file that begins with a list of so many pages, such as 3–8.

    :param people: how many pages each of their papers has; each begins on a sheet of its own
    """
    before = _on_sheets(own_pages)
    for pages in people:
        last = before + sum(map(_on_sheets, pages[:-1])) + pages[-1]
        yield f"{before + 1}–{last}" if last > before + 1 else str(last)
        before += sum(map(_on_sheets, pages))


def _on_sheets(pages: int) -> int:
    return pages + pages % 2
