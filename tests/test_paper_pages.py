"""The limits of contract 12 on the paper of who has the most to do; ./run bench paper looks at more people."""

from itertools import islice, product

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
from lab.people.records import records
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


@pytest.mark.parametrize(
    ("number", "points", "language"), [(4, 14, "en"), (25, 14, "en"), (25, 14, "es"), (25, 18, "es")]
)
def test_levels_and_the_square_of_a_short_plan_do_not_stand_alone(definitions, number, points, language) -> None:
    """Where they go over by a little, a step goes with them."""
    record = next(islice(records(number + 1, seed=3), number, None))
    lists = ("about", "falls", "bone") if number == 4 else ("about", "falls")
    record["answers"] = {name: record["answers"][name] for name in lists}
    known = definitions.into(language)
    read = read_pages(pdf_of(known, issued(known, record), points, language))
    visit = next(place for place, page in enumerate(read) if VISIT[language] in page.text)

    steps = [each for each in read[2:visit] if NOTES[language] not in each.text]

    assert all(each.filled >= 0.4 for each in steps), [each.filled for each in steps]
    assert any(each in steps[-1].text for each in ("Why:", "Por:", "•")), "a step stands with them"


@pytest.mark.parametrize("language", VISIT)
def test_what_to_do_after_a_fall_is_drawn_in_every_size(definitions, long_records, language) -> None:
    known = definitions.into(language)
    plan = PlanToPrint(issued=issued(known, long_records["hardest"]))
    for points, page in product(MOST_PAGES, ("letter", "a4")):
        html = compose(known, [plan], PrintOptions(region="us", language=language, points=points, page=page))
        assert html.count('src="bundled:fall-') == 5, (points, page)
