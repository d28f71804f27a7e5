"""What the tests share: the app's own definitions, people who go through the whole core, and visitors of its pages."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache

from app import create_app
from checklists import Assessment, Definitions, Person, assess, load_definitions, read_person
from reports.exports.result import result
from reports.plan.build import build_plan
from storage.sqlite.engine import open_store
from storage.store.store import SealedStore
from tests import memory_engine
from tests.visitor import Visitor
from web.core.stores import store

Json = dict[str, Any]

settings.register_profile("untimed", deadline=None)  # speed is the business of ./run bench
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def definitions() -> Definitions:
    """The definitions that are shipped."""
    return load_definitions()


@pytest.fixture(scope="session")
def read(definitions: Definitions) -> Callable[[Json], Person]:
    """A record, by way of JSON text as in a file, → Person."""
    return lambda record: read_person(definitions, json.loads(json.dumps(record), parse_float=Decimal))


@pytest.fixture(scope="session")
def assessed(definitions: Definitions, read: Callable[[Json], Person]) -> Callable[[Json], Assessment]:
    """A record → Assessment."""
    return lambda record: assess(definitions, read(record))


@pytest.fixture(scope="session")
def judged(definitions: Definitions, assessed: Callable[[Json], Assessment]) -> Callable[[Json], Json]:
    """A record → the JSON result of contract section 3, without its line."""

    def judge(record: Json) -> Json:
        assessment = assessed(record)
        today = assessment.person.today or date(2026, 11, 22)
        return result(assessment, build_plan(definitions, assessment, today=today))

    return judge


ENGINES: dict[str, Callable[..., SealedStore]] = {"sqlite": open_store, "memory": memory_engine.open_store}


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Callable[..., SealedStore]:
    """How a store is opened on each engine; what a test then asks, all of them owe."""
    return ENGINES[request.param]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where this test's app keeps its database and key, and nothing else that the environment says."""
    for name in ("REGION", "HOSTS", "PROXIES", "DEFINITIONS", "ZONE"):
        monkeypatch.delenv(f"FIRM_FOOTING_{name}", raising=False)
    for name in ("DATA", "KEYS"):
        monkeypatch.setenv(f"FIRM_FOOTING_{name}", str(tmp_path))
    close_store()
    yield tmp_path
    close_store()


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once for every app that the tests make."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def restart(folder: Path, compiled: FileSystemBytecodeCache) -> Callable[[], Flask]:
    """The app as a new process would make it on the same folder."""

    def new_app() -> Flask:
        close_store()
        app = create_app()
        app.jinja_env.bytecode_cache = compiled
        return app

    return new_app


@pytest.fixture
def app(restart: Callable[[], Flask]) -> Flask:
    """The app on a real store that holds nothing yet; CSRF and every other guard are on."""
    return restart()


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody who opens pages; each page is checked (tests/page_checks.py)."""
    return Visitor(app)


def close_store() -> None:
    if store.cache_info().currsize:
        store().close()
    store.cache_clear()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The browser that ./run found on this machine, instead of a downloaded one."""
    found = os.environ.get("FIRM_FOOTING_BROWSER")
    return {**browser_type_launch_args, "executable_path": found} if found else browser_type_launch_args
