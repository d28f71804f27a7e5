"""What time alone ends: every limit is listed, and tried with a clock that is wrong; nobody else asks for the time."""

import ast
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine

from answers import home_walk as walking
from answers.check_again import is_old
from answers.draft import Draft
from answers.photos import Photo
from answers.signs import Signs
from checklists import Definitions
from commands import purge as purging
from storage import RecordNotFound, RemovingWaits
from storage.clinics import people
from storage.clinics.model import AuditLine, Clinic
from storage.counts import Use
from storage.rows.clock import Clock
from storage.sqlite.backups.backup import back_up
from storage.sqlite.engine import open_store
from storage.store.store import SealedStore
from storage.time_limits import A_DAY_AT_THE_CLINIC, ANSWERS_STAY, EMPTY_SESSION, EVERY, HEALTH_LINK, SHARED, WAY_IN
from web.clinic.signing_in.sessions import is_over
from web.plan.page import CHECK_AFTER_DAYS
from web.sharing.shares import DAYS

ROOT = Path(__file__).parent.parent
MAY_ASK = {
    "storage/rows/note_beside_key.py": {"time.monotonic"},  # how often it is written
    "storage/store/pace.py": {"time.monotonic"},  # wrong codes, answered one after the other
    "web/visitor/budgets.py": {"time.monotonic"},  # what was kept within an hour
    "storage/sqlite/rows.py": {"time.time_ns"},  # the moment at which a lease ends
    "storage/sqlite/engine.py": {"date.today"},  # where nobody names a clock
    "storage/postgres/answering.py": {"time.monotonic"},  # how long a database has not answered
    "storage/postgres/connecting.py": {"time.monotonic"},  # how long a connection is waited for
    "storage/postgres/engine.py": {"date.today"},
    "web/core/settings.py": {"datetime.now"},  # the clinic's day
    "web/visitor/time_zone.py": {"datetime.now"},  # the day of whoever looks
    "web/visitor/open_record.py": {"time.time_ns"},  # the moment of an answer
    "commands/backup.py": {"datetime.now"},  # the name of a backup
    "commands/keys.py": {"datetime.now"},  # the name of a key of before
    "storage/sqlite/keys.py": {"date.today"},  # the same
    "storage/postgres/opening.py": {"date.today"},  # the same
    "reports/printing/renderer.py": {"time.monotonic"},  # seconds that a paper took
    "storage/store/rotating.py": {"time.monotonic"},  # seconds that a step took
    "web/sharing/reminders.py": {"datetime.now"},  # when a calendar file was made
    "commands/people/fhir.py": {"datetime.now"},  # when a bundle was made
    "web/sharing/for_a_clinic.py": {"datetime.now"},  # when a bundle was made
    "commands/printing/worker.py": {"time.monotonic"},  # how long it had nothing to do
    "commands/http_server.py": {"time.monotonic"},  # seconds of one request
    "commands/server_processes.py": {"time.monotonic"},  # seconds in which a server stops
    "reports/printing/child_process.py": {"time.monotonic"},  # seconds of one paper or photo
    "reports/printing/prepared.py": {"time.monotonic"},  # how long a paper waits to be asked for
    "reports/printing/turns.py": {"time.monotonic"},  # seconds that each has used of them
    "commands/people/progress.py": {"time.monotonic"},  # seconds between two lines of progress
}
"""The modules that ask what time it is, and why; every other is given the day or the moment."""
CLOCKS = re.compile(
    r"(datetime\.)?((date|datetime)\.(today|now|utcnow)|time\.(time|time_ns|monotonic|monotonic_ns|localtime|gmtime))"
)
LASTING = re.compile(r"(DAYS?|WEEKS?|HOURS|SECONDS|_MS)$|^HOUR$")

OF_ONE_REQUEST = {
    ("commands/http_server.py", "REQUEST_SECONDS"),
    ("reports/printing/binding.py", "CLOCK_SECONDS"),  # one paper, for which a busy machine has no time
    ("reports/printing/prepared.py", "LIFE_SECONDS"),  # a paper in memory, which nobody has asked for yet
}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for room in ("checklists", "reports", "storage", "answers", "web", "commands"):
        for path in sorted((ROOT / room).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def clocks_in(tree: ast.Module) -> set[str]:
    """Every clock that is named, called or passed on, under its own name or alone."""
    named = {ast.unparse(each) for each in ast.walk(tree) if isinstance(each, ast.Attribute)}
    for each in ast.walk(tree):
        if isinstance(each, ast.ImportFrom) and each.module in ("time", "datetime"):
            named |= {f"{each.module}.{name.name}" for name in each.names}
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and "CURRENT_" in each.value:
            named.add("time.time")
    return {found[2] for each in named if (found := CLOCKS.fullmatch(each))}


def own_limits(tree: ast.Module) -> set[str]:
    """Constants of more than a minute that are written out, not taken from the list."""
    found = set()
    for each in tree.body:
        name = ast.unparse(each.targets[0]) if isinstance(each, ast.Assign) else ""
        if LASTING.search(name) and isinstance(each, ast.Assign):
            with suppress(NameError):  # it is taken from another place
                number = eval(ast.unparse(each.value), {"__builtins__": {}}, {})
                if isinstance(number, int | float) and (number > 60 or not name.endswith(("SECONDS", "_MS"))):
                    found.add(name)
    return found


def test_nobody_else_asks_what_time_it_is() -> None:
    found = {path: clocks for path, tree in sources() if (clocks := clocks_in(tree))}
    assert found == MAY_ASK, (
        "take the day or the moment from web/visitor/open_record.py, or name the module here with a reason"
    )


def test_every_limit_is_in_the_list() -> None:
    found = {(path, name) for path, tree in sources() for name in own_limits(tree) if path != "storage/time_limits.py"}
    assert found == OF_ONE_REQUEST, "put it into storage/time_limits.py"


@pytest.mark.parametrize(
    "source",
    [
        "x = date.today()",
        "def f(now=time.time): ...",
        "from time import monotonic",
        "x = datetime.now(UTC)",
        "import datetime\nx = datetime.datetime.now()",
        "sql = 'SELECT CURRENT_TIMESTAMP'",
    ],
)
def test_the_tests_above_would_see_it(source: str) -> None:
    assert clocks_in(ast.parse(source))
    assert own_limits(ast.parse("A_DAYS = 3\nB_SECONDS = 24 * 3600\nHOUR = 3600\nC_SECONDS = 5\nD = 90")) == {
        "A_DAYS",
        "B_SECONDS",
        "HOUR",
    }


@dataclass(kw_only=True)
class Wrong:
    """A clock: right at `start`, wrong or past midnight at `then`, right again at `end`; and a store by it."""

    clock: time_machine.Traveller
    start: datetime
    then: datetime
    end: datetime
    folder: Path
    opened: list[SealedStore] = field(default_factory=list)

    @property
    def jumps(self) -> bool:
        return abs(self.then - self.start) > timedelta(days=10)

    def store(self, moment: datetime, *, purge: bool = True) -> SealedStore:
        """The store of an app that is started at this moment, with what `flask serve` then removes."""
        self.close()
        self.clock.move_to(moment)
        self.opened.append(open_store(self.folder, self.folder))
        if purge:
            with suppress(RemovingWaits):
                self.opened[-1].purge()
        return self.opened[-1]

    def close(self) -> None:
        for each in self.opened:
            each.close()
        self.opened.clear()

    def day(self, moment: datetime) -> date:
        self.clock.move_to(moment)
        return date.today()

    def ms(self, moment: datetime) -> int:
        return int(moment.timestamp() * 1000)


def at(zone: str, day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo(zone))


NOON = at("UTC", 27, 12, 0)
CLOCKS_THAT_ARE_WRONG = {
    "100 days ahead": (NOON, NOON + timedelta(days=100), NOON + timedelta(minutes=5)),
    "a day back": (NOON, NOON - timedelta(days=1), NOON + timedelta(minutes=5)),
    **{
        f"midnight in {zone}": (at(zone, 27, 23, 58), at(zone, 28, 0, 2), at(zone, 28, 0, 3))
        for zone in ("America/Los_Angeles", "UTC", "Pacific/Auckland")
    },
}


@pytest.fixture(params=CLOCKS_THAT_ARE_WRONG)
def wrong(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Wrong]:
    start, then, end = CLOCKS_THAT_ARE_WRONG[request.param]
    with time_machine.travel(start, tick=False) as clock:
        made = Wrong(clock=clock, start=start, then=then, end=end, folder=tmp_path)
        yield made
        made.close()


def person(store: SealedStore) -> str:
    return store.create_record(content_hash="c", data={"age": 78}).record_id


def records_and_sessions(wrong: Wrong, known: Definitions) -> None:
    store = wrong.store(wrong.start)
    record = person(store)
    store.save_session("a browser", {"record": record})
    for moment in (wrong.then, wrong.end):
        store = wrong.store(moment)
        assert store.get_draft(record).data == {"age": 78}
        assert store.find_session("a browser") == {"record": record}


def backed_up(wrong: Wrong, known: Definitions) -> None:
    store = wrong.store(wrong.start)
    erased = person(store)
    store.erase(erased)
    for moment in (wrong.start, wrong.then, wrong.end):
        wrong.store(moment)
        back_up(wrong.folder, wrong.folder, None, moment.astimezone(UTC))
    assert len(list((wrong.folder / "backups").glob("*.db"))) == 3
    with wrong.store(wrong.end)._reading() as rows:
        assert len(rows.marks()) == 1, "a backup of before brings nobody back who was erased"


def shared(wrong: Wrong, known: Definitions) -> None:
    store = wrong.store(wrong.start - timedelta(days=8))
    record = person(store)
    over = store.make_share(record, submit_key="1" * 32, name="Bea", right="see", days=7)
    store = wrong.store(wrong.start, purge=False)
    share = store.make_share(record, submit_key="2" * 32, name="Ana", right="see", days=7)
    wrong.store(wrong.then)
    store = wrong.store(wrong.end, purge=False)
    assert store.get_share(share.share_id).name == "Ana"
    with pytest.raises(RecordNotFound):
        store.get_share(over.share_id)


def handed_over(wrong: Wrong, known: Definitions) -> None:
    """The second in which it ends is what the page says; the day of its row only clears up."""
    second = int(wrong.start.timestamp())
    store = wrong.store(wrong.start)
    record = person(store)
    for limit in (A_DAY_AT_THE_CLINIC, HEALTH_LINK):
        ends = second + limit.seconds
        store.make_health_link(
            record, token=limit.ends, file=b"jwe", plan_of=date(2026, 11, 27), made=second, ends=ends
        )
    wrong.store(wrong.then)
    store = wrong.store(wrong.end)
    for limit in (A_DAY_AT_THE_CLINIC, HEALTH_LINK):
        assert store.get_health_file(limit.ends, second + limit.seconds - 1) == b"jwe"
        with pytest.raises(RecordNotFound):
            store.get_health_file(limit.ends, second + limit.seconds)


def empty_session(wrong: Wrong, known: Definitions) -> None:
    store = wrong.store(wrong.start)
    store.change_session("a browser", lambda _: {"language": "es"}, days=EMPTY_SESSION.days)
    for moment in (wrong.then, wrong.end):
        assert wrong.store(moment).find_session("a browser") == {"language": "es"}


def signs(wrong: Wrong, known: Definitions) -> None:
    wrong.store(wrong.start)
    for ticked, called, always in (
        (["sudden-back-pain"], False, True),
        (["stroke-signs"], True, True),
        ([], False, False),
    ):
        draft_signs = Signs(ticked=tuple(ticked), at=wrong.ms(wrong.start), called=called)
        for moment in (wrong.then, wrong.end):
            before = wrong.store(moment).days_before_jumps()
            held = draft_signs.hold(known, wrong.ms(moment), before)
            assert held or not always, "a sign stands"
            assert held or moment == wrong.then, "none of these is believed by the right clock"
            assert not held or always or abs(moment - wrong.start) < timedelta(hours=1), "and by no wrong one"
        if wrong.jumps:
            before = wrong.store(wrong.end + timedelta(days=5)).days_before_jumps()
            late = wrong.ms(wrong.end + timedelta(days=5))
            assert draft_signs.hold(known, late, before) == always, "a sign stands until it is answered anew"


def asked_anew(wrong: Wrong, known: Definitions) -> None:
    draft = Draft.new("self", "metric").begin_check(wrong.day(wrong.start))
    draft = draft.with_asked("about.age", wrong.day(wrong.start)).with_asked("about.sex", wrong.day(wrong.then))
    assert draft.is_checking(wrong.day(wrong.then)) != wrong.jumps
    assert draft.is_checking(wrong.day(wrong.end))
    assert "about.age" in draft.asked_anew(wrong.day(wrong.end))
    assert is_old(wrong.day(wrong.start) - timedelta(days=9), wrong.day(wrong.end))


def on_the_phone(wrong: Wrong, known: Definitions) -> None:
    rug = "floors-loose-rugs"

    def say(draft: Draft, answer: str, sequence: int, moment: datetime) -> Draft:
        entry = {"sequence": sequence, "link_id": rug, "answer": answer, "ago": 0}
        sent = walking.WalkBatch(record="r", key="k" * 16, entries=[walking.Entry(**entry)])
        return walking.heard(known, draft, sent, wrong.ms(moment))

    draft = Draft.new("self", "metric")
    for number, (answer, moment) in enumerate((("yes", wrong.start), ("no", wrong.then), ("yes", wrong.end)), start=1):
        draft = say(draft, answer, number, moment)
        assert draft.answer("home", rug) == answer, "the newest answer stands, whatever the clock said before"
        draft, _unseen = draft.with_photo(rug, Photo(id=answer * 16, at=wrong.ms(moment)), wrong.ms(moment))
        assert draft.photo_ids[rug] == answer * 16, "and so does the newest photo"


def clinics(wrong: Wrong, known: Definitions) -> None:
    store = wrong.store(wrong.start)
    clinic_id = store.create_clinic(Clinic(clinic_id="", name="Hill Street", audit_days=30)).clinic_id
    person = store.clinic(clinic_id).add_person(wrong.day(wrong.start) - timedelta(days=300), {})
    line = AuditLine(at=wrong.start, staff_id="s", who="Ana", role="manager", did="printed")
    store.clinic(clinic_id).note(line)
    for moment in (wrong.then, wrong.end):
        clinic = wrong.store(moment).clinic(clinic_id)
        assert clinic.list_people() == (person,)
        assert len(clinic.audit_log(at_most=9).lines) == 1


def signed_in(wrong: Wrong, known: Definitions) -> None:
    """They sign in again at worst; tests/test_web_clinic_sign_in.py tries it with pages."""
    since, limits = (
        int(wrong.start.timestamp()),
        [EVERY[each] for each in ("STAFF_IDLE", "STAFF_SIGNED_IN", "CODE_ASKED")],
    )
    wrong.clock.move_to(wrong.then)
    for each in limits:
        assert is_over(since, each.seconds) == (abs(wrong.then - wrong.start) >= timedelta(hours=10)), "back, too"
    wrong.clock.move_to(wrong.end)
    assert not any(is_over(since, each.seconds) for each in limits)
    until = wrong.day(wrong.start) + EVERY["SET_UP"].after
    assert wrong.day(wrong.end) <= until


def led_in(wrong: Wrong, known: Definitions) -> None:
    """The moment in which a square on the screen ends lies with it: a wrong clock uses up none."""
    store = wrong.store(wrong.start)
    clinic = store.clinic(store.create_clinic(Clinic(clinic_id="", name="Hill Street")).clinic_id)
    somebody, ends = clinic.add_person(wrong.day(wrong.start), {}), wrong.ms(wrong.start) + WAY_IN.milliseconds
    token, way_in = people.new_way_in(somebody.person_id, ends)
    clinic.change_person(somebody.person_id, lambda found: replace(found, data={people.WAY_IN: way_in}))
    wrong.store(wrong.then)
    with pytest.raises(RecordNotFound):
        wrong.store(wrong.end).use_way_in(token, ends)
    assert wrong.store(wrong.end).use_way_in(token, wrong.ms(wrong.end))[1] == somebody


def clock_of_the_store(wrong: Wrong, known: Definitions) -> None:
    clock = Clock(seen=wrong.day(wrong.start), trusted=wrong.day(wrong.start))
    jumped = clock.at(wrong.day(wrong.then))
    assert (jumped.waits_until is not None) == wrong.jumps
    assert jumped.at(wrong.day(wrong.end)).waits_until is None


def printed(wrong: Wrong, known: Definitions) -> None:
    store = wrong.store(wrong.start)
    (job_id,) = store.queue_print_jobs(None, [({}, {})])
    taken = store.claim_print_job()
    assert taken is not None
    lapsed = wrong.store(wrong.then).claim_print_job()
    assert lapsed is not None, "a job is never locked up by a wrong clock"
    store = wrong.store(wrong.end)
    kept = [store.finish_print_job(job_id, each.job.token, result=b"file", about={}) for each in (taken, lapsed)]
    assert kept == [False, True], "and its file is kept once"
    assert wrong.store(wrong.end).get_print_result(None, job_id) == b"file"


def sent_in(wrong: Wrong, known: Definitions) -> None:
    store = wrong.store(wrong.start)
    clinic_id = store.create_clinic(Clinic(clinic_id="", name="Hill Street")).clinic_id
    import_id = store.keep_import(clinic_id, {"rows": []})
    wrong.store(wrong.then).list_imports(clinic_id)
    assert wrong.store(wrong.start).get_import(clinic_id, import_id).data == {"rows": []}


def counted(wrong: Wrong, known: Definitions) -> None:
    """Nobody is shut out for longer than the hour, whatever the clock did meanwhile."""
    use = Use(kind="records", who="192.0.2.7", amount=10, most=10, an_hour=10)
    assert wrong.store(wrong.start).use_up([use]) == 0
    wrong.store(wrong.then).use_up([use])
    assert wrong.store(wrong.end).use_up([use]) <= EVERY["BUDGET"].seconds + 1


def stores_nothing(wrong: Wrong, known: Definitions) -> None:
    """What only changes a page, or goes by a clock that never jumps."""
    assert EVERY["REMOVED"].seconds == purging.A_DAY_SECONDS
    assert EVERY["WORTH_A_CHECK"].days == CHECK_AFTER_DAYS


TRIALS: dict[str, Callable[[Wrong, Definitions], None]] = {
    "ANSWERS_STAY": records_and_sessions,
    "BACKED_UP": backed_up,
    "SHARED": shared,
    "A_DAY_AT_THE_CLINIC": handed_over,
    "HEALTH_LINK": handed_over,
    "EMPTY_SESSION": empty_session,
    "BUDGET": counted,
    "SIGNS": signs,
    "SET_RIGHT": signs,
    "ASKED_ANEW": asked_anew,
    "WORTH_A_CHECK": stores_nothing,
    "ON_THE_PHONE": on_the_phone,
    "MAY_PASS": clock_of_the_store,
    "JUMP": clock_of_the_store,
    "REMOVED": stores_nothing,
    "PRINTED": printed,
    "PRINT_LEASE": printed,
    "IMPORTED": sent_in,
    "PERSON_STAYS": clinics,
    "AUDIT_STAYS": clinics,
    "STAFF_IDLE": signed_in,
    "STAFF_SIGNED_IN": signed_in,
    "CODE_ASKED": signed_in,
    "ANSWERS_ARE_NEW": stores_nothing,
    "TABLET_IDLE": stores_nothing,
    "TABLET_NOTED": stores_nothing,
    "WAY_IN": led_in,
    "SET_UP": signed_in,
}


def test_every_limit_in_the_list_is_tried_and_those_kept_elsewhere_agree() -> None:
    assert TRIALS.keys() == EVERY.keys()
    assert all(each.ends and each.if_wrong and each.after > timedelta() for each in EVERY.values())
    assert SHARED.days == max(int(days) for days, _label in DAYS) == ANSWERS_STAY.days


@pytest.mark.parametrize("trial", dict.fromkeys(TRIALS.values()), ids=lambda each: each.__name__)
def test_with_a_clock_that_is_wrong_nothing_is_lost_and_no_limit_lifted(
    wrong: Wrong, definitions: Definitions, trial: Callable[[Wrong, Definitions], None]
) -> None:
    trial(wrong, definitions)
