"""The clinician's page: headings with plain lines, one page at 10 points, reckoned from measured text."""

from collections.abc import Iterator, Sequence

from checklists.files.grammar import BONE
from checklists.people.units import PageSize
from checklists.rules.because import Because
from checklists.rules.person import Person
from reports.paper.fitting import page_pt
from reports.paper.letters import lines
from reports.paper.plan_paper import Paper
from reports.words.tool_words import tools_in_words, value_in_words
from reports.words.words import Words, inside_sentence, level_may_be_shown

CLINICIAN_POINTS = 10
_MOST_PHRASES = (99, 20, 14, 10, 7, 5, 3, 2, 1)
_HEAD_PT, _HEADING_PT, _LINE = 110.0, 21.0, 1.22

Parts = tuple[tuple[str, tuple[str, ...]], ...]


def clinical(paper: Paper, page: PageSize) -> Parts:
    """Every part that has something to say, lists cut short where one page could not hold them all.

    Signs go by their full names here.
    """
    width, height = page_pt(page)
    room = height - _HEAD_PT
    for most in _MOST_PHRASES:
        parts = tuple((heading, lines) for heading, lines in _parts(paper, most).items() if lines)
        if _height(parts, width) <= room:
            break
    return parts


def everything_clinical(paper: Paper) -> Parts:
    """The same in full, for a page on the screen, which has its own place for warnings and levels: the first two."""
    return tuple((heading, texts) for heading, texts in tuple(_parts(paper, 99).items())[2:] if texts)


def _height(parts: Parts, width: float) -> float:
    line = CLINICIAN_POINTS * _LINE
    total = sum(lines(f"• {each}", width / CLINICIAN_POINTS - 1) for _, texts in parts for each in texts)
    return len(parts) * _HEADING_PT + total * line


def _parts(paper: Paper, most: int) -> dict[str, tuple[str, ...]]:
    _ = paper.words.speech.gettext
    answers = _some(paper, tuple(_answers(paper)), 2 * most, "; ")
    tools = tools_in_words(paper.words, paper.assessment.tools)
    cited = dict.fromkeys(_source(paper, each.id) for each in paper.assessment.checklists)
    return {
        _("Warnings"): tuple(_warning_lines(paper)),
        _("Levels and scores, with the points of each answer"): tuple(_level_lines(paper, most)),
        _("Tools"): (f"{tools}.",) if tools else (),
        _("Hazards at home, by room"): tuple(_hazard_lines(paper, most)),
        _("Answers about the person and the bones"): (f"{answers}.",) if answers else (),
        _("Answered not sure, or not answered"): tuple(_missing_lines(paper, most)),
        _("Evidence"): ("; ".join(paper.words.cite(each) for each in cited),) if cited else (),
    }


def _source(paper: Paper, checklist: str) -> str:
    """The one that a list follows."""
    return paper.definitions.checklist_of[checklist].source[0]


def _some(paper: Paper, phrases: Sequence[str], most: int, between: str = ", ") -> str:
    more = paper.words.speech.gettext(", and %(num)s more", num=len(phrases) - most) if len(phrases) > most else ""
    return between.join(phrases[:most]) + more


def _warning_lines(paper: Paper) -> Iterator[str]:
    words = paper.words
    for each in paper.assessment.warnings:
        found = words.findings(paper.assessment.person, each.because)
        because = "" if found == (inside_sentence(each.sign.name),) else f" ({', '.join(found)})"
        yield f"{words.urgency(each.urgency)}: {each.sign.name}{because}. {words.ringing(each.form.do)}"


def _level_lines(paper: Paper, most: int) -> Iterator[str]:
    words, _ = paper.words, paper.words.speech.gettext
    shown = level_may_be_shown(paper.assessment)
    for each in paper.assessment.checklists:
        found = [with_points(words, paper.assessment.person, because) for because in each.because]
        level = words.level(each.could_be) if shown else _("level held back while a sign needs help now")
        score = words.score(each)
        head = f"{paper.definitions.checklist_of[each.id].title}: {level}{', ' if score else ''}{score}"
        yield f"{head}. {_some(paper, found, most) or _('No answer made it')}."


def with_points(words: Words, person: Person, because: Because) -> str:
    """An answer or a test that made a level, with its points where it has any."""
    text = words.finding(person, because)
    return f"{text} ({because.score})" if because.score else text


def _hazard_lines(paper: Paper, most: int) -> Iterator[str]:
    rooms = paper.definitions.rooms
    answered = paper.assessment.person.answers.get(rooms.id, {})
    for section in rooms.sections:
        found = [each.finding for each in section.questions if answered.get(each.link_id) == "yes"]
        if found:
            yield f"{section.title}: {_some(paper, found, most)}."


def _answers(paper: Paper) -> Iterator[str]:
    person = paper.assessment.person
    for checklist in ("about", BONE):
        if checklist == "about" or checklist in person.answers:
            for fact, question in paper.definitions.asked[checklist]:
                answered = person.answer(fact)
                if answered is not None:
                    labels = {option.code: option.label for option in question.options}
                    unit = f" {question.unit}" if question.unit in ("kg", "cm") and answered != "unsure" else ""
                    total = labels.get(str(answered)) or value_in_words(paper.words, answered)
                    yield f"{question.name or question.finding}: {total}{unit}"


def _missing_lines(paper: Paper, most: int) -> Iterator[str]:
    for each in paper.assessment.checklists:
        names = [paper.words.question_name(each.id, link_id) for link_id in each.missing]
        if names:
            yield f"{paper.definitions.checklist_of[each.id].title}: {_some(paper, names, most)}."
