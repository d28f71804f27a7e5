"""The file of people that a command is pointed at, opened by its content."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any

import click

from checklists.files.definitions import WRITTEN_IN
from checklists.people.people_file import PeopleFile, read_people
from checklists.people.quoting import harmless
from checklists.people.records import Record
from checklists.people.sentence import Sentence, in_words
from commands.streams import say
from web.core.settings import region
from web.core.table_columns import table_columns


class FileOfPeople(click.File):
    """A file of people, whose name does no harm in a sentence."""

    def __init__(self) -> None:
        super().__init__("rb")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The open file. :raises click.BadParameter: it cannot be opened"""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            raise click.BadParameter(harmless(error.message), ctx, param) from None


def in_language(text: str, language: str) -> str:
    """A sentence in the language of a command."""
    if language == WRITTEN_IN:
        return text
    from reports.words.speech import speech

    return in_words(text, speech(language, region().id).gettext)


def people_in(file: IO[bytes], language: str = WRITTEN_IN) -> PeopleFile:
    """The file, opened by its content."""
    try:
        found = read_people(file, table_columns)
    except OSError as error:
        raise _unreadable(file, error) from None
    return replace(found, records=_readable(file, found.records, language))


def _readable(file: IO[bytes], records: Iterator[Record], language: str) -> Iterator[Record]:
    nobody = True
    try:
        for record in records:
            nobody = False
            yield record
    except OSError as error:
        raise _unreadable(file, error) from None
    if nobody:
        say(in_language(_NOBODY, language))
        sys.exit(1)


def _unreadable(file: IO[bytes], error: OSError) -> click.UsageError:
    return click.UsageError(f"{harmless(file.name)} cannot be read: {error.strerror}.")


_NOBODY = Sentence(
    "There is nobody in the file. Write each person as a row of a table. JSON works too, one object a line."
)
