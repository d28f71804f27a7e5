"""A size far from usual, as a number in the wrong unit is: asked back, and kept as typed where the person says so.

Nothing is refused here: the bounds of each question do that. No Flask request, no storage.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from answers.typed_numbers import Answer, Answers, PlainNumber, Pounds, TypedNumber, metric
from checklists.files.model import Question
from web.asking.numbers import HEIGHTS, answer_in_words
from web.core.speaking import gettext as _
from web.core.speaking import wording

WEIGHT = "weight-kg"
HEIGHT, TALLEST = HEIGHTS
LEAST_BMI, MOST_BMI = 13, 60


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """A question back; `about` names the numbers it judges, so that its answer holds for no others."""

    text: str
    keep: str
    about: str
    convert: str = ""
    converted: Answers = field(default_factory=dict)

    def answered(self, meant: str) -> Answers | None:
        """What the person's answer changes, or None where it is not answered yet."""
        return {f"typed {self.about}": {}, f"other {self.about}": self.converted}.get(meant)


def doubt_about(questions: Mapping[str, Question], before: Answers, after: Answers) -> Doubt | None:
    """What to ask before these answers about bones are kept in the place of those before."""
    new = {name for name in (WEIGHT, *HEIGHTS) if name in after and after[name] != before.get(name)}
    is_far = bool(new & {WEIGHT, HEIGHT}) and _is_far(after)
    is_less = WEIGHT in new and _lost_a_third(_number(before, WEIGHT), _number(after, WEIGHT))
    if is_far or is_less:
        names = [name for name in (WEIGHT, HEIGHT) if name == WEIGHT or name in new]
    elif new & set(HEIGHTS) and _lost_a_third(_number(after, TALLEST), _number(after, HEIGHT)):
        names = list(HEIGHTS)
    else:
        return None

    def listed(answers: Answers, names: Sequence[str]) -> str:
        return wording().speech.listed(
            [answer_in_words(questions[name], answers[name], helping=False) for name in names]
        )

    typed = listed(after, names)
    text = _("You wrote %(typed)s. That is far from usual.", typed=typed)
    if is_less and not is_far:
        text = _("You wrote %(typed)s. Before, it was %(before)s.", typed=typed, before=listed(before, [WEIGHT]))
    about = " ".join(str(_number(after, name)) for name in (WEIGHT, *HEIGHTS))
    other = _in_other_unit(after.get(WEIGHT))
    if names[0] == WEIGHT and other and _is_allowed(questions[WEIGHT], other) and not _is_far({**after, WEIGHT: other}):
        instead = answer_in_words(questions[WEIGHT], other, helping=False)
        did_you_mean = _("Did you mean %(other)s?", other=instead)
        return Doubt(
            text=f"{text} {did_you_mean}",
            keep=_("No, %(typed)s is right", typed=listed(after, [WEIGHT])),
            about=about,
            convert=_("Yes, %(other)s", other=instead),
            converted={WEIGHT: other},
        )
    is_it_right = _("Is it right?")
    return Doubt(text=f"{text} {is_it_right}", keep=_("Yes, it is right"), about=about)


def _is_far(answers: Answers) -> bool:
    """Whether weight and height do not go together: nobody has so little, or so much, of the one for the other."""
    weight, height = _number(answers, WEIGHT), _number(answers, HEIGHT)
    return bool(weight and height) and not LEAST_BMI <= weight / (height / 100) ** 2 <= MOST_BMI  # type: ignore[operator]


def _lost_a_third(most: Decimal | None, now: Decimal | None) -> bool:
    return most is not None and now is not None and now * 3 < most * 2


def _in_other_unit(weight: Answer | None) -> TypedNumber | None:
    """The same figures, as kilograms if they were typed as pounds, and the other way round."""
    match weight:
        case Pounds():
            return PlainNumber(value=weight.pounds)
        case PlainNumber():
            return Pounds(pounds=weight.value)
    return None


def _is_allowed(question: Question, weight: TypedNumber) -> bool:
    number = metric(weight)
    low, high = question.low, question.high
    return isinstance(number, Decimal) and low is not None and high is not None and low <= number <= high


def _number(answers: Answers, name: str) -> Decimal | None:
    number = metric(answers.get(name))
    return number if isinstance(number, Decimal) else None
