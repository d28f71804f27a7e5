"""What the table of who must not be told what asks of every action and text: each fault that would break it."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from checklists.files.actions import Action, Instead
from checklists.files.definitions import Definitions
from checklists.loading.faults import Found, Place

EXERCISE, FROM_FLOOR, ON_FOOT = "exercise", "get-up-from-floor", "move-on-foot"


def safety_faults(definitions: Definitions) -> Iterator[Found]:
    """Every fault as (definition, place in it, fault and remedy)."""
    yield from _unknown_states(definitions)
    for i, action in enumerate(definitions.actions.actions):
        for place, says in (*_ordinary_words(definitions, action), *_harmful_sentences(definitions, action)):
            yield "actions", ("actions", i, *place), says
    for i, guide in enumerate(definitions.guides.guides):
        for says in _sentences_for_everybody(definitions, guide.lead, *_guide_texts(guide.parts)):
            yield "guides", ("guides", i), says


def _unknown_states(definitions: Definitions) -> Iterator[Found]:
    known = definitions.safety.state_of
    for i, row in enumerate(definitions.safety.never_told):
        for state in row.to:
            if state not in known:
                yield "safety", ("never_told", i, "to"), f"there is no state {state}; define it above"
    for needed in (EXERCISE, FROM_FLOOR, ON_FOOT):
        if needed not in definitions.safety.row_of:
            yield "safety", ("never_told",), f"the row {needed} is missing; add it"


def _ordinary_words(definitions: Definitions, action: Action) -> Iterator[tuple[Place, str]]:
    """What moves the body needs other words for everybody to whom its own must not be told, and no day in a hold."""
    row = definitions.safety.row_of.get(EXERCISE)
    if action.effort != "move" or row is None:
        return
    for state in row.to:
        if reaches(definitions, action, len(action.instead_when), state):
            yield (), f"{action.id} moves the body; add instead_when for people in the state {state}"
    for j, instead in enumerate(action.instead_when):
        if reaches(definitions, action, j, "hold") and not instead.waits:
            yield ("instead_when", j), f"{action.id}: what is told while exercise is held back waits; add waits: true"


def _harmful_sentences(definitions: Definitions, action: Action) -> Iterator[tuple[Place, str]]:
    """Sentences that some people must not read, found by the words of their row."""
    forms: tuple[Action | Instead, ...] = (*action.instead_when, action)
    for j, form in enumerate(forms):
        place: Place = ("instead_when", j) if isinstance(form, Instead) else ()
        for row in (FROM_FLOOR, ON_FOOT):
            states = definitions.safety.row_of[row].to if row in definitions.safety.row_of else ()
            sentences = list(_found(definitions, row, form.title, *form.how, form.why)) if states else []
            harmed = [state for state in states if reaches(definitions, action, j, state)] if sentences else []
            for state, sentence in product(harmed, sentences):
                yield place, f"people in the state {state} must not be told ({row}): {sentence}"


def reaches(definitions: Definitions, action: Action, form: int, state: str) -> bool:
    """Whether the form (a place in instead_when, or the one after the last for its own words) is told in a state."""
    covers = definitions.safety.covers
    excluded = action.when is not None and action.when.not_ is not None and covers(action.when.not_, state)
    return not excluded and not any(covers(each.when, state) for each in action.instead_when[:form])


def _sentences_for_everybody(definitions: Definitions, *texts: str) -> Iterator[str]:
    """A general page is read by everybody, so it gives none of these orders."""
    for row in (FROM_FLOOR, ON_FOOT):
        if row in definitions.safety.row_of:
            for text in texts:
                found = definitions.safety.found_in(row, text, definitions.language, orders_only=row == ON_FOOT)
                yield from (f"not everybody may be told ({row}): {sentence}" for sentence in found)


def _found(definitions: Definitions, row: str, *texts: str) -> Iterator[str]:
    for text in texts:
        yield from definitions.safety.found_in(row, text, definitions.language)


def _guide_texts(parts: Any) -> Iterator[str]:
    for part in parts:
        yield from (*part.text, *part.points)
