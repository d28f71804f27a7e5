"""Measures that stand once: what a pound and an inch are, and how large and on which paper a plan can be printed."""

from decimal import Decimal
from typing import Literal

KG_PER_POUND = Decimal("0.45359237")
CM_PER_INCH = Decimal("2.54")
PrintPoints = Literal[12, 14, 18, 24]
LARGE_PRINT_POINTS = 18
PageSize = Literal["letter", "a4"]
