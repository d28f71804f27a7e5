"""A plan's paper beside warm Chromium, which prints the same HTML as tagged PDF in the same run.

Measured are a paper that nobody prepared, from HTML to PDF, and one that a look at the plan has prepared, from the tap
to the last byte of a server of its own.
"""

import gc
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, Page

from checklists import load_definitions
from lab.bench.figures import Figure, milliseconds
from lab.bench.phone import BROWSER, open_browser
from reports.printing.pdf import ROOT, bundled, render_pdf
from storage.sqlite.engine import open_store
from tests.browser.conftest import serving
from tests.browser.phone import Phone
from tests.browser.seeds import HIGH, MODERATE, Seeds

ROUNDS = 8
FULL, WINDOWLESS = "chromium", "chromium-headless-shell"
ANSWER_SECONDS = 60
_TYPES = {"css": "text/css", "svg": "image/svg+xml", "woff2": "font/woff2"}
_LINK = '<link rel="stylesheet" href="/paper.css"></head>'


def measure(htmls: list[str]) -> list[Figure]:
    """The least of a few rounds each: what neighbors on the same machine take away comes and goes.

    Laid out here and not in the renderer, whose process steps back behind pages as no browser does.
    """
    with _files() as url:
        for html in htmls:
            render_pdf(html)
        gc.freeze()
        gc.disable()  # as in the renderer
        ours = _least(render_pdf, htmls)
        gc.enable()
        theirs = {path: _in_warm(path, url, htmls) for path in browsers()}
    with open_browser(next(iter(theirs))) as browser:
        prepared = _prepared(browser)
    print(figures_beside(ours, prepared, theirs), flush=True)
    return judged(ours, prepared, theirs)


def browsers() -> list[str]:
    """Those of this machine, the one that judges first: Debian's full one, by which the limits were set; the one
    without windows, which needs two thirds of its time; and what the tests use."""
    found = [shutil.which(each) for each in (FULL, WINDOWLESS, BROWSER)]
    return list(dict.fromkeys(each for each in found if each))


def figures_beside(ours: float, prepared: float, theirs: Mapping[str, float]) -> str:
    """What each took, beside each browser, and which of them judges."""
    judge, *_ = theirs
    lines = [f"one that nobody prepared: {ours:.0f} ms; prepared, tap to PDF: {prepared:.0f} ms"]
    lines += [
        f"in warm {Path(path).name}: {took:.0f} ms, of which these are {ours / took:.2f} and {prepared / took:.2f}"
        + (" (this one judges)" if path == judge else "")
        for path, took in theirs.items()
    ]
    if Path(judge).name != FULL:
        lines.append(f"{FULL} is not installed, by which the limits were set")
    return "\n".join(f"  {line}" for line in lines)


def judged(ours: float, prepared: float, theirs: Mapping[str, float]) -> list[Figure]:
    """By the first browser; the ratios to the others stand in the names."""

    def named(what: str, took: float) -> str:
        others = [f"{took / each:.2f} of {Path(path).name}" for path, each in [*theirs.items()][1:]]
        return what + (f" ({', '.join(others)})" if others else "")

    judge, by = next(iter(theirs.items()))
    warm = f"warm {Path(judge).name}"
    return [
        Figure(name=named(f"a plan's paper / {warm}, same HTML", ours), value=ours / by, limit=2),
        Figure(name=named(f"prepared paper, tap to PDF / {warm}", prepared), value=prepared / by, limit=0.5),
        Figure(name="prepared paper, tap to PDF", value=prepared, unit="ms", limit=30),
    ]


def _in_warm(path: str, url: str, htmls: list[str]) -> float:
    with open_browser(path) as browser:
        page = browser.new_page()
        page.goto(url)
        for html in htmls:
            _printed(page, html)
        return _least(lambda html: _printed(page, html), htmls)


def _least(way: Callable[[str], object], htmls: list[str]) -> float:
    """The mean of the least of each HTML. One way after the other: what the other leaves behind would slow it down."""
    took = []
    for html in htmls:
        rounds = []
        for _ in range(ROUNDS):
            rounds.append(milliseconds(lambda h=html: way(h)))  # type: ignore[misc]
            gc.collect()  # as the renderer does between papers
        took.append(min(rounds))
    return statistics.mean(took)


def _printed(page: Page, html: str) -> bytes:
    page.set_content(html.replace("bundled:", "/").replace("</head>", _LINK))
    return page.pdf(tagged=True, prefer_css_page_size=True)


@contextmanager
def _files() -> Iterator[str]:
    """Our fonts, drawings and stylesheets, as a browser gets them: once, and kept."""
    css = "\n".join((ROOT / "static" / name).read_text("utf-8") for name in ("print.css", "print-plan.css"))
    files = {**bundled(), "paper.css": css.replace("bundled:", "/").encode(), "": b"<!DOCTYPE html><title>x</title>"}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            name = self.path.removeprefix("/")
            found = files.get(name, b"")
            self.send_response(200 if name in files else 404)
            self.send_header("Content-Type", _TYPES.get(name.rpartition(".")[2], "text/html"))
            self.send_header("Content-Length", str(len(found)))
            self.send_header("Cache-Control", "max-age=3600, immutable")
            self.end_headers()
            self.wfile.write(found)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def _prepared(browser: Browser) -> float:
    """Two people look at their plan and print it: the least of a few rounds, from tap to PDF."""
    took = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(serving(folder))
        seeds = Seeds(open_store(folder, folder), load_definitions())
        stack.callback(seeds.store.close)
        for changes in (MODERATE, HIGH):
            phone = Phone(browser.new_context(base_url=url))
            seeds.plan(seeds.sow(phone, seeds.person(changes, signs=[])))
            cookie = "; ".join(f"{each['name']}={each['value']}" for each in phone.context.cookies())
            request = Request(f"{url}/plan.pdf", headers={"Cookie": cookie})
            rounds = []
            for _ in range(ROUNDS):
                phone.open("/plan")
                time.sleep(2)  # somebody looks at it
                rounds.append(milliseconds(lambda request=request: urlopen(request, timeout=ANSWER_SECONDS).read()))  # type: ignore[misc]
            took.append(min(rounds))
    return statistics.mean(took)
