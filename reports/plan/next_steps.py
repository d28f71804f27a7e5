"""What to do next, as things stand: when a step is done, put off or refused, the next moves up. Pure.

Page and paper ask here alike. A step keeps the mark that it has in the plan (order.py), so that paper of any day can be
copied by number.
"""

from collections.abc import Mapping

from checklists.files.definitions import Definitions
from checklists.rules.assessing import Assessment
from reports.plan.build import ActionPlan, choose_first
from reports.plan.order import parts_of
from reports.plan.progress import Standing
from reports.plan.steps import Step

MOST_OWN_FIRST = 2


def next_steps(
    definitions: Definitions, assessment: Assessment, plan: ActionPlan, standings: Mapping[str, Standing]
) -> tuple[Step, ...]:
    """Up to three steps that are still to do, the one to begin with first; none while a sign needs help now.

    Of the plan's first three those that are open stay in front, so that no card moves under a finger; what moves up
    comes behind them, by the plan's own rules for what may be first. One's own steps that were put among the first come
    after the one to begin with, which is always the plan's; the others only once the plan has none left.
    """
    if plan.help_first:
        return ()
    parts = parts_of(definitions, assessment, plan, standings)
    still_open = [each for part in parts for each in part.actions if each.standing.state == "open"]
    by_id = {each.id: each for each in still_open}
    staying = tuple(each for each in plan.first if each.id in by_id)
    ranked = (each for each in plan.actions if each.id in by_id)
    of_plan = [by_id[each.id] for each in choose_first(definitions, assessment, ranked, staying)]
    added = sorted((each for each in still_open if each.is_own), key=lambda each: not each.standing.is_first)
    own = [each for each in added if each.standing.is_first][:MOST_OWN_FIRST] if of_plan else added
    return (*of_plan[:1], *own, *of_plan[1:])[: definitions.actions.ranking.first]
