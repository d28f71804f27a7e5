"""The grammar of the words that are explained, and how those that stand in a text are found."""

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Annotated

from pydantic import BeforeValidator, Field

from checklists.files.grammar import Code, Strict, Wording, as_tuple
from checklists.files.model import Header


class Term(Strict):
    """One word that is hard and cannot be done without; `found_as` holds its forms, parted by "|"."""

    id: Code
    term: Wording
    found_as: Wording
    means: Wording
    plain_on_paper: bool = False

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """The longest first, in small letters."""
        return tuple(sorted((form.strip().lower() for form in self.found_as.split("|")), key=len, reverse=True))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds any form as whole words, whatever their case."""
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, self.forms))})(?!\w)", re.I)


class Glossary(Header):
    """At most forty terms: a longer list would show that the texts are too hard."""

    intro: Wording
    terms: Annotated[tuple[Term, ...], BeforeValidator(as_tuple), Field(max_length=40)]

    def found_in(self, texts: Iterable[str]) -> tuple[Term, ...]:
        """The terms that stand in these texts, each once, in the order of the alphabet."""
        whole = "\n".join(texts)
        small = whole.lower()
        stand = {number for form, number in self._forms if form in small}  # far quicker than patterns
        terms = (self.terms[number] for number in sorted(stand))
        return tuple(term for term in terms if term.pattern.search(whole))

    @cached_property
    def _forms(self) -> tuple[tuple[str, int], ...]:
        """Every form, and which term has it."""
        return tuple((form, number) for number, term in enumerate(self.terms) for form in term.forms)
