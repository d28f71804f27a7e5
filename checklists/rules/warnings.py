"""Warnings: signs that were ticked, and what answers say by themselves."""

from dataclasses import dataclass

from checklists.files.definitions import Definitions
from checklists.files.grammar import Urgency
from checklists.files.warning_signs import IfAsked, Sign
from checklists.rules.because import Because, sort_because
from checklists.rules.facts import World, in_every
from checklists.rules.person import Person

_URGENCIES: tuple[Urgency, ...] = ("now", "today", "soon")


@dataclass(frozen=True, kw_only=True)
class Warning:
    """A warning that stands, with the answers that made it (or the sign itself, where it was ticked)."""

    sign: Sign
    because: tuple[Because, ...]
    milder: IfAsked | None = None

    @property
    def id(self) -> str:
        return self.sign.id

    @property
    def form(self) -> Sign | IfAsked:
        """What is said, done and called for: the sign's own form, or its milder one."""
        return self.milder or self.sign

    @property
    def urgency(self) -> Urgency:
        return self.form.urgency


def find_warnings(definitions: Definitions, person: Person, worlds: tuple[World, ...]) -> tuple[Warning, ...]:
    """Ticked signs and the warnings that answers make: now, today, soon, each in the order of the file."""
    found = [warning for sign in definitions.warning_signs.signs if (warning := _warning(sign, person, worlds))]
    return tuple(sorted(found, key=lambda warning: _URGENCIES.index(warning.urgency)))


def _warning(sign: Sign, person: Person, worlds: tuple[World, ...]) -> Warning | None:
    if person.signs is not None and sign.id in person.signs:
        ticked = Because(checklist="warning-signs", link_id=sign.id)
        return Warning(sign=sign, because=(ticked,))
    if sign.from_answers is None:
        return None
    finding = in_every(worlds, sign.from_answers.when, "warning-signs")
    if finding.truth is not True:
        return None
    was_asked = person.signs is not None and sign.id not in person.unasked_signs
    milder = sign.from_answers.if_asked if was_asked else None
    because = sort_because(worlds[0].definitions, "warning-signs", finding.because)
    return Warning(sign=sign, because=because, milder=milder)
