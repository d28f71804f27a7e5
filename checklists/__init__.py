"""What is asked, and what the answers mean. Pure: standard library, PyYAML, pydantic, and openpyxl for tables."""

from checklists.files.definitions import Definitions
from checklists.loading.load import DefinitionError, load_definitions
from checklists.people.reading import PersonError, read_person
from checklists.rules.assessing import Assessment, assess
from checklists.rules.person import Person

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
