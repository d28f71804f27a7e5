"""Paper that is made before it is asked for: never stale, never much, never in a page's way, gone with its plan."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from reports.printing import pdf, prepared
from reports.printing.pipe_protocol import ASK, DONE, FORGET, KEEP
from reports.printing.prepared import OWNER_BYTES, PreparedPapers
from reports.printing.preparing import MOST_WAITING, Preparing
from reports.printing.renderer import RendererBusy
from tests.visitor import Visitor

PATIENCE_SECONDS = 60
ANN, BEN = b"a" * OWNER_BYTES, b"b" * OWNER_BYTES


class TestInTheChild:
    """What the renderer's process keeps, found by the whole HTML."""

    def test_what_was_prepared_is_not_laid_out_again_and_anything_else_is(self, monkeypatch) -> None:
        laid_out: list[str] = []
        monkeypatch.setattr(pdf, "render_pdf", lambda html: laid_out.append(html) or html.upper().encode())
        papers = PreparedPapers()

        def asked(html: bytes, kind: bytes = ASK) -> bytes:
            kind, answer = pdf._answer(papers, kind, html)
            assert kind == DONE
            return answer

        assert asked(ANN + b"plan", KEEP) == b""
        assert asked(b"plan") == b"PLAN"
        assert laid_out == ["plan"]
        assert asked(b"plan, one step ticked") == b"PLAN, ONE STEP TICKED"
        assert asked(ANN, FORGET) == b""
        assert asked(b"plan") == b"PLAN"
        assert laid_out == ["plan", "plan, one step ticked", "plan"], "what is asked for is not kept"

    def test_a_later_paper_of_the_same_record_takes_the_place_of_the_one_before(self) -> None:
        papers = PreparedPapers()
        papers.keep(ANN, b"before", b"1")
        papers.keep(BEN, b"other", b"2")
        papers.keep(ANN, b"after", b"3")
        assert [papers.find(each) for each in (b"before", b"other", b"after")] == [None, b"2", b"3"]
        papers.forget(b"")
        assert [papers.find(each) for each in (b"other", b"after")] == [None, None]

    def test_there_are_so_many_so_large_and_for_so_long(self, monkeypatch) -> None:
        papers, now = PreparedPapers(), [0.0]
        monkeypatch.setattr(prepared.time, "monotonic", lambda: now[0])
        for number in range(prepared.MOST_PAPERS + 1):
            papers.keep(number.to_bytes(OWNER_BYTES), b"%d" % number, b"x")
        assert papers.find(b"0") is None
        assert papers.find(b"1") == b"x"
        papers.keep(ANN, b"large", b"x" * (prepared.MOST_BYTES - 3))
        assert papers.find(b"large")
        assert len(papers._papers) == 4
        now[0] = prepared.LIFE_SECONDS
        assert papers.find(b"large") is None
        papers.keep(ANN, b"too large", b"x" * (prepared.MOST_BYTES + 1))
        assert papers.find(b"too large") is None


class Noted:
    """A renderer that writes down what it is asked, and waits where it is told to."""

    def __init__(self) -> None:
        self.did: list[tuple[str, object]] = []
        self.go_on = threading.Event()
        self.go_on.set()
        self.busy = 0
        self.is_over = False
        self._done = threading.Condition()

    def prepare(self, owner: bytes, html: str) -> None:
        self._note("prepare", html)
        assert self.go_on.wait(PATIENCE_SECONDS)

    def forget(self, owner: bytes) -> None:
        if self.is_over:
            raise SystemExit
        if self.busy:
            self.busy -= 1
            raise RendererBusy
        self._note("forget", owner)

    def _note(self, what: str, of: object) -> None:
        with self._done:
            self.did.append((what, of))
            self._done.notify_all()

    def wait(self, count: int) -> list[tuple[str, object]]:
        with self._done:
            assert self._done.wait_for(lambda: len(self.did) >= count, PATIENCE_SECONDS), self.did
        return self.did

    def wait_for_last(self, what: str, of: object) -> None:
        """However often a page was prepared before: two looks may be two preparations."""
        with self._done:
            assert self._done.wait_for(lambda: self.did[-1] == (what, of), PATIENCE_SECONDS), self.did


@pytest.fixture
def renderer() -> Noted:
    return Noted()


@pytest.fixture
def preparing(renderer: Noted, monkeypatch: pytest.MonkeyPatch) -> Iterator[Preparing]:
    """Its thread, which goes on for ever in a server, is brought to its end."""
    work = Preparing._work

    def until_it_is_over(self: Preparing) -> None:
        with suppress(SystemExit):
            work(self)

    monkeypatch.setattr(Preparing, "_work", until_it_is_over)
    started = Preparing(renderer)  # type: ignore[arg-type]
    started.start()
    thread = started._thread
    assert thread is not None
    yield started
    renderer.is_over = True
    renderer.go_on.set()
    started.forget("whoever it is")
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


def says(text: str) -> Callable[[], str]:
    return lambda: text


class TestTheThread:
    """The latest of each record, a few at most, and nothing of what is erased."""

    def test_only_the_latest_of_a_record_is_made_and_of_many_records_the_latest(self, preparing, renderer) -> None:
        renderer.go_on.clear()
        preparing.soon("first", says("first"))
        renderer.wait(1)
        for number in range(MOST_WAITING + 1):
            preparing.soon(str(number), says(f"plan {number}"))
        preparing.soon("1", says("plan 1, ticked"))
        renderer.go_on.set()
        wanted = [f"plan {number}" for number in range(2, MOST_WAITING + 1)]
        did = renderer.wait(1 + MOST_WAITING)
        assert [html for _, html in did] == ["first", *wanted, "plan 1, ticked"]

    def test_a_paper_that_cannot_be_written_does_not_end_it(self, preparing, renderer) -> None:
        def broken() -> str:
            raise KeyError

        preparing.soon("a", broken)
        preparing.soon("b", says("b"))
        assert renderer.wait(1) == [("prepare", "b")]

    def test_what_is_erased_is_forgotten_however_busy_and_never_made_again(self, preparing, renderer) -> None:
        renderer.go_on.clear()
        preparing.soon("a", says("a"))
        renderer.wait(1)
        preparing.soon("erased", says("never"))
        renderer.busy = 2
        preparing.forget("erased")
        preparing.soon("erased", says("never"))
        preparing.soon("b", says("b"))
        renderer.go_on.set()
        assert [what for what, _ in renderer.wait(3)] == ["prepare", "forget", "prepare"]
        assert renderer.did[-1] == ("prepare", "b")


@pytest.fixture
def planned(after_falls: Visitor, preparing: Preparing, renderer: Noted, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    monkeypatch.setattr("web.visitor.paper.preparing", lambda: preparing)
    monkeypatch.setattr("web.sharing.erase.preparing", lambda: preparing)
    monkeypatch.setattr("web.visitor.paper.render_html", lambda html: html.encode())
    return after_falls


@pytest.mark.parametrize("address", ["/results", "/plan"])
def test_what_one_tap_prints_is_prepared_and_the_page_does_not_wait(
    planned: Visitor, renderer: Noted, address: str
) -> None:
    renderer.go_on.clear()
    planned.open(address)
    planned.open(address)
    prepared_html = renderer.wait(1)[0][1]
    assert prepared_html == planned.client.get("/plan.pdf").text
    assert prepared_html == planned.client.get("/plan.pdf?print=14&page=letter&much=plan&clinician=no&photos=no").text
    assert prepared_html != planned.client.get("/plan.pdf?print=18").text


def test_a_tick_gives_another_paper_and_an_erased_plan_has_none(planned: Visitor, renderer: Noted) -> None:
    before = planned.open("/plan")
    renderer.wait(1)
    action = next(to for words, to in before.links().items() if words.startswith("Change or add a note"))
    planned.open(action).send({"state": "done"})
    planned.open("/plan")
    ticked = renderer.wait(2)[-1][1]
    assert ticked != renderer.did[0][1]
    assert ticked == planned.client.get("/plan.pdf").text
    record_id = planned.record_id
    planned.open("/erase").send({})

    from reports.printing.preparing import _owner

    renderer.wait_for_last("forget", _owner(record_id))
