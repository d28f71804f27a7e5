"""flask assess: the result of each person in a file, a line each."""

import json
import sys
from pathlib import Path
from typing import IO, Any

import click

from checklists.people.label import LABEL
from checklists.people.quoting import joined
from commands import nothing_to_collect
from commands.people.faults import Faults, faults_path, refuse_same
from commands.people.file import FileOfPeople, people_in
from commands.people.progress import counting
from commands.read_definitions import read_or_exit
from commands.streams import say, write_line
from reports.exports.result import result
from reports.judging.judged import Faulty, Judged, judge, urgent
from web.core.settings import clinic_today, rules


@click.command("assess")
@click.argument("file", type=FileOfPeople())
@click.option(
    "--faults",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=faults_path,
    help="Write the rows of a table that are to be mended, as .xlsx or .csv.",
)
def assess_command(file: IO[bytes], faults: Path | None) -> None:
    """Assess each person in FILE, JSON or a table (- for standard input): one JSON result a line, in the same order."""
    with nothing_to_collect():
        known = read_or_exit(rules)
    today = clinic_today()
    refuse_same(faults, file)
    found = people_in(file)
    faulty = Faults(file=found, path=faults)
    with counting("people") as count:
        for record in found.records:
            each = judge(known, record, today)
            for line in urgent(each, in_a_table=found.is_table) if isinstance(each, Judged) else ():
                say(line)
            write_line(json.dumps(_as_line(each)))
            if isinstance(each, Faulty):
                faulty.add(each)
            count()
    if found.form != "json":  # those of JSON stand in what came out
        faulty.end()
    sys.exit(1 if faulty.count else 0)


def _as_line(each: Judged | Faulty) -> dict[str, Any]:
    found = {"error": joined(each.faults)} if isinstance(each, Faulty) else result(each.assessment, each.plan)
    return {"line": each.line, **({LABEL: each.label} if each.label else {}), **found}
