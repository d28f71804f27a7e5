"""What a clinic calls a person: its own name or number for the paper and the list, never an answer."""

from checklists.people.plain_text import plain
from checklists.people.quoting import shown
from checklists.people.sentence import Sentence, at

LABEL = "label"
LABEL_CHARACTERS = 80


def label_fault(value: object) -> str | None:
    """What is wrong with a label, or None."""
    if value is not None and not isinstance(value, str):
        return at(LABEL, Sentence("%(value)s is not a text; put it into quotes", value=shown(value)))
    fault = length_fault(value or "")
    return at(LABEL, fault) if fault else None


def length_fault(label: str) -> Sentence | None:
    """What is wrong with the length of a label, as the end of a sentence, or None."""
    length = len(plain(label))
    if length <= LABEL_CHARACTERS:
        return None
    return Sentence("has %(length)s characters; use at most %(most)s", length=length, most=LABEL_CHARACTERS)


def label_of(record: object) -> str | None:
    """The label of a record, where it has one that can be used."""
    value = record.get(LABEL) if isinstance(record, dict) else None
    return plain(value) or None if isinstance(value, str) and label_fault(value) is None else None
