"""A clinic's batch: against bare WeasyPrint, its memory over many files, two workers, and the pages beside it."""

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from itertools import islice
from pathlib import Path

from checklists import assess, load_definitions
from lab.bench.figures import Figure
from lab.bench.paper import CLINIC, ROOT, any_papers, bare
from lab.drill.server import Sender, people_at, serving
from lab.people.records import DAY, person, records
from reports.batch.order import Order, PersonToPrint, in_parts, to_json
from reports.paper.document import plan_html
from reports.paper.plan_paper import PrintOptions
from reports.plan.plan_json import issue_plan
from reports.plan.plan_json import to_json as plan_to_json
from reports.printing.binding import Binding
from storage.sqlite.engine import open_store
from storage.store.store import SealedStore

MANY = 4  # files of 60 plans: each more has to need nothing more
FOR_TWO = 24  # plans in each of eight files
WALKING, THREADS, SECONDS, PACE_SECONDS = 200, 16, 12.0, 0.025
PAGE = "/falls/holds-furniture"
OPTIONS = PrintOptions(region="us", language="en", printed_on=date.fromisoformat(DAY))


def measure() -> list[Figure]:
    """Each ratio within one run."""
    return [_one_file(), *_memory(), _two_workers(), _beside_pages()]


def _one_file() -> Figure:
    """Sixty people, each way in a process of its own."""
    ours, theirs = (_seconds(way) for way in ("ours", "bare"))
    return Figure(name=f"{CLINIC} plans as one tagged PDF / bare WeasyPrint, time", value=ours / theirs, limit=0.85)


def _seconds(way: str) -> float:
    command = [sys.executable, "-m", "lab.bench.batch", way]
    return float(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


def _make_one_file(way: str) -> None:
    """Processor seconds, printed."""
    from reports.printing.pile import Pile

    papers = list(any_papers(CLINIC))
    bare(plan_html(papers[:1], "letter"))
    started, pile = time.process_time(), Pile()
    if way == "ours":
        for paper in papers:
            pile.add(plan_html([paper], "letter"))
        pile.bind()
    else:
        bare(plan_html(papers, "letter"))
    print(time.process_time() - started)


def _memory() -> list[Figure]:
    """What the drawing child takes for a file, and how much it grows to the last: 1,000 plans are 17 of them."""
    papers, binding = [plan_html([paper], "letter") for paper in islice(any_papers(CLINIC), CLINIC)], Binding()
    peaks = []
    for _ in range(MANY):
        for html in papers:
            binding.add(html)
        binding.bind("")
        peaks.append(_peak_megabytes(binding._child.start().pid))
    binding.start_anew(keep_child=False)
    return [
        Figure(name=f"memory for {CLINIC} plans", value=peaks[0], unit="MB", limit=350),
        Figure(name=f"memory after {MANY} files, above that of two", value=peaks[-1] - peaks[1], unit="MB", limit=20),
    ]


def _peak_megabytes(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _two_workers() -> Figure:
    one, two = (_seconds_with(each) for each in (1, 2))
    return Figure(name="two workers, rate / one", value=one / two, limit=1.7, at_least=True)


def _seconds_with(workers: int) -> float:
    """From the first file that was begun to the last that is there."""
    with tempfile.TemporaryDirectory() as name, closing(open_store(Path(name), Path(name))) as store:
        _queue(store, 8, FOR_TWO)
        places = dict.fromkeys(("FIRM_FOOTING_DATA", "FIRM_FOOTING_KEYS"), name)
        command = [sys.executable, "-m", "commands.printing.worker"]
        running = [subprocess.Popen(command, cwd=ROOT, env={**os.environ, **places}) for _ in range(workers)]
        while not any(each.progress for each in store.list_print_jobs(None)):
            time.sleep(0.05)
        started = time.monotonic()
        while any(each.state != "done" for each in store.list_print_jobs(None)):
            time.sleep(0.05)
        seconds = time.monotonic() - started
        for each in running:
            each.terminate()
        for each in running:
            each.wait()
    return seconds


def _queue(store: SealedStore, files: int, plans: int) -> None:
    known = load_definitions()
    people = []
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


def _beside_pages() -> Figure:
    """200 people go from page to page, 40 pages a second, first alone and then beside a batch of the same server."""
    with tempfile.TemporaryDirectory() as name:
        walking, port = people_at(Path(name), WALKING)
        with serving(Path(name), port):
            _walk(walking[:THREADS], 2.0)
            alone = _walk(walking, SECONDS)
            with closing(open_store(Path(name), Path(name), check_pages=False)) as store:
                _queue(store, 6, CLINIC)
                while not any(each.progress for each in store.list_print_jobs(None)):
                    time.sleep(0.1)
                beside = _walk(walking, SECONDS)
                if all(each.state == "done" for each in store.list_print_jobs(None)):
                    raise RuntimeError("the batch was over before the walk was")
    value = _95th(beside) / _95th(alone)
    return Figure(name="a question page beside a batch / alone, 95th percentile", value=value, limit=2)


def _walk(people: Sequence[Sender], seconds: float) -> list[float]:
    """Milliseconds of each page; one is asked for every so often, whoever still waits."""
    took: list[float] = []
    local = threading.local()

    def ask(each: Sender) -> None:
        if not hasattr(local, "connection"):
            local.connection = http.client.HTTPConnection("127.0.0.1", each.port, timeout=60)
        started = time.perf_counter()
        local.connection.request("GET", PAGE, headers={"Cookie": each.cookie})
        answer = local.connection.getresponse()
        answer.read()
        if answer.status not in (200, 303):
            raise RuntimeError(f"{PAGE} answered {answer.status}")
        took.append((time.perf_counter() - started) * 1000)

    with ThreadPoolExecutor(THREADS) as threads:
        asked = []
        for number in range(int(seconds / PACE_SECONDS)):
            asked.append(threads.submit(ask, people[number % len(people)]))
            time.sleep(PACE_SECONDS)
        for each in asked:
            each.result()
    return took


def _95th(took: list[float]) -> float:
    return statistics.quantiles(took, n=20)[-1]


if __name__ == "__main__":
    _make_one_file(sys.argv[1])
