"""The page for after a fall: the same for everyone but for who may get up alone, a blood thinner and the numbers."""

from collections.abc import Iterator
from typing import Literal

from reports.paper.plan_paper import Paper
from reports.paper.sheet import Fall, FallStep

GettingUp = Literal["alone", "with-help", "fresh-fracture", "back-unchecked"]
"""How a person may get up after a fall, and why not alone."""


def write_fall(paper: Paper) -> Fall:
    _, how = paper.words.speech.gettext, _getting_up(paper)
    return Fall(
        title=_("If you fall") if how == "alone" else _("If you fall: do not get up alone"),
        thinner=_thinner(paper),
        steps=tuple(_steps(paper, how)),
        numbers=tuple(_numbers(paper)),
        lines=(_("My doctor:"), _("My pharmacist:"), _("A neighbor or friend:")),
    )


def _getting_up(paper: Paper) -> GettingUp:
    """What may be said of getting up after a fall: the table of safety.yaml, with the reason where it is the spine.

    Unknown never counts as no: whoever left open what would forbid it is not told to get up alone.
    """
    spine = paper.assessment.person.about.get("spine-fracture-now")
    if spine in ("yes", "unsure"):
        return "fresh-fracture" if spine == "yes" else "back-unchecked"
    forbidden = paper.definitions.safety.forbids("get-up-from-floor", paper.assessment.possible_states)
    return "with-help" if forbidden else "alone"


def _thinner(paper: Paper) -> tuple[str, str]:
    _ = paper.words.speech.gettext
    takes = paper.assessment.person.about.get("blood-thinner") in ("yes", "unsure")
    return (
        _("You take, or may take, a blood thinner.") if takes else _("On a blood thinner?"),
        _("After a hit to the head, go to the emergency department at once. Go even if you feel well."),
    )


def _steps(paper: Paper, how: GettingUp) -> Iterator[FallStep]:
    _, number = paper.words.speech.gettext, paper.words.region.emergency
    yield FallStep(drawing="fall-still", says=_("Stay still."), more=_("Breathe. Feel if anything hurts."))
    yield FallStep(
        drawing="fall-call",
        says=_("Hurt, hit your head, passed out, or cannot get up? Call %(number)s.", number=number),
        more=_("Shout, bang on the floor or press your alarm. Keep warm."),
    )
    if how == "alone":
        yield FallStep(
            drawing="fall-crawl",
            says=_("Nothing hurts: roll onto your side."),
            more=_("Go on hands and knees to a sturdy chair."),
        )
        yield FallStep(
            drawing="fall-rise", says=_("Hold the seat. One foot flat."), more=_("Push up slowly, turn and sit. Rest.")
        )
        yield FallStep(
            drawing="fall-tell", says=_("Tell someone the same day."), more=_("Tell your doctor about every fall.")
        )
        return
    reasons = {
        "fresh-fracture": _("A new fracture in the spine needs care. Call someone to help you."),
        "back-unchecked": _("Wait until your back is checked. Call someone to help you."),
        "with-help": _("Call someone to help you, or %(number)s if nobody can come soon.", number=number),
    }
    yield FallStep(drawing="fall-not-alone", says=_("Nothing hurts: still do not get up alone."), more=reasons[how])
    yield FallStep(
        drawing="fall-warm", says=_("Keep warm while you wait."), more=_("Ask someone to stay until help comes.")
    )
    yield FallStep(
        drawing="fall-tell",
        says=_("Tell your doctor the same day."),
        more=_("Tell about every fall, even if you feel fine."),
    )


def _numbers(paper: Paper) -> Iterator[tuple[str, str, str]]:
    region, _ = paper.words.region, paper.words.speech.gettext
    yield region.emergency, _("Emergency"), ""
    yield region.crisis.number, _("Someone to talk to:"), region.crisis.name
    yield region.helpline.number, _("If you are afraid at home:"), region.helpline.name
    if region.helpline_any_hour:
        yield region.helpline_any_hour.number, _("At any hour:"), region.helpline_any_hour.name
    if region.advice:
        yield region.advice.number, _("Health advice:"), region.advice.name
