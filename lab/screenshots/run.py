"""./run screenshots: every state of every page, in both languages, three widths and every palette.

Pictures and contact sheets, twelve pages each, are written to instance/screenshots/. Name looks to take only those.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, sync_playwright

from checklists import load_definitions
from storage.sqlite.engine import open_store
from tests.browser.conftest import ARGUMENTS, serving
from tests.browser.phone import Phone
from tests.browser.seeds import Seeds
from tests.browser.states import STATES, State

FOLDER = Path(__file__).parent.parent.parent / "instance" / "screenshots"
THUMB_WIDTH, THUMB_HEIGHT, COLUMNS, ROWS = 300, 940, 6, 2


@dataclass(frozen=True)
class Look:
    """How pages are looked at."""

    name: str
    width: int = 390
    language: str = "en"
    text: str = "standard"
    zoom: int = 100
    options: dict[str, Any] = field(default_factory=dict)


LOOKS = (
    Look("english-390"),
    Look("spanish-390", language="es"),
    Look("english-320-largest", width=320, text="largest"),
    Look("spanish-320-zoomed", width=320, language="es", zoom=200),
    Look("english-1280", width=1280),
    Look("dark-390", options={"color_scheme": "dark"}),
    Look("forced-390", options={"forced_colors": "active"}),
    Look("contrast-390", options={"contrast": "more"}),
    Look("contrast-dark-390", options={"contrast": "more", "color_scheme": "dark"}),
)


def main() -> int:
    """Takes the pictures that were asked for, all of them by default."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("look", nargs="*", choices=[*(each.name for each in LOOKS), []])
    parser.add_argument("--state", action="append", help="only states whose name begins so")
    asked = parser.parse_args()
    looks = [each for each in LOOKS if not asked.look or each.name in asked.look]
    states = [each for each in STATES if not asked.state or each.name.startswith(tuple(asked.state))]
    browser_path = os.environ.get("FIRM_FOOTING_BROWSER", "/usr/bin/chromium")
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=list(ARGUMENTS))
        store = open_store(Path(folder), Path(folder))
        seeds = Seeds(store, load_definitions())
        for look in looks:
            pictures = list(_pictures(browser, url, seeds, look, states))
            for first in range(0, len(pictures), COLUMNS * ROWS):
                some = pictures[first : first + COLUMNS * ROWS]
                sheet = FOLDER / f"{look.name}-from-{first + 1}.png"
                _contact_sheet(some).save(sheet)
                print(f"{sheet.relative_to(FOLDER.parent.parent)}: {len(some)} pages", flush=True)
        store.close()
        browser.close()
    return 0


def _pictures(browser: Browser, url: str, seeds: Seeds, look: Look, states: list[State]) -> Iterator[tuple[str, Path]]:
    for state in states:
        context = browser.new_context(
            base_url=url,
            viewport={"width": look.width, "height": 844},
            device_scale_factor=1,
            locale="es-US" if look.language == "es" else "en-US",
            **look.options,
        )
        phone = Phone(context)
        if look.text != "standard":
            phone.set_text(look.text)
        state.reach(phone, seeds)
        if look.zoom != 100:
            phone.page.evaluate(f"() => {{ document.documentElement.style.fontSize = '{look.zoom * 1.25}%' }}")
        path = FOLDER / look.name / f"{state.name.replace(',', '').replace(' ', '-')}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        phone.page.screenshot(path=path, full_page=True)
        yield state.name, path
        context.close()


def _contact_sheet(pictures: list[tuple[str, Path]]) -> Image.Image:
    """Every picture small, side by side with its name; a long page is cut off below."""
    rows = -(-len(pictures) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (THUMB_WIDTH + 12), rows * (THUMB_HEIGHT + 30)), "#777")
    draw = ImageDraw.Draw(sheet)
    for number, (name, path) in enumerate(pictures):
        left, top = number % COLUMNS * (THUMB_WIDTH + 12), number // COLUMNS * (THUMB_HEIGHT + 30)
        with Image.open(path) as picture:
            small = picture.convert("RGB").resize((THUMB_WIDTH, round(picture.height * THUMB_WIDTH / picture.width)))
        draw.text((left + 4, top + 8), name, fill="#fff")
        sheet.paste(small.crop((0, 0, THUMB_WIDTH, min(small.height, THUMB_HEIGHT))), (left + 4, top + 26))
    return sheet


if __name__ == "__main__":
    sys.exit(main())
