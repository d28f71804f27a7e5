"""YAML → Definitions. First the shape of every file, then the meaning across files; every fault at once."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from checklists.files.actions import Actions
from checklists.files.definitions import Definitions
from checklists.files.glossary import Glossary
from checklists.files.grammar import BONE, FALLS
from checklists.files.guides import Guides
from checklists.files.model import About, Checklist, Header, Review, Sources
from checklists.files.regions import Regions
from checklists.files.safety import Safety
from checklists.files.translating import Translation, Wording, wording_faults
from checklists.files.warning_signs import WarningSigns
from checklists.files.yaml_file import Document, Fault
from checklists.loading.cross_checks import meaning_faults
from checklists.loading.earlier_content import completed
from checklists.loading.faults import Found

DEFINITIONS = Path(__file__).parent.parent / "definitions"
MODELS: dict[str, type[Header]] = {
    "about": About,
    "warning-signs": WarningSigns,
    "actions": Actions,
    "sources": Sources,
    "guides": Guides,
    "glossary": Glossary,
    "regions": Regions,
    "safety": Safety,
}
"""The files that there are besides the checklists; every other file is one."""
NOT_READ = ("sources", "safety")
"""What people do not read: papers go by their own names, and the table by its ids."""
REVIEW = "review"


def no_faults(_: Definitions) -> tuple[Found, ...]:
    """Nobody else judges."""
    return ()


class DefinitionError(ValueError):
    """Definitions that may not be served; `faults` has every fault of every file."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


def load_definitions(
    folder: Path = DEFINITIONS, *, translations: bool = True, also: Callable[[Definitions], Iterable[Found]] = no_faults
) -> Definitions:
    """Everything in `folder`, checked; without `translations` only the rules, in the language they are written in.

    `also` finds what only others can judge, such as a picture that is not drawn.

    :raises DefinitionError: with every fault at once, each with file, line, fault and remedy
    """
    faults: list[Fault] = []
    kinds: dict[str, type[Header]] = {**MODELS, **dict.fromkeys(_checklists(folder), Checklist)}
    documents = {name: Document(folder / f"{name}.yaml", faults) for name in kinds}
    models = {name: documents[name].model(kind, faults) for name, kind in kinds.items()}
    for name, model in models.items():
        if model is not None and model.id != name:
            faults.append(documents[name].fault_at(("id",), f"the file is called {name}; write id: {name}"))
    if all(model is not None and model.id == name for name, model in models.items()):
        definitions = _assembled(models, _hash(folder))
        found = (*meaning_faults(definitions), *also(definitions))
        faults += [documents[name].fault_at(place, says) for name, place, says in found]
        if translations:
            spoken = {each.name: _translation(each, models, faults) for each in language_folders(folder)}
            definitions = definitions.model_copy(update={"translations": spoken})
    if faults:
        raise DefinitionError(sorted(faults, key=lambda fault: ("/" in fault.file, fault.file, fault.line)))
    return definitions


def translated_names(definitions: Definitions) -> tuple[str, ...]:
    """The files that every language says in its own words."""
    return (*(name for name in MODELS if name not in NOT_READ), *definitions.checklist_of)


def _checklists(folder: Path) -> list[str]:
    """Every file that is none of the others, and the two lists of which code knows."""
    return sorted({FALLS, BONE, *(file.stem for file in folder.glob("*.yaml") if file.stem not in MODELS)})


def language_folders(folder: Path = DEFINITIONS) -> list[Path]:
    """Where the words of other languages lie: a folder each, named by its code."""
    return sorted(each for each in folder.iterdir() if each.is_dir())


def _translation(folder: Path, models: dict[str, Any], faults: list[Fault]) -> Translation | None:
    words: dict[str, Wording] = {}
    translated = [name for name in models if name not in NOT_READ]
    documents = {
        name: Document(folder / f"{name}.yaml", faults, f"{folder.name}/{name}.yaml") for name in (REVIEW, *translated)
    }
    for stray in sorted(folder.glob("*.yaml")):
        if stray.stem not in documents:
            faults.append(Fault(file=f"{folder.name}/{stray.name}", line=1, says="no such file; rename or remove it"))
    for name in translated:
        found = documents[name].wordings(faults)
        if found is not None:
            faults += [documents[name].fault_at((key,), says) for key, says in wording_faults(models[name], found)]
            words |= found
    review = documents[REVIEW].model(Review, faults)
    return None if faults or review is None else Translation(review=review, words=words)


def definitions_from_json(text: str | bytes) -> Definitions:
    """The definitions of an earlier version, as they were kept with a plan."""
    return completed(Definitions.model_validate_json(text))


def _assembled(models: dict[str, Any], content_hash: str) -> Definitions:
    lists = [model for name, model in models.items() if name not in MODELS]
    parts = {
        "about": models["about"],
        "warning_signs": models["warning-signs"],
        "checklists": tuple(sorted(lists, key=lambda each: (each.order or 0, each.id))),
        "actions": models["actions"],
        "sources": models["sources"],
        "guides": models["guides"],
        "glossary": models["glossary"],
        "regions": models["regions"],
        "safety": models["safety"],
    }
    return Definitions(**parts, content_hash=content_hash)


def _hash(folder: Path) -> str:
    """SHA-256 over the names and bytes of every file, so that a plan can say what it was made from."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.yaml")):
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
