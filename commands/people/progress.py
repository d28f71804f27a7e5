"""A progress bar on standard error, once making paper has taken longer than two seconds."""

import logging
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

QUIET_SECONDS = 2.0
PAGES_A_PERSON = 5
_PAGE = re.compile(r"Page (\d+)")


class _Bar(logging.Handler):
    """Follows the renderer page by page; a rendering is one long call that says nothing else."""

    def __init__(self, people: int, label: str) -> None:
        super().__init__(logging.DEBUG)
        self.people, self.done, self.started = people, 0, time.monotonic()
        self.bar = click.progressbar(length=people * PAGES_A_PERSON, label=label, file=sys.stderr)
        self.shown = 0

    def emit(self, record: logging.LogRecord) -> None:
        page = _PAGE.search(record.getMessage())
        if page:
            limit = (self.people - 1) * PAGES_A_PERSON
            self.show(min(self.done * PAGES_A_PERSON + int(page.group(1)), limit))

    def finished(self, people: int) -> None:
        self.done += people
        self.show(self.done * PAGES_A_PERSON)

    def show(self, pages: int) -> None:
        if time.monotonic() - self.started > QUIET_SECONDS and pages > self.shown:
            self.bar.update(pages - self.shown)
            self.shown = pages

    def end(self) -> None:
        if self.shown:
            self.bar.render_finish()


@contextmanager
def counting(what: str) -> Iterator[Callable[[], None]]:
    """Yields a function to call with each of many; after two seconds it tells how many there were."""
    started, count = time.monotonic(), 0
    next_report = started + QUIET_SECONDS
    on_a_terminal = sys.stderr.isatty()

    def one() -> None:
        nonlocal count, next_report
        count += 1
        if count % 100 == 0 and (now := time.monotonic()) > next_report:
            next_report = now + (0.2 if on_a_terminal else 10)
            click.echo(f"{count:,} {what} …", err=True, nl=not on_a_terminal)
            if on_a_terminal:
                click.echo("\r", err=True, nl=False)

    yield one


@contextmanager
def progress(people: int, label: str) -> Iterator[Callable[[int], None]]:
    """Yields a function to call with the number of people whose file is written."""
    logger = logging.getLogger("weasyprint.progress")
    bar = _Bar(people, label)
    level, propagate = logger.level, logger.propagate
    logger.addHandler(bar)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield bar.finished
    finally:
        bar.end()
        logger.removeHandler(bar)
        logger.setLevel(level)
        logger.propagate = propagate
