"""flask people template: the empty table that a clinic fills in."""

from pathlib import Path

import click
from flask.cli import AppGroup

from checklists.files.definitions import WRITTEN_IN
from checklists.people.sentence import Sentence
from commands.people.faults import SUFFIXES
from commands.people.file import in_language
from commands.people.plan import LANGUAGES
from commands.read_definitions import read_or_exit
from commands.streams import say
from commands.whole_files import write_whole
from web.core.settings import definitions, region

people = AppGroup("people", help="Tables of people for a clinic.")


@people.command("template")
@click.option("--lists", help="Only these checklists, such as falls,bone; by default all.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="people.xlsx or people.csv")
@click.option("--lang", type=click.Choice(LANGUAGES), default=WRITTEN_IN, show_default=True)
def template_command(lists: str | None, out: Path, lang: str) -> None:
    """Write an empty table to fill in: one row a person, one column a question."""
    from reports.exports.people_table import people_table
    from reports.exports.table_files import as_csv, as_xlsx
    from reports.words.words import words

    known = read_or_exit(definitions)
    asked = (
        [name.strip() for name in lists.split(",") if name.strip()] if lists is not None else list(known.checklist_of)
    )
    if wrong := [name for name in asked if name not in known.checklist_of]:
        raise click.BadParameter(f"{', '.join(wrong)}: use {', '.join(known.checklist_of)}.", param_hint="--lists")
    if out.suffix.lower() not in SUFFIXES:
        raise click.BadParameter("name a table: people.xlsx or people.csv.", param_hint="--out")
    if out.exists():
        raise click.UsageError(f"{out} is there already, and may hold people. Choose another name.")
    table = people_table(words(known, region().id, lang), asked)
    write_whole(out, lambda: (as_csv if out.suffix.lower() == ".csv" else as_xlsx)(table))
    made = Sentence("%(file)s: %(count)s columns, nobody in it yet", file=str(out), count=len(table.columns))
    say(in_language(made, lang))
