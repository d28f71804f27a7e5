"""Damaged definition files: every fault at once, each with its file, its line, what is wrong and the remedy."""

import json
import shutil
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import jsonschema_rs
import pytest
import yaml

from app import create_app
from checklists import DefinitionError, load_definitions
from checklists.loading.load import DEFINITIONS, Fault


@pytest.fixture(autouse=True, scope="module")
def every_text_is_parsed_once() -> Iterator[None]:
    """All but one of the files are the shipped ones each time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("checklists.files.yaml_file.yaml.compose", lru_cache(maxsize=64)(yaml.compose))
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped definitions, to be broken."""
    return Path(shutil.copytree(DEFINITIONS, tmp_path / "definitions"))


def change(folder: Path, file: str, old: str, new: str) -> int:
    """Replaces `old`, the first time it stands there; the line of the first difference comes back."""
    path = folder / file
    before = path.read_text(encoding="utf-8")
    assert old in before, f"{old!r} no longer stands in {file}"
    after = before.replace(old, new, 1)
    path.write_text(after, encoding="utf-8")
    pairs = zip(before.splitlines(), [*after.splitlines(), "", ""], strict=False)
    return next(number for number, (one, other) in enumerate(pairs, start=1) if one != other)


def faults_of(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(DefinitionError) as caught:
        load_definitions(folder)
    assert str(caught.value) == "\n".join(str(fault) for fault in caught.value.faults)
    return caught.value.faults


DAMAGE: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    # the shape of a file
    "a key twice": ("falls.yaml", "order: 1\n", "order: 1\norder: 1\n", ("order stands twice", "keep one")),
    "a key twice in a question": (
        "falls.yaml",
        "        name: A fall\n",
        "        name: A fall\n        name: A slip\n",
        ("name stands twice", "keep one"),
    ),
    "yes without quotes": (
        "falls.yaml",
        '{is: [fell-past-year, "yes"]}',
        "{is: [fell-past-year, yes]}",
        ("yes is read as bool", '"yes"'),
    ),
    "yes without quotes as a key": (
        "falls.yaml",
        'calls_for: {"yes": [book',
        "calls_for: {yes: [book",
        ("yes is not read as text", '"yes"'),
    ),
    "a version without quotes": ("falls.yaml", 'version: "2026.2"', "version: 2026.1", ("version", "quotes")),
    "a day without quotes": ("falls.yaml", 'next: "2027-05-01"', "next: 2027-05-01", ("2027-05-01", "write")),
    "an unknown key": ("falls.yaml", "        score: 2\n", "        scores: 2\n", ("scores", "no such key")),
    "an unknown key at the top": ("bone.yaml", "order: 2\n", "order: 2\nowner: me\n", ("owner", "no such key")),
    "points in words": ("falls.yaml", "        score: 2\n", "        score: 2 points\n", ("score", "2 points")),
    "points below zero": ("falls.yaml", "        score: 2\n", "        score: -2\n", ("score", "-2")),
    "a level that does not exist": ("falls.yaml", "  - level: high\n", "  - level: highest\n", ("level", "highest")),
    "an id with a blank": (
        "falls.yaml",
        "link_id: fell-past-year\n",
        "link_id: fell past year\n",
        ("link_id", "fell past year"),
    ),
    "an owner that does not exist": ("actions.yaml", "    who: self\n", "    who: nurse\n", ("who", "nurse")),
    "an effort that does not exist": ("actions.yaml", "    effort: move\n", "    effort: run\n", ("effort", "run")),
    "an empty question": (
        "falls.yaml",
        "        ask: Did you fall in the past 12 months?\n",
        "        ask:\n",
        ("nothing is read as null", "write"),
    ),
    # what stands between files
    "an unknown action": (
        "falls.yaml",
        'calls_for: {"yes": [ask-about-bladder]}',
        'calls_for: {"yes": [ask-about-blader]}',
        ("no action ask-about-blader", "actions.yaml"),
    ),
    "an answer that the question does not have": (
        "falls.yaml",
        'calls_for: {"yes": [ask-about-bladder]}',
        "calls_for: {often: [ask-about-bladder]}",
        ("often", "yes, no, unsure"),
    ),
    "an unknown fact": (
        "falls.yaml",
        "when: {level: [falls, high]}",
        'when: {is: [fell-last-year, "yes"]}',
        ("falls.fell-last-year", "mend"),
    ),
    "a code that the fact does not have": (
        "bone.yaml",
        "enable_when: {one_of: [bone-medicine, [six-month-injection, stopped]]}",
        "enable_when: {one_of: [bone-medicine, [six-month-shot, stopped]]}",
        ("six-month-shot", "six-month-injection"),
    ),
    "a number compared with a code": (
        "bone.yaml",
        "enable_when: {at_least: [about.age, 50]}",
        "enable_when: {at_least: [about.sex, 50]}",
        ("about.sex is not a number",),
    ),
    "a condition with two keys": (
        "falls.yaml",
        "when: {level: [falls, high]}",
        "when: {level: [falls, high], score: 4}",
        ("exactly one key", "all or any"),
    ),
    "an empty condition": ("falls.yaml", "when: {level: [falls, high]}", "when: {}", ("exactly one key",)),
}


@pytest.mark.parametrize(("file", "old", "new", "says"), DAMAGE.values(), ids=DAMAGE)
def test_a_fault_is_named_with_file_line_and_remedy(folder, file, old, new, says) -> None:
    line = change(folder, file, old, new)
    faults = faults_of(folder)
    found = [f for f in faults if f.file == file and f.line == line and all(word in f.says for word in says)]
    assert found, "\n".join(map(str, faults))
    assert all(";" in fault.says for fault in found), "a remedy follows the fault"


# Faults of a whole question or action: the line is within it, from its first line to the damage
WITHIN: dict[str, tuple[str, str, str, tuple[str, ...], int]] = {
    "an unknown source of a question": (
        "falls.yaml",
        "        source: [rubenstein-2011, steadi-2019]\n",
        "        source: [rubinstein-2011, steadi-2019]\n",
        ("no source rubinstein-2011", "sources.yaml"),
        14,
    ),
    "an unknown source of an action": (
        "actions.yaml",
        "    source: [clemson-2023]\n",
        "    source: [clemens-2023]\n",
        ("no source clemens-2023",),
        24,
    ),
    "an unknown fact deep in a rule": (
        "falls.yaml",
        '        - {is: [brain-or-memory-condition, "yes"]}',
        '        - {is: [brain-condition, "yes"]}',
        ("falls.brain-condition",),
        12,
    ),
    "an unknown action of a sign": (
        "warning-signs.yaml",
        "    calls_for: [be-seen-today]\n",
        "    calls_for: [be-seen-now]\n",
        ("no action be-seen-now",),
        24,
    ),
    "a choice without any option": (
        "falls.yaml",
        "        answers: yes-no\n",
        "        answers: choice\n",
        ("fell-past-year", "choice", "options"),
        12,
    ),
    "options of what is no choice": (
        "bone.yaml",
        "        answers: choice\n        may_change: true\n        options:\n          - code: none\n",
        "        answers: yes-no\n        options:\n          - code: none\n",
        ("bone-medicine", "choice", "options"),
        12,
    ),
    "a number without bounds": ("bone.yaml", "        low: 25\n", "", ("weight-kg", "low and high"), 12),
    "a hazard without priority": ("home.yaml", "        priority: 2\n", "", ("priority",), 12),
    "a question without its why": (
        "falls.yaml",
        "        why: This can mean that leg muscles need training.\n",
        "",
        ("why", "missing", "add it"),
        12,
    ),
    "an action without steps": (
        "actions.yaml",
        "    how:\n      - Ask your doctor, a physical therapist or a senior center for a class for balance and strong legs.\n"
        "      - Go about three times a week. Work up to 3 hours a week in all, and keep it up.\n"
        "      - Walks are good, but do not count on walks alone. Rest if you feel dizzy. If your chest hurts, call {emergency}.\n",
        "    how: []\n",
        ("how",),
        12,
    ),
    "an action that nothing calls for": (
        "actions.yaml",
        "  - id: ask-about-bladder\n",
        "  - id: ask-about-bladder-again\n",
        ("nothing calls for ask-about-bladder-again", "remove it"),
        1,
    ),
    "a source that nothing cites": (
        "sources.yaml",
        "  - {id: fpnotebook,",
        "  - {id: fpnotebooks,",
        ("nothing cites fpnotebooks",),
        1,
    ),
    "a question twice": (
        "falls.yaml",
        "link_id: holds-furniture\n",
        "link_id: unsteady-walking\n",
        ("unsteady-walking stands twice",),
        24,
    ),
    "a placeholder that is no number": (
        "warning-signs.yaml",
        '    do: "Call {emergency} now."\n',
        '    do: "Call {emergancy} now."\n',
        ("{emergancy}", "{emergency}"),
        24,
    ),
    "a placeholder that is no number, in a guide": (
        "guides.yaml",
        "call {emergency}.",
        "call {emergancy}.",
        ("{emergancy}", "{emergency}"),
        40,
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "says", "above"), WITHIN.values(), ids=WITHIN)
def test_a_fault_of_a_whole_item_names_a_line_within_it(folder, file, old, new, says, above) -> None:
    line = change(folder, file, old, new)
    faults = faults_of(folder)
    found = [fault for fault in faults if fault.file == file and all(word in fault.says for word in says)]
    assert found, "\n".join(map(str, faults))
    assert any(line - above <= fault.line <= line for fault in found), "\n".join(map(str, found))


def test_a_level_without_a_rule_is_a_fault(folder) -> None:
    path = folder / "home.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("    when: {count: {at_least: 3, priority: 3}}\n", "", 1), encoding="utf-8")
    assert any("high" in fault.says and "rule" in fault.says for fault in faults_of(folder))


def test_a_lower_level_with_a_rule_is_a_fault(folder) -> None:
    line = change(folder, "home.yaml", "  - level: low\n", "  - level: low\n    when: {count: {at_least: 1}}\n")
    assert any("low" in f.says and abs(f.line - line) <= 1 for f in faults_of(folder) if f.file == "home.yaml")


def test_two_levels_the_same_are_a_fault(folder) -> None:
    line = change(folder, "home.yaml", "  - level: moderate\n", "  - level: high\n")
    (fault, *_) = faults_of(folder)
    assert fault.file == "home.yaml"
    assert "high, high, low" in fault.says
    assert "once each" in fault.says
    assert line - 8 <= fault.line <= line


WHOLE_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty": (lambda path: path.write_text(""), ""),
    "only a comment": (lambda path: path.write_text("# later\n"), ""),
    "a list": (lambda path: path.write_text("- id: falls\n"), ""),
    "a word": (lambda path: path.write_text("falls\n"), ""),
    "two documents": (lambda path: path.write_text("id: falls\n---\nid: falls\n"), "not YAML"),
    "not YAML": (lambda path: path.write_text("id: falls\nsections: [\n"), "not YAML"),
    "a tab as indent": (lambda path: path.write_text("id: falls\nreview:\n\tstatus: draft\n"), "not YAML"),
    "a control character": (lambda path: path.write_text("id: falls\ntitle: \x07\n"), "not YAML"),
    "a list as a key": (lambda path: path.write_text("[id]: falls\n"), ""),
    "a value that holds itself": (lambda path: path.write_text("id: &a [*a]\n"), ""),
    "not UTF-8": (lambda path: path.write_bytes(b"id: falls\ntitle: \xe9\xff\n"), "not UTF-8"),
    "missing": (lambda path: path.unlink(), "missing"),
    "a folder": (lambda path: (path.unlink(), path.mkdir()), ""),
}


@pytest.mark.parametrize(("damage", "says"), WHOLE_FILES.values(), ids=WHOLE_FILES)
def test_a_file_that_cannot_be_read_is_a_fault_and_never_a_crash(folder, damage, says) -> None:
    damage(folder / "falls.yaml")
    found = [fault for fault in faults_of(folder) if fault.file == "falls.yaml"]
    assert any(says in fault.says for fault in found)
    assert all(fault.line >= 1 for fault in found)


def test_a_file_that_is_not_yaml_names_its_line(folder) -> None:
    (folder / "home.yaml").write_text('id: home\ntitle: "Home\nshort: Home\n')
    (fault, *_) = faults_of(folder)
    assert fault.file == "home.yaml"
    assert fault.line in (2, 3, 4)


def test_a_file_that_is_no_whole_list_is_a_fault(folder) -> None:
    (folder / "fals.yaml").write_text("id: fals\n")
    assert {fault.file for fault in faults_of(folder)} == {"fals.yaml"}


def test_faults_of_several_files_are_all_reported_at_once(folder) -> None:
    change(folder, "falls.yaml", "        score: 2\n", "        score: 2 points\n")
    change(folder, "falls.yaml", "order: 1\n", "order: 1\norder: 5\n")
    change(folder, "bone.yaml", "order: 2\n", "order: six\n")
    change(folder, "actions.yaml", "    effort: move\n", "    effort: run\n")
    (folder / "sources.yaml").unlink()
    faults = faults_of(folder)
    assert {fault.file for fault in faults} == {"falls.yaml", "bone.yaml", "actions.yaml", "sources.yaml"}
    assert len([fault for fault in faults if fault.file == "falls.yaml"]) == 2
    assert [str(f) for f in faults] == sorted(
        (str(f) for f in faults), key=lambda s: (s.split(":")[0], int(s.split(":")[1]))
    )


def test_faults_of_meaning_are_all_reported_at_once(folder) -> None:
    change(folder, "falls.yaml", 'calls_for: {"yes": [ask-about-bladder]}', 'calls_for: {"yes": [ask-about-blader]}')
    change(folder, "bone.yaml", "        low: 25\n", "")
    change(folder, "home.yaml", "  - level: moderate\n", "  - level: high\n")
    says = "\n".join(map(str, faults_of(folder)))
    for word in ("ask-about-blader", "nothing calls for ask-about-bladder", "weight-kg", "high, high, low"):
        assert word in says


def test_the_shipped_definitions_have_no_fault() -> None:
    known = load_definitions()
    assert [checklist.id for checklist in known.checklists] == ["falls", "bone", "home", "posture"]


def test_an_edit_changes_the_content_hash(folder) -> None:
    before = load_definitions(folder).content_hash
    assert before == load_definitions().content_hash
    change(folder, "falls.yaml", "title: Falls checklist\n", "title: Checklist of falls\n")
    assert load_definitions(folder).content_hash != before


# flask checklists check and schema --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def flask():
    """Runs a flask command."""
    runner = create_app().test_cli_runner()
    return lambda *args: runner.invoke(args=[str(arg) for arg in args])


def test_check_shows_every_fault_and_exits_1(flask, folder) -> None:
    line = change(folder, "falls.yaml", "        score: 2\n", "        scores: 2\n")
    (folder / "bone.yaml").unlink()
    found = flask("checklists", "check", folder)
    assert found.exit_code == 1
    assert f"falls.yaml:{line}: " in found.output
    assert "bone.yaml:1: " in found.output
    assert "Traceback" not in found.output


def test_check_of_the_shipped_files_exits_0(flask, folder) -> None:
    for found in (flask("checklists", "check"), flask("checklists", "check", folder)):
        assert found.exit_code == 0, found.output
        assert "in order" in found.output


def test_check_of_a_folder_that_is_not_there_says_so(flask, tmp_path) -> None:
    found = flask("checklists", "check", tmp_path / "nowhere")
    assert found.exit_code != 0
    assert "nowhere" in found.output
    assert "Traceback" not in found.output


def test_the_committed_schema_is_the_one_that_the_command_writes(flask, tmp_path) -> None:
    found = flask("checklists", "schema", tmp_path / "schema.json")
    assert found.exit_code == 0, found.output
    assert (tmp_path / "schema.json").read_text() == (DEFINITIONS / "schema.json").read_text()


KINDS = {
    "safety": "Safety",
    "about": "About",
    "warning-signs": "WarningSigns",
    "falls": "Checklist",
    "bone": "Checklist",
    "home": "Checklist",
    "posture": "Checklist",
    "actions": "Actions",
    "sources": "Sources",
    "guides": "Guides",
    "regions": "Regions",
    "glossary": "Glossary",
}


@pytest.fixture(scope="module")
def schema():
    return json.loads((DEFINITIONS / "schema.json").read_text())


@pytest.mark.parametrize(("name", "kind"), KINDS.items(), ids=KINDS)
def test_the_schema_accepts_every_shipped_file_and_refuses_a_wrong_one(schema, name, kind) -> None:
    validator = jsonschema_rs.validator_for({**schema, "$ref": f"#/$defs/{kind}"})
    document = yaml.safe_load((DEFINITIONS / f"{name}.yaml").read_text())
    assert [str(error) for error in validator.iter_errors(document)][:3] == []
    assert not validator.is_valid(document | {"owner": "me"})
    assert not validator.is_valid({key: value for key, value in document.items() if key != "review"})


def test_every_shipped_file_names_the_schema_that_fits_it() -> None:
    for path in DEFINITIONS.glob("*.yaml"):
        assert path.stem in KINDS
