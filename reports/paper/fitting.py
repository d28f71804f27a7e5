"""What page 1 and the page for after a fall can hold, reckoned from measured text before anything is laid out.

One rendering is then enough, and each is one page at every size. The measures are those of static/print-plan.css.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from checklists.people.units import PageSize
from reports.paper.forms import FallForm, PosterForm
from reports.paper.letters import lines, text_width
from reports.paper.sheet import Alarm, Card, Sheet

MM = 72 / 25.4
LOGO_WIDTH = 48 * MM
_PAGE_POINTS = {"letter": (612, 792), "a4": (595.28, 841.89)}
_SIDES_MM, _ENDS_MM = 30, 29
_SPARE_PT = 8
_HIGHEST_ROW_PT = 60 * MM


def _poster_forms() -> Iterator[PosterForm]:
    """What gives way when the first page is full, in this order; the pages after it say it.

    Never the reason for what cannot wait, a step's title, who and by which day, the phone number. Only where the
    warnings alone fill the page do steps go to the next one.
    """
    full = PosterForm()
    yield full
    yield (less := replace(full, hows=1))
    for becauses in (1, 0):
        yield (less := replace(less, becauses=becauses))
    yield (less := replace(less, hows=0))
    yield (less := replace(less, strip=False))
    yield (less := replace(less, check_again=False))
    yield (less := replace(less, reasons=False))
    yield (less := replace(less, pictures=False))
    yield (less := replace(less, tight=True))
    for alarm in (0.92, 0.86):
        yield (less := replace(less, alarm=alarm))
    for first in (2, 1, 0):
        yield (less := replace(less, first=first))
    yield replace(less, first=3, soon=False)
    yield replace(less, alarm=0.75)


_HELP_FORMS = tuple(
    PosterForm(alarm=alarm, soon=soon, check_again=False, tight=alarm < 1)
    for soon, alarms in ((True, (1.6, 1.4)), (False, (1.6, 1.4, 1.2, 1, 0.85, 0.75)))
    for alarm in alarms
)
_FORMS = tuple(_poster_forms())
_FALL_FORMS = (
    FallForm(em=1, drawing_mm=27),
    FallForm(em=1, drawing_mm=21),
    FallForm(em=0.92, drawing_mm=21),
    FallForm(em=0.86, drawing_mm=18, names=False),
    FallForm(em=0.86, drawing_mm=13, names=False),
    FallForm(em=0.86, drawing_mm=13, names=False, lines=False),
    FallForm(em=0.86, drawing_mm=10, names=False, lines=False),
    FallForm(em=0.86, drawing_mm=10, below=True, names=False, lines=False),
    FallForm(em=0.86, drawing_mm=0, names=False, lines=False),
)


@dataclass(frozen=True, kw_only=True)
class _Type:
    """Sizes of one print size, in points."""

    text: float
    line: float
    step: float
    numeral: float
    box: float
    gutter: float
    drawing: float
    head: float = 28
    large: bool = False


def _type(sheet: Sheet) -> _Type:
    points = sheet.paper.print_points
    small = _Type(text=points, line=1.28, step=20, numeral=44, box=8 * MM, gutter=19 * MM, drawing=27 * MM)
    return {
        12: replace(small, step=19),
        14: small,
        18: replace(small, step=22, numeral=40, gutter=17 * MM, large=True),
        24: replace(small, line=1.2, step=25, numeral=36, gutter=17 * MM, drawing=25 * MM, large=True),
    }[points]


def page_pt(page: PageSize) -> tuple[float, float]:
    """Width and height between the margins, in points."""
    width, height = _PAGE_POINTS[page]
    return width - _SIDES_MM * MM, height - _ENDS_MM * MM


def poster_form(sheet: Sheet, page: PageSize) -> PosterForm:
    """The richest form that fits on page 1, with the height that is left given to its steps."""
    width, height = page_pt(page)
    type_, room = _type(sheet), height - _SPARE_PT
    forms = _HELP_FORMS if sheet.paper.plan.help_first else _FORMS
    fits = (form for form in forms if poster_pt(sheet, form, type_, width) <= room)
    form = next(fits, forms[-1])
    rows = [_step_pt(sheet, card, form, type_, width) for card in sheet.first[: form.first]]
    left = room - poster_pt(sheet, form, type_, width)
    if left <= 0 or not rows:
        return replace(form, spare_pt=max(left, 0))
    high = _level(rows, left)
    return replace(form, row_pt=high, spare_pt=max(left - sum(max(0, high - each) for each in rows), 0))


def _level(rows: list[float], left: float) -> float:
    """How high each row may stand at least, so that together they take what is left, and no more."""
    low, high = 0.0, _HIGHEST_ROW_PT
    for _ in range(20):
        middle = (low + high) / 2
        taken = sum(max(0, middle - each) for each in rows)
        low, high = (middle, high) if taken <= left else (low, middle)
    return low


def poster_pt(sheet: Sheet, form: PosterForm, type_: _Type, width: float) -> float:
    """How high the first page is in this form, in points."""
    return sum(_poster_heights(sheet, form, type_, width))


def _poster_heights(sheet: Sheet, form: PosterForm, type_: _Type, width: float) -> Iterator[float]:
    if sheet.clinic:
        size = 18 if type_.large else 22
        beside = width - (LOGO_WIDTH if sheet.paper.logo else 0)
        yield size * 1.2 * _lines(sheet.clinic, beside, size, bold=True) + 4 * MM + 3
    yield _head(sheet, type_, width)
    if not sheet.first:
        yield type_.text * 1.1 * type_.line * _lines(sheet.message, width, type_.text * 1.1, bold=True) + 3 * MM
    for alarm in sheet.alarms if form.soon else [each for each in sheet.alarms if not each.is_soon]:
        yield _alarm_pt(alarm, form, type_, width)
    for card in sheet.first[: form.first]:
        yield _step_pt(sheet, card, form, type_, width)
    if form.strip and sheet.next:
        yield _strip_pt(sheet, type_, width)
    yield _ring_pt(sheet, form, type_, width)


def _lines(text: str, width: float, size: float, *, bold: bool = False) -> int:
    return lines(text, width / size, bold=bold)


def _head(sheet: Sheet, type_: _Type, width: float) -> float:
    """The title with the place for a name or label beside it; in large print under it."""
    label = sheet.paper.label
    if type_.large:
        name = max(
            12 * MM, 2 * MM + 2.5 + type_.text * 1.2 * _lines(f"WWWWWWW {label}", width - 14, type_.text, bold=True)
        )
        return type_.head * 1.15 * _lines(sheet.title, width, type_.head, bold=True) + name + 4 * MM
    return max(24 * MM, type_.head * 1.15 * _lines(sheet.title, width - 70 * MM, type_.head, bold=True)) + 3 * MM


def _alarm_pt(alarm: Alarm, form: PosterForm, type_: _Type, width: float) -> float:
    """Frame, what to do, and why; SOON has the steps with their boxes in its place."""
    text, frame = type_.text * form.alarm, (1.5 if alarm.is_soon else 4)
    inside = width - 2 * frame - 6 * MM - (0 if type_.large else 34 * MM)
    height = 2 * frame + 3 * MM + (2 * MM if form.tight else 4 * MM)
    word = f"{alarm.word} " * 2 if type_.large and not alarm.is_soon else ""  # it stands beside the first line
    size, title, box = text * (1.15 if type_.large else 1.25), text * 1.04, (8 if type_.large else 6) * MM
    if type_.large and alarm.is_soon:
        height += text * 1.15 * 1.2
    for place, call in enumerate(alarm.calls):
        if alarm.is_soon and call.cards:
            for card, says in call.boxes:
                line_count = _lines(f"{card.mark} {says}", inside - 1.5 * box, title, bold=True)
                height += max(box, title * 1.2) + title * 1.2 * (line_count - 1) + 2
        else:
            height += size * 1.2 * _lines(f"{'' if place else word}{call.do}", inside, size, bold=True)
        if form.reasons or not alarm.is_soon:
            height += text * type_.line * _lines(call.reasons, inside, text)
    return height


def _step_pt(sheet: Sheet, card: Card, form: PosterForm, type_: _Type, width: float) -> float:
    """A step with its number over its box; never lower than these or its drawing."""
    drawn = form.pictures and card.picture is not None
    inside = width - type_.gutter - (type_.drawing + 4 * MM if drawn else 0)
    above = 1.5 * MM if form.tight else 2.5 * MM
    height = type_.step * 1.2 * _lines(card.title, inside, type_.step, bold=True)
    for line in (*card.how[: form.hows], sheet.because_lines(card, form.becauses)):
        height += type_.text * type_.line * _lines(line, inside, type_.text) if line else 0
    height += _facts_pt(card, type_, inside)
    least = type_.numeral * 0.95 + type_.box + 1.5 * MM
    return 2 * above + 1.5 + max(height, least, type_.drawing if drawn else 0)


def _facts_pt(card: Card, type_: _Type, inside: float) -> float:
    """Who and by when: each in a frame of its own, which does not part; in the largest print a line."""
    if type_.large:
        between = " · " if card.who and card.by else ""
        return type_.text * 1.25 * _lines(f"{card.who}{between}{card.by}", inside, type_.text, bold=True)
    chips = [text_width(each, bold=True) * type_.text + 6 * MM for each in (card.who, card.by) if each]
    rows = 1 if sum(chips) <= inside else sum(max(1, int(-(-each // inside))) for each in chips)
    return rows * type_.text * 1.85


def _strip_pt(sheet: Sheet, type_: _Type, width: float) -> float:
    shown = sheet.next_named
    inside = width / len(shown) - 8 * MM
    most = max(_lines(f"{each.mark} {each.title}", inside, type_.text) for each in shown)
    return 4 * MM + 2 * MM + type_.text * (1.28 + 1.2 * most)


def _ring_pt(sheet: Sheet, form: PosterForm, type_: _Type, width: float) -> float:
    says, number = sheet.ring
    if type_.large:
        height = (
            3
            + 4 * MM
            + type_.text * 1.3 * _lines(f"{says} {number}{number[:5]}", width, type_.text * 1.05, bold=True)
            + 5
        )
        return height + (type_.text * 1.1 + 4 * MM if form.check_again else 0)
    left = type_.text * 1.28 * _lines(says, width * 0.55, type_.text) + 34 * 1.1
    return 3 + 4 * MM + left


def fall_form(sheet: Sheet, page: PageSize) -> FallForm:
    """The largest setting of the page for after a fall that is one page, with what is left given to its rows."""
    width, height = page_pt(page)
    heed = 0
    room = height - _SPARE_PT - heed
    form = next((each for each in _FALL_FORMS if _fall_pt(sheet, each, width) <= room), _FALL_FORMS[-1])
    left = max(0.0, room - _fall_pt(sheet, form, width))
    rows = [_fall_row_pt(sheet, each.says, each.more, form, width) for each in sheet.fall.steps]
    return replace(form, row_pt=min(_level(rows, left), 1.6 * max(rows)))


def _fall_pt(sheet: Sheet, form: FallForm, width: float) -> float:
    fall, text = sheet.fall, sheet.paper.print_points * form.em
    height = 28 * 1.15 * _lines(fall.title, width, 28, bold=True) + 3 + 4 * MM
    height += sum(_fall_row_pt(sheet, each.says, each.more, form, width) for each in fall.steps)
    height += 4 * MM + 5 + text * 1.28 * _lines(" ".join(fall.thinner), width - 8 * MM - 5, text, bold=True)
    height += 3 + 2 * MM + (text * 1.1 * 1.2 if form.names else 0)
    most = max(text_width(number, bold=True) for number, _, _ in fall.numbers) * text * 1.15 + 6 * MM
    for place, (_, what, whose) in enumerate(fall.numbers):
        size = text * (1.5 if place == 0 else 1.15)
        line = f"{what} {whose}" if form.names else what
        height += max(size * 1.25, text * 1.2 * _lines(line, width - most, text))
    if form.lines:
        most_lines = max(_lines(each, width / len(fall.lines), text) for each in fall.lines)
        height += text * 1.1 * most_lines + 4 * MM + 1
    return height


def _fall_row_pt(sheet: Sheet, says: str, more: str, form: FallForm, width: float) -> float:
    points = sheet.paper.print_points
    text, inside = points * form.em, width - form.gutter_mm * MM
    size = max(20.0, text) if form.em == 1 else text * 1.05
    height = size * 1.2 * _lines(says, inside, size, bold=True) + text * 1.25 * _lines(more, inside, text)
    return (1.4 if form.below else 3) * MM + 1.5 + max(height, form.least_mm * MM)
