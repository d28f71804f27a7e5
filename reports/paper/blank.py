"""Checklists to fill in by hand → plain values for templates/reports/blank.html: the same questions as on the pages.

What is known of a person never stands on them: a name is written by hand, or is what a clinic calls them.
"""

from dataclasses import dataclass, replace

from checklists.files.definitions import Definitions
from checklists.files.grammar import FALLS
from checklists.files.model import Question
from checklists.files.warning_signs import Sign, SignGroup
from checklists.people.units import LARGE_PRINT_POINTS, PrintPoints
from reports.paper.plan_paper import WayBack, is_loopback
from reports.words.questions import QuestionGroup, answers_of, ask_of, asked, help_of, numbered, only_if, title_of
from reports.words.speech import N_
from reports.words.words import Words

ABOUT, SIGNS = "about", "warning-signs"
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
    label: str = ""

    @property
    def only_here(self) -> bool:
        """Whether no phone can open the app's address."""
        return is_loopback(self.start)

    @property
    def large_print(self) -> bool:
        return self.print_points >= LARGE_PRINT_POINTS


@dataclass(frozen=True, kw_only=True)
class BlankQuestion:
    """One row: a box under each heading, or `boxes` of its own and lines to write numbers on, of one unit or more.

    `only_if` stands before the first of the rows for which it holds, and each of them is `indented`.
    """

    number: int
    ask: str
    help: str
    only_if: str
    indented: bool
    boxes: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    may_be_unsure: bool


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
class BlankSigns:
    """Signs of one group; in short, all that call for the same are one."""

    title: str
    signs: tuple[BlankSign, ...]


@dataclass(frozen=True, kw_only=True)
class BlankList:
    """One list on pages of its own: that of the warning signs, or a table of parts with `headings` over its boxes.

    Before a list that somebody fills in alone, `asks_first` and the signs in short.
    """

    id: str
    title: str
    short: str
    intro: str
    headings: tuple[str, ...] = ()
    parts: tuple[BlankPart, ...] = ()
    asks_first: str = ""
    signs: tuple[BlankSigns, ...] = ()
    none_of_these: str = ""


def every_list(definitions: Definitions) -> tuple[str, ...]:
    """All that can be filled in by hand, in the order of the papers."""
    return (SIGNS, *definitions.list_ids)


def with_what_comes_before(lists: tuple[str, ...]) -> tuple[str, ...]:
    """The lists to print so that these can be judged: the signs and the age come first, as falls alone have them."""
    if lists == (FALLS,) or set(lists) <= {SIGNS, ABOUT}:
        return lists
    return tuple(dict.fromkeys((SIGNS, ABOUT, *lists)))


def write_lists(paper: BlankPaper) -> tuple[BlankList, ...]:
    """Every list of the paper, in words; falls alone are one sheet, with all that is asked before them."""
    if paper.lists == (FALLS,):
        return (_sheet(paper, FALLS),)
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


def _sheet(paper: BlankPaper, checklist: str) -> BlankList:
    """A list for somebody who fills in no other: the signs in short, what is asked about everybody, its questions."""
    known, about = paper.words.definitions, _list(paper, ABOUT)
    whole = QuestionGroup(id="", title="", intro="", questions=numbered(known, checklist))
    own, signs = _list(paper, checklist), known.warning_signs
    return replace(
        own,
        parts=(
            replace(about.parts[0], title=about.title),
            replace(_part(paper, checklist, whole), title=own.short, intro=own.parts[0].intro),
        ),
        asks_first=signs.ask_other if paper.helping else signs.ask,
        signs=tuple(_in_short(paper, group) for group in signs.groups),
        none_of_these=signs.none_of_these,
    )


def _list(paper: BlankPaper, checklist: str) -> BlankList:
    known = paper.words.definitions
    return BlankList(
        id=checklist,
        title=title_of(known, checklist),
        short=known.about.title if checklist == ABOUT else known.checklist_of[checklist].short,
        intro=(known.about if checklist == ABOUT else known.checklist_of[checklist]).intro,
        headings=max((_labels(paper, each) for each in known.questions[checklist] if not each.options), key=len),
        parts=tuple(_part(paper, checklist, part) for part in asked(known, checklist)),
    )


def _part(paper: BlankPaper, checklist: str, part: QuestionGroup) -> BlankPart:
    words, helping = paper.words, paper.helping
    conditions = ["", *(only_if(words, checklist, each, helping=helping) for _number, each in part.questions)]
    return BlankPart(
        title=part.title,
        intro=part.intro,
        questions=tuple(
            _question(paper, number, each, before, condition)
            for (number, each), before, condition in zip(part.questions, conditions, conditions[1:], strict=False)
        ),
    )


def _question(paper: BlankPaper, number: int, question: Question, before: str, condition: str) -> BlankQuestion:
    words, helping, _ = paper.words, paper.helping, paper.words.speech.gettext
    lines = _UNITS[question.unit, words.region.units] if question.unit else ()
    return BlankQuestion(
        number=number,
        ask=words.ringing(ask_of(question, helping=helping)),
        help=words.ringing(question.help_short or help_of(question, helping=helping)),
        only_if="" if condition == before else condition,
        indented=bool(condition),
        boxes=_labels(paper, question) if question.options else (),
        lines=tuple(tuple(_(unit) for unit in alternative) for alternative in lines),
        may_be_unsure=question.answers == "decimal",
    )


def _labels(paper: BlankPaper, question: Question) -> tuple[str, ...]:
    return tuple(label for _code, label in answers_of(paper.words, question, helping=paper.helping))


def _signs(paper: BlankPaper) -> BlankList:
    known = paper.words.definitions.warning_signs
    return BlankList(
        id=SIGNS,
        title=known.title,
        short=known.title,
        intro=f"{known.ask_other if paper.helping else known.ask} {known.help}",
        signs=tuple(
            BlankSigns(title=group.title, signs=tuple(_sign(paper, each) for each in _asked_in(paper, group)))
            for group in known.groups
        ),
        none_of_these=known.none_of_these,
    )


def _asked_in(paper: BlankPaper, group: SignGroup) -> tuple[Sign, ...]:
    known = paper.words.definitions.warning_signs
    return tuple(each for each in known.signs if each.group == group.id and each.ask)


def _sign(paper: BlankPaper, sign: Sign) -> BlankSign:
    if sign.paper_says:
        at_any_hour = paper.words.speech.gettext("at any hour, %(number)s", number=paper.words.region.crisis.number)
        return BlankSign(says=sign.paper_says, do=at_any_hour, has_box=False)
    ask = (sign.ask_other if paper.helping else sign.ask) or sign.name
    return BlankSign(says=ask, do=paper.words.ringing(sign.do), has_box=True)


def _in_short(paper: BlankPaper, group: SignGroup) -> BlankSigns:
    """The signs of a group by what to do, each in a few words that fit the person and a helper alike."""
    few_words: dict[tuple[str, bool], list[str]] = {}
    for sign in _asked_in(paper, group):
        row = _sign(paper, sign)
        few_words.setdefault((row.do, row.has_box), []).append(sign.paper_says or sign.ask_short or sign.name)
    signs = (BlankSign(says=". ".join(says), do=do, has_box=box) for (do, box), says in few_words.items())
    return BlankSigns(title=group.title, signs=tuple(signs))
