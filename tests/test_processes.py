"""A test that fails ends what it has started: in the block of subprocess.Popen itself it would wait for it for ever."""

import ast
from pathlib import Path

import pytest

from tests.processes import started


def waits_in_block(source: str) -> bool:
    """Whether a process of Popen is what a block is entered with, alone or among others."""
    blocks = (each for each in ast.walk(ast.parse(source)) if isinstance(each, ast.With))
    entered = (item.context_expr for each in blocks for item in each.items)
    return any(isinstance(each, ast.Call) and ast.unparse(each.func).endswith("Popen") for each in entered)


def test_what_was_started_ends_with_its_block_whatever_happens_in_it() -> None:
    with pytest.raises(ZeroDivisionError), started(["sleep", "600"]) as process:
        raise ZeroDivisionError
    assert process.poll() is not None


@pytest.mark.parametrize("block", ["with subprocess.Popen(c): pass", "with (folder() as f, Popen(c) as p): pass"])
def test_the_test_below_would_see_it(block: str) -> None:
    assert waits_in_block(block)


def test_every_test_starts_its_processes_so() -> None:
    here = Path(__file__).parent
    found = {str(file.relative_to(here)) for file in here.rglob("*.py") if waits_in_block(file.read_text("utf-8"))}
    assert found == {"processes.py"}
