"""The limits of contract 12 on the paper of the person with the longest plan of 200; ./run bench paper looks at more."""

from itertools import product

import pytest

from lab.bench.paper_pages import SMALL_SHARE, SMALLEST, issued, longest, pdf_of, read_pages, share_of_small, smallest
from reports.paper.pages import MOST_PAGES

VISIT = {"en": "For my visit", "es": "Para mi cita"}


@pytest.fixture(scope="module")
def long_record(definitions):
    return longest(definitions, 1)[0]


@pytest.mark.parametrize(("points", "language"), tuple(product(MOST_PAGES, VISIT)))
def test_the_longest_plan_keeps_its_limits(definitions, long_record, points, language) -> None:
    known = definitions.into(language)
    read = read_pages(pdf_of(known, issued(known, long_record), points, language))
    visit = next(place for place, page in enumerate(read) if page.text.startswith(VISIT[language]))

    assert len(read) <= MOST_PAGES[points]
    assert visit % 2 == 0, "counted from 0, a right-hand page is even"
    assert all(each.filled >= 0.5 for each in (*read[: visit - 1], *read[visit:-1])), [each.filled for each in read]
    assert smallest(read) >= SMALLEST * points
    assert share_of_small(read, points) <= SMALL_SHARE
