"""Names that one file uses and another has to know: sources, actions, pictures; and those that nobody uses."""

from collections.abc import Iterator

from checklists.files.definitions import Definitions
from checklists.files.model import Question
from checklists.loading.faults import Found, Place


def reference_faults(definitions: Definitions) -> Iterator[Found]:
    """Every fault as (definition, place in it, fault and remedy)."""
    yield from _references(definitions)
    yield from _orphans(definitions)
    yield from _pictures(definitions)


def questions_of(definitions: Definitions) -> Iterator[tuple[str, Place, Question]]:
    """Every question with its file and its place there."""
    for i, question in enumerate(definitions.about.questions):
        yield "about", ("questions", i), question
    for checklist in definitions.checklists:
        for i, section in enumerate(checklist.sections):
            for j, question in enumerate(section.questions):
                yield checklist.id, ("sections", i, "questions", j), question


def _references(definitions: Definitions) -> Iterator[Found]:
    for name, place, what, cited in _cited(definitions):
        for source in cited:
            if source not in definitions.source_of:
                yield name, place, f"{what}: there is no source {source}; define it in sources.yaml"
    for i, sign in enumerate(definitions.warning_signs.signs):
        milder = sign.from_answers.if_asked if sign.from_answers else None
        for action in (*sign.calls_for, *(milder.calls_for if milder else ())):
            if action not in definitions.action_of:
                yield "warning-signs", ("signs", i), f"there is no action {action}; define it in actions.yaml"
    for checklist in definitions.checklists:
        for i, call in enumerate(checklist.calls):
            for action in call.actions:
                if action not in definitions.action_of:
                    yield (
                        checklist.id,
                        ("calls", i),
                        f"there is no action {action}; define it in actions.yaml",
                    )


def _cited(definitions: Definitions) -> Iterator[tuple[str, Place, str, tuple[str, ...]]]:
    for name, place, question in questions_of(definitions):
        yield name, place, question.link_id, question.source
    for checklist in definitions.checklists:
        yield checklist.id, ("source",), checklist.id, checklist.source
        for i, level in enumerate(checklist.levels):
            yield checklist.id, ("levels", i), level.level, level.source
        for i, measure in enumerate(checklist.measures):
            yield checklist.id, ("measures", i), measure.link_id, measure.source
        for i, example in enumerate(checklist.examples):
            yield checklist.id, ("examples", i), example.name, example.source
    for i, sign in enumerate(definitions.warning_signs.signs):
        yield "warning-signs", ("signs", i), sign.id, sign.source
    for i, action in enumerate(definitions.actions.actions):
        yield "actions", ("actions", i), action.id, action.source or ("(none)",)
    for i, guide in enumerate(definitions.guides.guides):
        yield "guides", ("guides", i), guide.id, guide.source
    yield "safety", ("source",), "safety", definitions.safety.source


def _orphans(definitions: Definitions) -> Iterator[Found]:
    """An action that nothing calls for, or a source that nothing cites, is a fault of spelling."""
    called = {"ask-when-safe-to-exercise"}
    called |= {a for q in definitions.question_of.values() for actions in q.calls_for.values() for a in actions}
    called |= {a for checklist in definitions.checklists for call in checklist.calls for a in call.actions}
    called |= {a for name in definitions.questions for a in definitions.part_of(name).unsure_calls_for}
    for sign in definitions.warning_signs.signs:
        called |= set(sign.calls_for)
        if sign.from_answers and sign.from_answers.if_asked:
            called |= set(sign.from_answers.if_asked.calls_for)
    for i, action in enumerate(definitions.actions.actions):
        if action.id not in called:
            yield "actions", ("actions", i), f"nothing calls for {action.id}; call for it or remove it"
    cited = {source for _, _, _, sources in _cited(definitions) for source in sources}
    for i, source in enumerate(definitions.sources.sources):
        if source.id not in cited:
            yield "sources", ("sources", i), f"nothing cites {source.id}; cite it or remove it"


def _pictures(definitions: Definitions) -> Iterator[Found]:
    """A picture is described before it is named, and described only if it is named."""
    named = [
        (("actions", i, *place), picture)
        for i, action in enumerate(definitions.actions.actions)
        for place, picture in (
            ((), action.picture),
            *((("instead_when", j), each.picture) for j, each in enumerate(action.instead_when)),
        )
        if picture
    ]
    for place, picture in named:
        if picture not in definitions.picture_of:
            yield "actions", place, f"there is no picture {picture}; say under pictures what it shows"
    used = {picture for _, picture in named}
    for i, each in enumerate(definitions.actions.pictures):
        if each.id in [earlier.id for earlier in definitions.actions.pictures[:i]]:
            yield "actions", ("pictures", i), f"picture {each.id} stands twice; give each its own"
        if each.id not in used:
            yield "actions", ("pictures", i), f"no action has the picture {each.id}; name it or remove it"
