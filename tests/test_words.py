"""The laws over every word that people read, in every language: contract 11, reading grade, and hard words explained."""

import re
from functools import cache

import pytest
import textstat

from checklists import Definitions
from checklists.files.model import Level
from tests.shipped import SHIPPED
from tests.texts import blocks, definition_texts, interface, read_by_people, sentences

SPOKEN = {language: SHIPPED.into(language) for language in SHIPPED.languages}
every_language = pytest.mark.parametrize("language", SPOKEN)


@cache
def read(language: str) -> list[tuple[str, str]]:
    return list(read_by_people(SPOKEN[language]))


# Contract 11 --------------------------------------------------------------------------------------------------------------

NEVER = {
    "en": {
        "you have": r"\byou have\b|\byou've\b",
        "a shout": r"!",
        "a verdict about bones": r"\b(you|they) (do not |don't |may )?have osteoporosis|you are at risk"
        r"|your bones are (weak|strong|fine)",
        "a promise": r"\b(you will (not )?fall|(?<!not )(?<!to )prevents? (falls|fractures)|guarantee|risk-free"
        r"|completely safe)\b",
        "a diagnosis": r"(?<!not a )\bdiagnos|\bcure",
        "a test alone": r"\b(test yourself|time yourself|try (the|this) test|by yourself|stand on one (leg|foot))\b",
        "no risk": r"\b(no|zero) risk\b|\bnot at risk\b|\bwithout risk\b",
        "empty words": r"\b(please|simply|unfortunately)\b",
    },
    "es": {
        "you have": r"\busted (tiene|padece|sufre)\b",
        "a shout": r"[¡!]",
        "a verdict about bones": r"\b(tiene|padece) (usted )?osteoporosis\b(?![^.]*\?)"
        r"|sus huesos (son|están) (débiles|fuertes|bien)|corre (usted )?(un )?riesgo",
        "a promise": r"\b(no se caerá|(?<!no )previenen? (una |las )?(caídas?|fracturas?)|evitan? (las )?(caídas|fracturas)"
        r"|garantiza|totalmente segur[oa])\b",
        "a diagnosis": r"(?<!no es un )\bdiagn[oó]s|\bcura(r|n|rá)?\b",
        "a test alone": r"\b(mídase|pruébese|haga (usted )?(solo|sola) (la|esta) prueba|párese en (una|un) (pierna|pie))\b",
        "no risk": r"\b(sin|ning[uú]n|cero) riesgo\b|riesgo cero",
        "empty words": r"\b(por favor|simplemente|lamentablemente|desafortunadamente)\b",
        "tú": r"\b(tú|tus?|ti|contigo|puedes|debes|tienes)\b",
    },
}
CHANGE = {
    "en": r"\b(stop|stops|skip|cut|cut out|change|quit|drop|halve|reduce|lower the|leave off|take off|go without"
    r"|do without|throw away|wean)\b",
    "es": r"\b(deje[n]?|dejar\w*|suspend\w+|quite[n]?|quitar\w*|salt[eé]\w*|saltarse|cambie[n]?|cambiar\w*|baje[n]?"
    r"|bajar\w*|reduzca|reduc\w+|corte[n]?|cortar|abandon\w+|elimin\w+|no (tome|use)[n]?)\b",
}
AID = {
    "en": r"\b(medicines?|medication|tablets?|pills?|dose|drops|braces?|canes?|walkers?|walking aids?|aids?|steroids?"
    r"|injections?|shots?|estrogen|blood thinners?)\b",
    "es": r"\b(medicinas?|medicamentos?|pastillas?|dosis|gotas|fajas?|corsé|bast[oó]n|andador|esteroides?"
    r"|inyecci[oó]n(es)?|estrógenos?|anticoagulantes?)\b",
}
ASK = {
    "en": r"\bask\b[^.]*\bdoctor or pharmacist\b[^.]*\b(before|any change)\b",
    "es": r"\bpregunte a su doctor o farmacéutico\b[^.]*\bantes de\b",
}
HARMLESS = {  # they keep an aid in reach, or say what a sudden stop does
    "en": r"sudden stop can do harm",
    "es": r"dejarlas de repente puede hacer daño|^deje (espacio para su|el) bastón o andador",
}
LOWER_NEVER_SAYS = {
    "en": r"\b(safe|safely|no risk|fine|all clear|nothing to worry|good news|healthy)\b",
    "es": r"\b(segur[oa]s?|a salvo|sin riesgo|todo (está )?bien|nada de qué preocuparse|buenas noticias|san[oa]s?)\b",
}


def test_every_language_has_its_laws() -> None:
    for laws in (NEVER, CHANGE, AID, ASK, HARMLESS, LOWER_NEVER_SAYS, READABLE, FOOD):
        assert set(laws) == set(SPOKEN), "a new language brings its laws with it"


@pytest.mark.parametrize(("language", "law"), [(language, law) for language, laws in NEVER.items() for law in laws])
def test_no_text_says(language: str, law: str) -> None:
    assert [(p, text) for p, text in read(language) if re.search(NEVER[language][law], text, re.I)] == []


@every_language
def test_nobody_is_told_to_stop_skip_cut_or_change_a_medicine_brace_or_aid(language: str) -> None:
    change, aid = CHANGE[language], AID[language]
    told = [
        (place, sentence)
        for place, text in read(language)
        for sentence in sentences(text)
        if re.search(rf"{change}[^.]*{aid}|{aid}[^.]*{change}", sentence, re.I)
        and not re.search(ASK[language], sentence, re.I)
        and not re.search(HARMLESS[language], sentence, re.I)
    ]
    assert told == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Stop the tablets if you feel dizzy."),
        ("en", "You may skip a dose."),
        ("es", "Deje de tomar las pastillas si siente mareo."),
        ("es", "Puede saltarse una dosis."),
    ],
)
def test_the_law_about_medicines_would_notice(language: str, text: str) -> None:
    change, aid = CHANGE[language], AID[language]
    assert re.search(rf"{change}[^.]*{aid}|{aid}[^.]*{change}", text, re.I)
    assert not re.search(ASK[language], text, re.I)


SAYS_TO_ASK = {
    "en": "sk your doctor or pharmacist before you change anything",
    "es": "regunte a su doctor o farmacéutico antes de cambiar algo",
}


@every_language
def test_an_action_about_a_medicine_or_brace_says_to_ask_before_any_change(language: str) -> None:
    for action in SPOKEN[language].actions.actions:
        if re.search(r"medicine|steroid|injection|your-brace", action.id):
            for words in (action, *action.instead_when):
                assert SAYS_TO_ASK[language] in " ".join((*words.how, words.why)), action.id


@every_language
def test_lower_never_says_safe_or_no_risk(language: str) -> None:
    lower: list[Level] = [
        level for checklist in SPOKEN[language].checklists for level in checklist.levels if level.level == "low"
    ]
    assert len(lower) == 4
    for level in lower:
        assert not re.search(LOWER_NEVER_SAYS[language], level.says, re.I), level.says


FOOD = {
    "en": (r"\bfood", r"\bask\b[^.]*\bbefore\b[^.]*\bsupplement|\bbefore\b[^.]*\bsupplement[^.]*\bask\b"),
    "es": (
        r"\b(comida|alimentos?|comer)\b",
        r"\bpregunte\b[^.]*\bantes\b[^.]*\bsuplemento|\bantes\b[^.]*\bsuplemento[^.]*\bpregunte\b",
    ),
}


@every_language
@pytest.mark.parametrize("action", ["get-calcium-from-food", "ask-about-vitamin-d"])
def test_calcium_and_vitamin_d_are_food_first_and_ask_before_supplements(language: str, action: str) -> None:
    found = SPOKEN[language].action_of[action]
    text = " ".join((found.title, *found.how, found.why))
    for law in FOOD[language]:
        assert re.search(law, text, re.I), text


# Reading: a measure and a limit a language ----------------------------------------------------------------------------------

# US grade 6 or below by Flesch-Kincaid; in Spanish 65 or more on the INFLESZ scale of Szigriszt-Pazos, "fairly easy"
# (Barrio-Cantalejo et al., An Sist Sanit Navar 2008;31:135), the level of popular magazines.
READABLE = {
    "en": ("en_US", lambda text: textstat.flesch_kincaid_grade(text) <= 6),
    "es": ("es", lambda text: textstat.szigriszt_pazos(text) >= 65),
}
FEW_WORDS = {"en": 0, "es": 12}  # the Spanish scale swings wildly below a dozen words
BLOCKS = [(language, block, text) for language, known in SPOKEN.items() for block, text in blocks(known).items()]


@pytest.fixture
def readable():
    """Whether a text reads well enough in a language."""

    def judge(language: str, text: str) -> bool:
        dictionary, measure = READABLE[language]
        textstat.set_lang(dictionary)
        return len(text.split()) <= FEW_WORDS[language] or measure(text)

    yield judge
    textstat.set_lang("en_US")


@pytest.mark.parametrize(("language", "block", "text"), BLOCKS, ids=[f"{each[0]} {each[1]}" for each in BLOCKS])
def test_a_block_is_easy_to_read(readable, language: str, block: str, text: str) -> None:
    assert readable(language, text), text


def test_the_measures_would_notice(readable) -> None:
    assert not readable(
        "en", "Osteoporotic vertebral compression fractures necessitate multidisciplinary rehabilitation interventions."
    )
    assert not readable(
        "es",
        "Las fracturas vertebrales osteoporóticas requieren intervenciones multidisciplinarias de rehabilitación "
        "funcional especializada y seguimiento densitométrico periódico.",
    )


@pytest.mark.parametrize("fact", SHIPPED.question_of)
def test_a_question_alone_reads_within_grade_6(fact: str) -> None:
    question = SHIPPED.question_of[fact]
    for ask in (question.ask, question.ask_other):
        assert textstat.flesch_kincaid_grade(ask) < 7, ask


@every_language
def test_no_sentence_is_longer_than_20_words(language: str) -> None:
    long = [
        (place, sentence)
        for place, text in read(language)
        for sentence in sentences(text)
        if len(sentence.split()) > 20
    ]
    assert long == []


# Hard words: each is in the glossary, or plain enough for everybody -----------------------------------------------------------

EVERYDAY = set(
    [
        "activity",
        "alcohol",
        "alcoholic",
        "another",
        "attention",
        "carrying",
        "cereal",
        "cigarettes",
        "company",
        "computer",
        "condition",
        "conditions",
        "confusion",
        "delivered",
        "department",
        "double-sided",
        "earlier",
        "easier",
        "easiest",
        "easily",
        "electrician",
        "emergency",
        "everyone",
        "everything",
        "example",
        "examples",
        "exercise",
        "exercises",
        "families",
        "family",
        "furniture",
        "gardening",
        "heel-to-toe",
        "history",
        "hospital",
        "illnesses",
        "important",
        "infection",
        "internet",
        "memory",
        "nobody",
        "operation",
        "operations",
        "optician",
        "periods",
        "pharmacist",
        "position",
        "procedures",
        "recovery",
        "relative",
        "remember",
        "several",
        "shoveling",
        "suddenly",
        "therapist",
        "together",
        "underfoot",
        "visitor",
        "vomiting",
        "injection",
        "telephone",
        "average",
        "meters",
        "regular",
        "video",
        "area",
        "radio",
        "animal",
        "idea",
        "potatoes",
    ]
)
SHORT = 3  # syllables at which a word begins to be a hard one


def hard_words(known: Definitions) -> set[str]:
    """Long words of the checklists that are neither everyday ones nor in the glossary; cites and effects left out."""
    hard = set()
    for place, text in definition_texts(known):
        if place.endswith(("effect", "rule_says")) or place.startswith(("regions.", "glossary.")):
            continue
        explained = text
        for term in known.glossary.terms:
            explained = term.pattern.sub(" ", explained)
        for word in re.findall(r"[A-Za-z][A-Za-z'’-]+", explained):
            if textstat.syllable_count(word) >= SHORT and word.lower() not in EVERYDAY:
                hard.add(word.lower())
    return hard


def test_every_hard_word_is_explained() -> None:
    assert hard_words(SHIPPED) - MEDICINES == set()


# Brand and drug names stand as examples beside the word that explains them.
MEDICINES = {"acetaminophen", "paracetamol", "calcitonin", "lixiana", "brilinta", "ticagrelor", "plavix"}


def test_at_most_forty_words_are_unavoidable() -> None:
    assert 20 <= len(SHIPPED.glossary.terms) <= 40


@every_language
def test_every_word_of_the_glossary_comes_up(language: str) -> None:
    known = SPOKEN[language]
    texts = [text for place, text in definition_texts(known) if not place.startswith("glossary.")]

    assert known.glossary.found_in(texts) == known.glossary.terms


@pytest.mark.parametrize("language", [each for each in SPOKEN if each != "en"])
def test_what_is_explained_in_one_language_is_explained_in_the_other(language: str) -> None:
    """Block by block: the same hard words are found, whatever sentence of it they stand in."""
    own, other = SHIPPED, SPOKEN[language]
    lost = {}
    for block, text in blocks(own).items():
        found = {term.id for term in own.glossary.found_in([text])}
        told = {term.id for term in other.glossary.found_in([blocks_of[language][block]])}
        if missing := found - told:
            lost[block] = missing
    assert {block: missing for block, missing in lost.items() if missing - PLAINLY} == {}


PLAINLY = {"clinician"}  # the Spanish says "doctor o terapeuta" instead
blocks_of = {language: blocks(known) for language, known in SPOKEN.items()}


@every_language
def test_the_interface_is_short_and_plain_too(readable, language: str) -> None:
    long = [text for _, text in interface(language) if len(text.split()) > 12 and "%(" not in text]
    hard = [text for text in long if not readable(language, text)]
    assert hard == []
