"""A number is shown so that it agrees with what was judged of it, however near it is to a limit."""

import json
import re
from decimal import Decimal

import pytest

from checklists import Definitions, assess, read_person
from checklists.rules import tools
from reports.exports.result import result
from reports.plan.build import build_plan
from reports.words.words import words

LIMITS = {
    "tug-seconds": (tools.TUG_AT_RISK_SECONDS, tools.TUG_SLOW_SECONDS),
    "tandem-seconds": (tools.TANDEM_SECONDS,),
    "gait-speed-m-s": (tools.SLOW_GAIT_M_S,),
}
FIELDS = {"tug-seconds": ("tug", "seconds"), "tandem-seconds": ("tandem", "seconds"), "gait-speed-m-s": ("gait", "m_s")}
NEAR = [
    (name, limit + side * Decimal(1).scaleb(-places))
    for name, limits in LIMITS.items()
    for limit in limits
    for places in (1, 3, 10, 11, 15, 16, 17, 25)
    for side in (-1, 1)
    if (name, side) != ("tandem-seconds", 1)  # nobody is held to more than ten seconds
]
"""Just below each limit and just above it."""


def judged(definitions: Definitions, name: str, value: Decimal):
    record = {"answers": {"falls": {"fell-past-year": "yes", "fell-twice": "no"}}, "measures": {name: value}}
    return assess(definitions, read_person(definitions, record))


def verdicts(found) -> tuple:
    return (
        found.overall,
        found.checklists[0].could_be,
        {name: each.get("at_risk") for name, each in found.tools.items() if isinstance(each, dict)},
        found.tools["wfg"],
    )


def test_every_measure_with_decimals_has_its_limits_here(definitions: Definitions) -> None:
    assert {each.link_id for each in definitions.measure_of.values() if each.kind in ("seconds", "speed")} == set(
        LIMITS
    )


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("region", ["us", "uk"])
def test_what_is_told_of_a_measure_is_judged_like_the_measure(definitions: Definitions, language, region) -> None:
    said = words(definitions, region, language)
    for name, value in NEAR:
        told = said.speech.number(value)
        number = Decimal(told.replace(",", "."))
        assert verdicts(judged(definitions, name, number)) == verdicts(judged(definitions, name, value)), (name, value)
        found = judged(definitions, name, value)
        told_because = [
            said.finding(found.person, each) for each in found.checklists[0].because if each.checklist == "measures"
        ]
        assert all(re.search(rf"(?<![\d.,]){re.escape(told)}(?![\d])", each) for each in told_because)


def test_the_number_in_a_result_is_judged_like_the_measure(definitions: Definitions) -> None:
    for name, value in NEAR:
        found = judged(definitions, name, value)
        line = json.dumps(result(found, build_plan(definitions, found, today=None)))
        tool, field = FIELDS[name]
        number = json.loads(line, parse_float=Decimal)["tools"][tool][field]
        assert verdicts(judged(definitions, name, number)) == verdicts(found), (name, value)
        assert abs(number - value) < Decimal("1e-14")
