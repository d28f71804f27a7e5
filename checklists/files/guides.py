"""The grammar of the short pages of plain facts."""

from collections.abc import Callable
from typing import Annotated

from pydantic import BeforeValidator

from checklists.files.grammar import Code, Codes, Sayings, Strict, Wording, as_tuple
from checklists.files.model import Header


class GuidePart(Strict):
    heading: Wording | None = None
    text: Sayings = ()
    points: Sayings = ()

    def in_words(self, say: Callable[[str], str]) -> "GuidePart":
        heading = say(self.heading) if self.heading else None
        text, points = tuple(map(say, self.text)), tuple(map(say, self.points))
        return self.model_copy(update={"heading": heading, "text": text, "points": points})


class Guide(Strict):
    """One short page of plain facts, linked where it helps; `after_spine_fracture` prints it with such a plan."""

    id: Code
    title: Wording
    lead: Wording
    parts: Annotated[tuple[GuidePart, ...], BeforeValidator(as_tuple)]
    after_spine_fracture: bool = False
    source: Codes

    def in_words(self, say: Callable[[str], str]) -> "Guide":
        """The same with every text as `say` says it, its headings too."""
        parts = tuple(each.in_words(say) for each in self.parts)
        return self.model_copy(update={"title": say(self.title), "lead": say(self.lead), "parts": parts})


class Guides(Header):
    guides: Annotated[tuple[Guide, ...], BeforeValidator(as_tuple)]
