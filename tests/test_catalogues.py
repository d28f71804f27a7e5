"""The interface in other languages: every sentence that the code says is there, with its blanks and no others."""

import re
from pathlib import Path

import pytest
from babel.messages import Message
from flask import Flask

from checklists import Definitions
from checklists.loading.load import translated_names
from commands import languages as catalogues
from tests.texts import sentences_of_code

LANGUAGES = catalogues.languages()
BLANK = re.compile(r"%\(\w+\)s")


def forms(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (str(value),)


@pytest.fixture(autouse=True)
def collected_once(monkeypatch) -> None:
    monkeypatch.setattr(catalogues, "collected", sentences_of_code)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_said_in_every_language(language: str) -> None:
    assert list(catalogues.missing(language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_has_the_same_blanks_in_every_language(language: str) -> None:
    for message in catalogues.stored(language):
        if message.id:
            blanks = set(BLANK.findall(forms(message.id)[-1]))
            many = forms(message.string)[-1]
            assert set(BLANK.findall(many)) == blanks, message.id
            for form in forms(message.string):
                assert set(BLANK.findall(form)) <= blanks, message.id
                assert "%" not in BLANK.sub("", form), "a sign that a blank begins with"


def test_a_sentence_that_the_code_says_and_nobody_translated_is_named(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(catalogues, "CATALOGUES", tmp_path)
    said = len([message for message in catalogues.collected() if message.id])

    assert len(list(catalogues.missing("fr"))) == said > 300
    assert catalogues.collect("fr") == said
    assert len(list(catalogues.missing("fr"))) == said, "an empty translation is none"


def test_collecting_again_keeps_what_is_translated_and_drops_what_is_not_said(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(catalogues, "CATALOGUES", tmp_path)
    catalogues.collect("fr")
    path = tmp_path / "fr.po"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('msgid "Yes"\nmsgstr ""', 'msgid "Yes"\nmsgstr "Oui"'), encoding="utf-8")
    with path.open("a", encoding="utf-8") as file:
        file.write('\nmsgid "Said nowhere"\nmsgstr "Nulle part"\n')
    assert any("said nowhere any more: Said nowhere" in line for line in catalogues.missing("fr"))

    catalogues.collect("fr")

    found = catalogues.stored("fr").get("Yes")
    assert isinstance(found, Message)
    assert found.string == "Oui"
    assert catalogues.stored("fr").get("Said nowhere") is None


def test_a_new_language_starts_with_every_key_and_its_text_beside_it(tmp_path: Path, definitions: Definitions) -> None:
    written = catalogues.start(tmp_path / "fr")

    assert {path.stem for path in written} == {"review", *translated_names(definitions)}
    falls = (tmp_path / "fr" / "falls.yaml").read_text(encoding="utf-8")
    assert '# Did you fall in the past 12 months?\nfalls.fell-past-year.ask: ""\n' in falls
    with pytest.raises(FileExistsError):
        catalogues.start(tmp_path / "fr")


@pytest.mark.parametrize("command", [("missing",), ("collect",), ("start",)])
@pytest.mark.parametrize("language", ["../es", "xx", "e s", ""])
def test_what_is_no_language_is_named_and_nothing_is_written(
    app: Flask, tmp_path: Path, command: tuple[str], language: str
) -> None:
    before = sorted(catalogues.CATALOGUES.parent.rglob("*.po"))
    folder = [str(tmp_path / "words")] if command == ("start",) else []
    found = app.test_cli_runner().invoke(args=["languages", *command, language, *folder])
    assert found.exit_code == 2
    assert "is no language. Write a code such as es, fr or pt_BR." in found.output
    assert sorted(catalogues.CATALOGUES.parent.rglob("*.po")) == before
    assert not (tmp_path / "words").exists()
