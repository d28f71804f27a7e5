"""Which answers a plan made anew may take from the plan before, and which it may not. No Flask, no database."""

from collections.abc import Iterator

from answers.draft import ABOUT, Draft
from checklists import Definitions


def without_spans(definitions: Definitions, draft: Draft, asked: frozenset[str]) -> Draft:
    """The draft without last answers about the months just past: what was not asked anew is not answered."""
    for fact in _spans(definitions, draft, asked):
        subject, link_id = fact.split(".", 1)
        draft = draft.without_answers(subject, (link_id,))
    return draft


def must_be_asked(definitions: Definitions, draft: Draft, asked: frozenset[str]) -> frozenset[str]:
    """Those of them that were not a no. A plan is careful because of them, and would not be if they went unasked."""
    return frozenset(
        fact for fact in _spans(definitions, draft, asked) if draft.answer(*fact.split(".", 1)) in ("yes", "unsure")
    )


def _spans(definitions: Definitions, draft: Draft, asked: frozenset[str]) -> Iterator[str]:
    for subject in (ABOUT, *draft.lists):
        for question in definitions.questions.get(subject, ()):
            fact = f"{subject}.{question.link_id}"
            if question.spans and fact not in asked and draft.answer(*fact.split(".", 1)) is not None:
                yield fact
