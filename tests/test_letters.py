"""Letters on paper: what a form takes stands in a font of ours, and nothing else is promised."""

# ruff: noqa: RUF001 – letters that look alike are what is tested

import re
import subprocess
import unicodedata
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from markupsafe import escape

from reports.paper.letters import advances, unprintable
from reports.printing.pdf import ROOT, render_pdf
from tests.pdf_text import pages_of

ACCENTS = range(0x300, 0x370)
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsversammlung"
PRINTED = (
    "25 µg, 25 μg", "6′ 8″ tall", "x\u2011ray, up\u2010to", "† ‡ ‰ ≥ ≤ ≠ ≈ ± × ÷ √ ∞", "½ ⅓ ¾ ² ³ ₂ 37 °C №", "← → ↑ ↓",
    "☐ ☑ ✓ ✗ ★ ♥ ☎", "“quoted” ‘so’ «así» „da“ …", "€ £ ¥ ₹ ¢", "José niño, ¿qué?", "Łódź, Žižka, Ňuňo", "Ærø, Ðoð, Þórr",
    "İstanbul ığdır", "Tiếng Việt: bác sĩ", "Ελληνικά, ϊΐ", "Привет, Київ, Љубав", "Հայերեն", "ქართული", "שלום 12 רופא",
    "مرحبا 12", "می\u200cخواهم", "Diné bizaad: ą́ ǫ́ į́", "Yorùbá: ọ̀ ẹ́ ṣ", "q̃ m̂ x̄ n̓", "ʻokina, Hawaiʻi", "ﬁ ﬂ", "❤ ☺",
    "a\u0323\u0302", "1. 12 — 3 – 4", "<b>&amp;</b> \"'", LONG,
)  # fmt: skip
REFUSED = {
    "สวัสดี": "ส วั ดี", "हिन्दी": "हि न् दी", "한국어": "한 국 어", "中文": "中 文", "日本語日": "日 本 語", "👍🏽 ok": "👍🏽", "well 😀": "😀", "🫨": "🫨", "ok \ufffd": "\ufffd",
    "the \U0001f468\u200d\U0001f469\u200d\U0001f467!": "\U0001f468\u200d\U0001f469\u200d\U0001f467", "አማርኛ": "አ ማ ር ኛ",
}  # fmt: skip


@pytest.fixture(scope="module")
def paper(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("letters") / "letters.pdf"
    file.write_bytes(every_letter())
    return file


def every_letter() -> bytes:
    """Every text once in plain and once in bold letters, in 24 points; then every letter that is taken."""
    every = (chr(code) for code in advances(400).keys() & advances(700).keys())
    letters = " ".join(f"o{each}" if unicodedata.category(each).startswith("M") else each for each in every)
    texts = "".join(f"<p>{escape(each)} <b>{escape(each)}</b></p>" for each in (*PRINTED, letters))
    html = f"<!DOCTYPE html><html lang=en><title>T</title><body class=points-24><section><h1>T</h1>{texts}</section>"
    return render_pdf(html)


@pytest.mark.parametrize("text", PRINTED, ids=ascii)
def test_what_can_be_printed_is_taken(text) -> None:
    assert unprintable(text) == ()


@pytest.mark.parametrize(("text", "letters"), REFUSED.items(), ids=map(ascii, REFUSED))
def test_each_that_cannot_is_named_once_with_all_that_belongs_to_it(text, letters) -> None:
    assert " ".join(unprintable(text)) == letters


def test_every_letter_that_is_taken_reaches_the_paper_in_our_own_fonts(paper) -> None:
    text = "".join(pages_of(paper.read_bytes()))
    listed = subprocess.run(["pdffonts", str(paper)], capture_output=True, text=True, check=True).stdout
    fonts = {line.split()[0].partition("+")[2] for line in listed.splitlines()[2:]}

    for each in PRINTED:
        lost = set(each) - set(text) - set("\u200c")
        assert not lost, (each, lost)
    assert {re.sub("-(Bold|Extended)", "", each) for each in fonts} == {
        "Atkinson-Hyperlegible-Next",
        "DejaVu-Sans-Subset",
    }, listed


def test_no_word_leaves_the_column(paper) -> None:
    said = subprocess.run(["pdftotext", "-bbox", str(paper), "-"], capture_output=True, text=True, check=True).stdout
    right = max(float(each) for each in re.findall(r'<word [^>]*xMax="([0-9.]+)"', said))
    width = float(re.findall(r'<page width="([0-9.]+)"', said)[0])
    assert right <= width - 20 / 25.4 * 72 + 1


def held(face: str, weight: int) -> set[int]:
    (path,) = ROOT.glob(f"static/fonts/*/*{face}-{weight}-normal.woff2")
    return set(TTFont(path).getBestCmap())


@pytest.mark.parametrize("weight", [400, 700])
@pytest.mark.parametrize("sheet", ["print", "site"])
def test_a_stylesheet_promises_of_a_font_what_it_holds(sheet, weight) -> None:
    """Of a font that is said to hold more, the missing letters are set as boxes, and no other font is asked."""
    css = (ROOT / f"static/{sheet}.css").read_text(encoding="utf-8")
    basic, extended = held("next-latin", weight), held("next-latin-ext", weight) - held("next-latin", weight)
    alone = set(ACCENTS) if sheet == "print" else set()
    for face, codes in (("latin", basic - alone), ("latin-ext", extended - alone)):
        (told,) = re.findall(rf"next-{face}-{weight}-normal[^}}]*unicode-range: ([^;]*);", css)
        assert told == as_range(codes)


def as_range(codes: set[int]) -> str:
    """U+0020-007E, U+00A0: as it stands in a stylesheet."""
    runs: list[list[int]] = []
    for code in sorted(codes):
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return ", ".join(f"U+{first:04X}" + (f"-{last:04X}" if last > first else "") for first, last in runs)
