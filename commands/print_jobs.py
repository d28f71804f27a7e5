"""flask print: the print queue is worked through on this machine, without a web server."""

import os
import signal
import threading

import click

from commands.serve import refuse_on_faults
from web.core import logs
from web.core.settings import log_lines


@click.command("print")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes: one a core unless told.")
def print_command(workers: int | None) -> None:
    """Make the files that were asked for on any server, until this is ended."""
    from commands.printing.workers import print_until
    from web.core.stores import close_store

    refuse_on_faults()
    logs.set_up(log_lines())
    is_over = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: is_over.set())
    count = workers or len(os.sched_getaffinity(0))
    click.echo(f"Workers that print: {count}  (press Ctrl+C to end)")
    print_until(is_over, count)
    close_store()
