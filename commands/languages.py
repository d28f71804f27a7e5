"""The interface's sentences of every language: collected from the code, and what is still to be said in each."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from checklists.loading.load import language_folders, translated_names
from reports.words.speech import CATALOGUES
from web.core.settings import ROOT

KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "Sentence": None}
SOURCES = (
    *((room, "python", "**.py") for room in ("checklists", "commands", "reports", "web")),
    ("templates", "jinja2", "**.html"),
)


def collected() -> Catalog:
    """Every sentence that the code says, each with the files it stands in."""
    catalogue = Catalog(project="Firm Footing", charset="utf-8")
    for folder, method, pattern in SOURCES:
        found = extract_from_dir(
            str(ROOT / folder),
            method_map=[(pattern, method)],
            options_map={pattern: {"silent": "false"}},
            keywords=KEYWORDS,
        )
        for file, _line, message, _comments, context in found:
            catalogue.add(message, None, [(f"{folder}/{file}", 0)], context=context)
    return catalogue


def stored(language: str) -> Catalog:
    """The catalogue of a language as its translator left it; an empty one before the first word."""
    path = CATALOGUES / f"{language}.po"
    if not path.exists():
        return Catalog(locale=language, project="Firm Footing", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def missing(language: str) -> Iterator[str]:
    """Every sentence that the code says and the catalogue does not, and every one that nobody says any more."""
    of_code, known = collected(), stored(language)
    for message in of_code:
        if message.id and not _is_translated(known.get(message.id)):
            yield f"translations/{language}.po: not translated yet: {_shown(message)}"
    for message in known:
        if message.id and of_code.get(message.id) is None:
            yield f"translations/{language}.po: said nowhere any more: {_shown(message)}"


def collect(language: str) -> int:
    """Brings a catalogue up to what the code says, keeping what was translated; how many sentences it holds."""
    catalogue = stored(language)
    catalogue.update(collected(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    path = CATALOGUES / f"{language}.po"
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=120, omit_header=True, include_lineno=False, sort_output=True)
    return len(catalogue)


def languages() -> tuple[str, ...]:
    """Every language that has a folder of words, the one it is all written in left out."""
    return tuple(folder.name for folder in language_folders())


def start(folder: Path) -> list[Path]:
    """Writes what a translator of a new language fills in: one file a definition, its keys with the text as a comment.

    :raises FileExistsError: something is there already, which is never written over
    """
    from checklists.files.translating import wordings
    from web.core.settings import rules

    folder.mkdir(parents=True, exist_ok=False)
    known = rules()
    models = {"about": known.about, "warning-signs": known.warning_signs, "actions": known.actions}
    models |= {"guides": known.guides, "glossary": known.glossary, "regions": known.regions, **known.checklist_of}
    written = [folder / "review.yaml"]
    written[0].write_text('status: draft\nby: ""\ndate: ""\nnext: ""\n', encoding="utf-8")
    for name in translated_names(known):
        lines = []
        for key, text in wordings(models[name]).items():
            texts = (text,) if isinstance(text, str) else text
            lines += [f"# {each}" for each in texts]
            lines += [f'{key}: ""'] if isinstance(text, str) else [f"{key}:", *('  - ""' for _ in texts)]
        path = folder / f"{name}.yaml"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        written.append(path)
    return written


def _is_translated(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(forms) and bool(forms)


def _shown(message: Message) -> str:
    return " / ".join(message.id) if isinstance(message.id, tuple | list) else str(message.id)
