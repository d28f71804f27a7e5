"""How many pages the steps take, reckoned from measured text, and how fully they may be told within the limits.

The measures are those of static/print-plan.css; contract 12 has the limits.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from checklists.people.units import PageSize, PrintPoints
from reports.paper.fitting import MM, page_pt
from reports.paper.forms import StepsForm
from reports.paper.letters import lines
from reports.paper.sheet import Card, Sheet

MOST_PAGES: dict[PrintPoints, int] = {12: 5, 14: 6, 18: 10, 24: 14}
_BEFORE = 2  # the poster and the page for after a fall
_HALF = 0.5
LEVELS, LATER, SETTLED = "levels", "later", "settled"
_FORMS = (
    StepsForm(hows=3, becauses=2, findings=3),
    StepsForm(hows=2, becauses=2, findings=2),
    StepsForm(hows=2, becauses=1, findings=1),
)


class Block(NamedTuple):
    """What does not part, how high it is, and by which name a page may begin with it."""

    height: float
    begins: str = ""


@dataclass(frozen=True, kw_only=True)
class Pages:
    """How many a plan takes, blank ones too, and whether one of its steps' pages is less than half full.

    The last of the steps' pages is less than half full as well, unless it begins at `fresh_at`.
    """

    steps: int
    visit: int
    is_thin: bool
    fresh_at: str

    @property
    def blank(self) -> int:
        """The page that is left empty, so that what is to tear off stands on a right-hand one."""
        return self.steps % 2 if self.visit else 0

    @property
    def all(self) -> int:
        return _BEFORE + self.steps + self.blank + self.visit


def steps_form(sheet: Sheet, page: PageSize, *, tight: bool) -> tuple[StepsForm, bool]:
    """The richest form within the limits, without a blank or thin page where that can be; whether it is within them."""
    most = MOST_PAGES[sheet.paper.print_points]
    forms = [replace(form, tight=tight) for form in _FORMS]
    within = [(form, pages) for form in forms if (pages := pages_of(sheet, form, page)).all <= most]
    if not within:
        return forms[-1], False
    form, pages = min(within, key=lambda each: (each[1].is_thin, each[1].blank))  # the first of those that are as good
    return replace(form, fresh_at=pages.fresh_at), True


def pages_of(sheet: Sheet, form: StepsForm, page: PageSize) -> Pages:
    """What the plan takes with its steps in this form."""
    width, height = page_pt(page)
    height -= sheet.paper.print_points  # what the reckoning may be wrong by
    blocks = list(_steps_blocks(sheet, form, width))
    filled = _filled((each.height for each in blocks), height)
    visit = _filled(_visit_blocks(sheet, form, width), height) if sheet.visit else []
    thin = any(each < _HALF * height for pages in (filled, visit) for each in pages[:-1])
    return Pages(
        steps=len(filled), visit=len(visit), is_thin=thin, fresh_at=_fresh_at(blocks, filled[-2:], _HALF * height)
    )


def _fresh_at(blocks: list[Block], last: list[float], half: float) -> str:
    """Where the last page is to begin, so that it is as full as the one before it; nothing where it is full enough."""
    if len(last) < 2 or last[-1] >= half:
        return ""
    behind, least, found = 0.0, abs(last[0] - last[1]), ""
    for block in reversed(blocks):
        behind += block.height
        apart = abs(sum(last) - 2 * behind)
        if block.begins and apart < least:
            least, found = apart, block.begins
    return found


def _filled(blocks: Iterable[float], height: float) -> list[float]:
    """How full each page is, of blocks that do not part."""
    pages = [0.0]
    for block in blocks:
        if pages[-1] and pages[-1] + block > height:
            pages.append(0.0)
        pages[-1] += block
    return pages


def _lines(text: str, width: float, size: float, *, bold: bool = False) -> int:
    return lines(text, width / size, bold=bold)


def _steps_blocks(sheet: Sheet, form: StepsForm, width: float) -> Iterator[Block]:
    text = sheet.paper.print_points
    heading = 28 * 1.15 + 3 + 3 * MM
    for place, card in enumerate(sheet.rows(form)):
        yield Block(_row(sheet, card, form, width, text) + (0 if place else heading), card.id if place else "")
    for call in (call for alarm in sheet.alarms if alarm not in sheet.on_poster for call in alarm.calls):
        yield Block(text * 1.28 * _lines(f"{call.do} {call.reasons}", width, text, bold=True) + text / 2)
    lesser = (28 if sheet.large_print else 20) * 1.15 + 1.5 + 6 * MM
    for place, each in enumerate(sheet.made):
        line = f"{each.short}: {each.word}, {each.score}. {sheet.made_by(each, form)}"
        high = text * 1.25 * _lines(line, width - 1.4 * text, text) * 1.02 + MM
        yield Block(high) if place else Block(high + lesser, LEVELS)
    if sheet.own_rule:
        yield Block(_small(sheet.own_rule, sheet, width))
    yield from _lines_of(sheet, form, width, lesser)
    if sheet.paper.way_back:
        yield Block(_way_back(sheet, form, width))
    if not sheet.visit or form.tight:
        yield Block(_small_print(sheet, width))


def _row(sheet: Sheet, card: Card, form: StepsForm, width: float, text: float) -> float:
    left, right = (width - 14 * MM,) * 2 if sheet.large_print else (62 * MM, width - 74 * MM)
    title = text * 1.08 * 1.15
    what = title * (_lines(f"{card.mark} {card.title}", left, text * 1.08, bold=True) - 1)
    what += max(title, (8 if sheet.large_print else 6) * MM if card.has_box else 0)
    what += text * 1.2 * sum(_lines(each, left, text, bold=True) for each in sheet.facts(card))
    why = sheet.why(card, form)
    more = _lines(f"Why: {why}", right, text) if why else 0
    more += sum(_lines(f"• {each}", right - 0.8 * text, text) for each in sheet.how(card, form))
    more += sum(_lines(f"{sheet.near_title} {each}", right, text, bold=True) for each in card.near)
    more += _lines(f"{card.note_by} {card.note}", right, text) if card.note else 0
    height = text * 1.2 * more + (48 * MM if card.photos else 0)
    return (what + height + 4 * MM if sheet.large_print else max(what, height) + 2.4 * MM) + 1


def _lines_of(sheet: Sheet, form: StepsForm, width: float, lesser: float) -> Iterator[Block]:
    """What can wait, a line each, side by side in small print; then what is settled."""
    beside, between = sheet.lines_beside(form), (0.3 if form.tight else 1.6) * MM
    text = sheet.paper.print_points * (0.86 if form.tight else 1)
    indent = 11 if sheet.large_print else 7 if form.tight else 8.5
    inside = width / beside - (indent + (2 if form.tight else 3)) * MM
    box = (8 if sheet.large_print else 6) * MM

    def height(card: Card, place: str, across: float) -> float:
        line = f"{card.mark} {card.title}\N{NO-BREAK SPACE}· {place} {card.status} {card.set}"
        note = text * 1.2 * _lines(f"{card.note_by} {card.note}", across, text) if card.note else 0
        leading = 1.05 if form.tight else 1.15
        further = text * leading * (_lines(line, across, text) - 1)
        return max(box, text * leading) + further + note + between + (48 * MM if card.photos else 0)

    named = sheet.later_lines
    for start in range(0, len(named), beside):
        pair = [height(card, place, inside) for card, place in named[start : start + beside]]
        yield Block(max(pair)) if start else Block(max(pair) + lesser, LATER)
    for place, card in enumerate(sheet.settled):
        high = height(card, "", width - 11 * MM)
        yield Block(high) if place else Block(high + lesser, SETTLED)


def _visit_blocks(sheet: Sheet, form: StepsForm, width: float) -> Iterator[float]:
    text, inside = sheet.paper.print_points, width - 7 * MM
    request = "x" * (60 if form.tight else 190)
    head = 28 * 1.15 + text * 1.28 * _lines(request, inside, text) + text * 1.1 + 5 * MM
    padding, leading = (0.6 * MM, 1.1) if form.tight else (2.4 * MM, 1.17)
    asked = inside * (0.72 if form.tight else 0.64) - (11 if sheet.large_print else 8.5) * MM
    for group in sheet.visit:
        head += 3 * MM + text * 1.15 * 1.28 + 1.5
        for card in group.cards:
            line_count = _lines(f"{card.mark} {card.title}", asked, text)
            yield head + max(text * leading * line_count, (8 if sheet.large_print else 6) * MM) + padding + 1
            head = 0.0
    if not form.tight:
        yield _small_print(sheet, inside)


def _way_back(sheet: Sheet, form: StepsForm, width: float) -> float:
    """The square with the way back beside it, which is longer than the square is high in large print."""
    assert sheet.paper.way_back is not None
    square, letters = (27, 0.86) if form.tight else (34, 1)
    text, word = sheet.paper.print_points * letters, "xxxxx "
    says = (
        f"{word * 19}{sheet.paper.way_back.code_page} {sheet.paper.way_back.code}",
        word * (12 if form.tight else 21),
    )
    high = text * 1.28 * sum(_lines(each, width - square * MM, text) for each in says)
    return max((square - 3) * MM, high) + 4 * MM


def _small_print(sheet: Sheet, width: float) -> float:
    return _small(" ".join(sheet.small_print), sheet, width)


def _small(says: str, sheet: Sheet, width: float) -> float:
    text = 0.86 * sheet.paper.print_points
    return 3 * MM + text * 1.28 * _lines(says, width, text)
