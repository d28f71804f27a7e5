"""What a file is that is neither JSON nor a table, by its first bytes and by what a zip holds; with the way out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from zipfile import BadZipFile, ZipFile

from checklists.people.quoting import HOW_IT_COMES_IN
from checklists.people.sentence import Sentence

ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Kind:
    """What a file is, and what to do with it, where it can be a table of people all the same."""

    what: Sentence
    remedy: Sentence | None = None

    @property
    def sentence(self) -> Sentence:
        if self.remedy:
            return Sentence("this is %(what)s; %(remedy)s", what=self.what, remedy=self.remedy)
        return Sentence("this is %(what)s, which is not read; %(how)s", what=self.what, how=HOW_IT_COMES_IN)


_AS_TABLE = Sentence("save it as .xlsx or as CSV")
_IF_TABLE = Sentence("if it is a table, save it as .xlsx or as CSV")
_UNPACK = Sentence("unpack it first")
_NO_PASSWORD = Sentence("save it without one")
_PICTURE = Kind(Sentence("a picture"))
_SYLK, _DIF = (Kind(Sentence("a spreadsheet (%(ending)s)", ending=ending), _AS_TABLE) for ending in (".slk", ".dif"))
_XLS = Kind(Sentence("an old spreadsheet (.xls)"), _AS_TABLE)
_BEGINNINGS = {
    b"%PDF-": Kind(Sentence("a PDF")),
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"GIF8": _PICTURE,
    b"{\\rtf": Kind(Sentence("a text document (RTF)")),
    b"\x1f\x8b": Kind(Sentence("a packed file (gzip)"), _UNPACK),
    b"Rar!": Kind(Sentence("a packed file (RAR)"), _UNPACK),
    b"7z\xbc\xaf": Kind(Sentence("a packed file (7z)"), _UNPACK),
    b"ID;PWXL": _SYLK,
    b"ID;PCALC": _SYLK,
    b"TABLE\r\n0,1": _DIF,
    b"TABLE\n0,1": _DIF,
}
_IN_A_ZIP = {
    "word/": Kind(Sentence("a Word document")),
    "ppt/": Kind(Sentence("a presentation")),
    "xl/workbook.bin": Kind(Sentence("a binary spreadsheet (.xlsb)"), _AS_TABLE),
    "Index/": Kind(Sentence("an Apple document (Numbers, Pages or Keynote)"), _IF_TABLE),
    "content.xml": Kind(Sentence("a document of LibreOffice (such as .ods)"), _IF_TABLE),
}
_IN_OLE = {
    "EncryptedPackage": Kind(Sentence("a spreadsheet or document with a password"), _NO_PASSWORD),
    "WordDocument": Kind(Sentence("an old Word document")),
    "Workbook": _XLS,
    "Book": _XLS,
}
_SEARCHED = 32 * 1024 * 1024


def not_people(file: IO[bytes], head: bytes) -> Sentence | None:
    """What this file is, where it can hold no people, as a sentence."""
    kind = next(_kinds(file, head), None)
    return kind.sentence if kind else None


def _kinds(file: IO[bytes], head: bytes) -> Iterator[Kind]:
    head = head.lstrip()
    yield from (kind for begins, kind in _BEGINNINGS.items() if head.startswith(begins))
    if head.startswith(ZIP):
        yield from _in_a_zip(file)
    elif head.startswith(_OLE):
        yield _in_ole(file)
    elif head.startswith((b"<", b"\xef\xbb\xbf<")):
        if b"http://hl7.org/fhir" in head:
            yield Kind(Sentence("FHIR in XML"))
        yield Kind(Sentence("a web page or XML"), _IF_TABLE)


def _in_a_zip(file: IO[bytes]) -> Iterator[Kind]:
    try:
        with ZipFile(file) as archive:
            names = archive.namelist()
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        yield Kind(Sentence("a damaged spreadsheet or zip"), Sentence("save it again"))
        return
    if "xl/workbook.xml" in names:
        return
    yield from (kind for begins, kind in _IN_A_ZIP.items() if any(name.startswith(begins) for name in names))
    yield Kind(Sentence("a zip"), _UNPACK)


def _in_ole(file: IO[bytes]) -> Kind:
    """By the names of its streams, which stand in UTF-16 somewhere inside."""
    data = file.read(_SEARCHED)
    found = (kind for name, kind in _IN_OLE.items() if name.encode("utf-16-le") in data)
    return next(found, Kind(Sentence("an old document (such as .xls)"), _IF_TABLE))
