"""HTML → PDF/UA bytes. The only module that knows WeasyPrint.

`python -m reports.printing.pdf` is the same as a child process of renderer.py: a frame of HTML on standard input, a
frame of PDF on standard output, until the input ends (pipe_protocol.py). It keeps what it is told to prepare.
"""

import gc
import io
from base64 import b64decode
from functools import cache, partial
from pathlib import Path
from typing import Any

import segno
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reports.printing.drawings import printed_drawings
from reports.printing.pipe_protocol import DONE, FAILED, FORGET, JPEG, KEEP, Answer, answer_frames, begin_child
from reports.printing.prepared import OWNER_BYTES, PreparedPapers

ROOT = Path(__file__).parent.parent.parent
VARIANT = "pdf/ua-1"
MEMORY_BYTES = 768 * 1024 * 1024
_A_FEW_PAGES = 50  # under it, a collection costs more than it frees
QR = "qr:"
LONGEST_ADDRESS = 500
_TYPES = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml"}


class RenderError(Exception):
    """The paper could not be made from this HTML."""


class BundledOnly(URLFetcher):  # type: ignore[misc]
    """Resolves the names of our own fonts and shapes, `bundled:NAME`, a photo or an address that stands in the HTML
    (`qr:ADDRESS`, drawn here), and nothing else."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        del headers
        if url.startswith(JPEG):
            return URLFetcherResponse(url, b64decode(url.removeprefix(JPEG)), {"Content-Type": "image/jpeg"})
        if url.startswith(QR):
            return URLFetcherResponse(url, _square(url.removeprefix(QR)), {"Content-Type": "image/svg+xml"})
        files = bundled()
        name = url.removeprefix("bundled:")
        if name == url or name not in files:
            raise FatalURLFetchingError(f"{url} is not one of our own files")
        return URLFetcherResponse(url, files[name], {"Content-Type": _TYPES[Path(name).suffix]})


def _square(address: str) -> bytes:
    """The address as a QR code that survives a fold or a stain."""
    out = io.BytesIO()
    segno.make(address[:LONGEST_ADDRESS], error="q").save(out, kind="svg", border=2, unit="", scale=1)
    return out.getvalue()


@cache
def bundled() -> dict[str, bytes]:
    """The bytes that a paper may use, by name: fonts, shapes and drawings of this project, and rules of its own."""
    places = ("static/fonts/*/*.woff2", "static/print-blank.css", "templates/reports/shapes/*.svg")
    files = {path.name: path.read_bytes() for place in places for path in ROOT.glob(place)}
    return files | printed_drawings()


class OurPages(HTML):  # type: ignore[misc]
    """A page of our templates, which meets the rules for its own elements instead of those for all of HTML."""

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        del forms  # no paper has any
        return [elements()]


@cache
def elements() -> CSS:
    """What our elements are before the print stylesheet, read once a process."""
    return _css("static/print-elements.css")


@cache
def style() -> tuple[FontConfiguration, CSS]:
    """Our fonts and print stylesheets, read once a process."""
    fonts = FontConfiguration()
    return fonts, _css("static/print.css", "static/print-plan.css", fonts=fonts)


def _css(*paths: str, fonts: FontConfiguration | None = None) -> CSS:
    text = "\n".join((ROOT / path).read_text(encoding="utf-8") for path in paths)
    return CSS(string=text, font_config=fonts, url_fetcher=BundledOnly())


def render_pdf(html: str) -> bytes:
    """A tagged PDF/UA-1 document; the same bytes for the same HTML on one machine.

    :raises RenderError: the HTML asks for a file that is not ours, or cannot be laid out
    """
    fonts, css = style()
    pictures: dict[str, Any] = {}
    try:
        source = OurPages(string=html, url_fetcher=BundledOnly())
        document = source.render(stylesheets=[css], font_config=fonts, pdf_variant=VARIANT, cache=pictures)
        _let_go_of_the_layout(document, pictures)
        pdf: bytes = document.write_pdf(pdf_variant=VARIANT)
    except (FatalURLFetchingError, RecursionError, MemoryError, ValueError) as error:
        raise RenderError(f"the paper could not be made: {type(error).__name__}") from error
    return pdf


def _let_go_of_the_layout(document: Any, pictures: dict[str, Any]) -> None:
    """What laying out leaves behind, before pages are drawn on top of it: with 60 people, a fifth of the memory.

    A vector picture keeps the whole layout alive; the layout's own leavings are circles that only a collection frees.
    """
    for picture in pictures.values():
        if hasattr(picture, "_context"):
            picture._context = None
    if len(document.pages) > _A_FEW_PAGES:
        gc.collect()


def _answer(prepared: PreparedPapers, asked: bytes, sent: bytes) -> Answer:
    owner, html = (sent[:OWNER_BYTES], sent[OWNER_BYTES:]) if asked in (KEEP, FORGET) else (b"", sent)
    if asked == FORGET:
        prepared.forget(owner)
        return DONE, b""
    try:
        pdf = prepared.find(html) or render_pdf(html.decode())
    except RenderError as error:
        return FAILED, str(error).encode()
    if asked == KEEP:
        prepared.keep(owner, html, pdf)
        return DONE, b""
    return DONE, pdf


def main() -> None:
    """The child process: bounded, and warm before it is asked."""
    begin_child(MEMORY_BYTES)
    render_pdf("<!DOCTYPE html><html lang=en><title>Warm</title><h1>Warm</h1><p><b>up</b></p></html>")
    gc.freeze()
    gc.disable()  # between papers is the time to tidy up, not while somebody waits: about 5 % of a plan
    answer_frames(partial(_answer, PreparedPapers()), gc.collect)


if __name__ == "__main__":
    main()
