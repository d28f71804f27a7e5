"""What a person types: read in one form, shown alike on page, paper, zip, share and name line, never lost."""

# ruff: noqa: RUF001 – letters that look alike are what is tested

import io
import json
import re
import zipfile
from xml.etree.ElementTree import Element

import pytest
from flask import Flask

from tests.page_checks import text_of
from tests.tapping import paper_text
from tests.test_web_shares import at, come, share
from tests.visitor import After, Page, Visitor
from web.plan.ticks import NOTE_CHARACTERS, NOTE_LINES, REASON_CHARACTERS, TITLE_CHARACTERS
from web.sharing.shares import NAME_CHARACTERS

TITLE = "José: 25 µg, 6′ 8″ † ≥ Ελ"
TYPED_TITLE = "\ufeffJose\u0301:\t25\u00a0\u00b5g,\u20286\u2032 8\u2033 \u2020\u200b ≥ \u202eΕλ"
NOTE, TYPED_NOTE = "Call 555 0100\nx\u2011ray ½", "Call\u00a0\u202e555\t0100\r\nx\u2011ray\u2003½\u3164"
NAME, TYPED_NAME = "Žofie", "Z\u030cofie\u3164\u2800"
HEBREW = "12 שלום"
OWN = {
    "/plan/own": {"title": TITLE_CHARACTERS, "note": NOTE_CHARACTERS},
    "/share": {"name": NAME_CHARACTERS, "of": NAME_CHARACTERS},
}
NEEDED = {"title": "Call", "name": "Ana"}


def reach(visitor: Visitor) -> None:
    visitor.begin()
    visitor.take("/about/age", {"age": "72", "sex": "female", "hospital-past-3-months": "no"}, "no")
    visitor.tick()
    visitor.take("/falls/fell-past-year", {"fell-past-year": "yes", "unsteady-walking": "yes"}, "no")
    visitor.see_plan()


@pytest.fixture
def planned(after: After) -> Visitor:
    return after(reach)


def test_what_is_typed_arrives_everywhere_as_it_was_meant(app: Flask, planned: Visitor) -> None:
    """Decomposed, with tabs and other white space, invisible letters, a turn to the left, and rare signs."""
    made = share(planned, name=TYPED_NAME, of="\u2067Mamá")
    other = come(app, made)
    other.open(f"{at(made)}/own").send({"title": TYPED_TITLE, "note": TYPED_NOTE, "when": "30"})

    for page in (planned.open("/plan"), other.open(f"{at(made)}/plan")):
        card = next(each for each in page.tree.iter("article") if TITLE in text_of(each))
        assert NAME in text_of(card)
        assert NOTE.replace("\n", " ") in text_of(card)
    assert NOTE in page.html
    assert page.h1 == "The plan of Mamá"
    for paper in (paper_text(planned, "/plan.pdf"), paper_text(other, f"{at(made)}/plan.pdf")):
        assert re.search(f"{re.escape(TITLE)} (· My own steps )?Added by {NAME}[.]", paper)
        assert NOTE.replace("\n", " ") in paper
    sent = planned.client.post("/download", data=planned.open("/download").data({}), buffered=True)
    with zipfile.ZipFile(io.BytesIO(sent.data)) as archive:
        everything = json.loads(archive.read("everything.json"))
    (step,) = (each for each in everything["steps"] if each["title"] == TITLE)
    assert (step["note"], step["title"]) == (NOTE, TITLE)
    assert NAME in [each["name"] for each in everything["shared_with"]]


def test_what_nobody_can_see_is_not_kept_as_a_title_or_a_name(planned: Visitor) -> None:
    for unseen in ("\u200b", "\u3164", "\u2800 \u00ad", "\u202e\u202c"):
        assert planned.open("/plan/own").send({"title": unseen}, 422).errors
        assert planned.open("/share").send({"name": unseen}, 422).errors


@pytest.mark.parametrize(("path", "name"), [(path, name) for path in OWN for name in OWN[path]])
def test_what_cannot_be_printed_or_is_too_long_is_told_with_everything_still_there(
    planned: Visitor, path: str, name: str
) -> None:
    most = OWN[path][name]
    for text, told in (
        ("Yes 한국", "We cannot print this: 한 국. Leave it out, or write it with other letters."),
        ("w" * (most + 1), f"Use at most {most} letters here. There are {most + 1} now."),
        ("w" * 5_000, f"Use at most {most} letters here. There are 5000 now."),
    ):
        fields = {each: value for each, value in NEEDED.items() if each in OWN[path]}
        page = planned.open(path).send({**fields, name: text}, 422)
        assert page.errors == [told]
        assert page.chosen(name) == [text]
    kept = planned.open(path).send({**fields, name: "w" * most})
    assert kept.status == 200


def test_the_lines_of_a_note_have_a_limit_that_is_told(planned: Visitor) -> None:
    note = "\r\n".join("ab" for _ in range(NOTE_LINES + 5))
    page = planned.open("/plan/own").send({"title": "Call", "note": note}, 422)

    assert page.errors == [f"Use at most {NOTE_LINES} lines here. There are {NOTE_LINES + 5} now."]
    assert page.chosen("note") == [note.replace("\r\n", "\n")]
    page.send({"note": note.replace("\r\n", "\r\n" * 9, 1).removesuffix("\r\nab" * 7)})


def test_a_reason_is_judged_like_the_rest(planned: Visitor) -> None:
    action = next(each for each in planned.open("/plan").tree.iter("article"))
    page = planned.open(f"/plan/actions/{str(action.get('id')).removeprefix('action-')}")
    refused = page.send({"state": "not-for-me", "reason": "ส" * (REASON_CHARACTERS + 1)}, 422)
    assert refused.errors == [f"Use at most {REASON_CHARACTERS} letters here. There are {REASON_CHARACTERS + 1} now."]
    assert page.send({"state": "not-for-me", "reason": "ส"}, 422).errors


def test_what_is_read_from_right_to_left_turns_nothing_beside_it(app: Flask, planned: Visitor) -> None:
    made = share(planned, name=HEBREW, of=HEBREW)
    other = come(app, made)
    own = other.open(f"{at(made)}/own").send({"title": HEBREW, "note": HEBREW, "when": "30"})
    number = next(str(each.get("id")) for each in own.tree.iter("article") if HEBREW in text_of(each))
    action = number.removeprefix("action-")
    planned.open(f"/plan/actions/{action}").send({"state": "not-for-me", "reason": HEBREW})

    addresses = ("/plan", f"/plan/actions/{action}", "/plan/from-paper", "/share", made.path, "/changes")
    pages = [planned.open(each) for each in addresses]
    pages += [other.open(each) for each in (f"{at(made)}/plan", f"{at(made)}/actions/{action}", "/shared")]
    for page in pages:
        assert at_large(page) == [], page.path
    assert sum(page.html.count(HEBREW) for page in pages) > 20
    assert planned.client.get("/plan.pdf").status_code == 200


def at_large(page: Page) -> list[str]:
    """Words from right to left that stand beside others without a border."""

    def texts(each: Element) -> list[tuple[Element, str]]:
        found = [(each, each.text or "")]
        for child in each:
            found += [*texts(child), (each, child.tail or "")]
        return found

    return [
        text
        for holder, text in texts(page.tree)
        if HEBREW in text
        and HEBREW in text.replace(f"\u2068{HEBREW}\u2069", "")
        and not (holder.get("dir") == "auto" and text.strip() == HEBREW)
    ]
