"""The checklists in other languages: the same rules, other words, and no text without them."""

import re
from pathlib import Path
from shutil import copytree

import pytest

from checklists import DefinitionError, Definitions, load_definitions
from checklists.files.translating import translated, wording_faults, wordings
from checklists.loading.load import DEFINITIONS, definitions_from_json, language_folders, translated_names

OTHERS = [folder.name for folder in language_folders()]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The definitions that are shipped, to be spoiled."""
    return copytree(DEFINITIONS, tmp_path / "definitions")


def faults_of(folder: Path) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        load_definitions(folder)
    return [str(fault) for fault in caught.value.faults]


def spoil(file: Path, old: str, new: str) -> int:
    """Replaces a line's text; the number of that line."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_every_part_of_a_model_goes_by_a_key_that_a_reviewer_can_find(definitions: Definitions) -> None:
    falls, actions = wordings(definitions.checklist_of["falls"]), wordings(definitions.actions)

    assert falls["falls.fell-past-year.ask"] == definitions.question_of["falls.fell-past-year"].ask
    assert falls["falls.level.high.says"].startswith("Your answers")
    assert isinstance(actions["actions.book-strength-and-balance.how"], tuple)
    assert "actions.book-strength-and-balance.instead.1.title" in actions
    assert not any(re.search(r"link_id|source|score", key) for key in (*falls, *actions))


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_changes_words_and_nothing_else(definitions: Definitions, language: str) -> None:
    other = definitions.into(language)

    assert other.language == language
    assert other.question_of["falls.fell-past-year"].ask != definitions.question_of["falls.fell-past-year"].ask
    for part in ("about", "warning_signs", "actions", "guides", "glossary", "regions"):
        own = getattr(definitions, part)
        assert translated(getattr(other, part), wordings(own)) == own, part
    for own, said in zip(definitions.checklists, other.checklists, strict=True):
        assert translated(said, wordings(own)) == own, own.id
    assert other.sources == definitions.sources
    assert other.content_hash == definitions.content_hash


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_said_in_every_language(definitions: Definitions, language: str) -> None:
    words = definitions.translations[language].words
    said = {key for part in _parts(definitions) for key in wordings(part)}

    assert said == set(words)


def test_the_language_it_is_written_in_is_itself(definitions: Definitions) -> None:
    assert definitions.into("en") is definitions
    assert definitions.languages == ("en", *OTHERS)
    with pytest.raises(KeyError):
        definitions.into("xx")


def test_a_draft_translation_of_reviewed_words_is_a_draft(definitions: Definitions) -> None:
    assert definitions.is_draft
    assert definitions.into("es").is_draft


def test_kept_content_holds_every_language(definitions: Definitions) -> None:
    back = definitions_from_json(definitions.model_dump_json(by_alias=True, exclude_unset=True))

    assert back.into("es").actions == definitions.into("es").actions


def test_a_change_of_a_translation_changes_the_content_hash(definitions: Definitions, copied: Path) -> None:
    spoil(copied / "es" / "falls.yaml", "?", " ?")

    assert load_definitions(copied).content_hash != definitions.content_hash


def test_a_text_that_is_missing_is_named_with_what_it_says(copied: Path) -> None:
    spoil(copied / "es" / "falls.yaml", "falls.fell-past-year.why:", "falls.fell-past-year.wyh:")

    faults = faults_of(copied)

    assert any(f.startswith("es/falls.yaml:") and "falls.fell-past-year.why is missing; add it (" in f for f in faults)
    assert any("there is no text falls.fell-past-year.wyh; mend its spelling or remove it" in f for f in faults)


def test_every_fault_of_every_file_is_told_at_once_with_its_line(copied: Path) -> None:
    first = spoil(copied / "es" / "falls.yaml", 'falls.title: "', 'falls.title: 5 #"')
    second = spoil(copied / "es" / "warning-signs.yaml", "{emergency}", "{ambulance}")
    (copied / "es" / "guides.yaml").unlink()
    (copied / "es" / "more.yaml").write_text("a: b\n", encoding="utf-8")
    spoil(copied / "es" / "review.yaml", "draft", "perhaps")

    faults = "\n".join(faults_of(copied))

    assert f"es/falls.yaml:{first}: falls.title is not text" in faults
    assert re.search(rf"es/warning-signs.yaml:{second}: .* names other numbers to ring; use {{emergency}}", faults)
    assert "es/guides.yaml:1: the file is missing" in faults
    assert "es/more.yaml:1: no such file" in faults
    assert "es/review.yaml:2: status: is 'perhaps'" in faults


def test_a_list_has_as_many_lines_in_every_language(definitions: Definitions) -> None:
    own = wordings(definitions.actions)
    key = "actions.book-strength-and-balance.how"

    assert list(wording_faults(definitions.actions, {**own, key: own[key][:-1]})) == [
        (key, f"{key} has {len(own[key]) - 1} lines; write {len(own[key])}")
    ]
    assert list(wording_faults(definitions.actions, {**own, key: "one text"})) == [
        (key, f"{key} is one text; write a list of texts")
    ]
    assert list(wording_faults(definitions.actions, own)) == []


def test_without_translations_the_rules_are_the_same(definitions: Definitions) -> None:
    rules = load_definitions(translations=False)

    assert rules.translations == {}
    assert rules.content_hash == definitions.content_hash
    assert rules.checklists == definitions.checklists


def _parts(definitions: Definitions):
    named = {"about": definitions.about, "warning-signs": definitions.warning_signs, "actions": definitions.actions}
    named |= {
        "guides": definitions.guides,
        "glossary": definitions.glossary,
        "regions": definitions.regions,
        **definitions.checklist_of,
    }
    assert set(named) == set(translated_names(definitions))
    return named.values()
