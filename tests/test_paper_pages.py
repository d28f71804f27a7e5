"""The limits of contract 12 on the paper of who has the most to do; ./run bench paper looks at more people."""

from itertools import product

import pytest

from lab.bench.paper_pages import (
    SMALL_SHARE,
    SMALLEST,
    hardest,
    issued,
    longest,
    pdf_of,
    read_pages,
    share_of_small,
    smallest,
)
from reports.paper.compose import PlanToPrint, compose
from reports.paper.pages import MOST_PAGES
from reports.paper.plan_paper import PrintOptions

VISIT = {"en": "For my visit", "es": "Para mi cita"}
NOTES = {"en": "Notes", "es": "Notas"}
EVERY = tuple(product(MOST_PAGES, VISIT))


@pytest.fixture(scope="module")
def long_records(definitions):
    return {"longest of 200": longest(definitions, 1)[0], "hardest": hardest(definitions)}


@pytest.mark.parametrize(
    ("who", "points", "language"),
    [("longest of 200", 14, "es"), ("longest of 200", 24, "en"), *(("hardest", *each) for each in EVERY)],
)
def test_a_long_plan_keeps_its_limits(definitions, long_records, who, points, language) -> None:
    known = definitions.into(language)
    read = read_pages(pdf_of(known, issued(known, long_records[who]), points, language))
    visit = next(place for place, page in enumerate(read) if VISIT[language] in page.text)

    assert len(read) <= MOST_PAGES[points]
    assert visit % 2 == 0, "counted from 0, a right-hand page is even"
    assert all(each.filled >= 0.5 for each in (*read[: visit - 1], *read[visit:-1])), [each.filled for each in read]
    assert read[visit - 1].filled >= 0.1 or NOTES[language] in read[visit - 1].text, "no page has nothing on it"
    assert smallest(read) >= SMALLEST * points
    assert share_of_small(read, points) <= SMALL_SHARE


@pytest.mark.parametrize("language", VISIT)
def test_what_to_do_after_a_fall_is_drawn_in_every_size(definitions, long_records, language) -> None:
    known = definitions.into(language)
    plan = PlanToPrint(issued=issued(known, long_records["hardest"]))
    for points, page in product(MOST_PAGES, ("letter", "a4")):
        html = compose(known, [plan], PrintOptions(region="us", language=language, points=points, page=page))
        assert html.count('src="bundled:fall-') == 5, (points, page)
