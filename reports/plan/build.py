"""FreshAssessment → ActionPlan: every action once, merged and ranked, each with the answers that call for it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from checklists.files.actions import Action, Instead, Proof
from checklists.files.definitions import Definitions
from checklists.rules.assessing import Assessment, FreshAssessment
from checklists.rules.because import Because, sort_because

ASK_FIRST = "ask-when-safe-to-exercise"
_COSTS = ("free", "low", "medium", "high")
_NO_PRIORITY = 0


@dataclass(frozen=True, kw_only=True)
class PlannedAction:
    """An action as this person is told it: the words that fit them (`instead` says which), when it is due, why.

    What is for `later` has no day either: it comes after what stands above it.
    """

    action: Action
    title: str
    how: tuple[str, ...]
    why: str
    tier: int
    priority: int
    because: tuple[Because, ...]
    within_days: int
    due: date | None
    of_warning: bool = False
    instead: int | None = None
    picture: str | None = None
    later: bool = False

    @property
    def id(self) -> str:
        return self.action.id

    @property
    def evidence(self) -> Proof:
        """What is known of it in the words that this person is told."""
        own = self.action.instead_when[self.instead].evidence if self.instead is not None else None
        return own or self.action.evidence

    @property
    def waits(self) -> bool:
        """Whether it begins only when a doctor says so: no day is told then, unless a person sets one."""
        return self.instead is not None and self.action.instead_when[self.instead].waits

    @property
    def never_first(self) -> bool:
        """Whether it stays out of the first three, for everybody or for those who get these words."""
        own = self.instead is not None and self.action.instead_when[self.instead].never_first
        return own or self.action.never_first

    @property
    def day(self) -> date | None:
        """The day that a person is told."""
        return None if self.waits or self.later else self.due

    @property
    def fixes(self) -> tuple[Because, ...]:
        """What this action itself takes away at home; where there is a photo of it, it stands beside it."""
        return self.because if self.action.kind == "home" else ()


@dataclass(frozen=True, kw_only=True)
class ActionPlan:
    """`first` are the three to begin with; `actions` holds everything in order, warnings' actions leading.

    `shown` of them stand in the plan itself (those of warnings besides), the rest under "Later". While a sign needs
    help now, `help_first`, only what warnings ask for today is told: everything else waits, and nothing is first.
    """

    actions: tuple[PlannedAction, ...]
    first: tuple[PlannedAction, ...]
    shown: int
    help_first: bool = False

    @property
    def all_actions(self) -> tuple[PlannedAction, ...]:
        """Those that a person is told of, on page, paper and in the calendar."""
        if not self.help_first:
            return self.actions
        return tuple(each for each in self.of_warnings if each.within_days == 0)

    def waiting(self) -> "ActionPlan":
        """The same while a sign stands that it does not know yet: nothing but its warnings is told."""
        return replace(self, first=(), help_first=True)

    @property
    def of_warnings(self) -> tuple[PlannedAction, ...]:
        return tuple(each for each in self.actions if each.of_warning)

    @property
    def next(self) -> tuple[PlannedAction, ...]:
        """What follows the first three, up to the number that is shown."""
        return self._after_first[: self.shown - len(self.first)]

    @property
    def later(self) -> tuple[PlannedAction, ...]:
        return self._after_first[self.shown - len(self.first) :]

    @property
    def _after_first(self) -> tuple[PlannedAction, ...]:
        first = {each.id for each in self.first}
        return tuple(each for each in self.all_actions if not each.of_warning and each.id not in first)


@dataclass
class _Called:
    """What calls for one action while it is gathered."""

    facts: list[str] = field(default_factory=list)
    priority: int = _NO_PRIORITY
    of_warning: bool = False
    within_days: int | None = None


def build_plan(definitions: Definitions, assessment: FreshAssessment, *, today: date | None) -> ActionPlan:
    """The one plan of all checklists. Pure: `today` only sets the days by which things are due.

    Ranking: the actions of warnings, then the order and the limits of `actions.yaml`.
    """
    called = _called(definitions, assessment)
    planned = [
        _planned(definitions, assessment, action, called[action.id], today)
        for action in definitions.actions.actions
        if action.id in called and (action.when is None or assessment.find(action.when, "actions").truth is not False)
    ]
    ranked = tuple(sorted(planned, key=lambda each: _rank(definitions, each)))
    held = _held(definitions, assessment, ranked, today)
    first = [each.id for each in choose_first(definitions, assessment, held)]
    return laid_out(held, first, definitions.actions.ranking.shown, help_first=assessment.needs_help_now)


def laid_out(actions: tuple[PlannedAction, ...], first: Collection[str], shown: int, *, help_first: bool) -> ActionPlan:
    """A plan of actions in their order, those that are first by their ids."""
    beginning = () if help_first else tuple(each for each in actions if each.id in first)
    plan = ActionPlan(actions=actions, first=beginning, shown=shown, help_first=help_first)
    later = {each.id for each in plan.later}
    undated = tuple(replace(each, later=True) if each.id in later else each for each in actions)
    return replace(plan, actions=undated)


def _called(definitions: Definitions, assessment: FreshAssessment) -> dict[str, _Called]:
    called: dict[str, _Called] = {}
    for fact, action, priority in _called_by_answers(definitions, assessment):
        each = called.setdefault(action, _Called())
        each.facts.append(fact)
        each.priority = max(each.priority, priority)
    for checklist in definitions.checklists:
        if checklist.id in assessment.person.answers:
            for call in checklist.calls:
                finding = assessment.find(call.when, checklist.id)
                if finding.truth:
                    for action in call.actions:
                        called.setdefault(action, _Called()).facts += finding.because
    for warning in assessment.warnings:
        for action in warning.form.calls_for:
            each = called.setdefault(action, _Called())
            each.facts += (because.fact for because in warning.because)
            each.of_warning = True
            days = warning.form.within_days
            each.within_days = days if each.within_days is None else min(days, each.within_days)
    return called


def _called_by_answers(definitions: Definitions, assessment: FreshAssessment) -> Iterator[tuple[str, str, int]]:
    """Each (fact, action, hazard priority) that an answer calls for; a follow-up put aside calls for nothing.

    A hazard that nobody is sure of has no priority yet.
    """
    person, values = assessment.person, assessment.worlds[0].values
    for name in ("about", *person.answers):
        answers = person.about if name == "about" else person.answers[name]
        for fact, question, calls in definitions.calling[name]:
            answer = str("unsure" if answers.get(question.link_id) == "unsure" else values[fact])
            if answer in calls and fact not in assessment.not_asked:
                priority = question.priority or _NO_PRIORITY if answer == "yes" else _NO_PRIORITY
                for action in calls[answer]:
                    yield fact, action, priority


def _planned(
    definitions: Definitions, assessment: FreshAssessment, action: Action, called: _Called, today: date | None
) -> PlannedAction:
    fits = (n for n, each in enumerate(action.instead_when) if assessment.find(each.when, "actions").truth)
    instead = next(fits, None)
    words: Action | Instead = action if instead is None else action.instead_when[instead]
    days = action.within_days if called.within_days is None else min(action.within_days, called.within_days)
    return PlannedAction(
        action=action,
        title=words.title,
        how=words.how,
        why=words.why,
        tier=_tier(assessment, action, words),
        priority=called.priority,
        because=sort_because(definitions, "", called.facts),
        within_days=days,
        due=today + timedelta(days=days) if today else None,
        of_warning=called.of_warning,
        instead=instead,
        picture=words.picture,
    )


def _tier(assessment: FreshAssessment, action: Action, words: Action | Instead) -> int:
    """The rank for this person: that of the words that fit them, else of the first `tiers` that holds, else its own."""
    if isinstance(words, Instead) and words.tier is not None:
        return words.tier
    others = (each.tier for each in action.tiers if assessment.find(each.when, "actions").truth)
    return next(others, action.evidence.tier)


def _rank(definitions: Definitions, planned: PlannedAction) -> tuple[object, ...]:
    keys: dict[str, object] = {
        "tier": planned.tier,
        "priority": -planned.priority,
        "cost": _COSTS.index(planned.action.cost),
        "id": planned.id,
    }
    return (not planned.of_warning, *(keys[key] for key in definitions.actions.ranking.order))


def _held(
    definitions: Definitions, assessment: FreshAssessment, ranked: tuple[PlannedAction, ...], today: date | None
) -> tuple[PlannedAction, ...]:
    """While a hold stands, asking when it is safe comes before the first thing that makes a person exercise."""
    moves = [each for each in ranked if each.action.effort == "move" and not each.of_warning]
    if not assessment.hold or not moves or any(each.id == ASK_FIRST for each in ranked):
        return ranked
    action = definitions.action_of[ASK_FIRST]
    called = _Called(facts=[because.fact for because in assessment.hold])
    asking = _planned(definitions, assessment, action, called, today)
    place = ranked.index(moves[0])
    return (*ranked[:place], asking, *ranked[place:])


def choose_first(
    definitions: Definitions,
    assessment: Assessment,
    ranked: Iterable[PlannedAction],
    staying: tuple[PlannedAction, ...] = (),
) -> tuple[PlannedAction, ...]:
    """Up to three: those that stay, then of the ranked; at most one of exercise, home, medical while others exist.

    What is asked in the place of exercise is always among them.
    """
    ranking = definitions.actions.ranking
    able = [e for e in ranked if not e.of_warning and _may_be_first(assessment, e) and e not in staying]
    first = list(staying)
    for each in sorted(able, key=lambda one: one.id != ASK_FIRST):
        alone = _kind(each) in ranking.at_most_one_first
        if len(first) < ranking.first and not (alone and _kind(each) in {_kind(one) for one in first}):
            first.append(each)
    for each in able:
        if len(first) < ranking.first and each not in first:
            first.append(each)
    return (*staying, *sorted(first[len(staying) :], key=able.index))


def _may_be_first(assessment: Assessment, planned: PlannedAction) -> bool:
    held = bool(assessment.hold) and planned.action.effort == "move"
    return not held and not planned.never_first


def _kind(planned: PlannedAction) -> str:
    """Asking when it is safe to exercise stands in the place of exercise."""
    return "exercise" if planned.id == ASK_FIRST else planned.action.kind
