"""The definitions for a command, or every fault on standard error and the end."""

import sys
from collections.abc import Callable

import click

from checklists import DefinitionError, Definitions


def read_or_exit(load: Callable[[], Definitions]) -> Definitions:
    """What `load` reads; exit 1 with every fault where it cannot."""
    try:
        return load()
    except DefinitionError as error:
        for fault in error.faults:
            click.echo(str(fault), err=True)
        click.echo("The checklists have faults; mend them (flask checklists check shows them).", err=True)
        sys.exit(1)
