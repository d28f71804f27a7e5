"""The clinician's page: headings with plain lines, so that nothing of it can be lost in a layout."""

from collections.abc import Iterator

from reports import words
from reports.paper import Paper

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


def clinical(paper: Paper) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every part that has something to say; signs go by their full names here."""
    cites = {each: place for place, each in enumerate(_cited(paper), start=1)}
    parts = {
        "Warnings": tuple(_warning_lines(paper)),
        "Levels and scores, with the points of each answer": tuple(_level_lines(paper)),
        "Tools": tuple(f"{_TOOLS[each]}: {_plain(value)}" for each, value in paper.assessment.tools.items()),
        "Hazards at home, by room": tuple(_hazard_lines(paper)),
        "Answers about the person and the bones": tuple(f"{each}." for each in ("; ".join(_answers(paper)),) if each),
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
        do = words.ringing(each.form.do, paper.region)
        yield f"{words.URGENCY_WORDS[each.urgency]}: {each.sign.name}{because}. {do}"


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


def _answers(paper: Paper) -> Iterator[str]:
    person = paper.assessment.person
    for checklist in ("about", "bone"):
        if checklist == "about" or checklist in person.answers:
            for fact, question in paper.definitions.asked[checklist]:
                given = person.given(fact)
                if given is not None:
                    yield f"{question.name or question.finding}: {_plain(given)}"


def _missing_lines(paper: Paper) -> Iterator[str]:
    for each in paper.assessment.checklists:
        names = [words.question_name(paper.definitions, each.id, link_id) for link_id in each.missing]
        if names:
            yield f"{paper.definitions.checklist_of[each.id].title}: {', '.join(names)}."


def _evidence_lines(paper: Paper, cites: dict[str, int]) -> Iterator[str]:
    for each in paper.plan.actions:
        evidence = each.action.evidence
        numbers = ", ".join(str(cites[source]) for source in each.action.source)
        yield (
            f"{words.ringing(each.title, paper.region)}: tier {each.tier}, certainty {evidence.certainty}. "
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
