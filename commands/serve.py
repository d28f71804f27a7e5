"""flask serve: everything is opened and checked first, then waitress serves it."""

import os
import socket
import sys
from contextlib import suppress
from functools import partial

import click
from flask import Flask
from flask.cli import ScriptInfo

from checklists import DefinitionError
from reports.paper.plan_paper import is_loopback
from web.core.settings import (
    SettingError,
    database,
    log_lines,
    metrics_token,
    region,
    trusted_hosts,
    trusted_proxies,
    zone,
)

THREADS = 24  # 22 at most have or wait for a turn at paper, photos or files; the others go on with pages


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", type=click.IntRange(1, 64), help="Processes: one a core on PostgreSQL, else one.")
@click.pass_context
def serve(context: click.Context, host: str, port: int, workers: int | None) -> None:
    """Serve the app; refuse, with every fault and the way out, when something is not in order."""
    _refuse_ipv6(host)
    _trust(host)
    refuse_on_faults()
    workers = _number_of_workers(workers)
    _refuse_a_taken_port(host, port)
    from web.core import logs, metrics

    logs.set_up(log_lines())
    app = context.ensure_object(ScriptInfo).load_app()
    app.config["TRUSTED_HOSTS"] = trusted_hosts()
    with metrics.shared():
        _serve(app, host, port, workers)


def _serve(app: Flask, host: str, port: int, workers: int) -> None:
    from commands.http_server import Server

    if workers == 1:
        Server(app, host, port, THREADS).run(partial(_say_where, host, port))
        return
    _serve_by_several(app, host, port, workers)


def _serve_by_several(app: Flask, host: str, port: int, workers: int) -> None:
    """Every two of them have a process beside them, whose renderers they share."""
    from commands.http_server import Server
    from commands.printing.paper_process import make_paper
    from commands.server_processes import Until, Workers
    from web.visitor.paper import share_renderers

    pairs = [socket.socketpair(type=socket.SOCK_DGRAM) for _ in range((workers + 1) // 2)]

    def serve_on(number: int, listening: socket.socket, until: Until) -> None:
        own = number % len(pairs)
        share_renderers([asking for asking, _ in (*pairs[own:], *pairs[:own])])
        server = Server(app, host, port, THREADS, listening)
        until(server.stop)
        server.run(partial(_say_where, host, port) if number == 0 else None)

    beside = [partial(make_paper, answering, is_first=not number) for number, (_, answering) in enumerate(pairs)]
    Workers([partial(serve_on, number) for number in range(workers)], _port(host, port), beside).run()


def _number_of_workers(asked_for: int | None) -> int:
    """One for the file, where whoever writes waits for its one lock."""
    if database():
        return asked_for or len(os.sched_getaffinity(0))
    if asked_for and asked_for > 1:
        click.echo("Several workers need PostgreSQL: set FIRM_FOOTING_DATABASE, or leave --workers out.", err=True)
        sys.exit(1)
    return 1


def _say_where(host: str, port: int) -> None:
    """The addresses to type, and that no phone can where that is so."""
    places = _addresses() if host == "0.0.0.0" else {host}
    reached = sorted(each for each in places if not is_loopback(f"http://{each}"))
    for each in reached or ["127.0.0.1" if host == "0.0.0.0" else host]:
        click.echo(f"Firm Footing is at http://{each}:{port}/  (press Ctrl+C to end)")
    if host != "0.0.0.0" and not reached and not trusted_proxies():
        click.echo("Only this computer can open it. For phones in the same network: ./run serve --host 0.0.0.0")


def _refuse_ipv6(host: str) -> None:
    """Werkzeug's trusted hosts cut a name at its first colon, so that every page would be refused (3.1.9)."""
    if ":" in host:
        click.echo("The app cannot listen at an IPv6 address. Use --host 127.0.0.1, or 0.0.0.0 for all.", err=True)
        sys.exit(1)


def _trust(host: str) -> None:
    """A host that was asked for by name is one we answer to; for 0.0.0.0 every name must be told."""
    if host == "0.0.0.0":
        names = {socket.gethostname(), socket.getfqdn(), *_addresses()}
    else:
        names = {host}
    configured = os.environ.get("FIRM_FOOTING_HOSTS", "")
    os.environ["FIRM_FOOTING_HOSTS"] = ",".join(filter(None, [configured, *sorted(names)]))


def _addresses() -> set[str]:
    """This machine's own: those of its name, and the one that it has in its network. Nothing is sent."""
    found: set[str] = set()
    with suppress(OSError):
        found |= set(socket.gethostbyname_ex(socket.gethostname())[2])
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        found.add(probe.getsockname()[0])
    return found


def refuse_on_faults() -> None:
    """Ends this process, with every fault, where what it is to work with is not in order."""
    from storage import StorageError
    from web.core.stores import open_configured_store

    try:
        region()
        zone()
        trusted_proxies()
        log_lines()
        metrics_token()
        open_configured_store().close()
    except DefinitionError as error:
        for fault in error.faults:
            click.echo(str(fault), err=True)
        click.echo("The app does not start: the checklists have faults. Mend them and start again.", err=True)
        sys.exit(1)
    except (StorageError, SettingError) as error:
        click.echo(f"The app does not start: {error}", err=True)
        sys.exit(1)


def _port(host: str, port: int) -> socket.socket:
    """Ours, and nobody can knock there yet: a web server in front asks another server meanwhile."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
    except OSError:
        found.close()
        raise
    return found


def _refuse_a_taken_port(host: str, port: int) -> None:
    try:
        _port(host, port).close()
    except OSError as error:
        reason = str(error.strerror).partition(" (")[0]  # Python adds the address, which is told already
        click.echo(f"The app cannot listen at {host}:{port}: {reason}. Choose another --port.", err=True)
        sys.exit(1)
