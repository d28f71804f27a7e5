"""flask batch: the day's plans as one job, through the print queue, and taken up again where it was broken off."""

import hashlib
import json
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from checklists.files.definitions import WRITTEN_IN
from checklists.people.plain_text import plain
from checklists.people.sentence import Sentence
from checklists.people.tables.columns import PAGES, SIZES
from commands.people.faults import Faults
from commands.people.file import FileOfPeople, in_language, people_in
from commands.people.plan import LANGUAGES, clinic_name, print_options
from commands.people.plan_files import path_of, refuse_following
from commands.people.progress import counting
from commands.read_definitions import read_or_exit
from commands.streams import end, say
from commands.whole_files import write_whole
from reports.judging.judged import Judged, judge, urgent
from storage.print_queue import PrintJob
from web.core.settings import clinic_today, definitions
from web.core.stores import close_store, store

if TYPE_CHECKING:
    from reports.batch.order import Missing, Order, PersonToPrint
    from reports.paper.plan_paper import PrintOptions

BATCH = "batch"
MOST_PEOPLE = 2000
LOOK_SECONDS = 0.3
_PEOPLE, _PRINTING = Sentence("people"), Sentence("Printing")
_NOT_ANSWERED = Sentence("has not answered yet")
_NOBODY = Sentence("Nothing was printed: there is nobody in the file whose paper can be made.")
_AGAIN = "The print queue is kept. Run the same command again to go on."


@dataclass(frozen=True, kw_only=True)
class _People:
    """Who is in the file: those who get paper, and those who get none."""

    entries: tuple["PersonToPrint", ...]
    missing: tuple["Missing", ...]
    faulty: Faults


@click.command("batch")
@click.argument("file", type=FileOfPeople())
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A .pdf, or a .zip of them."
)
@click.option("--page", type=click.Choice(PAGES), default="letter", show_default=True)
@click.option("--print", "points", type=click.Choice(SIZES), default="14", show_default=True)
@click.option("--lang", type=click.Choice(LANGUAGES), default=WRITTEN_IN, show_default=True)
@click.option("--clinic", callback=clinic_name, help='The letterhead: "Name, phone". Leave it out for printed paper.')
@click.option("--title", default="", callback=lambda *asked: plain(asked[2])[:80], help="What heads the cover list.")
@click.option("--by", "printed_by", default="", callback=lambda *asked: plain(asked[2])[:80], help="Who prints.")
@click.option("--all", "everything", is_flag=True, help="Add details, how it was made, and the clinician's page.")
@click.option("--clinician", is_flag=True, help="Add the clinician's page to each plan.")
@click.option("--blank", default="", help="Lists to print blank for who has not answered: falls,home.")
@click.option("--speak-first", "with_urgent", is_flag=True, help="Print plans with a NOW or TODAY warning too.")
@click.option("--workers", type=click.IntRange(1, 8), default=1, show_default=True, help="How many print at once.")
def batch_command(file: IO[bytes], out: Path, blank: str, workers: int, **options: Any) -> None:
    """Print the plan of each person in FILE, JSON or a table (- for standard input), as one job after a cover list."""
    read_or_exit(definitions)
    if out.suffix.lower() not in (".pdf", ".zip"):
        raise click.UsageError("Say what comes out: --out FILE.pdf for one file, or --out FILE.zip for one a person.")
    content = file.read()
    people = _people(content, getattr(file, "name", "-"), _lists(blank), options)
    with ExitStack() as afterwards:
        afterwards.callback(close_store)
        jobs = _queued(people, content, out, options)
        _print(jobs, workers, options["lang"])
        not_made = _collect(jobs, out, options["lang"])
    sys.exit(1 if people.faulty.count or not_made else 0)


def _lists(typed: str) -> tuple[str, ...]:
    from reports.paper.blank import every_list

    lists = tuple(filter(None, (each.strip() for each in typed.split(","))))
    unknown = [each for each in lists if each not in every_list(definitions())]
    if unknown:
        raise click.UsageError(f"--blank: {unknown[0]} is no list. There are: {', '.join(every_list(definitions()))}.")
    return lists


def _people(content: bytes, name: str, blank: tuple[str, ...], options: dict[str, Any]) -> _People:
    """Everybody in the file; who is urgent and what is at fault has been said when this returns."""
    from reports.batch.order import Missing
    from reports.batch.people import blank_entry_of, entry_of
    from reports.judging.printable import printable

    file, language, today, asked = BytesIO(content), options["lang"], clinic_today(), _options(options)
    file.name = name
    found = people_in(file, language)
    faulty, entries, missing = Faults(file=found, language=language), [], []
    with counting(in_language(_PEOPLE, language)) as count:
        for record in found.records:
            count()
            person = printable(judge(definitions(), record, today, language))
            if isinstance(person, Judged):
                entries.append(entry_of(person, asked, definitions().content_hash))
                for line in urgent(person, in_a_table=found.is_table):
                    say(in_language(line, language))
            elif person.label and person.has_no_answers and blank:
                entries.append(blank_entry_of(person, asked, blank))
            elif person.label and person.has_no_answers:
                missing.append(Missing(row=person.line, label=person.label, why=in_language(_NOT_ANSWERED, language)))
            else:
                faulty.add(person)
            if len(entries) > MOST_PEOPLE:
                end(2, f"There are more than {MOST_PEOPLE:,} people in the file. Take fewer at a time.")
    faulty.end()
    missing += [
        Missing(row=each.line, label=each.label or "", why=in_language(each.faults[0], language))
        for each in faulty.reported
    ]
    return _People(entries=tuple(entries), missing=tuple(sorted(missing, key=lambda each: each.row)), faulty=faulty)


def _options(options: dict[str, Any]) -> "PrintOptions":
    return replace(print_options(options), printed_by=options["printed_by"], printed_on=clinic_today())


def _order(people: _People, out: Path, options: dict[str, Any]) -> "Order":
    from reports.batch.order import Order

    return Order(
        kind="zip" if out.suffix.lower() == ".zip" else "pdf",
        options=_options(options),
        entries=people.entries,
        missing=people.missing,
        title=options["title"],
        with_urgent=options["with_urgent"],
    )


def _queued(people: _People, content: bytes, out: Path, options: dict[str, Any]) -> list[PrintJob]:
    """The jobs of this batch: those of before, where the same was asked for and broken off, else new ones."""
    from reports.batch.order import in_parts, to_json

    if not people.entries:
        end(1, in_language(_NOBODY, options["lang"]))
    known = definitions()
    asked = json.dumps([options, str(out.resolve()), known.content_hash, clinic_today().isoformat()], sort_keys=True)
    key = hashlib.sha256(asked.encode() + content).hexdigest()
    if not _jobs_of(key):
        parts = in_parts(_order(people, out, options))
        refuse_following(out, len(parts))
        store().keep_content(known.content_hash, known.as_json)
        about = {BATCH: key}
        store().queue_print_jobs(
            None, [({**about, "part": each.part, "plans": len(each.printed)}, to_json(each)) for each in parts]
        )
    for job in _jobs_of(key):
        store().retry_print_job(None, job.job_id)
    return _jobs_of(key)


def _jobs_of(key: str) -> list[PrintJob]:
    found = (each for each in store().list_print_jobs(None) if each.about.get(BATCH) == key)
    return [each for each in found if each.state != "cancelled"]


def _print(jobs: list[PrintJob], workers: int, language: str) -> None:
    """Until every file is made, or needs help."""
    from commands.printing.workers import PrintWorkers

    key, total = str(jobs[0].about[BATCH]), sum(each.about["plans"] for each in jobs)
    printing, shown = PrintWorkers(min(workers, len(jobs)), of_command=True), 0
    try:
        with click.progressbar(length=total, label=in_language(_PRINTING, language), file=sys.stderr) as bar:
            while jobs := [each for each in _jobs_of(key) if each.state in ("waiting", "running")]:
                printing.tend()
                done = total - sum(each.about["plans"] - each.progress for each in jobs)
                bar.update(max(0, done - shown))
                shown = max(shown, done)
                time.sleep(LOOK_SECONDS)
            bar.update(total - shown)
    except KeyboardInterrupt:
        say(_AGAIN)
        raise
    finally:
        printing.end()


def _collect(jobs: list[PrintJob], out: Path, language: str) -> int:
    """Writes the files, of which then nothing stays in the queue; how many people's paper was not made."""
    not_made = 0
    for job in _jobs_of(str(jobs[0].about[BATCH])):
        path = path_of(out, None, job.about["part"], "")
        if job.state != "done":
            say(f"{path} could not be made. {_AGAIN}")
            not_made += job.about["plans"]
            continue
        write_whole(path, lambda job=job: store().get_print_result(None, job.job_id))  # type: ignore[misc]
        rows = job.about["not_made"]
        if rows:
            say(f"{path}: not made: row {', '.join(map(str, rows))}")
        say(in_language(_made(path, job.about["people"]), language))
        not_made += len(rows)
        store().cancel_print_job(None, job.job_id)
    return not_made


def _made(path: Path, people: int) -> Sentence:
    if people == 1:
        return Sentence("%(file)s: 1 person", file=str(path))
    return Sentence("%(file)s: %(count)s people", file=str(path), count=people)
