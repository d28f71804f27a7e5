"""The action plan as a CarePlan: every step with who, by when and how far, and warnings before all of them."""

from collections.abc import Iterator

from reports.exports.fhir.case import Case
from reports.exports.fhir.codes import Json, coding, own, system
from reports.exports.fhir.observations import derived_from
from reports.exports.fhir.risks import RISK, warning_line
from reports.plan.progress import own_actions
from reports.plan.steps import Step, own_step, step_of
from reports.plan.tick import State
from reports.words.headline import headline
from reports.words.words import WHO

CARE_PLAN = "CarePlan"
_STATUS: dict[State, str] = {
    "open": "not-started",
    "done": "completed",
    "later": "on-hold",
    "not-for-me": "cancelled",
}


def care_plan(case: Case) -> Json:
    """The plan, also one with nothing to do in it."""
    warnings = [warning_line(case, each) for each in case.assessment.warnings]
    return case.resource(
        CARE_PLAN,
        status="active",
        intent="plan",
        category=[{"coding": [own("plan")], "text": case.text("Action plan")}],
        title=case.text("Action plan"),
        description=" ".join((*warnings, headline(case.words, case.assessment, case.plan))),
        subject=case.subject,
        period={"start": case.made_on.isoformat()},
        created=case.made_on.isoformat(),
        supportingInfo=[
            *derived_from(case, ()),
            *(case.ref(RISK, each.id) for each in case.assessment.checklists if each.id in ("falls", "bone")),
        ],
        activity=[{"detail": each} for each in _activities(case)],
    )


def _activities(case: Case) -> Iterator[Json]:
    """Every step in the order of the plan, then the person's own; what waits for help is on hold."""
    in_plan = {each.id for each in case.plan.all_actions}
    for planned in case.plan.actions:
        yield _detail(case, step_of(planned, case.standings), waits=planned.waits or planned.id not in in_plan)
    for name, standing in own_actions(case.standings).items():
        yield _detail(case, own_step(name, standing), waits=False)


def _detail(case: Case, step: Step, *, waits: bool) -> Json:
    status = "on-hold" if waits and step.standing.state == "open" else _STATUS[step.standing.state]
    detail: Json = {"status": status, "description": case.words.title(step)}
    if step.planned:
        detail["code"] = {"coding": [coding(system("action"), step.id)], "text": case.words.title(step)}
        because = case.words.findings(case.assessment.person, step.planned.because, private=True)
        detail["reasonCode"] = [{"text": each} for each in because]
    if step.day and not waits:
        detail["scheduledPeriod"] = {"end": step.day.isoformat()}
    if step.owner in WHO:  # a name that somebody typed is not sent
        detail["performer"] = [_performer(case, step.owner)]
    if step.standing.reason:
        detail["statusReason"] = {"text": step.standing.reason}
    return detail


def _performer(case: Case, owner: str) -> Json:
    """The person themselves, or a role."""
    if owner == "self":
        return case.subject
    return {"display": case.words.who(owner)}
