"""What stands on a plan's page, for its owner and for others: what is next, the path, and the rest folded by place."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import request

from reports.plan.build import PlannedAction
from reports.plan.next_steps import next_steps
from reports.plan.order import parts_of
from reports.plan.path import Path, path_of
from reports.plan.steps import Step
from reports.words.headline import headline
from reports.words.path_in_words import path_in_words, praise
from reports.words.words import Words
from web.core.speaking import explained, ngettext
from web.core.speaking import gettext as _
from web.plan.access import Reader, must_be_made_anew, plan_address, warnings_to
from web.plan.cards import Cards, owners_of
from web.plan.warnings_in_words import WarningInWords
from web.visitor.stored_plan import StoredPlan, standings_of

OWN = "own"
SETTLED = "settled"
"""The name in an address of the step that a tap has just settled."""


def screen_of(reader: Reader, stored: StoredPlan, photos: Mapping[str, str]) -> dict[str, Any]:
    """Everything of a plan's page that its owner and others share."""
    now, warnings = standings_of(reader.open_record), warnings_to(reader, stored)
    if waits := must_be_made_anew(reader, stored):
        stored = stored.waiting()
    words, plan = stored.words, stored.issued.plan
    parts = parts_of(words.definitions, stored.issued.assessment, plan, now)
    steps = tuple(each for part in parts for each in part.actions)
    ahead = next_steps(words.definitions, stored.issued.assessment, plan, now)
    path = path_of(steps, now)
    owners = owners_of(steps)
    only = owners.get(request.args.get("who", ""), "")
    cards = Cards(reader=reader, stored=stored, photos=photos)
    of_warnings = {each.id for part in parts if part.kind == "warnings" for each in part.actions}
    rest = [each for each in steps if each.standing.state == "open" and each not in ahead]
    mine = cards.of(each for each in steps if each.owner == only)
    return {
        "message": _message(stored, warnings, waits, steps, ahead),
        "headline": "" if waits or plan.help_first else headline(words, stored.issued.assessment, plan),
        "warnings": warnings,
        "next": [] if only else cards.of(ahead),
        "of_warnings": [] if only else cards.of(each for each in rest if each.id in of_warnings),
        "help_first": plan.help_first,
        "places": [] if only else _places(cards, [each for each in rest if each.id not in of_warnings]),
        "settled": [] if only else _settled(cards, steps, path),
        "only": {"who": words.who(only), "steps": mine} if only else {},
        "path": None if plan.help_first else path_in_words(words, path),
        "news": _news(cards, steps, path),
        "add_to": reader.address("ticks.own") if reader.may_tick and not plan.help_first else "",
        "shopping_to": reader.address("shopping.to_buy"),
        "owners": _owners(reader, words, steps, owners),
        "all_to": plan_address(reader),
        "words": explained(_texts(plan.all_actions)),
    }


def _message(
    stored: StoredPlan, warnings: list[WarningInWords], waits: bool, steps: tuple[Step, ...], ahead: tuple[Step, ...]
) -> str:
    """What is said where nothing is next; nothing else, as the cards speak for themselves."""
    if any(each.urgency == "now" for each in warnings):
        return stored.words.help_first()
    if waits:
        return _waits(warnings)
    if ahead:
        return ""
    if not steps:
        return headline(stored.words, stored.issued.assessment, stored.issued.plan)
    if all(each.standing.is_settled for each in steps):
        return _("Every step of this plan is done or left out.")
    return _("Nothing else comes first now. The rest waits below.")


def _waits(warnings: list[WarningInWords]) -> str:
    if any(each.urgency == "today" for each in warnings):
        return _("Act on the warning first. The steps wait for a new plan.")
    return _("The steps wait for a new plan. Before it, the warning signs are answered again.")


def _places(cards: Cards, rest: list[Step]) -> list[dict[str, Any]]:
    """What is not next, by room and subject in the order of the house; one's own last."""
    words = cards.stored.words
    rooms = {each.id: each.title for each in words.definitions.rooms.sections}
    titles = {**rooms, **{each: words.group(each) for each in ("home", "body", "bones", "posture")}}
    titles[OWN] = _("Steps that were added") if words.other else _("My own steps")
    found: dict[str, list[Step]] = {each: [] for each in titles}
    for each in rest:
        found[_place(each, rooms)].append(each)
    return [
        {"id": name, "title": titles[name], "count": len(there), "line": _steps(len(there)), "cards": cards.of(there)}
        for name, there in found.items()
        if there
    ]


def _place(step: Step, rooms: Mapping[str, str]) -> str:
    if step.planned is None:
        return OWN
    action = step.planned.action
    return action.room if action.group == "home" and action.room and action.room in rooms else action.group


def _settled(cards: Cards, steps: tuple[Step, ...], path: Path) -> list[dict[str, Any]]:
    """What is done, and what was put off or left out, each behind a tap."""
    done = [each for each in steps if each.standing.state == "done"]
    aside = [each for each in steps if each.standing.state in ("later", "not-for-me")]
    before = ngettext(
        "%(num)s step is done that is no longer in the plan.",
        "%(num)s steps are done that are no longer in the plan.",
        path.earlier,
    )
    found = ((_("Done"), done, before if path.earlier else ""), (_("Put off or left out"), aside, ""))
    return [
        {"title": title, "line": _steps(len(there)) if there else "", "cards": cards.of(there), "before": earlier}
        for title, there, earlier in found
        if there or earlier
    ]


def _steps(count: int) -> str:
    return ngettext("%(num)s step", "%(num)s steps", count)


def _news(cards: Cards, steps: tuple[Step, ...], path: Path) -> dict[str, Any]:
    """What is said of the step that a tap has just settled, with the way back."""
    step = next((each for each in steps if each.id == request.args.get(SETTLED)), None)
    if step is None or step.standing.state == "open":
        return {}
    by_state = {"later": _("Put off. The next step moves up."), "not-for-me": _("Left out. The next step moves up.")}
    text = by_state.get(step.standing.state) or praise(cards.stored.words, path)
    return {"text": text, "is_done": step.standing.state == "done", "card": cards.of([step])[0]}


def _owners(reader: Reader, words: Words, steps: tuple[Step, ...], owners: Mapping[str, str]) -> list[dict[str, Any]]:
    """Who has how much to do and has done; none where one person does everything."""
    if len(owners) < 2:
        return []
    rows = []
    for key, owner in owners.items():
        mine = [each for each in steps if each.owner == owner]
        left, done = (sum(each.standing.state == state for each in mine) for state in ("open", "done"))
        line = _("%(left)s to do, %(done)s done", left=left, done=done) if done else _("%(left)s to do", left=left)
        rows.append({"text": words.who(owner), "href": plan_address(reader, who=key), "line": line})
    return rows


def _texts(actions: tuple[PlannedAction, ...]) -> Iterator[str]:
    return (text for each in actions for text in (each.title, each.why, *each.how))
