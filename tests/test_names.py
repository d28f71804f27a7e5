"""Names are plain English, stand for one thing, and are there where a comment speaks of them.

Each look is tried on a made-up text too, so that one that finds nothing would be noticed.
"""

import ast
import io
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from jinja2 import Environment, nodes

from tests.code_files import ROOT, modules

# Words of the house -----------------------------------------------------------------------------------------------------

OF_THE_HOUSE = {"told", "given", "kept", "said", "opened", "doors", "ways"}
"""Words that once stood for ten things each; a newcomer had to learn what they mean where."""

ALLOWED = {
    "doors": "a table in every database there is, and so a key of what was erased",
    "last_opened": "when a link was opened last, as its page says",
    "never_told": "a word of safety.yaml, read by clinicians",
}
FROM_OUTSIDE = {"given": "Hypothesis calls its decorator so"}


def words_of(name: str) -> set[str]:
    """A name in its words: `last_opened`, `LastOpened` and `LAST_OPENED` are the same two."""
    return {each.lower() for each in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def of_the_house(names: set[str]) -> set[str]:
    return {name for name in names if words_of(name) & OF_THE_HOUSE}


def names_in(source: str) -> set[str]:
    """Names, arguments, attributes, keywords and imports, dotted ones in their parts."""
    found = set()
    for node in ast.walk(tree_of(source)):
        if not isinstance(node, ast.Constant):
            found |= {part for each in vars(node).values() if type(each) is str for part in each.split(".")}
    return found


def defined_in(source: str) -> set[str]:
    """What a file of tests defines for them: functions, classes and what stands at its margin, but not the tests."""
    tree = tree_of(source)
    found = {
        node.id
        for each in tree.body
        for node in ast.walk(each)
        if isinstance(each, ast.Assign | ast.AnnAssign)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("test_"):
            found.add(node.name)
    return found


def names_in_template(source: str) -> set[str]:
    tree = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"]).parse(source)
    return {
        name
        for node in tree.find_all(nodes.Node)
        for of in ("name", "attr", "key")
        if isinstance(name := getattr(node, of, None), str)
    }


def names_in_script(source: str) -> set[str]:
    """What is left of a script without its comments, and without the strings that stand on one line."""
    bare = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", source, flags=re.DOTALL)
    return set(re.findall(r"[A-Za-z_]\w*", re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", "", bare)))


def test_nothing_is_called_what_only_the_house_understands() -> None:
    found: dict[str, set[str]] = {}
    for path, source in modules().items():
        found[path] = of_the_house(names_in(source) | set(path.removesuffix(".py").split("/")))
    for path in sorted((ROOT / "templates").rglob("*.html")):
        found[str(path)] = of_the_house(names_in_template(path.read_text(encoding="utf-8")))
    for path in sorted((ROOT / "static").glob("*.js")):
        found[str(path)] = of_the_house(names_in_script(path.read_text(encoding="utf-8")))
    for path in sorted((ROOT / "tests").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        named = defined_in(source) if path.name.startswith("test_") else names_in(source)
        found[str(path)] = of_the_house(named) - FROM_OUTSIDE.keys()
    assert {path: names for path, each in found.items() if (names := each - ALLOWED.keys())} == {}
    assert set().union(*found.values()) == ALLOWED.keys(), "and what is allowed is needed"


def test_a_word_of_the_house_would_be_seen_wherever_it_stands() -> None:
    source = """
from web.kept import a as was_told
class GivenPlan: ...
def say(opened_by, *, KEPT=1): return x.doors(ways_back=said_of)
"""
    assert of_the_house(names_in(source)) == {
        "kept", "was_told", "GivenPlan", "opened_by", "KEPT", "doors", "ways_back", "said_of"
    }  # fmt: skip
    assert of_the_house(defined_in("KEPT = 1\ndef _told(): given = 1\ndef test_what_is_said(): ...")) == {
        "KEPT",
        "_told",
    }
    assert of_the_house(names_in_template("{{ a.told(kept=1) }} told {% set ways = 1 %}")) == {"told", "kept", "ways"}
    assert of_the_house(names_in_script('/* told */ const kept = "said"; // ways')) == {"kept"}
    assert of_the_house({"gives", "always", "sidewayS", "tolds"}) == set()


# One name for one thing -------------------------------------------------------------------------------------------------

HOMONYMS = {"Person": "of a clinic's list, and the answers that rules judge: both are words of their field"}
"""Classes of one name in several modules, each with its reason."""


def classes_twice(sources: dict[str, str]) -> dict[str, list[str]]:
    found = defaultdict(list)
    for path, source in sources.items():
        for node in ast.walk(tree_of(source)):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(path)
    return {name: paths for name, paths in found.items() if len(paths) > 1}


def test_no_class_is_called_like_another() -> None:
    twice = classes_twice(modules())
    assert {name: paths for name, paths in twice.items() if name not in HOMONYMS} == {}
    assert HOMONYMS.keys() <= twice.keys()
    assert classes_twice({"a": "class One: ...", "b": "def one():\n    class One: ...", "c": "One = 1"}) == {
        "One": ["a", "b"]
    }


# Names that comments speak of -------------------------------------------------------------------------------------------

FROM_ELSEWHERE = {"link_id": "FHIR calls it so", "lang": "HTML calls it so"}


def spoken_of(source: str) -> Iterator[tuple[int, str]]:
    """Every word in backticks of a docstring or comment that looks like a name, with its line."""
    texts = [
        (node.value.lineno, node.value.value)
        for node in ast.walk(tree_of(source))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    ]
    if "`" in source:
        texts += [(each.start[0], each.string) for each in tokens(source) if each.type == tokenize.COMMENT]
    for line, text in texts:
        yield from ((line, word) for word in re.findall(r"`([A-Za-z_][\w.]*)`", text) if not word.endswith(".yaml"))


@cache
def tokens(source: str) -> list[tokenize.TokenInfo]:
    return list(tokenize.generate_tokens(io.StringIO(source).readline))


@cache
def tree_of(source: str) -> ast.Module:
    return ast.parse(source)


def not_there(source: str, defined: set[str]) -> list[tuple[int, str]]:
    """What is spoken of and stands neither in this module nor, as a definition, in another."""
    spoken = list(spoken_of(source))
    if not spoken:
        return []
    docstrings = {
        node.value.lineno
        for node in ast.walk(tree_of(source))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    code = [each for each in tokens(source) if each.type != tokenize.COMMENT and each.start[0] not in docstrings]
    names = {each.string for each in code if each.type == tokenize.NAME}
    texts = " ".join(each.string for each in code if each.type == tokenize.STRING)
    known = names | defined | set(re.findall(r"\w+", texts)) | FROM_ELSEWHERE.keys()
    return [(line, word) for line, word in spoken if not set(word.split(".")) <= known]


def definitions_in(source: str) -> set[str]:
    """Functions, classes, arguments, fields and constants."""
    found = set()
    for node in ast.walk(tree_of(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found


def test_what_comments_call_by_its_name_is_there() -> None:
    defined = {part for path in modules() for part in re.split(r"[/.]", path)}
    defined |= set().union(*map(definitions_in, modules().values()))
    found = {path: lines for path, source in modules().items() if (lines := not_there(source, defined))}
    assert found == {}
    assert sum(1 for source in modules().values() for _ in spoken_of(source)) > 200


def test_a_name_that_went_would_be_seen() -> None:
    source = '"""`here`, `a.b`, `gone`."""\nhere = ("b", a)  # `gone_too`, `c` and `two words`\n'
    assert not_there(source, set()) == [(1, "gone"), (2, "gone_too"), (2, "c")]
    assert not_there(source, {"gone", "gone_too", "c"}) == []
