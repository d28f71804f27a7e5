"""Who comes to the clinic on that day, how they answer, and what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

How = Literal["tablet", "phone", "paper", "not at all"]
ANSWERS: Mapping[str, Any] = {
    "age": 78,
    "sex": "female",
    "lives-alone": "yes",
    "fell-past-year": "yes",
    "fell-twice": "no",
    "unsteady-walking": "yes",
    "worried-about-falling": "yes",
    "weight-kg": 61,
    "height-cm": 160,
    "tallest-height-cm": 163,
    "postmenopausal": "yes",
    "bone-medicine": "none",
}


@dataclass(frozen=True, kw_only=True)
class Comer:
    """Somebody on the list; `sign` is a warning sign that they tick."""

    name: str
    time: str
    how: How
    lists: str = "falls"
    language: str = "en"
    sign: str = ""
    differs: tuple[tuple[str, Any], ...] = ()

    @property
    def answers(self) -> Mapping[str, Any]:
        return {**ANSWERS, **dict(self.differs)}


COMERS = (
    Comer(name="Margaret Hill", time="9:00", how="tablet"),
    Comer(name="José Ortega", time="9:15", how="tablet", lists="falls-bone", language="es", differs=(("sex", "male"),)),
    Comer(name="Joan Lee", time="9:30", how="tablet", sign="new-confusion"),
    Comer(name="Ruth Adams", time="9:45", how="phone", lists="falls-bone"),
    Comer(name="Walter Brown", time="10:00", how="phone", differs=(("sex", "male"), ("fell-past-year", "no"))),
    Comer(name="Dorothy Clark", time="10:15", how="phone", differs=(("age", 84), ("fell-twice", "yes"))),
    Comer(name="Edna Evans", time="10:30", how="paper"),
    Comer(name="Frances Green", time="10:45", how="paper", lists="falls-bone"),
    Comer(name="Helen Irwin", time="11:00", how="paper", differs=(("unsteady-walking", "no"),)),
    Comer(name="Irene Jones", time="11:15", how="not at all"),
    Comer(name="Karl King", time="11:30", how="not at all", lists="falls-bone"),
    Comer(name="Louise Moore", time="11:45", how="not at all"),
)
