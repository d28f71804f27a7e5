"""The clinician's page: headings with plain lines, so that nothing of it can be lost in a layout."""

from collections.abc import Iterator
from decimal import Decimal

from checklists.files.grammar import BONE
from reports.paper.plan_paper import Paper
from reports.words.speech import N_
from reports.words.words import level_may_be_shown

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
_CERTAINTIES = {"high": N_("high"), "moderate": N_("moderate"), "low": N_("low"), "consensus": N_("consensus")}


def clinical(paper: Paper) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every part that has something to say; signs go by their full names here."""
    _ = paper.words.speech.gettext
    cites = {each: place for place, each in enumerate(_cited(paper), start=1)}
    answers = "; ".join(_answers(paper))
    parts = {
        _("Warnings"): tuple(_warning_lines(paper)),
        _("Levels and scores, with the points of each answer"): tuple(_level_lines(paper)),
        _("Tools"): tuple(
            f"{_(_TOOLS[each])}: {_plain(paper, value)}" for each, value in paper.assessment.tools.items()
        ),
        _("Hazards at home, by room"): tuple(_hazard_lines(paper)),
        _("Answers about the person and the bones"): (f"{answers}.",) if answers else (),
        _("Answered not sure, or not answered"): tuple(_missing_lines(paper)),
        _("Actions, with their evidence"): tuple(_evidence_lines(paper, cites)),
        _("Evidence"): tuple(f"{place}. {paper.words.cite(each)}" for each, place in cites.items()),
    }
    return ((heading, lines) for heading, lines in parts.items() if lines)


def _cited(paper: Paper) -> dict[str, None]:
    used = [paper.definitions.checklist_of[each.id].source for each in paper.assessment.checklists]
    used += [each.action.source for each in paper.plan.actions]
    return dict.fromkeys(source for sources in used for source in sources)


def _warning_lines(paper: Paper) -> Iterator[str]:
    words = paper.words
    for each in paper.assessment.warnings:
        found = words.findings(paper.assessment.person, each.because)
        because = "" if found == (each.sign.name,) else f" ({', '.join(found)})"
        yield f"{words.urgency(each.urgency)}: {each.sign.name}{because}. {words.ringing(each.form.do)}"


def _level_lines(paper: Paper) -> Iterator[str]:
    words, _ = paper.words, paper.words.speech.gettext
    shown = level_may_be_shown(paper.assessment)
    for each in paper.assessment.checklists:
        found = (f"{words.finding(paper.assessment.person, because)} {because.score}" for because in each.because)
        level = words.level(each.could_be) if shown else _("level held back while a sign needs help now")
        score = words.score(each)
        head = f"{paper.definitions.checklist_of[each.id].title}: {level}{', ' if score else ''}{score}"
        yield f"{head}. {', '.join(found) or _('No answer made it')}."


def _hazard_lines(paper: Paper) -> Iterator[str]:
    rooms = paper.definitions.rooms
    given = paper.assessment.person.answers.get(rooms.id, {})
    for section in rooms.sections:
        found = [each.finding for each in section.questions if given.get(each.link_id) == "yes"]
        if found:
            yield f"{section.title}: {', '.join(found)}."


def _answers(paper: Paper) -> Iterator[str]:
    person = paper.assessment.person
    for checklist in ("about", BONE):
        if checklist == "about" or checklist in person.answers:
            for fact, question in paper.definitions.asked[checklist]:
                given = person.given(fact)
                if given is not None:
                    labels = {option.code: option.label for option in question.options}
                    unit = f" {question.unit}" if question.unit in ("kg", "cm") and given != "unsure" else ""
                    told = labels.get(str(given)) or _plain(paper, given)
                    yield f"{question.name or question.finding}: {told}{unit}"


def _missing_lines(paper: Paper) -> Iterator[str]:
    for each in paper.assessment.checklists:
        names = [paper.words.question_name(each.id, link_id) for link_id in each.missing]
        if names:
            yield f"{paper.definitions.checklist_of[each.id].title}: {', '.join(names)}."


def _evidence_lines(paper: Paper, cites: dict[str, int]) -> Iterator[str]:
    _ = paper.words.speech.gettext
    for each in paper.plan.actions:
        evidence = each.evidence
        yield _(
            "%(title)s: tier %(tier)s, certainty %(certainty)s. %(effect)s Evidence %(numbers)s.",
            title=paper.words.ringing(each.title),
            tier=each.tier,
            certainty=_(_CERTAINTIES[evidence.certainty]),
            effect=evidence.effect,
            numbers=", ".join(str(cites[source]) for source in each.action.source),
        )


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
