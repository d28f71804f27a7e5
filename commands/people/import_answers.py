"""flask people import: answers that came back from a record system, as records that flask assess reads."""

import json
import sys
from typing import IO, Any

import click

from checklists import PersonError
from checklists.people.quoting import joined
from checklists.people.records import Limits, Record, read_records
from commands.people.file import FileOfPeople
from commands.read_definitions import read_or_exit
from commands.streams import say, write_line
from web.core.settings import definitions, region

LIMITS = Limits(
    longest=8 * 1024 * 1024,  # a bundle of ours has forms and paper in it
    how="write one QuestionnaireResponse, or one Bundle, on a line",
)


@click.command("import")
@click.argument("file", type=FileOfPeople())
def import_command(file: IO[bytes]) -> None:
    """Read FHIR answers to our forms in FILE (- for standard input): a QuestionnaireResponse or a Bundle a person."""
    from reports.exports.fhir.bundle import forms_of

    known = read_or_exit(definitions)
    forms = forms_of(known, region().id, known.language)
    nobody, faulty = True, False
    for record in read_records(file, LIMITS):
        nobody = False
        made = _record(forms, record)
        faulty = faulty or "error" in made
        write_line(json.dumps(made))
    if nobody:
        say("There are no answers in the file.")
    sys.exit(1 if faulty or nobody else 0)


def _record(forms: dict[str, Any], record: Record) -> dict[str, Any]:
    from reports.exports.fhir.reading import read_responses

    if record.fault is not None:
        return {"line": record.line, "error": record.fault}
    try:
        return read_responses(definitions(), forms, record.value)
    except PersonError as error:
        return {"line": record.line, "error": joined(error.faults)}
