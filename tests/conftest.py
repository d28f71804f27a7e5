"""What the tests share: the app's own definitions, people who go through the whole core, and visitors of its pages."""

import gc
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from jinja2 import FileSystemBytecodeCache

from app import create_app
from checklists import Assessment, Definitions, Person, assess, read_person
from reports.exports.result import result
from reports.plan.build import build_plan
from storage.rows.sealing import KEY
from storage.sqlite.engine import open_store
from storage.sqlite.opening import DATABASE
from storage.store.store import SealedStore
from tests import memory_engine, page_checks
from tests.postgres_server import Databases, running
from tests.shipped import SHIPPED
from tests.visitor import After, Visitor
from web.core.stores import store
from web.visitor import budgets

Json = dict[str, Any]

# Speed is the business of ./run bench, and a machine that has much to do takes long to make up what is tried.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


WORK_ON_A_STORE = {"print workers", "purge", "pool figures", "print calls", "beats", "preparing"}
"""The threads of a server, by name, that ask the configured store by themselves."""

gc.disable()  # until all is collected, two fifths of that time


def pytest_collection_finish() -> None:
    """What was read and collected stays to the end: no search for garbage needs to look at it, a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)  # a page makes thousands of things and no rings of them
    gc.enable()


@pytest.fixture(scope="session")
def of_all_processes(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A folder that the processes of one run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if hasattr(request.config, "workerinput") else own


@pytest.fixture(scope="session", autouse=True)
def pages_in_order(of_all_processes: Path) -> None:
    """A page that differs in nothing from one that another process of this run judged is not judged again."""
    page_checks.found_in_order = of_all_processes / "pages-in-order"
    page_checks.found_in_order.mkdir(exist_ok=True)


@pytest.fixture(autouse=True)
def nobody_works_on(request: pytest.FixtureRequest) -> Iterator[None]:
    """A thread that a test leaves behind would open the store of a later one, and that one's answers would be gone."""
    before = set(threading.enumerate())
    yield
    left = [each.name for each in threading.enumerate() if each not in before and each.name in WORK_ON_A_STORE]
    assert not left, f"{request.node.nodeid} left running what works on a store: {left}"


@pytest.fixture(scope="session")
def definitions() -> Definitions:
    """The definitions that are shipped."""
    return SHIPPED


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


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Databases of a PostgreSQL that runs as long as this process of pytest."""
    with running() as server:
        yield Databases(server, tmp_path_factory.mktemp("key"))


@dataclass(frozen=True)
class FirstRun:
    """A folder as a first run leaves it, made once: a database that holds nothing yet, and its key."""

    folder: Path

    def lay_down(self, data_folder: Path, key_folder: Path) -> None:
        """Where nothing is yet; to make them anew takes twice as long."""
        if all(each.is_dir() and not any(each.iterdir()) for each in (data_folder, key_folder)):
            shutil.copy(self.folder / DATABASE, data_folder)
            shutil.copy(self.folder / KEY, key_folder)

    def open_store(self, data_folder: Path, key_folder: Path, *, today: Callable[[], date] = date.today) -> SealedStore:
        """As an engine of the tests."""
        self.lay_down(data_folder, key_folder)
        return open_store(data_folder, key_folder, today=today)


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> FirstRun:
    folder = tmp_path_factory.mktemp("first-run")
    open_store(folder, folder).close()
    return FirstRun(folder)


@pytest.fixture(scope="session", params=["sqlite", "postgres", "memory"])
def engine(request: pytest.FixtureRequest) -> Callable[..., SealedStore]:
    """How a store is opened on each engine; what a test then asks, all of them owe."""
    match request.param:
        case "sqlite":
            return request.getfixturevalue("first_run").open_store
        case "postgres":
            return request.getfixturevalue("databases").open_store
        case _:
            return memory_engine.open_store


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where this test's app keeps its database and key, and nothing else that the environment says."""
    forget_settings(monkeypatch)
    for name in ("DATA", "KEYS"):
        monkeypatch.setenv(f"FIRM_FOOTING_{name}", str(tmp_path))
    close_store()
    yield tmp_path
    close_store()


@pytest.fixture(scope="session")
def compiled(of_all_processes: Path) -> FileSystemBytecodeCache:
    """Templates compiled once for every app that the tests make, in whichever process: each file is there whole or not
    at all, and for one text alone."""
    folder = of_all_processes / "templates"
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


@pytest.fixture
def restart(folder: Path, compiled: FileSystemBytecodeCache) -> Callable[[], Flask]:
    """The app as a new process would make it on the same folder."""

    def new_app() -> Flask:
        close_store()
        app = create_app()
        app.jinja_env.bytecode_cache = compiled
        return app

    return new_app


@pytest.fixture(scope="session")
def shared_app(compiled: FileSystemBytecodeCache) -> Flask:
    """One app for every test that changes nothing of it: routes and templates are the same each time."""
    with pytest.MonkeyPatch.context() as patch:
        forget_settings(patch)
        app = create_app()
    app.jinja_env.bytecode_cache = compiled
    return app


@pytest.fixture
def app(folder: Path, shared_app: Flask) -> Iterator[Flask]:
    """The app on a real store that holds nothing yet; CSRF and every other guard are on."""
    config, handlers = dict(shared_app.config), handlers_of(shared_app)
    shared_app.secret_key = None  # it is of the store
    budgets.init_app(shared_app)
    yield shared_app
    shared_app.config.clear()
    shared_app.config.update(config)
    assert handlers_of(shared_app) == handlers, "a test that changes the app puts it back, or takes one by restart()"


def handlers_of(app: Flask) -> str:
    """What answers a request; Flask notes where it found no handler, which is no change."""
    errors = [
        (name, code, found) for name, spec in app.error_handler_spec.items() for code, found in spec.items() if found
    ]
    return repr((errors, app.before_request_funcs, app.after_request_funcs, app.view_functions))


@pytest.fixture
def visitor(app: Flask, folder: Path, first_run: FirstRun) -> Visitor:
    """Somebody who opens pages; each page is checked (tests/page_checks.py)."""
    first_run.lay_down(folder, folder)
    return Visitor(app)


@dataclass(frozen=True)
class Reached:
    """Where a walk led: a folder as the store left it, and what the browser holds."""

    folder: Path
    cookies: dict[Any, Any]
    began: bool


@pytest.fixture(scope="session")
def reached() -> dict[tuple[object, date], Reached]:
    return {}


@pytest.fixture
def after(
    visitor: Visitor,
    folder: Path,
    reached: dict[tuple[object, date], Reached],
    tmp_path_factory: pytest.TempPathFactory,
) -> After:
    """The visitor after a walk that many tests begin with: gone once a day, then laid down as it was left."""

    def gone(walk: Callable[[Visitor], object]) -> Visitor:
        assert not store.cache_info().currsize, "a walk that is laid down begins with nothing"
        key = (walk, date.today())
        if key not in reached:
            walk(visitor)
            close_store()  # everything stands in the files now
            copy = shutil.copytree(folder, tmp_path_factory.mktemp("reached"), dirs_exist_ok=True)
            reached[key] = Reached(folder=copy, cookies=dict(visitor.client._cookies or {}), began=visitor.began)
        else:
            shutil.copytree(reached[key].folder, folder, dirs_exist_ok=True)
            visitor.client._cookies = dict(reached[key].cookies)
            visitor.began = reached[key].began
        return visitor

    return gone


def take_falls(visitor: Visitor) -> None:
    visitor.begin()
    visitor.tick()
    visitor.take("/falls/fell-past-year", {"fell-past-year": "yes"}, "no")
    visitor.see_plan()


@pytest.fixture
def after_falls(after: After) -> Visitor:
    """With the plan of somebody who fell, and said no to all else of that list."""
    return after(take_falls)


def take_falls_and_home(visitor: Visitor) -> None:
    visitor.begin()
    visitor.take("/about/age", {"age": "72", "sex": "female", "hospital-past-3-months": "no"}, "no")
    visitor.tick()
    visitor.take("/falls/fell-past-year", {"fell-past-year": "yes", "unsteady-walking": "yes"}, "no")
    visitor.take("/home/outside", {"floors-loose-rugs": "yes", "stairs-no-rails": "yes"}, "no")
    visitor.see_plan()


@pytest.fixture
def after_falls_and_home(after: After) -> Visitor:
    """Somebody of 72 with a raised risk, a plan, and more than three things to do."""
    return after(take_falls_and_home)


def forget_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REGION", "HOSTS", "PROXIES", "DEFINITIONS", "ZONE", "DATABASE", "LOG", "METRICS"):
        monkeypatch.delenv(f"FIRM_FOOTING_{name}", raising=False)


def close_store() -> None:
    if store.cache_info().currsize:
        store().close()
    store.cache_clear()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The browser that ./run found on this machine, instead of a downloaded one."""
    found = os.environ.get("FIRM_FOOTING_BROWSER")
    return {**browser_type_launch_args, "executable_path": found} if found else browser_type_launch_args


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The HTML of every paper that is asked for, which no renderer sees."""
    sheets: list[str] = []
    noting = SimpleNamespace(render=lambda page, *_, **__: sheets.append(page) or b"%PDF-")
    for place in ("web.on_paper.blank_paper", "web.visitor.paper"):
        monkeypatch.setattr(f"{place}.renderer", lambda: noting)
    return sheets
