"""Takes files from the print queue and makes them, a plan at a time, behind everything else.

`python -m commands.printing.worker` works until nothing was asked of it for a minute (`--stays`: or longer), or whoever
started it is gone. It may be killed at any moment: its lease ends, another makes the file, and nobody has it twice
(storage/print_queue.py). On PostgreSQL it may run on any machine, and hears of new jobs.
"""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from checklists import Definitions
from reports.batch.making import BatchFile, Binder, Stopped, make
from reports.batch.order import from_json
from reports.printing.binding import Binding
from storage import StorageError, Store
from storage.print_queue import PrintJob
from storage.time_limits import PRINT_LEASE
from web.core import logs
from web.core.settings import SettingError, definitions, log_lines
from web.core.stores import store, trust_pages
from web.visitor.stored_plan import content_of

NICENESS = 14
"""Behind the pages, and the child that draws is the last of all (pipe_protocol.py): a batch may wait."""
BEAT_SECONDS = PRINT_LEASE.seconds / 6
IDLE_SECONDS = 60.0
OF_COMMAND, STAYS, PARENT = "--of-command", "--stays", "--parent="
log = logging.getLogger("firm_footing")


class WorkerEnded(BaseException):
    """Somebody ends this process: what it works on was not tried."""


def make_next(
    queue: Store,
    binder: Binder,
    *,
    of_command: bool = False,
    is_wanted: Callable[[], bool] = lambda: True,
) -> bool:
    """Makes the next file of the queue, if there is one."""
    taken = queue.claim_print_job(of_command=of_command)
    if taken is None:
        return False
    job = taken.job
    try:
        with _beating(queue, job, is_wanted) as tell:
            made = make(from_json(taken.order), _definitions_of, binder, tell)
            _finish(queue, job, made)
    except (Stopped, WorkerEnded) as ended:
        queue.release_print_job(job.job_id, job.token, failed=False)  # nothing, where it is another's by now
        if isinstance(ended, WorkerEnded) or not is_wanted():
            raise WorkerEnded from None
    except Exception as error:  # whoever asked for it is told after some tries; other files are made meanwhile
        log.error("print queue: a file was not made: %s", type(error).__name__)
        with suppress(StorageError):
            queue.release_print_job(job.job_id, job.token, failed=True)
    return True


def about_made(about: Mapping[str, Any], made: BatchFile) -> dict[str, Any]:
    """What is said of a job when its file is there."""
    return {**about, "people": made.people, "pages": made.pages, "not_made": list(made.not_made)}


def _finish(queue: Store, job: PrintJob, made: BatchFile) -> None:
    queue.finish_print_job(job.job_id, job.token, result=made.file, about=about_made(job.about, made))


def _definitions_of(content_hash: str) -> Definitions:
    return content_of(content_hash) if content_hash else definitions()


@contextmanager
def _beating(queue: Store, job: PrintJob, is_wanted: Callable[[], bool]) -> Iterator[Callable[[int], None]]:
    """Says again and again that the work goes on, and yields how to say how far it is."""
    over, lost, progress = threading.Event(), threading.Event(), [0]

    def beat() -> None:
        with suppress(StorageError):  # busy: the lease is longer than one beat
            if not queue.beat_print_job(job.job_id, job.token, progress[0]):
                lost.set()

    def beat_on() -> None:
        while not over.wait(BEAT_SECONDS):
            beat()

    def tell(done: int) -> None:
        progress[0] = done
        beat()
        if lost.is_set() or not is_wanted():
            raise Stopped

    thread = threading.Thread(target=beat_on, name="beats", daemon=True)
    thread.start()
    try:
        yield tell
    finally:
        over.set()
        thread.join()


def main() -> None:
    """The worker's process."""
    with suppress(SettingError):  # a server has refused it before
        logs.set_up(log_lines())
    os.nice(NICENESS)
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C ends who started us, which then ends us
    trust_pages()  # whoever started us has gone through them
    parent = _parent(sys.argv)
    with suppress(WorkerEnded):
        work(store(), lambda: os.getppid() == parent, of_command=OF_COMMAND in sys.argv, stays=STAYS in sys.argv)
    store().close()


def _parent(options: Sequence[str]) -> int:
    """Who started us, as they say: one that died while we began is the parent of nobody any more."""
    named = (int(each.removeprefix(PARENT)) for each in options if each.startswith(PARENT))
    return next(named, os.getppid())


def work(queue: Store, is_wanted: Callable[[], bool], *, of_command: bool = False, stays: bool = False) -> None:
    """Makes what is due, and waits for more: for a minute, or as long as it is wanted."""
    binding, busy_at = Binding(), time.monotonic()
    with queue.print_calls(of_command=of_command) as calls:
        while is_wanted() and (stays or time.monotonic() - busy_at < IDLE_SECONDS):
            try:
                was_busy = make_next(queue, binding, of_command=of_command, is_wanted=is_wanted)
            except StorageError as error:
                log.error("print queue: %s", type(error).__name__)
                was_busy = False
            binding.start_anew(keep_child=was_busy)
            if was_busy:
                busy_at = time.monotonic()
            else:
                calls.wait()


def _end(*_: object) -> None:
    raise WorkerEnded


if __name__ == "__main__":
    main()
