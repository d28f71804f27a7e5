"""The drawings: one for each room, thing, list and group of signs, in one hand, small, and in no color but those that the page gives."""

import re
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from reports.printing.drawings import printed_drawings
from tests.browser.test_browser_palette import ratio
from tests.shipped import SHIPPED
from web.core.drawings import FOLDER, drawing_of, drawn

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / FOLDER).glob("*.svg"))
CSS = (ROOT / "static/site.css").read_text("utf-8")
SVG = "{http://www.w3.org/2000/svg}"
TAGS = {f"{SVG}{tag}" for tag in ("svg", "g", "path", "circle", "rect")}
WORDS_ONCE = {
    "fill": "none",
    "stroke": "currentColor",
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    "aria-hidden": "true",
    "focusable": "false",
}
MEASURES = {"class", "d", "cx", "cy", "r", "x", "y", "width", "height", "rx", "transform", "stroke-width"}
MOST_BYTES = 2048
SCENES = {"welcome": 3584, "house": 4096}  # larger than a tile, and on one page each
SPARE = {"call-now", "well-done", "all-done", "nothing-yet", "not-found", "phone"}  # for pages, and the README's list
LINES = {"--ink", "--pale", "--seam"}
AT_NIGHT = ("--night", "--dusk", "--dim")
PARTS = set(re.findall(r"^\.drawing \.([\w-]+) \{", CSS, re.MULTILINE))
COLORS = set(re.findall(r"^\.drawing \.[\w-]+ \{ (?:fill|stroke): var\((--[\w-]+)\)", CSS, re.MULTILINE)) | {"--ink"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_drawing_is_small_plain_and_names_no_color(file: Path) -> None:
    text = file.read_text("utf-8")
    root = fromstring(text)
    assert len(text) <= SCENES.get(file.stem, MOST_BYTES)
    if file.stem not in SCENES:
        assert (root.get("viewBox"), root.get("stroke-width")) == ("0 0 48 48", "2.5")
    assert {name: root.get(name) for name in WORDS_ONCE} == WORDS_ONCE
    for each in root.iter():
        assert each.tag in TAGS
        assert each is root or set(each.attrib) <= MEASURES
        assert {part for part in each.get("class", "").split() if not part.startswith("at-")} <= PARTS


def test_every_palette_says_each_color_and_lines_stand_out_from_it() -> None:
    said = {name: _row(name) for name in COLORS}
    for palette in ("light", "dark", "contrast", "paper"):
        for name in COLORS - LINES:
            line = "--pale" if name in AT_NIGHT else "--ink"
            assert ratio(said[line][palette], said[name][palette]) >= 3, (palette, name)
    assert {name: _row(name)["forced"] for name in COLORS} == {
        name: "CanvasText" if name in LINES else "Canvas" for name in COLORS
    }


def _row(name: str) -> dict[str, str]:
    row = re.search(rf"^  {name}: .*$", CSS, re.MULTILINE)
    assert row, name
    return dict(re.findall(r"var\(--(\w+), ([#\w]+)\)", row[0]))


def test_on_paper_a_drawing_is_black_and_white_and_a_little_grey() -> None:
    printed = printed_drawings()
    assert {name.removesuffix(".svg") for name in printed} == drawn()
    for name, drawing in printed.items():
        assert not [each for each in fromstring(drawing).iter() if each.get("class")], name
        assert set(re.findall(rb"#\w+", drawing)) <= {b"#000000", b"#FFFFFF", b"#E6E6E6"}, name
    assert b'stroke="none"' in printed["night-light.svg"]
    assert b'stroke-width="1.75"' in printed["night-light.svg"]
    assert b"stroke-dasharray" in printed["stairs-no-rails.svg"]


def test_each_thing_in_a_room_has_a_drawing_of_its_own() -> None:
    things = [question for section in SHIPPED.rooms.sections for question in section.questions]
    drawings = [drawing_of(question) for question in things]
    assert "" not in drawings
    assert len(set(drawings)) == len(things)


def test_the_house_has_a_place_for_each_room_and_for_the_person() -> None:
    places = set(re.findall(r"\bat-([\w-]+)", (ROOT / FOLDER / "house.svg").read_text("utf-8")))
    assert places == {room.id for room in SHIPPED.rooms.sections} - {"outside"}


def test_no_drawing_stands_beside_nothing() -> None:
    questions = SHIPPED.question_of.values()
    used = {drawing_of(question) for question in questions}
    used |= {checklist.picture for checklist in SHIPPED.checklists} | {room.id for room in SHIPPED.rooms.sections}
    used |= {f"signs-{group.id}" for group in SHIPPED.warning_signs.groups} | set(SHIPPED.picture_of)
    assert drawn() - used == SPARE | set(SCENES)
    assert used - drawn() == {""}


def test_a_question_has_the_drawing_it_names_or_that_of_its_name_or_of_its_list() -> None:
    rug = SHIPPED.question_of["home.floors-loose-rugs"]
    assert drawing_of(rug) == "floors-loose-rugs"
    assert drawing_of(rug.model_copy(update={"drawing": "bath-loose-mat"})) == "bath-loose-mat"
    assert drawing_of(rug.model_copy(update={"link_id": "nobody-drew-this"}), "home") == "home"
    assert "nobody-drew-this" not in drawn()
