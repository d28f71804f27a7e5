"""A Paper is one person's plan with its text, language and print size; papers → one HTML document."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from checklists.assessing import Assessment, ChecklistResult
from checklists.because import Because
from checklists.defined import Definitions
from checklists.model import Region
from reports import words
from reports.explaining import Explanation, explain
from reports.plan import ActionPlan, PlannedAction

PrintPoints = Literal[12, 14, 18, 24]
PageSize = Literal["letter", "a4"]
Language = Literal["en", "es"]

CLINIC_CHARACTERS = 120
LARGE_PRINT_POINTS = 18
_TEMPLATES = Path(__file__).parent.parent / "templates"
_SOURCES = 2


@dataclass(frozen=True, kw_only=True)
class Paper:
    """Everything that stands on one person's paper; `clinic` is a name and phone number for its head."""

    definitions: Definitions
    assessment: Assessment
    plan: ActionPlan
    region: Region
    made_on: date
    print_points: PrintPoints = 14
    language: Language = "en"
    clinic: str | None = None
    answered_by: Literal["self", "helper", "unknown"] = "unknown"
    for_clinician: bool = False
    explanations: Mapping[str, Explanation] = field(default_factory=dict)

    def explained(self, result: ChecklistResult) -> Explanation:
        """What was kept with the plan, or worked out now for a plan that is made for the paper."""
        kept = self.explanations.get(result.id)
        return kept or explain(self.definitions, self.assessment, result)


@dataclass(frozen=True, kw_only=True)
class Card:
    """One action in the words that are printed."""

    title: str
    because: tuple[str, ...]
    how: tuple[str, ...]
    why: str
    who: str
    by: str
    cost: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """The warnings of one urgency: each thing to do with the signs that ask for it, then their actions."""

    word: str
    calls: tuple[tuple[str, tuple[str, ...]], ...]
    actions: tuple[Card, ...]
    says: tuple[tuple[str, str], ...]

    def is_told(self, form: "FridgeForm") -> bool:
        """Whether the first page tells it in full, or only that it stands."""
        return form.soon or self.word != "SOON"


@dataclass(frozen=True, kw_only=True)
class Room:
    """Actions that belong together, under one heading."""

    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, kw_only=True)
class Made:
    """How one checklist came to its level; `level` is empty where none may be shown."""

    title: str
    level: str
    word: str
    says: str
    score: str
    because: tuple[tuple[str, int], ...]
    changes: tuple[tuple[str, str], ...]
    could_move: tuple[str, ...]
    unknown: tuple[str, ...]
    own_rule: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One person's paper, ready to be laid out."""

    paper: Paper
    number: int
    clinic: str
    day: str
    message: str
    alarms: tuple[Alarm, ...]
    first: tuple[Card, ...]
    rooms: tuple[Room, ...]
    later: tuple[Card, ...]
    made: tuple[Made, ...]
    questions: tuple[str, ...]
    levels_shown: bool
    draft: bool
    blood_thinner: bool
    clinical: tuple[tuple[str, tuple[str, ...]], ...]
    form: "FridgeForm"

    @property
    def large_print(self) -> bool:
        return self.paper.print_points >= LARGE_PRINT_POINTS

    @property
    def heed(self) -> str:
        """What heads every page after the first while a warning cannot wait."""
        words = [alarm.word for alarm in self.alarms if alarm.word != "SOON"]
        return f"{' and '.join(words)}: see page 1 first" if words else ""


@dataclass(frozen=True, kw_only=True)
class FridgeForm:
    """What the first page says: so many becauses and hows an action, and how fully it tells the warnings."""

    becauses: int = 99
    hows: int = 1
    alarm_hows: bool = True
    alarm_in_lines: bool = True
    alarm_signs: int = 99
    soon: bool = True


_BARE = FridgeForm(becauses=0, hows=0)
_SHORT_ALARMS = replace(_BARE, alarm_hows=False, alarm_in_lines=False)
# What gives way when the first page is full, in this order; page 2 then says it.
_FORMS = (
    FridgeForm(),
    FridgeForm(becauses=3),
    FridgeForm(hows=0),
    FridgeForm(hows=0, becauses=3),
    FridgeForm(hows=0, becauses=1),
    _BARE,
    replace(_BARE, alarm_hows=False),
    _SHORT_ALARMS,
    replace(_SHORT_ALARMS, alarm_signs=3),
    replace(_SHORT_ALARMS, alarm_signs=1),
    replace(_SHORT_ALARMS, alarm_signs=1, soon=False),
)


def plan_html(papers: Sequence[Paper], page: PageSize) -> str:
    """One HTML document for any number of people, each on pages of their own; the same text for the same papers.

    :raises ValueError: no papers
    """
    if not papers:
        raise ValueError("there is no plan to print; give at least one")
    sheets = [_sheet(paper, number, page) for number, paper in enumerate(papers, start=1)]
    return (
        _environment()
        .get_template("reports/plan.html")
        .render(
            sheets=sheets,
            page=page,
            language=papers[0].language,
            made_on=max(each.made_on for each in papers),
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(words=words)
    return environment


def _sheet(paper: Paper, number: int, page: PageSize) -> Sheet:
    assessment, plan = paper.assessment, paper.plan
    first = tuple(_card(paper, each) for each in plan.first)
    alarms = tuple(_alarms(paper))
    sheet = Sheet(
        paper=paper,
        number=number,
        clinic=" ".join((paper.clinic or "").split())[:CLINIC_CHARACTERS],
        day=words.day_words(paper.made_on, paper.region),
        message=words.main_message(assessment, plan),
        alarms=alarms,
        first=first,
        rooms=tuple(_rooms(paper)),
        later=tuple(_card(paper, each) for each in plan.later),
        made=tuple(_made(paper, each) for each in assessment.checklists),
        questions=tuple(_said(paper, each.title) for each in plan.actions if each.action.kind == "medical"),
        levels_shown=words.level_may_be_shown(assessment),
        draft=any(each.review.status == "draft" for each in paper.definitions.checklists),
        blood_thinner=assessment.person.about.get("blood-thinner") in ("yes", "unsure"),
        clinical=tuple(_clinical(paper)) if paper.for_clinician else (),
        form=_BARE,
    )
    return sheet if paper.print_points >= LARGE_PRINT_POINTS else replace(sheet, form=_form(sheet, page))


def _card(paper: Paper, planned: PlannedAction) -> Card:
    person = paper.assessment.person
    return Card(
        title=_said(paper, planned.title),
        because=words.findings(paper.definitions, person, planned.because, private=True),
        how=tuple(_said(paper, step) for step in planned.how),
        why=_said(paper, planned.why),
        who=words.WHO_WORDS[planned.action.who],
        by=_by(paper, planned),
        cost="" if planned.action.cost == "free" else words.COST_WORDS[planned.action.cost],
        kind=planned.action.kind,
    )


def _said(paper: Paper, text: str) -> str:
    return words.ringing(text, paper.region)


def _by(paper: Paper, planned: PlannedAction) -> str:
    """A date; a number of days where the plan has no day to count from."""
    if planned.within_days == 0:
        return "Today"
    if planned.due is None:
        return f"Within {planned.within_days} day{'s' if planned.within_days > 1 else ''}"
    return words.day_words(planned.due, paper.region)


def _alarms(paper: Paper) -> Iterator[Alarm]:
    """One frame an urgency; a sign that only the person may read goes by its other name and without its text."""
    told: set[str] = set()
    actions = {each.id: each for each in paper.plan.of_warnings}
    for urgency, standing in groupby(paper.assessment.warnings, lambda warning: warning.urgency):
        warnings = tuple(standing)
        calls: dict[str, list[str]] = {}
        called = []
        for warning in warnings:
            name = words.warning_name(warning, private=True)
            calls.setdefault(_said(paper, warning.form.do), []).append(name)
            called += [each for each in warning.form.calls_for if each in actions and each not in told]
            told.update(called)
        yield Alarm(
            word=words.URGENCY_WORDS[urgency],
            calls=tuple((do, tuple(dict.fromkeys(names))) for do, names in calls.items()),
            actions=tuple(_card(paper, actions[each]) for each in called),
            says=tuple(
                (each.sign.name, _said(paper, each.form.says)) for each in warnings if each.sign.paper_says is None
            ),
        )


def _rooms(paper: Paper) -> Iterator[Room]:
    """What follows the first three, by group, and at home by room in the order of the home list."""
    for group, title in words.GROUP_WORDS.items():
        of_group = [each for each in paper.plan.next if each.action.group == group]
        for room in dict.fromkeys(_room_titles(paper, of_group)):
            cards = tuple(_card(paper, each) for each in of_group if _room_title(paper, each) == room)
            yield Room(title=f"{title}: {room}" if room else title, cards=cards)


def _room_titles(paper: Paper, of_group: Iterable[PlannedAction]) -> list[str]:
    order = ["", *_room_names(paper.definitions).values()]
    return sorted((_room_title(paper, each) for each in of_group), key=order.index)


def _room_title(paper: Paper, planned: PlannedAction) -> str:
    return _room_names(paper.definitions).get(planned.action.room or "", "")


def _room_names(definitions: Definitions) -> dict[str, str]:
    home = definitions.checklist_of.get("home")
    return {section.id: section.title for section in home.sections if section.room} if home else {}


def _made(paper: Paper, result: ChecklistResult) -> Made:
    definitions, assessment = paper.definitions, paper.assessment
    checklist = definitions.checklist_of[result.id]
    shown = words.level_may_be_shown(assessment)
    explained = paper.explained(result) if shown else None
    level = next((each for each in checklist.levels if each.level == result.risk_level), None)
    moved = [each for each in explained.changes if each.could_be != result.could_be] if explained else []
    could_move = [each.link_id for each in explained.unknown] if explained else []

    def said(because: Because) -> str:
        return words.finding(definitions, assessment.person, because, private=True)

    return Made(
        title=checklist.title,
        level=(result.risk_level or "unknown") if shown else "",
        word=words.level_word(result.could_be) if shown else "",
        says=_said(paper, level.says) if level and shown else "",
        score=words.score_words(result),
        because=tuple((said(each), each.score) for each in result.because),
        changes=tuple((said(each.because), words.level_word(each.could_be)) for each in moved),
        could_move=tuple(_name(definitions, result.id, each) for each in result.missing if each in could_move),
        unknown=tuple(_name(definitions, result.id, each) for each in result.missing if each not in could_move),
        own_rule=checklist.own_rule,
        sources=tuple(
            definitions.source_of[each].cite
            for each in (level.source if level and level.source else checklist.source)[:_SOURCES]
        ),
    )


def _name(definitions: Definitions, checklist: str, link_id: str) -> str:
    """What a question is about, in a few words."""
    question = definitions.question_of[link_id if "." in link_id else f"{checklist}.{link_id}"]
    return (question.name or question.finding).lower()


# ---- The clinician's page: headings with plain lines, so that nothing of it can be lost in a layout.

_TOOLS = {
    "tug": "Timed Up and Go",
    "tandem": "Tandem stand",
    "gait": "Gait speed",
    "chair_stand": "30-second chair stand",
    "orthostatic": "Lying and standing blood pressure",
    "wfg": "World Falls Guidelines 2022",
    "ost": "OST",
    "orai": "ORAI",
    "osiris": "OSIRIS",
    "height_loss_cm": "Height loss in cm",
    "dxa": "Bone density test (DXA)",
}


def _clinical(paper: Paper) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every part that has something to say; signs go by their full names here."""
    cites = {each: place for place, each in enumerate(_cited(paper), start=1)}
    parts = {
        "Warnings": tuple(_warning_lines(paper)),
        "Levels and scores, with the points of each answer": tuple(_level_lines(paper)),
        "Tools": tuple(f"{_TOOLS[each]}: {_plain(value)}" for each, value in paper.assessment.tools.items()),
        "Hazards at home, by room": tuple(_hazard_lines(paper)),
        "Answers about the person and the bones": tuple(_answer_lines(paper)),
        "Answered not sure, or not answered": tuple(_missing_lines(paper)),
        "Actions, with their evidence": tuple(_evidence_lines(paper, cites)),
        "Evidence": tuple(f"{place}. {paper.definitions.source_of[each].cite}" for each, place in cites.items()),
    }
    return ((heading, lines) for heading, lines in parts.items() if lines)


def _cited(paper: Paper) -> dict[str, None]:
    used = [paper.definitions.checklist_of[each.id].source for each in paper.assessment.checklists]
    used += [each.action.source for each in paper.plan.actions]
    return dict.fromkeys(source for sources in used for source in sources)


def _warning_lines(paper: Paper) -> Iterator[str]:
    for each in paper.assessment.warnings:
        found = words.findings(paper.definitions, paper.assessment.person, each.because)
        because = "" if found == (each.sign.name,) else f" ({', '.join(found)})"
        yield f"{words.URGENCY_WORDS[each.urgency]}: {each.sign.name}{because}. {_said(paper, each.form.do)}"


def _level_lines(paper: Paper) -> Iterator[str]:
    shown = words.level_may_be_shown(paper.assessment)
    for each in paper.assessment.checklists:
        found = (
            f"{words.finding(paper.definitions, paper.assessment.person, because)} {because.score}"
            for because in each.because
        )
        level = words.level_word(each.could_be) if shown else "level held back while a sign needs help now"
        score = words.score_words(each)
        head = f"{paper.definitions.checklist_of[each.id].title}: {level}{', ' if score else ''}{score}"
        yield f"{head}. {', '.join(found) or 'No answer made it'}."


def _hazard_lines(paper: Paper) -> Iterator[str]:
    home = paper.definitions.checklist_of.get("home")
    given = paper.assessment.person.answers.get("home", {})
    for section in home.sections if home else ():
        found = [each.finding for each in section.questions if given.get(each.link_id) == "yes"]
        if found:
            yield f"{section.title}: {', '.join(found)}."


def _answer_lines(paper: Paper) -> Iterator[str]:
    person = paper.assessment.person
    for checklist in ("about", "bone"):
        if checklist == "about" or checklist in person.answers:
            for fact, question in paper.definitions.asked[checklist]:
                given = person.given(fact)
                if given is not None:
                    yield f"{question.name or question.finding}: {_plain(given)}"


def _missing_lines(paper: Paper) -> Iterator[str]:
    for each in paper.assessment.checklists:
        names = [_name(paper.definitions, each.id, link_id) for link_id in each.missing]
        if names:
            yield f"{paper.definitions.checklist_of[each.id].title}: {', '.join(names)}."


def _evidence_lines(paper: Paper, cites: dict[str, int]) -> Iterator[str]:
    for each in paper.plan.actions:
        evidence = each.action.evidence
        numbers = ", ".join(str(cites[source]) for source in each.action.source)
        yield (
            f"{_said(paper, each.title)}: tier {each.tier}, certainty {evidence.certainty}. "
            f"{evidence.effect} Evidence {numbers}."
        )


def _plain(value: object) -> str:
    """A tool's value in words; None is not known."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')} {_plain(each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return " and ".join(_plain(each) for each in value) or "none"
    return str(value)


# ---- What the first page can hold, reckoned before anything is laid out: one rendering is enough.

_PAGE_POINTS = {"letter": 792, "a4": 842}
_MARGINS_POINTS = 2 * 56.7
_LINE_EM, _HEADING_EM, _SPARE_EM = 1.35, 1.2, 1.0
_TEXT_EM = 28.6
_BOLD = 1.07
_H1_EM, _TITLE = 1.36, "Your plan to stay steady and keep strong bones"
_EMS = {
    character: em
    for em, characters in (
        (0.26, " '’`|.,:;ijl!"),
        (0.35, 'rtf/I()[]{}"-“”'),
        (0.47, "cksvxyz?"),
        (0.87, "mwMW%@"),
    )
    for character in characters
}
_USUAL_EM, _CAPITAL_EM = 0.54, 0.62


def _form(sheet: Sheet, page: PageSize) -> FridgeForm:
    """The richest form that fits on one page, or the leanest."""
    room = (_PAGE_POINTS[page] - _MARGINS_POINTS) / sheet.paper.print_points - _SPARE_EM
    return next((form for form in _FORMS if _height(sheet, form) <= room), _FORMS[-1])


def _height(sheet: Sheet, form: FridgeForm) -> float:
    """In em of the body text, by the measures of static/print.css; rather a little too much."""
    millimeter = 2.835 / sheet.paper.print_points
    writing_lines = 2 * (10 * millimeter + 1.25)
    head = _lines(sheet.clinic, _TEXT_EM / 1.4 / _BOLD) * 1.7 + _H1_EM * (
        0.2 + _HEADING_EM * _lines(_TITLE, (_TEXT_EM + 9 * millimeter) / _H1_EM / _BOLD)
    )
    message = 0.8 + _LINE_EM * _lines(sheet.message, _TEXT_EM / _BOLD)
    foot = 0.6 + 2 * 0.86 * _LINE_EM
    alarms = sum(_alarm_height(each, form, millimeter) for each in sheet.alarms)
    cards = sum(_card_height(each, form, millimeter) for each in sheet.first)
    return writing_lines + head + message + alarms + cards + foot + (1.3 * 2.4 if sheet.first else 0)


def _alarm_height(alarm: Alarm, form: FridgeForm, millimeter: float) -> float:
    width = _TEXT_EM - 1.6 + 7 * millimeter
    height = 1.2 + 2.2 * millimeter
    if form.alarm_in_lines:
        height += 1.3 * _HEADING_EM
    else:
        width -= 5  # the word stands beside the text
    if not alarm.is_told(form):
        return height + 0.2 + _LINE_EM
    for do, signs in alarm.calls:
        named = ". ".join(signs[: form.alarm_signs]) + (", and more" if len(signs) > form.alarm_signs else "")
        if form.alarm_in_lines:
            height += 1.2 * _HEADING_EM * _lines(do, width / 1.2 / _BOLD)
        height += 0.1 + _LINE_EM * _lines(named if form.alarm_in_lines else f"{do}{do[:4]} {named}", width)
    for action in alarm.actions if form.alarm_hows else ():
        if action.by == "Today":
            height += 0.1 + _LINE_EM * _lines(" ".join(action.how), width)
        else:
            height += _title_height(action, width - 9 * millimeter, millimeter)
    return height


def _card_height(card: Card, form: FridgeForm, millimeter: float) -> float:
    height = 0.9 + _title_height(card, _TEXT_EM, millimeter)
    if form.becauses:
        because = f"Because you told us: {', '.join(card.because[: form.becauses])}, and more."
        height += 0.1 + _LINE_EM * _lines(because, _TEXT_EM)
    return height + sum(0.1 + _LINE_EM * _lines(step, _TEXT_EM) for step in card.how[: form.hows])


def _title_height(card: Card, width: float, millimeter: float) -> float:
    """A title, whose first line is as high as the box beside it, and who by when."""
    title = _lines(f"1. {card.title}", width / 1.1 / _BOLD)
    facts = _lines(f"Who: {card.who}. By when: {card.by}.", width / _BOLD)
    return 1.1 * _HEADING_EM * (title - 1) + max(7 * millimeter, 1.5) + 0.1 + _LINE_EM * facts


def _lines(text: str, width: float) -> int:
    """How many lines a text takes, word by word, at the usual widths of the letters."""
    lines, used = (1 if text else 0), 0.0
    for word in text.split():
        long = sum(_EMS.get(each, _CAPITAL_EM if each.isupper() else _USUAL_EM) for each in word)
        if used and used + _EMS[" "] + long > width:
            lines, used = lines + 1, 0.0
        used += long + (_EMS[" "] if used else 0)
    return lines
