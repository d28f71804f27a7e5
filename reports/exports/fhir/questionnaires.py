"""The forms as Questionnaires: one a list and version, with points on each answer and every language in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from checklists.files.definitions import Definitions
from checklists.files.grammar import FALLS, Condition
from checklists.files.logic import qualified
from checklists.files.model import Measure, Question
from reports.exports.fhir.codes import BASE, EXTENSION, NONE, OWN, UCUM, Json, coding, number, sign_code, system
from reports.exports.fhir.forms import MEASURES, PAIR, PRESSURES, SIGNS, UNABLE_ENDING, version_of
from reports.words.questions import YES_NO, answers_of, asked
from reports.words.speech import N_
from reports.words.words import Words

SCORE = "points-so-far"
"""The item that adds up the points; it is no answer, and what is not known adds nothing to it."""
_TOTAL = "%resource.repeat(item).answer.value.where(code != 'unsure').ordinal().sum()"
_CALCULATED = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
_UNITS = {"kg": "kg", "cm": "cm", "years": "a", "seconds": "s", "speed": "m/s", "pressure": "mm[Hg]"}


def address(name: str) -> str:
    """Where a form has its name; a response holds this with the version behind a bar."""
    return f"{BASE}/Questionnaire/{name}"


def canonical(definitions: Definitions, name: str) -> str:
    return f"{address(name)}|{version_of(definitions, name)}"


@dataclass(frozen=True, kw_only=True)
class Tongues:
    """The words of every language, the one that is read first leading."""

    all: tuple[Words, ...]

    @property
    def first(self) -> Words:
        return self.all[0]

    def in_words(self, element: str, text: Callable[[Words], str | None]) -> Json:
        """A text in the first language, and the others as FHIR's translations beside it."""
        first, *others = (text(each) for each in self.all)
        if not first:
            return {}
        others_in_words = [
            _extension(
                "translation",
                extension=[
                    {"url": "lang", "valueCode": words.definitions.language},
                    {"url": "content", "valueString": text},
                ],
            )
            for words, text in zip(self.all[1:], others, strict=True)
            if text
        ]
        return {element: first, **({f"_{element}": {"extension": others_in_words}} if others_in_words else {})}


def questionnaire(tongues: Tongues, name: str) -> Json:
    """One form."""
    definitions = tongues.first.definitions
    version, language = version_of(definitions, name), definitions.language
    items = {SIGNS: _signs, MEASURES: _measures}.get(name)
    return {
        "resourceType": "Questionnaire",
        "id": str(uuid5(NAMESPACE_URL, f"{canonical(definitions, name)} {language} {definitions.content_hash}")),
        "language": language,
        "url": address(name),
        "version": version,
        "name": "".join(part.capitalize() for part in name.split("-")),
        **tongues.in_words("title", lambda words: _title(words, name)),
        "status": "draft" if definitions.is_draft else "active",
        "subjectType": ["Patient"],
        "item": list(items(tongues) if items else _list(tongues, name)),
    }


def _title(words: Words, name: str) -> str:
    if name == SIGNS:
        return words.definitions.warning_signs.title
    return words.speech.gettext(N_("Measures")) if name == MEASURES else words.definitions.part_of(name).title


def _list(tongues: Tongues, name: str) -> Iterator[Json]:
    for place, section in enumerate(asked(tongues.first.definitions, name)):
        items = [_question(tongues, name, question) for _, question in section.questions]
        if section.id:
            title = _section_title(tongues, name, place)
            yield {"linkId": f"section.{section.id}", **title, "type": "group", "item": items}
        else:
            yield from items
    if any(question.score for question in tongues.first.definitions.questions[name]):
        calculated = _extension(_CALCULATED, valueExpression={"language": "text/fhirpath", "expression": _TOTAL})
        says = _message(tongues, N_("Points so far"))
        yield {"extension": [calculated], "linkId": SCORE, **says, "type": "decimal", "readOnly": True}


def _section_title(tongues: Tongues, name: str, place: int) -> Json:
    return tongues.in_words("text", lambda words: asked(words.definitions, name)[place].title)


def _message(tongues: Tongues, message: str) -> Json:
    """A sentence of the interface."""
    return tongues.in_words("text", lambda words: words.speech.gettext(message))


def _question(tongues: Tongues, name: str, question: Question) -> Json:
    def other(words: Words) -> Question:
        return words.definitions.question_of[f"{name}.{question.link_id}"]

    item = {"linkId": question.link_id, **tongues.in_words("text", lambda words: other(words).ask)}
    item |= _enable_when(tongues.first.definitions, name, question.enable_when)
    if question.answers in ("whole-number", "decimal"):
        is_whole = question.answers == "whole-number"
        item |= _number(question.low, question.high, _UNITS.get(question.unit or "", ""), is_whole=is_whole, places=1)
    else:
        labels = [dict(answers_of(words, other(words), helping=False)) for words in tongues.all]
        where = system("answer" if question.answers != "choice" else question.link_id)
        scored = any(each.score for each in tongues.first.definitions.questions[name])
        item |= _choice(
            [
                _option(
                    tongues,
                    where,
                    code,
                    labels,
                    points=_points(question, code) if scored and code != "unsure" else None,
                )
                for code in labels[0]
            ]
        )
    if question.help:
        item["item"] = [
            {
                "extension": [_control("help")],
                "linkId": f"{question.link_id}.help",
                **tongues.in_words("text", lambda words: other(words).help),
                "type": "display",
            }
        ]
    return item


def _points(question: Question, code: str) -> int:
    return question.score if code == "yes" else 0


def _option(tongues: Tongues, where: str, code: str, labels: list[dict[str, str]], points: int | None = None) -> Json:
    """One answer; "not sure" has no points at all, as what is not known is never nought."""
    by_words = dict(zip((id(words) for words in tongues.all), labels, strict=True))
    display = tongues.in_words("display", lambda words: by_words[id(words)][code])
    option: Json = {"valueCoding": {"system": where, "code": code, **display}}
    if points is None:
        return option
    return {"extension": [_extension(each, valueDecimal=points) for each in ("ordinalValue", "itemWeight")], **option}


def _choice(options: list[Json], control: str = "radio-button") -> Json:
    return {"extension": [_control(control)], "type": "choice", "answerOption": options}


def _number(low: Decimal | None, high: Decimal | None, unit: str, *, is_whole: bool, places: int | None = None) -> Json:
    kind = "valueInteger" if is_whole else "valueDecimal"
    bounds = (("minValue", low), ("maxValue", high))
    extensions = [_extension(name, **{kind: number(bound)}) for name, bound in bounds if bound is not None]
    if unit:
        extensions.append(_extension("questionnaire-unit", valueCoding=coding(UCUM, unit)))
    if places is not None and not is_whole:
        extensions.append(_extension("maxDecimalPlaces", valueInteger=places))
    return {"extension": extensions, "type": "integer" if is_whole else "decimal"}


def _enable_when(definitions: Definitions, name: str, condition: Condition | None) -> Json:
    """Asked unless its condition is surely no, as an answer counts where that is not known.

    What depends on another list is always asked: a form knows only its own answers.
    """
    compared = condition and (condition.is_ or condition.one_of)
    if not compared:
        return {}
    fact, codes = qualified(compared[0], name), compared[1]
    if not fact.startswith(f"{name}."):
        return {}
    parent = definitions.question_of[fact]
    where = system("answer" if parent.answers != "choice" else parent.link_id)
    wanted = [*((codes,) if isinstance(codes, str) else codes), *(["unsure"] if "unsure" in parent.allowed else [])]
    when: list[Json] = [
        {"question": parent.link_id, "operator": "=", "answerCoding": coding(where, code)} for code in wanted
    ]
    unanswered = {"question": parent.link_id, "operator": "exists", "answerBoolean": False}
    return {"enableWhen": [*when, unanswered], "enableBehavior": "any"}


def _signs(tongues: Tongues) -> Iterator[Json]:
    """All signs as one question; the private one reads as it does on paper."""
    labels = []
    for words in tongues.all:
        signs = words.definitions.warning_signs
        each_sign = {sign_code(sign): sign.paper_says or words.ringing(sign.ask) for sign in signs.signs if sign.ask}
        labels.append({**each_sign, NONE: signs.none_of_these})
    where = system(SIGNS)
    options = [_option(tongues, where, code, labels) for code in labels[0]]
    asks = tongues.in_words("text", lambda words: words.definitions.warning_signs.ask)
    yield {"linkId": SIGNS, **asks, **_choice(options, "check-box"), "repeats": True}


def _measures(tongues: Tongues) -> Iterator[Json]:
    for measure in tongues.first.definitions.checklist_of[FALLS].measures:
        yield from _measure(tongues, measure)


def _measure(tongues: Tongues, measure: Measure) -> Iterator[Json]:
    def name(words: Words) -> str:
        return words.definitions.measure_of[measure.link_id].name

    item = {"linkId": measure.link_id, **tongues.in_words("text", name)}
    if measure.kind == "yes-no":
        yield {**item, **_choice(_yes_or_no(tongues))}
    elif measure.kind == "blood-pressure":
        yield {**item, "type": "group", "item": list(_pressures(tongues, measure))}
    else:
        unit, is_whole = _UNITS.get(measure.kind, ""), measure.kind == "count"
        yield {**item, **_number(measure.low, measure.high, unit, is_whole=is_whole)}
        says = "%(test)s: tried and not managed"
        unable = tongues.in_words("text", lambda words: words.speech.gettext(says, test=name(words)))
        yield {"linkId": measure.link_id + UNABLE_ENDING, **unable, "type": "boolean"}


def _yes_or_no(tongues: Tongues) -> list[Json]:
    labels = [{code: words.speech.gettext(label) for code, label in YES_NO} for words in tongues.all]
    return [_option(tongues, system("answer"), code, labels) for code in ("yes", "no")]


def _pressures(tongues: Tongues, measure: Measure) -> Iterator[Json]:
    for time in PRESSURES:
        at = f"{measure.link_id}-{time}"
        number_of = _number(None, None, _UNITS["pressure"], is_whole=True)
        parts = [{"linkId": f"{at}-{part}", **_message(tongues, OWN[part]), **number_of} for part in PAIR]
        yield {"linkId": at, **_message(tongues, OWN[f"bp-{time}"]), "type": "group", "item": parts}
    dizzy = _message(tongues, OWN["dizzy-on-standing"])
    yield {"linkId": f"{measure.link_id}-dizzy", **dizzy, **_choice(_yes_or_no(tongues))}


def _control(code: str) -> Json:
    concept = {"coding": [coding("http://hl7.org/fhir/questionnaire-item-control", code)]}
    return _extension("questionnaire-itemControl", valueCodeableConcept=concept)


def _extension(url: str, **value: object) -> Json:
    return {"url": url if url.startswith("http") else f"{EXTENSION}/{url}", **value}
