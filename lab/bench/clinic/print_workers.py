"""Workers that print: two beside one, and whether a thousand plans need more memory than a hundred.

Judged by the clock, which on two cores wants a quiet machine; and beside it without the time for which they were ready
to go on and had no core, as the system counts it. That is reckoned, and can be told on a busy machine too. It takes out
also what the two, their drawing children and this measurement took from each other: it is no rate that anybody sees.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from checklists import assess, load_definitions
from lab.bench.clinic.processes import resident_megabytes, spent, tree
from lab.bench.figures import Figure
from lab.bench.paper import ROOT
from lab.people.records import DAY, person, records
from reports.batch.order import Order, PersonToPrint, in_parts, to_json
from reports.paper.plan_paper import PrintOptions
from reports.plan.plan_json import issue_plan
from reports.plan.plan_json import to_json as plan_to_json
from storage.sqlite.engine import open_store
from storage.store.store import SealedStore
from tests.processes import wait_until

PAIRS, PLANS_A_FILE, FILES_A_WORKER = 3, 10, 3
LEAST_TIMES = 1.7
MANY, FILE = 1_000, 60
STAGES = (100, 500, 1_000)
LOOK_SECONDS = 0.1
START_SECONDS, LONGEST_PLAN_SECONDS = 120, 10
OPTIONS = PrintOptions(region="us", language="en", printed_on=date.fromisoformat(DAY))


def measure() -> list[Figure]:
    """One and two workers in turn, several times."""
    return judged([(_rate(1), _rate(2)) for _ in range(PAIRS)])


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Plans in a second: by the clock, and less the waits for a core."""

    by_clock: float
    without_waits: float


def judged(pairs: Sequence[tuple[Rate, Rate]]) -> list[Figure]:
    """The medians of the rates of two workers to those of one."""
    one, two = zip(*pairs, strict=True)

    def times(of: Callable[[Rate], float]) -> float:
        return statistics.median(map(of, two)) / statistics.median(map(of, one))

    clock, waits = times(lambda each: each.by_clock), times(lambda each: each.without_waits)
    return [
        Figure(name="two workers, rate / one by the clock", value=clock, limit=LEAST_TIMES, at_least=True),
        Figure(name="the same reckoned without waits for a core", value=waits, limit=LEAST_TIMES, at_least=True),
    ]


def measure_memory(plans: int = MANY) -> list[Figure]:
    """So many plans in files of 60 by two workers: what each of them holds at most in a file, as more are done."""
    a_file = max(1, plans * FILE // MANY)
    highest = dict.fromkeys(STAGES, 0.0)
    with _working(2, -(-plans // a_file), a_file) as work:
        done = 0
        deadline = time.monotonic() + START_SECONDS + plans * LONGEST_PLAN_SECONDS
        while done < plans:
            if time.monotonic() > deadline:
                raise RuntimeError(f"only {done} of {plans} plans were made")
            time.sleep(LOOK_SECONDS)
            done = work.bound()
            stage = next((each for each in STAGES if done < _whole_files(each * plans // MANY, 2 * a_file)), STAGES[-1])
            highest[stage] = max(highest[stage], *(resident_megabytes(tree(each)) for each in work.processes))
    of_100, of_500, of_1000 = (highest[each] for each in STAGES)
    print(f"  a worker with its child: {', '.join(f'{value:.0f} MB to {of}' for of, value in highest.items())}")
    return [
        Figure(name="memory of a worker, to the 500th plan / to the 100th", value=of_500 / of_100, limit=1.1),
        Figure(name="memory of a worker, to the 1,000th plan / to the 100th", value=of_1000 / of_100, limit=1.1),
    ]


def _whole_files(plans: int, together: int) -> int:
    """The files in which the last of so many plans is are counted whole, and bound."""
    return -(-plans // together) * together


def _rate(workers: int) -> Rate:
    """From when each has begun to when the files run out."""
    with _working(workers, workers * FILES_A_WORKER, PLANS_A_FILE) as work:
        wait_until(
            lambda: work.under_way() >= workers,
            seconds=START_SECONDS,
            otherwise="not every worker has begun",
            pause=LOOK_SECONDS / 4,
        )
        trees = [tree(each) for each in work.processes]
        began, before, done_before = time.monotonic(), [spent(each) for each in trees], work.done()
        wait_until(
            lambda: not work.is_full(),
            seconds=workers * FILES_A_WORKER * PLANS_A_FILE * LONGEST_PLAN_SECONDS,
            otherwise="the files do not run out",
            pause=LOOK_SECONDS / 4,
        )
        seconds, done = time.monotonic() - began, work.done() - done_before
        took = [spent(each) - earlier for each, earlier in zip(trees, before, strict=True)]
    waited = statistics.mean(each.waiting for each in took)
    idle = seconds - waited - statistics.mean(each.running for each in took)
    rate = Rate(by_clock=done / seconds, without_waits=done / (seconds - waited))
    print(
        f"  {workers} at work: {rate.by_clock:.2f} plans a second by the clock, {rate.without_waits:.2f} without waits "
        f"for a core, {100 * waited / seconds:.0f}% of the time; {100 * idle / seconds:.0f}% went to other waits",
        flush=True,
    )
    return rate


@dataclass(frozen=True, kw_only=True)
class Work:
    """Workers and the files that they make."""

    store: SealedStore
    processes: Sequence[int]
    plans_a_file: int

    def done(self) -> int:
        """How many plans are laid out."""
        jobs = self.store.list_print_jobs(None)
        return sum(self.plans_a_file if each.state == "done" else each.progress for each in jobs)

    def bound(self) -> int:
        """How many are in files that are done: a worker holds most when it binds one, after its last plan."""
        return sum(self.plans_a_file for each in self.store.list_print_jobs(None) if each.state == "done")

    def under_way(self) -> int:
        """How many files are under way, with a plan done or more."""
        return sum(each.state == "running" and each.progress > 0 for each in self.store.list_print_jobs(None))

    def is_full(self) -> bool:
        """Whether there is still a file for each worker."""
        left = [each for each in self.store.list_print_jobs(None) if each.state != "done"]
        return len(left) >= len(self.processes)


@contextmanager
def _working(workers: int, files: int, plans: int) -> Iterator[Work]:
    with TemporaryDirectory() as name, closing(open_store(Path(name), Path(name))) as store:
        queue_plans(store, files, plans)
        places = dict.fromkeys(("FIRM_FOOTING_DATA", "FIRM_FOOTING_KEYS"), name)
        command = [sys.executable, "-m", "commands.printing.worker"]
        running = [subprocess.Popen(command, cwd=ROOT, env={**os.environ, **places}) for _ in range(workers)]
        try:
            yield Work(store=store, processes=[each.pid for each in running], plans_a_file=plans)
        finally:
            for each in running:
                each.terminate()
            for each in running:
                _end(each)


def _end(worker: "subprocess.Popen[bytes]") -> None:
    try:
        worker.wait(START_SECONDS)
    except subprocess.TimeoutExpired:
        worker.kill()
        raise


def wait_until_printing(store: SealedStore) -> None:
    """Until the first plan of what was queued is done."""
    wait_until(
        lambda: any(each.progress for each in store.list_print_jobs(None)),
        seconds=START_SECONDS,
        otherwise="nobody prints what was queued",
        pause=LOOK_SECONDS,
    )


def queue_plans(store: SealedStore, files: int, plans: int) -> None:
    """So many files, each of the same so many people."""
    known, people = load_definitions(), []
    for row, record in enumerate(records(plans), start=1):
        issued = issue_plan(known, assess(known, person(known, record)), date.fromisoformat(DAY))
        people.append(
            PersonToPrint(
                row=row,
                label=f"AB-{row}",
                options=OPTIONS,
                plan=plan_to_json(issued),
                content_hash=known.content_hash,
            )
        )
    order = Order(kind="pdf", options=OPTIONS, entries=tuple(people), with_urgent=True)
    jobs = [({"plans": len(part.printed)}, to_json(part)) for part in in_parts(order)]
    store.queue_print_jobs(None, jobs * files)
