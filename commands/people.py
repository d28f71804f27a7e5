"""flask assess and flask plan: people in a file, a line each, and what is written of them."""

import gc
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import IO, Any

import click

from checklists import Assessment, Definitions, PersonError, assess, read_person
from checklists.files.definitions import WRITTEN_IN
from checklists.loading.load import language_folders
from checklists.people.label import LABEL, label_of
from checklists.people.plain_text import plain
from checklists.people.quoting import harmless
from checklists.people.records import Record, read_records
from commands.plan_files import PEOPLE_IN_A_FILE, make_folder, name_of, path_of, refuse_leftovers, write_whole
from commands.reading_rules import read_or_exit
from commands.streams import NO_PAPER, end, say, write_line
from reports.exports.result import result
from reports.plan.build import ActionPlan, build_plan
from web.core.settings import clinic_today, definitions, region, rules

LANGUAGES = (WRITTEN_IN, *(folder.name for folder in language_folders()))


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One person of a file, assessed and planned."""

    line: int
    assessment: Assessment
    plan: ActionPlan
    made_on: date

    @property
    def label(self) -> str | None:
        """What the clinic calls the person."""
        return self.assessment.person.label


class PeopleFile(click.File):
    """A file of people, whose name does no harm in a sentence."""

    def __init__(self) -> None:
        super().__init__("rb")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The open file. :raises click.BadParameter: it cannot be opened"""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            raise click.BadParameter(harmless(error.message), ctx, param) from None


@click.command("assess")
@click.argument("file", type=PeopleFile())
def assess_command(file: IO[bytes]) -> None:
    """Assess each person in FILE (- for standard input): one JSON result a line, in the same order."""
    known, today = read_or_exit(rules), clinic_today()
    gc.freeze()  # the definitions live as long as the process: with many people, looking at them again costs a tenth
    faulty = False
    for record in _records(file):
        each = _judged(known, record, today)
        for said in _urgent(each):
            say(said)
        write_line(json.dumps(_as_line(each)))
        faulty = faulty or isinstance(each, Record)
    sys.exit(1 if faulty else 0)


def _clinic(_context: click.Context, _option: click.Parameter, typed: str | None) -> str | None:
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
@click.argument("file", type=PeopleFile())
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="One PDF with everybody in it.")
@click.option("--each", type=click.Path(file_okay=False, path_type=Path), help="A folder: one PDF a person.")
@click.option("--page", type=click.Choice(["letter", "a4"]), default="letter", show_default=True)
@click.option("--print", "points", type=click.Choice(["12", "14", "18", "24"]), default="14", show_default=True)
@click.option("--lang", type=click.Choice(LANGUAGES), default=WRITTEN_IN, show_default=True)
@click.option("--clinic", callback=_clinic, help='Name and phone number for the head of the page: "Name, phone".')
@click.option("--clinician", is_flag=True, help="Add the clinician's page to each plan.")
def plan_command(file: IO[bytes], out: Path | None, each: Path | None, **options: Any) -> None:
    """Write the action plan of each person in FILE (- for standard input) as tagged PDF."""
    if (out is None) == (each is None):
        raise click.UsageError("Say where the plans go: --out FILE.pdf for one file, or --each FOLDER.")
    known, today = read_or_exit(definitions).into(options["lang"]), clinic_today()
    file = file if file.seekable() else BytesIO(file.read())  # read twice: every urgent line is named before any paper
    start, names, faulty = file.tell(), [], False
    for judged in (_judged(known, record, today) for record in _records(file)):
        for said in _urgent(judged):
            say(said)
        faulty = faulty or isinstance(judged, Record)
        names += [name_of(judged.line, judged.label)] if isinstance(judged, Judged) else []
    if names:
        refuse_leftovers(out, each, names)
    file.seek(start)
    people = _without_faulty(_judged(known, record, today) for record in read_records(file))
    _write_plans(known, people, len(names), out, each, options)
    if not names:
        say("No plan was written: there is no person in the file that can be assessed.")
    sys.exit(1 if faulty else 0)


def _records(file: IO[bytes]) -> Iterator[Record]:
    nobody = True
    try:
        for record in read_records(file):
            nobody = False
            yield record
    except OSError as error:
        raise click.UsageError(f"{harmless(file.name)} cannot be read: {error.strerror}.") from None
    if nobody:
        say("There is nobody in the file: write one JSON object a line.")
        sys.exit(1)


def _without_faulty(found: Iterable[Judged | Record]) -> Iterator[Judged]:
    for each in found:
        if isinstance(each, Record):
            say(f"line {each.line}: {each.fault}")
        else:
            yield each


def _judged(known: Definitions, record: Record, today: date) -> Judged | Record:
    if record.fault is not None:
        return record
    try:
        person = read_person(known, record.value)
    except PersonError as error:
        return Record(line=record.line, value=record.value, fault=str(error))
    made_on = person.today or today
    assessment = assess(known, person)
    plan = build_plan(known, assessment, today=made_on)
    return Judged(line=record.line, assessment=assessment, plan=plan, made_on=made_on)


def _as_line(each: Judged | Record) -> dict[str, Any]:
    label = label_of(each.value) if isinstance(each, Record) else each.label
    found = {"error": each.fault} if isinstance(each, Record) else result(each.assessment, each.plan)
    return {"line": each.line, **({LABEL: label} if label else {}), **found}


def _urgent(each: Judged | Record) -> list[str]:
    """The line with its now and today warnings, to be said before anything else on standard error."""
    if isinstance(each, Record):
        return []
    urgent = [warning for warning in each.assessment.warnings if warning.urgency != "soon"]
    named = ", ".join(f"{warning.urgency}: {warning.sign.paper_says or warning.id}" for warning in urgent)
    return [f"line {each.line}: {named}"] if urgent else []


def _write_plans(
    known: Definitions,
    people: Iterator[Judged],
    count: int,
    out: Path | None,
    each: Path | None,
    options: dict[str, Any],
) -> None:
    from commands.progress import progress

    size = PEOPLE_IN_A_FILE if each is None else 1
    files: list[tuple[Path, int]] = []
    with progress(count) as show:
        while group := list(islice(people, size)):
            if each is not None:
                make_folder(each)
            path = path_of(out, each, len(files) + 1, name_of(group[0].line, group[0].label))
            write_whole(path, partial(_pdf, known, group, options))
            show(len(group))
            files.append((path, len(group)))
    if each is not None and files:
        say(f"{each}: {len(files)} {'plan' if len(files) == 1 else 'plans'}")
    for path, persons in files if each is None else ():
        say(f"{path}: {persons} {'person' if persons == 1 else 'people'}")


def _pdf(known: Definitions, people: list[Judged], options: dict[str, Any]) -> bytes:
    from reports.paper.compose import PlanToPrint, compose
    from reports.paper.plan_paper import PrintOptions
    from reports.plan.plan_json import IssuedPlan
    from reports.printing.pdf import RenderError, render_pdf

    printed = PrintOptions(
        region=region().id,
        language=options["lang"],
        page=options["page"],
        points=int(options["points"]),  # type: ignore[arg-type]
        clinic=options["clinic"],
        for_clinician=options["clinician"],
    )
    plans = [
        PlanToPrint(
            issued=IssuedPlan(made_on=each.made_on, assessment=each.assessment, plan=each.plan, explanations={}),
            label=each.label,
        )
        for each in people
    ]
    try:
        return render_pdf(compose(known, plans, printed))
    except RenderError as error:
        if isinstance(error.__cause__, MemoryError):
            raise MemoryError from error
        end(NO_PAPER, f"The plans from line {people[0].line} to line {people[-1].line} were not written: {error}")
