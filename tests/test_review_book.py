"""The book that a clinician reviews holds everything, and a change of one word undoes the review of its entry alone."""

import shutil
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from markupsafe import escape

from app import create_app
from checklists import load_definitions
from checklists.files.grammar import Condition
from checklists.files.translating import wordings
from checklists.loading.load import DEFINITIONS
from reports.paper.blank import BlankPaper
from reports.paper.document import blank_html
from reports.printing.pdf import render_pdf
from reports.review.book import book_html, book_of
from reports.review.conditions import in_notation
from reports.review.entries import _headers, review_parts
from reports.review.reviewers import (
    JUDGED_WITHOUT,
    SignedReview,
    changed_entries,
    reviewers,
    standing_of_parts,
)
from reports.words.reviewed import review_sentence
from reports.words.words import words
from tests.pdf_text import pages_of
from tests.shipped import SHIPPED

TODAY = date(2026, 11, 29)


@pytest.fixture(scope="module")
def known():
    return SHIPPED


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEFINITIONS, tmp_path / "definitions"))


def as_html(text: str) -> str:
    return str(escape(text))


def change(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) >= 1
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_text_of_the_definitions_stands_in_the_book(known, language) -> None:
    html = book_html(book_of(known, language, TODAY), "letter")
    texts = [
        line
        for header in (*_headers(known), *_headers(known.into(language)))
        for wording in wordings(header).values()
        for line in ((wording,) if isinstance(wording, str) else wording)
    ]
    assert len(texts) > 2000
    assert [each for each in texts if as_html(each) not in html] == []


def test_every_rule_point_step_and_source_stands_in_it(known) -> None:
    html = book_html(book_of(known, "en", TODAY), "letter")
    for checklist in known.checklists:
        for level in checklist.levels:
            if level.when is not None:
                assert as_html(in_notation(level.when)) in html
    for fact, question in known.question_of.items():
        assert f'<p class="key">{fact} ' in html
        assert question.score == 0 or f"Score: {question.score}" in html
    for name in (*known.action_of, *(sign.id for sign in known.warning_signs.signs)):
        assert f".{name} " in html
    for source in known.sources.sources:
        assert as_html(source.cite) in html
    for call in (call for each in known.checklists for call in each.calls):
        assert "; ".join(call.actions) in html


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ({"all": [{"is": ["a", "yes"]}, {"any": [{"score": 4}, {"not": {"is": ["b", "no"]}}]}]}, "a is yes, and (score ≥ 4, or not b is no)"),
        ({"one_of": ["a", ["yes", "unsure"]]}, "a is yes or unsure"),
        ({"below": ["bone.weight-kg", 57.6]}, "bone.weight-kg < 57.6"),
        ({"more_than": ["a", 6.0]}, "a > 6.0"),
        ({"at_most": ["a", 20]}, "a ≤ 20"),
        ({"count": {"at_least": 3, "priority": 3}}, "3 or more answers yes of priority 3"),
        ({"count": {"at_least": 1, "loads_spine": True}}, "1 or more answers yes that load the spine"),
        ({"level": ["bone", "high"]}, "level of bone at least high"),
        ({"state": "hold"}, "state hold"),
    ],
)  # fmt: skip
def test_a_condition_is_written_in_plain_notation(condition, text) -> None:
    assert in_notation(Condition.model_validate(condition)) == text


def test_the_book_is_a_tagged_paper_with_a_page_to_sign(known) -> None:
    book = book_of(known, "es", TODAY)
    few = replace(book, parts=tuple(part for part in book.parts if part.id in ("regions", "safety")))
    pdf = render_pdf(book_html(few, "a4"))
    paper = pypdf.PdfReader(BytesIO(pdf))
    assert "/StructTreeRoot" in paper.trailer["/Root"]
    pages = pages_of(pdf)
    assert "book to review" in pages[0]
    assert few.parts[0].mark in pages[0]
    assert "Signature" in pages[-1]
    assert few.parts[1].mark in pages[-1]


@pytest.mark.parametrize(
    ("file", "old", "new", "changed"),
    [
        ("falls.yaml", "ask: Did you fall in the past", "ask: Have you fallen in the past", {"falls.fell-past-year"}),
        ("falls.yaml", "        score: 2\n", "        score: 1\n", {"falls.fell-past-year"}),
        ("bone.yaml", 'says: "', 'says: "Well. ', {"bone"}),
        ("actions.yaml", "    within_days: 14\n    cost: free\n    effort: none\n    kind: medical", "    within_days: 15\n    cost: free\n    effort: none\n    kind: medical", None),
    ],
)  # fmt: skip
def test_a_change_marks_its_own_entry_and_no_other(known, folder, file, old, new, changed) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    if old not in text:
        old, new = old.replace('"', ""), new.replace('"', "")
    change(folder, file, old, new)
    before = {part.id: part for part in review_parts(known)}
    found = {
        key for part in review_parts(load_definitions(folder)) for key in part.changed_since(before[part.id].marks)
    }
    assert len(found) == 1
    assert changed is None or found == changed


def test_an_english_change_undoes_the_review_of_its_translation_too(known, folder) -> None:
    change(folder, "falls.yaml", "ask: Did you fall in the past", "ask: Have you fallen in the past")
    before = {part.id: part.marks for part in review_parts(known, "es")}
    parts = review_parts(load_definitions(folder), "es")
    assert [key for part in parts for key in part.changed_since(before[part.id])] == ["falls.fell-past-year"]


def test_what_comes_and_goes_is_a_change_too(known) -> None:
    part = review_parts(known)[2]
    marks = {**part.marks, "falls.no-longer-asked": "0"}
    del marks["falls.fall-injury"]
    assert part.changed_since(marks) == ("falls.fall-injury", "falls.no-longer-asked")
    assert part.changed_since(part.marks) == ()


# On the command line


def checklists(*args: str):
    return create_app().test_cli_runner().invoke(args=["checklists", *args])


SIGNED = ("--by", "Ana Ruiz, MD", "--until", "2099-11-30")


@pytest.mark.parametrize("parts", [("falls", "actions"), ("--lang", "es")])
def test_check_lists_what_was_changed_since_a_clinician_signed(folder, parts) -> None:
    signed = checklists("reviewed", *parts, *SIGNED, "--folder", str(folder))
    assert signed.exit_code == 0, signed.output
    assert checklists("check", str(folder)).exit_code == 0
    change(folder, "falls.yaml", "ask: Did you fall in the past", "ask: Have you fallen in the past")
    change(folder, "home.yaml", "ask_other: ", "ask_other: Again, ")
    found = checklists("check", str(folder))
    assert found.exit_code == 1
    assert "falls.fell-past-year. Have it reviewed anew" in found.output
    assert ("home" in found.output) == ("es" in parts)  # in English nobody has signed it
    assert checklists("reviewed", *parts, *SIGNED, "--folder", str(folder)).exit_code == 0
    assert checklists("check", str(folder)).exit_code == 0


def test_a_status_that_nobody_signed_is_found(folder) -> None:
    change(folder, "falls.yaml", "review: {status: draft", "review: {status: reviewed")
    found = checklists("check", str(folder))
    assert found.exit_code == 1
    assert "changed since nobody reviewed it" in found.output


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("fals", *SIGNED), "There is no part fals. The parts are warning-signs, about, falls"),
        (SIGNED, "Name the parts"),
        (("falls", "--lang", "fr", *SIGNED), "Nothing is written in fr. Choose one of en, es."),
        (("falls", "--by", "A", "--until", "2020-01-01"), "Write a day that is still to come"),
        (("falls", "--by", "A", "--until", "soon"), "soon is no day. Write it as 2027-11-30."),
        (("falls", "--by", " ", "--until", "2099-01-01"), "Write who signed after --by."),
    ],
)
def test_what_cannot_be_signed_is_refused_and_nothing_is_written(folder, args, says) -> None:
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    found = checklists("reviewed", *args, "--folder", str(folder))
    assert found.exit_code == 2
    assert says in found.output
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before


def test_a_review_that_is_not_one_line_is_not_guessed_at(folder) -> None:
    change(folder, "falls.yaml", "review: {status: draft, by: \"\", date: \"\", next: \"2027-05-01\"}", "review:\n  {status: draft, by: \"\", date: \"\", next: \"2027-05-01\"}")  # fmt: skip
    found = checklists("reviewed", "falls", *SIGNED, "--folder", str(folder))
    assert found.exit_code == 1
    assert "falls.yaml has no line that begins with review" in found.output
    assert not (folder / "reviewed.json").exists()


# Reviews that a clinic recorded


def signed(
    known, language: str = "en", by: str = "Ana Ruiz, MD", until: date = date(2027, 11, 29)
) -> list[SignedReview]:
    return [
        SignedReview(
            part=part.id,
            language=language,
            by=by,
            on=TODAY,
            until=until,
            mark=part.mark,
            content_hash=known.content_hash,
        )
        for part in review_parts(known, language)
        if part.id not in JUDGED_WITHOUT
    ]


def test_words_are_reviewed_when_every_part_that_people_read_is(known) -> None:
    whole = signed(known)
    assert reviewers(known, "en", whole, TODAY) == ("Ana Ruiz, MD",)
    assert reviewers(known, "es", whole, TODAY) == ()
    assert reviewers(known, "en", [], TODAY) == ()
    for left_out in whole:
        assert reviewers(known, "en", [each for each in whole if each is not left_out], TODAY) == ()


def test_a_review_ends_with_its_day_and_the_last_one_counts(known) -> None:
    whole = signed(known, until=TODAY)
    assert reviewers(known, "en", whole, TODAY)
    assert not reviewers(known, "en", whole, TODAY + timedelta(days=1))
    again = [*whole, *signed(known, by="Li Wei, PharmD")]
    assert reviewers(known, "en", again, TODAY + timedelta(days=1)) == ("Li Wei, PharmD",)


def test_a_changed_word_undoes_one_review_and_is_named(known, folder) -> None:
    change(folder, "falls.yaml", "ask: Did you fall in the past", "ask: Have you fallen in the past")
    now = load_definitions(folder)
    parts = {each.part.id: each for each in standing_of_parts(now, "en", signed(known), TODAY)}
    assert {name for name, each in parts.items() if each.review and not each.holds} == {"falls"}
    assert changed_entries(parts["falls"].part, known) == ("falls.fell-past-year",)
    assert reviewers(now, "en", signed(known), TODAY) == ()


def test_paper_says_who_has_reviewed_its_words_in_place_of_draft(known) -> None:
    draft = words(known, "us", "es")
    assert draft.is_draft
    reviewed = replace(draft, reviewers=("Ana Ruiz, MD", "Li Wei, PharmD"))
    assert not reviewed.is_draft
    for each, says in ((draft, "todavía"), (reviewed, "Ana Ruiz, MD y Li Wei, PharmD")):
        blank = blank_html(BlankPaper(words=each, lists=("falls",), start="https://example.org"), "letter")
        assert says in blank
        assert (review_sentence(draft) in blank) == (each is draft)
