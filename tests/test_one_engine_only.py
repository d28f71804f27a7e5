"""What exists on one engine only stands in one place with its reason, and nothing is passed over without a word."""

import ast
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from storage.one_engine_only import CHOOSES, EVERY, ON_BOTH
from storage.rows.protocol import Engine, Rows

ROOT = Path(__file__).parent.parent
LISTED = [each for entry in EVERY for each in entry.code]
TESTS = [each for entry in EVERY for each in entry.tests]
CALLS = {name for protocol in (Engine, Rows) for name in vars(protocol) if not name.startswith("_")}
ENGINES = ("storage/sqlite/engine.py", "storage/postgres/engine.py", "storage/sqlite/rows.py", "storage/rows/sql.py")
MAY_SKIP = {
    "tests/test_sqlite_full.py": "only who may mount can have a small disk",
    "tests/test_postgres_faults.py": "the same",
    "tests/test_behind_a_balancer.py": "only who may make network namespaces has cables to pull out",
    "tests/test_web_http_server.py": "only Linux has filters on sockets",
    "tests/test_table_exports.py": "LibreOffice, which reads what we write once more, is no part of the setup",
}


def test_each_stands_there_once_with_its_reason() -> None:
    assert len(LISTED) == len({*LISTED})
    assert len(TESTS) == len({*TESTS})
    assert all(each.what and each.reason for each in EVERY)
    for each in (*LISTED, *TESTS):
        path, _, name = each.partition("::" if "::" in each else ":")
        assert f"def {name}" in (ROOT / path).read_text(encoding="utf-8") if name else (ROOT / path).exists(), each


def test_every_module_of_one_engine_alone_is_listed() -> None:
    for room in ("sqlite", "postgres"):
        files = {file.relative_to(ROOT).as_posix() for file in (ROOT / "storage" / room).rglob("*.py")}
        own = {each for each in files if each.rpartition("/")[2] not in ("__init__.py", *ON_BOTH)}
        assert own == {each for each in LISTED if each.startswith(f"storage/{room}/") and ":" not in each}
        assert all(f"storage/{room}/{each}" in files for each in ON_BOTH)


# Calls that do nothing ------------------------------------------------------------------------------------------------


def idle_calls(text: str, calls: Iterable[str]) -> set[str]:
    """Those of these functions that do nothing but give back something made of constants."""
    functions = [each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.FunctionDef)]
    return {each.name for each in functions if each.name in calls and all(map(is_idle, each.body))}


def is_idle(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Constant()) | ast.Pass() | ast.Delete() | ast.Return(value=None | ast.Constant()):
            return True
        case ast.Return(value=ast.Call(func=ast.Name(id="nullcontext"))):
            return True
    return False


def test_every_call_that_an_engine_answers_by_doing_nothing_is_listed() -> None:
    found = {f"{file}:{name}" for file in ENGINES for name in idle_calls((ROOT / file).read_text(), CALLS)}
    assert found == {each for each in LISTED if ":" in each}


def test_a_call_that_does_nothing_is_seen() -> None:
    text = (
        'def alone(self):\n    """Why."""\n    del self\n    return nullcontext(True)\ndef close(self):\n    self.x()'
    )
    assert idle_calls(text, {"alone", "close"}) == {"alone"}


def test_whoever_asks_which_engine_it_is_is_listed() -> None:
    asks = re.compile(r"(?<![.\w])database\(\)")
    files = [
        file for room in ("answers", "commands", "reports", "storage", "web") for file in (ROOT / room).rglob("*.py")
    ]
    found = {each.relative_to(ROOT).as_posix() for each in files if asks.search(code_of(each))}
    assert found - {*CHOOSES} == {each for each in LISTED if each.startswith(("commands/", "web/"))}


def code_of(file: Path) -> str:
    """Its code without texts, in which SQL stands."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.unparse(tree)


# Tests that try one engine --------------------------------------------------------------------------------------------


def of_one_engine(text: str, shared: Mapping[str, list[str]]) -> set[str]:
    """Tests that have a folder to keep something in, and are not asked of every engine."""
    tree = ast.parse(text)
    fixtures = {**shared, **fixtures_of(tree)}
    tests = [each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name.startswith("test_")]
    needs = {each.name: needed(arguments(each), fixtures) for each in tests}
    return {name for name, each in needs.items() if "tmp_path" in each and "engine" not in each}


def fixtures_of(tree: ast.Module) -> dict[str, list[str]]:
    functions = [each for each in tree.body if isinstance(each, ast.FunctionDef)]
    return {each.name: arguments(each) for each in functions if "fixture" in ast.unparse(each).partition("def ")[0]}


def arguments(function: ast.FunctionDef) -> list[str]:
    return [each.arg for each in function.args.args]


def needed(names: Iterable[str], fixtures: Mapping[str, list[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += fixtures.get(name, [])
    return found


def test_every_test_that_tries_one_engine_alone_is_listed() -> None:
    shared = fixtures_of(ast.parse((ROOT / "tests/conftest.py").read_text()))
    files = sorted((ROOT / "tests").glob("test_*.py"))
    single = {
        f"tests/{file.name}::{name}"
        for file in files
        if file.name.startswith("test_storage")
        for name in of_one_engine(file.read_text(), shared)
    }
    whole = {f"tests/{file.name}" for file in files if file.name.startswith(("test_sqlite_", "test_postgres"))}
    assert single == {each for each in TESTS if "::" in each}
    assert whole <= {*TESTS}


def test_a_test_of_one_engine_is_seen() -> None:
    text = "def test_a(tmp_path): ...\ndef test_b(store, tmp_path): ...\n@pytest.fixture\ndef store(engine): ...\n"
    assert of_one_engine(text, {}) == {"test_a"}


def test_nothing_is_skipped_without_a_reason_that_stands_here() -> None:
    skips = re.compile(r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)\(")
    files = {each for each in (ROOT / "tests").rglob("*.py") if skips.search(each.read_text(encoding="utf-8"))}
    assert {each.relative_to(ROOT).as_posix() for each in files} == {*MAY_SKIP}
