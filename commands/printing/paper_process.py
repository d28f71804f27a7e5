"""What stands beside every two workers of a server: their renderers. One prints, too, and removes what has expired."""

import signal
import socket
import threading
from collections.abc import Callable

Until = Callable[[Callable[[], None]], None]
"""Calls what it is handed, once the parent is gone."""


def make_paper(knocking: socket.socket, until: Until, *, is_first: bool) -> None:
    """Until SIGUSR1: those that stop a server are for whoever answers pages, who may still want paper."""
    from commands.printing.workers import print_while_served
    from commands.purge import purge_every_day
    from reports.printing.shared import render_for_others
    from web.core.metrics import watch_pool
    from web.core.stores import close_store, trust_pages
    from web.on_paper import blank_paper
    from web.visitor import paper

    is_over = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, signal.SIG_IGN)
    signal.signal(signal.SIGUSR1, lambda *_: is_over.set())
    until(is_over.set)
    trust_pages()
    workers = None
    if is_first:
        purge_every_day()
        watch_pool()
        workers = print_while_served()
    paper.renderer().warm()
    renderers = {paper.NAME_OF_RENDERER: paper.renderer(), blank_paper.NAME_OF_RENDERER: blank_paper.renderer()}
    render_for_others(knocking, renderers, is_over)
    if workers:
        workers.end()
    close_store()
