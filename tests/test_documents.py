"""What README.md and docs/ say is there: sections that are cited, examples, settings, commands with options, and files.

Each look is tried on a made-up text too, so that one that finds nothing would be noticed.
"""

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from app import create_app
from checklists import Definitions, PersonError, read_person

ROOT = Path(__file__).parent.parent
ROOMS = ("answers", "checklists", "commands", "dependencies", "lab", "reports", "storage", "templates", "tests", "web")
DOCUMENTS = (ROOT / "README.md", ROOT / "checklists" / "README.md", *sorted((ROOT / "docs").glob("*.md")))
CONTRACT = ROOT / "docs" / "contract.md"
FLASK_BRINGS = {"run", "routes", "shell"}

Commands = set[tuple[str, str]]  # a command, such as "checklists list", and one of its options, or "" for itself


def code(*rooms: str) -> Iterator[tuple[str, str]]:
    """Every text file of these folders, this one left out, and what stands beside them: path and text."""
    files = [file for room in rooms for file in (ROOT / room).rglob("*.*")]
    for file in (*files, ROOT / "app.py", ROOT / "run", ROOT / "checklists" / "README.md"):
        if file.suffix in ("", ".py", ".md", ".yaml", ".html", ".java") and file != Path(__file__):
            yield str(file.relative_to(ROOT)), file.read_text(encoding="utf-8")


def documented() -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in DOCUMENTS)


# Sections -------------------------------------------------------------------------------------------------------------


def cited(text: str) -> set[int]:
    """The numbers behind "contract 9", "contract, section 9" or "Contract 5, 6, 7:"."""
    lists = re.findall(r"\bcontract\]?(?:\([^)]*\))?,?(?: sections?)? (\d+(?:(?:, | and )\d+)*)\b", text, re.IGNORECASE)
    return {int(number) for each in lists for number in re.findall(r"\d+", each)}


def sections(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"^## (\d+)\. ", text, re.MULTILINE)]


def test_every_section_that_is_cited_exists() -> None:
    there = sections(CONTRACT.read_text(encoding="utf-8"))
    assert there == list(range(1, len(there) + 1))
    found = {path: cited(text) for path, text in code(*ROOMS)}
    assert {path: numbers - set(there) for path, numbers in found.items() if numbers - set(there)} == {}
    assert len(set().union(*found.values())) > 5


def test_citations_are_seen_in_each_of_their_forms() -> None:
    text = "(contract, section 9) Contract 5, 6, 7: see contract section 3 and contract sections 11 and 12. A contract"
    assert cited(f"{text}. The [contract](../docs/contract.md), section 10. Contract version 2") == {
        3,
        5,
        6,
        7,
        9,
        10,
        11,
        12,
    }


# Examples -------------------------------------------------------------------------------------------------------------


def shown(text: str) -> list[Any]:
    """The JSON of a document, in order."""
    return [json.loads(each) for each in re.findall(r"^```json\n(.*?)^```", text, re.MULTILINE | re.DOTALL)]


def fits(example: Any, found: Any) -> bool:
    """Whether the example is what was found; its "…" stand for anything, at the end of a list for any more."""
    if example == "…":
        return True
    if isinstance(example, dict) and isinstance(found, dict):
        return list(example) == list(found) and all(fits(example[key], found[key]) for key in example)
    if isinstance(example, list) and isinstance(found, list):
        *examples, last = example or [None]
        count = len(examples) if last == "…" else len(example)
        enough = len(found) >= count if last == "…" else len(found) == count
        return enough and all(fits(each, other) for each, other in zip(example[:count], found, strict=False))
    return type(example) is type(found) and example == found


def test_the_person_of_the_contract_has_the_result_of_the_contract(judged) -> None:
    person, result = shown(CONTRACT.read_text(encoding="utf-8"))
    assert fits(result, {"line": 1, **judged(person)})


def test_an_example_that_is_not_what_comes_out_would_be_seen() -> None:
    found = {"a": [1, {"b": "x"}, 3], "c": None}
    assert fits({"a": [1, "…"], "c": None}, found)
    assert fits({"a": [1, {"b": "…"}, 3], "c": "…"}, found)
    for wrong in (
        {"a": [1, {"b": "x"}], "c": None},
        {"a": [2, "…"], "c": None},
        {"a": "…"},
        {"a": [1, 2, 3, 4, "…"], "c": None},
    ):
        assert not fits(wrong, found)


# Settings -------------------------------------------------------------------------------------------------------------


def settings(text: str) -> set[str]:
    return set(re.findall(r"\bFIRM_FOOTING_[A-Z]+\b", text))


def test_every_setting_is_documented_and_every_documented_one_is_read() -> None:
    read = {name for path, text in code(*ROOMS) if not path.startswith("tests/") for name in settings(text)}
    contract = settings(CONTRACT.read_text(encoding="utf-8"))
    assert read == settings(documented()) == contract
    assert "FIRM_FOOTING_DATA" in read


# Commands -------------------------------------------------------------------------------------------------------------


def known(command: click.Command, name: str = "") -> Commands:
    """Every command below this one with each of its options."""
    if isinstance(command, click.Group):
        below = {each: found for each, found in command.commands.items() if name or each not in FLASK_BRINGS}
        return set().union(*(known(found, f"{name} {each}".strip()) for each, found in below.items()))
    options = {each.opts[0] for each in command.params if isinstance(each, click.Option)} - {"--help"}
    return {(name, option) for option in ("", *options)}


def examples(text: str, commands: set[str]) -> Commands:
    """Every command that a line of shell, or words set as code, give as an example, with its options."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    examples = re.findall(r"`([^`]+)`", text) + re.findall(r"^ {4}.*$", text, re.MULTILINE)
    groups = {name.split()[0] for name in commands if " " in name}
    found: Commands = set()
    for example in (each.replace("\n", " ").split("#")[0] for each in examples):
        for typed in re.findall(r"\bflask ([a-z].*)", example):
            words = shlex.split(typed, posix=False)
            name = " ".join(words[: 2 if words[0] in groups else 1])
            found |= {(name, ""), *((name, word) for word in words if word.startswith("--"))}
    return found


@pytest.fixture(scope="module")
def there() -> Commands:
    return known(create_app().cli)


def test_every_command_and_option_is_documented_and_every_documented_one_exists(there: Commands) -> None:
    names = {name for name, _ in there}
    assert examples(CONTRACT.read_text(encoding="utf-8"), names) == there
    assert examples(documented(), names) - there == set()


def test_a_command_or_option_that_does_not_exist_would_be_seen(there: Commands) -> None:
    text = "```json\n{}\n```\n\n    ./run flask plan FILE --paper a4 # with --margins\n\nSee `flask checklists lint`, `./run flask\nassess - `."
    names = {name for name, _ in there}
    assert examples(text, names) == {("plan", ""), ("plan", "--paper"), ("checklists lint", ""), ("assess", "")}


def test_what_is_called_not_there_yet_is_not_there(there: Commands, definitions: Definitions) -> None:
    def is_read(record: dict[str, Any]) -> bool:
        try:
            return bool(read_person(definitions, record))
        except PersonError:
            return False

    built = {
        "people template": ("people template", "") in there,
        "FHIR": ("fhir", "") in there,
        "PostgreSQL": "FIRM_FOOTING_DATABASE" in (ROOT / "web" / "core" / "settings.py").read_text(),
        "`plan --all`": ("plan", "--all") in there,
        "`label`": is_read({"warning-signs": [], "label": "Anna"}),
    }
    contract = CONTRACT.read_text(encoding="utf-8")
    not_yet = "\n".join(re.findall(r"Not yet:.*?(?=\n\n|\n- |\Z)", contract, re.DOTALL))
    assert {each: each in not_yet for each in built} == {each: not is_there for each, is_there in built.items()}
    assert is_read({"warning-signs": []})


def test_what_run_can_be_told_is_what_the_documents_tell() -> None:
    usage = subprocess.run([ROOT / "run", "help"], capture_output=True, text=True, check=True).stdout
    listed = set(re.findall(r"^  ([a-z-]+) ", usage, re.MULTILINE))
    cases = re.search(r"case \$command in\n(.*?)\n    esac", (ROOT / "run").read_text(), re.DOTALL)
    taken = {word for each in re.findall(r"^ +([a-z| -]+)\)", cases[1], re.MULTILINE) for word in each.split(" | ")}
    assert {each for each in taken if not each.startswith("-")} - {"help"} == listed
    for text in (documented(), CONTRACT.read_text(encoding="utf-8")):
        assert set(re.findall(r"\./run\s+([a-z-]+)", text)) - {"help"} == listed


# Files ----------------------------------------------------------------------------------------------------------------


def gone(text: str, folder: Path) -> set[str]:
    """Files of the code and folders of this repository that are named, and lie nowhere; links too."""
    code_names = re.findall(rf"`((?:{'|'.join(ROOMS)}|docs)/[^`\s]*|[\w/-]+\.py)`", text)
    links = [each for each in re.findall(r"\]\(([^)#\s]+)\)", text) if "://" not in each]
    named = {each for each in code_names if not (ROOT / each).exists()}
    return named | {each for each in links if not (folder / each).exists()}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_file_that_is_named_exists(document: Path) -> None:
    assert gone(document.read_text(encoding="utf-8"), document.parent) == set()


def test_a_file_that_was_moved_would_be_seen() -> None:
    text = "`checklists/rules/assessing.py`, `logic.py`, `app.py`, `web/turns.py`, [nginx](nginx.conf), [gone](gone.md)"
    assert gone(text, ROOT / "docs") == {"logic.py", "web/turns.py", "gone.md"}


# Decisions ------------------------------------------------------------------------------------------------------------


def test_every_decision_is_short_and_says_what_was_rejected() -> None:
    text = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    decisions = [each.split("\n## ")[0].strip().splitlines() for each in text.split("\n### ")[1:]]
    assert [
        each[0] for each in decisions if len(each) > 10 or not any(line.startswith("Rejected: ") for line in each)
    ] == []
    assert 15 <= len(decisions) <= 45
