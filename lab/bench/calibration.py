"""./run bench people: what the rules and plans make of 2,000 synthetic people, beside what was published of real ones.

No limit and no timed test: the table is read by whoever changes a rule, before and after.
"""

import io
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from checklists import Definitions, load_definitions
from checklists.rules.person import Person
from lab.bench.figures import Figure
from lab.people.population import SEXES, PlannedPerson, judge, people, published
from lab.people.records import DAY
from reports.paper.document import plan_html
from reports.paper.plan_paper import Paper
from reports.words.words import words

KEY_QUESTIONS = ("falls.fell-past-year", "falls.unsteady-walking", "falls.worried-about-falling")
LEVELS = ("low", "moderate", "high", "not-known")
AT_RISK_POINTS = 4
MOST_LISTED = 10
PRINTED = 24


def measure() -> list[Figure]:
    """Prints the whole table; it has no figure with a limit."""
    known = load_definitions()
    judged = [judge(known, someone, record) for someone, record in people(known)]
    for line in _table(known, judged):
        print(line, flush=True)
    return []


def _table(known: Definitions, judged: list[PlannedPerson]) -> Iterator[str]:
    checked = Counter(row["checked"] for row in published()["rows"].values())
    yield f"{len(judged):,} synthetic people of 65 to 94, definitions {known.content_hash[:12]}; percent"
    yield "Prevalences: " + ", ".join(f"{checked[how]} from {how}" for how in ("text", "memory", "assumed"))
    yield from _levels(judged)
    yield from _anchors(judged)
    yield from _prevalences(judged)
    yield ""
    yield f"Exercise on hold {_percent(bool(each.assessment.hold) for each in judged)}"
    yield from _most_frequent("told", known, [[action.id for action in each.plan.all_actions] for each in judged])
    yield from _most_frequent("first", known, [[action.id for action in each.plan.first] for each in judged])
    yield ""
    yield f"Actions in a plan: {_spread(len(each.plan.all_actions) for each in judged)}"
    yield f"Pages of paper at 14 points, {PRINTED} plans: {_spread(_pages(known, judged))}"


def _levels(judged: list[PlannedPerson]) -> Iterator[str]:
    yield ""
    yield f"{'':24}{'falls':>16}{'bone':>28}{'overall':>29}"
    yield f"{'':18}{'people':>6}" + 3 * "".join(f"{level:>7}" for level in ("low", "mod.", "high", "?"))
    for name, group in _groups(judged):
        parts = "".join(_shares(group, of) for of in ("falls", "bone", "overall"))
        yield f"{name:18}{len(group):6}{parts}"
    yield ""
    for of in ("home", "posture"):
        yield f"{of + ', everybody':18}{len(judged):6}{_shares(judged, of)}"


def _groups(judged: list[PlannedPerson]) -> Iterator[tuple[str, list[PlannedPerson]]]:
    yield "everybody", judged
    for sex, name in zip(SEXES, ("women", "men"), strict=True):
        for band, years in enumerate(("65-74", "75-84", "85-94")):
            yield f"{name} {years}", [each for each in judged if (each.someone.sex, each.someone.band) == (sex, band)]


def _shares(group: list[PlannedPerson], of: str) -> str:
    counts = Counter(each.level(of) for each in group)
    return "".join(f"{100 * counts[level] / len(group):7.1f}" for level in LEVELS)


def _anchors(judged: list[PlannedPerson]) -> Iterator[str]:
    measures = {
        "stay-independent": lambda each: _points(each) >= AT_RISK_POINTS,
        "three-key-questions": lambda each: any(each.person.answer(fact) == "yes" for fact in KEY_QUESTIONS),
    }
    yield ""
    for name, anchor in published()["anchors"].items():
        here = _percent(measures[name](each) for each in judged)
        yield f"{anchor['says']:36} here {here}, published {anchor['published']} ({anchor['checked']})"
        yield f"    {anchor['note']}"


def _points(each: PlannedPerson) -> int:
    """The points of Stay Independent; unsure counts none, as a question left out on its paper."""
    score = next(result.score for result in each.assessment.checklists if result.id == "falls")
    return score.low if score else 0


def _prevalences(judged: list[PlannedPerson]) -> Iterator[str]:
    """Whether the people are as published, wherever a source gives a figure for all of them or for a sex."""
    yield ""
    yield f"{'Yes among those asked':32}{'here: all  women    men':>26}{'published: all  women    men':>32}"
    for fact, row in published()["rows"].items():
        if "published" in row:
            here = (_yes(judged, fact), *(_yes([e for e in judged if e.someone.sex == sex], fact) for sex in SEXES))
            there = (row["published"].get(each, "") for each in ("all", *SEXES))
            yield f"{fact:32}{_row(here, 12)}{_row(there, 18)}  {row['checked']}"
    yield f"Unsure, of all answers {_percent(value == 'unsure' for each in judged for value in _answers(each.person))}"


def _yes(group: list[PlannedPerson], fact: str) -> str:
    values = [each.person.answer(fact) for each in group]
    return _percent(value == "yes" for value in values if value not in (None, "unsure"))


def _answers(someone: Person) -> Iterator[object]:
    for answers in (someone.about, *someone.answers.values()):
        yield from answers.values()


def _row(values: Iterable[object], first: int) -> str:
    cells = [str(value) for value in values]
    return f"{cells[0]:>{first}}{cells[1]:>7}{cells[2]:>7}"


def _most_frequent(name: str, known: Definitions, plans: list[list[str]]) -> Iterator[str]:
    counts = Counter(action for plan in plans for action in plan)
    yield ""
    yield f"The {MOST_LISTED} actions {name} most often"
    for action, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_LISTED]:
        yield f"{100 * count / len(plans):6.1f}  {known.action_of[action].title} ({action})"


def _pages(known: Definitions, judged: list[PlannedPerson]) -> Iterator[int]:
    """The pages of plans taken evenly from everybody, as `flask plan` prints them."""
    from pypdf import PdfReader

    from reports.printing.pdf import render_pdf

    for each in judged[:: len(judged) // PRINTED][:PRINTED]:
        paper = Paper(
            words=words(known, "us", "en"),
            assessment=each.assessment,
            plan=each.plan,
            made_on=date.fromisoformat(DAY),
            print_points=14,
        )
        yield len(PdfReader(io.BytesIO(render_pdf(plan_html([paper], "letter")))).pages)


def _percent(holds: Iterable[bool]) -> str:
    every = list(holds)
    return f"{100 * sum(every) / len(every):.1f}" if every else "-"


def _spread(numbers: Iterable[int]) -> str:
    every = sorted(numbers)
    return f"min {every[0]}, median {statistics.median(every):g}, max {every[-1]}"
