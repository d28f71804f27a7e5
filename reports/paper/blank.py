"""Checklists to fill in by hand → plain values for templates/reports/blank.html: the same questions as on the pages.

What is typed or known of a person never stands on them: a name is written by hand.
"""

from dataclasses import dataclass

from checklists.files.definitions import Definitions
from checklists.files.model import Question
from checklists.files.warning_signs import Sign
from reports.paper.plan_paper import PrintPoints, WayBack, is_loopback
from reports.paper.sheet import LARGE_PRINT_POINTS
from reports.words.questions import answers_of, ask_of, asked, help_of, only_if, title_of
from reports.words.speech import N_
from reports.words.words import Words

SIGNS = "warning-signs"
_UNITS = {
    ("years", "imperial"): ((N_("years"),),),
    ("years", "metric"): ((N_("years"),),),
    ("kg", "imperial"): ((N_("pounds"),), (N_("kg"),)),
    ("kg", "metric"): ((N_("kg"),), (N_("pounds"),)),
    ("cm", "imperial"): ((N_("feet"), N_("inches")), (N_("cm"),)),
    ("cm", "metric"): ((N_("cm"),), (N_("feet"), N_("inches"))),
}


@dataclass(frozen=True, kw_only=True)
class BlankPaper:
    """Which lists, for whom and how large; `start` is the app's address, `way_back` the way back into one record."""

    words: Words
    lists: tuple[str, ...]
    start: str
    helping: bool = False
    print_points: PrintPoints = 18
    way_back: WayBack | None = None

    @property
    def only_here(self) -> bool:
        """Whether no phone can open the app's address."""
        return is_loopback(self.start)

    @property
    def large_print(self) -> bool:
        return self.print_points >= LARGE_PRINT_POINTS


@dataclass(frozen=True, kw_only=True)
class BlankQuestion:
    """One question with boxes to tick, and lines to write numbers on: alternatives, each of one unit or more."""

    number: int
    ask: str
    help: str
    only_if: str
    boxes: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class BlankPart:
    """A section or a room."""

    title: str
    intro: str
    questions: tuple[BlankQuestion, ...]


@dataclass(frozen=True, kw_only=True)
class BlankSign:
    """A warning sign and what to do; one that only the person may read has another name, and no box."""

    says: str
    do: str
    has_box: bool


@dataclass(frozen=True, kw_only=True)
class BlankList:
    """One list on pages of its own; `groups` of signs instead of parts where it is that of the warning signs."""

    id: str
    title: str
    short: str
    intro: str
    parts: tuple[BlankPart, ...] = ()
    groups: tuple[tuple[str, tuple[BlankSign, ...]], ...] = ()
    none_of_these: str = ""


def every_list(definitions: Definitions) -> tuple[str, ...]:
    """All that can be filled in by hand, in the order of the papers."""
    return (SIGNS, *definitions.list_ids)


def write_lists(paper: BlankPaper) -> tuple[BlankList, ...]:
    """Every list of the paper, in words."""
    return tuple(_signs(paper) if each == SIGNS else _list(paper, each) for each in paper.lists)


def title(paper: BlankPaper) -> str:
    """What the file is called."""
    if len(paper.lists) == 1:
        return title_of(paper.words.definitions, paper.lists[0])
    return paper.words.speech.gettext("All checklists")


def versions(paper: BlankPaper) -> str:
    """By which words it was asked, so that an old sheet is known as one."""
    known = paper.words.definitions
    names = {each.id: each.version for each in (known.about, known.warning_signs, *known.checklists)}
    return ", ".join((*(f"{each} {names[each]}" for each in paper.lists), known.content_hash[:12]))


def _list(paper: BlankPaper, checklist: str) -> BlankList:
    known = paper.words.definitions
    return BlankList(
        id=checklist,
        title=title_of(known, checklist),
        short=known.about.title if checklist == "about" else known.checklist_of[checklist].short,
        intro=(known.about if checklist == "about" else known.checklist_of[checklist]).intro,
        parts=tuple(
            BlankPart(
                title=part.title,
                intro=part.intro,
                questions=tuple(_question(paper, checklist, number, each) for number, each in part.questions),
            )
            for part in asked(known, checklist)
        ),
    )


def _question(paper: BlankPaper, checklist: str, number: int, question: Question) -> BlankQuestion:
    words, helping, _ = paper.words, paper.helping, paper.words.speech.gettext
    lines = _UNITS[question.unit, words.region.units] if question.unit else ()
    return BlankQuestion(
        number=number,
        ask=words.ringing(ask_of(question, helping=helping)),
        help=words.ringing(help_of(question, helping=helping)),
        only_if=only_if(words, checklist, question, helping=helping),
        boxes=tuple(label for _code, label in answers_of(words, question, helping=helping)),
        lines=tuple(tuple(_(unit) for unit in alternative) for alternative in lines),
    )


def _signs(paper: BlankPaper) -> BlankList:
    known = paper.words.definitions.warning_signs
    return BlankList(
        id=SIGNS,
        title=known.title,
        short=known.title,
        intro=f"{known.ask_other if paper.helping else known.ask} {known.help}",
        groups=tuple(
            (group.title, tuple(_sign(paper, each) for each in known.signs if each.group == group.id and each.ask))
            for group in known.groups
        ),
        none_of_these=known.none_of_these,
    )


def _sign(paper: BlankPaper, sign: Sign) -> BlankSign:
    ask = (sign.ask_other if paper.helping else sign.ask) or sign.name
    if sign.paper_says:
        at_any_hour = paper.words.speech.gettext("at any hour, %(number)s", number=paper.words.region.crisis.number)
        return BlankSign(says=sign.paper_says, do=at_any_hour, has_box=False)
    return BlankSign(says=ask, do=paper.words.ringing(sign.do), has_box=True)
