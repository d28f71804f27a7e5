"""What was kept with the content of an earlier version opens, reads and prints as it was given, and as safely as today."""

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checklists import Definitions
from checklists.loading.load import definitions_from_json
from reports.paper.document import plan_html
from reports.paper.plan_paper import Paper
from reports.plan.plan_json import IssuedPlan, from_json
from reports.words.headline import headline
from reports.words.words import Words, words

OLDER = Path(__file__).parent / "kept"


@pytest.fixture(scope="module")
def older() -> Definitions:
    """The definitions of version 2026.1, as a store holds them."""
    return definitions_from_json(gzip.decompress((OLDER / "definitions-2026.1.json.gz").read_bytes()))


@pytest.fixture(scope="module")
def plans() -> dict[str, Any]:
    """Two plans of that version, as a store holds them."""
    found: dict[str, Any] = json.loads((OLDER / "plans-2026.1.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def issued(older: Definitions, plans: dict[str, Any]) -> dict[str, IssuedPlan]:
    return {name: from_json(older, each) for name, each in plans.items()}


def html_of(spoken: Words, issued: IssuedPlan) -> str:
    paper = Paper(
        words=spoken,
        assessment=issued.assessment,
        plan=issued.plan,
        made_on=issued.made_on,
        explanations=issued.explanations,
    )
    return plan_html([paper], "letter")


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_plan_of_an_earlier_version_prints_in_every_language(older, plans, language) -> None:
    spoken = words(older, "us", language)
    html = html_of(spoken, from_json(spoken.definitions, plans["plain"]))
    assert older.into(language).action_of["book-strength-and-balance"].title in html


def test_of_a_plan_kept_without_its_states_nobody_is_told_to_get_up_alone(older, issued) -> None:
    html = html_of(words(older, "us", "en"), issued["plain"])
    assert "still do not get up alone" in html
    assert "hands and knees" not in html


def test_an_earlier_plan_with_a_sign_that_needs_help_now_tells_nothing_else(older, issued) -> None:
    plan = issued["help-first"].plan
    assert (plan.first, [each.id for each in plan.all_actions]) == ((), ["call-emergency-now"])
    assert "rugs" not in html_of(words(older, "us", "en"), issued["help-first"])


def test_what_is_for_later_in_an_earlier_plan_has_no_day_either(issued) -> None:
    assert all(each.day is None for each in issued["plain"].plan.later)


HEADLINES = {
    "en": ("Your falls check shows a raised or high risk.", "The falls check shows a raised or high risk."),
    "es": (
        "Su lista de caídas muestra un riesgo medio o alto.",
        "La revisión de caídas muestra un riesgo medio o alto.",
    ),
}


@pytest.mark.parametrize("language", HEADLINES)
def test_lists_kept_without_their_own_headlines_are_spoken_of_as_they_were(older, plans, language) -> None:
    mine = words(older, "us", language)
    issued = from_json(mine.definitions, plans["plain"])
    spoken = tuple(headline(each, issued.assessment, issued.plan) for each in (mine, replace(mine, other=True)))
    assert [text in whole for text, whole in zip(HEADLINES[language], spoken, strict=True)] == [True, True], spoken


def test_lists_kept_without_their_layout_are_laid_out_as_they_were(older) -> None:
    assert older.rooms.id == "home"
    assert [each.id for each in older.checklists if each.fixable] == ["home", "posture"]
