"""What holds for every template of a page: whom it may name, and that it is made once."""

from pathlib import Path

from flask import Flask
from jinja2 import Environment, nodes

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
