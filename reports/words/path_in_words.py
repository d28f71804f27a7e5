"""Path → what is said of it: how many steps are done, and who did the last one."""

from dataclasses import dataclass

from checklists.people.plain_text import isolated
from reports.plan.path import Path, Print
from reports.words.words import Words


@dataclass(frozen=True, kw_only=True)
class PathInWords:
    """The heading ("1 of 3 done", or how many to begin with), the footprints, and who did what last."""

    heading: str
    prints: tuple[Print, ...]
    latest: str


def path_in_words(words: Words, path: Path) -> PathInWords:
    """Nothing is said where there is no step."""
    return PathInWords(
        heading=_heading(words, path) if path.goal else "", prints=path.prints, latest=_latest(words, path)
    )


def praise(words: Words, path: Path) -> str:
    """What is said in the moment after a tick."""
    _ = words.speech.gettext
    if path.is_there:
        return words.speech.ngettext("Well done. Your step is taken.", "Well done. All %(num)s are done.", path.done)
    return _("Well done. Your first step is taken.") if path.done == 1 else _("Well done. One more step is taken.")


def _heading(words: Words, path: Path) -> str:
    if path.done:
        return words.speech.gettext("%(done)s of %(count)s done", done=path.done, count=path.goal)
    return words.speech.ngettext("%(num)s step to begin with", "%(num)s steps to begin with", path.goal)


def _latest(words: Words, path: Path) -> str:
    step = path.latest
    if step is None or step.standing.on is None:
        return ""
    title, day, name = isolated(words.title(step)), words.day(step.standing.on), words.name_of(step.standing.by)
    if name:
        return words.speech.gettext("%(name)s, %(day)s: %(title)s", name=name, day=day, title=title)
    return words.speech.gettext("Last, %(day)s: %(title)s", day=day, title=title)
