"""What is asked, and what the answers mean. Pure: standard library, PyYAML and pydantic."""

from checklists.assessing import Assessment, assess
from checklists.defined import Definitions
from checklists.loading import DefinitionError, load_definitions
from checklists.person import Person
from checklists.reading import PersonError, read_person

__all__ = [
    "Assessment",
    "DefinitionError",
    "Definitions",
    "Person",
    "PersonError",
    "assess",
    "load_definitions",
    "read_person",
]
