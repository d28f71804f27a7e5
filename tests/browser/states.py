"""Every state that a page can be in, once each: what the tests judge and the contact sheet shows."""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from PIL import Image, ImageDraw

from answers.check_again import Check
from answers.draft import Draft
from answers.photos import Photo
from answers.summary import summary_of
from storage.clinics.people import SUMMARY
from tests.browser.phone import Phone
from tests.browser.seeds import HIGH, LOW, MODERATE, NOT_WALKING, UNCHECKED, Seeds

Reach = Callable[[Phone, Seeds], None]


@dataclass(frozen=True)
class State:
    """A name for people, and the way to reach the page in that state."""

    name: str
    reach: Reach


def _plain(path: str) -> Reach:
    def reach(phone: Phone, seeds: Seeds) -> None:
        del seeds
        phone.open(path)

    return reach


def _at(path: str, changes: dict | None = None, signs: list[str] | None = None, **options: bool | str) -> Reach:
    def reach(phone: Phone, seeds: Seeds) -> None:
        seeds.sow(phone, seeds.person(changes, signs=signs, **options))
        phone.open(path)

    return reach


def _new(path: str) -> Reach:
    def reach(phone: Phone, seeds: Seeds) -> None:
        seeds.sow(phone, replace(seeds.person(), about={}, lists={}))
        phone.open(path)

    return reach


def _asked_back(phone: Phone, seeds: Seeds) -> None:
    _at("/bone/weight-kg")(phone, seeds)
    phone.page.locator("#weight-kg").fill("58")
    phone.press("save")


def _helper(phone: Phone, seeds: Seeds) -> None:
    del seeds
    phone.open("/for-whom")
    phone.page.locator("#answering-helper").check(force=True)
    phone.page.locator("#person_name").fill("Mom")


def _wrong(path: str) -> Reach:
    def reach(phone: Phone, seeds: Seeds) -> None:
        _new(path)(phone, seeds)
        phone.press("save")

    return reach


def _confirming(phone: Phone, seeds: Seeds) -> None:
    """A hand that shakes: marks, then saves."""
    _at("/falls/holds-furniture", MODERATE)(phone, seeds)
    phone.set_saving("confirm")
    phone.open("/falls/holds-furniture")


def _confirming_nothing(phone: Phone, seeds: Seeds) -> None:
    _confirming(phone, seeds)
    seeds.sow(phone, replace(seeds.person(), about={}, lists={}))
    phone.open("/falls/numb-feet")
    phone.press("save")


def _no_sign_ticked(phone: Phone, seeds: Seeds) -> None:
    """The Enter key goes on with what is ticked, and nothing is."""
    _new("/warning-signs/mind")(phone, seeds)
    with phone.page.expect_navigation():
        phone.page.locator("#signs").press("Enter")


def _with_plan(
    phone: Phone, seeds: Seeds, changes: dict = MODERATE, signs: list[str] | None = None, **options: bool | str
) -> str:
    """A record with its plan; that pages make the same is shown by the journeys."""
    record = seeds.sow(phone, seeds.person(changes, signs=signs or [], **options))
    seeds.plan(record)
    return record


def _planned(path: str, changes: dict, signs: list[str] | None = None, **options: bool | str) -> Reach:
    def reach(phone: Phone, seeds: Seeds) -> None:
        _with_plan(phone, seeds, changes, signs, **options)
        phone.open(path)

    return reach


def _needing_help(path: str) -> Reach:
    """Somebody has called about a sign, and the plan waits."""

    def reach(phone: Phone, seeds: Seeds) -> None:
        _at("/warning-signs/now", MODERATE, ["numb-saddle-or-bladder"])(phone, seeds)
        with phone.page.expect_navigation():
            phone.page.locator("button[value=called]").click()
        phone.open("/see-my-plan")
        phone.press("save")
        phone.open(path)

    return reach


def _aside(phone: Phone, seeds: Seeds) -> None:
    """Who cannot walk had answered otherwise before."""
    _at("/about/cannot-walk", MODERATE)(phone, seeds)
    phone.choose("cannot-walk", "yes")


def _ticked(path: str) -> Reach:
    """A plan of which one thing is done, one put off with a note, one not meant, and one was added."""

    def reach(phone: Phone, seeds: Seeds) -> None:
        record = _with_plan(phone, seeds)
        by = {"on": date.today().isoformat(), "by": "self"}
        first = seeds.store.find_latest_submission(record).data["given"]["first"]
        for data in (
            {"action": first[0], "state": "done"},
            {"action": first[1], "state": "later", "note": "Ask Ana on Sunday. She has a drill."},
            {"action": first[2], "state": "not-for-me", "reason": "I rent this room"},
            {"action": f"own-{'0' * 31}1", "title": "Call the landlord about the stairs", "who": "self"},
        ):
            seeds.store.add_tick(record, submit_key=data["action"], data={**data, **by})
        phone.open(path)

    return reach


def _action(phone: Phone, seeds: Seeds) -> None:
    _planned("/plan", MODERATE)(phone, seeds)
    with phone.page.expect_navigation():
        phone.page.locator(".next-step summary").last.click()
        phone.page.locator(".next-step a.change").click()


def _action_wrong(phone: Phone, seeds: Seeds) -> None:
    _action(phone, seeds)
    phone.page.locator("#note").fill("A long note. " * 40)
    phone.press("save")


def _with_link(phone: Phone, seeds: Seeds) -> None:
    _planned("/keep", MODERATE)(phone, seeds)
    with phone.page.expect_navigation():
        phone.page.get_by_role("main").locator("button.go").click()


def _held(phone: Phone, seeds: Seeds) -> None:
    """Two records on one browser, the first with a plan."""
    _planned("/plan", MODERATE)(phone, seeds)
    _at("/this-browser", helping=True)(phone, seeds)


def _leaving(phone: Phone, seeds: Seeds) -> None:
    _held(phone, seeds)
    phone.page.locator("main button").last.click()


def _link(phone: Phone, seeds: Seeds) -> None:
    _with_link(phone, seeds)
    phone.page.goto(str(phone.page.locator(".door-link").get_attribute("href")))


def _no_link(phone: Phone, seeds: Seeds) -> None:
    del seeds
    phone.open("/open/none-of-ours")
    phone.press("save")


def _wrong_code(phone: Phone, seeds: Seeds) -> None:
    del seeds
    phone.open("/code")
    phone.page.locator("#code").fill("ACDEF")
    phone.press("save")


def _erased(phone: Phone, seeds: Seeds) -> None:
    _planned("/erase", MODERATE)(phone, seeds)
    with phone.page.expect_navigation():
        phone.page.get_by_role("main").locator("form button").click()


def _later(path: str, *, checking: bool = False, asked: bool = False) -> Reach:
    """Somebody whose first plan is 150 days old, the second 60, and who fixed a rug and did a step since."""

    def reach(phone: Phone, seeds: Seeds) -> None:
        record = seeds.sow(phone, seeds.person(MODERATE, signs=[]))
        for ago, changed in ((150, HIGH), (60, MODERATE)):
            seeds.plan(record, seeds.person(changed, signs=None), date.today() - timedelta(days=ago))
        done = {"action": "secure-rugs", "state": "done", "on": date.today().isoformat(), "by": "self"}
        seeds.store.add_tick(record, submit_key="rugs", data=done)
        if checking:
            worth = ("about.blood-thinner", "falls.numb-feet", "bone.smokes")
            facts = frozenset(seeds.definitions.question_of) if asked else frozenset[str]()
            check = Check(began=date.today(), worth=worth, asked=facts)
            seeds.change(record, lambda draft: replace(draft, again=check))
        else:
            seeds.change(record, _without_rugs)
            phone.open("/see-my-plan?as=is")
            phone.press("save")
        phone.open(path)

    return reach


def _share_wrong(phone: Phone, seeds: Seeds) -> None:
    _planned("/share", MODERATE)(phone, seeds)
    phone.press("save")


def _shared(*, right: str = "tick", back_to_owner: bool = False, then: str = "") -> Reach:
    """A plan shared with Ana: the page of its owner, or what she sees after a tap on the link."""

    def reach(phone: Phone, seeds: Seeds) -> None:
        _planned("/share", MODERATE)(phone, seeds)
        phone.page.locator("#name").fill("Ana")
        phone.choose("right", right)
        phone.press("save")
        if not back_to_owner:
            phone.page.goto(str(phone.page.locator(".door-link").get_attribute("href")))
            phone.press("save")
        if then:
            phone.open(then if then.startswith("/") else phone.page.url.replace("/plan", f"/{then}"))

    return reach


def _not_shared(phone: Phone, seeds: Seeds) -> None:
    del seeds
    phone.open(f"/shared/{'0' * 32}/plan")


def _without_rugs(draft: Draft) -> Draft:
    return draft.with_answers("home", {"floors-loose-rugs": "no"})


def _half(phone: Phone, seeds: Seeds) -> None:
    draft = seeds.person(signs=[])
    falls = dict(list(draft.answers("falls").items())[:6])
    seeds.sow(phone, replace(draft, lists={"falls": falls, "posture": draft.answers("posture")}))
    phone.open("/checklists")


def _half_reviewed(phone: Phone, seeds: Seeds) -> None:
    _half(phone, seeds)
    phone.open("/review/falls")


def _called(phone: Phone, seeds: Seeds) -> None:
    seeds.sow(phone, seeds.person(signs=["stroke-signs"]).called())
    phone.open("/checklists")


def _walking(phone: Phone, seeds: Seeds) -> None:
    _new("/walk")(phone, seeds)
    phone.page.locator("#walk-begin").click()
    phone.page.locator(".walk-room:visible").wait_for()
    phone.page.locator("#walk-status:not(:empty)").wait_for()


def _waiting(phone: Phone, seeds: Seeds) -> None:
    _walking(phone, seeds)
    phone.page.route("**/walk/answers", lambda route: route.abort())
    phone.choose("outside-uneven-path", "yes")
    phone.page.locator("#walk-status[data-waiting='1']").wait_for()


def _waiting_elsewhere(phone: Phone, seeds: Seeds) -> None:
    _waiting(phone, seeds)
    phone.open("/checklists")
    phone.page.locator("#waiting:visible").wait_for()


def _pictured(path: str, planned: bool = False) -> Reach:
    """A page on which a photo of the slippery tub stands; {photo} in its address is the photo's own."""

    def reach(phone: Phone, seeds: Seeds) -> None:
        record = seeds.sow(phone, seeds.person(MODERATE, signs=[]))
        photo = seeds.store.keep_photo(record, submit_key="a-photo-of-the-tub", picture=picture_of_a_tub())
        seeds.change(record, lambda draft: draft.with_photo("bath-slippery", Photo(id=photo, at=0))[0])
        if planned:
            seeds.plan(record)
        phone.open(path.format(photo=photo))

    return reach


def _typed_wrong(phone: Phone, seeds: Seeds) -> None:
    _at("/enter/bone", MODERATE, [])(phone, seeds)
    phone.page.locator("#weight-kg").fill("heavy")
    phone.page.locator("#tallest-height-cm").fill("4")
    with phone.page.expect_navigation():
        phone.page.locator("#page-form button.go").click()


def picture_of_a_tub() -> bytes:
    """A drawing that stands in for what a camera sees."""
    drawn = Image.new("RGB", (640, 480), "#cfd8d3")
    pen = ImageDraw.Draw(drawn)
    pen.rounded_rectangle((60, 200, 580, 440), 60, fill="#fff", outline="#567", width=6)
    pen.ellipse((440, 60, 520, 140), outline="#567", width=6)
    out = io.BytesIO()
    drawn.save(out, "JPEG")
    return out.getvalue()


TABLE = """label,warning-signs,about.age,about.sex,falls.fell-past-year,falls.fell-twice,falls.numb-feet,bone.smokes
Alma Reyes,none,81,F,yes,no,no,no
Bruno Keller,none,eighty,M,no,yes,maybe,no
Carmen Soto,sudden-back-pain,69,F,no,,no,no
Dora Finch,,,,,,,
Emil Novak,none,72,male,no,,?,yes
"""
COLUMNS = """label,Age,falls.fell-past-yer,falls.numb-feet,Phone
Alma Reyes,81,yes,no,555 0101
Bruno Keller,76,no,no,555 0102
"""


def _at_work(path: str) -> Reach:
    """A page for the staff of a clinic."""

    def reach(phone: Phone, seeds: Seeds) -> None:
        seeds.at_work(phone)
        phone.open(path)

    return reach


def _sent_in(text: str, then: str = "") -> Reach:
    """A table that a clinic has sent in."""

    def reach(phone: Phone, seeds: Seeds) -> None:
        import_id = seeds.table(seeds.at_work(phone), text)
        phone.open(f"/clinic/tables/{import_id}{then}")

    return reach


def _no_table(phone: Phone, seeds: Seeds) -> None:
    _sent_in(TABLE)(phone, seeds)
    phone.open("/clinic/tables")
    phone.page.locator("main summary").click()
    phone.page.locator("#rows").fill("Name, Age")
    with phone.page.expect_navigation():
        phone.page.locator("#page-form button.go").click()


def _table_mended(phone: Phone, seeds: Seeds) -> None:
    """Once: one cell is understood now, another is not."""
    _sent_in(TABLE)(phone, seeds)
    phone.page.locator("#cell-3-2").fill("80")
    phone.press("save")


def _ordering(phone: Phone, seeds: Seeds) -> None:
    clinic = seeds.at_work(phone)
    clinic.add_person(date.today(), {"name": "MH"})
    phone.open("/clinic/print")


def _ordering_wrong(phone: Phone, seeds: Seeds) -> None:
    _ordering(phone, seeds)
    phone.page.locator("#who-codes").check(force=True)
    phone.page.locator("#codes").fill("QQQQQQ")
    with phone.page.expect_navigation():
        phone.page.locator("#page-form button.go").click()


def _files(*jobs: dict[str, Any]) -> Reach:
    """Files to print, each in its state."""

    def reach(phone: Phone, seeds: Seeds) -> None:
        clinic = seeds.at_work(phone)
        for each in jobs:
            seeds.print_job(clinic, **each)
        phone.open("/clinic/print/files")

    return reach


def _of_list(path: str = "", **data: Any) -> Reach:
    """Somebody with a plan on the list of today, on the list or by their own page."""

    def reach(phone: Phone, seeds: Seeds) -> None:
        clinic = seeds.at_work(phone)
        draft = seeds.person(MODERATE)
        record = seeds.sow(phone, draft)
        seeds.plan(record)
        summary = summary_of(seeds.definitions, draft, 1, date.today()).to_json()
        own = seeds.on_the_list(clinic, record, **{"name": "MH", "time": "09:20", SUMMARY: summary, **data})
        clinic.add_person(date.today(), {"name": "BK", "time": "10:00", "lists": ["falls", "home"]})
        phone.open(path or own)

    return reach


def _from_poster(*, gives: bool) -> Reach:
    """At the page that a clinic's poster leads to, or at the question whether to give the answers to it."""

    def reach(phone: Phone, seeds: Seeds) -> None:
        place = seeds.at_work(phone).get().place
        _with_plan(phone, seeds)
        phone.open(f"/at/{place}")
        if gives:
            with phone.page.expect_navigation():
                phone.page.locator("button[value=give]").click()

    return reach


def _desk_sheet(*, signs_first: bool) -> Reach:
    """A sheet that staff type in for somebody on their list, or the question for the signs of today before it."""

    def reach(phone: Phone, seeds: Seeds) -> None:
        person = seeds.at_work(phone).add_person(date.today(), {"name": "MH", "lists": ["falls"]})
        phone.open(f"/clinic/people/{person.person_id}")
        with phone.page.expect_navigation():
            phone.page.locator("form[action$='/paper'] button").click()
        if not signs_first:
            with phone.page.expect_navigation():
                phone.page.locator("a[href*='asked=no']").click()

    return reach


def _handed_over(phone: Phone, seeds: Seeds) -> None:
    _from_poster(gives=True)(phone, seeds)
    phone.page.locator("#name").fill("MH")
    with phone.page.expect_navigation():
        phone.page.locator("#page-form button.go").click()


def _seen_by_clinic(path: str) -> Reach:
    """At a page of somebody whose answers a clinic sees."""

    def reach(phone: Phone, seeds: Seeds) -> None:
        _handed_over(phone, seeds)
        phone.open(path)

    return reach


STATES = (
    State("start", _plain("/")),
    State("start again", _at("/")),
    State("start with a plan", _ticked("/")),
    State("for whom", _plain("/for-whom")),
    State("for whom, a name", _helper),
    State("name", _at("/name", MODERATE, name="Mom")),
    State("lists of somebody with a name", _at("/checklists", MODERATE, signs=[], name="Mamá")),
    State("question about somebody with a name", _at("/falls/holds-furniture", MODERATE, name="Mamá")),
    State("results with a name", _planned("/results", MODERATE, name="Mom")),
    State("plan with a name", _planned("/plan", MODERATE, name="Mom")),
    State("age", _new("/about/age")),
    State("age, an error", _wrong("/about/age")),
    State("a choice", _new("/about/sex")),
    State("question, not answered", _new("/falls/numb-feet")),
    State("question, answered", _at("/falls/holds-furniture", MODERATE)),
    State("question, after another", _at("/falls/holds-furniture?after=falls.unsteady-walking", MODERATE)),
    State("question, confirmed by a button", _confirming),
    State("question, an error", _confirming_nothing),
    State("question for a helper", _at("/falls/holds-furniture", MODERATE, helping=True)),
    State("weight", _at("/bone/weight-kg")),
    State("weight, asked back", _asked_back),
    State("height", _new("/bone/height-cm")),
    State("height, an error", _wrong("/bone/height-cm")),
    State("warning signs after a fall", _new("/warning-signs/after-a-fall")),
    State("warning signs of the back", _new("/warning-signs/back")),
    State("warning signs of the body", _new("/warning-signs/whole-body")),
    State("warning signs of the mind", _new("/warning-signs/mind")),
    State("warning signs, an error", _no_sign_ticked),
    State("help now", _at("/warning-signs/now", signs=["stroke-signs", "thoughts-of-self-harm"])),
    State("help now, a crisis", _at("/warning-signs/now", signs=["thoughts-of-self-harm"])),
    State("lists, none begun", _new("/checklists")),
    State("lists, half done", _half),
    State("lists, a warning today", _at("/checklists", HIGH, signs=["back-pain-fever"])),
    State("lists, after the call", _called),
    State("review, half done", _half_reviewed),
    State("review of the home", _at("/review/home", MODERATE)),
    State("a room", _new("/home/bedroom")),
    State("a room, answered", _at("/home/bathroom", MODERATE)),
    State("a section", _new("/posture/section/sitting")),
    State("rooms to choose", _new("/home")),
    State("the walk, before it", _new("/walk")),
    State("the walk, a room", _walking),
    State("the walk, an answer waits", _waiting),
    State("lists, an answer waits", _waiting_elsewhere),
    State("a room with a photo", _pictured("/home/bathroom")),
    State("a photo", _pictured("/photos/{photo}")),
    State("plan with a photo", _pictured("/plan", planned=True)),
    State("see the plan", _at("/see-my-plan", MODERATE, signs=[])),
    State("results, lower", _planned("/results", LOW)),
    State("results, raised", _planned("/results", MODERATE)),
    State("results, high", _planned("/results", HIGH)),
    State("results, a warning today", _planned("/results", HIGH, ["back-pain-fever"])),
    State("plan, lower", _planned("/plan", LOW)),
    State("plan, raised", _planned("/plan", MODERATE)),
    State("plan, high", _planned("/plan", HIGH)),
    State("plan, not able to walk", _planned("/plan", NOT_WALKING)),
    State("plan, a back not checked yet", _planned("/plan", UNCHECKED)),
    State("plan, help is needed now", _needing_help("/plan")),
    State("answers put aside", _aside),
    State("plan, some of it done", _ticked("/plan")),
    State("an action", _action),
    State("an action, an error", _action_wrong),
    State("something of one's own", _planned("/plan/own", MODERATE)),
    State("a way back, before it", _planned("/keep", MODERATE)),
    State("a way back", _with_link),
    State("a link is opened", _link),
    State("a link that opens nothing", _no_link),
    State("a code", _plain("/code")),
    State("a code, an error", _wrong_code),
    State("reminders", _planned("/reminders", MODERATE)),
    State("erase everything", _planned("/erase", MODERATE)),
    State("everything was erased", _erased),
    State("check again, before it", _planned("/check-again", MODERATE)),
    State("check again", _later("/check-again", checking=True)),
    State("check again, at its end", _later("/check-again", checking=True, asked=True)),
    State("results, checked again", _later("/results")),
    State("a question asked again", _later("/falls/fell-past-year?then=again", checking=True)),
    State("what changed", _later("/changes")),
    State("plan, checked again", _later("/plan")),
    State("sharing, before it", _planned("/share", MODERATE)),
    State("sharing, an error", _share_wrong),
    State("a share", _shared(back_to_owner=True)),
    State("for a clinic", _planned("/for-a-clinic", MODERATE)),
    State("sharing", _shared(back_to_owner=True, then="/share")),
    State("a shared plan", _shared()),
    State("a shared plan to look at", _shared(right="see")),
    State("what to buy, shared", _shared(then="shopping")),
    State("what to buy", _planned("/plan/shopping", MODERATE)),
    State("a share taken back", _not_shared),
    State("plans shared with this phone", _shared(then="/shared")),
    State("plan for a helper", _planned("/plan", MODERATE, helping=True)),
    State("a short page", _plain("/guides/what-is-a-compression-fracture")),
    State("how this works", _plain("/how-this-works")),
    State("settings", _plain("/settings")),
    State("this browser", _held),
    State("this browser, leaving", _leaving),
    State("this browser, left", _plain("/left")),
    State("an address that leads nowhere", _plain("/nowhere")),
    State("answers of another phone", _plain("/plan")),
    State("ticks from paper", _ticked("/plan/from-paper")),
    State("download everything", _planned("/download", MODERATE)),
    State("checklists on paper", _plain("/paper")),
    State("checklists on paper, with answers", _at("/paper", MODERATE)),
    State("typing in, signs first", _new("/enter/falls")),
    State("typing in falls", _at("/enter/falls", {}, [])),
    State("typing in bones", _at("/enter/bone", MODERATE, [])),
    State("typing in the home", _at("/enter/home", MODERATE, [])),
    State("typing in, an error", _typed_wrong),
    State("printing the day", _ordering),
    State("printing the day, an error", _ordering_wrong),
    State("files, one is made", _files({"state": "running"})),
    State("files, one is there", _files({"state": "done", "people": 12, "held_back": 2, "not_made": [3]})),
    State(
        "files, stopped and failed",
        _files({"state": "cancelled"}, {"state": "needs-help", "kind": "zip"}, {"state": "cancelled", "erased": True}),
    ),
    State("the list of a day", _of_list("/clinic/today")),
    State("a person of the list", _of_list(by_poster=True)),
    State("somebody new on the list", _at_work("/clinic/people/new")),
    State("the poster's page", _from_poster(gives=False)),
    State("a sheet at the desk, signs first", _desk_sheet(signs_first=True)),
    State("a sheet at the desk", _desk_sheet(signs_first=False)),
    State("answers to give to a clinic", _from_poster(gives=True)),
    State("answers given to a clinic", _handed_over),
    State("a clinic sees the plan", _seen_by_clinic("/plan")),
    State("a clinic sees it, who looked", _seen_by_clinic("/who-looked")),
    State("tables, none is there", _at_work("/clinic/tables")),
    State("tables, an error", _no_table),
    State("a table", _sent_in(TABLE.replace("eighty", "80").replace("M,no,yes,maybe", "male,no,,?"))),
    State("a table to mend", _sent_in(TABLE)),
    State("a table, mended once", _table_mended),
    State("a table, columns that nobody knows", _sent_in(COLUMNS)),
    State("a table, before it is printed", _sent_in(TABLE, "/print")),
)
