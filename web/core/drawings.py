"""The drawings in templates/components/drawings/, and which of them stands beside what is asked."""

from functools import cache
from pathlib import Path

from checklists.files.model import Question

FOLDER = "templates/components/drawings"


@cache
def drawn() -> frozenset[str]:
    """The name of every drawing there is."""
    return frozenset(file.stem for file in (Path(__file__).parent.parent.parent / FOLDER).glob("*.svg"))


def drawing_of(question: Question, otherwise: str = "") -> str:
    """The drawing a question names, or the one that has its name; `otherwise` where nobody drew it."""
    name = question.drawing or question.link_id
    return name if name in drawn() else otherwise
