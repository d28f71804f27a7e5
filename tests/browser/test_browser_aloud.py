"""Reading aloud, with a voice that notes what it is told instead of speaking."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from checklists import Definitions
from tests.browser.phone import Phone
from tests.browser.seeds import MODERATE, Seeds

VOICES = [
    {"name": "of a company, in English", "lang": "en-US", "localService": False},
    {"name": "of the phone, in English", "lang": "en-US", "localService": True},
    {"name": "of the phone, in Spanish", "lang": "es-US", "localService": True},
]
ONLY_REMOTE = VOICES[:1]
# A voice that takes 5 ms for each block, or holds one for ever; told = [words, language, rate, voice, block shown].
STUB = """voices => {
  window.told = []; window.holdAt = null; window.offered = voices;
  const heard = [];
  let now = null;
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text } };
  Object.defineProperty(window, 'speechSynthesis', { value: {
    getVoices: () => window.offered,
    addEventListener: (kind, listener) => heard.push(listener),
    speak(told) {
      now = told;
      const shown = [...document.querySelectorAll('[data-reading]')].map(e => e.innerText.replace(/\\s+/g, ' ').trim());
      window.told.push([told.text, told.lang, told.rate, told.voice.name, shown]);
      if (window.told.length !== window.holdAt) setTimeout(() => told.onend(), 5);
    },
    cancel() { const cut = now; now = null; if (cut) setTimeout(() => cut.onerror({error: 'canceled'}), 0) },
  } });
  window.offer = more => { window.offered = more; heard.forEach(each => each()) };
}"""
BUTTON = '[data-module="read-aloud"]'
QUESTION = "/falls/holds-furniture"


@pytest.fixture
def phone(own_phone: Phone) -> Phone:
    """Its own: the voices that a test gives it are of the whole browser."""
    return own_phone


def speaking(phone: Phone, voices: list[dict[str, Any]]) -> Phone:
    """This phone, whose pages find these voices."""
    phone.context.add_init_script(f"({STUB})({voices!r})".replace("False", "false").replace("True", "true"))
    return phone


def spoken(page: Page) -> list[list[Any]]:
    return page.evaluate("() => window.told")


def read_to_the_end(phone: Phone) -> list[str]:
    """Presses the button and waits until it offers to read again; the words that were told."""
    button = phone.page.locator(BUTTON)
    start = button.inner_text()
    button.click()
    phone.page.wait_for_function(
        "start => window.told.length && document.querySelector('[data-module=read-aloud]').innerText === start",
        arg=start,
    )
    return [each[0] for each in spoken(phone.page)]


@pytest.fixture
def asked(phone: Phone, seeds: Seeds) -> Callable[..., Phone]:
    """A phone with a question open, and these voices."""

    def open_page(voices: list[dict[str, Any]], path: str = QUESTION) -> Phone:
        seeds.sow(speaking(phone, voices), seeds.person(MODERATE, signs=[]))
        phone.open(path)
        return phone

    return open_page


def test_given_a_voice_when_a_question_is_read_then_question_help_and_answers_come_in_order(
    asked: Callable[..., Phone], definitions: Definitions
) -> None:
    words = read_to_the_end(asked(VOICES))
    question = next(each for each in definitions.questions["falls"] if each.link_id == "holds-furniture")
    places = [words.index(each) for each in (question.ask, "Yes your answer", "No", "Not sure")]
    assert places == sorted(places)
    assert len(words) == len(set(words)), "nothing is read twice"
    if question.help:
        assert any(question.help in each for each in words)
    assert any(question.why in each for each in words), "what is folded away is read too"


def test_given_a_plan_when_it_is_read_then_of_the_rest_only_the_titles_are(
    asked: Callable[..., Phone], seeds: Seeds
) -> None:
    phone = asked(VOICES)
    phone.open("/see-my-plan")
    phone.press("save")
    phone.open("/plan")
    words = read_to_the_end(phone)
    assert words.index("Next step") < words.index("The rest, room by room") < words.index("The bedroom 1 step")
    inside = phone.page.locator(".place article h3").first.text_content()
    assert inside not in words
    assert phone.page.locator(".place[open]").count() == 0


def test_given_a_voice_when_it_reads_then_it_is_slow_and_its_own_and_the_page_shows_which_words(
    asked: Callable[..., Phone],
) -> None:
    phone = asked(VOICES)
    read_to_the_end(phone)
    for words, language, rate, voice, shown in spoken(phone.page):
        assert (language, voice) == ("en-US", "of the phone, in English"), "never a voice that sends words away"
        assert rate < 1
        assert shown == [words]
    assert phone.page.locator("[data-reading]").count() == 0
    assert phone.page.locator("main details[open]").count() == 0, "what it opened it closes"


def test_given_a_page_that_is_read_when_the_button_is_pressed_again_then_it_falls_silent(
    asked: Callable[..., Phone],
) -> None:
    phone = asked(VOICES)
    phone.page.evaluate("() => { window.holdAt = 2 }")
    button = phone.page.locator(BUTTON)
    button.click()
    phone.page.wait_for_function("() => window.told.length === 2")
    assert button.inner_text() == "Stop reading"
    phone.check_with_axe()
    button.click()
    assert button.inner_text() == "Read aloud"
    phone.page.wait_for_timeout(100)
    assert len(spoken(phone.page)) == 2
    assert phone.page.locator("[data-reading]").count() == 0
    phone.page.evaluate("() => { window.told = []; window.holdAt = null }")
    assert read_to_the_end(phone)[0], "and it reads from the top again"


def test_given_a_page_in_spanish_when_it_is_read_then_the_voice_is_spanish(asked: Callable[..., Phone]) -> None:
    phone = asked(VOICES)
    phone.touch("Español")
    words = read_to_the_end(phone)
    assert {each[1] for each in spoken(phone.page)} == {"es-US"}
    answers = phone.page.locator(".reply > span:first-child").all_inner_texts()
    assert answers[:2] == ["Sí", "No"]
    assert [each for each in answers if any(said.startswith(each) for said in words)] == answers


@pytest.mark.parametrize("voices", [[], ONLY_REMOTE, VOICES[2:]], ids=["none", "only a company's", "only Spanish"])
def test_given_no_voice_of_its_own_when_it_should_read_then_the_page_says_so(
    asked: Callable[..., Phone], voices: list[dict[str, Any]]
) -> None:
    phone = asked(voices)
    phone.page.locator(BUTTON).click()
    says = phone.page.locator("#read-aloud-says")
    says.wait_for()
    assert says.inner_text() == "This phone has no voice of its own for this language, so it cannot read to you."
    assert spoken(phone.page) == []
    phone.check_with_axe()


def test_given_a_phone_that_cannot_speak_when_it_should_read_then_the_page_says_so(phone: Phone, seeds: Seeds) -> None:
    phone.context.add_init_script("delete Window.prototype.speechSynthesis; delete window.speechSynthesis")
    seeds.sow(phone, seeds.person(signs=[]))
    phone.open(QUESTION)
    assert phone.page.evaluate("() => typeof window.speechSynthesis") == "undefined"
    phone.page.locator(BUTTON).click()
    phone.page.locator("#read-aloud-says").wait_for()


def test_given_voices_that_come_late_when_it_should_read_then_it_waits_for_them(asked: Callable[..., Phone]) -> None:
    phone = asked([])
    phone.page.locator(BUTTON).click()
    phone.page.evaluate("voices => window.offer(voices)", VOICES)
    phone.page.wait_for_function("() => window.told.length > 3")


def test_given_two_taps_while_voices_come_late_then_nobody_reads_and_the_third_starts_one(
    asked: Callable[..., Phone],
) -> None:
    phone = asked([])
    button = phone.page.locator(BUTTON)
    button.click()
    assert button.inner_text() == "Stop reading"
    button.click()
    assert button.inner_text() == "Read aloud"
    phone.page.evaluate("voices => window.offer(voices)", VOICES)
    phone.page.wait_for_timeout(100)
    assert spoken(phone.page) == []
    words = read_to_the_end(phone)
    assert len(words) == len(set(words)), "one reader, each word once"


def voice(name: str, lang: str, *, default: bool = False, uri: str = "") -> dict[str, Any]:
    return {"name": name, "lang": lang, "localService": True, "default": default, "voiceURI": uri or name}


MAC = [
    voice("Albert", "en-US", uri="com.apple.speech.synthesis.voice.Albert"),
    voice("Malas noticias", "en-US", uri="com.apple.speech.synthesis.voice.BadNews"),
    voice("Karen", "en-AU", uri="com.apple.voice.compact.en-AU.Karen"),
    voice("Eddy (English (United States))", "en-US", uri="com.apple.eloquence.en-US.Eddy"),
    voice("Mónica", "es-ES", uri="com.apple.voice.compact.es-ES.Monica"),
    voice("Paulina", "es-MX", uri="com.apple.voice.compact.es-MX.Paulina"),
    voice("Samantha", "en-US", uri="com.apple.voice.compact.en-US.Samantha"),
]
IPHONE = [{**each, "default": True} for each in MAC]  # Safari calls every voice the default
ANDROID = [
    voice("English Australia", "en_AU"),
    voice("Estonian Estonia", "est_EST"),
    voice("English United States", "en_US", default=True),
    voice("Spanish Spain", "es_ES"),
    voice("Spanish United States", "es_US"),
]
SAMSUNG = [
    voice("eesti", "est-EST"),
    voice("English (AU)", "eng-AUS"),
    voice("English (US)", "eng-USA"),
    voice("español", "spa-ESP"),
]


CHOSEN = [
    # the phone's voices, its languages, the page's, who reads
    (MAC, ["en-US"], "en", "Samantha"),
    (MAC, ["es-MX", "en-US"], "es", "Paulina"),
    (MAC[:3], ["en-US"], "en", "Karen"),
    (MAC[:2], ["en-US"], "en", None),  # nobody is read to by a joke
    ([*MAC, voice("Daniel", "en-GB", default=True)], ["en-US"], "en", "Daniel"),  # the person's own choice
    (IPHONE, ["en-US"], "en", "Samantha"),
    (IPHONE, ["en-US", "es-MX"], "es", "Paulina"),
    (ANDROID, ["en-US"], "en", "English United States"),
    (ANDROID, ["en-US"], "es", "Spanish United States"),
    (ANDROID[:2], ["es-ES"], "es", None),  # Estonian is no Spanish
    (SAMSUNG, ["en-US"], "en", "English (US)"),
    (SAMSUNG, ["es-ES"], "es", "español"),
]
# What the button reads with, on a phone with these voices and languages.
WHO_READS = """([voices, languages, lang]) => new Promise(done => {
  Object.defineProperty(navigator, 'languages', {value: languages, configurable: true});
  document.documentElement.lang = lang;
  window.offered = voices; window.told = []; window.holdAt = 1;
  const says = document.querySelector('#read-aloud-says'), button = document.querySelector('[data-module=read-aloud]');
  says.hidden = true;
  button.click();
  const look = setInterval(() => {
    if (says.hidden && !window.told.length) return;
    clearInterval(look);
    if (says.hidden) button.click();
    done(says.hidden ? window.told[0][3] : null);
  }, 10);
})"""


def test_given_the_voices_of_real_phones_then_the_one_of_the_person_reads(phone: Phone) -> None:
    speaking(phone, []).open("/")
    phone.page.locator(f"{BUTTON}[data-ready]").wait_for()
    found = [phone.page.evaluate(WHO_READS, [voices, languages, lang]) for voices, languages, lang, _ in CHOSEN]
    assert found == [reads for *_, reads in CHOSEN]


@pytest.mark.parametrize("path", ["/plan", "/results", "/home/bathroom", "/warning-signs/mind"])
def test_given_a_long_page_when_it_is_read_then_every_word_that_is_seen_is_told_once(
    asked: Callable[..., Phone], path: str
) -> None:
    phone = asked(VOICES, "/see-my-plan")
    phone.press("save")
    phone.open(path)
    phone.page.locator("main details").evaluate_all("all => all.forEach(each => { each.open = true })")
    seen = phone.page.evaluate(WORDS_SEEN)
    spoken = " ".join(read_to_the_end(phone)).split()
    assert sorted(spoken) == sorted(seen)


# The words of the main part, each where a person sees it: what only a screen reader is told is left out.
WORDS_SEEN = """() => {
  const all = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  const words = [];
  while (all.nextNode()) {
    const place = all.currentNode.parentElement;
    if (place.checkVisibility() && !place.closest('.unseen, svg'))
      words.push(...all.currentNode.data.trim().split(/\\s+/).filter(Boolean));
  }
  return words;
}"""


def test_given_no_javascript_when_a_page_is_shown_then_no_button_offers_what_cannot_be_done(
    phone_without_javascript: Phone,
) -> None:
    phone = phone_without_javascript
    phone.begin()
    assert phone.page.locator(BUTTON).count() == 1
    assert not phone.page.locator(BUTTON).is_visible()
