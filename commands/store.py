"""flask store: what is kept, as a whole."""

import sys

import click

from storage import StorageError
from web.core.settings import key_folder


@click.group("store")
def store_group() -> None:
    """What is kept, as a whole."""


@store_group.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy(source: str, target: str) -> None:
    """Copy everything kept FROM one database TO an empty one: each a folder, or postgresql://…

    Each row is compared. Nobody can write meanwhile, and apps that run on FROM have to be started again. The key is the
    same for both, and stays where it is.
    """
    from storage.copying.copying import copy_all, is_address

    try:
        done = copy_all(source, target, key_folder())
    except StorageError as error:
        click.echo(f"Nothing was copied: {error}", err=True)
        sys.exit(1)
    click.echo(f"Copied {done.rows:,} rows with {done.records:,} records, and compared each.")
    if done.fault:
        click.echo(f"Look out: it is not what was written ({done.fault}), and was not before.", err=True)
    setting = "FIRM_FOOTING_DATABASE" if is_address(target) else "FIRM_FOOTING_DATA"
    click.echo(
        f"Start the app on the copy now, by {setting}. What is erased there stays in the other: remove that soon."
    )
