"""kill -9 of print workers while they make files; afterwards each job is done, once, and its file is the right one."""

import math
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from lab.drill.kill import start_and_kill
from lab.drill.writing import Tell, content_of
from storage.print_queue import TakenJob
from storage.rows.sealed_rows import Row
from storage.rows.tables import PRINT_RESULTS
from storage.sqlite.engine import open_store
from storage.store import print_jobs
from storage.store.store import SealedStore
from storage.time_limits import PRINT_LEASE

WORKERS = 2
LEASE_SECONDS = 1
LONGEST_SECONDS = 0.5
LONGEST_ALONE_SECONDS = 600
MAKING_SECONDS = 0.002  # a file, which a plan takes a hundred times as long
Finish = Callable[[SealedStore, TakenJob, bytes, Tell], None]


@dataclass(frozen=True, kw_only=True)
class PrintKills:
    """What so many kills cost: jobs that never came out or came out wrong, and files that were handed out twice."""

    kills: int
    jobs: int
    lost: int
    doubled: int
    made_again: int


def kill_print_workers(jobs: int, kills: int, *, finish: Finish | None = None, seed: int = 1) -> PrintKills:
    """So many jobs, made by two workers of which all are killed again and again; the last ones are left alone."""
    chance = random.Random(seed)
    work = partial(_work_for_ever, finish=finish or finish_at_once)
    notes: list[str] = []
    killed = 0
    with TemporaryDirectory() as name, short_lease():
        folder = Path(name)
        with closing(open_store(folder, folder)) as store:
            ids = store.queue_print_jobs(None, [({"number": each}, {"number": each}) for each in range(jobs)])
        deadline = math.inf
        while killed < kills or not _is_over(folder):
            if killed >= kills:
                deadline = min(deadline, time.monotonic() + LONGEST_ALONE_SECONDS)
            if time.monotonic() > deadline:
                raise RuntimeError("print workers that are left alone do not come to an end")
            longest = LONGEST_SECONDS if killed < kills else 4 * LEASE_SECONDS
            notes += start_and_kill([work] * WORKERS, folder, chance, longest, after_the_first_note=True)
            killed += WORKERS
        with closing(open_store(folder, folder)) as store:
            return judged(store, ids, notes, killed)


def finish_in_two_steps(store: SealedStore, taken: TakenJob, file: bytes, tell: Tell) -> None:
    """The twin: the file is handed out first, and the job is done in a transaction of its own."""
    job = taken.job
    own = {"clinic_id": job.clinic_id, "expires": job.expires.isoformat()}
    with store._writing() as rows:
        rows.put(PRINT_RESULTS, Row(row_id=job.job_id, bound=own, plain=file))
    tell(f"made {job.job_id}")
    time.sleep(MAKING_SECONDS)
    store.finish_print_job(job.job_id, job.token, result=file, about=job.about)


def finish_at_once(store: SealedStore, taken: TakenJob, file: bytes, tell: Tell) -> None:
    job = taken.job
    if store.finish_print_job(job.job_id, job.token, result=file, about=job.about):
        tell(f"made {job.job_id}")


def _work_for_ever(folder: Path, tell: Tell, *, finish: Finish) -> None:
    store = open_store(folder, folder, check_pages=False)
    tell("begun")
    while True:
        taken = store.claim_print_job()
        if taken is None:
            time.sleep(MAKING_SECONDS)
            continue
        tell(f"taken {taken.job.job_id}")
        store.beat_print_job(taken.job.job_id, taken.job.token, 1)
        time.sleep(MAKING_SECONDS)
        finish(store, taken, file_of(taken.order["number"]), tell)


def file_of(number: int) -> bytes:
    return content_of(number).encode()


def _is_over(folder: Path) -> bool:
    with closing(open_store(folder, folder, check_pages=False)) as store:
        return all(each.state not in ("waiting", "running") for each in store.list_print_jobs(None))


def judged(store: SealedStore, ids: tuple[str, ...], notes: list[str], kills: int) -> PrintKills:
    """What became of these jobs, and how often each was taken and handed out."""
    made, taken = (
        Counter(line.split()[1] for line in notes if line.startswith(f"{word} ")) for word in ("made", "taken")
    )
    done = {each.job_id for each in store.list_print_jobs(None) if each.state == "done"}
    right = [
        job_id in done and store.get_print_result(None, job_id) == file_of(number) for number, job_id in enumerate(ids)
    ]
    return PrintKills(
        kills=kills,
        jobs=len(ids),
        lost=right.count(False),
        doubled=sum(count > 1 for count in made.values()),
        made_again=sum(count - 1 for count in taken.values()),
    )


@contextmanager
def short_lease() -> Iterator[None]:
    """A dead worker's job is taken up within a second, so that a drill need not wait a minute each time."""
    with patch.object(print_jobs, "PRINT_LEASE", replace(PRINT_LEASE, after=timedelta(seconds=LEASE_SECONDS))):
        yield
