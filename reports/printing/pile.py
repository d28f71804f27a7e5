"""Many people's papers as one file, each laid out by itself, so that it has its own pages, language and size.

`python -m reports.printing.pile` is the child process of binding.py: a frame of HTML is laid out and held, and answered
with how many pages it has; a last one, of what comes first, is answered with the file of all.
"""

import gc
from functools import cache

import pydyf
from weasyprint.document import Document, Page

from reports.printing.pdf import RenderError, as_pdf, as_render_errors, laid_out
from reports.printing.pipe_protocol import COUNT, DONE, DROP, FAILED, LAY_OUT, Answer, answer_frames, begin_child

MEMORY_BYTES = 1024 * 1024 * 1024


class Pile:
    """Papers that are laid out, until they are bound."""

    def __init__(self) -> None:
        self._papers: list[Document] = []

    def add(self, html: str) -> int:
        """How many pages it has. :raises RenderError: it cannot be laid out; what lies there stays"""
        with as_render_errors():
            self._papers.append(laid_out(html))
        return len(self._papers[-1].pages)

    def drop(self, papers: int = 1) -> None:
        """Lets go of the last ones."""
        del self._papers[-papers:]

    def bind(self, first: str = "") -> bytes:
        """One tagged PDF of all, after this, each on a sheet of its own; then there are none.

        :raises RenderError: it cannot be made
        """
        papers, self._papers = self._papers, []
        with as_render_errors():
            papers = [laid_out(first), *papers] if first else papers
            pages = [page for paper in papers for page in _on_sheets(paper)]
            languages = [paper.metadata.lang for paper in papers for _page in _on_sheets(paper)]
            document = papers[0].copy(pages)
            return as_pdf(document, lambda pdf: _tell_languages(pdf, languages))


def _on_sheets(paper: Document) -> list[Page]:
    """Its pages, and where they end on the front of a sheet, the empty back."""
    last: Page = paper.pages[-1]
    return [*paper.pages, *[_empty(last.width, last.height)] * (len(paper.pages) % 2)]


@cache
def _empty(width: float, height: float) -> Page:
    return laid_out(
        f"<html lang=en><title>-</title><style>@page {{ size: {width}px {height}px }}</style></html>"
    ).pages[0]


def _tell_languages(pdf: pydyf.PDF, languages: list[str]) -> None:
    """In which language each page is to be read aloud: the file has one, and its papers may have others."""
    pages = {reference: language for reference, language in zip(pdf.page_references, languages, strict=True)}
    root = pdf.objects[int(pdf.catalog["StructTreeRoot"].split()[0])]
    for each in root["K"]:
        for kid in pdf.objects[int(each.split()[0])]["K"]:
            element = pdf.objects[int(kid.split()[0])]
            element["Lang"] = pydyf.String(pages[element["Pg"]])


def main() -> None:
    """The child process: bounded."""
    begin_child(MEMORY_BYTES)
    pile = Pile()

    def answer(asked: bytes, sent: bytes) -> Answer:
        try:
            if asked == LAY_OUT:
                return DONE, COUNT.pack(pile.add(sent.decode()))
            if asked == DROP:
                pile.drop()
                return DONE, b""
            return DONE, pile.bind(sent.decode())
        except RenderError as error:
            return FAILED, str(error).encode()

    gc.freeze()
    answer_frames(answer)


if __name__ == "__main__":
    main()
