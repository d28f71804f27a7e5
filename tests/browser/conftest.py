"""A phone with a real browser, and a server of its own: flask serve on a store that holds nothing yet."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from checklists import Definitions
from storage.sqlite.engine import open_store
from tests.browser.phone import SIZE, Phone
from tests.browser.seeds import Seeds
from tests.processes import wait_until
from tests.web_server import free_port, is_listening

ROOT = Path(__file__).parent.parent.parent
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
# What is waited for comes, or it is a fault: five seconds, as is usual, are not enough for a machine with much to do.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = os.environ.get("FIRM_FOOTING_BROWSER", "/usr/bin/chromium")
    one_process_fewer = "--in-process-gpu"  # a tenth of what a page costs went to talking with it
    quick = "--js-flags=--always-sparkplug"  # axe is new on each page: compiled at once, it is a tenth less work
    return {**browser_type_launch_args, "executable_path": path, "args": [*ARGUMENTS, one_process_fewer, quick]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    phone = {"viewport": SIZE, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
    return {**browser_context_args, **phone}


@dataclass(frozen=True)
class Served:
    """A server of its own, and the folder of its database and key."""

    url: str
    folder: Path


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """flask serve, as a newcomer starts it."""
    folder = tmp_path_factory.mktemp("served")
    with serving(folder) as url:
        yield Served(url=url, folder=folder)


@pytest.fixture(scope="session")
def base_url(served: Served) -> str:
    return served.url


@pytest.fixture(scope="session")
def seeds(served: Served, definitions: Definitions) -> Iterator[Seeds]:
    """Records put straight into the store of that server."""
    store = open_store(served.folder, served.folder)
    yield Seeds(store, definitions)
    store.close()


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a server on this folder, until the block ends."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FIRM_FOOTING_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "serve", "--port", str(port)],
        cwd=ROOT,
        env={**environment, "FIRM_FOOTING_DATA": str(folder), "FIRM_FOOTING_KEYS": str(folder)},
        stdout=subprocess.DEVNULL,
    )
    wait_for(port, process)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=60)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    wait_until(lambda: process.poll() is not None or is_listening(port), seconds=60, otherwise="nobody answers")
    assert process.poll() is None, "the server has ended"


@pytest.fixture(scope="session")
def used_phone(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Phone]:
    context = browser.new_context(**browser_context_args)
    yield Phone(context)
    context.close()


@pytest.fixture
def phone(used_phone: Phone, base_url: str) -> Phone:
    """A phone, 390 by 844, wiped for each test, as a new one costs more than most do; `phone.check()` looks it over."""
    used_phone.wipe(base_url)
    return used_phone


@pytest.fixture
def own_phone(context: BrowserContext) -> Phone:
    """A phone for one test: what it sets is of the whole browser, or its first visit counts."""
    return Phone(context)


@pytest.fixture
def phone_without_javascript(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Phone]:
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    yield Phone(context)
    context.close()
