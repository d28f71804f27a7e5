"""Which questions are asked of whom: the way looks at few answers, and must find what all of them say."""

import random
from dataclasses import replace
from datetime import date

from answers.draft import Draft
from answers.person import person_of
from checklists import Definitions
from checklists.files.grammar import Condition
from checklists.rules.facts import base_world, unasked
from checklists.rules.needed import hangs_on
from lab.people.records import records
from lab.people.stock import typed
from web.asking.way_through import single_pages_of

DAY = date(2026, 11, 30)


def drafts(count: int, chance: random.Random) -> list[Draft]:
    """People as they come, each without some of their answers and with some unsure."""
    found = []
    for record in records(count):
        keep = chance.choice((0.3, 0.7, 1))
        lists = {
            name: {
                key: "unsure" if isinstance(each, str) and chance.random() < 0.1 else typed(each)
                for key, each in answers.items()
                if chance.random() < keep
            }
            for name, answers in record["answers"].items()
            if name == "about" or chance.random() < 0.8
        }
        found.append(replace(Draft.new("self", "metric"), about=lists.pop("about"), lists=lists))
    return found


def asked(definitions: Definitions, draft: Draft, name: str) -> list[str]:
    """By every answer there is."""
    person = person_of(definitions, draft, DAY)
    if name != "about":
        person = replace(person, answers={**person.answers, name: person.answers.get(name, {})})
    hidden = {fact for fact, _ in unasked(base_world(definitions, person))}
    return [fact for fact, _ in definitions.asked[name] if fact not in hidden]


def test_few_answers_say_the_same_as_all_of_them(definitions: Definitions) -> None:
    hides = dict.fromkeys(definitions.list_ids, 0)
    for draft in drafts(400, random.Random(1)):
        for name in definitions.list_ids:
            on_the_way = single_pages_of(definitions, draft, name, DAY)
            expected = asked(definitions, draft, name)
            assert [f"{name}.{each.questions[0].link_id}" for each in on_the_way] == expected
            hides[name] += len(expected) < len(definitions.asked[name])
    assert min(hides["falls"], hides["bone"]) > 100, "many people are not asked everything"


def with_condition(definitions: Definitions, name: str, condition: dict[str, object]) -> Definitions:
    """The same content, in which the first question of a list has this condition."""
    fields = {field: getattr(definitions, field) for field in Definitions.model_fields}
    checklist = definitions.checklist_of[name]
    section, *others = checklist.sections
    first = section.questions[0].model_copy(update={"enable_when": Condition.model_validate(condition)})
    section = section.model_copy(update={"questions": (first, *section.questions[1:])})
    changed = checklist.model_copy(update={"sections": (section, *others)})
    lists = tuple(changed if each.id == name else each for each in definitions.checklists)
    return Definitions.model_construct(**{**fields, "checklists": lists, "content_hash": f"{name} {condition}"})


def facts_it_hangs_on(definitions: Definitions, name: str) -> set[str]:
    return {fact for asked in hangs_on(definitions, name).values() for fact, _question in asked}


def test_it_hangs_on_what_conditions_ask_and_on_what_tells_of_that(definitions: Definitions) -> None:
    facts = facts_it_hangs_on(definitions, "bone")
    assert {"about.sex", "bone.postmenopausal", "bone.had-dexa"} <= facts
    assert not facts & {"about.cannot-walk", "falls.fell-past-year"}
    assert not facts_it_hangs_on(definitions, "posture")
    of_women = with_condition(definitions, "posture", {"is": ["about.sex", "female"]})
    assert {"about.sex", "bone.postmenopausal"} < facts_it_hangs_on(of_women, "posture")
    by_points = with_condition(definitions, "posture", {"not": {"score": 3}})
    assert facts_it_hangs_on(by_points, "posture") == set(definitions.question_of)
