"""flask keys: another key for a database that is in use, how far that has come, and whether the old one may go."""

import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import cast

import click

from storage import StorageError, StoreRefused
from storage.rows.sealing import KEY, KeyFiles, key_id_of, load_key
from storage.store.key_files import make_new, name_new
from storage.store.rotating import KeysInUse
from storage.store.store import SealedStore
from web.core.settings import SettingError, database, key_folder
from web.core.stores import open_configured_store

ROWS_A_LINE = 10_000


@click.group("keys")
def keys() -> None:
    """Another key, while everybody goes on."""


@keys.command("new")
def new() -> None:
    """Make a new key, which waits beside the present one: copy it to every server before any of them rotates."""
    with _sentence("No key was made"):
        made = make_new(_files())
    click.echo(f"The new key waits as {made}. Nothing uses it yet.")
    click.echo(f"Copy it to the folder of the key on every server, and to where the key is kept apart, as {made.name}.")
    click.echo("Then type flask keys rotate on one of them.")


@keys.command("rotate")
def rotate() -> None:
    """Seal everything with the new key: what is new at once, the rest bit by bit. After a kill type it again."""
    files = _files()
    with _sentence("The rotation has ended early; type it again to go on"), closing(_open()) as store:
        if not database() and store.keys_in_use().is_over:
            make_new(files)  # one computer has it already
        with store.engine.alone("keys") as is_alone:
            if not is_alone:
                raise StoreRefused("another server is at it right now: flask keys status says how far")
            _rotate(store, files)


@keys.command("status")
def status() -> None:
    """Say which key seals, how many rows an earlier one sealed, and which files of keys may go."""
    with _sentence("Nothing can be said"), closing(_open()) as store:
        found = store.keys_in_use()
    click.echo(_counted(found))
    if not found.is_over:
        click.echo("The rotation is not done: type flask keys rotate. The earlier key must stay on every server.")
    elif before := _files().before:
        names = ", ".join(each.name for each in before)
        click.echo(f"No row needs {names}; backups of before do. When those are gone: flask keys forget.")


@keys.command("forget")
@click.option("--sure", is_flag=True, help="You have no backup of before that you may ever want to put back.")
def forget(sure: bool) -> None:
    """Remove the keys of before from this computer, once no row is sealed with one."""
    with _sentence("No key was removed"), closing(_open()) as store:
        found, before = store.keys_in_use(), _files().before
        if not found.is_over:
            raise StoreRefused(
                f"{found.earlier.total():,} rows still need an earlier key: type flask keys rotate first"
            )
        if found.earlier:
            click.echo(_counted(found))
        if not before:
            click.echo("There is no key of before.")
        elif not sure:
            raise StoreRefused("backups of before open only with a key of before: add --sure if you need none of them")
        for each in _files().half_before:
            each.unlink()
        for each in before:
            each.unlink()
            click.echo(f"Removed {each}.")


def _rotate(store: SealedStore, files: KeyFiles) -> None:
    if files.new.exists():
        store.begin_rotation(load_key(files.new))
        name_new(files, key_id_of(load_key(files.new)), datetime.now(UTC).date())
        click.echo("What is written from now on is sealed with the new key. Sealing the rest anew.")
    elif store.keys_in_use().is_over:
        raise StoreRefused("no new key waits here: type flask keys new, and copy it to every server")
    damaged = store.seal_anew(_teller())
    click.echo(f"Everything is sealed with the new key, {files.key}. Copy it to where the key is kept apart.")
    if damaged:
        click.echo(f"Look out: {damaged:,} rows were damaged before, open with no key, and stay as they are.")
    click.echo("Servers that run go on, and give the new key its name when they are started again.")
    click.echo("Backups of before need the key of before: flask keys status says when it may go.")


def _counted(found: KeysInUse) -> str:
    """Once a rotation is over, nothing is left of an earlier key but what it could not open."""
    are = "damaged: no key opens them" if found.is_over and found.earlier else "still sealed with an earlier key"
    lines = [f"{found.rows:,} rows are kept. {found.earlier.total():,} of them are {are}."]
    return "\n".join([*lines, *(f"  {table}: {count:,}" for table, count in sorted(found.earlier.items()))])


def _teller() -> Callable[[int], None]:
    """Says every so many rows how far it is."""
    last = 0

    def tell(sealed: int) -> None:
        nonlocal last
        if sealed >= last + ROWS_A_LINE:
            last = sealed
            click.echo(f"{sealed:,} rows are sealed anew.")

    return tell


def _files() -> KeyFiles:
    return KeyFiles(key_folder() / KEY)


def _open() -> SealedStore:
    return cast(SealedStore, open_configured_store(check_pages=False))


@contextmanager
def _sentence(begins: str) -> Iterator[None]:
    try:
        yield
    except (StorageError, SettingError) as error:
        click.echo(f"{begins}: {error}", err=True)
        sys.exit(1)
