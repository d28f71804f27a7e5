"""The flask commands for those who write: checklists and languages."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import get_args

import click
from flask.cli import AppGroup

from checklists import load_definitions
from checklists.files.definitions import WRITTEN_IN
from checklists.loading.load import DEFINITIONS, DefinitionError
from checklists.loading.schema import write_schema
from checklists.people.units import PageSize
from commands.read_definitions import read_or_exit
from commands.streams import write_line
from commands.whole_files import write_whole
from reports.review.entries import review_parts
from reports.review.signed import record_review, undone_reviews
from web.core.page_checks import page_faults
from web.core.settings import clinic_today, definitions, rules


class Day(click.ParamType[date]):
    """A day as the definitions write it."""

    name = "day"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return date.fromisoformat(value)
        except ValueError:
            return self.fail(f"{value} is no day. Write it as 2027-11-30.", param, ctx)


class Language(click.ParamType[str]):
    """A language by its code, which is the name of its files too."""

    name = "language"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from babel import Locale, UnknownLocaleError

        try:
            return str(Locale.parse(value))
        except (ValueError, UnknownLocaleError):
            return self.fail(f"{value} is no language. Write a code such as es, fr or pt_BR.", param, ctx)


checklists = AppGroup("checklists", help="Check and list the definition files.")
languages = AppGroup("languages", help="Add a language, and name what is missing in one.")


@checklists.command("check")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=DEFINITIONS)
def check_command(folder: Path) -> None:
    """Show every fault of every definition in FOLDER (by default the app's own) at once."""
    if not folder.is_dir():
        raise click.UsageError(f"There is no folder {folder}. Name the folder that holds falls.yaml.")
    try:
        known = load_definitions(folder, also=page_faults)
    except DefinitionError as error:
        for fault in error.faults:
            click.echo(str(fault))
        click.echo(f"{len(error.faults)} faults", err=True)
        sys.exit(1)
    if undone := list(undone_reviews(known, folder)):
        for each in undone:
            click.echo(str(each))
        click.echo(f"{len(undone)} reviews undone", err=True)
        sys.exit(1)
    questions = sum(len(asked) for asked in known.questions.values())
    click.echo(f"{questions} questions and {len(known.actions.actions)} actions are in order.")


@checklists.command("list")
@click.option("--json", "as_json", is_flag=True, help="Everything an outsider needs to write a record.")
def list_command(as_json: bool) -> None:
    """List every question: its link_id, allowed answers, points, room, priority and condition."""
    from checklists.people.listing import listing, listing_lines

    known = read_or_exit(rules)
    if as_json:
        write_line(json.dumps(listing(known), indent=1))
    else:
        for line in listing_lines(known):
            write_line(line)


@checklists.command("book")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The PDF to write.")
@click.option("--lang", "language", type=Language(), default="en", show_default=True)
@click.option("--page", type=click.Choice(get_args(PageSize)), default="letter", show_default=True)
def book_command(out: Path, language: str, page: PageSize) -> None:
    """Print every question, rule, level, step and source as one book for a clinician to review and sign."""
    from reports.printing.pdf import render_pdf
    from reports.review.book import book_html, book_of

    known = read_or_exit(definitions)
    if language not in known.languages:
        raise click.UsageError(f"Nothing is written in {language}. Choose one of {', '.join(known.languages)}.")
    click.echo("This takes about a minute.", err=True)
    book = book_of(known, language, clinic_today())
    write_whole(out, lambda: render_pdf(book_html(book, page)))
    click.echo(f"Wrote {out}: {book.entries} entries of {len(book.parts)} parts.")


@checklists.command("reviewed")
@click.argument("parts", nargs=-1)
@click.option("--by", required=True, help="The name and profession of who signed the book.")
@click.option("--until", type=Day(), required=True, help="The last day for which it holds, as 2027-11-30.")
@click.option("--lang", "language", type=Language(), default="en", show_default=True)
@click.option("--folder", type=click.Path(file_okay=False, exists=True, path_type=Path), default=DEFINITIONS)
def reviewed_command(parts: tuple[str, ...], by: str, until: date, language: str, folder: Path) -> None:
    """Record that a clinician has signed PARTS of the book (falls, bone ...); a translation is signed whole."""
    known = read_or_exit(lambda: load_definitions(folder))
    ids = tuple(part.id for part in review_parts(known))
    if language not in known.languages:
        raise click.UsageError(f"Nothing is written in {language}. Choose one of {', '.join(known.languages)}.")
    strange = [each for each in parts if each not in ids]
    if strange or (language == WRITTEN_IN and not parts):
        named = f"There is no part {', '.join(strange)}." if strange else "Name the parts."
        raise click.UsageError(f"{named} The parts are {', '.join(ids)}.")
    if not by.strip():
        raise click.UsageError("Write who signed after --by.")
    if until <= clinic_today():
        raise click.UsageError("Write a day that is still to come after --until.")
    try:
        record_review(known, folder, language, parts or ids, by.strip(), clinic_today(), until)
    except LookupError as error:
        raise click.ClickException(
            f"{error} has no line that begins with review: {{. Write its review in one line, as in falls.yaml."
        ) from None
    click.echo(f"Recorded. From now on flask checklists check says what was changed since {by.strip()} signed.")


@checklists.command("schema")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), default=DEFINITIONS / "schema.json")
def schema_command(file: Path) -> None:
    """Write the JSON Schema of the definition files, for editors."""
    write_schema(file)
    click.echo(f"Wrote {file}")


@languages.command("missing")
@click.argument("language", type=Language(), required=False)
def missing_command(language: str | None) -> None:
    """Name every sentence of the interface that LANGUAGE (by default each) does not say yet; exit 1 if any."""
    from commands import languages as catalogues

    found = [
        line for each in ((language,) if language else catalogues.languages()) for line in catalogues.missing(each)
    ]
    for line in found:
        click.echo(line)
    click.echo(f"{len(found)} to do. flask checklists check names what is missing of the checklists.", err=True)
    sys.exit(1 if found else 0)


@languages.command("collect")
@click.argument("language", type=Language(), required=False)
def collect_command(language: str | None) -> None:
    """Bring the catalogue of LANGUAGE (by default each) up to what the code says, keeping what is translated."""
    from commands import languages as catalogues

    for each in (language,) if language else catalogues.languages():
        click.echo(f"translations/{each}.po: {catalogues.collect(each)} sentences")


@languages.command("start")
@click.argument("language", type=Language())
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def start_command(language: str, folder: Path) -> None:
    """Write the files of a new LANGUAGE into FOLDER, to be filled in and then moved to checklists/definitions/."""
    from commands import languages as catalogues

    try:
        written = catalogues.start(folder / language)
    except FileExistsError:
        raise click.ClickException(f"{folder / language} is there already. Choose another folder.") from None
    click.echo(f"{folder / language}: {len(written)} files. The interface's part: flask languages collect {language}")
