"""create_app(): builds the app and opens nothing; definitions and storage open on first use."""

from collections.abc import Callable, MutableMapping
from functools import partial
from typing import Any

import click
from flask import Flask
from flask.cli import FlaskGroup
from flask.templating import Environment

from commands import CommandsAtOnce, register


class Templates(Environment):
    """Every template has the same globals: each page imports ten others, and Jinja would compare them name by name."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


class App(Flask):
    """Flask for pages of which none is a coroutine: it would ask each of twenty functions a page whether it is one."""

    jinja_environment = Templates  # here, as the command line asks for it before there are pages

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(settings: dict[str, Any] | None = None) -> Flask:
    """The app with every page and command; `settings` override the configuration, for tests."""
    app = App(__name__, static_folder=None)
    complete = partial(_complete, app, settings or {})
    if _only_a_command_is_looked_up():
        app.cli = CommandsAtOnce(app.name, complete)
    else:
        complete()
    return app


def _complete(app: Flask, settings: dict[str, Any]) -> None:
    from web.every_page import add_pages  # takes longer to import than most commands to run

    add_pages(app, settings)
    register(app)


def _only_a_command_is_looked_up() -> bool:
    """Whether `flask` itself asks, for the sake of the commands; its own ones, such as `flask run`, do so below it."""
    context = click.get_current_context(silent=True)
    return context is not None and context.parent is None and isinstance(context.command, FlaskGroup)
