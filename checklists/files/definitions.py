"""Everything that is asked and said, as one value, with the indexes by which rules find it."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated

from pydantic import BeforeValidator, Field

from checklists.files.actions import Action, Actions, Picture
from checklists.files.glossary import Glossary
from checklists.files.grammar import Condition, Count, RiskLevel, Strict, as_tuple
from checklists.files.guides import Guides
from checklists.files.logic import facts_of
from checklists.files.model import About, Checklist, Measure, Question, Source, Sources
from checklists.files.regions import Regions
from checklists.files.safety import NO_TABLE, Safety
from checklists.files.translating import Translation, translated
from checklists.files.warning_signs import Sign, WarningSigns

WRITTEN_IN = "en"
_SPOKEN = ("about", "warning_signs", "actions", "guides", "glossary", "regions")


Asked = Mapping[str, tuple[tuple[str, Question], ...]]
"""Questions by checklist, each with its fact name."""


class Definitions(Strict):
    """Everything that is asked and said, in one language, with the words of the others, and the hash of it all."""

    about: About
    warning_signs: WarningSigns
    checklists: Annotated[tuple[Checklist, ...], BeforeValidator(as_tuple)]
    actions: Actions
    sources: Sources
    guides: Guides
    glossary: Glossary
    regions: Regions
    safety: Safety = NO_TABLE
    content_hash: str
    language: str = WRITTEN_IN
    translations: dict[str, Translation] = Field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language in which all of this is written, the first one first."""
        return (WRITTEN_IN, *self.translations)

    def into(self, language: str) -> "Definitions":
        """The same rules in another language.

        :raises KeyError: it is not written in that language
        """
        return self if language == self.language else self._others[language]

    @cached_property
    def _others(self) -> dict[str, "Definitions"]:
        return {language: self._spoken(language) for language in self.translations}

    def _spoken(self, language: str) -> "Definitions":
        words = self.translations[language].words
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        for name in _SPOKEN:
            fields[name] = translated(fields[name], words)
        fields["checklists"] = tuple(translated(each, words) for each in self.checklists)
        return Definitions(**{**fields, "language": language})

    @property
    def is_draft(self) -> bool:
        """Whether no clinician has reviewed all of these words yet."""
        parts = (self.about, self.warning_signs, self.actions, self.guides, self.glossary, *self.checklists)
        reviews = [each.review for each in parts]
        if self.language in self.translations:
            reviews.append(self.translations[self.language].review)
        return any(each.status == "draft" for each in reviews)

    @cached_property
    def as_json(self) -> bytes:
        """The whole content as it is kept beside the plans made from it (`definitions_from_json` reads it back)."""
        return self.model_dump_json(by_alias=True, exclude_unset=True).encode()

    @cached_property
    def questions(self) -> dict[str, tuple[Question, ...]]:
        """Every question by checklist (`about` too), in the order of its definition."""
        by_list = {
            checklist.id: tuple(question for section in checklist.sections for question in section.questions)
            for checklist in self.checklists
        }
        return {"about": self.about.questions, **by_list}

    @cached_property
    def asked(self) -> Asked:
        """The same questions, each with its fact name `checklist.link_id`."""
        return {
            name: tuple((f"{name}.{question.link_id}", question) for question in questions)
            for name, questions in self.questions.items()
        }

    @cached_property
    def by_link_id(self) -> dict[str, dict[str, Question]]:
        """The same questions by their ids, in the same order."""
        return {
            name: {question.link_id: question for question in questions} for name, questions in self.questions.items()
        }

    @cached_property
    def level_facts(self) -> dict[str, frozenset[str]]:
        """Every fact that a level of a checklist asks about."""
        return {
            each.id: frozenset(fact for level in each.levels if level.when for fact in facts_of(level.when, each.id))
            for each in self.checklists
        }

    @cached_property
    def conditional(self) -> Asked:
        """Those of them that have a condition."""
        return {
            name: tuple((fact, question) for fact, question in asked if question.enable_when is not None)
            for name, asked in self.asked.items()
        }

    @cached_property
    def calling(self) -> dict[str, tuple[tuple[str, Question, dict[str, tuple[str, ...]]], ...]]:
        """Those of them that call for actions, each with its calls by answer, those of its list among them."""
        return {
            name: tuple((fact, question, calls) for fact, question in asked if (calls := self.calls_of(name, question)))
            for name, asked in self.asked.items()
        }

    @cached_property
    def scores(self) -> dict[str, tuple[tuple[str, int], ...]]:
        """The fact of each question that has points, with them."""
        return {
            name: tuple((fact, question.score) for fact, question in asked if question.score)
            for name, asked in self.asked.items()
        }

    def counted(self, name: str, count: Count) -> tuple[tuple[str, int], ...]:
        """The fact of each item that a rule counts, with its points."""
        key = (name, count.priority, count.loads_spine)
        if key not in self._counted:
            self._counted[key] = tuple(
                (fact, question.score)
                for fact, question in self.asked[name]
                if (count.priority is None or question.priority == count.priority)
                and (count.loads_spine is None or question.loads_spine)
            )
        return self._counted[key]

    @cached_property
    def _counted(self) -> dict[tuple[str, int | None, bool | None], tuple[tuple[str, int], ...]]:
        return {}

    def calls_of(self, name: str, question: Question) -> dict[str, tuple[str, ...]]:
        """What each answer of a question calls for; where it says nothing of "Not sure", its list may."""
        unsure = self.part_of(name).unsure_calls_for
        may_be_unsure = "unsure" in question.allowed or question.answers == "decimal"
        return {**({"unsure": unsure} if unsure and may_be_unsure else {}), **question.calls_for}

    def part_of(self, name: str) -> About | Checklist:
        """A checklist, or what is asked about the person."""
        return self.about if name == "about" else self.checklist_of[name]

    @cached_property
    def question_of(self) -> dict[str, Question]:
        """The question by its fact name."""
        return {fact: question for asked in self.asked.values() for fact, question in asked}

    @cached_property
    def action_of(self) -> dict[str, Action]:
        return {action.id: action for action in self.actions.actions}

    @cached_property
    def picture_of(self) -> dict[str, Picture]:
        return {picture.id: picture for picture in self.actions.pictures}

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
    def rooms(self) -> Checklist:
        """The list that is gone through room by room; the loader sees to it that there is one, and only one."""
        return next(each for each in self.checklists if each.layout == "rooms")

    @property
    def list_ids(self) -> tuple[str, ...]:
        """What is asked, by its id: about the person, then every checklist."""
        return ("about", *self.checklist_of)

    @cached_property
    def checklist_of(self) -> dict[str, Checklist]:
        return {checklist.id: checklist for checklist in self.checklists}

    def rule(self, checklist: str, level: RiskLevel) -> Condition:
        """The condition of a level; only the lowest level has none."""
        found = next(each.when for each in self.checklist_of[checklist].levels if each.level == level)
        assert found is not None, "the loader refuses a high or moderate level without a rule"
        return found
