"""An answer as the person gave it: their own units, and the words of its choices."""

from decimal import Decimal

from answers.draft import metric
from checklists.files.model import Question
from reports.words.questions import answers_of
from web.asking.numbers import feet_and_inches
from web.core.speaking import gettext as _
from web.core.speaking import said


def said_back(question: Question, kept: object, *, helping: bool) -> str:
    """What was answered, as it is read back."""
    if isinstance(kept, dict):
        number = said().speech.number
        if "feet" in kept:
            return feet_and_inches(kept)
        if "pounds" in kept:
            return _("%(number)s pounds", number=number(Decimal(kept["pounds"])))
        unit = {"kg": "kg", "cm": "cm"}.get(question.unit or "", "")
        return f"{number(Decimal(str(metric(kept))))} {unit}".strip()
    return dict(answers_of(said(), question, helping=helping)).get(str(kept), str(kept))
