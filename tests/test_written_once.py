"""Rules and measures stand in one place: a second one would be forgotten when the first is changed."""

import ast
import re
from pathlib import Path
from typing import get_args

from checklists.people.units import CM_PER_INCH, KG_PER_POUND, LARGE_PRINT_POINTS, PageSize, PrintPoints
from reports.paper.pages import MOST_PAGES
from tests.code_files import ROOT, modules
from web.visitor.paper import PAGES, SIZES

POINTS = set(get_args(PrintPoints))
MEASURES = {CM_PER_INCH: r"2\.54", KG_PER_POUND: r"0?\.45[34]\d*"}
UPSIDE_DOWN = r"0?\.39[34]\d*|2\.20[45]\d*|30\.48"
"""Inches in a centimetre, pounds in a kilo, centimetres in a foot."""


def everywhere() -> dict[str, str]:
    """What the app is made of, as text."""
    paths = [
        path for room, kinds in (("templates", "*.html"), ("static", "*.js")) for path in (ROOT / room).rglob(kinds)
    ]
    return modules() | {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}


def standing(number: str, texts: dict[str, str]) -> list[str]:
    """Where a number is written, once for each time."""
    return [path for path, text in texts.items() for _ in re.findall(rf"(?<![\w.])(?:{number})(?![\w.])", text)]


def test_what_an_inch_and_a_pound_are_stands_once() -> None:
    texts = everywhere()
    for measure, number in MEASURES.items():
        assert re.fullmatch(number, str(measure))
        assert standing(number, texts) == ["checklists/people/units.py"]
    assert standing(UPSIDE_DOWN, texts) == []
    assert standing(UPSIDE_DOWN, {"a": "x / 2.2046", "b": "0.394, 12.2046"}) == ["a", "b"]


def test_no_sentence_holds_a_measure_that_a_rule_has() -> None:
    """It says what the rule says, as `%(most)s cm`: how much shorter the tallest height may be stood in two of them."""
    sentences = {
        node.args[0].value
        for source in modules().values()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_", "Sentence")
        if node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    }
    found = {each for each in sentences if re.search(r"\d ?(?:cm|kg|m/s|pounds|seconds)\b", each)}
    assert found == set()
    assert len(sentences) > 300


def keyed_by_points(source: str) -> list[set[int]]:
    """The keys of every table that has a print size among them, and only numbers."""
    tables = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Dict)]
    keys = [{key.value for key in each.keys if isinstance(key, ast.Constant)} for each in tables]
    return [each for each in keys if len(each) > 1 and each & POINTS and all(type(key) is int for key in each)]


def test_what_depends_on_the_size_of_print_knows_every_size() -> None:
    tables = {path: keys for path, source in modules().items() if (keys := keyed_by_points(source))}
    assert {path: keys for path, keys in tables.items() if any(each != POINTS for each in keys)} == {}
    assert MOST_PAGES.keys() == POINTS
    assert {int(points) for points, _ in SIZES} == POINTS
    assert {page for page, _ in PAGES} == set(get_args(PageSize))
    css = (ROOT / "static" / "print.css").read_text(encoding="utf-8")
    assert re.findall(r"^\.points-(\d+) { font-size: (\d+)pt }", css, re.MULTILINE) == [
        (str(points), str(points)) for points in get_args(PrintPoints)
    ]
    assert keyed_by_points("{12: 1, 14: 2}, {12: 1, 'a': 2}, {1: 2, 3: 4}") == [{12, 14}]


def test_from_which_size_print_is_large_stands_once() -> None:
    compared = rf"[<>]=? ?{LARGE_PRINT_POINTS}\b"
    assert {path for path, text in everywhere().items() if re.search(compared, text)} == set()
    assert re.search(compared, '{{ " large" if points >= 18 }}')


def colours_outside_the_table(css: str) -> list[str]:
    rows = re.compile(r"^  --[\w-]+: +var\(--light, .*\) var\(--dark, .*;$", re.MULTILINE)
    return re.findall(r"#[0-9A-Fa-f]{3,8}\b|\brgba?\([^)]*\)|\bhsla?\([^)]*\)", rows.sub("", css))


def test_each_palette_stands_once() -> None:
    """On paper there is black, white and the grey of a strip; on pages every colour is a row of one table."""
    found = {
        path.name: colours
        for path in sorted(Path(ROOT / "static").glob("*.css"))
        if (colours := set(colours_outside_the_table(path.read_text(encoding="utf-8")))) - {"#000", "#fff"}
    }
    assert found == {"print-plan.css": {"#000", "#fff", "#e6e6e6"}}
    assert colours_outside_the_table("  --a:  var(--light, #fff) var(--dark, #123456);\np { color: #123456 }") == [
        "#123456"
    ]
