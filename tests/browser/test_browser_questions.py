"""One tap a question: what is seen at once on a phone, and what a slip of the finger leaves."""

import re
from itertools import product

import pytest

from checklists import Definitions
from reports.words.questions import answers_of
from reports.words.words import words
from tests.browser.phone import Phone
from tests.browser.seeds import Seeds

AFTER = "/falls/holds-furniture?after=falls.unsteady-walking"
MOST_ANSWERS = {844: 4, 568: 3}
"""By the height of a phone: of more, each 72 px high, it cannot show all at once under a long question."""
# Puts the words of other questions in the place of those of this page, and tells of which an answer is not seen at once.
FIT = """texts => {
  const main = document.querySelector('main'), answers = [...main.querySelectorAll('.reply')];
  const list = main.querySelector('.replies'), words = main.querySelector('.answered > span');
  const shown = [];
  for (const { said, ask, labels } of texts) {
    words.textContent = said;
    main.querySelector('h1').textContent = ask;
    main.querySelector('.first-screen').classList.toggle('long', ask.length > 60);
    list.replaceChildren(...labels.map((label, i) => {
      const button = answers[Math.min(i, 1)].cloneNode(true);
      button.querySelector('span').textContent = label;
      return button;
    }));
    const last = list.lastElementChild.getBoundingClientRect(), back = document.querySelector('.back a').getBoundingClientRect();
    const scene = document.querySelector('.scene').getBoundingClientRect(), h1 = main.querySelector('h1').getBoundingClientRect();
    if (back.top < 0 || last.bottom > innerHeight || scene.bottom > h1.top || scene.height > 250) shown.push([ask, Math.round(last.bottom)]);
  }
  return shown;
}"""


def every_question(definitions: Definitions, language: str, most: int) -> list[dict[str, object]]:
    """Every choice that stands on a page of its own, in the words for self and for helper, after the question before it."""
    said = words(definitions, "us", language)
    found = []
    for subject, helping in product(said.definitions.questions, (False, True)):
        before = ""
        for question in said.definitions.questions[subject] if subject != definitions.rooms.id else ():
            labels = [label for _code, label in answers_of(said, question, helping=helping)]
            if question.answers in ("choice", "yes-no") and not question.help_open and len(labels) <= most:
                ask = question.ask_other if helping else question.ask
                found.append({"said": before, "ask": ask, "labels": labels})
            longest = max((re.sub(r" \(.*\)$", "", each) for each in labels), key=len, default="5 feet 11 inches")
            before = f"{question.name}: {longest}"
    return found


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("width", "height", "size"),
    [(390, 844, "standard"), (390, 844, "larger"), (390, 844, "largest"), (320, 568, "standard")],
)
def test_a_question_its_answers_and_the_way_back_are_seen_at_once(
    phone: Phone, seeds: Seeds, definitions: Definitions, width: int, height: int, size: str, language: str
) -> None:
    draft = seeds.person(signs=[])
    seeds.sow(phone, draft.with_answers("falls", {"unsteady-walking": "no", "holds-furniture": "yes"}))
    phone.page.set_viewport_size({"width": width, "height": height})
    phone.open(AFTER)
    phone.page.evaluate("size => document.documentElement.dataset.text = size", size)
    phone.page.evaluate("language => document.documentElement.lang = language", language)
    texts = every_question(definitions, language, MOST_ANSWERS[height])
    assert len(texts) > 80
    found = phone.page.evaluate(FIT, texts)
    assert found == [], f"{len(found)}: {sorted(found, key=lambda each: -each[1])[:5]}"
