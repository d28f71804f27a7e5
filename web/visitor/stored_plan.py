"""The latest plan of the open record, read back as it was issued, with the words it was made from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from answers.check_again import OldAnswers
from answers.draft import Draft
from answers.person import person_of
from checklists import Definitions, assess
from checklists.loading.load import definitions_from_json
from reports.plan.plan_json import IssuedPlan, from_json, issue_plan, to_json
from reports.plan.progress import Standing, standings
from reports.words.words import Words
from storage import Submission
from web.core.settings import definitions
from web.core.speaking import words_of
from web.core.stores import store
from web.visitor.budgets import PLANS_OF_A_RECORD, spend, spend_bytes
from web.visitor.open_record import OpenRecord, today


@dataclass(frozen=True, kw_only=True)
class PlanData:
    """What a submission holds: a plan in codes, the revision of the draft it was made of, and how that was answered."""

    codes: Mapping[str, Any]
    revision: int
    answered_by: Literal["self", "helper"]
    old: OldAnswers | None

    @classmethod
    def of(cls, submission: Submission) -> "PlanData":
        stored = submission.data
        return cls(
            codes=stored["given"],
            revision=stored["revision"],
            answered_by="helper" if stored["for"] == "helper" else "self",
            old=OldAnswers.from_json(stored["old"]) if stored.get("old") else None,
        )

    @property
    def made_on(self) -> date:
        """Known without reading the whole plan."""
        return date.fromisoformat(self.codes["made_on"])


@dataclass(frozen=True, kw_only=True)
class StoredPlan:
    """A plan as it was kept: its row in the store, what that holds, the words it was made from, and what was issued."""

    submission: Submission
    data: PlanData
    words: Words
    issued: IssuedPlan

    def waiting(self) -> "StoredPlan":
        """The same while a sign stands that it does not know yet."""
        return replace(self, issued=replace(self.issued, plan=self.issued.plan.waiting()))


def make_plan(open_record: OpenRecord, submit_key: str) -> Submission:
    """Works out the plan once and keeps it; a double tap gives the first one again."""
    known = definitions()
    store().keep_content(known.content_hash, known.as_json)
    data = plan_to_keep(known, open_record.draft, open_record.revision, today())
    spend_bytes(len(str(data)))
    spend(PLANS_OF_A_RECORD, open_record.record_id)
    return store().submit(open_record.record_id, submit_key=submit_key, content_hash=known.content_hash, data=data)


def plan_to_keep(known: Definitions, draft: Draft, revision: int, day: date) -> dict[str, Any]:
    """What a submission holds: the plan that these answers give on a day, and of which draft it was made."""
    issued = issue_plan(known, assess(known, person_of(known, draft, day)), day)
    return {"given": to_json(issued), "revision": revision, **draft.beside_plan()}


def last_made_on(open_record: OpenRecord) -> date | None:
    """The day of the plan made last; None before the first."""
    found = store().find_latest_submission(open_record.record_id)
    return PlanData.of(found).made_on if found else None


def old_answers(stored: StoredPlan) -> str:
    """What is said of answers that were not asked again for this plan; nothing where all were."""
    old, words = stored.data.old, stored.words
    if old is None:
        return ""
    return words.speech.ngettext(
        "%(num)s answer is from %(day)s or before. It was not asked again.",
        "%(num)s answers are from %(day)s or before. They were not asked again.",
        old.count,
        day=words.day(old.since),
    )


def find_plan(open_record: OpenRecord) -> StoredPlan | None:
    """The plan made last; None before the first."""
    submission = store().find_latest_submission(open_record.record_id)
    return read_plan(submission) if submission else None


def read_plan(submission: Submission, language: str = "") -> StoredPlan:
    """A plan in the words it was made from, in the language that is asked for, else in this browser's."""
    words, data = words_of(content_of(submission.content_hash), language), PlanData.of(submission)
    issued = from_json(words.definitions, data.codes)
    return StoredPlan(submission=submission, data=data, words=words, issued=issued)


def content_of(content_hash: str) -> Definitions:
    """The definitions under a content hash: today's, or those kept with an earlier plan."""
    known = definitions()
    return known if known.content_hash == content_hash else _stored(content_hash)


@lru_cache(maxsize=4)
def _stored(content_hash: str) -> Definitions:
    return definitions_from_json(store().get_content(content_hash))


def standings_of(open_record: OpenRecord) -> dict[str, Standing]:
    """Where every action of this record stands."""
    return standings(store().list_ticks(open_record.record_id))
