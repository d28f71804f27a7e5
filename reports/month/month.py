"""A clinic's month in counts: who came, levels, warnings, steps done, hazards. Pure. hiding.py hides small ones.

Of a person counts their latest plan, but for steps, which are counted from the first one made.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
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
OLDER_FROM = 65
"""From this age the CMS139 measure counts who was asked about falls (evidence 7)."""
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
    Sum(total="falls", parts=("falls.older", "falls.younger")),
    Sum(total="screened", parts=("bone", "bone.not-taken")),
    Sum(total="bone", parts=tuple(f"bone.{each}" for each in (*LEVELS, "unknown"))),
    Sum(total="screened", parts=("warned", "not-warned")),
    Sum(total="warned", parts=("warned.closed", "warned.open")),
    Sum(total="screened", parts=("medicines", "no-medicines")),
    Sum(total="medicines", parts=("medicines.done", "medicines.open")),
)


_COUNTED: Mapping[str, tuple[str, tuple[tuple[str, str, str], ...]]] = {
    "screened": (
        N_("Who came and filled in a list"),
        (
            (N_("Came"), "came", "came"),
            (N_("Filled in a list"), "screened", "came"),
            (N_("Falls list, aged 65 or more"), "falls.older", "came"),
        ),
    ),
    "warnings": (
        N_("Warning signs"),
        (
            (N_("Had a warning sign"), "warned", "screened"),
            (N_("All that it asks for is done"), "warned.closed", "warned"),
        ),
    ),
    "medicines": (
        N_("Review of medicines"),
        ((N_("The plan asks for one"), "medicines", "screened"), (N_("Done"), "medicines.done", "medicines")),
    ),
}
"""By table: its title and its rows, each with the count and what that is a part of."""


def month_of(words: Words, visits: Sequence[Visit], today: date) -> tuple[MonthTable, ...]:
    """The tables of the month in which these people came."""
    known, _ = words.definitions, words.speech.gettext
    counts = dict.fromkeys((name for each in _SUMS for name in (each.total, *each.parts)), 0)
    counts.update(Counter(name for visit in visits for name in _counted_in(known, visit)))
    away = hidden(counts, _SUMS)

    def row(label: str, name: str, of: str) -> MonthRow:
        total = None if of in away else counts[of]
        return MonthRow(label=_(label), count=None if name in away else counts[name], of=total)

    def table(name: str) -> MonthTable:
        title, rows = _COUNTED[name]
        return MonthTable(id=name, title=_(title), rows=tuple(row(*each) for each in rows))

    def levels(name: str) -> MonthTable:
        rows = tuple(row(_LEVEL_WORDS[each], f"{name}.{each}", "screened") for each in _LEVELS)
        return MonthTable(id=name, title=known.checklist_of[name].title, rows=rows)

    return (
        table("screened"),
        levels(FALLS),
        levels(BONE),
        table("warnings"),
        _steps(words, visits, today),
        table("medicines"),
        _hazards(words, visits),
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
        yield "falls.older" if isinstance(age, int) and age >= OLDER_FROM else "falls.younger"
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


def _all_done(ids: Collection[str], visit: Visit) -> bool:
    return bool(ids) and all(each in visit.standings and visit.standings[each].state == "done" for each in ids)


def _ids(issued: IssuedPlan) -> set[str]:
    return {each.id for each in issued.plan.actions}


def _steps(words: Words, visits: Sequence[Visit], today: date) -> MonthTable:
    """Of the first plan of each; a few steps of a few people are hidden like people."""
    _ = words.speech.gettext
    rows = []
    for days in AFTER_DAYS:
        until = timedelta(days=days)
        plans = [(visit, visit.plans[0]) for visit in visits if visit.plans and visit.plans[0].made_on + until <= today]
        steps = [_done_by(visit, each, plan.made_on + until) for visit, plan in plans for each in _ids(plan)]
        counts = {"steps": len(steps), "done": sum(steps), "open": len(steps) - sum(steps)}
        away = hidden(counts, (Sum(total="steps", parts=("done", "open")),))
        shown = {name: count for name, count in counts.items() if name not in away and len(plans) >= SMALLEST_SHOWN}
        label = _("Done within %(days)s days", days=days)
        rows.append(MonthRow(label=label, count=shown.get("done"), of=shown.get("steps")))
    note = _("Only plans that are at least so old. Those of fewer than five people are not shown.")
    return MonthTable(id="steps", title=_("Steps done"), rows=tuple(rows), note=note)


def _done_by(visit: Visit, step: str, day: date) -> bool:
    found = visit.standings.get(step)
    return found is not None and found.state == "done" and found.on is not None and found.on <= day


def _hazards(words: Words, visits: Sequence[Visit]) -> MonthTable:
    _, known = words.speech.gettext, words.definitions
    people = [visit.latest.assessment.person for visit in visits if visit.latest is not None]
    taken = [each for each in people if known.rooms.id in each.answers]
    things = [fact for fact, _question in known.asked[known.rooms.id]]
    found = Counter(fact for each in taken for fact in things if each.answer(fact) == "yes")
    most = sorted(found.items(), key=lambda each: (-each[1], known.places[each[0]]))[:HAZARDS_SHOWN]
    rows = [
        MonthRow(label=_capital(known.question_of[fact].finding), count=count, of=len(taken))
        for fact, count in most
        if count >= SMALLEST_SHOWN
    ]
    note = _("The ten that most people have. What fewer than five people have is left out.")
    return MonthTable(id="hazards", title=_("What was found at home"), rows=tuple(rows), note=note)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
