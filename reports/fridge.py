"""What the first page can hold, reckoned before anything is laid out, so that one rendering is enough."""

from dataclasses import replace

from reports.paper import PageSize
from reports.sheet import Alarm, Card, FridgeForm, Sheet

BARE = FridgeForm(becauses=0, hows=0)
_NO_STEPS = replace(BARE, alarm_hows=False)
_SHORT_ALARMS = replace(_NO_STEPS, alarm_in_lines=False)
# What gives way when the first page is full, in this order; page 2 then says it.
_FORMS = (
    FridgeForm(),
    FridgeForm(becauses=3),
    FridgeForm(hows=0),
    FridgeForm(hows=0, becauses=3),
    FridgeForm(hows=0, becauses=1),
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

_PAGE_POINTS = {"letter": 792, "a4": 842}
_MARGINS_POINTS = 2 * 56.7
_LINE_EM, _HEADING_EM, _SPARE_EM = 1.35, 1.2, 0.5
_TEXT_EM = 28.6
_BOLD = 1.07
_H1_EM, _TITLE = 1.36, "Your plan to stay steady and keep strong bones"
_EMS = {
    character: em
    for em, characters in (
        (0.26, " '’`|.,:;ijl!"),
        (0.35, 'rtf/I()[]{}"-“”'),
        (0.47, "cksvxyz?"),
        (0.87, "mwMW%@"),
    )
    for character in characters
}
_USUAL_EM, _CAPITAL_EM = 0.54, 0.62


def fitting(sheet: Sheet, page: PageSize) -> FridgeForm:
    """The richest form that fits on one page, or the leanest."""
    room = (_PAGE_POINTS[page] - _MARGINS_POINTS) / sheet.paper.print_points - _SPARE_EM
    return next((form for form in _FORMS if _height(sheet, form) <= room), _FORMS[-1])


def _height(sheet: Sheet, form: FridgeForm) -> float:
    """In em of the body text, by the measures of static/print.css; rather a little too much."""
    millimeter = 2.835 / sheet.paper.print_points
    writing_lines = 2 * (10 * millimeter + 1.25)
    head = _lines(sheet.clinic, _TEXT_EM / 1.4 / _BOLD) * 1.7 + _H1_EM * (
        0.2 + _HEADING_EM * _lines(_TITLE, (_TEXT_EM + 9 * millimeter) / _H1_EM / _BOLD)
    )
    message = 0.8 + _LINE_EM * _lines(sheet.message, _TEXT_EM / _BOLD)
    foot = 0.6 + 3 * 0.86 * _LINE_EM
    alarms = sum(_alarm_height(each, form, millimeter) for each in sheet.alarms)
    cards = sum(_card_height(each, form, millimeter) for each in sheet.first)
    return writing_lines + head + message + alarms + cards + foot + (1.3 * 2.15 if sheet.first else 0)


def _alarm_height(alarm: Alarm, form: FridgeForm, millimeter: float) -> float:
    width = _TEXT_EM - 1.6 + 7 * millimeter
    height = 1.2 + 2.2 * millimeter
    if form.alarm_in_lines:
        height += 1.3 * _HEADING_EM
    else:
        width -= 5  # the word stands beside the text
    if not alarm.is_told(form):
        return height + 0.2 + _LINE_EM
    for do, signs in alarm.calls:
        named = ". ".join(signs[: form.alarm_signs]) + (", and more" if len(signs) > form.alarm_signs else "")
        if form.alarm_in_lines:
            height += 1.2 * _HEADING_EM * _lines(do, width / 1.2 / _BOLD)
        height += 0.1 + _LINE_EM * _lines(named if form.alarm_in_lines else f"{do}{do[:4]} {named}", width)
    for action in alarm.actions if form.alarm_hows else ():
        if action.by == "Today":
            height += 0.1 + _LINE_EM * _lines(" ".join(action.how), width)
        else:
            height += _title_height(action, width - 9 * millimeter, millimeter)
    return height


def _card_height(card: Card, form: FridgeForm, millimeter: float) -> float:
    height = 0.7 + _title_height(card, _TEXT_EM, millimeter)
    if form.becauses:
        because = f"Because you told us: {', '.join(card.because[: form.becauses])}, and more."
        height += 0.1 + _LINE_EM * _lines(because, _TEXT_EM)
    return height + sum(0.1 + _LINE_EM * _lines(step, _TEXT_EM) for step in card.how[: form.hows])


def _title_height(card: Card, width: float, millimeter: float) -> float:
    """A title, whose first line is as high as the box beside it, and who by when."""
    title = _lines(f"1. {card.title}", width / 1.1 / _BOLD)
    facts = _lines(f"Who: {card.who}. By when: {card.by}.", width / _BOLD)
    return 1.1 * _HEADING_EM * (title - 1) + max(7 * millimeter, 1.5) + 0.1 + _LINE_EM * facts


def _lines(text: str, width: float) -> int:
    """How many lines a text takes, word by word, at the usual widths of the letters."""
    lines, used = (1 if text else 0), 0.0
    for word in text.split():
        long = sum(_EMS.get(each, _CAPITAL_EM if each.isupper() else _USUAL_EM) for each in word)
        if used and used + _EMS[" "] + long > width:
            lines, used = lines + 1, 0.0
        used += long + (_EMS[" "] if used else 0)
    return lines
