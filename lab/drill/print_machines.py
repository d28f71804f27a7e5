"""Two print workers on one PostgreSQL, as on two machines, of which one is killed in the middle and never comes back.

The other is called to each job, and takes over what was left when its lease ends.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from lab.drill.print_queue import PrintKills, file_of, finish_at_once, finish_in_two_steps, judged, short_lease
from storage.postgres.engine import open_store
from tests.postgres_server import running
from tests.processes import wait_until

ROOT = Path(__file__).parent.parent.parent
AFTER_JOBS = 5
"""So many the victim has made when it is killed."""
MAKING_SECONDS = 0.02
SEEN_SECONDS = 0.05
LONGEST_SECONDS = 120
Moment = Literal["taken", "made"]


def kill_a_print_machine(jobs: int, moment: Moment, *, in_two_steps: bool = False) -> PrintKills:
    """So many jobs; the victim is killed as soon as it has taken its next one, or handed out the file of it."""
    with (
        running() as server,
        TemporaryDirectory() as name,
        short_lease(),
        closing(open_store(address := server.new_database(), Path(name))) as store,
    ):
        machines = [_start(address, Path(name), number, in_two_steps=in_two_steps) for number in range(2)]
        notes = [Path(name) / f"notes-{number}" for number in range(2)]
        try:
            _wait_until(lambda: all("begun" in each.read_text() for each in notes))
            ids = store.queue_print_jobs(None, [({"number": each}, {"number": each}) for each in range(jobs)])
            # Whichever is quicker: on a busy machine it may take nearly all before the other is called.
            _wait_until(lambda: any(_count(each)[moment] > AFTER_JOBS for each in notes))
            victim = max(range(2), key=lambda number: _count(notes[number])[moment])
            machines[victim].send_signal(signal.SIGKILL)
            machines[victim].wait()
            _wait_until(lambda: all(each.state not in ("waiting", "running") for each in store.list_print_jobs(None)))
        finally:
            for each in machines:
                each.kill()
                each.wait()
        return judged(store, ids, [line for each in notes for line in each.read_text().splitlines()], 1)


def _start(address: str, folder: Path, number: int, *, in_two_steps: bool) -> subprocess.Popen[bytes]:
    notes = folder / f"notes-{number}"
    notes.touch()
    command = [sys.executable, "-m", "lab.drill.print_machines", address, str(folder), str(notes), str(in_two_steps)]
    return subprocess.Popen(command, cwd=ROOT)


def _count(notes: Path) -> Counter[str]:
    return Counter(line.split()[0] for line in notes.read_text().splitlines())


def _wait_until(is_so: Callable[[], bool]) -> None:
    wait_until(is_so, seconds=LONGEST_SECONDS, otherwise="the print machines do not go on", pause=0.01)


def work(address: str, folder: Path, notes: Path, *, in_two_steps: bool) -> None:
    """A machine: it takes what it is called to, as commands/printing/worker.py does, and makes a small file of it."""
    finish = finish_in_two_steps if in_two_steps else finish_at_once
    file = os.open(notes, os.O_WRONLY | os.O_APPEND)

    def tell(line: str) -> None:
        os.write(file, f"{line}\n".encode())  # what is written outlives the process, whatever kills it
        if in_two_steps and line.startswith("made"):
            time.sleep(SEEN_SECONDS)  # or whoever kills it, who looks every 10 ms, may come after the second step

    with short_lease(), closing(open_store(address, folder)) as store, store.print_calls() as calls:
        tell("begun")
        while True:
            taken = store.claim_print_job()
            if taken is None:
                calls.wait()
                continue
            tell(f"taken {taken.job.job_id}")
            store.beat_print_job(taken.job.job_id, taken.job.token, 1)
            time.sleep(MAKING_SECONDS)
            finish(store, taken, file_of(taken.order["number"]), tell)


if __name__ == "__main__":
    work(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), in_two_steps=sys.argv[4] == "True")
