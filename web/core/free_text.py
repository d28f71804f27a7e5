"""Free text in a form: how it is read, and what is said of it where it cannot be kept."""

from collections.abc import Mapping

from checklists.people.plain_text import plain
from reports.paper.letters import unprintable
from web.core.speaking import gettext as _

MOST_NAMED = 10


def typed(form: Mapping[str, str], name: str, *, lines: bool = False) -> str:
    """What stands in a field, in the one form in which it is judged, kept and shown again."""
    return plain(form.get(name, ""), lines=lines)


def problem(text: str, most: int, most_lines: int = 1) -> str:
    """What to do about a text that is too long, or that paper cannot show; "" where it can be kept."""
    if len(text) > most:
        return _("Use at most %(most)s letters here. There are %(count)s now.", most=most, count=len(text))
    count = len(text.split("\n"))
    if count > most_lines:
        return _("Use at most %(most)s lines here. There are %(count)s now.", most=most_lines, count=count)
    letters = " ".join(unprintable(text)[:MOST_NAMED])
    if not letters:
        return ""
    return _("We cannot print this: %(letters)s. Leave it out, or write it with other letters.", letters=letters)
