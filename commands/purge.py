"""Removing what has expired: a command, and once a day while the app is served."""

import logging
import sys
import threading

import click

from storage import RemovingWaits, StorageError
from storage.time_limits import REMOVED
from web.core.settings import SettingError
from web.core.stores import open_configured_store, store

log = logging.getLogger("firm_footing")
A_DAY_SECONDS = REMOVED.seconds


@click.command("purge")
@click.option("--the-day-is-right", "sure", is_flag=True, help="You looked at the clock: remove even after a jump.")
def purge(sure: bool) -> None:
    """Remove the answers and sessions that nobody used for 90 days; running it twice does no harm."""
    try:
        found = open_configured_store()
        removed = found.purge(sure=sure)
        found.close()
    except (StorageError, SettingError) as error:
        click.echo(f"Nothing more was removed: {error}", err=True)
        sys.exit(1)
    click.echo(f"Removed what nobody used for 90 days. Records: {removed['records']}. Sessions: {removed['sessions']}.")


def purge_every_day() -> None:
    """Starts the thread that does it; a fault is noted, and tried again on the next day."""
    threading.Thread(target=_purge_for_ever, name="purge", daemon=True).start()


def _purge_for_ever(wait: threading.Event | None = None) -> None:
    pause = wait or threading.Event()
    while True:
        try:
            store().purge()
        except RemovingWaits as error:
            log.warning("purge: %s", error)
        except StorageError as error:
            log.error("purge: %s", type(error).__name__)
        if pause.wait(A_DAY_SECONDS):
            return
