"""flask people template, and assess and plan on a table: from an empty table to handouts, with every fault in its place."""

import re
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from app import create_app
from tests.test_cli import FALLER, lines, paper, results  # noqa: F401  (a fixture is found by its name)

HEADER = "label,falls.fell-past-year,about.age,warning-signs,lang,print,page\n"
TABLE = (
    "Hill Street Clinic,,,,,,\n"
    f"{HEADER}"
    "Ana,maybe,181,none,,,\n"
    "10442,y,81,sudden-back-pain,,,\n"
    ",,,,,,\n"
    "Eva,n,70,none,es,24,a4\n"
    "Ümit ก,n,70,none,,,\n"
)


@pytest.fixture(scope="module")
def flask():
    """Runs a flask command; `data` is its standard input."""
    runner = create_app().test_cli_runner()
    return lambda *args, data="": runner.invoke(args=[str(arg) for arg in args], input=data)


def test_a_table_gives_the_results_of_the_same_people_in_json(flask, tmp_path) -> None:
    as_json = lines(
        {"label": "Ana", "warning-signs": [], "answers": {"about": {"age": 81}, "falls": FALLER["answers"]["falls"]}}
    )
    as_table = flask("assess", "-", data=f"{HEADER}Ana,Y,81,none\n")
    assert as_table.exit_code == 0, as_table.output
    assert results(as_table) == [each | {"line": 2} for each in results(flask("assess", "-", data=as_json))]


def test_every_fault_is_told_by_row_and_column_after_all_who_are_urgent(flask, tmp_path) -> None:
    found = flask("assess", "-", "--faults", tmp_path / "faults.xlsx", data=TABLE)
    assert found.exit_code == 1
    faulty, *others = results(found)
    says = 'falls.fell-past-year: "maybe" is not understood; write yes, no or ?'
    assert faulty == {"line": 3, "label": "Ana", "error": f"{says}; about.age: 181 is not between 18 and 120"}
    assert [each["line"] for each in others] == [4, 6, 7]
    assert found.stderr.splitlines() == [
        "Row 4: today: sudden-back-pain (10442)",
        f"Row 3, {says}",
        "Row 3, about.age: 181 is not between 18 and 120",
        f"{tmp_path / 'faults.xlsx'}: 1 row to mend",
    ]
    (mend, label, *_), *_ = load_workbook(tmp_path / "faults.xlsx").active.iter_rows(min_row=2, values_only=True)
    assert (mend, label) == (f"Row 3: {says}; about.age: 181 is not between 18 and 120", "Ana")


def test_plans_of_a_table_are_named_by_row_and_label_and_printed_as_the_row_says(flask, tmp_path, paper) -> None:  # noqa: F811
    (tmp_path / "people.csv").write_text(TABLE)
    found = flask("plan", tmp_path / "people.csv", "--each", tmp_path / "plans")
    assert found.exit_code == 1
    assert sorted(path.name for path in (tmp_path / "plans").iterdir()) == ["line-4-10442.pdf", "line-6-Eva.pdf"]
    assert (
        "Row 7, label: ก cannot be printed; leave it out, or write it with other letters" in found.stderr.splitlines()
    )
    assert '<html lang="es">' in paper[1]
    flask(
        "plan",
        "-",
        "--each",
        tmp_path / "planes",
        "--lang",
        "es",
        data=f"{HEADER},y,81,none,English,,\n,y,81,none,,,\n",
    )
    assert [re.findall('<html lang="(..)">', each) for each in paper[2:]] == [["en"], ["es"]]
    assert ("strength and balance" in paper[2], "fuerza" in paper[3]) == (True, True)
    assert 'class="plan points-24 large' in paper[1]
    assert "size: a4;" in paper[1]


def test_from_the_template_to_a_result(flask, tmp_path) -> None:
    for name, language in (("people.xlsx", "es"), ("people.csv", "en")):
        out = tmp_path / name
        assert flask("people", "template", "--lists", "falls, bone", "--lang", language, "--out", out).exit_code == 0
        empty = flask("assess", out)
        assert (empty.exit_code, empty.stdout) == (1, "")
        assert "nobody in the file" in empty.stderr
        assert flask("people", "template", "--out", out).exit_code == 2  # it may hold people by now
    keys = (tmp_path / "people.csv").read_text("utf-8-sig").splitlines()[1].split(",")
    row = ["yes" if key == "falls.fell-past-year" else "" for key in keys]
    with (tmp_path / "people.csv").open("a") as table:
        table.write(",".join(row) + "\n")
    assert results(flask("assess", tmp_path / "people.csv"))[0]["checklists"]["falls"]["score"]["low"] == 2


REFUSED: dict[str, tuple[list[str], str]] = {
    "a list that is not there": (
        ["people", "template", "--lists", "falls,eyes", "--out", "p.csv"],
        "eyes: use falls, bone",
    ),
    "a template that is no table": (["people", "template", "--out", "people.doc"], "people.xlsx or people.csv"),
    "faults that are no table": (["assess", "-", "--faults", "faults.txt"], "faults.xlsx or faults.csv"),
    "a cover list of single plans": (["plan", "-", "--each", "plans", "--cover"], "use --out"),
    "faults of JSON": (["assess", "-", "--faults", "faults.csv"], "goes with a table"),
}


@pytest.mark.parametrize(("args", "says"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_followed_is_refused_with_what_may_stand_there(flask, tmp_path, monkeypatch, args, says) -> None:
    monkeypatch.chdir(tmp_path)
    found = flask(*args, data=lines(FALLER))
    assert found.exit_code == 2
    assert says in found.output
    assert list(Path().iterdir()) == []


def test_a_fault_of_the_whole_table_is_one_result_and_a_line_each(flask) -> None:
    found = flask("assess", "-", data="falls.fell-past-year,Doctor,fell-twice\nyes,,\n")
    assert found.exit_code == 1
    assert [each["line"] for each in results(found)] == [1]
    assert [line.split(" is ")[0] for line in found.stderr.splitlines()] == [
        'Row 1, column B: "Doctor"',
        'Row 1, column C: "fell-twice"',
    ]


def test_a_table_begins_with_a_cover_list_that_names_who_was_not_printed(flask, tmp_path, paper) -> None:  # noqa: F811
    assert flask("plan", "-", "--out", tmp_path / "p.pdf", data=TABLE).exit_code == 1
    assert "Cover list" in paper[0]
    assert "Row 3, <b>Ana</b>: <span>falls.fell-past-year: &#34;maybe&#34; is not" in paper[0]
    assert re.findall(r"<td><b>(\w+)</b></td>", paper[0]) == ["10442", "Eva"]
    assert re.findall(r'"printed">([^<]+)', paper[0]) == ["14 en", "24 es"]


def test_whoever_prints_in_spanish_is_told_in_spanish(flask, tmp_path, paper) -> None:  # noqa: F811
    found = flask("plan", "-", "--out", tmp_path / "p.pdf", "--lang", "es", "--faults", tmp_path / "f.csv", data=TABLE)
    says = 'falls.fell-past-year: "maybe" no se entiende; escriba sí, no o ?'
    assert found.stderr.splitlines() == [
        "Fila 4: hoy: sudden-back-pain (10442)",
        f"Fila 3, {says}",
        "Fila 3, about.age: 181 no está entre 18 y 120",
        "Fila 7, label: ก no se puede imprimir; quítelo, o escríbalo con otras letras",
        f"{tmp_path / 'f.csv'}: 2 filas por corregir",
        f"{tmp_path / 'p.pdf'}: 2 planes",
    ]
    assert f"Fila 3, <b>Ana</b>: <span>{says}; y 1 más" in paper[0].replace("&#34;", '"')
    assert f"Fila 3: {says}; about.age: 181".replace('"', '""') in (tmp_path / "f.csv").read_text("utf-8-sig")
    template = flask("people", "template", "--lang", "es", "--out", tmp_path / "t.csv")
    assert template.stderr.endswith(" columnas, todavía sin nadie\n")


def test_who_needs_help_now_heads_the_list_without_a_level(flask, tmp_path, paper) -> None:  # noqa: F811
    people = f"{HEADER}Ana,n,70,none,,,\nIda,y,81,blackout,,,\nZoe,y,81,stroke-signs,,,\n"
    assert flask("plan", "-", "--out", tmp_path / "p.pdf", data=people).exit_code == 0
    rows = [re.sub(r"<[^>]+>|\s+", " ", row).split() for row in re.findall(r"(?s)<tr>(.*?)</tr>", paper[0])[1:]]
    assert [row[:-2] for row in rows] == [
        ["4", "Zoe", "NOW"],
        ["3", "Ida", "TODAY", "Raised", "or", "High"],
        ["2", "Ana", "Lower", "or", "Raised"],
    ]


def test_each_file_of_a_long_table_has_a_cover_list_of_its_own_people(flask, tmp_path, paper, monkeypatch) -> None:  # noqa: F811
    monkeypatch.setattr("commands.people.plan.PEOPLE_IN_A_FILE", 2)
    for rows, left_out in (("xnnxx", [["2", "5", "6"]]), ("xnnxnx", [["2"], ["5", "7"]])):
        paper.clear()
        people = "".join(f"P,{row},70,none,,,\n" for row in rows)
        assert flask("plan", "-", "--out", tmp_path / "p.pdf", data=HEADER + people).exit_code == 1
        assert [re.findall(r"Row (\d+), <b>", each) for each in paper] == left_out


@pytest.mark.parametrize(
    ("data", "options", "has_one"),
    [
        (TABLE, ["--no-cover"], False),
        (lines(FALLER), [], False),
        (lines(FALLER), ["--cover"], True),
    ],
)
def test_a_cover_list_is_there_where_it_is_wanted(flask, tmp_path, paper, data, options, has_one) -> None:  # noqa: F811
    flask("plan", "-", "--out", tmp_path / "p.pdf", *options, data=data)
    assert ("Cover list" in paper[0]) is has_one


def test_the_table_itself_is_never_written_over_and_old_faults_are_named(flask, tmp_path) -> None:
    table = tmp_path / "people.csv"
    table.write_text(TABLE)
    for command in (["assess", table], ["plan", table, "--out", tmp_path / "p.pdf"]):
        found = flask(*command, "--faults", table)
        assert (found.exit_code, table.read_text()) == (2, TABLE)
        assert "would write over the table itself" in found.stderr
    assert flask("assess", table, "--faults", tmp_path / "faults.csv").exit_code == 1
    found = flask("assess", "-", "--faults", tmp_path / "faults.csv", data=f"{HEADER}Ana,y,81,none,,,\n")
    assert found.exit_code == 0
    assert "Nothing is to be mended" in found.stderr


def test_that_rows_are_hidden_is_told_after_who_is_urgent(flask, tmp_path, paper) -> None:  # noqa: F811
    book = Workbook()
    for row in (["warning-signs"], ["blackout"]):
        book.active.append(row)
    book.active.row_dimensions[2].hidden = True
    book.save(tmp_path / "people.xlsx")
    for command in (["assess"], ["plan", "--no-cover", "--each", tmp_path]):
        first, second, *_ = flask(*command, tmp_path / "people.xlsx").stderr.splitlines()
        assert first == "Row 2: today: blackout"
        assert second.startswith("Hidden rows are taken too: 2.")


NOT_PEOPLE = {
    "a PDF": (b"%PDF-1.7\n", "this is a PDF, which is not read; write each person as a row of a table"),
    "an old spreadsheet": (
        b"\xd0\xcf\x11\xe0" + "Workbook".encode("utf-16-le"),
        "this is an old spreadsheet (.xls); save it as .xlsx or as CSV",
    ),
    "FHIR": (b'{"resourceType": "Bundle"}', 'line 1: this is FHIR ("Bundle"); flask people import makes a record'),
    "nothing": (b"", "There is nobody in the file. Write each person as a row of a table."),
}


@pytest.mark.parametrize(("data", "says"), NOT_PEOPLE.values(), ids=NOT_PEOPLE)
def test_what_holds_no_people_is_named_on_standard_error_and_nothing_is_written(flask, tmp_path, data, says) -> None:
    found = flask("plan", "-", "--out", tmp_path / "p.pdf", data=data)
    assert found.exit_code == 1
    assert found.stderr.startswith(says)
    assert not (tmp_path / "p.pdf").exists()
    if not data.startswith(b"{"):  # what is wrong with JSON stands in its result
        assert flask("assess", "-", data=data).stderr.startswith(says)


def test_a_row_without_any_answer_says_so_in_words_of_the_table(flask) -> None:
    found = flask("assess", "-", data=f"{HEADER}Ana,,81,,,,\n")
    assert found.stderr == (
        "Row 2: no cell of a checklist is filled, nor warning-signs; fill one in, or remove the row\n"
    )


def test_a_long_table_shows_how_far_it_is(flask, tmp_path, paper, monkeypatch) -> None:  # noqa: F811
    monkeypatch.setattr("commands.people.progress.QUIET_SECONDS", -1)
    found = flask("assess", "-", data=HEADER + ",,,none,,,\n" * 250)
    assert found.stderr == "100 people …\n"  # and the next after ten seconds, where nobody sees the line change
    found = flask(
        "plan", "-", "--no-cover", "--out", tmp_path / "p.pdf", "--lang", "es", data=HEADER + ",,,none,,,\n" * 100
    )
    assert found.stderr.splitlines()[0] == "100 personas …"
    assert "Haciendo los planes" in found.stderr
