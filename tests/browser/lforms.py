"""LHC-Forms of the US National Library of Medicine, in a browser: shows a Questionnaire and lets it be filled in."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from playwright.sync_api import Page

from tests.fhir_judge import JUDGES

FOLDER = JUDGES / "node_modules" / "lforms" / "dist" / "lforms"
SCRIPTS = (
    "webcomponent/assets/lib/zone.min.js",
    "webcomponent/runtime.js",
    "webcomponent/polyfills.js",
    "webcomponent/main.js",
    "fhir/R4/lformsFHIR.min.js",
)
CONVERT = """(forms) => {
    window.asked = Object.fromEntries(forms.map((form) => [
        `${form.url}|${form.version}`,
        JSON.stringify(LForms.Util.convertFHIRQuestionnaireToLForms(form, "R4")),
    ]));
}"""
TAKE_IN = """(responses) => responses.map((response) => {
    const asked = JSON.parse(window.asked[response.questionnaire]);
    const filled = LForms.Util.mergeFHIRDataIntoLForms("QuestionnaireResponse", response, asked, "R4");
    return LForms.Util.getFormFHIRData("QuestionnaireResponse", "R4", filled);
})"""
SHOW = """async (form) => {
    await LForms.Util.addFormToPage(form, "form", {fhirVersion: "R4"});
    return document.getElementById("form").innerText;
}"""
# Each answer by a click or by typing, as soon as its question is there; what only a mouse could do is not used.
FILL = """async (answers) => {
    const until = async (find) => {
        for (let n = 0; n < 200; n++) {
            const found = find();
            if (found) return found;
            await new Promise((go) => setTimeout(go, 10));
        }
        return null;
    };
    for (const [linkId, value] of answers) {
        const of = (kind, end) => [...document.querySelectorAll(kind)].find(
            (each) => each.id.startsWith(linkId + "/") && each.id.endsWith(end));
        if (typeof value === "number") {
            const box = await until(() => of("input", ""));
            if (!box) return linkId;
            box.focus();
            box.value = String(value);
            for (const kind of ["input", "change", "blur"]) box.dispatchEvent(new Event(kind, {bubbles: true}));
        } else {
            const label = await until(() => of("label", `|${value}`));
            if (!label) return `${linkId}: ${value}`;
            label.querySelector("input").click();
        }
    }
    const read = () => LForms.Util.getFormFHIRData("QuestionnaireResponse", "R4");
    if (!document.querySelector('[id^="points-so-far/"]')) return read();
    const same = () => JSON.stringify({...read(), authored: ""});
    for (let before = "", now = same(); before !== now; before = now, now = same()) {
        await new Promise((go) => setTimeout(go, 150)); // the sum is made a little after the last change
    }
    return read();
}"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@contextmanager
def form_page(page: Page) -> Iterator["Forms"]:
    """A page on which forms can be shown, one after another."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(FOLDER)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_port}"
        scripts = "".join(f'<script src="{each}"></script>' for each in SCRIPTS)
        body = f'<!doctype html><meta charset="utf-8"><div id="form"></div>{scripts}'
        page.route(f"{address}/", lambda route: route.fulfill(body=body, content_type="text/html"))
        page.goto(f"{address}/")
        page.wait_for_function("window.LForms && LForms.FHIR")
        yield Forms(page)
    finally:
        server.shutdown()
        server.server_close()


class Forms:
    """What can be done with a form."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def show(self, questionnaire: Mapping[str, Any]) -> str:
        """All that is read on it."""
        text: str = self.page.evaluate(SHOW, questionnaire)
        return text

    def fill(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The response, when every answer was given."""
        flat = [
            [link_id, each]
            for link_id, answer in answers.items()
            for each in (answer if isinstance(answer, list) else [answer])
        ]
        made = self.page.evaluate(FILL, flat)
        assert isinstance(made, dict), f"cannot be answered: {made}"
        return made

    def convert(self, questionnaires: Sequence[Mapping[str, Any]]) -> None:
        """Makes its own forms of these, for what is taken in."""
        self.page.evaluate(CONVERT, questionnaires)

    def take_in(self, responses: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Responses, as they come out again of the forms that took them in."""
        made: list[dict[str, Any]] = self.page.evaluate(TAKE_IN, responses)
        return made
