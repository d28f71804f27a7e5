"""What the answers that every list shares are called in each language, as somebody may type them into a table."""

from collections.abc import Mapping, Sequence

from checklists.files.grammar import NOT_HERE
from checklists.rules.person import UNABLE
from reports.words.questions import AT_HOME, AT_THEIR_HOME
from reports.words.speech import N_, speech

_ALSO: Mapping[str, tuple[str, ...]] = {
    "unsure": (N_("Don't know"),),
    NOT_HERE: (N_("Not here"),),
    "none": (N_("None"), N_("None of these")),
    UNABLE: (N_("Unable"), N_("Not able to")),
}


def answer_words(languages: Sequence[str], region: str) -> dict[str, tuple[str, ...]]:
    """The words of each code."""
    words: dict[str, list[str]] = {"yes": [], "no": [], "unsure": [], NOT_HERE: [], "none": [], UNABLE: []}
    for each in (speech(language, region) for language in languages):
        for code, label in (*AT_HOME, *AT_THEIR_HOME):
            words[code].append(each.gettext(label))
        for code, labels in _ALSO.items():
            words[code] += [each.gettext(label) for label in labels]
    return {code: tuple(dict.fromkeys(labels)) for code, labels in words.items()}


def language_words(languages: Sequence[str], region: str) -> dict[str, tuple[str, ...]]:
    """What each language is called in itself and in all others: Español, Spanish."""
    locales = [speech(language, region).locale for language in languages]
    return {code: tuple(str(locale.languages.get(code, code)) for locale in locales) for code in languages}
