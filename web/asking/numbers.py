"""What was typed in a number field → what is kept, or a sentence that says what to do; and answers in their units."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation

from answers.typed_numbers import Answer, Answers, FeetAndInches, PlainNumber, Pounds, TypedNumber, metric, tenth
from checklists.files.model import Question
from checklists.people.plain_text import plain
from checklists.people.units import CM_PER_INCH, KG_PER_POUND
from checklists.rules.tools import TALLEST_MAY_BE_BELOW_CM
from reports.words.questions import answers_of
from web.core.speaking import gettext as _
from web.core.speaking import wording

UNITS = ("imperial", "metric")
HEIGHTS = ("height-cm", "tallest-height-cm")
LONGEST = 12


@dataclass(frozen=True, kw_only=True)
class Typed:
    """Either `value`, for the draft, or `error`; `shown` fills the fields again either way."""

    shown: Mapping[str, str]
    value: Answer | None = None
    error: str = ""

    @property
    def answer(self) -> Answer:
        """What is kept, where there is no error."""
        assert self.value is not None, self.error
        return self.value


def read_number(question: Question, form: Mapping[str, str], units: str) -> Typed:
    """A number as the page's units ask for it: whole years, kg, cm, pounds, or feet and inches."""
    if question.unit == "cm" and units == "imperial":
        return _height(question, form)
    shown = typed_fields(question, form, units)
    value = _decimal(shown["value"])
    if value is None:
        return Typed(shown=shown, error=_ask(question, units))
    if question.answers == "whole-number" and value != value.to_integral_value():
        return Typed(shown=shown, error=_ask(question, units))
    return _within(question, Typed(shown=shown, value=_as_typed(question, value, units)), units)


def read_unsure(question: Question, form: Mapping[str, str], units: str, stored: Answer | None) -> Typed:
    """Not sure, unless a new number stands beside it: then nobody can say which of the two is meant."""
    shown = typed_fields(question, form, units)
    if any(shown.values()) and shown != fields_of(question, stored, units):
        return Typed(shown=shown, error=_("Write a number or tick Not sure, not both."))
    return Typed(shown={}, value="unsure")


def is_number(question: Question) -> bool:
    return question.answers in ("whole-number", "decimal")


def heights_at_odds(answers: Answers) -> str:
    """What to do where somebody would be taller now than ever; the two heights are judged together."""
    now, tallest = (metric(answers.get(each)) for each in HEIGHTS)
    if isinstance(now, str) or isinstance(tallest, str) or now is None or tallest is None:
        return ""
    if now - tallest <= TALLEST_MAY_BE_BELOW_CM:
        return ""
    return _("The tallest height cannot be less than the height now. Check both, and change the one that is off.")


def typed_fields(question: Question, form: Mapping[str, str], units: str) -> Mapping[str, str]:
    """What stands in the fields of a form, whether it is a number or not."""
    if question.unit == "cm" and units == "imperial":
        return {part: plain(form.get(f"{question.link_id}-{part}", "")) for part in ("feet", "inches")}
    return {"value": plain(form.get(question.link_id, ""))}


def fields_of(question: Question, stored: Answer | None, units: str) -> Mapping[str, str]:
    """The fields of a page, filled with what is kept, in the units that the page asks for."""
    imperial = units == "imperial"
    if question.unit == "cm" and imperial:
        match stored:
            case None | str():
                return {"feet": "", "inches": ""}
            case FeetAndInches():
                return _fields(stored)
        return _fields(_feet(Decimal(str(stored.metric)) / CM_PER_INCH))
    match stored:
        case None | str():
            return {"value": ""}
        case Pounds() if imperial:
            return {"value": stored.pounds}
        case _ if question.unit == "kg" and imperial:
            return {"value": str(tenth(Decimal(str(stored.metric)) / KG_PER_POUND))}
        case PlainNumber():
            return {"value": stored.value}
    return {"value": str(stored.metric)}


def feet_and_inches(height: FeetAndInches) -> str:
    """5 feet 4 inches."""
    number = wording().speech.number
    feet, inches = number(Decimal(height.feet)), number(Decimal(height.inches))
    if inches == "1":
        return _("%(feet)s feet 1 inch", feet=feet)
    return _("%(feet)s feet %(inches)s inches", feet=feet, inches=inches)


def answer_in_words(question: Question, answer: Answer, *, helping: bool) -> str:
    """What was answered, as it is read back."""
    number = wording().speech.number
    match answer:
        case FeetAndInches():
            return feet_and_inches(answer)
        case Pounds():
            return _("%(number)s pounds", number=number(Decimal(answer.pounds)))
        case PlainNumber():
            unit = {"kg": "kg", "cm": "cm"}.get(question.unit or "", "")
            return f"{number(Decimal(str(answer.metric)))} {unit}".strip()
    return dict(answers_of(wording(), question, helping=helping)).get(answer, answer)


def _fields(height: FeetAndInches) -> Mapping[str, str]:
    return {"feet": height.feet, "inches": height.inches}


def _as_typed(question: Question, value: Decimal, units: str) -> TypedNumber:
    if question.unit == "kg" and units == "imperial":
        return Pounds(pounds=_plain(value))
    if question.answers == "whole-number":
        return PlainNumber(value=str(int(value)), whole=True)
    return PlainNumber(value=_plain(tenth(value)))


def _height(question: Question, form: Mapping[str, str]) -> Typed:
    shown = typed_fields(question, form, "imperial")
    feet, inches = _decimal(shown["feet"]), _decimal(shown["inches"] or "0")
    whole = feet is not None and feet == feet.to_integral_value()
    if feet is None or inches is None or not whole or inches >= 12:
        return Typed(shown=shown, error=_("Write the height in feet and inches, like 5 feet 4 inches."))
    height = FeetAndInches(feet=_plain(feet), inches=_plain(inches))
    return _within(question, Typed(shown=shown, value=height), "imperial")


def _within(question: Question, typed: Typed, units: str) -> Typed:
    value = metric(typed.value)
    low, high = _bounds(question)
    if not isinstance(value, str) and value is not None and low <= value <= high:
        return typed
    return Typed(shown=typed.shown, error=_between(question, units))


def _ask(question: Question, units: str) -> str:
    if question.unit == "kg":
        if units == "imperial":
            return _("Write the weight in pounds, like 140.")
        return _("Write the weight in kilograms, like %(number)s.", number=wording().speech.number(Decimal("63.5")))
    if question.unit == "cm":
        return _("Write the height in centimeters, like 162.")
    return _("Write the age in whole years, like 72.")


def _between(question: Question, units: str) -> str:
    low, high = _bounds(question)
    number = wording().speech.number
    if units == "imperial" and question.unit == "kg":
        least, most = _inner(low / KG_PER_POUND, high / KG_PER_POUND, Decimal(1))
        return _("Write a weight from %(low)s to %(high)s pounds.", low=number(least), high=number(most))
    if units == "imperial" and question.unit == "cm":
        in_inches = _inner(low / CM_PER_INCH, high / CM_PER_INCH, Decimal("0.1"))
        shortest, tallest = (feet_and_inches(_feet(each)) for each in in_inches)
        return _("Write a height from %(low)s to %(high)s.", low=shortest, high=tallest)
    between = {
        "kg": _("Write a weight from %(low)s to %(high)s kilograms.", low=number(low), high=number(high)),
        "cm": _("Write a height from %(low)s to %(high)s centimeters.", low=number(low), high=number(high)),
        "years": _("Write an age from %(low)s to %(high)s years.", low=number(low), high=number(high)),
    }
    return between[question.unit or "years"]


def _bounds(question: Question) -> tuple[Decimal, Decimal]:
    if question.low is None or question.high is None:
        raise AssertionError("the loader refuses a number without bounds")
    return question.low, question.high


def _inner(low: Decimal, high: Decimal, step: Decimal) -> tuple[Decimal, Decimal]:
    """The range in whole steps, rounded inwards: whoever types what a sentence names is not told it again."""
    return low.quantize(step, ROUND_CEILING), high.quantize(step, ROUND_FLOOR)


def _feet(inches: Decimal) -> FeetAndInches:
    """Feet and inches to a tenth of an inch, never 12 inches."""
    inches = tenth(inches)
    feet = int(inches // 12)
    return FeetAndInches(feet=str(feet), inches=_plain(inches - feet * 12))


def _decimal(text: str) -> Decimal | None:
    """A number as people write it: a comma for the point is understood; no exponents."""
    text = text.replace(",", ".")
    if not text or len(text) > LONGEST or not text.replace(".", "", 1).isascii():
        return None
    if not text.replace(".", "", 1).isdigit():
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
