"""What WeasyPrint does over and over for papers of ours, and has no option for: a fifth of the time of a plan.

Each shortcut stands in the place of WeasyPrint's own while one person's paper is made, and gives the same bytes: a test
renders with and without them. They are for one version. With any other, papers are made as WeasyPrint is published, and
a test is red. Documents of many people are made so, too, as what is remembered here stays to their end.
"""

import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from weasyprint import VERSION
from weasyprint.css import COMPUTER_FUNCTIONS, PHYSICAL_FUNCTIONS, AnonymousStyle, ComputedStyle
from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES
from weasyprint.draw import text
from weasyprint.formatting_structure.boxes import Box
from weasyprint.layout import absolute, block, column, grid, inline, page, percent, table
from weasyprint.layout import float as floating
from weasyprint.text.ffi import FROM_UNITS, ffi, gobject, pango
from weasyprint.text.line_break import Layout

WRITTEN_FOR = "70.0"
_SIDES = ("top", "right", "bottom", "left")

# Styles: values that nobody sets stand in a style from the start, and are not worked out one by one when asked for.
_LOGICAL = frozenset(
    logical(block="ttb", inline=direction) for logical in PHYSICAL_FUNCTIONS.values() for direction in ("ltr", "rtl")
)
_FROM_PARENT = frozenset(
    {*INHERITED, "page", *(name for name in INITIAL_VALUES if name.startswith("text_decoration_"))}
)
_FROM_PARENT_AS_THEY_ARE = tuple(sorted(_FROM_PARENT - COMPUTER_FUNCTIONS.keys()))
_IN_FLOW = {"float": "none", "position": "static"}
_WIDTHS = tuple(f"border_{side}_width" for side in _SIDES)
_INITIAL: Mapping[str, Any] = {
    name: value
    for name, value in INITIAL_VALUES.items()
    if name not in {*_FROM_PARENT, *INITIAL_NOT_COMPUTED, *_IN_FLOW, "display"}
} | dict.fromkeys((*_WIDTHS, "outline_width"), 0)
_computed_init, _computed_missing = ComputedStyle.__init__, ComputedStyle.__missing__
_anonymous_init = AnonymousStyle.__init__


def _init(style: Any, parent_style: Any, cascaded: Any, *rest: Any) -> None:
    _computed_init(style, parent_style, cascaded, *rest)
    if parent_style is None or not _LOGICAL.isdisjoint(cascaded):
        return
    style.update(_INITIAL)
    for name in cascaded:
        style.pop(name, None)
        if name.endswith("_style"):
            style.pop(f"{name.removesuffix('_style')}_width", None)
    if _IN_FLOW.keys().isdisjoint(cascaded):
        style.update(_IN_FLOW)
        style.specified.update(_IN_FLOW)
    style.update({name: parent_style[name] for name in _FROM_PARENT_AS_THEY_ARE if name not in cascaded})


def _missing(style: Any, name: str) -> Any:
    if name in _FROM_PARENT and name not in style.cascaded and style.parent_style is not None:
        value = style[name] = style.parent_style[name]
        return value
    return _computed_missing(style, name)


def _init_anonymous(style: Any, parent_style: Any) -> None:
    style.update(_INITIAL)
    style.update(_IN_FLOW)
    style.update({name: parent_style[name] for name in _FROM_PARENT_AS_THEY_ARE})
    _anonymous_init(style, parent_style)


# Lines: a line is drawn as it was laid out, and not shaped anew; what it is laid out with is set up once a style.
_reactivate, _set_up_anew, _set_any_text = Layout.reactivate, Layout.setup, Layout.set_text
_PARAGRAPHS_END = frozenset("\n\r\u2029")
ffi.cdef("PangoLayout * pango_layout_copy (PangoLayout *layout);")


def _set_up(layout: Any, style: Any) -> None:
    blank = style.__dict__.get("blank")
    if blank is None:
        blank = style.blank = Layout.__new__(Layout)
        _set_up_anew(blank, style)
        pango.pango_layout_set_single_paragraph_mode(blank.layout, True)  # as when drawn: set later, it is shaped anew
    layout.__dict__.update(blank.__dict__)
    layout.layout = ffi.gc(pango.pango_layout_copy(blank.layout), gobject.g_object_unref)


def _set_text(layout: Any, text: str, justify: bool = False) -> None:
    if not _PARAGRAPHS_END.isdisjoint(text):
        pango.pango_layout_set_single_paragraph_mode(layout.layout, False)
    _set_any_text(layout, text, justify)


def _stay(layout: Any) -> None:
    del layout


def _as_laid_out(layout: Any, style: Any) -> None:
    if layout.justification_spacing or not hasattr(layout, "layout"):
        _reactivate(layout, style)


# Glyphs: read from a line all at once, and each written once for a font and size, with its distance to the next.
_draw_any_line = text.draw_first_line
_GLYPH = struct.Struct("=Iiii4x")  # PangoGlyphInfo: glyph, width, offsets to the right and down
_IS_AS_WRITTEN_FOR = ffi.sizeof("PangoGlyphInfo") == _GLYPH.size and pango.pango_version() >= 14802


def _draw_line(stream: Any, textbox: Any, text_overflow: Any, block_ellipsis: Any, matrix: Any) -> Any:
    is_whole = text_overflow != "ellipsis" and block_ellipsis == "none"
    written = _written(stream, textbox) if is_whole and textbox.text.strip() else None
    if written is None:
        return _draw_any_line(stream, textbox, text_overflow, block_ellipsis, matrix)
    stream.set_text_matrix(*matrix.values)
    for font, size, glyphs in written:
        stream.set_font_size(font.hash, size)
        stream.show_text(glyphs)
    return []


def _written(stream: Any, textbox: Any) -> list[tuple[Any, float, str]] | None:
    """The glyphs of a line, by font; None where WeasyPrint has to look at each."""
    pango.pango_layout_set_single_paragraph_mode(textbox.pango_layout.layout, True)
    line, _ = textbox.pango_layout.get_first_line()
    written: list[tuple[Any, float, str]] = []
    run, before = line.runs[0], None
    while run != ffi.NULL:
        item = run.data
        run = run.next
        pango_font = item.item.analysis.font
        font, size = stream.add_font(pango_font)
        if font.bitmap or font.png or font.svg or font.colr:
            return None
        pieces = font.__dict__.setdefault("pieces", {}).setdefault(size, {})
        glyphs = "<"
        info = ffi.buffer(item.glyphs.glyphs, item.glyphs.num_glyphs * _GLYPH.size)
        for place, glyph in enumerate(_GLYPH.iter_unpack(info)):
            piece = pieces.get(glyph)
            if piece is None:
                piece = pieces[glyph] = _piece(stream, textbox, item, font, size, place, glyph)
            if not piece:
                return None
            glyphs += piece
        if glyphs == "<":
            return None
        glyphs = glyphs[:-1] if glyphs.endswith("<") else glyphs + ">"
        if pango_font == before:
            glyphs = written.pop()[2] + glyphs
        written.append((font, size, glyphs))
        before = pango_font
    return written


def _piece(stream: Any, textbox: Any, item: Any, font: Any, size: float, place: int, glyph: tuple[int, ...]) -> str:
    """One glyph and its distance; nothing where it is none of a font, or stands higher than its line."""
    number, width, right, down = glyph
    if number >= pango.PANGO_GLYPH_EMPTY or down:
        return ""
    if number not in font.to_unicode:
        clusters, item_length, is_leftward = item.glyphs.log_clusters, item.item.length, item.item.analysis.level % 2
        last = 0 if is_leftward else item.glyphs.num_glyphs - 1
        end = item_length if place == last else clusters[place - 1 if is_leftward else place + 1]
        start = item.item.offset
        font.to_unicode[number] = textbox.pango_layout.text.encode()[start + clusters[place] : start + end].decode()
    if number not in font.widths:
        pango.pango_font_get_glyph_extents(item.item.analysis.font, number, stream.ink_rect, stream.logical_rect)
        font.widths[number] = round(stream.logical_rect.width * 1000 * FROM_UNITS / size)
    offset = right / size
    kerning = font.widths[number] + offset - width * 1000 * FROM_UNITS / size
    return (f">{-offset}<" if offset else "") + f"{number:04x}" + (f">{int(kerning)}<" if kerning else "")


# Boxes: what depends on nothing but a style is worked out once for all boxes that have it.
_resolve, _flows, _measure = percent.resolve_percentages, Box.is_in_normal_flow, inline.strut
_LENGTHS = (
    *(f"{what}_{side}" for what in ("margin", "padding") for side in _SIDES),
    *("width", "min_width", "max_width", "height", "min_height", "max_height"),
)
_RESOLVING = (absolute, block, column, floating, grid, inline, page, table)


def _resolved(box: Any, containing_block: Any) -> None:
    style = box.style
    used = style.__dict__.get("used")
    if used:
        box.__dict__.update(used)
        return
    _resolve(box, containing_block)
    if used is None:
        fixed = style["border_collapse"] == "separate" and all(_is_fixed(style[name]) for name in _LENGTHS)
        style.used = {name: getattr(box, name) for name in (*_LENGTHS, *_WIDTHS)} if fixed else {}


def _is_fixed(length: Any) -> bool:
    return length == "auto" or getattr(length, "unit", None) == "px"


def _is_in_flow(box: Any) -> Any:
    style = box.style
    if "flows" not in style.__dict__:
        style.flows = _flows(box)
    return style.flows


def _strut(style: Any) -> Any:
    if "strut" not in style.__dict__:
        style.strut = _measure(style)
    return style.strut


_SHORTCUTS: tuple[tuple[Any, str, Any], ...] = (
    (ComputedStyle, "__init__", _init),
    (ComputedStyle, "__missing__", _missing),
    (AnonymousStyle, "__init__", _init_anonymous),
    (Layout, "setup", _set_up),
    (Layout, "set_text", _set_text),
    (Layout, "deactivate", _stay),
    (Layout, "reactivate", _as_laid_out),
    (Box, "is_in_normal_flow", _is_in_flow),
    (inline, "strut", _strut),
    (text, "draw_first_line", _draw_line if _IS_AS_WRITTEN_FOR else _draw_any_line),
    *((module, "resolve_percentages", _resolved) for module in _RESOLVING),
)


@contextmanager
def quickly() -> Iterator[None]:
    """WeasyPrint does these things so until the end of it."""
    shortcuts = _SHORTCUTS if VERSION == WRITTEN_FOR else ()
    published = [(owner, name, getattr(owner, name)) for owner, name, _shortcut in shortcuts]
    try:
        for owner, name, shortcut in shortcuts:
            setattr(owner, name, shortcut)
        yield
    finally:
        for owner, name, shortcut in published:
            setattr(owner, name, shortcut)
