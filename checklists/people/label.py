"""What a clinic calls a person: its own name or number for the paper and the list, never an answer."""

from checklists.people.plain_text import plain
from checklists.people.quoting import shown

LABEL = "label"
LABEL_CHARACTERS = 80


def label_fault(value: object) -> str | None:
    """What is wrong with a label, or None."""
    if value is not None and not isinstance(value, str):
        return f"{LABEL}: {shown(value)} is not a text; put it into quotes"
    length = len(plain(value or ""))
    if length > LABEL_CHARACTERS:
        return f"{LABEL}: has {length} characters; use at most {LABEL_CHARACTERS}"
    return None


def label_of(record: object) -> str | None:
    """The label of a record, where it has one that can be used."""
    value = record.get(LABEL) if isinstance(record, dict) else None
    return plain(value) or None if isinstance(value, str) and label_fault(value) is None else None
