"""The commands of the contract: what goes in and out, what is said on standard error, and how each one ends."""

import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from pypdf import PdfReader

from app import create_app
from commands.streams import NO_PAPER, NOT_WRITTEN, TOO_LITTLE_MEMORY
from reports.printing.pdf import RenderError
from tests.pdf_text import pages_of
from tests.processes import NEVER_SECONDS, started
from tests.shipped import SHIPPED

Json = dict[str, Any]
ROOT = Path(__file__).parent.parent
NOBODY_SICK = {"warning-signs": []}
FALLER = {"today": "2026-11-22", "warning-signs": [], "answers": {"falls": {"fell-past-year": "yes"}}}
MAYBE = {"answers": {"falls": {"fell-past-year": "maybe"}}}
URGENT = {"warning-signs": ["sudden-back-pain"]}
NOW = {"warning-signs": ["stroke-signs"]}


def lines(*people: Json | str) -> str:
    return "\n".join(person if isinstance(person, str) else json.dumps(person) for person in people) + "\n"


@pytest.fixture(scope="module")
def flask():
    """Runs a flask command; the text is its standard input."""
    runner = create_app().test_cli_runner()
    return lambda *args, text="": runner.invoke(args=[str(arg) for arg in args], input=text)


def results(found: Any) -> list[Json]:
    return [json.loads(line) for line in found.stdout.splitlines()]


# flask assess ------------------------------------------------------------------------------------------------------------


def test_one_result_a_line_comes_out_in_the_same_order(flask) -> None:
    found = flask("assess", "-", text=lines(FALLER, NOBODY_SICK, FALLER))
    assert found.exit_code == 0
    assert [each["line"] for each in results(found)] == [1, 2, 3]
    assert [list(each["checklists"]) for each in results(found)] == [["falls"], [], ["falls"]]
    assert list(results(found)[0]) == ["line", "overall", "warnings", "checklists", "tools", "plan"]
    assert found.stderr == ""


def test_one_object_over_many_lines_is_one_person(flask, tmp_path) -> None:
    file = tmp_path / "person.json"
    file.write_text("\n" + json.dumps(FALLER, indent=2) + "\n")
    (found,) = results(flask("assess", file))
    assert found["line"] == 2
    assert found["checklists"]["falls"]["could_be"] == ["moderate", "high"]


def test_a_wrong_answer_is_named_with_its_line_and_the_others_are_still_assessed(flask) -> None:
    found = flask("assess", "-", text=lines(FALLER, "", MAYBE, "not json", FALLER))
    first, wrong, no_json, last = results(found)
    assert found.exit_code == 1
    assert (first["line"], last["line"]) == (1, 5)
    assert wrong == {
        "line": 3,
        "error": 'answers.falls.fell-past-year: "maybe" is not one of yes, no, unsure',
    }
    assert (no_json["line"], set(no_json)) == (4, {"line", "error"})


def test_every_fault_of_a_record_is_joined_by_semicolons(flask) -> None:
    record = {"foo": 1, "answers": {"falls": {"fell-past-year": "maybe", "numb-feet": 1}}}
    (found,) = results(flask("assess", "-", text=lines(record)))
    faults = found["error"].split("; ")
    assert len(faults) == 3
    assert {fault.split(":")[0] for fault in faults} == {
        "foo",
        "answers.falls.fell-past-year",
        "answers.falls.numb-feet",
    }


WRONG = {
    "NaN": '{"measures": {"tug-seconds": NaN}, "answers": {"falls": {}}}',
    "a key twice": '{"warning-signs": [], "warning-signs": []}',
    "a list": "[]",
    "a lone half of a pair": '{"warning-signs": [], "\\ud83d": "\\ud83d"}',
    "too deep": '{"answers": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "a huge number": '{"answers": {"about": {"age": ' + "9" * 5000 + '}}, "warning-signs": []}',
    "a huge exponent": '{"answers": {"bone": {"weight-kg": 1e999999999}}}',
    "nothing": "{}",
    "the last day there is": '{"today": "9999-12-31", "warning-signs": ["blackout"], "answers": {"falls": 1}}',
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_bad_input_is_one_error_line_and_never_a_traceback(flask, text) -> None:
    found = flask("assess", "-", text=lines(text, FALLER))
    wrong, fine = results(found)
    assert found.exit_code == 1
    assert (wrong["line"], set(wrong)) == (1, {"line", "error"})
    assert (fine["line"], "error" in fine) == (2, False)
    assert "Traceback" not in found.output


def test_a_plan_that_would_end_after_the_calendar_is_no_traceback(flask) -> None:
    record = FALLER | {"today": "9999-12-31"}
    found = flask("assess", "-", text=lines(record, FALLER))
    assert found.exception is None or isinstance(found.exception, SystemExit)
    assert [each["line"] for each in results(found)] == [1, 2]


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_said_to_have_nobody_in_it(flask, text) -> None:
    found = flask("assess", "-", text=text)
    assert found.exit_code == 1
    assert found.stdout == ""
    assert "nobody" in found.stderr


def test_a_file_that_is_not_there_is_one_sentence(flask, tmp_path) -> None:
    for command in (
        ["assess", tmp_path / "none.jsonl"],
        ["plan", tmp_path / "none.jsonl", "--out", tmp_path / "p.pdf"],
    ):
        found = flask(*command)
        assert found.exit_code != 0
        assert "none.jsonl" in found.output
        assert "Traceback" not in found.output


def test_a_folder_is_no_file_of_people(flask, tmp_path) -> None:
    found = flask("assess", tmp_path)
    assert found.exit_code != 0
    assert not isinstance(found.exception, OSError)


def test_every_urgent_line_is_named_first_on_standard_error(flask) -> None:
    found = flask("assess", "-", text=lines(FALLER, URGENT, "", NOW, MAYBE))
    said = found.stderr.splitlines()
    assert [line.split(":")[0].removeprefix("line ") for line in said[:2]] == ["2", "4"]
    assert "today" in said[0]
    assert "now" in said[1]
    assert "sudden-back-pain" in said[0]


def test_a_blackout_among_the_answers_is_urgent_only_where_signs_were_never_asked(flask) -> None:
    fell = {"answers": {"falls": {"fell-past-year": "yes", "fall-blackout": "yes"}}}
    assert "line 1" in flask("assess", "-", text=lines(fell)).stderr
    assert flask("assess", "-", text=lines(fell | {"warning-signs": []})).stderr == ""


def test_self_harm_is_not_named_where_others_may_read(flask) -> None:
    found = flask("assess", "-", text=lines({"warning-signs": ["thoughts-of-self-harm"]}))
    assert "line 1" in found.stderr
    assert "harm" not in found.stderr


def test_the_result_of_the_command_is_that_of_the_core(flask, judged) -> None:
    (found,) = results(flask("assess", "-", text=lines(FALLER)))
    assert {key: value for key, value in found.items() if key != "line"} == judged(FALLER)


def run_flask(*args: str, text: str = "", env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flask", *args]
    return subprocess.run(
        command,
        cwd=ROOT,
        input=text,
        capture_output=True,
        text=True,
        timeout=NEVER_SECONDS,
        env={**os.environ, **(env or {})},
    )


def test_assess_touches_neither_database_nor_key(tmp_path) -> None:
    nowhere = {"FIRM_FOOTING_DATA": str(tmp_path / "data"), "FIRM_FOOTING_KEYS": str(tmp_path / "keys")}
    found = run_flask("assess", "-", text=lines(FALLER, MAYBE), env=nowhere)
    assert found.returncode == 1
    assert [json.loads(line)["line"] for line in found.stdout.splitlines()] == [1, 2]
    assert list(tmp_path.iterdir()) == []


def test_assess_loads_neither_weasyprint_nor_sqlite() -> None:
    """A falls clinic waits half a second for one person, start-up included."""
    code = (
        "import sys; sys.argv = ['flask', 'assess', '-']\n"
        "from flask.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit as end:\n"
        "    loaded = [m for m in ('weasyprint', 'sqlite3', 'pysqlite3', 'sqlite_utils', 'openpyxl') if m in sys.modules]\n"
        "    print('loaded', loaded, end.code)\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        input=lines(FALLER),
        capture_output=True,
        text=True,
        timeout=NEVER_SECONDS,
    )
    assert found.stdout.splitlines()[-1] == "loaded [] 0", found.stderr


def test_a_damaged_definition_is_listed_instead_of_assessed(tmp_path) -> None:
    (tmp_path / "falls.yaml").write_text("id: [falls\n")
    found = run_flask("assess", "-", text=lines(FALLER), env={"FIRM_FOOTING_DEFINITIONS": str(tmp_path)})
    assert found.returncode == 1
    assert found.stdout == ""
    assert "falls.yaml:" in found.stderr
    assert "bone.yaml:1:" in found.stderr
    assert "Traceback" not in found.stderr


def test_a_result_is_out_before_the_next_person_comes_in() -> None:
    command = [sys.executable, "-m", "flask", "assess", "-"]
    with started(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        too_late = Timer(30, running.kill)
        too_late.start()
        for number in (1, 2):
            running.stdin.write(lines(FALLER))
            running.stdin.flush()
            assert f'"line": {number},' in running.stdout.readline()
        running.stdin.close()
        assert running.wait() == 0
        too_late.cancel()


# How a command ends when a stream, a disk or memory gives out -------------------------------------------------------------

CUT = {
    "a disk that takes a part, unbuffered": (
        "export PYTHONUNBUFFERED=1; ulimit -f 1; exec {flask} checklists list --json > out"
    ),
    "a closed output": "exec {flask} assess one.jsonl >&-",
    "a disk that fills up": "ulimit -f 1; exec {flask} assess many.jsonl > out",
    "a disk that fills up under a list": "unset PYTHONUNBUFFERED; ulimit -f 1; exec {flask} checklists list --json > out",
}


@pytest.mark.parametrize("script", CUT.values(), ids=CUT)
def test_output_that_is_cut_is_one_sentence_and_its_own_status(tmp_path, script) -> None:
    (tmp_path / "one.jsonl").write_text(lines(FALLER))
    (tmp_path / "many.jsonl").write_text(lines(*[NOBODY_SICK] * 50))
    found = subprocess.run(
        ["sh", "-c", script.format(flask=f"'{sys.executable}' -m flask")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=NEVER_SECONDS,
        env={
            **os.environ,
            "FLASK_APP": str(ROOT / "app.py"),
            "PYTHONDONTWRITEBYTECODE": "1",  # Python would keep a compiled file that was cut short
        },
    )
    assert found.returncode == NOT_WRITTEN
    (said,) = found.stderr.splitlines()
    assert said.startswith("The output: ")
    assert said.endswith("is not whole.")


def test_too_little_memory_is_one_sentence_and_its_own_status(flask, monkeypatch) -> None:
    def exhausted(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("reports.judging.judged.assess", exhausted)
    found = flask("assess", "-", text=lines(FALLER))
    assert (found.exit_code, found.stdout) == (TOO_LITTLE_MEMORY, "")
    assert "too little memory" in found.stderr


@pytest.mark.parametrize(("cause", "status"), [(MemoryError, TOO_LITTLE_MEMORY), (RecursionError, NO_PAPER)])
def test_paper_that_cannot_be_made_is_one_sentence_and_its_own_status(flask, tmp_path, monkeypatch, cause, status):
    def fail(*_: object) -> bytes:
        raise RenderError("it is too deep") from cause()

    monkeypatch.setattr("reports.printing.pdf.render_pdf", fail)
    monkeypatch.setattr("reports.printing.pile.Pile.add", fail)
    for people in ([FALLER], [FALLER, NOBODY_SICK]):
        found = flask("plan", "-", "--out", tmp_path / "p.pdf", text=lines(*people))
        assert found.exit_code == status
        assert len(found.stderr.splitlines()) == 1
        assert list(tmp_path.iterdir()) == []


def test_of_many_the_line_is_named_whose_paper_cannot_be_made_and_none_for_the_file_of_all(
    flask, tmp_path, monkeypatch
) -> None:
    def fail(*_: object) -> bytes:
        raise RenderError("it is too deep")

    with monkeypatch.context() as patch:
        patch.setattr("reports.printing.pile.Pile.add", fail)
        found = flask("plan", "-", "--out", tmp_path / "p.pdf", text=lines(FALLER, NOBODY_SICK))
    assert "from line 1 to line 2 were not written, because of line 1: it is too deep" in found.stderr
    monkeypatch.setattr("reports.printing.pile.Pile.bind", fail)
    found = flask("plan", "-", "--out", tmp_path / "p.pdf", text=lines(FALLER, NOBODY_SICK))
    assert "from line 1 to line 2 were not written: it is too deep" in found.stderr


def test_a_clinic_in_latin_1_is_refused_with_the_way_out(flask, tmp_path, paper) -> None:
    found = flask("plan", "-", "--out", tmp_path / "p.pdf", "--clinic", "Cl\udcednica", text=lines(FALLER))
    assert found.exit_code == 2
    assert "--clinic" in found.stderr
    assert "UTF-8" in found.stderr


def test_a_region_that_does_not_exist_is_one_sentence(flask, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("FIRM_FOOTING_REGION", "mars")
    found = flask("plan", "-", "--out", tmp_path / "p.pdf", text=lines(FALLER))
    assert found.exit_code == 2
    assert "FIRM_FOOTING_REGION" in found.stderr


def test_nothing_that_stands_in_a_file_or_its_name_reaches_the_terminal_as_it_is(flask, tmp_path, paper) -> None:
    hostile = "\x1b[2J\nline 9: now: Stroke signs\u202e"
    for found in (
        flask("plan", "-", "--out", tmp_path / "p.pdf", text=lines({hostile: 1})),
        flask("plan", tmp_path / hostile, "--out", tmp_path / "p.pdf"),
        flask("assess", tmp_path / hostile),
        flask("plan", "-", "--out", tmp_path / f"{hostile}.pdf", text=lines(FALLER)),
        flask("plan", "-", "--each", tmp_path / f"{hostile}", text=lines(FALLER)),
    ):
        assert found.output.replace("\n", "").isprintable()
        assert not [line for line in found.output.splitlines() if line.startswith("line 9")]


# flask plan ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def paper(monkeypatch) -> list[str]:
    """A stand-in for the slow renderer; what it was asked to render, file by file."""
    rendered: list[str] = []

    def render(html: Any, *_: Any, **__: Any) -> bytes:
        rendered.append(str(html))
        return b"%PDF-1.7\n"

    class Bound:
        """A file of many: its papers after what comes first."""

        def __init__(self) -> None:
            self.papers: list[str] = []

        def add(self, html: str) -> int:
            self.papers.append(html)
            return 3

        def drop(self, papers: int = 1) -> None:
            del self.papers[-papers:]

        def bind(self, first: str = "") -> bytes:
            return render("".join([first, *self.papers]))

    monkeypatch.setattr("reports.printing.pdf.render_pdf", render)
    monkeypatch.setattr("reports.printing.pile.Pile", Bound)
    return rendered


def test_a_plan_is_a_pdf(flask, tmp_path) -> None:
    found = flask("plan", "-", "--out", tmp_path / "p.pdf", text=lines(FALLER))
    assert found.exit_code == 0, found.output
    assert (tmp_path / "p.pdf").read_bytes().startswith(b"%PDF-")
    assert [path.name for path in tmp_path.iterdir()] == ["p.pdf"]


def test_a_hundred_people_fill_a_file_and_the_rest_go_on_in_the_next(flask, tmp_path, paper) -> None:
    found = flask("plan", "-", "--out", tmp_path / "P.pdf", text=lines(*[NOBODY_SICK] * 201))
    assert found.exit_code == 0, found.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["P-2.pdf", "P-3.pdf", "P.pdf"]
    assert len(paper) == 3
    assert "P-2.pdf" in found.stderr
    assert "P-3.pdf" in found.stderr


def test_exactly_a_hundred_people_fill_one_file(flask, tmp_path, paper) -> None:
    found = flask("plan", "-", "--out", tmp_path / "P.pdf", text=lines(*[NOBODY_SICK] * 100))
    assert found.exit_code == 0, found.output
    assert [path.name for path in tmp_path.iterdir()] == ["P.pdf"]


def test_plans_of_an_earlier_run_are_never_left_beside_the_new(flask, tmp_path, paper) -> None:
    out, many = tmp_path / "P.pdf", lines(*[NOBODY_SICK] * 201)
    for _ in range(2):  # the same people again are no others
        assert flask("plan", "-", "--out", out, text=many).exit_code == 0
    (tmp_path / "P-2026.pdf").write_text("the clinic's own")
    before = len(paper)
    found = flask("plan", "-", "--out", out, text=lines(FALLER))
    assert (found.exit_code, len(paper)) == (2, before)
    assert "P-2.pdf, P-3.pdf are there from an earlier run" in found.stderr
    for name in ("P-2.pdf", "P-3.pdf"):
        (tmp_path / name).unlink()
    assert flask("plan", "-", "--out", out, text=lines(FALLER)).exit_code == 0


def test_a_folder_with_plans_of_an_earlier_run_is_refused(flask, tmp_path, paper) -> None:
    assert flask("plan", "-", "--each", tmp_path, text=lines(FALLER, FALLER)).exit_code == 0
    (tmp_path / "line-up.pdf").write_text("the clinic's own")
    found = flask("plan", "-", "--each", tmp_path, text=lines(FALLER))
    assert found.exit_code == 2
    assert "line-2.pdf is there from an earlier run" in found.stderr


def test_a_device_is_never_replaced_by_a_plan(flask, tmp_path, paper) -> None:
    pipe = tmp_path / "printer"
    os.mkfifo(pipe)
    found = flask("plan", "-", "--out", pipe, text=lines(FALLER))
    assert found.exit_code == NOT_WRITTEN
    assert "no plain file" in found.stderr
    assert pipe.is_fifo()


def test_of_a_plan_that_could_not_be_written_nothing_stays(flask, tmp_path, monkeypatch, paper) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    found = flask("plan", "-", "--out", tmp_path / "p.pdf", text=lines(FALLER))
    assert found.exit_code == NOT_WRITTEN
    assert list(tmp_path.iterdir()) == []


def test_each_writes_one_pdf_a_person_named_by_line(flask, tmp_path, paper) -> None:
    text = lines("", FALLER, MAYBE, NOBODY_SICK)
    found = flask("plan", "-", "--each", tmp_path / "plans", text=text)
    assert found.exit_code == 1
    names = sorted(path.name for path in (tmp_path / "plans").iterdir())
    assert len(names) == 2
    assert ["2" in names[0], "4" in names[1]] == [True, True]
    assert "line 3" in found.stderr


def test_a_label_stands_on_the_paper_and_in_a_name_of_a_file_that_any_disk_takes(flask, tmp_path, paper) -> None:
    labels = ["10442", "Ana/María  O’Néill\u202e", "../..", "CON.", "\u200b", "Ω" * 80]
    people = lines(*(NOBODY_SICK | {"label": label} for label in labels))
    for _ in range(2):  # the same people again are no others
        assert flask("plan", "-", "--each", tmp_path, text=people).exit_code == 0
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [
        "line-1-10442.pdf",
        "line-2-Ana-María-O-Néill.pdf",
        "line-3.pdf",
        "line-4-CON.pdf",
        "line-5.pdf",
        f"line-6-{'Ω' * 60}.pdf",
    ]
    assert '<p class="name">Name: <b>10442</b></p>' in paper[0]
    assert '<p class="name">Name:</p>' in paper[4]


def test_a_label_comes_back_beside_its_line_and_makes_no_difference(flask) -> None:
    labelled = FALLER | {"label": " Ana\u202e  M. "}
    found = results(
        flask("assess", "-", text=lines(FALLER, labelled, MAYBE | {"label": "10442"}, FALLER | {"label": " "}))
    )
    assert [each.pop("label", None) for each in found] == [None, "Ana M.", "10442", None]
    assert found[0] | {"line": 2} == found[1]
    assert list(found[2]) == ["line", "error"]


def test_a_label_that_is_no_short_text_is_a_fault(flask) -> None:
    found = results(flask("assess", "-", text=lines(*(FALLER | {"label": label} for label in (10442, "x" * 81, [])))))
    assert [each["error"].split(";")[0] for each in found] == [
        "label: 10442 is not a text",
        "label: has 81 characters",
        "label: [] is not a text",
    ]


def test_a_wrong_line_is_named_and_the_others_come_out(flask, tmp_path, paper) -> None:
    found = flask("plan", "-", "--out", tmp_path / "p.pdf", text=lines(FALLER, MAYBE))
    assert found.exit_code == 1
    assert (tmp_path / "p.pdf").exists()
    assert "line 2" in found.stderr
    assert "fell-past-year" in found.stderr


def test_urgent_lines_are_named_before_anything_else(flask, tmp_path, paper) -> None:
    found = flask("plan", "-", "--out", tmp_path / "p.pdf", text=lines(MAYBE, FALLER, URGENT, NOW))
    said = found.stderr.splitlines()
    assert said[0].startswith("line 3")
    assert said[1].startswith("line 4")
    assert any(line.startswith("line 1") for line in said[2:])


def test_no_plan_is_written_where_nobody_can_be_assessed(flask, tmp_path, paper) -> None:
    found = flask("plan", "-", "--out", tmp_path / "p.pdf", text=lines(MAYBE))
    assert found.exit_code == 1
    assert list(tmp_path.iterdir()) == []
    assert "No plan" in found.stderr


REFUSED = {
    "neither out nor each": ([], "--out"),
    "both out and each": (["--out", "p.pdf", "--each", "plans"], "--each"),
    "a page we do not cut": (["--out", "p.pdf", "--page", "legal"], "letter"),
    "a print we do not set": (["--out", "p.pdf", "--print", "10"], "12"),
    "a language we do not speak": (["--out", "p.pdf", "--lang", "fr"], "en"),
    "a clinic whose letters we cannot print": (["--out", "p.pdf", "--clinic", "Hill ก Clinic"], "ก cannot be printed"),
    "a clinic with too long a name": (["--out", "p.pdf", "--clinic", "x" * 121], "at most 120 letters; there are 121"),
}


@pytest.mark.parametrize(("options", "says"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_option_is_refused_with_what_may_stand_there(flask, tmp_path, paper, options, says) -> None:
    found = flask("plan", "-", *options, text=lines(FALLER))
    assert found.exit_code == 2
    assert says in found.output
    assert paper == []


@pytest.mark.parametrize(
    "options", [["--page", "a4"], ["--print", "24"], ["--clinic", "Hi\u200bll Clinic,\t555\u00a00100"]]
)
def test_page_print_and_clinic_are_taken(flask, tmp_path, paper, options) -> None:
    found = flask("plan", "-", "--out", tmp_path / "p.pdf", *options, text=lines(FALLER))
    assert found.exit_code == 0, found.output
    if "--clinic" in options:
        assert "Hill Clinic" in paper[0]
        assert "555\u00a00100" in paper[0], "a number is one piece"


def test_a_place_that_cannot_be_written_is_one_sentence(flask, tmp_path, paper) -> None:
    (tmp_path / "file").write_text("")
    found = flask("plan", "-", "--out", tmp_path / "file" / "p.pdf", text=lines(FALLER))
    assert found.exit_code == 3
    assert "cannot be written" in found.output
    assert "Traceback" not in found.output


def test_a_folder_that_cannot_be_made_is_one_sentence(flask, tmp_path, paper) -> None:
    (tmp_path / "file").write_text("")
    found = flask("plan", "-", "--each", tmp_path / "file" / "plans", text=lines(FALLER))
    assert found.exit_code != 0
    assert found.exception is None or isinstance(found.exception, SystemExit)


# flask checklists list ------------------------------------------------------------------------------------------------------


def test_list_tells_an_outsider_everything_to_write_a_record(flask) -> None:
    found = flask("checklists", "list", "--json")
    assert found.exit_code == 0
    listed = json.loads(found.stdout)
    by_fact = {f"{each['checklist']}.{each['link_id']}": each for each in listed}
    assert len(by_fact) == len(listed)
    assert set(by_fact) >= set(SHIPPED.question_of)
    for fact, question in SHIPPED.question_of.items():
        each = by_fact[fact]
        assert {"allowed", "score", "room", "priority", "loads_spine", "condition"} <= set(each)
        assert tuple(each["allowed"]) == question.allowed
        assert (each["score"], each["priority"]) == (question.score, question.priority)
        assert each["loads_spine"] is question.loads_spine
    assert by_fact["falls.fell-twice"]["condition"] == {"is": ["fell-past-year", "yes"]}
    assert (by_fact["about.age"]["low"], by_fact["about.age"]["high"]) == (18, 120)
    assert by_fact["home.stairs-no-rails"]["room"] == "stairs"
    assert {f for f in by_fact if f.startswith("warning-signs.")} == {
        f"warning-signs.{sign.id}" for sign in SHIPPED.warning_signs.signs if sign.ask
    }


def test_list_tells_the_bounds_and_codes_of_every_measure(flask) -> None:
    listed = json.loads(flask("checklists", "list", "--json").stdout)
    measures = {each["link_id"]: each for each in listed if each["checklist"] == "measures"}
    assert len(measures) == 7
    assert (measures["tug-seconds"]["low"], measures["tug-seconds"]["high"]) == (1, 600)
    assert measures["gait-speed-m-s"]["low"] == 0.05
    assert "unable" in measures["tug-seconds"]["allowed"]
    assert measures["frailty"]["allowed"] == measures["chair-used-arms"]["allowed"] == ["yes", "no"]


def test_list_can_be_read_without_json(flask) -> None:
    found = flask("checklists", "list")
    assert found.exit_code == 0
    assert "falls.fell-past-year" in found.stdout
    assert "yes | no | unsure" in found.stdout


def test_all_adds_details_how_it_was_made_and_the_page_for_the_clinician(flask, tmp_path) -> None:
    texts = {}
    for name, more in (("plan", ()), ("all", ("--all",))):
        assert flask("plan", "-", "--out", tmp_path / f"{name}.pdf", *more, text=lines(FALLER)).exit_code == 0
        texts[name] = pages_of((tmp_path / f"{name}.pdf").read_bytes())
    for heading in ("How your result was made", "For the clinician"):
        assert heading in " ".join(texts["all"])
        assert heading not in " ".join(texts["plan"])
    assert [place for place, text in enumerate(texts["all"]) if "For the clinician" in text] == [len(texts["all"]) - 1]


def test_many_plans_are_one_file_whose_cover_list_names_the_pages_of_each(flask, tmp_path) -> None:
    found = flask("plan", "-", "--out", tmp_path / "p.pdf", "--cover", text=lines(FALLER, FALLER | {"label": "B. C."}))
    assert found.exit_code == 0, found.output
    pdf = PdfReader(tmp_path / "p.pdf")
    texts = [" ".join(each.split()) for each in pages_of((tmp_path / "p.pdf").read_bytes())]
    starts = [number for number, text in enumerate(texts, start=1) if "Your plan to stay steady" in text]
    ends = [
        max(n for n in range(start, end) if texts[n - 1])
        for start, end in zip(starts, [*starts[1:], len(texts) + 1], strict=True)
    ]
    assert len(starts) == 2
    for start, end in zip(starts, ends, strict=True):
        assert start % 2, "on a sheet of its own"
        assert f"{start}–{end}" in texts[0]
        assert f"of {end - start + 1}" in texts[end - 1]
    assert pdf.metadata
    assert pdf.metadata.title == "Plans to stay steady and keep strong bones"
