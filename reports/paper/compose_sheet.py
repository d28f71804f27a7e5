"""Paper → Sheet: the plan in words, grouped as it is read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import groupby

from checklists.files.definitions import Definitions
from checklists.files.guides import Guide
from checklists.rules.assessing import ChecklistResult
from checklists.rules.because import Because
from reports.paper.clinician import clinical
from reports.paper.compose_card import compose_card, without_break
from reports.paper.fridge import BARE, fitting
from reports.paper.plan_paper import PageSize, Paper
from reports.paper.sheet import Alarm, Card, GettingUp, Made, Room, Sheet
from reports.plan.build import PlannedAction
from reports.plan.order import parts_of
from reports.plan.steps import Step
from reports.words.headline import headline
from reports.words.words import level_may_be_shown

_FEW = 2


def write_sheet(paper: Paper, number: int, page: PageSize) -> Sheet:
    assessment, plan = paper.assessment, paper.plan
    parts = parts_of(paper.definitions, assessment, plan, paper.standings)
    cards = {each.id: compose_card(paper, each) for part in parts for each in part.actions}

    def cards_of(actions: Iterable[Step | PlannedAction]) -> tuple[Card, ...]:
        return tuple(cards[each.id] for each in actions)

    first = cards_of(plan.first)
    alarms = tuple(_alarms(paper, cards))
    words, _ = paper.words, paper.words.speech.gettext
    versions = _("Made by these rules: %(versions)s.", versions=_versions(paper.definitions))
    sheet = Sheet(
        paper=paper,
        number=number,
        title=_("Your plan to stay steady and keep strong bones"),
        clinic=paper.clinic or "",
        day=words.day(paper.made_on),
        message=headline(words, assessment, plan),
        first_title=words.speech.ngettext("Do this first", "Do these %(num)s first", len(first)),
        versions=versions,
        small_print=" ".join(_small_print(paper, versions)),
        alarms=alarms,
        first=first,
        rooms=tuple(
            Room(title=words.place(part.group, part.room), cards=cards_of(part.actions))
            for part in parts
            if part.kind == "group"
        ),
        later=cards_of(plan.later),
        own=tuple(cards[each.id] for part in parts if part.kind == "own" for each in part.actions),
        made=() if plan.help_first else tuple(_made(paper, each) for each in assessment.checklists),
        explained=tuple(_explained(paper)),
        questions=tuple(without_break(paper, each.title) for each in plan.told if each.action.kind == "medical"),
        levels_shown=level_may_be_shown(assessment),
        draft=paper.definitions.is_draft,
        getting_up=_getting_up(paper),
        blood_thinner=assessment.person.about.get("blood-thinner") in ("yes", "unsure"),
        clinical=tuple(clinical(paper)) if paper.for_clinician else (),
        guides=tuple(_guides(paper)),
        form=BARE,
    )
    return replace(sheet, form=fitting(sheet, page))


def _small_print(paper: Paper, versions: str) -> Iterator[str]:
    _ = paper.words.speech.gettext
    yield _("Made on %(day)s.", day=paper.words.day(paper.made_on))
    if paper.old:
        yield paper.old
    if paper.definitions.is_draft:
        yield _("This text has not been checked by a clinician yet.")
    yield _("This plan is not a diagnosis. Ask your doctor or pharmacist before you change anything.")
    if paper.plan.help_first:  # there is no page of results that would say it
        yield versions


def _getting_up(paper: Paper) -> GettingUp:
    """What may be said of getting up after a fall: the table of safety.yaml, with the reason where it is the spine.

    Unknown never counts as no: whoever left open what would forbid it is not told to get up alone.
    """
    spine = paper.assessment.person.about.get("spine-fracture-now")
    if spine in ("yes", "unsure"):
        return "fresh-fracture" if spine == "yes" else "back-unchecked"
    forbidden = paper.definitions.safety.forbids("get-up-from-floor", paper.assessment.possible_states)
    return "with-help" if forbidden else "alone"


def _guides(paper: Paper) -> Iterator[Guide]:
    """The short pages on recovery and treatment come along after a fracture of the spine."""
    if paper.plan.help_first or paper.assessment.person.about.get("spine-fracture-now") != "yes":
        return
    for guide in paper.definitions.guides.guides:
        if guide.after_spine_fracture:
            yield guide.said(partial(without_break, paper))


def _explained(paper: Paper) -> Iterator[tuple[str, str]]:
    said = (text for each in paper.plan.told for text in (each.title, each.why, *each.how))
    for term in paper.definitions.glossary.found_in(said):
        if not term.plain_on_paper:
            yield term.term, term.means


def _versions(definitions: Definitions) -> str:
    versions = (f"{each.id} {each.version}" for each in definitions.checklists)
    return ", ".join((*versions, f"text {definitions.content_hash[:12]}"))


def _alarms(paper: Paper, cards: Mapping[str, Card]) -> Iterator[Alarm]:
    """One frame an urgency; a sign that only the person may read goes by its other name and without its text."""
    told: set[str] = set()
    actions = {each.id for each in paper.plan.told if each.of_warning}
    for urgency, standing in groupby(paper.assessment.warnings, lambda warning: warning.urgency):
        warnings = tuple(standing)
        calls: dict[str, list[str]] = {}
        called = []
        for warning in warnings:
            name = paper.words.warning_name(warning, private=True)
            calls.setdefault(without_break(paper, warning.form.do), []).append(name)
            called += [each for each in warning.form.calls_for if each in actions and each not in told]
            told.update(called)
        yield Alarm(
            word=paper.words.urgency(urgency),
            is_now=urgency == "now",
            is_soon=urgency == "soon",
            calls=tuple((do, tuple(dict.fromkeys(names))) for do, names in calls.items()),
            actions=tuple(cards[each] for each in called),
            says=tuple(
                (each.sign.name, without_break(paper, each.form.says))
                for each in warnings
                if each.sign.paper_says is None
            ),
        )


def _made(paper: Paper, result: ChecklistResult) -> Made:
    definitions, assessment, words = paper.definitions, paper.assessment, paper.words
    checklist = definitions.checklist_of[result.id]
    shown = level_may_be_shown(assessment)
    explained = paper.explained(result) if shown else None
    level = next((each for each in checklist.levels if each.level == result.risk_level), None)
    moved = [each for each in explained.changes if each.could_be != result.could_be] if explained else []
    could_move = [each.link_id for each in explained.unknown] if explained else []

    def said(because: Because) -> str:
        return words.finding(assessment.person, because, private=True)

    def named(link_id: str) -> str:
        return words.question_name(result.id, link_id)

    return Made(
        title=checklist.title,
        level=(result.risk_level or "unknown") if shown else "",
        word=words.level(result.could_be) if shown else "",
        score=words.score(result),
        because=tuple((said(each), each.score) for each in result.because),
        changes=_summed_up(
            paper, [(said(each.because), words.level(each.could_be)) for each in moved], len(result.because)
        ),
        could_move=tuple(named(each) for each in result.missing if each in could_move),
        unknown=tuple(named(each) for each in result.missing if each not in could_move),
        own_rule=checklist.own_rule,
        note=words.tested(checklist, assessment.person.about.get("age")),
        source=words.cite((level.source if level and level.source else checklist.source)[0]),
    )


def _summed_up(paper: Paper, changes: list[tuple[str, str]], made_by: int) -> tuple[tuple[str, str], ...]:
    """Where each of many answers that made a level would by itself make the same difference, that is said once."""
    alike = len(changes) == made_by > _FEW and len({word for _, word in changes}) == 1
    return ((paper.words.speech.gettext("any one of these"), changes[0][1]),) if alike else tuple(changes)
