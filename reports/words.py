"""The sentences that page, paper and note share: levels, becauses, owners and days, in one person's terms."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from checklists.assessing import Assessment, ChecklistResult, CouldBe
from checklists.because import Because
from checklists.defined import Definitions
from checklists.grammar import RiskLevel
from checklists.model import Checklist
from checklists.person import UNABLE, Person
from checklists.regions import Region
from checklists.tools import plain
from checklists.warning import Warning
from reports.plan import ActionPlan

LEVEL_WORDS: dict[RiskLevel, str] = {"low": "Lower", "moderate": "Raised", "high": "High"}
WHO_WORDS = {
    "self": "You",
    "family": "You, family or a friend",
    "handy-person": "A handy person",
    "trade": "A licensed tradesperson",
    "pharmacist": "Your pharmacist",
    "doctor": "Your doctor",
    "therapist": "A physical or occupational therapist",
}
COST_WORDS = {"free": "No cost", "low": "Under $50", "medium": "$50 to $300", "high": "Over $300"}
GROUP_WORDS = {
    "home": "At home",
    "body": "My body",
    "bones": "My bones and medicines",
    "posture": "My posture and chair",
}
URGENCY_WORDS = {"now": "NOW", "today": "TODAY", "soon": "SOON"}
_POUNDS_A_KG = Decimal("2.20462262185")
_CM_AN_INCH = Decimal("2.54")
_NUMBERS = ("No", "One", "Two", "Three")
NOT_YET = "Not known yet"
TITLE = "Your plan to stay steady and keep strong bones"
DRAFT = "This text has not been checked by a clinician yet."
NO_DIAGNOSIS = "This plan is not a diagnosis. Ask your doctor or pharmacist before you change anything."


def level_word(levels: CouldBe) -> str:
    """Lower, Raised or High; "Raised or High" where answers are missing, "Not known yet" where all are possible."""
    if len(levels) == len(LEVEL_WORDS):
        return NOT_YET
    return " or ".join(LEVEL_WORDS[level] for level in levels)


def finding(definitions: Definitions, person: Person, because: Because, *, private: bool = False) -> str:
    """The answer behind a because as a short noun phrase; `private` hides what only the person may read."""
    if because.checklist == "warning-signs":
        sign = definitions.sign_of[because.link_id]
        return sign.paper_says if private and sign.paper_says else sign.name
    if because.checklist == "measures":
        return _measure(definitions, person, because.link_id)
    question = definitions.question_of[because.fact]
    given = person.given(because.fact)
    for option in question.options:
        if option.code == given and option.finding:
            return option.finding
    if isinstance(given, int | Decimal):
        return f"{question.finding} {_quantity(Decimal(given), question.unit)}"
    return f"not sure about {question.finding}" if given == "unsure" else question.finding


def _quantity(value: Decimal, unit: str | None) -> str:
    """A number in both systems of units, so that every reader knows it: 58 kg (128 pounds)."""
    if unit == "kg":
        return f"{plain(value)} kg ({round(value * _POUNDS_A_KG)} pounds)"
    if unit == "cm":
        feet, inches = divmod((value / _CM_AN_INCH).quantize(Decimal("0.1")), 12)
        return f"{plain(value)} cm ({feet} ft {plain(inches)} in)"
    return plain(value)


def findings(
    definitions: Definitions, person: Person, because: Sequence[Because], *, private: bool = False
) -> tuple[str, ...]:
    """Each because as a phrase, none twice."""
    phrases = (finding(definitions, person, each, private=private) for each in because)
    return tuple(dict.fromkeys(phrases))


def _measure(definitions: Definitions, person: Person, link_id: str) -> str:
    measure, value = definitions.measure_of[link_id], person.measures[link_id]
    if value == UNABLE:
        return f"{measure.name}: tried and not managed"
    if isinstance(value, int | Decimal):
        unit = {"seconds": " seconds", "speed": " meters a second", "count": " times"}[measure.kind]
        return f"{measure.name}: {plain(Decimal(value))}{unit}"
    return measure.finding


def warning_name(warning: Warning, *, private: bool = False) -> str:
    """The name of a sign; on a fridge, in a share or an export a private one has another."""
    return warning.sign.paper_says if private and warning.sign.paper_says else warning.sign.name


def ringing(text: str, region: Region) -> str:
    """A text with its numbers filled in from the region, never from the language."""
    numbers = {
        "{emergency}": region.emergency,
        "{crisis}": region.crisis.number,
        "{helpline}": region.helpline.number,
    }
    for placeholder, number in numbers.items():
        text = text.replace(placeholder, number)
    return text


def day_words(day: date, region: Region) -> str:
    """A day in full, in the order that the region writes."""
    return f"{day:%B} {day.day}, {day.year}" if region.id == "us" else f"{day.day} {day:%B} {day.year}"


def level_may_be_shown(assessment: Assessment) -> bool:
    """No level stands beside a sign that needs help now."""
    return all(warning.urgency != "now" for warning in assessment.warnings)


def main_message(assessment: Assessment, plan: ActionPlan) -> str:
    """One sentence first: what the checks show, and how many changes help most."""
    if not level_may_be_shown(assessment):
        return "First, get help. The rest of this plan can wait."
    said = [_falls_or_bones(each) for each in assessment.checklists if each.id in ("falls", "bone")]
    count = len(plan.first)
    changes = "One change helps most." if count == 1 else f"{_NUMBERS[count]} changes help most." if count else ""
    return " ".join([*said, changes]).strip() or "Nothing to change came up in your answers."


def _falls_or_bones(result: ChecklistResult) -> str:
    name = "falls check" if result.id == "falls" else "bone check"
    word = {
        ("low",): "shows a lower risk",
        ("moderate",): "shows a raised risk",
        ("high",): "shows a high risk",
        ("moderate", "high"): "shows a raised or high risk",
    }.get(result.could_be, "needs a few more answers")
    return f"Your {name} {word}."


def tested_words(checklist: Checklist, age: object) -> str:
    """What a person younger than those a list was tested in is told; nothing to everybody else."""
    tested = checklist.tested_from_age
    if tested is None or not isinstance(age, int) or age >= tested:
        return ""
    return f"This list was tested in people of {tested} and over. Below that age it is less sure."


def score_words(result: ChecklistResult) -> str:
    """ "6 out of 14", "2 to 14 out of 14" while answers are unknown, or nothing for a list without points."""
    if result.score is None:
        return ""
    low, high, of = result.score.low, result.score.high, result.score.of
    return f"{low} out of {of}" if low == high else f"{low} to {high} out of {of}"


def question_name(definitions: Definitions, checklist: str, link_id: str) -> str:
    """What a question is about, in a few words."""
    question = definitions.question_of[link_id if "." in link_id else f"{checklist}.{link_id}"]
    return (question.name or question.finding).lower()
