"""The clinician's page: headings with plain lines, one page at 10 points, reckoned from measured text."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from checklists.files.grammar import BONE
from checklists.people.units import PageSize
from reports.paper.fitting import page_pt
from reports.paper.letters import lines
from reports.paper.plan_paper import Paper
from reports.words.speech import N_
from reports.words.words import inside_sentence, level_may_be_shown

_TOOLS = {
    "tug": N_("Timed Up and Go"),
    "tandem": N_("Tandem stand"),
    "gait": N_("Gait speed"),
    "chair_stand": N_("30-second chair stand"),
    "orthostatic": N_("Lying and standing blood pressure"),
    "wfg": N_("World Falls Guidelines 2022"),
    "ost": N_("OST"),
    "orai": N_("ORAI"),
    "osiris": N_("OSIRIS"),
    "height_loss_cm": N_("Height loss in cm"),
    "dxa": N_("Bone density test (DXA)"),
}
_FIELDS = {
    "seconds": N_("seconds"),
    "m_s": N_("m/s"),
    "count": N_("times"),
    "at_risk": N_("at risk"),
    "below_average": N_("below average"),
    "drop": N_("drop"),
    "positive": N_("positive"),
    "value": N_("value"),
    "less_certain": N_("less certain"),
    "due": N_("due"),
    "why": N_("reasons"),
}
_CODES = {
    "unable": N_("tried and not managed"),
    "needs-gait-test": N_("needs a gait test"),
    "intermediate": N_("intermediate"),
    "low": N_("low"),
    "high": N_("high"),
    "age": N_("age"),
    "fracture": N_("a broken bone after 50"),
    "height-loss": N_("height loss"),
    "spine-fracture": N_("a spine fracture"),
    "ost": N_("OST"),
    "risk-factor": N_("a risk factor"),
    "yes": N_("yes"),
    "no": N_("no"),
    "unsure": N_("not sure"),
}
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


def _height(parts: Parts, width: float) -> float:
    line = CLINICIAN_POINTS * _LINE
    total = sum(lines(f"• {each}", width / CLINICIAN_POINTS - 1) for _, texts in parts for each in texts)
    return len(parts) * _HEADING_PT + total * line


def _parts(paper: Paper, most: int) -> dict[str, tuple[str, ...]]:
    _ = paper.words.speech.gettext
    answers = _some(paper, tuple(_answers(paper)), 2 * most, "; ")
    tools = "; ".join(f"{_(_TOOLS[each])}: {_plain(paper, value)}" for each, value in paper.assessment.tools.items())
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
        found = [f"{words.finding(paper.assessment.person, because)} {because.score}" for because in each.because]
        level = words.level(each.could_be) if shown else _("level held back while a sign needs help now")
        score = words.score(each)
        head = f"{paper.definitions.checklist_of[each.id].title}: {level}{', ' if score else ''}{score}"
        yield f"{head}. {_some(paper, found, most) or _('No answer made it')}."


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
                    total = labels.get(str(answered)) or _plain(paper, answered)
                    yield f"{question.name or question.finding}: {total}{unit}"


def _missing_lines(paper: Paper, most: int) -> Iterator[str]:
    for each in paper.assessment.checklists:
        names = [paper.words.question_name(each.id, link_id) for link_id in each.missing]
        if names:
            yield f"{paper.definitions.checklist_of[each.id].title}: {_some(paper, names, most)}."


def _plain(paper: Paper, value: object) -> str:
    """A tool's value in words; None is not known."""
    _ = paper.words.speech.gettext
    if value is None:
        return _("not known")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | Decimal):
        return paper.words.speech.number(value)
    if isinstance(value, dict):
        return ", ".join(f"{_(_FIELDS[key])} {_plain(paper, each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return paper.words.speech.listed([_plain(paper, each) for each in value]) or _("none")
    return _(_CODES[str(value)]) if str(value) in _CODES else str(value)
