"""The colours of every look: each stands once in the stylesheet, and what stands on what can be told apart."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tinycss2
from playwright.sync_api import Browser, Page
from tinycss2.color3 import parse_color
from tinycss2.color4 import parse_color as parse_any

from tests.browser.phone import Phone

STATIC = Path(__file__).parent.parent.parent / "static"
SITE_CSS, OTHERS = (
    STATIC / "site.css",
    [STATIC / f"{name}.css" for name in ("plan", "question", "entry", "clinic", "desk")],
)
OF_NOBODY = ("transparent", "currentcolor")
TEXT = {  # a colour of letters and the grounds it stands on: 7 to 1
    "text": ("page", "panel", "card", "chosen", "band-lower", "band-raised", "band-high"),
    "quiet": ("page", "panel", "card"),
    "go": ("page", "panel", "card", "chosen"),
    "on-go": ("go",),
    "on-attention": ("attention",),
    "lower": ("card", "panel"),
    "raised": ("card", "panel", "page"),
    "high": ("card", "panel", "page"),
    "on-high": ("high",),
    "page": ("text",),  # the word above a warning
}
DRAWN = {  # borders, and the two lines round what has the focus: 3 to 1
    "control": ("page", "panel", "card", "band-lower", "band-raised", "band-high"),
    "focus-far": ("page", "panel", "card"),
    "focus-near": ("go", "high"),
    "go": ("track",),
}
LIGHT, DARK = "rgb(255, 251, 244)", "rgb(22, 24, 26)"
BLACK, WHITE = "rgb(0, 0, 0)", "rgb(255, 255, 255)"
LOOKS: dict[str, tuple[str, dict[str, Any]]] = {
    "light": (LIGHT, {}),
    "dark": (DARK, {"color_scheme": "dark"}),
    "more contrast": (WHITE, {"contrast": "more"}),
    "more contrast in the dark": (BLACK, {"contrast": "more", "color_scheme": "dark"}),
    "forced colors": (WHITE, {"forced_colors": "active"}),
    "forced colors in the dark": (BLACK, {"forced_colors": "active", "color_scheme": "dark"}),
}
COMPUTED = """names => {
  const probe = document.body.appendChild(document.createElement('p'));
  probe.style.forcedColorAdjust = 'none';
  return Object.fromEntries(names.map(name => {
    probe.style.color = '';
    probe.style.color = `var(--${name})`;
    const raw = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    return [name, CSS.supports('color', raw) ? getComputedStyle(probe).color : `none: ${raw}`];
  }));
}"""


@pytest.fixture
def shown(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Any]:
    contexts = []

    def open_phone(**options: Any) -> Phone:
        contexts.append(browser.new_context(**{**browser_context_args, **options}))
        return Phone(contexts[-1])

    yield open_phone
    for each in contexts:
        each.close()


def palette(page: Page) -> dict[str, str]:
    """Every colour as the browser works it out."""
    names = {*TEXT, *DRAWN, *(ground for grounds in (*TEXT.values(), *DRAWN.values()) for ground in grounds)}
    found: dict[str, str] = page.evaluate(COMPUTED, sorted(names))
    return found


def check(colors: dict[str, str], ground: str) -> None:
    assert colors["page"] == ground
    low = {
        f"{front} on {back}": round(ratio(colors[front], colors[back]), 1)
        for pairs, least in ((TEXT, 7), (DRAWN, 3))
        for front, backs in pairs.items()
        for back in backs
        if ratio(colors[front], colors[back]) < least
    }
    assert low == {}


def ratio(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    """WCAG 2.2, relative luminance."""
    parsed = parse_color(color)
    assert parsed is not None, color
    assert parsed.alpha == 1
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parsed[:3])
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


@pytest.mark.parametrize("look", LOOKS)
def test_given_a_reader_who_chose_nothing_then_the_colors_follow_the_device_and_stand_apart(shown, look: str) -> None:
    ground, options = LOOKS[look]
    phone = shown(**options)
    phone.open("/settings")
    check(palette(phone.page), ground)


@pytest.mark.parametrize(("chosen", "ground"), [("dark", DARK), ("contrast", BLACK)])
def test_given_chosen_colors_then_they_stand_apart_whatever_the_device_says_and_paper_is_white(
    shown, chosen: str, ground: str
) -> None:
    phone = shown()
    phone.set_colors(chosen)
    seen = palette(phone.page)
    check(seen, ground)
    for device in ({"color_scheme": "dark"}, {"contrast": "more"}, {"contrast": "more", "color_scheme": "dark"}):
        phone.page.emulate_media(**device)
        assert palette(phone.page) == seen
        phone.page.emulate_media(color_scheme="light", contrast="no-preference")
    phone.page.emulate_media(forced_colors="active")
    check(palette(phone.page), WHITE)
    phone.page.emulate_media(media="print")
    printed = palette(phone.page)
    assert set(printed.values()) == {BLACK, WHITE}
    check(printed, WHITE)


def test_no_rule_names_a_color_but_the_table_of_palettes() -> None:
    sheet = tinycss2.parse_stylesheet(SITE_CSS.read_text(), skip_comments=True, skip_whitespace=True)
    table, *rules = [each for each in sheet if not (each.type == "at-rule" and each.at_keyword == "font-face")]
    for other in OTHERS:
        rules += tinycss2.parse_stylesheet(other.read_text(), skip_comments=True, skip_whitespace=True)
    assert [each for each in named(table.content)]
    assert [each.serialize() for rule in rules for each in named([*(rule.prelude or ()), *(rule.content or ())])] == []


def named(tokens: list[Any]) -> Iterator[Any]:
    """Every colour among these, however it is written."""
    for each in tokens:
        if each.type in ("ident", "hash", "function") and parse_any(each) and each.serialize().lower() not in OF_NOBODY:
            yield each
        else:
            yield from named(getattr(each, "content", None) or getattr(each, "arguments", None) or [])
