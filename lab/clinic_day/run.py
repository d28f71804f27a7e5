"""./run clinic-day [FIRST NAME …]: a clinic is set up by the README, twelve people come, and their day is printed.

Three answer on the tablet, three on their own phone by the square on the screen, three on paper that staff type in, and
three do not come. Every page for staff is looked over by axe, the list is asked where each person is, and what the day
costs staff is counted. Pictures of all pages and of each page of paper go into instance/clinic-day/, to be looked at.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

import pyotp
from pypdf import PdfReader

from lab.bench.phone import open_browser
from lab.clinic_day.answering import answer_on, type_in
from lab.clinic_day.browsers import LAPTOP, PHONE, TABLET, StaffBrowser, new_browser
from lab.clinic_day.people import COMERS, Comer
from lab.clinic_day.square import read
from tests.browser.conftest import serving

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "instance" / "clinic-day"
PASSWORDS = {"Ana": "ladder river candle moss", "Rita": "pepper window stone lake", "Carl": "garden copper violet sand"}
CLINIC = "Hill Street Clinic"
STATES = ("not-started", "answering", "speak-first", "ready", "being-printed", "printed")


class ClinicDay:
    """The clinic and who works there: Ana is its manager, Rita sits at reception, Carl is a clinician."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self.data = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self.url = stack.enter_context(serving(self.data))
        self.chromium = stack.enter_context(open_browser())
        self.folder = folder
        self.commands = 1  # ./run serve
        self.shapes: dict[str, str] = {}
        self.files: dict[str, bytes] = {}
        self.manager = self.browser("manager", LAPTOP)
        self.reception = self.browser("reception", LAPTOP)
        self.tablet = self.browser("tablet", TABLET)
        self.clinician = self.browser("clinician", LAPTOP)

    def browser(self, name: str, size: tuple[int, int]) -> StaffBrowser:
        return new_browser(self.chromium, self.url, name, size, self.folder)

    def flask(self, *command: str) -> str:
        """A command of the README; what it prints."""
        self.commands += 1
        places = dict.fromkeys(("FIRM_FOOTING_DATA", "FIRM_FOOTING_KEYS"), str(self.data))
        run = [sys.executable, "-m", "flask", "--app", str(ROOT / "app.py"), *command]
        return subprocess.run(run, env={**os.environ, **places}, capture_output=True, text=True, check=True).stdout

    # ---- Setting up

    def set_up(self) -> None:
        with self.manager.busy_with("set up"):
            self.flask("clinic", "create", "--name", CLINIC, "--phone", "555 0100", "--zone", "America/Los_Angeles")
            added = ("staff", "add", "--name", "ana@example.org", "--called", "Ana Ruiz", "--role", "manager")
            link = re.findall(r"http\S+", self.flask(*added, "--address", self.url))[0]
            self.choose_password(self.manager, link, "Ana")
            self.manager.page.click("summary")
            letters = self.manager.page.inner_text(".letters").replace(" ", "")
            self.manager.fill({"code": pyotp.TOTP(letters).now()})
            self.manager.press("Go on")
            self.manager.follow("They are written down")
            self.manager.follow("The clinic")
            self.manager.fill({"address": "1 Hill Street, Fresno", "keeps_names": "yes"})
            self.manager.press("Save")
            for called, role in (("Rita Vega", "reception"), ("Carl Ode", "clinician")):
                self.add_staff(called, role)

    def add_staff(self, called: str, role: str) -> None:
        self.manager.open("/clinic/staff")
        self.manager.follow("Add somebody")
        first = called.split()[0]
        self.manager.fill({"name": f"{first.lower()}@example.org", "shown": called, "role": role})
        self.manager.press("Add them and make a link")
        link = self.manager.page.inner_text(".once").strip()
        for each in (self.reception, self.tablet) if role == "reception" else (self.clinician,):
            with each.busy_with("first sign-in"):
                if each is self.tablet:
                    self.sign_in(each, first)
                else:
                    self.choose_password(each, link, first)

    def choose_password(self, who: StaffBrowser, link: str, first: str) -> None:
        who.open(link)
        who.fill({"password": PASSWORDS[first]})
        who.press("Keep it and go on")

    def sign_in(self, who: StaffBrowser, first: str) -> None:
        who.open("/clinic/sign-in")
        who.fill({"name": f"{first.lower()}@example.org", "password": PASSWORDS[first]})
        who.press("Sign in")

    # ---- The list

    def put_on_list(self) -> None:
        for comer in COMERS:
            with self.reception.busy_with("the list"):
                self.reception.open("/clinic/today")
                self.reception.follow("Add a person")
                self.reception.fill({"name": comer.name, "time": comer.time})
                if comer.language != "en":
                    self.reception.fill({"language": comer.language})
                self.reception.press("Falls and bones" if comer.lists == "falls-bone" else "Falls")

    def expect(self, comer: Comer, state: str, word: str) -> None:
        """Where the list says that somebody is: one word and one shape for each state."""
        self.reception.open("/clinic/today")
        found = self.reception.rows()[comer.name]
        assert (found.state, found.word.startswith(word)) == (state, True), f"{comer.name}: {found}, not {word}"
        assert self.shapes.setdefault(state, found.shape) == found.shape, f"{state} has two shapes"
        assert len(set(self.shapes.values())) == len(self.shapes), "two states have one shape"

    def open_person(self, who: StaffBrowser, comer: Comer) -> None:
        who.open("/clinic/today")
        who.taps[who.about] += 1
        with who.page.expect_navigation():
            who.page.locator("tr", has=who.page.get_by_text(comer.name)).get_by_role("link").click()
        who.look()

    # ---- Answering

    def hand_out_blanks(self) -> None:
        on_paper = [each for each in COMERS if each.how == "paper"]
        codes = []
        with self.reception.busy_with("blank checklists"):
            for comer in on_paper:
                self.open_person(self.reception, comer)
                codes += re.findall(r"^[A-Z0-9]{6}", self.reception.page.inner_text(".lead"))
            self.reception.open("/clinic/print")
            self.reception.fill({"who": "codes", "codes": "\n".join(codes)})
            self.reception.press("Print")
            self.files["blanks"] = self.wait_for_file(self.reception)

    def on_tablet(self, comer: Comer) -> None:
        with self.tablet.busy_with(comer.name):
            self.open_person(self.tablet, comer)
            self.tablet.press("Hand over this tablet")
            self.tablet.picture(f"handed-to-{comer.name.split()[0]}")
        self.expect(comer, "not-started", "Not started")
        page = self.tablet.page
        with self.tablet.busy_with(f"{comer.name} alone"):
            answer_on(self.tablet, comer, ("/tablet/rest",))
            self.tablet.picture("rest")
            for leave in (page.go_back, page.reload, page.go_back):
                leave()
                assert page.inner_text("h1") in ("Thank you", "Gracias"), f"{page.url} shows {page.inner_text('h1')}"
                assert comer.name.split()[0] not in page.inner_text("body")
        with self.tablet.busy_with(comer.name):
            self.tablet.open("/clinic/today")
            assert self.tablet.phone.path == "/clinic/locked"
            self.tablet.fill({"password": PASSWORDS["Rita"]})
            self.tablet.press("Go on" if self.tablet.phone.language() == "en" else "Seguir")
        self.expect(comer, "speak-first", "Speak first") if comer.sign else self.expect(
            comer, "ready", "Ready to print"
        )

    def on_phone(self, comer: Comer) -> None:
        with self.reception.busy_with(comer.name):
            self.open_person(self.reception, comer)
            self.reception.press("On their own phone")
            address = read(self.reception.page.locator(".square svg").evaluate("each => each.outerHTML"))
        phone = self.browser(f"phone-{comer.name.split()[0]}", PHONE)
        with phone.busy_with(f"{comer.name} alone"):
            phone.open(address)
            with phone.page.expect_navigation():
                phone.page.click("#page-form .button.go")
            phone.picture("first")
            answer_on(phone, comer, ("/plan",))
            phone.picture("plan")
        phone.phone.context.close()
        self.expect(comer, "ready", "Ready to print")

    def on_paper(self, comer: Comer) -> None:
        with self.reception.busy_with(comer.name):
            self.open_person(self.reception, comer)
            type_in(self.reception, comer)
        self.expect(comer, "ready", "Ready to print")

    def measure(self, comer: Comer) -> None:
        """Timers, with a clock that goes by itself."""
        who = self.clinician
        with who.busy_with(f"tests with {comer.name}"):
            self.open_person(who, comer)
            who.page.clock.install()
            who.follow("Measure")
            for each, seconds in (("tug-seconds", 14.2), ("tandem-seconds", 6.4), ("gait-seconds", 5.6)):
                button = who.page.locator(f"[data-field={each}] button").first
                button.click()
                who.page.clock.run_for(int(seconds * 1000))
                button.click()
                who.taps[who.about] += 2
            who.page.locator("[data-field=chair-stands] button").first.click()
            for _ in range(8):
                who.page.locator("[data-field=chair-stands] .tap").click()
            who.page.clock.run_for(30_500)
            who.taps[who.about] += 9
            pressures = ("lying-high", "lying-low", "min1-high", "min1-low", "min3-high", "min3-low")
            who.fill(dict(zip(pressures, ("148", "82", "122", "70", "130", "76"), strict=True)))
            who.picture("measures-filled")
            who.press("Save")
            who.picture("after-measures")

    # ---- Paper

    def wait_for_file(self, who: StaffBrowser) -> bytes:
        for _ in range(180):
            who.open("/clinic/print/files")
            if "Ready:" in who.page.locator("div.group").first.inner_text():
                return who.file("Open the file")
            time.sleep(1)
        raise RuntimeError("no file came of it")

    def print_day(self, come: list[Comer]) -> None:
        who = self.clinician
        with who.busy_with("print the day"):
            who.open("/clinic/today")
            who.follow("Print the day")
            who.fill({"also": "clinician"})
            who.picture("print-the-day")
            who.press("Print")
            self.files["day"] = self.wait_for_file(who)
        for comer in come:
            self.expect(comer, *_after_printing(comer))

    def speak_and_print(self, comer: Comer) -> None:
        with self.clinician.busy_with(f"speaking with {comer.name}"):
            self.open_person(self.clinician, comer)
            self.clinician.picture("speak-first")
            self.clinician.press("I have spoken with them")
            self.expect(comer, "ready", "Ready to print")
            self.files[f"plan-{comer.name.split()[0]}"] = self.clinician.file("Print the plan")
        self.expect(comer, "printed", "Printed")


def main() -> int:
    """Walks the day, all of it or only with some of those who come; what is not as it should be is a traceback."""
    names = set(sys.argv[1:])
    come = [each for each in COMERS if not names or each.name.split()[0] in names]
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with ExitStack() as stack:
        began, day = time.monotonic(), ClinicDay(stack, FOLDER)
        day.set_up()
        print(f"set up: {day.commands} commands, {time.monotonic() - began:.0f} s of a machine", flush=True)
        day.put_on_list()
        day.hand_out_blanks()
        for comer in come:
            {"tablet": day.on_tablet, "phone": day.on_phone, "paper": day.on_paper}.get(comer.how, _stays_away)(comer)
            print(f"  {comer.name}: {comer.how}", flush=True)
        day.measure(next(each for each in come if each.how != "not at all" and not each.sign))
        day.print_day(come)
        for comer in (each for each in come if each.sign):
            day.speak_and_print(comer)
        _tell(day)
    return 0


def _after_printing(comer: Comer) -> tuple[str, str]:
    if comer.how == "not at all":
        return "not-started", "Not started"
    return ("speak-first", "Speak first") if comer.sign else ("printed", "Printed")


def _stays_away(comer: Comer) -> None:
    del comer


def _tell(day: ClinicDay) -> None:
    for name, content in day.files.items():
        path = FOLDER / f"{name}.pdf"
        path.write_bytes(content)
        subprocess.run(["pdftoppm", "-r", "60", "-png", str(path), str(FOLDER / name)], check=True)
        print(f"{path.name}: {len(PdfReader(io.BytesIO(content)).pages)} pages")
    for who in (day.manager, day.reception, day.tablet, day.clinician):
        for whom in dict.fromkeys([*who.pages, *who.taps]):
            print(f"  {who.name:10} {whom:34} {who.taps[whom]:4} taps {who.pages[whom]:4} pages")


if __name__ == "__main__":
    sys.exit(main())
