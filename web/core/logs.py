"""Lines of the log: for people on one computer, or as JSON for what gathers those of many servers.

Each names the request that it is about, and none holds a value: neither an address, which may be a key, nor what
somebody typed, nor what an error says of it.
"""

import json
import logging
import sys
import threading
import traceback
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from flask.logging import default_handler

from web.core.settings import LogLines

OURS = ("firm_footing", "web", "app")
"""Loggers whose sentences were written to hold no value; of all others only what stands in their code is written."""
log = logging.getLogger("firm_footing")


@dataclass
class Asked:
    """A request as lines of the log name it; `route` is the rule of its address, once it is known."""

    request_id: str
    method: str
    route: str = ""


current: ContextVar[Asked | None] = ContextVar("current", default=None)
"""The request that this thread answers."""


def set_up(lines: LogLines) -> None:
    """For a process that serves or prints: all lines go to standard error, and nothing else of a fault."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if lines == "json" else PlainLines())
    root = logging.getLogger()
    for each in list(root.handlers):
        root.removeHandler(each)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    log.setLevel(logging.INFO if lines == "json" else logging.WARNING)
    logging.getLogger("app").removeHandler(default_handler)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda fault: _log_uncaught(fault.exc_type, fault.exc_value, fault.exc_traceback)
    sys.unraisablehook = lambda fault: _log_uncaught(fault.exc_type, fault.exc_value, fault.exc_traceback)


class JsonLines(logging.Formatter):
    """One object a line: time (UTC), level, event, and of a request its id, method and route; of its end more."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {"time": _time(record), "level": record.levelname.lower(), "event": event_of(record)}
        if asked := current.get():
            line |= {"request": asked.request_id, "method": asked.method, "route": asked.route}
        line |= getattr(record, "figures", {})
        return json.dumps(line)


class PlainLines(logging.Formatter):
    """Time, level, the request's id where there is one, and the event."""

    def format(self, record: logging.LogRecord) -> str:
        asked = current.get()
        words = (_time(record), record.levelname.lower(), asked.request_id if asked else "-", event_of(record))
        return " ".join(" ".join(words).split())


def event_of(record: logging.LogRecord) -> str:
    """What happened, without a value."""
    place = ""
    if record.exc_info and record.exc_info[1] is not None:
        place = f": {type(record.exc_info[1]).__name__} {place_of(record.exc_info[1])}"
    if record.name.partition(".")[0] in OURS:
        return record.getMessage() + place
    if hasattr(record, "without_values"):
        return f"{record.name}: {record.getMessage()}"
    sentence = str(record.msg) if record.args else f"{record.module}:{record.lineno}"
    return f"{record.name}: {sentence}{place}"


def log_place(error: BaseException, where: str) -> None:
    """Where it went wrong, and never what a person typed."""
    log.error("%s on %s %s", type(error).__name__, where, place_of(error))


def place_of(error: BaseException) -> str:
    """The files and lines of a fault, the last first."""
    return _place(error.__traceback__)


def without_values(record: logging.LogRecord) -> bool:
    """Flask's own words for a fault that nobody caught hold the address and what the error says."""
    if record.exc_info and record.exc_info[1] is not None:
        error = record.exc_info[1]
        record.msg, record.args, record.exc_info = "%s %s", (type(error).__name__, place_of(error)), None
        record.without_values = True
    return True


def _log_uncaught(kind: type[BaseException], error: BaseException | None, tracing: TracebackType | None) -> None:
    del error  # what it says may hold a value
    if not issubclass(kind, KeyboardInterrupt):
        log.error("nobody caught %s %s", kind.__name__, _place(tracing))


def _place(tracing: TracebackType | None) -> str:
    places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(tracing)]
    return "at " + " < ".join(reversed(places[-6:]))


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
