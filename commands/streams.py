"""How a command ends where its output, a disk or memory gives out: one sentence and its own exit status.

0 is "all is well", 1 a faulty record or definition, 2 a command typed wrong (click's own). The others stand here.
"""

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import copy
from functools import wraps
from typing import Any, NoReturn

import click

from checklists.people.quoting import harmless
from web.core.settings import SettingError

NOT_WRITTEN, TOO_LITTLE_MEMORY, NO_PAPER = 3, 4, 5


def say(text: str) -> None:
    """One line on standard error, whatever stands in it."""
    click.echo(harmless(text), err=True)


def end(status: int, sentence: str) -> NoReturn:
    """The end of the command."""
    say(sentence)
    sys.exit(status)


def write_line(text: str) -> None:
    """One whole line on standard output. :raises OSError: where not all of it is taken, or standard output is closed

    click takes a closed one for no output wanted; and unbuffered (PYTHONUNBUFFERED), Python counts a part as the whole.
    """
    if sys.stdout is None:
        raise OSError(errno.EBADF, "standard output is closed")
    sys.stdout.flush()
    left = memoryview(f"{text}\n".encode(sys.stdout.encoding, "backslashreplace"))
    while left:
        left = left[sys.stdout.buffer.write(left) :]
    sys.stdout.buffer.flush()


def ending_well(command: click.Command) -> click.Command:
    """The same command, and all of a group, which never ends with a traceback for want of room."""
    command = copy(command)
    if isinstance(command, click.Group):
        command.commands = {name: ending_well(each) for name, each in command.commands.items()}
    elif command.callback:
        command.callback = _message(command.callback)
    return command


def _message(callback: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(callback)
    def wrapper(*args: Any, **options: Any) -> Any:
        with _sentences():
            return callback(*args, **options)

    return wrapper


@contextmanager
def _sentences() -> Iterator[None]:
    try:
        yield
    except SettingError as error:
        end(2, str(error))
    except MemoryError:
        _end_without_output(
            TOO_LITTLE_MEMORY, "There is too little memory. Take fewer people at a time, or a larger machine."
        )
    except BrokenPipeError:
        _end_without_output(NOT_WRITTEN, "")  # who reads has seen enough
    except OSError as error:
        what = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else "The output"
        reason = error.strerror or error
        _end_without_output(NOT_WRITTEN, f"{what}: {reason}. What was written until now is not whole.")


def _end_without_output(status: int, sentence: str) -> NoReturn:
    with suppress(OSError):
        if sentence:
            say(sentence)
    if sys.stdout is sys.__stdout__:  # what could not be written would be tried again at the end, and change the status
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
    sys.exit(status)
