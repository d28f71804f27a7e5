"""The grammar of the short pages of plain facts."""

from typing import Annotated

from pydantic import BeforeValidator

from checklists.grammar import Code, Codes, Said, Sayings, Strict, as_tuple
from checklists.model import Header


class Part(Strict):
    heading: Said | None = None
    text: Sayings = ()
    points: Sayings = ()


class Guide(Strict):
    """One short page of plain facts, linked where it helps; `after_spine_fracture` prints it with such a plan."""

    id: Code
    title: Said
    lead: Said
    parts: Annotated[tuple[Part, ...], BeforeValidator(as_tuple)]
    after_spine_fracture: bool = False
    source: Codes


class Guides(Header):
    guides: Annotated[tuple[Guide, ...], BeforeValidator(as_tuple)]
