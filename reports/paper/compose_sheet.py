"""Paper → Sheet: the plan in words, each step with its one box, grouped as it is read."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import groupby

from checklists.files.definitions import Definitions
from checklists.files.guides import Guide
from checklists.people.phone_numbers import at_end
from checklists.people.units import PageSize
from checklists.rules.assessing import ChecklistResult
from checklists.rules.because import Because
from checklists.rules.warnings import Warning
from reports.paper.clinician import clinical
from reports.paper.compose_card import without_break
from reports.paper.falling import write_fall
from reports.paper.fitting import fall_form, poster_form
from reports.paper.grouping import Steps, steps_on
from reports.paper.pages import steps_form
from reports.paper.plan_paper import Paper
from reports.paper.sheet import MOST_NEXT, Alarm, Card, Made, Sheet, WarningCall
from reports.words.headline import headline
from reports.words.reviewed import review_sentence
from reports.words.words import Words, level_may_be_shown

MOST_STEPS, FEWEST_STEPS = 10, 5
_FEW = 2


def write_sheet(paper: Paper, number: int, page: PageSize) -> Sheet:
    assessment, plan, steps = paper.assessment, paper.plan, steps_on(paper)
    _ = paper.words.speech.gettext
    clinic, ring = _ring(paper)
    sheet = Sheet(
        paper=paper,
        number=number,
        title=_("Your plan to stay steady"),
        clinic=clinic,
        ring=ring,
        day=paper.words.day(paper.made_on),
        message=headline(paper.words, assessment, plan),
        small_print=tuple(_small_print(paper)),
        alarms=tuple(_alarms(paper, steps.cards)),
        first=steps.here(steps.first),
        next=steps.here(tuple(steps.after_first(steps.in_full(MOST_STEPS)))[:MOST_NEXT]),
        fall=write_fall(paper),
        settled=steps.here(steps.settled),
        made=() if plan.help_first else tuple(_made(paper, each) for each in assessment.checklists),
        explained=tuple(_explained(paper)),
        own_rule="",
        near_title=_("Local help:"),
        draft=paper.words.is_draft,
        clinical=clinical(paper, page) if paper.for_clinician or paper.part == "all" else (),
        guides=tuple(_guides(paper)),
    )
    if any(each.own_rule for each in sheet.made):
        own_rule = _("The levels of the home and of posture are our own rule. No study has tested them.")
        sheet = replace(sheet, own_rule=own_rule)
    sheet = replace(sheet, poster=poster_form(sheet, page), fall_form=fall_form(sheet, page))
    return _with_steps(sheet, steps, page)


def _with_steps(sheet: Sheet, steps: Steps, page: PageSize) -> Sheet:
    """The steps that are told in full, ten if the plan then keeps its limits, and a line for each of the others."""
    on_poster = {each.id for alarm in sheet.on_poster if alarm.is_soon for each in alarm.cards}
    on_poster |= {each.id for each in sheet.first[: sheet.poster.first]}
    sheet = replace(sheet, visit=tuple(steps.visit(on_poster)))
    forms = [
        (most, tight)
        for tight, fewest in ((False, FEWEST_STEPS), (True, 0))
        for most in range(MOST_STEPS, fewest - 1, -1)
    ]
    for most, tight in forms:
        in_full = steps.in_full(most)
        sheet = replace(
            sheet,
            steps=steps.here(in_full, {*on_poster, *steps.requests}),
            later=tuple(steps.later(in_full)),
            details=steps.here(steps.waiting(in_full)),
        )
        form, fits = steps_form(sheet, page, tight=tight)
        sheet = replace(sheet, steps_form=form)
        if fits:
            break
    return sheet


def _ring(paper: Paper) -> tuple[str, tuple[str, str]]:
    """The clinic's name, and the one number of the first page with what it is for."""
    _, clinic = paper.words.speech.gettext, paper.clinic or ""
    name, number = at_end(clinic)
    if not number or paper.plan.help_first:
        return clinic, (_("In an emergency, call"), paper.words.region.emergency)
    return name, (_("Questions about this plan? Call"), number)


def _small_print(paper: Paper) -> Iterator[str]:
    _ = paper.words.speech.gettext
    if paper.words.speech.person:
        yield _('The steps speak to the person this plan is for. "You" and "your" mean that person.')
    if paper.old:
        yield paper.old
    if reviewed := review_sentence(paper.words):
        yield reviewed
    if printed := printed_by(paper.words, paper.printed_by, paper.printed_on):
        yield printed
    yield _("Made by these rules: %(versions)s.", versions=_versions(paper.definitions))


def printed_by(words: Words, name: str, on: date | None) -> str:
    """By whom and on which day paper was printed, as far as that is known."""
    if on is None:
        return ""
    if name:
        return words.speech.gettext("Printed by %(name)s on %(day)s.", name=name, day=words.day(on))
    return words.speech.gettext("Printed on %(day)s.", day=words.day(on))


def _guides(paper: Paper) -> Iterator[Guide]:
    """The short pages on recovery and treatment come along after a fracture of the spine."""
    if paper.plan.help_first or paper.assessment.person.about.get("spine-fracture-now") != "yes":
        return
    for guide in paper.definitions.guides.guides:
        if guide.after_spine_fracture:
            yield guide.in_words(partial(without_break, paper))


def _explained(paper: Paper) -> Iterator[tuple[str, str]]:
    texts = (text for each in paper.plan.all_actions for text in (each.title, each.why, *each.how))
    for term in paper.definitions.glossary.found_in(texts):
        if not term.plain_on_paper:
            yield term.term, term.means


def _versions(definitions: Definitions) -> str:
    versions = (f"{each.id} {each.version}" for each in definitions.checklists)
    return ", ".join((*versions, f"text {definitions.content_hash[:12]}"))


def _alarms(paper: Paper, cards: Mapping[str, Card]) -> Iterator[Alarm]:
    """One frame an urgency; a sign that only the person may read goes by its other name and without its text."""
    in_full: set[str] = set()
    for urgency, standing in groupby(paper.assessment.warnings, lambda warning: warning.urgency):
        warnings = tuple(standing)
        calls: dict[str, list[Warning]] = {}
        for each in warnings:
            calls.setdefault(without_break(paper, each.form.do), []).append(each)
        yield Alarm(
            word=paper.words.urgency(urgency),
            is_now=urgency == "now",
            is_soon=urgency == "soon",
            calls=tuple(_call(paper, do, of_call, cards, in_full) for do, of_call in calls.items()),
            says=tuple(
                (each.sign.name, without_break(paper, each.form.says))
                for each in warnings
                if each.sign.paper_says is None
            ),
        )


def _call(paper: Paper, do: str, warnings: list[Warning], cards: Mapping[str, Card], in_full: set[str]) -> WarningCall:
    names = dict.fromkeys(paper.words.warning_name(each, private=True) for each in warnings)
    called = dict.fromkeys(action for each in warnings for action in each.form.calls_for)
    new = [each for each in called if each in cards and each not in in_full]
    in_full.update(new)
    return WarningCall(do=do, signs=tuple(names), cards=tuple(cards[each] for each in new))


def _made(paper: Paper, result: ChecklistResult) -> Made:
    definitions, assessment, words = paper.definitions, paper.assessment, paper.words
    checklist = definitions.checklist_of[result.id]
    shown = level_may_be_shown(assessment)
    explained = paper.explained(result) if shown and paper.part == "all" else None
    level = next((each for each in checklist.levels if each.level == result.risk_level), None)
    moved = [each for each in explained.changes if each.could_be != result.could_be] if explained else []
    could_move = [each.link_id for each in explained.unknown] if explained else []

    def wording(because: Because) -> str:
        return words.finding(assessment.person, because, private=True)

    def named(link_id: str) -> str:
        return words.question_name(result.id, link_id)

    return Made(
        title=checklist.title,
        short=checklist.short,
        level=(result.risk_level or "unknown") if shown else "",
        word=words.level(result.could_be) if shown else "",
        score=words.score(result),
        because=tuple((wording(each), each.score) for each in result.because),
        changes=_summed_up(
            paper, [(wording(each.because), words.level(each.could_be)) for each in moved], len(result.because)
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
