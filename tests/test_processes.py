"""A test that fails ends what it has started: in the block of subprocess.Popen itself it would wait for it for ever."""

import re
from pathlib import Path

import pytest

from tests.processes import started

OWN_BLOCK = re.compile(r"^\s*with (\(\s*)?subprocess\.Popen\(", re.MULTILINE)


def test_what_was_started_ends_with_its_block_whatever_happens_in_it() -> None:
    with pytest.raises(ZeroDivisionError), started(["sleep", "600"]) as process:
        raise ZeroDivisionError
    assert process.poll() is not None


def test_every_test_starts_its_processes_so() -> None:
    assert OWN_BLOCK.search("with subprocess.Popen(['sleep'])")
    here = Path(__file__).parent
    found = {str(file.relative_to(here)) for file in here.rglob("*.py") if OWN_BLOCK.search(file.read_text())}
    assert found == {"processes.py"}
