"""Whether somebody's paper can be printed under the label that the clinic gave."""

from checklists.people.label import LABEL
from checklists.people.sentence import Sentence, at
from reports.judging.judged import Faulty, Judged
from reports.paper.letters import unprintable


def printable(person: Judged | Faulty) -> Judged | Faulty:
    """The same, or a fault where no font of ours has a letter of the label."""
    letters = " ".join(unprintable(person.label or "")) if isinstance(person, Judged) else ""
    if not letters or isinstance(person, Faulty):
        return person
    fault = Sentence("%(letters)s cannot be printed; leave it out, or write it with other letters", letters=letters)
    return Faulty(record=person.record, faults=(at(LABEL, fault),))
