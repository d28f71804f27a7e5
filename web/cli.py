"""The flask commands: assess, plan, checklists, languages, serve, purge, backup and restore."""

import gc
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any

import click
from flask import Flask

from checklists import Assessment, Definitions, PersonError, assess, read_person
from checklists.defined import WRITTEN_IN
from checklists.loading import language_folders
from checklists.plain_text import plain
from checklists.records import Record, read_records
from reports.plan import ActionPlan, build_plan
from reports.result import result
from web.reading_rules import read_or_exit
from web.settings import clinic_today, definitions, region, rules

PEOPLE_IN_A_FILE = 100
LANGUAGES = (WRITTEN_IN, *(folder.name for folder in language_folders()))


def register(app: Flask) -> None:
    """Adds every command to the app."""
    from web.backups import backup, restore
    from web.purging import purge
    from web.serving import serve
    from web.writers import checklists, languages

    app.cli.add_command(assess_command)
    app.cli.add_command(plan_command)
    app.cli.add_command(checklists)
    app.cli.add_command(languages)
    app.cli.add_command(serve)
    app.cli.add_command(purge)
    app.cli.add_command(backup)
    app.cli.add_command(restore)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One person of a file, assessed and planned."""

    line: int
    assessment: Assessment
    plan: ActionPlan
    made_on: date


@click.command("assess")
@click.argument("file", type=click.File("rb"))
def assess_command(file: IO[bytes]) -> None:
    """Assess each person in FILE (- for standard input): one JSON result a line, in the same order."""
    known = read_or_exit(rules)
    gc.freeze()  # the definitions live as long as the process: with many people, looking at them again costs a tenth
    lines, urgent, faulty = [], [], False
    for record in _records(file):
        each = _judged(known, record)
        lines.append(json.dumps(_as_line(each)))
        urgent += _urgent(each)
        faulty = faulty or isinstance(each, Record)
    for said in urgent:
        click.echo(said, err=True)
    click.echo("\n".join(lines))
    sys.exit(1 if faulty else 0)


def _clinic(_context: click.Context, _option: click.Parameter, name: str | None) -> str | None:
    from reports.letters import unprintable
    from reports.paper import CLINIC_CHARACTERS

    name = plain(name or "")
    if len(name) > CLINIC_CHARACTERS:
        raise click.BadParameter(f"use at most {CLINIC_CHARACTERS} letters; there are {len(name)} now.")
    if letter := unprintable(name):
        raise click.BadParameter(f"{letter} cannot be printed; write it with other letters.")
    return name or None


@click.command("plan")
@click.argument("file", type=click.File("rb"))
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
    known = read_or_exit(definitions).into(options["lang"])
    found = [_judged(known, record) for record in _records(file)]
    for said in (said for each in found for said in _urgent(each)):
        click.echo(said, err=True)
    faulty = [record for record in found if isinstance(record, Record)]
    for record in faulty:
        click.echo(f"line {record.line}: {record.fault}", err=True)
    people = [person for person in found if isinstance(person, Judged)]
    if not people:
        click.echo("No plan was written: there is no person in the file that can be assessed.", err=True)
        sys.exit(1)
    _write_plans(known, people, out, each, options)
    sys.exit(1 if faulty else 0)


def _records(file: IO[bytes]) -> list[Record]:
    try:
        records = list(read_records(file.read()))
    except OSError as error:
        raise click.UsageError(f"{file.name} cannot be read: {error.strerror}.") from None
    if not records:
        click.echo("There is nobody in the file: write one JSON object a line.", err=True)
        sys.exit(1)
    return records


def _judged(known: Definitions, record: Record) -> Judged | Record:
    if record.fault is not None:
        return record
    try:
        person = read_person(known, record.value)
    except PersonError as error:
        return Record(line=record.line, fault=str(error))
    made_on = person.today or clinic_today()
    assessment = assess(known, person)
    plan = build_plan(known, assessment, today=made_on)
    return Judged(line=record.line, assessment=assessment, plan=plan, made_on=made_on)


def _as_line(each: Judged | Record) -> dict[str, Any]:
    if isinstance(each, Record):
        return {"line": each.line, "error": each.fault}
    return {"line": each.line, **result(each.assessment, each.plan)}


def _urgent(each: Judged | Record) -> list[str]:
    """The line with its now and today warnings, to be said before anything else on standard error."""
    if isinstance(each, Record):
        return []
    urgent = [warning for warning in each.assessment.warnings if warning.urgency != "soon"]
    named = ", ".join(f"{warning.urgency}: {warning.sign.paper_says or warning.id}" for warning in urgent)
    return [f"line {each.line}: {named}"] if urgent else []


def _write_plans(
    known: Definitions, people: list[Judged], out: Path | None, each: Path | None, options: dict[str, Any]
) -> None:
    from web.batch import progress

    files = list(_files(people, out, each))
    with progress(len(people)) as show:
        for path, group in files:
            _write_atomically(path, lambda group=group: _pdf(known, group, options))  # type: ignore[misc]
            show(len(group))
    for path, group in files:
        if each is None:
            click.echo(f"{path}: {len(group)} {'person' if len(group) == 1 else 'people'}", err=True)
    if each is not None:
        click.echo(f"{each}: {len(files)} {'plan' if len(files) == 1 else 'plans'}", err=True)


def _files(people: list[Judged], out: Path | None, each: Path | None) -> Iterator[tuple[Path, list[Judged]]]:
    """Which people go into which file: one each, or at most a hundred, then P-2.pdf, P-3.pdf."""
    if each is not None:
        _make_folder(each)
        yield from ((each / f"line-{person.line}.pdf", [person]) for person in people)
    elif out is not None:
        for number, start in enumerate(range(0, len(people), PEOPLE_IN_A_FILE), start=1):
            path = out if number == 1 else out.with_name(f"{out.stem}-{number}{out.suffix}")
            yield path, people[start : start + PEOPLE_IN_A_FILE]


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be a folder: {error.strerror}. Choose another place.") from None


def _pdf(known: Definitions, people: list[Judged], options: dict[str, Any]) -> bytes:
    from reports.document import plan_html
    from reports.paper import Paper
    from reports.pdf import render_pdf
    from reports.words import words

    papers = [
        Paper(
            words=words(known, region().id, options["lang"]),
            assessment=person.assessment,
            plan=person.plan,
            made_on=person.made_on,
            print_points=int(options["points"]),  # type: ignore[arg-type]
            clinic=options["clinic"],
            for_clinician=options["clinician"],
        )
        for person in people
    ]
    return render_pdf(plan_html(papers, options["page"]))


def _write_atomically(path: Path, make: Callable[[], bytes]) -> None:
    """A file that is whole or not there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(make())
        part.replace(path)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}. Choose another place.") from None
