"""Tools and what they found, in words, as a clinician reads them."""

from collections.abc import Mapping
from decimal import Decimal

from reports.words.speech import N_
from reports.words.words import Words

_TOOLS = {
    "tug": N_("Timed Up and Go"),
    "tandem": N_("Tandem stand"),
    "gait": N_("Gait speed"),
    "chair_stand": N_("30-second chair stand"),
    "orthostatic": N_("Lying and standing blood pressure"),
    "wfg": N_("World Falls Guidelines 2022"),
    "ost": N_("OST"),
    "orai": N_("ORAI"),
    "osiris": N_("OSIRIS"),
    "height_loss_cm": N_("Height loss in cm"),
    "dxa": N_("Bone density test (DXA)"),
}
_FIELDS = {
    "seconds": N_("seconds"),
    "m_s": N_("m/s"),
    "count": N_("times"),
    "at_risk": N_("at risk"),
    "below_average": N_("below average"),
    "drop": N_("drop"),
    "positive": N_("positive"),
    "value": N_("value"),
    "less_certain": N_("less certain"),
    "due": N_("due"),
    "why": N_("reasons"),
}
_CODES = {
    "unable": N_("tried and not managed"),
    "needs-gait-test": N_("needs a gait test"),
    "intermediate": N_("intermediate"),
    "low": N_("low"),
    "high": N_("high"),
    "age": N_("age"),
    "fracture": N_("a broken bone after 50"),
    "height-loss": N_("height loss"),
    "spine-fracture": N_("a spine fracture"),
    "ost": N_("OST"),
    "risk-factor": N_("a risk factor"),
    "yes": N_("yes"),
    "no": N_("no"),
    "unsure": N_("not sure"),
}


def tools_in_words(words: Words, tools: Mapping[str, object]) -> str:
    """Every tool with what it found, in one sentence without its full stop; nothing where there is none."""
    _ = words.speech.gettext
    return "; ".join(f"{_(_TOOLS[each])}: {value_in_words(words, value)}" for each, value in tools.items())


def value_in_words(words: Words, value: object) -> str:
    """A tool's value in words; None is not known."""
    _ = words.speech.gettext
    if value is None:
        return _("not known")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | Decimal):
        return words.speech.number(value)
    if isinstance(value, dict):
        return ", ".join(f"{_(_FIELDS[key])} {value_in_words(words, each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return words.speech.listed([value_in_words(words, each) for each in value]) or _("none")
    return _(_CODES[str(value)]) if str(value) in _CODES else str(value)
