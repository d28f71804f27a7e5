"""docs/architecture.md shows the rooms as they are."""

from collections import Counter

import pytest
from grimp import ImportGraph

from lab.architecture import BEGIN, DOCUMENT, END, ROOMS, ROOT, imports, picture, shortest, with_picture
from tests.code_files import CODE, modules


@pytest.fixture
def graph() -> ImportGraph:
    return imports()


@pytest.fixture(scope="module")
def text() -> str:
    return DOCUMENT.read_text(encoding="utf-8")


def test_the_picture_is_that_of_the_code(graph: ImportGraph, text: str) -> None:
    assert with_picture(text, picture(graph)) == text, "type ./run architecture"


def test_a_new_module_or_import_would_be_seen(graph: ImportGraph, text: str) -> None:
    graph.add_module("web.plan.another")
    assert with_picture(text, picture(graph)) != text
    graph.remove_module("web.plan.another")
    graph.add_import(importer="storage.rows.codes", imported="reports.plan.build")
    assert "    storage --> reports" in picture(graph).splitlines()


def test_a_room_or_folder_that_nobody_explains_would_be_seen(text: str) -> None:
    folders = [room for room in ROOMS] + [
        str(folder.relative_to(ROOT)) for room in CODE for folder in room.rglob("*") if any(folder.glob("*.py"))
    ]
    assert [folder for folder in folders if f"`{folder}/`" not in text] == []
    assert len(folders) > len(ROOMS)


def test_an_arrow_stands_only_where_no_longer_way_leads() -> None:
    assert shortest({("a", "b"), ("b", "c"), ("c", "d"), ("a", "c"), ("a", "d")}) == {
        ("a", "b"),
        ("b", "c"),
        ("c", "d"),
    }


def test_a_document_without_a_place_for_the_picture_is_refused() -> None:
    assert with_picture(f"a {BEGIN} old {END} b", "new") == f"a {BEGIN}\nnew\n{END} b"
    with pytest.raises(ValueError, match="needs the lines"):
        with_picture(f"a {BEGIN} old", "new")


MOST_LINES = 300
MOST_MODULES = 15


def test_no_folder_holds_more_modules_than_a_newcomer_keeps_apart() -> None:
    folders = Counter(path.rpartition("/")[0] for path in modules() if not path.endswith("__init__.py"))
    assert folders.keys() >= {"web/plan", "lab/bench", "dependencies"}
    assert {folder: modules for folder, modules in folders.items() if modules > MOST_MODULES} == {}


def test_no_module_is_longer_than_somebody_reads_at_once() -> None:
    lengths = {path: len(source.splitlines()) for path, source in modules().items()}
    assert len(lengths) > 100
    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES} == {}
