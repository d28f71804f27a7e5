"""What the first page can hold, reckoned before anything is laid out, so that one rendering is enough."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reports.paper.plan_paper import PageSize
from reports.paper.sheet import Alarm, Card, FridgeForm, Sheet
from reports.paper.widths import lines, text_width

_NO_HOWS = (0, 0, 0)
BARE = FridgeForm(becauses=0, hows=_NO_HOWS)
_NO_STEPS = replace(BARE, alarm_hows=False)
_SHORT_ALARMS = replace(_NO_STEPS, alarm_in_lines=False)
# What gives way when the first page is full, in this order; page 2 then says it.
_FORMS = (
    FridgeForm(hows=(3, 3, 3), whys=True),
    *(FridgeForm(hows=hows) for hows in ((3, 3, 3), (3, 3, 2), (3, 2, 2), (2, 2, 2), (2, 2, 1), (2, 1, 1), (1, 1, 1))),
    FridgeForm(becauses=3),
    FridgeForm(hows=_NO_HOWS),
    FridgeForm(hows=_NO_HOWS, becauses=3),
    FridgeForm(hows=_NO_HOWS, becauses=1),
    FridgeForm(alarm_hows=False),
    replace(_NO_STEPS, becauses=99),
    replace(_NO_STEPS, becauses=3),
    replace(_NO_STEPS, becauses=1),
    replace(_SHORT_ALARMS, becauses=3),
    replace(_SHORT_ALARMS, becauses=1),
    _NO_STEPS,
    _SHORT_ALARMS,
    replace(_SHORT_ALARMS, alarm_signs=3),
    replace(_SHORT_ALARMS, alarm_signs=1),
    replace(_SHORT_ALARMS, alarm_signs=1, soon=False),
)
# In large print it keeps title, who and by when of the first three, and only the warnings can be said more briefly.
_LARGE_FORMS = (
    _SHORT_ALARMS,
    replace(_SHORT_ALARMS, alarm_signs=1),
    replace(_SHORT_ALARMS, alarm_signs=0),
    replace(_SHORT_ALARMS, alarm_signs=0, alarms_joined=True),
    replace(_SHORT_ALARMS, alarm_signs=0, alarms_joined=True, alarm_calls=1),
    replace(_SHORT_ALARMS, alarm_signs=0, alarms_joined=True, alarm_calls=1, soon=False),
)

_PAGE_POINTS = {"letter": (612, 792), "a4": (595, 842)}
_MM_POINTS = 72 / 25.4
_SPARE_EM, _LARGE_SPARE_EM = 0.2, 0.5


@dataclass(frozen=True, kw_only=True)
class _Type:
    """The measures of static/print.css that a height depends on, in em of the body text unless they are named mm."""

    margins_mm: float = 40
    line: float = 1.35
    text: float = 28.6
    text_holds_boxes: bool = False  # whether the box to tick takes its place from the width of the text
    h1: float = 1.33
    h2: float = 1.3
    h2_above: float = 0.55
    h3: float = 1.1
    box_mm: float = 6
    indent_mm: float = 9
    write_mm: float = 6.5
    rule_mm: float = 0.35
    clinic: float = 1.4
    card_above: float = 0.35
    card_title: float = 1.2
    card_below: float = 0.5
    message_above: float = 0.8


_STANDARD = _Type()
_LARGE = _Type(
    margins_mm=50, line=1.3, text=20, text_holds_boxes=True, h1=1.4, h2=1.2, h3=1, box_mm=8, indent_mm=12, write_mm=8,
    rule_mm=0.53, card_above=0.25, card_title=1, clinic=1.1,
)  # fmt: skip
_LARGEST = replace(
    _LARGE, clinic=1, write_mm=6, h1=1, h2=1, h2_above=0.3, card_above=0.15, card_below=0.3, message_above=0.4
)


def fitting(sheet: Sheet, page: PageSize) -> FridgeForm:
    """The richest form that fits on one page, or the leanest."""
    forms = _LARGE_FORMS if sheet.large_print else _FORMS
    room = page_em(sheet, page)[1] - (_LARGE_SPARE_EM if sheet.large_print else _SPARE_EM)
    return next((form for form in forms if height_em(sheet, form, page) <= room), forms[-1])


def height_em(sheet: Sheet, form: FridgeForm, page: PageSize) -> float:
    """How high the first page is in this form, in em of the body text."""
    width, _ = page_em(sheet, page)
    type_ = _type(sheet)
    type_ = replace(type_, text=min(type_.text, width))
    return sum(_heights(sheet, form, type_, _MM_POINTS / sheet.paper.print_points))


def page_em(sheet: Sheet, page: PageSize) -> tuple[float, float]:
    """Width and height between the margins, in em of the body text."""
    margins = _type(sheet).margins_mm * _MM_POINTS
    width, height = ((points - margins) / sheet.paper.print_points for points in _PAGE_POINTS[page])
    return width, height


def _type(sheet: Sheet) -> _Type:
    return _LARGEST if sheet.message_last else _LARGE if sheet.large_print else _STANDARD


def _heights(sheet: Sheet, form: FridgeForm, type_: _Type, mm: float) -> Iterator[float]:
    """The parts of the page from top to bottom; `mm` is a millimeter in em."""
    width = type_.text + (0 if type_.text_holds_boxes else 9 * mm)
    write = type_.write_mm * mm + 1.1 + type_.rule_mm * mm
    yield type_.clinic * 1.2 * lines(sheet.clinic, type_.text / type_.clinic, bold=True)
    yield type_.h1 * (0.2 + 1.2 * lines(sheet.title, width / type_.h1, bold=True))
    yield write + 1.1 * (lines(sheet.name, width, bold=True) - 1)
    for alarm in sheet.alarms:
        yield _alarm_height(sheet.told(alarm, form), alarm, form, type_, mm, width)
    if not sheet.message_last:
        yield type_.message_above + type_.line * lines(sheet.message, type_.text, bold=True)
    if sheet.first:
        yield type_.h2 * (type_.h2_above + 1.2 * lines(sheet.first_title, width / type_.h2, bold=True) + 0.2)
    for card, hows in zip(sheet.first, form.hows, strict=False):
        told_us = sheet.told_us(card, form.becauses) if form.becauses else ""
        yield _card_height(f"{card.mark}. {card.title}", told_us, card, form, hows, type_, mm)
    if not sheet.large_print:
        yield write + 0.86 * (type_.line * lines(sheet.small_print, width / 0.86) + 0.6)


def _alarm_height(
    told: tuple[tuple[str, str], ...], alarm: Alarm, form: FridgeForm, type_: _Type, mm: float, width: float
) -> float:
    inside = width - 1.6 - 2 * 1.06 * mm
    height = 0.5 + (1.06 * mm if form.alarms_joined else 0.6 + 2 * 1.06 * mm)
    if form.alarm_in_lines:
        height += type_.h2 * (1.2 + 0.1)
    else:
        inside -= type_.h2 * (text_width(alarm.word, bold=True) + 0.6)  # the word stands beside the text
    for do, signs in told:
        if form.alarm_in_lines:
            height += 1.44 * lines(do, inside / 1.2, bold=True) + type_.line * lines(signs, inside) + 0.1
        else:
            height += type_.line * lines(f"{do} {signs}", inside, bold=True) + 0.1
    for action in alarm.actions if form.alarm_hows else ():
        if action.is_today:
            height += 0.1 + type_.line * lines(f"{action.mark}. {' '.join(action.how)}", inside)
        else:
            height += _title_height(f"{action.mark}. {action.title}", action.facts, type_, mm, inside)
    return height


def _card_height(title: str, told_us: str, card: Card, form: FridgeForm, hows: int, type_: _Type, mm: float) -> float:
    width = type_.text - (type_.indent_mm * mm if type_.text_holds_boxes else 0)
    facts = f"{card.facts} {card.cost}" if form.whys else card.facts
    height = type_.card_above + type_.rule_mm * mm + type_.card_below
    height += _title_height(title, facts, replace(type_, h3=type_.card_title), mm, width)
    if told_us:
        height += 0.1 + type_.line * lines(f"{told_us} {card.why}" if form.whys else told_us, width)
    return height + sum(0.1 + type_.line * lines(step, width) for step in card.how[:hows])


def _title_height(title: str, facts: str, type_: _Type, mm: float, width: float) -> float:
    """A title, whose first line is as high as the box beside it, and who by when."""
    further = type_.h3 * 1.2 * (lines(title, width / type_.h3, bold=True) - 1)
    first = max(type_.box_mm * mm + 0.02, type_.h3 * 1.2 + 0.01)
    return first + further + 0.1 + type_.line * lines(facts, width, bold=not type_.text_holds_boxes)
