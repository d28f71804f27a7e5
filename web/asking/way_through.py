"""The way through the checklists: which pages there are for this person, in order, and how long they take.

The short way is falls alone: of the questions about the person it asks those that falls and safety need. The others are
asked when another list is begun.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import url_for

from answers.carrying_over import must_be_asked
from answers.draft import Draft
from answers.person import person_of
from checklists import Definitions
from checklists.files.grammar import FALLS
from checklists.files.model import Question, Section
from checklists.rules.facts import base_world, unasked
from checklists.rules.needed import about_needed, hangs_on

MOST_ASKED = 10
NEEDED = ("spine-fracture-now", "hospital-past-3-months")
"""About questions that cannot be passed over: exercise waits on them."""
WORDS_A_MINUTE, SECONDS_A_QUESTION = 130, 5
"""How fast somebody of 80 reads with care, and thinks and taps; the one rule for every time that is told beforehand."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of a checklist: a question, or a section whose questions are asked together."""

    checklist: str
    questions: tuple[Question, ...]
    section: Section | None = None

    @property
    def address(self) -> str:
        if self.section is None:
            return url_for("questions.question", subject=self.checklist, link_id=self.questions[0].link_id)
        if self.section.together:
            return url_for("sections.section", subject=self.checklist, section_id=self.section.id)
        return url_for("sections.room", section_id=self.section.id)


@dataclass(frozen=True)
class PageOnTheWay:
    """A question's own page, and which page of the way through its list it is or, asked together, it is a part of."""

    page: Page
    way: tuple[Page, ...]
    number: int

    @property
    def after(self) -> tuple[Page, ...]:
        return self.way[self.number + 1 :]


def place_in(way: tuple[Page, ...], link_id: str) -> PageOnTheWay | None:
    """Where a question stands on this way; None where it is not on it."""
    for number, page in enumerate(way):
        for question in page.questions:
            if question.link_id == link_id:
                return PageOnTheWay(replace(page, questions=(question,), section=None), way, number)
    return None


def pages_of(definitions: Definitions, draft: Draft, checklist: str, day: date) -> tuple[Page, ...]:
    """Every page of a checklist that applies or may apply to this person, in order."""
    if checklist == "about":
        return single_pages_of(definitions, draft, checklist, day)
    rooms = checklist == definitions.rooms.id
    single = {page.questions[0].link_id: page for page in single_pages_of(definitions, draft, checklist, day)}
    pages: list[Page] = []
    for section in definitions.checklist_of[checklist].sections:
        if rooms or section.together:
            pages.append(Page(checklist=checklist, section=section, questions=section.questions))
        else:
            pages += [single[each.link_id] for each in section.questions if each.link_id in single]
    return tuple(pages)


def single_pages_of(definitions: Definitions, draft: Draft, checklist: str, day: date) -> tuple[Page, ...]:
    """A page for each question of a checklist that applies or may apply: those asked together have their own too."""
    hidden = _hidden(definitions, draft, checklist, day)
    return tuple(
        Page(checklist=checklist, questions=(question,))
        for fact, question in definitions.asked[checklist]
        if fact not in hidden
    )


def _hidden(definitions: Definitions, draft: Draft, checklist: str, day: date) -> set[str]:
    if not definitions.conditional[checklist]:
        return set()
    among = hangs_on(definitions, checklist)
    person = person_of(definitions, draft, day, among)
    if checklist != "about" and checklist not in person.answers:
        person = replace(person, answers={**person.answers, checklist: {}})
    return {fact for fact, _ in unasked(base_world(definitions, person, among), (checklist,))}


def may_have_changed(definitions: Definitions, draft: Draft, day: date) -> tuple[Page, ...]:
    """The pages of questions whose answers time alone can change, of about and of every list that was taken."""
    return tuple(
        page
        for name in definitions.list_ids
        if name == "about" or (draft.has_begun(name) and name != definitions.rooms.id)
        for page in single_pages_of(definitions, draft, name, day)
        if page.questions[0].may_change
    )


def to_ask_again(definitions: Definitions, draft: Draft, day: date) -> tuple[Page, ...]:
    """What a check asks, at most ten: what spans time first, as a new fall brings its follow-ups, which take the places
    of what is least worth asking."""
    pages = may_have_changed(definitions, draft, day)
    spans = [each for each in pages if each.questions[0].spans]
    asked = draft.asked_anew(day)
    worth = draft.again.worth if draft.again and draft.is_checking(day) else ()
    chosen = sorted(worth, key=lambda fact: fact not in asked)[: max(0, MOST_ASKED - len(spans))]
    return (*spans, *(each for each in pages if not each.questions[0].spans and fact_of(each) in chosen))


def next_to_ask(definitions: Definitions, draft: Draft, day: date) -> Page | None:
    """The first of them that was not asked since this check again began."""
    asked = draft.asked_anew(day)
    return next((each for each in to_ask_again(definitions, draft, day) if fact_of(each) not in asked), None)


def to_ask_before_plan(definitions: Definitions, draft: Draft, day: date) -> tuple[Page, ...]:
    """The pages of what made the last plan careful and may not be carried over; none where all was asked anew."""
    careful = must_be_asked(definitions, draft, draft.asked_anew(day))
    return tuple(page for page in may_have_changed(definitions, draft, day) if fact_of(page) in careful)


def fact_of(page: Page) -> str:
    """The fact that a page with one question asks."""
    return f"{page.checklist}.{page.questions[0].link_id}"


def answered(draft: Draft, page: Page) -> bool:
    """Whether every question of a page has an answer."""
    if page.section is not None and page.section.may_be_absent and page.section.id in draft.absent:
        return True
    return all(question.link_id in draft.answers(page.checklist) for question in page.questions)


def first_open(draft: Draft, pages: tuple[Page, ...]) -> Page | None:
    """The first page with something unanswered, or None."""
    return next((page for page in pages if not answered(draft, page)), None)


def about_pages(definitions: Definitions, draft: Draft, heading_for: str, day: date) -> tuple[Page, ...]:
    """The questions about the person on the way to a list: what falls need, or what they left for every other list."""
    needed = about_needed(definitions, FALLS)
    pages = pages_of(definitions, draft, "about", day)
    return tuple(each for each in pages if (fact_of(each) in needed) == (heading_for == FALLS))


def on_short_way(definitions: Definitions, draft: Draft) -> bool:
    """Whether falls were begun alone: what safety must know is answered, and nothing that falls do not need."""
    needed = about_needed(definitions, FALLS)
    known = draft.about
    rest = [question.link_id for fact, question in definitions.asked["about"] if fact not in needed]
    return all(each in known for each in NEEDED) and not any(each in known for each in rest)


def begin_at(definitions: Definitions, draft: Draft, checklist: str, day: date) -> str:
    """Where a list is begun or gone on with; before any but falls comes what the short way left out."""
    if checklist != FALLS and not draft.has_begun(checklist) and on_short_way(definitions, draft):
        left = about_pages(definitions, draft, checklist, day)
        if left:
            return f"{left[0].address}?then={checklist}"
    return go_on_in(definitions, draft, checklist, day)


def go_on_in(definitions: Definitions, draft: Draft, checklist: str, day: date) -> str:
    """The first page of a list that is open, else its review; nothing about the person is asked before it."""
    page = first_open(draft, pages_of(definitions, draft, checklist, day))
    if page is None:
        return url_for("hub.review", checklist=checklist)
    return url_for("rooms.choose") if checklist == definitions.rooms.id else page.address


def minutes_for(pages: Sequence[Page], signs_of: Definitions | None = None) -> int:
    """How many minutes these pages take, with the warning signs of these definitions or without."""
    words = [
        question.ask if page.section is None else question.look_for or question.finding
        for page in pages
        for question in page.questions
    ]
    taps = len(words)
    if signs_of is not None:
        signs = [sign for sign in signs_of.warning_signs.signs if sign.ask]
        words += [str(sign.ask) for sign in signs]
        taps += len(signs_of.warning_signs.groups)
    seconds = sum(len(each.split()) for each in words) * 60 / WORDS_A_MINUTE + taps * SECONDS_A_QUESTION
    return max(1, round(seconds / 60))
