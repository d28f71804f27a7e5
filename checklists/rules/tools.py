"""The published indices: one function each, exact decimals, with its paper."""

from decimal import ROUND_DOWN, Decimal
from typing import Literal

Sex = Literal["female", "male"]

TUG_AT_RISK_SECONDS = Decimal(12)
TUG_SLOW_SECONDS = Decimal(15)
TANDEM_SECONDS = Decimal(10)
SLOW_GAIT_M_S = Decimal("0.8")
DROP_SYSTOLIC_MMHG, DROP_DIASTOLIC_MMHG = 20, 10
HEIGHT_LOSS_CM = Decimal("3.8")
TALLEST_MAY_BE_BELOW_CM = Decimal(2)
OST_FROM_AGE = 45

_STANDS_BELOW_AVERAGE: dict[Sex, tuple[int, ...]] = {
    "male": (14, 12, 12, 11, 10, 8, 7),
    "female": (12, 11, 10, 10, 9, 8, 4),
}


def osteoporosis_self_assessment(age_years: int, weight_kg: Decimal) -> int:
    """(weight - age) / 5, truncated toward zero; below 2 in women calls for a bone density test.

    :raises ValueError: age below 45, where the index was never studied
    Source: Koh et al., Osteoporos Int 2001;12:699. Geusens et al., Mayo Clin Proc 2002;77:629.
    """
    _from_45(age_years)
    return int(((weight_kg - age_years) / 5).to_integral_value(ROUND_DOWN))


def osteoporosis_self_assessment_positive(value: int, sex: Sex) -> bool:
    """Women below 2 (USPSTF); men at 3 or below, less certain (Adler et al., Mayo Clin Proc 2003;78:723)."""
    return value < 2 if sex == "female" else value <= 3


def orai(age_years: int, weight_kg: Decimal, on_estrogen: bool) -> int:
    """The Osteoporosis Risk Assessment Instrument for women from 45, 0 to 26 points; 9 or more is positive.

    :raises ValueError: age below 45
    Source: Cadarette et al., CMAJ 2000;162:1289.
    """
    _from_45(age_years)
    age = 15 if age_years >= 75 else 9 if age_years >= 65 else 5 if age_years >= 55 else 0
    weight = 9 if weight_kg < 60 else 3 if weight_kg < 70 else 0
    return age + weight + (0 if on_estrogen else 2)


def osiris(age_years: int, weight_kg: Decimal, on_estrogen: bool, broke_bone: bool) -> Decimal:
    """(weight - age) / 5, + 2 on estrogen, - 2 after a low-force fracture; never truncated; below 1 is positive.

    :raises ValueError: age below 45
    Source: Sedrine et al., Gynecol Endocrinol 2002;16:245.
    """
    _from_45(age_years)
    return (weight_kg - age_years) / 5 + (2 if on_estrogen else 0) - (2 if broke_bone else 0)


def body_mass_index_at_most_20(weight_kg: Decimal, height_cm: Decimal) -> bool:
    """Whether kg / m² is 20 or less, without dividing. Source: CMS249."""
    return weight_kg * 10_000 <= 20 * height_cm * height_cm


def body_mass_index_at_least_25(weight_kg: Decimal, height_cm: Decimal) -> bool:
    """Whether kg / m² is 25 or more, without dividing: no low weight for this height. Source: WHO, TRS 894, 2000."""
    return weight_kg * 10_000 >= 25 * height_cm * height_cm


def average_stands(age_years: int, sex: Sex) -> int | None:
    """Below so many 30-second chair stands somebody is below average; None outside 60 to 94 years."""
    return _STANDS_BELOW_AVERAGE[sex][(age_years - 60) // 5] if 60 <= age_years <= 94 else None


def stands_below_average(stands: int, age_years: int, sex: Sex) -> bool | None:
    """Whether a 30-second chair stand count is below the norm; None outside 60 to 94 years.

    Source: Rikli & Jones, J Aging Phys Act 1999;7:162, as used by CDC STEADI.
    """
    average = average_stands(age_years, sex)
    return None if average is None else stands < average


def _from_45(age_years: int) -> None:
    if age_years < OST_FROM_AGE:
        raise ValueError(f"age_years is {age_years}; the index was studied from {OST_FROM_AGE}")


def plain(value: Decimal) -> str:
    """An exact decimal as text without trailing zeros; zero is "0"."""
    text = format(value.normalize(), "f")
    return "0" if text in ("-0", "0") else text
