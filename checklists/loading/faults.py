"""How the checks name a fault: the definition, the place in it, and what is wrong with the remedy."""

from typing import Any

Place = tuple[Any, ...]
Found = tuple[str, Place, str]
