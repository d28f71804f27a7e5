"""The flask commands for those who write: checklists and languages."""

import json
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from checklists import load_definitions
from checklists.loading.load import DEFINITIONS, DefinitionError
from checklists.loading.schema import write_schema
from commands.reading_rules import read_or_exit
from commands.streams import write_line
from web.core.page_checks import page_faults
from web.core.settings import rules


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
