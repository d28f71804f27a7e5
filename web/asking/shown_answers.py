"""An answer as the person gave it: their own units, and the words of its choices."""

from decimal import Decimal

from answers.typed_numbers import Answer, FeetAndInches, PlainNumber, Pounds
from checklists.files.model import Question
from reports.words.questions import answers_of
from web.asking.numbers import feet_and_inches
from web.core.speaking import gettext as _
from web.core.speaking import wording


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
