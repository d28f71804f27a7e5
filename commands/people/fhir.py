"""flask fhir: each person in a file as one FHIR R4 Bundle, for a record system."""

import json
import sys
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import IO, Any

import click

from checklists.files.definitions import WRITTEN_IN
from checklists.people.label import LABEL
from checklists.people.quoting import joined
from checklists.people.tables.columns import LANGUAGE
from commands.people.faults import Faults
from commands.people.file import FileOfPeople, people_in
from commands.people.plan import LANGUAGES
from commands.people.progress import counting
from commands.read_definitions import read_or_exit
from commands.streams import NO_PAPER, end, say, write_line
from commands.whole_files import make_folder, write_whole
from reports.batch.filing import file_name
from reports.judging.judged import Faulty, Judged, judge, urgent
from web.core.settings import clinic_today, definitions, region

Json = dict[str, Any]


@click.command("fhir")
@click.argument("file", type=FileOfPeople())
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="A folder: one file a person.")
@click.option("--lang", type=click.Choice(LANGUAGES), default=WRITTEN_IN, show_default=True)
@click.option("--no-paper", is_flag=True, help="Leave out the plan as PDF, which takes a second a person.")
def fhir_command(file: IO[bytes], out: Path | None, lang: str, no_paper: bool) -> None:
    """Write each person in FILE, JSON or a table (- for standard input), as one FHIR R4 Bundle without a name."""
    known, today = read_or_exit(definitions), clinic_today()
    found = people_in(file, lang)
    faulty = Faults(file=found, language=lang)
    if out is not None:
        make_folder(out)
    with counting("people") as count:
        for record in found.records:
            each = judge(known, record, today, lang)
            count()
            if isinstance(each, Faulty):
                faulty.add(each)
                if out is None:
                    label = {LABEL: each.label} if each.label else {}
                    write_line(json.dumps({"line": each.line, **label, "error": joined(each.faults)}))
                continue
            for line in urgent(each, in_a_table=found.is_table):
                say(line)
            made = _bundle(each, each.settings.get(LANGUAGE, lang), paper=not no_paper)
            if out is None:
                write_line(json.dumps(made))
            else:
                path = out / f"{file_name(each.line, each.label)}.fhir.json"
                write_whole(path, partial(_as_file, made))
    if out is not None or found.form != "json":
        faulty.end()
    sys.exit(1 if faulty.count else 0)


def _as_file(made: Json) -> bytes:
    return json.dumps(made, ensure_ascii=False, indent=1).encode() + b"\n"


def _bundle(each: Judged, language: str, *, paper: bool) -> Json:
    from dataclasses import replace

    from reports.exports.fhir.bundle import bundle
    from reports.exports.fhir.case import Case
    from reports.words.words import words

    return bundle(
        Case(
            words=replace(words(definitions(), region().id, language), other=True),
            forms=_forms(language),
            assessment=each.assessment,
            plan=each.plan,
            made_on=each.made_on,
            made_at=datetime.now(UTC),
            line=each.line,
            pdf=_pdf(each, language) if paper else None,
        )
    )


@cache
def _forms(language: str) -> dict[str, Json]:
    from reports.exports.fhir.bundle import forms_of

    return forms_of(definitions(), region().id, language)


def _pdf(each: Judged, language: str) -> bytes:
    """The plan, without what the clinic calls the person: no name leaves in a bundle."""
    from reports.paper.compose import PlanToPrint, compose
    from reports.paper.plan_paper import PrintOptions
    from reports.plan.plan_json import IssuedPlan
    from reports.printing.pdf import RenderError, render_pdf

    issued = IssuedPlan(made_on=each.made_on, assessment=each.assessment, plan=each.plan, explanations={})
    options = PrintOptions(region=region().id, language=language)
    plan = PlanToPrint(issued=issued, row=each.line, label=None, options=options)
    try:
        return render_pdf(compose(definitions(), [plan], options))
    except RenderError as error:
        if isinstance(error.__cause__, MemoryError):
            raise MemoryError from error
        end(NO_PAPER, f"The bundle of line {each.line} was not written: {error}")
