"""flask backup, flask restore and flask rekey: what they print, and how they end. The engine is in storage/."""

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from storage import StorageError
from web.core.settings import SettingError, data_folder, database, key_folder

if TYPE_CHECKING:
    from storage.postgres.backing_up import DumpMade
    from storage.sqlite.backups.backup import Backup
    from storage.sqlite.backups.restoring import Restored


@click.command("backup")
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
def backup(folder: Path | None) -> None:
    """Copy the database into FOLDER while the app runs (default: backups, beside the database).

    The copy is checked before it gets its name. Backups of more than 30 days go. The key is never in one. On PostgreSQL
    pg_dump makes it.
    """
    try:
        made = _make_backup(folder)
    except (StorageError, SettingError) as error:
        click.echo(f"No backup was made: {error}", err=True)
        sys.exit(1)
    records = f"{made.records:,} {'record' if made.records == 1 else 'records'}"
    click.echo(f"The backup {made.path} holds {records} in {made.bytes / 1e6:.1f} MB, and was checked.")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--unsigned", is_flag=True, help="You know that nobody changed this copy, such as a database set aside.")
def restore(file: Path, unsigned: bool) -> None:
    """Put the backup FILE in the place of the database, which is kept beside it under another name.

    A backup that is damaged, foreign, sealed with another key or without its signature is refused, and nothing is
    touched.
    """
    from storage.sqlite.backups.restoring import restore as put_back

    _refuse_postgresql(
        f"pg_restore --no-owner --dbname=ADDRESS {file}, into an empty database; what was erased since is erased again "
        "when a server starts that has firm-footing.erased beside its key (docs/operations.md)"
    )
    try:
        restored = put_back(file, data_folder(), key_folder(), _now(), unsigned=unsigned)
    except StorageError as error:
        click.echo(f"Nothing was changed: {error}", err=True)
        sys.exit(1)
    for sentence in _message(file, restored, _now().date()):
        click.echo(sentence)


@click.command("rekey")
def rekey() -> None:
    """Give the database a new key, for when somebody may have seen the old one.

    Every row is sealed anew in a copy, which takes the place of the database. Browsers, links and codes go on; a form
    that is open meanwhile has to be opened again. The old key is kept, for the backups of before.
    """
    from storage.model import BACKUP_KEEP_DAYS
    from storage.sqlite.backups.rekeying import rekey as give_new_key

    _refuse_postgresql(
        "flask keys rotate for a key that has become old; where somebody may have seen it, flask store copy into a "
        "folder, flask rekey there, and back into an empty database"
    )
    try:
        done = give_new_key(data_folder(), key_folder(), _now())
    except StorageError as error:
        click.echo(f"The key stays as it is: {error}", err=True)
        sys.exit(1)
    records = f"{done.records:,} {'record' if done.records == 1 else 'records'}"
    end = _now().date() + timedelta(days=BACKUP_KEEP_DAYS)
    click.echo(f"The database has a new key, {done.key}, with {records} sealed anew. Restart the app now.")
    click.echo("Copy the new key to where the old one is kept apart, and make a backup.")
    click.echo(f"Backups of before need the old key, kept as {done.before}. Remove it by {end}.")


def _make_backup(folder: Path | None) -> "Backup | DumpMade":
    if address := database():
        from storage.postgres.backing_up import back_up as dump

        return dump(address, key_folder(), folder or data_folder() / "backups", _now())
    from storage.sqlite.backups.backup import back_up

    return back_up(data_folder(), key_folder(), folder, _now())


def _refuse_postgresql(instead: str) -> None:
    """A server has its own tools, and copies of its files made while it runs are worth nothing."""
    try:
        is_on_server = database() is not None
    except SettingError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    if is_on_server:
        click.echo(f"FIRM_FOOTING_DATABASE is PostgreSQL, and this is for the embedded file. Use {instead}.", err=True)
        sys.exit(1)


def _message(file: Path, restored: "Restored", today: date) -> list[str]:
    from storage.model import BACKUP_KEEP_DAYS

    records = f"{restored.records:,} {'record' if restored.records == 1 else 'records'}"
    of_day = f" of {restored.made_on}" if restored.made_on else ""
    lines = [f"The backup {file}{of_day} is in place, with {records}. Restart the app now."]
    if restored.erased_again:
        lines.append(f"Records that had been erased since, and were erased again: {restored.erased_again}.")
    if restored.fault:
        lines.append(f"Look out: it is not what was written ({restored.fault}). From now on it counts as whole.")
    if restored.aside:
        end = today + timedelta(days=BACKUP_KEEP_DAYS)
        lines.append(f"The database before it is kept as {restored.aside}. Remove {restored.aside.name}* by {end}.")
    is_old = restored.made_on is None or restored.made_on < today - timedelta(days=BACKUP_KEEP_DAYS)
    if restored.erased_again is None or is_old:
        since = restored.made_on or "it was made"
        lines.append(f"Look out: what was erased since {since} may be back, because no note of it could be read.")
    return lines


def _now() -> datetime:
    return datetime.now(UTC)
