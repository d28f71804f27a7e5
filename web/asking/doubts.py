"""A size far from usual, as a number in the wrong unit is: asked back, and kept as typed where the person says so.

Nothing is refused here: the bounds of each question do that. No Flask request, no storage.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from answers.draft import metric
from checklists.files.model import Question
from web.asking.numbers import HEIGHTS
from web.asking.shown_answers import said_back
from web.core.speaking import gettext as _
from web.core.speaking import said

WEIGHT = "weight-kg"
HEIGHT, TALLEST = HEIGHTS
LEAST_BMI, MOST_BMI = 13, 60

Answers = Mapping[str, Any]


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
    if new & {WEIGHT, HEIGHT} and _weight_is_far(before, after):
        names = [WEIGHT]
    elif new & set(HEIGHTS) and _lost_a_third(_number(after, TALLEST), _number(after, HEIGHT)):
        names = list(HEIGHTS)
    else:
        return None
    typed = said().speech.listed([said_back(questions[name], after[name], helping=False) for name in names])
    about = " ".join(str(_number(after, name)) for name in (WEIGHT, *HEIGHTS))
    other = _in_other_unit(after.get(WEIGHT))
    converted = {**after, WEIGHT: other}
    if names == [WEIGHT] and other and _is_allowed(questions[WEIGHT], other) and not _weight_is_far(before, converted):
        instead = said_back(questions[WEIGHT], other, helping=False)
        return Doubt(
            text=_("You wrote %(typed)s. That is far from usual. Did you mean %(other)s?", typed=typed, other=instead),
            keep=_("No, %(typed)s is right", typed=typed),
            about=about,
            convert=_("Yes, %(other)s", other=instead),
            converted={WEIGHT: other},
        )
    return Doubt(
        text=_("You wrote %(typed)s. That is far from usual. Is it right?", typed=typed),
        keep=_("Yes, it is right"),
        about=about,
    )


def _weight_is_far(before: Answers, after: Answers) -> bool:
    weight, height = _number(after, WEIGHT), _number(after, HEIGHT)
    if weight is None:
        return False
    bmi = weight / (height / 100) ** 2 if height else None
    lost = after[WEIGHT] != before.get(WEIGHT) and _lost_a_third(_number(before, WEIGHT), weight)
    return lost or (bmi is not None and not LEAST_BMI <= bmi <= MOST_BMI)


def _lost_a_third(most: Decimal | None, now: Decimal | None) -> bool:
    return most is not None and now is not None and now * 3 < most * 2


def _in_other_unit(weight: object) -> dict[str, str]:
    """The same figures, as kilograms if they were typed as pounds, and the other way round."""
    if not isinstance(weight, dict):
        return {}
    return {"value": weight["pounds"]} if "pounds" in weight else {"pounds": weight["value"]}


def _is_allowed(question: Question, weight: dict[str, str]) -> bool:
    number = metric(weight)
    low, high = question.low, question.high
    return isinstance(number, Decimal) and low is not None and high is not None and low <= number <= high


def _number(answers: Answers, name: str) -> Decimal | None:
    number = metric(answers.get(name))
    return number if isinstance(number, Decimal) else None
