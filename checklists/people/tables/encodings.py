"""In which letters a spreadsheet wrote a text: UTF-8, UTF-16, or one of the old sets of a machine."""

import codecs
import re

WRITTEN_IN = "utf-8"
_OLD = ("cp1252", "mac_roman", "cp850")
"""What a "CSV" of Excel is in: on Windows, on a Mac, and where "MS-DOS" was chosen."""
_IN_A_WORD = re.compile(r"(?<=[^\W\d_])[À-ÖØ-öø-ÿ]|[À-ÖØ-öø-ÿ](?=[^\W\d_])")
_AT_A_WORD = re.compile(
    r"(?<=\w)’(?=(?:s|t|d|m|ll|re|ve)\b)|\b[DLO]’(?=[A-ZÀ-Þ])|(?<!\w)[“\u2018](?=\w)|(?<=[\w.,!?])[”’…](?!\w)"
)
"""Marks that Word puts into a text, where they can stand: in another set they are letters."""
_FOREIGN = re.compile(r"[À-ÖØ-öø-ÿ]{3,}|[£¥¯](?=[^\W\d_])|(?<=[^\W\d_])[¹³]")
_BROKEN_WORD = re.compile(r"[a-zß-ÿ][A-ZÀ-Þ]")


def wide_encoding(head: bytes) -> str | None:
    """UTF-16, with its mark or without ("Unicode text" of Excel), or None where a letter of ours takes one byte."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return {(False, True): "utf-16-le", (True, False): "utf-16-be"}.get((head[:1] == b"\0", head[1:2] == b"\0"))


def old_encoding(head: bytes) -> str:
    """The old set of letters in which this reads as words, for lines that are not UTF-8."""
    return max(_OLD, key=lambda encoding: _words(head.decode(encoding, "replace")))


def without_foreign(text: str) -> str:
    """A text of an old set, without what no word of its languages has: a name in Cyrillic, Greek or Polish letters."""
    return _FOREIGN.sub("\N{REPLACEMENT CHARACTER}", text)


def undone(text: str) -> str:
    """UTF-8 that a spreadsheet took for an old set and saved so, as it was: EspaÃ±ol is Español. Else the same."""
    for encoding in () if text.isascii() else ("cp1252", "mac_roman"):
        try:
            return b"".join(_byte(each, encoding) for each in text).decode(WRITTEN_IN)
        except UnicodeError:
            continue
    return text


def _words(text: str) -> int:
    likely = len(_IN_A_WORD.findall(text)) + len(_AT_A_WORD.findall(text))
    return likely - 2 * len(_BROKEN_WORD.findall(text))


def _byte(letter: str, encoding: str) -> bytes:
    try:
        return letter.encode(encoding)
    except UnicodeEncodeError:  # a byte that the set leaves empty stays what it is
        return letter.encode("latin-1")
