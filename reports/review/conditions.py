"""A condition of the definitions in the plain notation of the book that clinicians review."""

from checklists.files.grammar import Condition, Count

_BOUNDS = (("at_least", "≥"), ("more_than", ">"), ("at_most", "≤"), ("below", "<"))


def in_notation(condition: Condition) -> str:
    """`falls.fell-past-year is yes, and (score ≥ 4, or not about.cannot-walk is yes)`."""
    for joined, word in ((condition.all_, "and"), (condition.any_, "or")):
        if joined:
            return f", {word} ".join(_inside(each) for each in joined)
    if condition.not_:
        return f"not {_inside(condition.not_)}"
    return _simple(condition)


def _inside(condition: Condition) -> str:
    text = in_notation(condition)
    return f"({text})" if condition.all_ or condition.any_ else text


def _simple(condition: Condition) -> str:
    if condition.is_:
        return f"{condition.is_[0]} is {condition.is_[1]}"
    if condition.one_of:
        return f"{condition.one_of[0]} is {' or '.join(condition.one_of[1])}"
    for field, sign in _BOUNDS:
        if bound := getattr(condition, field):
            return f"{bound[0]} {sign} {bound[1]}"
    if condition.score:
        return f"score ≥ {condition.score}"
    if condition.level:
        return f"level of {condition.level[0]} at least {condition.level[1]}"
    return _count(condition.count) if condition.count else f"state {condition.state}"


def _count(count: Count) -> str:
    kinds = (
        f" of priority {count.priority}" if count.priority else "",
        " that load the spine" if count.loads_spine else "",
    )
    return f"{count.at_least} or more answers yes{''.join(kinds)}"
