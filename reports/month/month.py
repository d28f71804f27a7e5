"""A clinic's month in counts: who came, levels, warnings, steps done, hazards. Pure. hiding.py hides small ones.

Of a person counts their latest plan, but for steps, which are counted from the first one made.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from checklists.files.definitions import Definitions
from checklists.files.grammar import BONE, FALLS
from reports.month.hiding import SMALLEST_SHOWN, Sum, hidden
from reports.plan.plan_json import IssuedPlan
from reports.plan.progress import Standing
from reports.words.speech import N_
from reports.words.words import LEVELS, Words

MEDICINES_REVIEW = "ask-for-medicine-review"
TESTED_FROM = 65
HAZARDS_SHOWN = 10
AFTER_DAYS = (30, 90)


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Somebody who came in the month: their plans, the first first, and where each step stands."""

    plans: tuple[IssuedPlan, ...] = ()
    standings: Mapping[str, Standing] = field(default_factory=dict)

    @property
    def latest(self) -> IssuedPlan | None:
        return self.plans[-1] if self.plans else None


@dataclass(frozen=True, kw_only=True)
class MonthRow:
    """A count of people, or of steps; None where it is hidden. `of` is what it is a part of, where that is shown."""

    label: str
    count: int | None
    of: int | None = None

    @property
    def percent(self) -> int | None:
        """Rounded half up."""
        return (200 * self.count + self.of) // (2 * self.of) if self.count is not None and self.of else None


@dataclass(frozen=True, kw_only=True)
class MonthTable:
    """One table and its drawing; `note` says what is counted."""

    id: str
    title: str
    rows: tuple[MonthRow, ...]
    note: str = ""

    @property
    def longest(self) -> int:
        """The count whose bar is the longest; at least 1."""
        return max([each.of or each.count or 1 for each in self.rows], default=1)


_LEVELS: tuple[str, ...] = (*LEVELS, "unknown", "not-taken")
_LEVEL_WORDS = {**dict[str, str](LEVELS.items()), "unknown": N_("Not known yet"), "not-taken": N_("List not taken")}
_SUMS = (
    Sum(total="came", parts=("screened", "not-screened")),
    Sum(total="screened", parts=("falls", "falls.not-taken")),
    Sum(total="falls", parts=tuple(f"falls.{each}" for each in (*LEVELS, "unknown"))),
    Sum(total="falls", parts=("falls.tested-age", "falls.other-age")),
    Sum(total="screened", parts=("bone", "bone.not-taken")),
    Sum(total="bone", parts=tuple(f"bone.{each}" for each in (*LEVELS, "unknown"))),
    Sum(total="screened", parts=("warned", "not-warned")),
    Sum(total="warned", parts=("warned.closed", "warned.open")),
    Sum(total="screened", parts=("medicines", "no-medicines")),
    Sum(total="medicines", parts=("medicines.done", "medicines.open")),
)


def month_of(words: Words, visits: Sequence[Visit], today: date) -> tuple[MonthTable, ...]:
    """The tables of the month in which these people came."""
    known, _ = words.definitions, words.speech.gettext
    counts = dict.fromkeys((name for each in _SUMS for name in (each.total, *each.parts)), 0)
    counts.update(Counter(name for visit in visits for name in _counted_in(known, visit)))
    away = hidden(counts, _SUMS)

    def row(label: str, name: str, of: str) -> MonthRow:
        total = None if of in away else counts[of]
        return MonthRow(label=label, count=None if name in away else counts[name], of=total)

    def levels(name: str) -> tuple[MonthRow, ...]:
        return tuple(row(_(_LEVEL_WORDS[each]), f"{name}.{each}", "screened") for each in _LEVELS)

    return (
        MonthTable(
            id="screened",
            title=_("Who came and filled in a list"),
            rows=(
                row(_("Came"), "came", "came"),
                row(_("Filled in a list"), "screened", "came"),
                row(_("Falls list, aged 65 or more"), "falls.tested-age", "came"),
            ),
        ),
        MonthTable(id="falls", title=known.checklist_of[FALLS].title, rows=levels("falls")),
        MonthTable(id="bone", title=known.checklist_of[BONE].title, rows=levels("bone")),
        MonthTable(
            id="warnings",
            title=_("Warning signs"),
            rows=(
                row(_("Had a warning sign"), "warned", "screened"),
                row(_("All that it asks for is done"), "warned.closed", "warned"),
            ),
        ),
        MonthTable(
            id="steps", title=_("Steps done"), rows=tuple(_steps(words, visits, today)), note=_steps_note(words)
        ),
        MonthTable(
            id="medicines",
            title=_("Review of medicines"),
            rows=(
                row(_("The plan asks for one"), "medicines", "screened"),
                row(_("Done"), "medicines.done", "medicines"),
            ),
        ),
        MonthTable(
            id="hazards",
            title=_("What was found at home"),
            rows=tuple(_hazards(known, visits)),
            note=_("The ten that most people have. What fewer than five people have is left out."),
        ),
    )


def _counted_in(known: Definitions, visit: Visit) -> Iterator[str]:
    """The names of the counts that this person adds one to."""
    yield "came"
    if visit.latest is None:
        yield "not-screened"
        return
    yield "screened"
    for name in (FALLS, BONE):
        yield from _level(visit.latest, name)
    if FALLS in visit.latest.assessment.person.answers:
        age = visit.latest.assessment.person.about.get("age")
        yield "falls.tested-age" if isinstance(age, int) and age >= TESTED_FROM else "falls.other-age"
    asked = _asked_by_warnings(known, visit)
    yield "not-warned" if asked is None else "warned"
    if asked is not None:
        yield "warned.closed" if _all_done(asked, visit) else "warned.open"
    review = any(MEDICINES_REVIEW in _ids(plan) for plan in visit.plans)
    yield "medicines" if review else "no-medicines"
    if review:
        yield "medicines.done" if _all_done({MEDICINES_REVIEW}, visit) else "medicines.open"


def _level(issued: IssuedPlan, name: str) -> Iterator[str]:
    found = next((each for each in issued.assessment.checklists if each.id == name), None)
    if found is None:
        yield f"{name}.not-taken"
    else:
        yield name
        yield f"{name}.{found.risk_level or 'unknown'}"


def _asked_by_warnings(known: Definitions, visit: Visit) -> set[str] | None:
    """The ids of what the warnings of any plan call for; None where there was no warning."""
    warnings = {warning.id for plan in visit.plans for warning in plan.assessment.warnings}
    if not warnings:
        return None
    called = {action for each in warnings if each in known.sign_of for action in known.sign_of[each].calls_for}
    return called & {name for plan in visit.plans for name in _ids(plan)}


def _all_done(ids: Iterable[str], visit: Visit) -> bool:
    return all(each in visit.standings and visit.standings[each].state == "done" for each in ids)


def _ids(issued: IssuedPlan) -> set[str]:
    return {each.id for each in issued.plan.actions}


def _steps(words: Words, visits: Sequence[Visit], today: date) -> Iterator[MonthRow]:
    for days in AFTER_DAYS:
        until = timedelta(days=days)
        plans = [(visit, visit.plans[0]) for visit in visits if visit.plans and visit.plans[0].made_on + until <= today]
        steps = [(visit, plan, each) for visit, plan in plans for each in _ids(plan)]
        done = sum(_done_by(visit, each, plan.made_on + until) for visit, plan, each in steps)
        is_shown = len(plans) >= SMALLEST_SHOWN
        label = words.speech.gettext("Done within %(days)s days", days=days)
        yield MonthRow(label=label, count=done if is_shown else None, of=len(steps) if is_shown else None)


def _done_by(visit: Visit, step: str, day: date) -> bool:
    found = visit.standings.get(step)
    return found is not None and found.state == "done" and found.on is not None and found.on <= day


def _steps_note(words: Words) -> str:
    return words.speech.gettext("Only plans that are at least so old. Those of fewer than five people are not shown.")


def _hazards(known: Definitions, visits: Sequence[Visit]) -> Iterator[MonthRow]:
    rooms = known.rooms.id
    found = Counter(
        fact
        for visit in visits
        if visit.latest is not None
        for fact, _question in known.asked[rooms]
        if visit.latest.assessment.person.answer(fact) == "yes"
    )
    taken = sum(1 for visit in visits if visit.latest is not None and rooms in visit.latest.assessment.person.answers)
    for fact, count in sorted(found.items(), key=lambda each: (-each[1], known.places[each[0]]))[:HAZARDS_SHOWN]:
        if count >= SMALLEST_SHOWN:
            name = known.question_of[fact].finding
            yield MonthRow(label=f"{name[:1].upper()}{name[1:]}", count=count, of=taken)
