"""What a file is that is neither JSON nor a table, by its first bytes and by what a zip holds; with the way out."""

from collections.abc import Iterator
from typing import IO
from zipfile import BadZipFile, ZipFile

from checklists.people.quoting import HOW_IT_COMES_IN

ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_AS_TABLE = "save it as .xlsx or as CSV"
_BEGINNINGS = {
    b"%PDF-": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"{\\rtf": "a text document (RTF)",
    b"\x1f\x8b": "a packed file (gzip); unpack it first",
    b"Rar!": "a packed file (RAR); unpack it first",
    b"7z\xbc\xaf": "a packed file (7z); unpack it first",
    b"ID;PWXL": f"a SYLK spreadsheet (.slk); {_AS_TABLE}",
    b"ID;PCALC": f"a SYLK spreadsheet (.slk); {_AS_TABLE}",
    b"TABLE\r\n0,1": f"a DIF spreadsheet (.dif); {_AS_TABLE}",
    b"TABLE\n0,1": f"a DIF spreadsheet (.dif); {_AS_TABLE}",
}
_IN_A_ZIP = {
    "word/": "a Word document",
    "ppt/": "a presentation",
    "xl/workbook.bin": f"a binary spreadsheet (.xlsb); {_AS_TABLE}",
    "Index/": f"an Apple document; if it is a Numbers table, {_AS_TABLE}",
    "content.xml": f"a document of LibreOffice; if it is a spreadsheet (.ods), {_AS_TABLE}",
}
_IN_OLE = {
    "EncryptedPackage": "a spreadsheet or document with a password; save it without one",
    "WordDocument": "an old Word document",
    "Workbook": f"an old spreadsheet (.xls); {_AS_TABLE}",
    "Book": f"an old spreadsheet (.xls); {_AS_TABLE}",
}
_SEARCHED = 32 * 1024 * 1024


def not_people(file: IO[bytes], head: bytes) -> str | None:
    """What this file is, where it can hold no people, as a sentence."""
    what = next(_kinds(file, head), None)
    if what is None:
        return None
    return f"this is {what}" if ";" in what else f"this is {what}, which is not read; {HOW_IT_COMES_IN}"


def _kinds(file: IO[bytes], head: bytes) -> Iterator[str]:
    head = head.lstrip()
    yield from (what for begins, what in _BEGINNINGS.items() if head.startswith(begins))
    if head.startswith(ZIP):
        yield from _in_a_zip(file)
    elif head.startswith(_OLE):
        yield _in_ole(file)
    elif head.startswith((b"<", b"\xef\xbb\xbf<")):
        fhir = b"http://hl7.org/fhir" in head
        yield "FHIR in XML" if fhir else f"a web page or XML; if a spreadsheet opens it, {_AS_TABLE}"


def _in_a_zip(file: IO[bytes]) -> Iterator[str]:
    try:
        with ZipFile(file) as archive:
            names = archive.namelist()
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        yield "a damaged spreadsheet or zip; save it again"
        return
    if "xl/workbook.xml" in names:
        return
    yield from (what for begins, what in _IN_A_ZIP.items() if any(name.startswith(begins) for name in names))
    yield "a zip; unpack it first"


def _in_ole(file: IO[bytes]) -> str:
    """By the names of its streams, which stand in UTF-16 somewhere inside."""
    data = file.read(_SEARCHED)
    found = (what for name, what in _IN_OLE.items() if name.encode("utf-16-le") in data)
    return next(found, f"an old document (such as .xls); if it is a spreadsheet, {_AS_TABLE}")
