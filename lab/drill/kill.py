"""kill -9: writers and first runs ended at a random moment, then all that was acknowledged is read and sent again."""

import os
import random
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from lab.drill.judging import WriterLosses, judge
from lab.drill.writing import Tell, late_store, write_for_ever
from storage import StorageError
from storage.sqlite.engine import open_store
from storage.store.store import SealedStore
from tests.processes import wait_until

WRITERS = 2  # at once, each a process of its own
LONGEST_WRITING_SECONDS = 0.8
LONGEST_FIRST_RUN_SECONDS = 0.012
MOST_TIMES_AS_MANY = 5  # kills, until enough was written


@dataclass(frozen=True, kw_only=True)
class Kills:
    """What some kills cost; what came back changed counts as lost."""

    kills: int
    cost: WriterLosses


def kill_writers(
    kills: int,
    *,
    at_least: int = 0,
    seed: int = 1,
    longest_seconds: float = LONGEST_WRITING_SECONDS,
    open_one: Callable[[Path], SealedStore] | None = None,
) -> Kills:
    """What so many killed writers of everything, or more, cost of the writes, `at_least` so many, acknowledged."""
    chance = random.Random(seed)
    work = partial(write_for_ever, open_one=open_one or _open_here)
    seen: list[str] = []
    killed = 0
    with TemporaryDirectory() as name:
        folder = Path(name)
        _open_here(folder).close()
        for _ in range(MOST_TIMES_AS_MANY * max(kills, WRITERS)):
            if killed >= kills and sum('"is": "done"' in line for line in seen) >= at_least:
                break
            killed += WRITERS
            seen += start_and_kill([work] * WRITERS, folder, chance, longest_seconds, after_the_first_note=True)
        else:
            raise RuntimeError(f"{killed} killed writers were acknowledged less than {at_least:,} writes")
        cost = judge(folder, seen)
    return Kills(kills=killed, cost=cost)


def kill_early_acknowledgers(kills: int, *, longest_seconds: float = LONGEST_WRITING_SECONDS) -> Kills:
    """The twin: the same with a store that acknowledges before it commits, which has to lose something."""
    return kill_writers(kills, longest_seconds=longest_seconds, open_one=late_store)


def kill_first_runs(kills: int, *, seed: int = 1) -> int:
    """How many killed first runs left folders that a second start does not open; each one is a failure."""
    chance = random.Random(seed)
    stuck = 0
    for _ in range(kills):
        with TemporaryDirectory() as name:
            start_and_kill([_open_only], Path(name), chance, LONGEST_FIRST_RUN_SECONDS, after_the_first_note=False)
            try:
                open_store(Path(name), Path(name)).close()
            except StorageError:
                stuck += 1
    return stuck


def _open_here(folder: Path) -> SealedStore:
    return open_store(folder, folder)


def _open_only(folder: Path, _: Tell) -> None:
    open_store(folder, folder)
    time.sleep(1)


def start_and_kill(
    works: Sequence[Callable[[Path, Tell], None]],
    folder: Path,
    chance: random.Random,
    longest_seconds: float,
    *,
    after_the_first_note: bool,
) -> list[str]:
    """What the processes noted before they were killed, as whole lines."""
    notes = [folder / f"notes-{number}" for number in range(len(works))]
    children = [_fork(work, folder, each) for work, each in zip(works, notes, strict=True)]
    if after_the_first_note:
        _wait_for_any(notes)
    time.sleep(chance.uniform(0, longest_seconds))
    for process in children:
        os.kill(process, signal.SIGKILL)
    for process in children:
        os.waitpid(process, 0)
    seen = [line for each in notes for line in each.read_text().splitlines(keepends=True) if line.endswith("\n")]
    for each in notes:
        each.unlink()
    return seen


def _wait_for_any(notes: Sequence[Path]) -> None:
    wait_until(lambda: any(each.stat().st_size for each in notes), otherwise="no writer began", pause=0.01)


def _fork(work: Callable[[Path, Tell], None], folder: Path, notes: Path) -> int:
    file = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    process = os.fork()
    if not process:
        try:
            work(folder, partial(_tell, file))
        finally:
            os._exit(1)
    os.close(file)
    return process


def _tell(file: int, line: str) -> None:
    os.write(file, f"{line}\n".encode())  # what is written outlives the process, whatever kills it
