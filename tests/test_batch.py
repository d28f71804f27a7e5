"""A batch of paper: ordered, divided, made a plan at a time, and put through the queue by a command that may be killed."""

import io
import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path

import pikepdf
import pytest

from checklists import Definitions, assess
from commands.printing.worker import make_next
from lab.people.records import person, records
from reports.batch.making import BatchFile, Stopped, _papers, make
from reports.batch.order import MOST_PAGES, Missing, Order, PersonToPrint, from_json, in_parts, to_json
from reports.paper.plan_paper import PrintOptions
from reports.plan.plan_json import issue_plan
from reports.plan.plan_json import to_json as plan_to_json
from reports.printing.binding import Binding
from reports.printing.pile import Pile
from reports.printing.renderer import RenderFailed
from storage.print_queue import MOST_TRIES
from storage.sqlite.engine import open_store
from storage.store.store import SealedStore
from tests.pdf_text import pages_of
from tests.processes import NEVER_SECONDS, wait_until

ROOT = Path(__file__).parent.parent
DAY = date(2026, 11, 29)
OPTIONS = PrintOptions(
    region="us", language="en", clinic="Hill Street Clinic, 555-0142", printed_by="Ana Ruiz", printed_on=DAY
)
LABELS = ("AB-12", 'María <b>"x"\\ 4', "Zachary " * 10, "دعاء 12", "J 7")


@pytest.fixture(scope="module")
def entries(definitions: Definitions) -> tuple[PersonToPrint, ...]:
    """Five people, each otherwise: Spanish and large, with a clinician's page, on A4, to be spoken with first."""
    found = []
    for row, record in enumerate(islice(records(5), 5), start=3):
        issued = issue_plan(definitions, assess(definitions, person(definitions, record)), DAY)
        entry = PersonToPrint(row=row, label=LABELS[row - 3].strip(), options=OPTIONS, plan=plan_to_json(issued))
        found.append(replace(entry, content_hash=definitions.content_hash))
    spanish = replace(found[1], options=replace(OPTIONS, language="es", points=18))
    clinical = replace(found[2], options=replace(OPTIONS, for_clinician=True))
    a4 = replace(found[3], options=replace(OPTIONS, page="a4"), blank=("home",))
    return (found[0], spanish, clinical, a4, replace(found[4], speak_first=True))


@pytest.fixture(scope="module")
def order(entries: tuple[PersonToPrint, ...]) -> Order:
    blank = PersonToPrint(row=9, label="C 9", options=OPTIONS, blank=("falls",))
    missing = (Missing(row=11, label="D 11", why="has not answered yet"),)
    return Order(
        kind="pdf", options=OPTIONS, entries=(*entries, blank), missing=missing, title="Monday", start="http://c"
    )


class Here:
    """A pile in this process; some papers cannot be made."""

    def __init__(self, is_unprintable: Callable[[str], bool] = lambda _: False) -> None:
        self.pile, self.is_unprintable, self.held = Pile(), is_unprintable, 0

    def add(self, html: str) -> int:
        if self.is_unprintable(html):
            raise RenderFailed
        self.held += 1
        return self.pile.add(html)

    def drop(self, papers: int) -> None:
        self.held -= papers
        self.pile.drop(papers)

    def bind(self, first: str) -> bytes:
        self.held = 0
        return self.pile.bind(first)


def made(definitions: Definitions, order: Order, binder: Here | None = None) -> BatchFile:
    return make(order, lambda _: definitions, binder or Here(), lambda _: None)


@pytest.fixture(scope="module")
def batch(definitions: Definitions, order: Order) -> BatchFile:
    return made(definitions, from_json(json.loads(json.dumps(to_json(order)))))


def texts_of(pdf: bytes) -> list[str]:
    return [" ".join(page.split()) for page in pages_of(pdf)]


@pytest.fixture(scope="module")
def texts(batch: BatchFile) -> list[str]:
    return texts_of(batch.file)


def test_blank_lists_ask_the_age_and_the_signs_too_where_no_plan_knows_them(definitions, entries) -> None:
    def sheets(entry: PersonToPrint) -> str:
        order = Order(kind="pdf", options=OPTIONS, entries=(entry,), missing=(), title="Monday", start="http://c")
        return "".join(_papers(entry, order, lambda _: definitions))

    nobody = PersonToPrint(row=9, label="C 9", options=OPTIONS, blank=("falls", "bone"))
    for lists in (("falls",), ("falls", "bone"), ("home",)):
        html = sheets(replace(nobody, blank=lists))
        assert "How old are you?" in html
        assert "None of these" in html
    assert "How old are you?" not in sheets(replace(entries[3], plan=entries[3].plan, blank=("home",)))


def test_everybody_begins_on_a_sheet_of_their_own_with_own_numbers_and_their_label_on_every_page(
    batch: BatchFile, texts: list[str]
) -> None:
    cover, empty, *pages = texts
    assert ("Hill Street Clinic, 555-0142" in cover, empty) == (True, "")
    assert (batch.people, batch.not_made) == (5, ())
    numbered = [text for text in pages if text]
    assert batch.pages == len(numbered)
    starts = [place for place, text in enumerate(pages) if "Page 1 of" in text or "Página 1 de" in text]
    assert len(starts) == 6, "four plans, a home list for one of them, and a blank sheet"
    assert all(place % 2 == 0 for place in starts)
    for label, start, end in zip(
        ("AB-12", "María", "Zachary", "دعاء", "دعاء", "C 9"), starts, [*starts[1:], len(pages)], strict=True
    ):
        own = [text for text in pages[start:end] if text]
        assert all(label in text or label[::-1] in text for text in own)
        assert own[-1].endswith(f"{len(own)} of {len(own)}") or f"{len(own)} de {len(own)}" in own[-1]


def test_the_cover_list_says_who_gets_what_and_names_no_reason(texts: list[str]) -> None:
    cover = texts[0]
    assert "Monday" in cover
    assert "5 people get paper." in cover
    assert "Printed by Ana Ruiz on November 29, 2026." in cover
    assert "Speak first Talk with these people, or call, before they get a plan." in cover
    assert "Row 7, J 7" in cover
    assert "Row 11, D 11: has not answered yet" in cover
    assert "9 C 9 Blank sheets 14 en" in cover
    assert "Plan, clinician's page" in cover
    first = int(cover.split("3 AB-12 Plan 14 en ")[1].split("–")[0])
    assert "AB-12" in texts[first - 1]
    assert "Page 1 of" in texts[first - 1]
    for word in ("NOW", "TODAY", "SOON", "High", "Raised", "Lower"):
        assert word not in cover


def test_each_page_is_read_aloud_in_its_language(batch: BatchFile) -> None:
    with pikepdf.open(io.BytesIO(batch.file)) as pdf:
        kids = pdf.Root.StructTreeRoot.K[0].K
        assert {str(each.Lang) for each in kids} == {"en", "es"}
        spanish = [each for each in kids if str(each.Lang) == "es"]
        assert len({each.Pg.objgen for each in spanish}) == len(spanish) > 3


def test_a_plan_that_cannot_be_made_is_named_and_the_others_come_out(definitions: Definitions, order: Order) -> None:
    def is_unprintable(html: str) -> bool:
        return ('class="plan' in html and "AB-12" in html) or ('class="blank' in html and "دعاء" in html)

    found = made(definitions, order, Here(is_unprintable))
    assert found.not_made == (3, 6)
    assert found.people == 3
    cover, *pages = texts_of(found.file)
    assert "Row 3, AB-12: This plan could not be made." in cover
    assert sum("Page 1 of" in text or "Página 1 de" in text for text in pages) == 3, "nor half of somebody's papers"


def test_who_is_to_be_spoken_with_first_is_printed_where_that_is_asked_for(
    definitions: Definitions, order: Order
) -> None:
    found = made(definitions, replace(order, entries=order.entries[4:5], with_urgent=True))
    cover = texts_of(found.file)[0]
    assert found.people == 1
    assert "7 J 7 Speak first Plan" in cover


def test_a_zip_holds_single_files_named_for_filing(definitions: Definitions, order: Order) -> None:
    found = made(definitions, replace(order, kind="zip", entries=(*order.entries[:2], order.entries[5])))
    with zipfile.ZipFile(io.BytesIO(found.file)) as file:
        assert file.namelist() == ["line-3-AB-12.pdf", "line-4-María-b-x-4.pdf", "line-9-C-9.pdf", "cover-list.pdf"]
        assert "Página 1 de" in texts_of(file.read("line-4-María-b-x-4.pdf"))[0]
        assert "AB-12 Plan 14 en" in texts_of(file.read("cover-list.pdf"))[0]


def test_a_large_order_is_divided_and_nobody_is_lost(order: Order) -> None:
    parts = in_parts(replace(order, entries=order.entries[:1] * 130))
    assert [len(each.entries) for each in parts] == [60, 60, 10]
    assert [(each.part, each.parts, len(each.missing)) for each in parts] == [(1, 3, 0), (2, 3, 0), (3, 3, 1)]
    assert all(sum(entry.pages for entry in each.entries) <= MOST_PAGES for each in parts)
    assert len(in_parts(replace(order, entries=()))) == 1


def test_a_paper_that_ends_the_child_costs_no_other_its_place() -> None:
    page = (
        "<!DOCTYPE html><html lang=en><title>{0}</title><body><article><h1>{0}</h1><p>{0}</p></article></body></html>"
    )
    binding = Binding()
    assert binding.add(page.format("Ann")) == 1
    with pytest.raises(RenderFailed):
        binding.add(page.format('<img alt="x" src="https://example.org/x.png">'))
    process = binding._child.start()
    process.kill()
    process.wait()
    assert binding.add(page.format("Ben")) == 1
    texts = texts_of(binding.bind(""))
    binding.start_anew(keep_child=False)
    assert [text for text in texts if text] == ["Ann Ann", "Ben Ben"]


def test_the_queue_holds_no_plan_that_is_not_printed(order: Order) -> None:
    assert [each.plan is None for each in from_json(to_json(order)).entries] == [False] * 4 + [True, True]
    assert from_json(to_json(replace(order, with_urgent=True))).entries[4].plan is not None


# ---- The worker


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, definitions: Definitions) -> Iterator[SealedStore]:
    monkeypatch.setattr("commands.printing.worker._definitions_of", lambda _: definitions)
    with closing(open_store(tmp_path, tmp_path)) as made_here:
        yield made_here


def ordered(store: SealedStore, order: Order) -> str:
    return store.queue_print_jobs(None, [({"title": "Monday"}, to_json(order))])[0]


def small(order: Order) -> Order:
    return replace(order, entries=order.entries[5:], missing=())


def test_the_worker_makes_what_waits_and_says_what_came_of_it(store: SealedStore, order: Order) -> None:
    job_id = ordered(store, small(order))
    assert make_next(store, Here())
    assert not make_next(store, Here())
    (job,) = store.list_print_jobs(None)
    assert (job.state, job.progress) == ("done", 1)
    assert job.about == {"title": "Monday", "people": 1, "pages": 2, "not_made": []}
    assert "Blank sheets" in texts_of(store.get_print_result(None, job_id))[0]


def test_a_file_that_never_comes_out_needs_help_and_keeps_no_other_waiting(
    store: SealedStore, order: Order, caplog: pytest.LogCaptureFixture
) -> None:
    store.queue_print_jobs(None, [({}, {"kind": "pdf"})])
    other = ordered(store, small(order))
    for _ in range(MOST_TRIES + 1):
        assert make_next(store, Here())
    assert [each.state for each in store.list_print_jobs(None)] == ["needs-help", "done"]
    assert store.get_print_result(None, other).startswith(b"%PDF")
    assert "print queue: a file was not made: KeyError" in caplog.text


def test_what_is_cancelled_stops_at_the_next_plan(store: SealedStore, order: Order) -> None:
    job_id = ordered(store, order)

    class Cancelling(Here):
        def add(self, html: str) -> int:
            if self.held == 1:
                store.cancel_print_job(None, job_id)
            return super().add(html)

    binder = Cancelling()
    assert make_next(store, binder)
    assert binder.held == 2
    assert [each.state for each in store.list_print_jobs(None)] == ["cancelled"]


def test_stopping_is_no_failure(definitions: Definitions, order: Order) -> None:
    def stop(done: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        make(order, lambda _: definitions, Here(), stop)


# ---- The command

TABLE = (
    "label,falls.fell-past-year,about.age,warning-signs,lang,print\n"
    "AB-12,y,81,none,,\n"
    "Eva,n,70,none,es,18\n"
    "Dora,y,81,sudden-back-pain,,\n"
    "Kit,,,,,\n"
    "Bad,maybe,81,none,,\n"
)


SHORT_LEASE = """
from dataclasses import replace
from datetime import timedelta

from storage import time_limits

time_limits.PRINT_LEASE = replace(time_limits.PRINT_LEASE, after=timedelta(seconds=3))
"""


@pytest.fixture
def flask_batch(tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """Starts `flask batch` on the table, in a process of its own with its own workers."""
    (tmp_path / "day.csv").write_text(TABLE)
    (tmp_path / "sitecustomize.py").write_text(SHORT_LEASE)  # each Python begins with it
    folder = {"FIRM_FOOTING_DATA": str(tmp_path / "data"), "FIRM_FOOTING_KEYS": str(tmp_path / "data")}
    folder["PYTHONPATH"] = f"{tmp_path}{os.pathsep}{ROOT}"
    command = [sys.executable, "-m", "flask", "--app", "app.py", "batch", str(tmp_path / "day.csv")]
    return lambda *options: subprocess.Popen(
        [*command, *map(str, options)], cwd=ROOT, env={**os.environ, **folder}, stderr=subprocess.PIPE, text=True
    )


def test_a_batch_that_was_killed_goes_on_where_it_was(
    flask_batch: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    options = ("--out", tmp_path / "day.pdf", "--blank", "falls", "--title", "Monday", "--by", "Ana")
    broken_off = flask_batch(*options)
    wait_until(
        lambda: (tmp_path / "data/firm-footing.key").exists() and _jobs(tmp_path),
        seconds=NEVER_SECONDS,
        otherwise="nothing was put in the queue",
    )
    broken_off.send_signal(signal.SIGKILL)
    broken_off.communicate()
    (first,) = _jobs(tmp_path)
    assert first.state == "waiting", "nobody holds it any more"
    again = flask_batch(*options)
    errors = again.communicate(timeout=NEVER_SECONDS)[1]
    assert again.returncode == 1, "one row is at fault"
    assert "Row 4: today: sudden-back-pain (Dora)" in errors.splitlines()[0]
    assert 'Row 6, falls.fell-past-year: "maybe" is not understood' in errors
    assert f"{tmp_path / 'day.pdf'}: 3 people" in errors
    cover, *pages = texts_of((tmp_path / "day.pdf").read_bytes())
    assert "Monday" in cover
    assert "Row 4, Dora" in cover
    assert "5 Kit Blank sheets" in cover
    assert "Row 6, Bad: falls.fell-past-year" in cover
    assert not any("Dora" in text for text in pages)
    assert [(each.job_id, each.state) for each in _jobs(tmp_path)] == [(first.job_id, "cancelled")]


def _jobs(tmp_path: Path):
    with closing(open_store(tmp_path / "data", tmp_path / "data")) as store:
        return store.list_print_jobs(None)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--out", "x.txt"), "Say what comes out"),
        (("--out", "x.pdf", "--blank", "feet"), "--blank: feet is no list"),
        (("--out", "x.pdf", "--clinic", "x" * 300), "use at most 120 letters"),
    ],
)
def test_what_cannot_be_asked_for_is_said(options: tuple[str, ...], sentence: str, tmp_path: Path) -> None:
    from app import create_app

    (tmp_path / "day.csv").write_text(TABLE)
    found = create_app().test_cli_runner().invoke(args=["batch", str(tmp_path / "day.csv"), *options])
    assert found.exit_code == 2
    assert sentence in found.output
