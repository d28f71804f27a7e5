"""What `flask` can be told to do, one module a subject; `register` adds all of it to an app."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module

import click
from flask import Flask
from flask.cli import AppGroup

WITHOUT_PAGES = {"assess": "commands.people.assess:assess_command"}
"""Commands that need no page and none of what pages need, and where each stands: to import all of it takes longer."""


class CommandsAtOnce(AppGroup):
    """The commands of an app that is completed as soon as something else is asked of them than one `WITHOUT_PAGES`."""

    def __init__(self, name: str, complete: Callable[[], None]) -> None:
        super().__init__(name)
        self._complete: Callable[[], None] | None = complete

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if self._complete and cmd_name in WITHOUT_PAGES:
            return _imported(WITHOUT_PAGES[cmd_name])
        self._finish()
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        self._finish()
        return super().list_commands(ctx)

    def _finish(self) -> None:
        complete, self._complete = self._complete, None
        if complete:
            complete()


def _imported(place: str) -> click.Command:
    module, _, name = place.partition(":")
    with nothing_to_collect():
        from commands.streams import ending_well

        command: click.Command = getattr(import_module(module), name)
    return ending_well(command)


@contextmanager
def nothing_to_collect() -> Iterator[None]:
    """What is made meanwhile, code or definitions, lives as long as the process: nobody looks for garbage in it, now
    (a fifth of the time that reading them takes) or later (with many people, a tenth of it)."""
    was_looked_for = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_looked_for:
            gc.enable()


def register(app: Flask) -> None:
    """Adds every command to the app."""
    from commands.backup import backup, rekey, restore
    from commands.clinics.clinic import clinic
    from commands.clinics.staff import staff
    from commands.definitions import checklists, languages
    from commands.keys import keys
    from commands.people.assess import assess_command
    from commands.people.batch import batch_command
    from commands.people.fhir import fhir_command
    from commands.people.import_answers import import_command
    from commands.people.plan import plan_command
    from commands.people.template import people
    from commands.print_jobs import print_command
    from commands.purge import purge
    from commands.serve import serve
    from commands.store import store_group
    from commands.streams import ending_well

    people.add_command(import_command)
    of_people = (assess_command, plan_command, batch_command, fhir_command, people)
    of_store = (purge, backup, restore, rekey, keys, store_group)
    for command in (*of_people, clinic, staff, checklists, languages, serve, print_command, *of_store):
        app.cli.add_command(ending_well(command))
