"""kill -9: writers and first runs ended at a random moment, then all that was acknowledged is read."""

import json
import operator
import os
import random
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from storage import StorageError
from storage.sqlite import SqliteStore, open_store

WRITERS = 2  # at once, each a process of its own
LONGEST_WRITING_SECONDS = 0.2
LONGEST_FIRST_RUN_SECONDS = 0.012

Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Kills:
    """What some kills cost; an answer that came back changed counts as lost."""

    kills: int
    acknowledged: int
    lost: int


def kill_writers(kills: int, *, seed: int = 1) -> Kills:
    """What that many killed writers lost of the answers that they had acknowledged."""
    chance = random.Random(seed)
    told: list[str] = []
    with TemporaryDirectory() as name:
        folder = Path(name)
        open_store(folder, folder).close()
        for _ in range(kills // WRITERS):
            told += _start_and_kill([_write_for_ever] * WRITERS, folder, chance, LONGEST_WRITING_SECONDS)
        lost = _count_missing(folder, told)
    return Kills(kills=kills, acknowledged=len(told), lost=lost)


def kill_first_runs(kills: int, *, seed: int = 1) -> int:
    """How many killed first runs left folders that a second start does not open; each one is a failure."""
    chance = random.Random(seed)
    stuck = 0
    for _ in range(kills):
        with TemporaryDirectory() as name:
            _start_and_kill([_open_only], Path(name), chance, LONGEST_FIRST_RUN_SECONDS)
            try:
                open_store(Path(name), Path(name)).close()
            except StorageError:
                stuck += 1
    return stuck


def _write_for_ever(folder: Path, tell: Tell) -> None:
    store = open_store(folder, folder)
    record_id = store.create_record(content_hash="content", data={}).record_id
    for number in count():
        answer = {f"question-{number}": "yes"}
        draft = store.change_draft(record_id, partial(operator.or_, answer), content_hash="content")
        sent = store.submit(record_id, submit_key=str(number), content_hash="content", data=draft.data)
        tell(json.dumps({"record": record_id, "name": f"question-{number}", "submission": sent.submission_id}))


def _open_only(folder: Path, _: Tell) -> None:
    open_store(folder, folder)
    time.sleep(1)


def _start_and_kill(
    works: Sequence[Callable[[Path, Tell], None]], folder: Path, chance: random.Random, longest_seconds: float
) -> list[str]:
    """What the processes told before they were killed, as whole lines."""
    children = [_fork(work, folder) for work in works]
    time.sleep(chance.uniform(0, longest_seconds))
    for process, _ in children:
        os.kill(process, signal.SIGKILL)
    told: list[str] = []
    for process, pipe in children:
        os.waitpid(process, 0)
        with open(pipe) as lines:
            told += [line for line in lines if line.endswith("\n")]
    return told


def _fork(work: Callable[[Path, Tell], None], folder: Path) -> tuple[int, int]:
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    try:
        work(folder, partial(_tell, writing))
    finally:
        os._exit(1)


def _tell(pipe: int, line: str) -> None:
    os.write(pipe, f"{line}\n".encode())  # one write: a line arrives whole or not at all


def _count_missing(folder: Path, lines: Sequence[str]) -> int:
    store = open_store(folder, folder)
    lost = sum(not _is_kept(store, json.loads(line)) for line in lines)
    store.close()
    return lost


def _is_kept(store: SqliteStore, told: Mapping[str, str]) -> bool:
    try:
        draft = store.get_draft(told["record"])
        submission = store.get_submission(told["record"], told["submission"])
    except StorageError:
        return False
    return (draft.data[told["name"]], submission.data[told["name"]]) == ("yes", "yes")
