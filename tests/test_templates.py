"""What holds for every template of a page: whom it may name, and that it is made once."""

from pathlib import Path

import pytest
from flask import Flask
from flask.cli import ScriptInfo
from jinja2 import Environment, nodes
from jinja2.meta import find_undeclared_variables

from web.context import page_context

ROOT = Path(__file__).parent.parent / "templates"
PAGES = sorted(path for path in ROOT.rglob("*.html") if "reports" not in path.relative_to(ROOT).parts)


def named_without_a_call(source: str, functions: set[str]) -> set[str]:
    tree = Environment(extensions=["jinja2.ext.do"]).parse(source)
    called = {id(call.node) for call in tree.find_all(nodes.Call)}
    read = (node for node in tree.find_all(nodes.Name) if node.ctx == "load" and id(node) not in called)
    return {node.name for node in read} & functions


def test_a_function_is_called_wherever_it_is_named(app: Flask) -> None:
    """A function by itself is always true: a page would tell whoever runs the app alone of "any phone"."""
    with app.test_request_context():
        known = {**app.jinja_env.globals, **page_context()}
    functions = {name for name, each in known.items() if callable(each)}
    found = {str(path): named_without_a_call(path.read_text("utf-8"), functions) for path in PAGES}
    assert {path: names for path, names in found.items() if names} == {}
    assert {"_", "only_here", "versioned", "just_answered"} <= functions
    assert named_without_a_call("{% if only_here %}{{ versioned('a') }}{% endif %}", functions) == {"only_here"}


def test_what_many_pages_import_is_made_once(app: Flask) -> None:
    """Where its globals are no dictionary, Jinja goes through them by name at every import of every page."""
    found = app.jinja_env.get_template("components/question.html")
    assert found.globals is app.jinja_env.globals


def test_a_server_makes_its_pages_as_the_tests_do() -> None:
    """The command line asks for the templates, to set how they are read anew, before there are any pages."""
    served = ScriptInfo(app_import_path=str(ROOT.parent / "app.py")).load_app()
    assert served.jinja_env.get_template("components/question.html").globals is served.jinja_env.globals


CALLS_OF_PARTS = {
    call.args[0].as_const(): {each.key for each in call.kwargs}
    for page in PAGES
    for call in Environment(extensions=["jinja2.ext.do"]).parse(page.read_text("utf-8")).find_all(nodes.Call)
    if isinstance(call.node, nodes.Name) and call.node.name == "fixed_part"
}
PARTS = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "components" / "frame").glob("*.html"))]


def test_every_part_that_is_kept_stands_in_the_frame() -> None:
    assert sorted(CALLS_OF_PARTS) == PARTS


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_kept_names_nothing_of_anybody(app: Flask, part: str) -> None:
    """Neither by itself nor in what it imports, beside the values that its one caller gives it."""
    names, left = set(), [part]
    while left:
        tree = app.jinja_env.parse((ROOT / left.pop()).read_text("utf-8"))
        names |= find_undeclared_variables(tree)
        left += [each.template.as_const() for each in tree.find_all(nodes.FromImport)]
    assert names - CALLS_OF_PARTS[part] <= {"_", "url_for", "static_file", "versioned"}


def test_a_part_is_made_once_for_each_language_and_place(app: Flask) -> None:
    def page(language: str, root: str) -> str:
        headers = {"Accept-Language": language}
        return app.test_client().get("/how-this-works", headers=headers, environ_overrides={"SCRIPT_NAME": root}).text

    for language, root, says in (
        ("en", "", 'class="link" href="/how-this-works">How this works</a>'),
        ("es", "", 'class="link" href="/how-this-works">Cómo funciona</a>'),
        ("en", "/app", 'class="link" href="/app/how-this-works">How this works</a>'),
        ("en", "", 'class="link" href="/how-this-works">How this works</a>'),
    ):
        assert says in page(language, root)
