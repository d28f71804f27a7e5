"""How one language speaks in one country: the interface's sentences, plural forms, days and numbers.

The sentences stand in translations/<language>.po; what is said of health stands beside its checklist.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, localcontext
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from checklists.files.definitions import WRITTEN_IN
from checklists.people.plain_text import isolated

if TYPE_CHECKING:  # imported where it is used: judging people on the command line needs none of it, and is quick
    from babel import Locale

CATALOGUES = Path(__file__).parent.parent.parent / "translations"
_COUNTRIES = {"us": "US", "uk": "GB"}


@dataclass(frozen=True, kw_only=True)
class Speech:
    """A language with the habits of a country: `language` is its code, as in `lang`.

    `person` is the name of the person it speaks of, where one was given (reports/words/naming.py).
    """

    language: str
    locale: "Locale"
    translations: NullTranslations
    person: str = ""

    @property
    def own_name(self) -> str:
        """What the language calls itself, as it stands on a button: Español."""
        name = str(self.locale.language_name if self.locale.territory is None else self.locale.languages[self.language])
        return name[:1].upper() + name[1:]

    def gettext(self, message: str, /, **values: Any) -> str:
        """The sentence in this language, its %(names)s filled in: what a person typed turns no word beside it."""
        return str(self.translations.gettext(message)) % (_isolated(values) if values else {})

    def ngettext(self, singular: str, plural: str, number: int, /, **values: Any) -> str:
        """The form for `number`, which fills in %(num)s."""
        return str(self.translations.ngettext(singular, plural, number)) % {"num": number, **_isolated(values)}

    def day(self, day: date) -> str:
        """A day in full: November 24, 2026 · 24 de noviembre de 2026."""
        from babel.dates import format_date

        return str(format_date(day, "long", self.locale))

    def month(self, day: date) -> str:
        """The month of a day: November 2026 · noviembre de 2026."""
        from babel.dates import format_skeleton

        return str(format_skeleton("yMMMM", day, locale=self.locale))

    def short_day(self, day: date) -> str:
        """A day without its year, as it stands under a chart: Nov 24 · 24 nov."""
        from babel.dates import format_skeleton

        return str(format_skeleton("MMMd", day, locale=self.locale))

    def moment(self, at: datetime) -> str:
        """A day and its time: November 24, 2026, 4:30 PM · 24 de noviembre de 2026, 4:30 p. m."""
        from babel.dates import format_time

        return f"{self.day(at.date())}, {format_time(at, 'short', locale=self.locale)}"

    def number(self, value: Decimal | int) -> str:
        """A number as it is written here, without zeros that say nothing: 3.8, in Spain 3,8.

        Never rounded: 11.999999999999998 is below a limit of 12, and has to look so.
        """
        from babel.numbers import format_decimal

        with localcontext() as exact:
            exact.prec += len(str(value))
            return str(format_decimal(value, "0.#", self.locale, decimal_quantization=False))

    def listed(self, phrases: Sequence[str], how: Literal["standard", "or"] = "standard") -> str:
        """Phrases in one sentence: Yes, No, or Not sure."""
        from babel.lists import format_list

        return str(format_list([isolated(each) for each in phrases], how, self.locale))


@cache
def speech(language: str, region: str) -> Speech:
    """The speech of a language in a region.

    :raises KeyError: a region that nobody knows
    """
    from babel import Locale, UnknownLocaleError

    country = _COUNTRIES[region]
    try:
        locale = Locale.parse(f"{language}_{country}")
    except UnknownLocaleError:  # few write Spanish the British way
        locale = Locale.parse(language)
    return Speech(language=language, locale=locale, translations=_translations(language))


def N_(message: str) -> str:
    """Marks a sentence that is translated where it is used."""
    return message


def _isolated(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: isolated(value) if isinstance(value, str) else value for name, value in values.items()}


@cache
def _translations(language: str) -> NullTranslations:
    """Read from the text file that translators edit, so that there is nothing to compile and nothing to go stale."""
    if language == WRITTEN_IN:
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (CATALOGUES / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
