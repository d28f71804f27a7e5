"""flask plan: the action plan of each person in a file as paper."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from checklists import Definitions
from checklists.files.definitions import WRITTEN_IN
from checklists.loading.load import language_folders
from checklists.people.people_file import read_people
from checklists.people.plain_text import plain
from checklists.people.quoting import harmless
from checklists.people.sentence import Sentence
from checklists.people.tables.columns import PAGES, SIZES
from commands.people.faults import Faults, faults_path, refuse_same
from commands.people.file import FileOfPeople, in_language, people_in
from commands.people.plan_files import PEOPLE_IN_A_FILE, path_of, refuse_leftovers
from commands.people.progress import counting
from commands.read_definitions import read_or_exit
from commands.streams import NO_PAPER, end, say
from commands.whole_files import make_folder, write_whole
from reports.batch.filing import file_name
from reports.judging.judged import Faulty, Judged, judge, urgent
from web.core.settings import clinic_today, definitions, region
from web.core.table_columns import table_columns

if TYPE_CHECKING:
    from reports.paper.plan_paper import PrintOptions

_PEOPLE, _MAKING = Sentence("people"), Sentence("Making the plans")
_NO_PLAN = Sentence("No plan was written: there is no person in the file that can be assessed.")
LANGUAGES = (WRITTEN_IN, *(folder.name for folder in language_folders()))


def clinic_name(_context: click.Context, _option: click.Parameter, typed: str | None) -> str | None:
    """The letterhead. :raises click.BadParameter: it cannot be printed"""
    from reports.paper.letters import unprintable
    from reports.paper.plan_paper import CLINIC_CHARACTERS

    try:
        (typed or "").encode()
    except UnicodeEncodeError:  # Latin-1 bytes of an old script
        raise click.BadParameter(
            f"{harmless(typed or '')} is not UTF-8. Save the script as UTF-8, or set the terminal to it."
        ) from None
    name = plain(typed or "")
    if len(name) > CLINIC_CHARACTERS:
        raise click.BadParameter(f"use at most {CLINIC_CHARACTERS} letters; there are {len(name)} now.")
    if letters := " ".join(unprintable(name)):
        raise click.BadParameter(f"{letters} cannot be printed; leave it out, or write it with other letters.")
    return name or None


@click.command("plan")
@click.argument("file", type=FileOfPeople())
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="One PDF with everybody in it.")
@click.option("--each", type=click.Path(file_okay=False, path_type=Path), help="A folder: one PDF a person.")
@click.option("--page", type=click.Choice(PAGES), default="letter", show_default=True)
@click.option("--print", "points", type=click.Choice(SIZES), default="14", show_default=True)
@click.option("--lang", type=click.Choice(LANGUAGES), default=WRITTEN_IN, show_default=True)
@click.option("--clinic", callback=clinic_name, help='Name and phone number for the head of the page: "Name, phone".')
@click.option("--all", "everything", is_flag=True, help="Add details, how it was made, and the clinician's page.")
@click.option("--clinician", is_flag=True, help="Add the clinician's page to each plan.")
@click.option(
    "--faults",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=faults_path,
    help="Write the rows of a table that are to be mended, as .xlsx or .csv.",
)
@click.option(
    "--cover/--no-cover", default=None, help="A cover list for the desk before the plans; a table has one by itself."
)
def plan_command(
    file: IO[bytes], out: Path | None, each: Path | None, faults: Path | None, cover: bool | None, **options: Any
) -> None:
    """Write the action plan of each person in FILE, JSON or a table (- for standard input), as tagged PDF."""
    if (out is None) == (each is None):
        raise click.UsageError("Say where the plans go: --out FILE.pdf for one file, or --each FOLDER.")
    if cover and each is not None:
        raise click.UsageError("A cover list goes before many plans in one file: use --out.")
    from reports.judging.printable import printable

    refuse_same(faults, file)
    known, today, language = read_or_exit(definitions), clinic_today(), options["lang"]
    file = file if file.seekable() else BytesIO(file.read())  # read twice: every urgent line is named before any paper
    start, found = file.tell(), people_in(file, language)
    faulty, names = Faults(file=found, path=faults, language=language), []
    with counting(in_language(_PEOPLE, language)) as count:
        for person in (printable(judge(known, record, today, language)) for record in found.records):
            count()
            if isinstance(person, Faulty):
                faulty.add(person)
                continue
            names.append(file_name(person.line, person.label))
            for line in urgent(person, in_a_table=found.is_table):
                say(in_language(line, language))
    if names:
        refuse_leftovers(out, each, names)
    faulty.end()
    file.seek(start)
    again = (printable(judge(known, record, today, language)) for record in read_people(file, table_columns).records)
    people = (person for person in again if isinstance(person, Judged))
    covered = each is None and (found.is_table if cover is None else cover)
    files = _grouped(people, len(names), each, faulty.reported if covered else None)
    _write_plans(known, files, len(names), out, each, options)
    if not names:
        say(in_language(_NO_PLAN, language))
    sys.exit(1 if faulty.count else 0)


@dataclass(frozen=True, kw_only=True)
class _Pile:
    """The people of one file, and, where a cover list tells of them, those who were left out among them."""

    people: list[Judged]
    left_out: list[Faulty] | None


def _grouped(people: Iterator[Judged], count: int, each: Path | None, faulty: list[Faulty] | None) -> Iterator[_Pile]:
    size = PEOPLE_IN_A_FILE if each is None else 1
    reported = done = 0
    while group := list(islice(people, size)):
        done += len(group)
        before = reported
        if faulty is not None:
            reported = sum(done == count or one.line < group[-1].line for one in faulty)
        yield _Pile(people=group, left_out=faulty[before:reported] if faulty is not None else None)


def _write_plans(
    known: Definitions,
    piles: Iterator[_Pile],
    count: int,
    out: Path | None,
    each: Path | None,
    options: dict[str, Any],
) -> None:
    from commands.people.progress import progress

    files: list[tuple[Path, int]] = []
    with progress(count, in_language(_MAKING, options["lang"])) as show:
        for pile in piles:
            if each is not None:
                make_folder(each)
            first = pile.people[0]
            path = path_of(out, each, len(files) + 1, file_name(first.line, first.label))
            write_whole(path, partial(_pdf, known, pile, options))
            show(len(pile.people))
            files.append((path, len(pile.people)))
    if each is not None and files:
        say(in_language(_made(each, len(files)), options["lang"]))
    for path, persons in files if each is None else ():
        say(in_language(_made(path, persons), options["lang"]))


def _made(path: Path, plans: int) -> Sentence:
    if plans == 1:
        return Sentence("%(file)s: 1 plan", file=str(path))
    return Sentence("%(file)s: %(count)s plans", file=str(path), count=plans)


def _pdf(known: Definitions, pile: _Pile, options: dict[str, Any]) -> bytes:
    from reports.batch.making import bind_after
    from reports.batch.people import as_the_row_asks
    from reports.paper.compose import PlanToPrint, compose, compose_cover, compose_each
    from reports.paper.cover import NotPrinted
    from reports.plan.plan_json import IssuedPlan
    from reports.printing.pdf import RenderError, render_pdf
    from reports.printing.pile import Pile

    asked = print_options(options)
    plans = [
        PlanToPrint(
            issued=IssuedPlan(made_on=each.made_on, assessment=each.assessment, plan=each.plan, explanations={}),
            row=each.line,
            label=each.label,
            options=as_the_row_asks(asked, each.settings),
        )
        for each in pile.people
    ]
    left_out = [NotPrinted(row=each.line, label=each.label, why=_why(each)) for each in pile.left_out or ()]
    papers, pages, because = Pile(), list[int](), ""
    try:
        if len(plans) == 1 and pile.left_out is None:
            return render_pdf(compose(known, plans, asked))
        for plan, html in zip(plans, compose_each(known, plans, asked), strict=True):
            because = f", because of line {plan.row}"
            pages.append(papers.add(html))
        because = ""
        if pile.left_out is None:
            return papers.bind()
        return bind_after(papers, lambda own: compose_cover(known, plans, asked, left_out, own, pages))
    except RenderError as error:
        if isinstance(error.__cause__, MemoryError):
            raise MemoryError from error
        first, last = plans[0].row, plans[-1].row
        end(NO_PAPER, f"The plans from line {first} to line {last} were not written{because}: {error}")


def _why(each: Faulty) -> str:
    """The first reason of somebody who is not printed; standard error has all of them."""
    more = len(each.faults) - 1
    return Sentence("%(fault)s; and %(more)s more", fault=each.faults[0], more=more) if more else each.faults[0]


def print_options(options: dict[str, Any]) -> "PrintOptions":
    """How paper is printed as the command was typed."""
    from reports.paper.plan_paper import PrintOptions

    return PrintOptions(
        region=region().id,
        language=options["lang"],
        page=options["page"],
        points=int(options["points"]),  # type: ignore[arg-type]
        clinic=options["clinic"],
        for_clinician=options["clinician"],
        part="all" if options["everything"] else "plan",
    )
