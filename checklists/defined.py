"""Everything that is asked and said, as one value, with the indexes by which rules find it."""

from functools import cached_property
from typing import Annotated

from pydantic import BeforeValidator

from checklists.grammar import Condition, RiskLevel, Strict, as_tuple
from checklists.guides import Guides
from checklists.model import (
    About,
    Action,
    Actions,
    Checklist,
    Measure,
    Question,
    Sign,
    Source,
    Sources,
    WarningSigns,
)
from checklists.regions import Regions


class Definitions(Strict):
    """Everything that is asked and said, and the hash of it."""

    about: About
    warning_signs: WarningSigns
    checklists: Annotated[tuple[Checklist, ...], BeforeValidator(as_tuple)]
    actions: Actions
    sources: Sources
    guides: Guides
    regions: Regions
    content_hash: str

    @cached_property
    def questions(self) -> dict[str, tuple[Question, ...]]:
        """Every question by checklist (`about` too), in the order of its definition."""
        by_list = {
            checklist.id: tuple(question for section in checklist.sections for question in section.questions)
            for checklist in self.checklists
        }
        return {"about": self.about.questions, **by_list}

    @cached_property
    def asked(self) -> dict[str, tuple[tuple[str, Question], ...]]:
        """The same questions, each with its fact name `checklist.link_id`."""
        return {
            name: tuple((f"{name}.{question.link_id}", question) for question in questions)
            for name, questions in self.questions.items()
        }

    @cached_property
    def conditional(self) -> dict[str, tuple[tuple[str, Question], ...]]:
        """Those of them that have a condition."""
        return {
            name: tuple((fact, question) for fact, question in asked if question.enable_when is not None)
            for name, asked in self.asked.items()
        }

    @cached_property
    def calling(self) -> dict[str, tuple[tuple[str, Question], ...]]:
        """Those of them that call for actions."""
        return {
            name: tuple((fact, question) for fact, question in asked if question.calls_for)
            for name, asked in self.asked.items()
        }

    @cached_property
    def question_of(self) -> dict[str, Question]:
        """The question by its fact name."""
        return {fact: question for asked in self.asked.values() for fact, question in asked}

    @cached_property
    def action_of(self) -> dict[str, Action]:
        return {action.id: action for action in self.actions.actions}

    @cached_property
    def sign_of(self) -> dict[str, Sign]:
        return {sign.id: sign for sign in self.warning_signs.signs}

    @cached_property
    def measure_of(self) -> dict[str, Measure]:
        return {measure.link_id: measure for each in self.checklists for measure in each.measures}

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each question and measure stands when becauses are put in order."""
        measures = (f"measures.{link_id}" for link_id in self.measure_of)
        return {fact: place for place, fact in enumerate((*self.question_of, *measures))}

    @cached_property
    def source_of(self) -> dict[str, Source]:
        return {source.id: source for source in self.sources.sources}

    @cached_property
    def checklist_of(self) -> dict[str, Checklist]:
        return {checklist.id: checklist for checklist in self.checklists}

    def rule(self, checklist: str, level: RiskLevel) -> Condition:
        """The condition of a level; only the lowest level has none."""
        found = next(each.when for each in self.checklist_of[checklist].levels if each.level == level)
        assert found is not None, "the loader refuses a high or moderate level without a rule"
        return found
