"""The grammar of the numbers to ring, country by country."""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import BeforeValidator

from checklists.files.grammar import Strict, Text, Texts, Wording, as_tuple
from checklists.files.model import Header


class PhoneLine(Strict):
    """A number to ring, checked at `source`."""

    name: Wording
    number: Text
    hours: Wording | None = None
    source: Texts


class Region(Strict):
    """Emergency and crisis numbers of one country, and the units its people know; never chosen by language."""

    id: Literal["us", "uk"]
    name: Wording
    emergency: Text
    crisis: PhoneLine
    helpline: PhoneLine
    helpline_any_hour: PhoneLine | None = None
    advice: PhoneLine | None = None
    units: Literal["imperial", "metric"]


class Regions(Header):
    regions: Annotated[tuple[Region, ...], BeforeValidator(as_tuple)]

    @cached_property
    def by_id(self) -> dict[str, Region]:
        return {each.id: each for each in self.regions}
