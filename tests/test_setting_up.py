"""Which Python ./run makes its environment with."""

import re
import subprocess
from pathlib import Path

import pytest

RUN = Path(__file__).parent.parent / "run"

ANSWERS = {"new": "version_info", "optimized": "enable-optimizations", "venv": "ensurepip"}
"""What ./run asks of a Python, and a word of the question."""


def put_python(path: Path, traits: str) -> None:
    """A program that says yes to these questions of ./run, and to no other."""
    yes = "".join(f"*{word}*) exit 0 ;; " for trait, word in ANSWERS.items() if trait in traits.split())
    path.write_text(f'#!/bin/sh\ncase "$2" in {yes}*) exit 1 ;; esac\n')
    path.chmod(0o755)


def chosen(folder: Path, programs: dict[str, str]) -> str:
    (folder / "bin").mkdir()
    for name, traits in programs.items():
        put_python(folder / ("system" if name == "system" else f"bin/{name}"), traits)
    functions = re.search(r"^find_python\(\) \{.*?^# One set-up", RUN.read_text(), re.DOTALL | re.MULTILINE)
    assert functions
    script = f"""
        stop() {{ echo "none: $1"; exit; }}
        what_to_type() {{ echo "Type this."; }}
        system_python={folder / "system"}
        PATH={folder / "bin"}
        {functions[0]}
        find_python
        echo "$base"
    """
    return subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize(
    ("programs", "base"),
    [
        ({"python3": "new optimized", "system": "new venv"}, "python3"),
        ({"python3": "new", "system": "new venv"}, "system"),
        ({"python3": "new", "system": "new"}, "python3"),
        ({"python3": "new", "system": "venv"}, "python3"),
        ({"python3": "new"}, "python3"),
        ({"python3": "", "python3.12": "new optimized", "system": "new venv"}, "python3.12"),
        ({"python3": "", "python3.11": "new", "system": "new venv"}, "system"),
        ({"python3": "", "system": ""}, "none"),
    ],
)
def test_python_is_the_first_new_one_or_the_system_s_where_that_is_quicker(
    programs: dict[str, str], base: str, tmp_path: Path
) -> None:
    assert chosen(tmp_path, programs).removeprefix(f"{tmp_path}/").partition(":")[0] == base
