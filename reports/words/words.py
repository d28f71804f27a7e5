"""The sentences that page, paper and note share: levels, becauses, owners and days, in one person's terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from checklists.files.definitions import Definitions
from checklists.files.grammar import RiskLevel
from checklists.files.model import Checklist
from checklists.files.regions import Region
from checklists.people.plain_text import isolated
from checklists.people.units import CM_PER_INCH, KG_PER_POUND
from checklists.rules.assessing import Assessment, ChecklistResult, CouldBe, Score
from checklists.rules.because import Because
from checklists.rules.person import UNABLE, AnswerValue, Person
from checklists.rules.warnings import Warning
from reports.plan.progress import Standing
from reports.plan.steps import Step
from reports.plan.tick import State
from reports.words.speech import N_, Speech, speech
from reports.words.third_person import OF_ANOTHER

LEVELS: dict[RiskLevel, str] = {"low": N_("Lower"), "moderate": N_("Raised"), "high": N_("High")}
WHO = {
    "self": N_("You"),
    "family": N_("You, family or a friend"),
    "handy-person": N_("A handy person"),
    "trade": N_("A licensed tradesperson"),
    "pharmacist": N_("Your pharmacist"),
    "doctor": N_("Your doctor"),
    "therapist": N_("A physical or occupational therapist"),
}
COSTS = {"free": N_("No cost"), "low": N_("Under $50"), "medium": N_("$50 to $300"), "high": N_("Over $300")}
GROUP_TITLES = {
    "home": N_("At home"),
    "body": N_("My body"),
    "bones": N_("My bones and medicines"),
    "posture": N_("My posture and chair"),
}
STATE_WORDS: dict[State, str] = {
    "open": N_("Still to do"),
    "done": N_("Done"),
    "later": N_("Later"),
    "not-for-me": N_("Not for me"),
}
_NOT_FOR_ME, _NOT_FOR_ME_BECAUSE = N_("Not for me."), N_("Not for me: %(reason)s")
URGENCIES = {"now": N_("NOW"), "today": N_("TODAY"), "soon": N_("SOON")}
NUMBER_HERE = "…"
OWNERS = ("", "self", "helper")
"""Who ticks as the owner of a plan; every other name is that of somebody it is shared with."""


def inside_sentence(name: str) -> str:
    """A name as it stands inside a sentence."""
    return name[:1].lower() + name[1:]


def level_may_be_shown(assessment: Assessment) -> bool:
    """No level stands beside a sign that needs help now."""
    return not assessment.needs_help_now


@dataclass(frozen=True, kw_only=True)
class Words:
    """How things are said: the definitions in one language, the numbers of one region, and the speech of both.

    `other` says them to somebody a plan is shared with, about the person it is for. `reviewers` have reviewed all of
    them for the clinic for which they are said.
    """

    definitions: Definitions
    region: Region
    speech: Speech
    other: bool = False
    reviewers: tuple[str, ...] = ()

    @property
    def is_draft(self) -> bool:
        """Whether no clinician has reviewed all of these words yet."""
        return self.definitions.is_draft and not self.reviewers

    def say(self, message: str, /, **values: object) -> str:
        """A sentence of the interface, to this reader."""
        return self.speech.gettext(OF_ANOTHER.get(message, message) if self.about_another else message, **values)

    @property
    def about_another(self) -> bool:
        """Whether the reader is not the person: a plan is shared with them, or they gave the person's name."""
        return self.other or bool(self.speech.person)

    def level(self, levels: CouldBe) -> str:
        """Lower, Raised or High; "Raised or High" where answers are missing, "Not known yet" where all are possible."""
        if len(levels) == len(LEVELS):
            return self.speech.gettext("Not known yet")
        return self.speech.listed([self.speech.gettext(LEVELS[level]) for level in levels], "or")

    def who(self, owner: str) -> str:
        """Who does something: one of the roles, or a name as it was typed."""
        return self.say(WHO[owner]) if owner in WHO else isolated(owner)

    def state(self, state: State) -> str:
        """How far an action is, as a choice."""
        return self.say(STATE_WORDS[state])

    def standing(self, standing: Standing) -> str:
        """Where an action stands: done on a day (by somebody with a name), put off or not meant; else nothing."""
        _ = self.speech.gettext
        if standing.state == "done" and standing.on:
            if not self.name_of(standing.by):
                day = self.day(standing.on)
                return (
                    _("Done on %(day)s, from paper.", day=day)
                    if standing.from_paper
                    else _("Done on %(day)s.", day=day)
                )
            return _("Done on %(day)s by %(name)s.", day=self.day(standing.on), name=standing.by)
        if standing.state == "not-for-me":
            reason = standing.reason
            return self.say(_NOT_FOR_ME_BECAUSE, reason=reason) if reason else self.say(_NOT_FOR_ME)
        return _("Later.") if standing.state == "later" else ""

    def again(self, standing: Standing, made_on: date) -> str:
        """What is said of something that was done before a plan was made which calls for it all the same."""
        done_before = standing.state == "done" and standing.on is not None and standing.on < made_on
        return self.speech.gettext("The newer answers still call for it.") if done_before else ""

    def name_of(self, by: str) -> str:
        """The name of somebody a plan is shared with, who did something with it; nothing of its owner."""
        return "" if by in OWNERS else by

    def note_by(self, standing: Standing) -> str:
        """What stands before a note of somebody else."""
        name = self.name_of(standing.note_by)
        return self.speech.gettext("Note by %(name)s:", name=name) if name and standing.note else ""

    def added_by(self, standing: Standing) -> str:
        """Who added a step, where it was somebody else."""
        name = self.name_of(standing.added_by)
        return self.speech.gettext("Added by %(name)s.", name=name) if name else ""

    def when_doctor_agrees(self) -> str:
        """What stands where a day would, of something that waits."""
        return self.say(N_("When your doctor says yes"))

    def cost(self, cost: str) -> str:
        return self.speech.gettext(COSTS[cost])

    def group(self, group: str) -> str:
        return self.say(GROUP_TITLES[group])

    def place(self, group: str, room: str) -> str:
        """A group of actions, and at home the room: At home: The kitchen."""
        if not room:
            return self.group(group)
        return f"{self.group(group)}: {next(each.title for each in self.definitions.rooms.sections if each.id == room)}"

    def urgency(self, urgency: str) -> str:
        return self.speech.gettext(URGENCIES[urgency])

    def day(self, day: date) -> str:
        return self.speech.day(day)

    def cite(self, source_id: str) -> str:
        """A paper or guideline by its own name; what is our own rule is said in this language."""
        source = self.definitions.source_of[source_id]
        return self.speech.gettext("Firm Footing 2026, our own rule") if source.checked == "own" else source.cite

    def ringing(self, text: str) -> str:
        """A text with its numbers filled in from the region, never from the language."""
        numbers = {
            "{emergency}": self.region.emergency,
            "{crisis}": self.region.crisis.number,
            "{helpline}": self.region.helpline.number,
        }
        for placeholder, number in numbers.items():
            text = text.replace(placeholder, number)
        return text

    def number_to_ring(self, whose: str) -> str:
        """The number that goes with a sign: emergency, crisis, or nothing."""
        return {"emergency": self.region.emergency, "crisis": self.region.crisis.number}.get(whose, "")

    def finding(self, person: Person, because: Because, *, private: bool = False) -> str:
        """The answer behind a because as a short noun phrase; `private` hides what only the person may read."""
        if because.checklist == "warning-signs":
            sign = self.definitions.sign_of[because.link_id]
            name = sign.paper_says if private and sign.paper_says else sign.name
            return inside_sentence(name)
        if because.checklist == "measures":
            return self._measure(person, because.link_id)
        question = self.definitions.question_of[because.fact]
        answered = person.answer(because.fact)
        for option in question.options:
            if option.code == answered and option.finding:
                return option.finding
        if isinstance(answered, int | Decimal):
            quantity = self._quantity(Decimal(answered), question.unit)
            phrase = question.finding
            return phrase.replace(NUMBER_HERE, quantity) if NUMBER_HERE in phrase else f"{phrase} {quantity}"
        if answered == "unsure":
            unsure = question.finding_unsure
            return unsure or self.speech.gettext("not sure about %(finding)s", finding=question.finding)
        return question.finding

    def findings(self, person: Person, because: Sequence[Because], *, private: bool = False) -> tuple[str, ...]:
        """Each because as a phrase, none twice; where one is not sure of all of them, that is said once."""
        found = tuple(dict.fromkeys(self.finding(person, each, private=private) for each in because))
        unsure = self.speech.gettext("not being sure about ")
        if not all(each.startswith(unsure) for each in found):
            return found
        return (*found[:1], *(each.removeprefix(unsure) for each in found[1:]))

    def warning_name(self, warning: Warning, *, private: bool = False) -> str:
        """The name of a sign; on a fridge, in a share or an export a private one has another."""
        return warning.sign.paper_says if private and warning.sign.paper_says else warning.sign.name

    def help_first(self) -> str:
        """The one sentence while a sign needs help now."""
        return self.say(N_("First, get help. All other steps wait until a doctor has seen you."))

    def tested(self, checklist: Checklist, age: object) -> str:
        """What a person younger than those a list was tested in is told; nothing to everybody else."""
        tested = checklist.tested_from_age
        if tested is None or not isinstance(age, int) or age >= tested:
            return ""
        return self.speech.gettext(
            "This list was tested in people of %(age)s and over. Below that age it is less sure.", age=tested
        )

    def score(self, result: ChecklistResult) -> str:
        """ "6 out of 14", "2 to 14 out of 14" while answers are unknown, or nothing for a list without points."""
        if result.score is None:
            return ""
        low, high, of = result.score.low, result.score.high, result.score.of
        if low == high:
            return self.speech.gettext("%(score)s out of %(of)s", score=low, of=of)
        return self.speech.gettext("%(low)s to %(high)s out of %(of)s", low=low, high=high, of=of)

    def points(self, score: Score) -> str:
        """ "6", or "2 to 14" while answers are unknown."""
        if score.low == score.high:
            return str(score.low)
        return self.speech.gettext("%(low)s to %(high)s", low=score.low, high=score.high)

    def answer_in_words(self, fact: str, answer: AnswerValue) -> str:
        """An answer as it is read back: a number with its unit, a choice by its label."""
        question = self.definitions.question_of[fact]
        if isinstance(answer, int | Decimal):
            return self._quantity(Decimal(answer), question.unit)
        return next((each.label for each in question.options if each.code == answer), answer)

    def question_name(self, checklist: str, link_id: str) -> str:
        """What a question is about, in a few words, as it stands within a sentence."""
        question = self.definitions.question_of[link_id if "." in link_id else f"{checklist}.{link_id}"]
        name = question.name or question.finding
        return inside_sentence(name)

    def title(self, step: Step) -> str:
        """What a step is called; what the person typed stays as it is."""
        return self.ringing(step.title) if step.planned else step.title

    def _quantity(self, value: Decimal, unit: str | None) -> str:
        """A number in both systems of units, so that every reader knows it: 58 kg (128 pounds)."""
        _, number = self.speech.gettext, self.speech.number
        if unit == "kg":
            pounds = (value / KG_PER_POUND).quantize(Decimal(1), ROUND_HALF_UP)
            return _("%(kg)s kg (%(pounds)s pounds)", kg=number(value), pounds=number(pounds))
        if unit == "cm":
            feet, inches = divmod((value / CM_PER_INCH).quantize(Decimal("0.1"), ROUND_HALF_UP), 12)
            return _(
                "%(cm)s cm (%(feet)s ft %(inches)s in)", cm=number(value), feet=number(feet), inches=number(inches)
            )
        return number(value)

    def _measure(self, person: Person, link_id: str) -> str:
        measure, value = self.definitions.measure_of[link_id], person.measures[link_id]
        _ = self.speech.gettext
        if value == UNABLE:
            return _("%(test)s: tried and not managed", test=measure.name)
        if isinstance(value, int | Decimal):
            amount = self.speech.number(Decimal(value))
            by_kind = {
                "seconds": _("%(test)s: %(value)s seconds", test=measure.name, value=amount),
                "speed": _("%(test)s: %(value)s meters a second", test=measure.name, value=amount),
                "count": _("%(test)s: %(value)s times", test=measure.name, value=amount),
            }
            return by_kind[measure.kind]
        return measure.finding


def words(definitions: Definitions, region_id: str, language: str) -> Words:
    """The words of one language in one region.

    :raises KeyError: a language or region that is not there
    """
    known = definitions.into(language)
    region = next(each for each in known.regions.regions if each.id == region_id)
    return Words(definitions=known, region=region, speech=speech(language, region_id))
