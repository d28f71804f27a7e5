"""What WeasyPrint and pydyf do slower than our papers need, and have no option for: 10 % of a plan.

Each of these gives the same page; a test renders with and without them. Held to the locked versions: where one of them
is written otherwise, that test or an import fails.
"""

import zlib
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pydyf
from weasyprint.css import PHYSICAL_FUNCTIONS, AnonymousStyle, ComputedStyle
from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES
from weasyprint.text.line_break import Layout

LEVEL = 6  # 9 takes twice as long, for 2 % of the bytes
_AS_BEFORE = ("float", "position", "display", "page", "text_decoration_", *PHYSICAL_FUNCTIONS)
_INITIAL: Mapping[str, Any] = {
    name: value
    for name, value in INITIAL_VALUES.items()
    if name not in INHERITED and name not in INITIAL_NOT_COMPUTED and not name.startswith(_AS_BEFORE)
}
_INHERITED = frozenset(name for name in INHERITED if not name.startswith(_AS_BEFORE))
_computed_init, _computed_missing = ComputedStyle.__init__, ComputedStyle.__missing__
_anonymous_init = AnonymousStyle.__init__
_deactivate, _reactivate = Layout.deactivate, Layout.reactivate
_is_short = [True]


def be_quick(*, is_short: bool = True) -> None:
    """From now on, for the whole process; in a long document all but the packing would take a fifth more memory."""
    _is_short[0] = is_short
    pydyf.zlib = SimpleNamespace(compressobj=lambda level: zlib.compressobj(min(level, LEVEL)))
    ComputedStyle.__init__, ComputedStyle.__missing__ = _init, _missing
    AnonymousStyle.__init__ = _init_anonymous
    Layout.deactivate, Layout.reactivate = _let_go, _as_laid_out


def _init(style: Any, parent_style: Any, cascaded: Any, *rest: Any) -> None:
    """What nobody sets has its initial value at once, and not each when it is asked for."""
    if _is_short[0]:
        style.update(_INITIAL)
        for name in cascaded:
            style.pop(name, None)
    _computed_init(style, parent_style, cascaded, *rest)


def _missing(style: Any, name: str) -> Any:
    if name in _INHERITED and style.parent_style is not None and name not in style.cascaded:
        value = style[name] = style.parent_style[name]
        return value
    return _computed_missing(style, name)


def _init_anonymous(style: Any, parent_style: Any) -> None:
    if _is_short[0]:
        style.update(_INITIAL)
    _anonymous_init(style, parent_style)


def _let_go(layout: Any) -> None:
    """A line of text stays as it was laid out until it is drawn."""
    if not _is_short[0]:
        _deactivate(layout)


def _as_laid_out(layout: Any, style: Any) -> None:
    if layout.justification_spacing or not hasattr(layout, "layout"):
        _reactivate(layout, style)
