"""A note to paste: short enough for any record, warnings whole, in the order of a visit note, in both languages."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from checklists import Definitions, assess
from lab.people.records import person, records
from reports.exports.note import MOST_CHARACTERS, note
from reports.plan.build import build_plan
from reports.plan.progress import standings
from reports.words.words import words
from tests.test_fhir import DAY, EDGES, MEASURED, THE_CONTRACTS, Json

Write = Callable[..., str]


@pytest.fixture(scope="module")
def write(definitions: Definitions) -> Write:
    def made(record: Json, language: str = "en", **more: Any) -> str:
        known = definitions.into(language)
        assessment = assess(known, person(known, record))
        plan = build_plan(known, assessment, today=DAY)
        return note(replace(words(known, "us", language), other=True), assessment, plan, DAY, **more)

    return made


def everything(definitions: Definitions, *, now: bool = True) -> Json:
    """Every sign, and yes to all that can be yes."""
    signs = [each.id for each in definitions.warning_signs.signs if each.group and (now or each.urgency != "now")]
    answers: dict[str, Json] = {
        name: {each.link_id: "yes" for _, each in definitions.asked[name]} for name in ("falls", "home", "posture")
    }
    answers["about"] = {"age": 80, "sex": "female", "spine-fracture-now": "unsure"}
    answers["bone"] = {"weight-kg": 45, "height-cm": 150, "tallest-height-cm": 160, "steroids-3-months": "yes"}
    answers["bone"] |= {"broke-bone-after-50": "yes", "bone-medicine": "stopped", "bone-injection-late": "yes"}
    return {"warning-signs": signs, "answers": answers}


def test_it_goes_from_what_the_patient_says_to_the_plan(write: Write) -> None:
    lines = write({**THE_CONTRACTS, "measures": MEASURED}, answered_by="helper").splitlines()
    assert [each.partition(":")[0] for each in lines] == [
        "Firm Footing, November 22, 2026. Told by a helper; not a diagnosis.",
        "The patient says",
        "Tools",
        "Falls checklist",
        "Bone health",
        "Your home, room by room",
        "Doctor, pharmacist, therapist",
        "Other steps",
    ]
    assert lines[3] == "Falls checklist: Raised or High, 2 to 14 out of 14, 17 answers open."
    assert "not known" not in lines[2], "what is not known is counted among the open answers"


@pytest.mark.parametrize("language", ["en", "es"])
def test_it_is_never_longer_than_a_record_takes_and_names_every_warning(
    write: Write, definitions: Definitions, language: str
) -> None:
    worst = [everything(definitions), everything(definitions, now=False)]
    for record in (*EDGES, *worst, *records(40)):
        text = write(record, language)
        assert len(text) <= MOST_CHARACTERS
        assert not text.endswith("…")
    known = definitions.into(language)
    for record in worst:
        text = write(record, language)
        for each in assess(known, person(known, record)).warnings:
            assert (each.sign.paper_says or each.sign.name) in text


def test_a_private_sign_has_its_name_on_a_clinicians_page_alone(write: Write, definitions: Definitions) -> None:
    record = {"warning-signs": ["thoughts-of-self-harm"]}
    sign = definitions.sign_of["thoughts-of-self-harm"]
    assert sign.name not in write(record)
    assert "NOW: Someone to talk to. Call 988 now." in write(record)
    assert f"NOW: {sign.name}." in write(record, private=False)


def test_what_is_done_is_counted_and_no_level_shown_while_a_sign_needs_help(write: Write) -> None:
    done = standings([{"action": "secure-rugs", "on": "2026-11-22", "by": "self", "state": "done"}])
    after = write(THE_CONTRACTS, standings=done)
    assert "loose rugs (Nov 29)" in write(THE_CONTRACTS)
    assert "loose rugs (Nov 29)" not in after
    assert after.endswith("Steps done so far: 1.")
    held = write({**THE_CONTRACTS, "warning-signs": ["stroke-signs"]})
    assert "Falls checklist: level held back" in held
    assert "Raised" not in held
