"""Servers on one PostgreSQL, each with a key, a process group and a network of its own, and nginx before them."""

import http.client
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from lab.drill.several.places import Place, places
from lab.drill.several.programs import SEEING
from storage.postgres.engine import open_store
from storage.rows.sealing import KEY
from storage.store.store import SealedStore
from tests.postgres_server import PostgresServer, running
from tests.web_server import NAME, Front, front

ROOT = Path(__file__).parent.parent.parent.parent
START_SECONDS = 60


@dataclass
class Machine:
    """One server: `serve` with these settings, at its place. A machine that ended can be started again."""

    place: Place
    folder: Path
    database: str
    program: str = SEEING
    workers: int = 1
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def address(self) -> str:
        return f"{self.place.host}:{self.place.port}"

    def run(self, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        """Python on this machine, with the app's settings, in a process group of its own."""
        settings = {
            "DATABASE": self.database,
            "DATA": str(self.folder),
            "KEYS": str(self.folder),
            "HOSTS": NAME,
            "PROXIES": self.place.balancer,
        }
        others = {name: value for name, value in os.environ.items() if not name.startswith("FIRM_FOOTING_")}
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [*self.place.command, sys.executable, "-c", program, *arguments],
                cwd=ROOT,
                env={
                    **others,
                    **{f"FIRM_FOOTING_{name}": value for name, value in settings.items()},
                    "TMPDIR": str(self.folder),
                },
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if program != self.program else log,
                stderr=log,
                start_new_session=True,
            )

    def start(self) -> None:
        """Returns at once."""
        where = ("--host", self.place.host, "--port", str(self.place.port), "--workers", str(self.workers))
        self.process = self.run(self.program, "--app", "app", "serve", *where)

    def wait(self) -> None:
        """Until it says that it is ready."""
        deadline = time.monotonic() + START_SECONDS
        while self.asked("/readyz") != 200:
            if time.monotonic() > deadline or self.process is None or self.process.poll() is not None:
                raise RuntimeError(f"a server did not start: {(self.folder / 'log').read_text()}")
            time.sleep(0.1)

    def asked(self, path: str) -> int:
        """What it answers itself, and not through the balancer; 0 where nobody does."""
        try:
            with closing(http.client.HTTPConnection(self.place.host, self.place.port, timeout=5)) as connection:
                connection.request("GET", path)
                return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0

    def kill(self) -> None:
        """kill -9 of everything that belongs to it."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> int:
        """SIGTERM; the status with which it ends."""
        assert self.process is not None
        self.process.terminate()
        status = self.process.wait(60)
        self.process = None
        return status


@dataclass(frozen=True, kw_only=True)
class Site:
    """All of it: the machines, nginx before them, and the store as a machine has it that serves nobody."""

    machines: Sequence[Machine]
    front: Front
    store: SealedStore
    folder: Path

    @property
    def base_url(self) -> str:
        return f"https://{NAME}:{self.front.port}"

    @property
    def log(self) -> str:
        """Of every server."""
        return "\n".join((each.folder / "log").read_text() for each in self.machines)


@contextmanager
def site(
    count: int = 3,
    *,
    programs: Sequence[str] = (SEEING,),
    workers: int = 1,
    on_this_machine: bool = False,
    server: PostgresServer | None = None,
) -> Iterator[Site]:
    """So many machines with a new database, and nginx set up as docs/nginx.conf shows. The last program is that of all
    that have none of their own."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="firm-footing-several-")))
        database = (server or stack.enter_context(running())).new_database()
        keys = folder / "keys"
        keys.mkdir()
        store = stack.enter_context(closing(open_store(database, keys)))
        machines = []
        for number, place in enumerate(stack.enter_context(places(count, alone=on_this_machine))):
            own = folder / f"machine-{number + 1}"
            own.mkdir()
            shutil.copy(keys / KEY, own)
            program = programs[min(number, len(programs) - 1)]
            machines.append(Machine(place, own, database, program, workers))
            stack.callback(machines[-1].kill)
            machines[-1].start()
        for each in machines:
            each.wait()
        before = stack.enter_context(before_machines(folder, machines))
        yield Site(machines=machines, front=before, store=store, folder=folder)


@contextmanager
def before_machines(folder: Path, machines: Sequence[Machine]) -> Iterator[Front]:
    """nginx, set up as docs/nginx.conf shows."""
    own = folder / f"nginx-{secrets.token_hex(4)}"
    own.mkdir()
    with front("nginx", own, [each.address for each in machines]) as started:
        yield started
