"""HTML → PDF/UA bytes. With pictures.py and quicker.py the only module that knows WeasyPrint.

`python -m reports.printing.pdf` is the same as a child process of renderer.py: a frame of HTML on standard input, a
frame of PDF on standard output, until the input ends (pipe_protocol.py). It keeps what it is told to prepare.
"""

import gc
import io
import re
import zlib
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import cache, lru_cache, partial
from pathlib import Path
from xml.etree import ElementTree

import pydyf
import segno
from cssselect2 import ElementWrapper
from weasyprint import CSS, HTML
from weasyprint.document import Document, Page
from weasyprint.formatting_structure.boxes import MarginBox
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reports.printing.drawings import printed_drawings
from reports.printing.pictures import Pictures
from reports.printing.pipe_protocol import DONE, FAILED, FORGET, JPEG, KEEP, PNG, Answer, answer_frames, begin_child
from reports.printing.prepared import OWNER_BYTES, PreparedPapers
from reports.printing.quicker import quickly

ROOT = Path(__file__).parent.parent.parent
VARIANT = "pdf/ua-1"
PACKING = 4
MEMORY_BYTES = 768 * 1024 * 1024
_A_FEW_PAGES = 50  # under it, a collection costs more than it frees
QR = "qr:"
LONGEST_ADDRESS = 500
_TYPES = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml"}


class RenderError(Exception):
    """The paper could not be made from this HTML."""


class BundledOnly(URLFetcher):  # type: ignore[misc]
    """Resolves the names of our own fonts and shapes, `bundled:NAME`, a photo, a logo or an address that stands in the
    HTML (`qr:ADDRESS`, drawn here), and nothing else."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        del headers
        for start, kind in ((JPEG, "image/jpeg"), (PNG, "image/png")):
            if url.startswith(start):
                return URLFetcherResponse(url, b64decode(url.removeprefix(start)), {"Content-Type": kind})
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
    """A page of our templates, which meets the rules for its own elements instead of those for all of HTML.

    Our templates are well-formed XML, and that is read in C: 4 % of a plan. Anything else is read as HTML.
    """

    def __init__(self, string: str, url_fetcher: URLFetcher) -> None:
        try:
            root = ElementTree.fromstring(string)
        except ElementTree.ParseError:
            super().__init__(string=string, url_fetcher=url_fetcher)
            return
        self.base_url, self.url_fetcher, self.media_type = None, url_fetcher, "print"
        self.wrapper_element = ElementWrapper.from_html_root(root)
        self.etree_element = root

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


_FOR_ANYBODY = re.compile(r'<section class="fall for-anybody">.*?</section>', re.DOTALL)
_IN_ITS_PLACE = '<section id="for-anybody" class="fall"></section>'
_BLANK = '<section class="fall"></section>'
"""Pages with nothing on them, so that all others have their numbers."""
_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
_ARTICLE = re.compile(r"<article[^>]*>")


def render_pdf(html: str) -> bytes:
    """A tagged PDF/UA-1 document; the same bytes for the same HTML on one machine.

    :raises RenderError: the HTML asks for a file that is not ours, or cannot be laid out
    """
    of_one = html.count("<article") < 2
    with as_render_errors(), quickly() if of_one else nullcontext():
        return as_pdf(laid_out(html))


def as_pdf(document: Document, finish: Callable[[pydyf.PDF], None] = lambda _: None) -> bytes:
    """The file of a document, finished by the caller.

    Streams are packed here, as pydyf's own level takes twice as long for 4 % fewer bytes. A page is, as soon as it is
    drawn, and tags are kept as they will stand in the file: with 60 people, 24 MB less at the most.
    """

    def finisher(_: Document, pdf: pydyf.PDF) -> None:
        finish(pdf)
        for place, each in enumerate(pdf.objects):
            if isinstance(each, pydyf.Stream) and each.compress:
                _pack(each)
            elif isinstance(each, pydyf.Dictionary) and each.get("Type") == "/StructElem":
                pdf.objects[place] = _Written(each)

    document.pages[:] = [_PackedPage(each) for each in document.pages]
    made: bytes = document.write_pdf(pdf_variant=VARIANT, finisher=finisher)
    return made


class _PackedPage(Page):  # type: ignore[misc]
    def __init__(self, page: Page) -> None:
        self.__dict__.update(page.__dict__)

    def paint(self, stream: pydyf.Stream, scale: float = 1) -> None:
        super().paint(stream, scale)
        _pack(stream)


class _Written(pydyf.Object):  # type: ignore[misc]
    """An object as it will stand in the file."""

    data = b""

    def __init__(self, each: pydyf.Object) -> None:
        super().__init__()
        self.number, self.data = each.number, each.data


def _pack(stream: pydyf.Stream) -> None:
    plain = pydyf.Stream(stream.stream).data
    start, end = plain.index(b"stream\n") + 7, -len(b"\nendstream")
    stream.stream, stream.compress = [zlib.compress(plain[start:end], PACKING)], False
    stream.extra["Filter"] = "/FlateDecode"


def laid_out(html: str) -> Document:
    """A document of pages, not drawn yet. :raises Exception: it cannot be laid out (as_render_errors)"""
    return _joined(html) or _laid_out(html)


@contextmanager
def as_render_errors() -> Iterator[None]:
    """What a document may do to WeasyPrint is one error."""
    try:
        yield
    except (FatalURLFetchingError, RecursionError, MemoryError, ValueError) as error:
        raise RenderError(f"the paper could not be made: {type(error).__name__}") from error


def _laid_out(html: str) -> Document:
    fonts, css = style()
    pictures = Pictures(bundled())
    source = OurPages(string=html, url_fetcher=BundledOnly())
    document = source.render(stylesheets=[css], font_config=fonts, pdf_variant=VARIANT, cache=pictures)
    _let_go_of_the_layout(document, pictures)
    return document


def _joined(html: str) -> Document | None:
    """One person's paper, with a page in it that is the same for many people; None where it has none.

    That page is more than a quarter of the work. Whose paper it is in, nothing on it says.
    """
    found = _FOR_ANYBODY.findall(html)
    if len(found) != 1 or html.count("<article") != 1:
        return None
    document = _laid_out(html.replace(found[0], _IN_ITS_PLACE))
    of_all = range(len(document.pages))
    number = next((each for each in of_all if "for-anybody" in document.pages[each].anchors), 0)
    page = _page_for_anybody(_with_nothing_else(html, found[0], number, len(document.pages)), number)
    if page is None:
        return None
    page = _with_margins_of(document.pages[number], page)
    return document.copy([page if each == number else document.pages[each] for each in of_all])


def _with_margins_of(own: Page, page: Page) -> Page:
    """What stands in the margins is the person's own: page numbers, and what a clinic calls them."""
    margins = [each for each in own._page_box.children if isinstance(each, MarginBox)]
    content = [each for each in page._page_box.children if not isinstance(each, MarginBox)]
    return Page(own._page_box.copy_with_children([*content, *margins]))


def _with_nothing_else(html: str, section: str, number: int, pages: int) -> str:
    """The same document, of which only one page says anything, with the number that it has there."""
    start, end = _ARTICLE.search(html), html.index("<body>")
    assert start is not None
    head = "".join(_STYLE.findall(html[:end])[:1])
    before, after = "<section></section>" + _BLANK * (number - 1), _BLANK * (pages - number - 1)
    language = html[html.index("<html") : html.index("<head>")]
    return f"{language}<title>-</title>{head}<body>{start[0]}{before}{section}{after}</article></body></html>"


@lru_cache(maxsize=32)
def _page_for_anybody(html: str, number: int) -> Page | None:
    """Laid out once a process; None where the section takes more than its page."""
    pages = _laid_out(html).pages
    return pages[number] if number and len(pages) == html.count("<section") else None


def _let_go_of_the_layout(document: Document, pictures: Pictures) -> None:
    """What laying out leaves behind, before pages are drawn on top of it: with 60 people, a fifth of the memory.

    The layout's own leavings are circles that only a collection frees.
    """
    pictures.let_go_of_the_layout()
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
