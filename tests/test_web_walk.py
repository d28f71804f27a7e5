"""The walk as a server sees it: what a phone sends, who may send it, and photos from taken to removed."""

import io
import random
from typing import Any

import pytest
from flask import Flask, request
from PIL import Image

from checklists import Definitions
from reports.printing.photos import LARGEST_BYTES, PictureWaits
from storage import StoreBusy
from storage.rows.tables import PHOTOS
from tests.tapping import Walker
from tests.visitor import Visitor
from web.core.stores import store
from web.visitor.sessions import ServerSession, keep

RUG, BAR = "floors-loose-rugs", "bath-no-grab-bars"


def picture(size: tuple[int, int] = (80, 60), form: str = "JPEG", color: str = "#933") -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "A camera that tells"
    Image.new("RGB", size, color).save(out, form, exif=exif)
    return out.getvalue()


@pytest.fixture
def walker(visitor: Visitor) -> Walker:
    visitor.begin()
    return Walker(visitor)


def home_of(visitor: Visitor) -> dict[str, Any]:
    return dict(store().get_draft(visitor.record_id).data["lists"].get("home", {}))


def test_the_walk_shows_every_room_in_order_and_no_answer_of_anybody(
    visitor: Visitor, definitions: Definitions
) -> None:
    visitor.begin()
    visitor.open("/home/bathroom").send({BAR: "yes"})
    page = visitor.open("/walk")
    home = definitions.checklist_of["home"]
    places = [page.html.index(f'id="{room.id}"') for room in home.sections]
    assert places == sorted(places)
    assert [name for name in page.names if name in {q.link_id for q in definitions.questions["home"]}] == [
        q.link_id for q in definitions.questions["home"]
    ]
    assert all(page.chosen(name) == [] for name in page.names)
    assert visitor.record_id not in page.main  # the page is kept on the phone: nothing in it says whose it is


def test_what_a_phone_sends_is_saved_and_a_repeat_changes_nothing(visitor: Visitor, walker: Walker) -> None:
    walker.say((1, RUG, "yes"), (2, BAR, "unsure"))
    walker.say((1, RUG, "yes"), (2, BAR, "unsure"))
    assert home_of(visitor) == {RUG: "yes", BAR: "unsure"}
    visitor.open("/home/floors").send({RUG: "no"})
    walker.say((1, RUG, "yes"))
    assert home_of(visitor)[RUG] == "no"
    assert walker.state()["answers"][RUG] == "no"


def test_nobody_sends_for_a_record_that_this_browser_may_not_open(app: Flask, visitor: Visitor, walker: Walker) -> None:
    stranger = Visitor(app)
    stranger.begin()
    walker.say((1, RUG, "yes"), record=stranger.record_id, status=404)
    assert home_of(stranger) == {}


def test_two_people_on_one_phone_each_get_their_own_answers(visitor: Visitor, walker: Walker) -> None:
    first = visitor.record_id
    visitor.begin("helper")
    second = visitor.record_id
    assert first != second
    walker.say((1, RUG, "yes"), record=first)
    walker.say((2, BAR, "yes"), record=second)
    assert store().get_draft(first).data["lists"]["home"] == {RUG: "yes"}
    assert store().get_draft(second).data["lists"]["home"] == {BAR: "yes"}


def test_without_our_token_nothing_is_heard(visitor: Visitor, walker: Walker) -> None:
    walker.say((1, RUG, "yes"), token="another", status=400)
    assert home_of(visitor) == {}


@pytest.mark.parametrize("body", ["", "[]", "{", '{"record": 5}', "\x00", '{"entries": ' + "[" * 5000])
def test_what_is_no_walk_is_refused_with_a_page(visitor: Visitor, walker: Walker, body: str) -> None:
    headers = {"X-CSRFToken": walker.state()["token"], "Content-Type": "application/json"}
    answer = visitor.client.post("/walk/answers", data=body, headers=headers)
    assert answer.status_code == 400
    assert home_of(visitor) == {}


def test_a_photo_is_kept_small_stripped_and_sealed_and_shown_where_it_helps(
    visitor: Visitor, walker: Walker, folder: Any
) -> None:
    walker.say((1, RUG, "yes"))
    address = walker.show(RUG, picture((4000, 3000)))["address"]
    kept = visitor.client.get(address)
    assert kept.content_type == "image/jpeg"
    assert kept.headers["Cache-Control"] == "no-store"
    with Image.open(io.BytesIO(kept.data)) as shown:
        assert max(shown.size) == 1280
        assert not shown.getexif()
    stored = b"".join(each.read_bytes() for each in folder.iterdir() if each.is_file())
    assert b"JFIF" not in stored  # sealed, like answers
    assert walker.state()["photos"] == {RUG: address}
    assert f'src="{address}"' in visitor.open("/home/floors").html
    visitor.tick()
    assert visitor.see_plan().path == "/results"
    plan = visitor.open("/plan")
    assert f'src="{address}"' in plan.html
    assert "Print your photos too?" in plan.main


def test_a_photo_is_removed_for_good_and_the_person_comes_back_to_the_plan(visitor: Visitor, walker: Walker) -> None:
    walker.say((1, RUG, "yes"))
    address = walker.show(RUG, picture())["address"]
    visitor.tick()
    visitor.see_plan()
    page = visitor.open(address.removesuffix("/picture") + "?from=plan")
    assert page.back().path == "/plan"
    page = page.send({})
    assert page.path == "/plan"
    assert address not in page.html
    assert visitor.client.get(address).status_code == 404
    assert walker.state()["photos"] == {}


def test_a_newer_photo_takes_the_place_of_the_one_before(visitor: Visitor, walker: Walker) -> None:
    first = walker.show(RUG, picture(), number=1, ago="5000")["address"]
    again = walker.show(RUG, picture(), number=1, ago="9000")["address"]
    assert again == first  # the answer was lost on its way, and the phone sent it once more
    second = walker.show(RUG, picture(color="#393"), number=2)["address"]
    assert walker.state()["photos"] == {RUG: second}
    assert visitor.client.get(first).status_code == 404
    walker.show(RUG, picture(color="#339"), number=3, ago="7000")
    assert walker.state()["photos"] == {RUG: second}


@pytest.mark.parametrize(
    "sent",
    [b"", b"not a photo", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture()[:200], b"GIF89a" + bytes(90)],
)
def test_what_is_no_photo_gets_a_sentence_and_nothing_is_kept(visitor: Visitor, walker: Walker, sent: bytes) -> None:
    problem = walker.show(RUG, sent, status=422)["problem"]
    assert problem == "That file is not a photo that we can read. Take the photo again, or go on without it."
    assert walker.state()["photos"] == {}


def test_a_bomb_and_a_heavy_photo_are_too_large(visitor: Visitor, walker: Walker) -> None:
    bomb = io.BytesIO()
    Image.new("1", (16000, 16000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < 200_000
    for heavy in (bomb.getvalue(), picture() + bytes(LARGEST_BYTES)):
        assert walker.show(RUG, heavy, status=422)["problem"].startswith("That photo is too large.")
    walker.show(RUG, bytes(5 * 1024 * 1024), status=413)


@pytest.fixture(scope="module")
def big_photo() -> bytes:
    """More than 1 MB, as a telephone takes it: its bytes do not repeat."""
    out = io.BytesIO()
    Image.frombytes("RGB", (1600, 1200), random.Random(12).randbytes(3 * 1600 * 1200)).save(out, "JPEG", quality=80)
    return out.getvalue()


@pytest.mark.parametrize("longer", range(0, 65_536, 8_191))
def test_a_photo_of_real_size_is_kept_wherever_the_reading_of_it_is_cut(
    walker: Walker, big_photo: bytes, longer: int
) -> None:
    assert 1_000_000 < len(big_photo) < LARGEST_BYTES - 65_536
    assert walker.show(RUG, big_photo + random.Random(longer).randbytes(longer))["address"]


def test_a_photo_is_asked_for_only_of_what_can_be_changed_at_home(visitor: Visitor, walker: Walker) -> None:
    page = visitor.open("/walk").html
    assert f'id="{RUG}-photo"' in page
    assert 'id="wear-feet-painful-photo"' not in page
    walker.show("wear-feet-painful", picture(), status=400)


@pytest.mark.parametrize("fields", [{"link_id": "no-such"}, {"key": "short"}, {"ago": "-1"}, {"ago": "soon"}])
def test_a_photo_of_nothing_that_we_ask_is_refused(walker: Walker, fields: dict[str, str]) -> None:
    walker.show(fields.pop("link_id", RUG), picture(), status=400, **fields)


def test_a_photo_of_somebody_else_cannot_be_seen_or_removed(app: Flask, visitor: Visitor, walker: Walker) -> None:
    address = walker.show(RUG, picture())["address"]
    stranger = Visitor(app)
    stranger.begin()
    page = address.removesuffix("/picture")
    assert stranger.client.get(address).status_code == 404
    stranger.open(page, 404)
    token = stranger.open("/for-whom").hidden("csrf_token")
    stranger.post(f"{page}/remove", {"csrf_token": token, "record": stranger.record_id}, 404)
    assert visitor.client.get(address).status_code == 200


def test_the_script_that_serves_the_walk_may_serve_nothing_else(visitor: Visitor) -> None:
    answer = visitor.client.get("/sw.js")
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert answer.headers["Service-Worker-Allowed"] == "/walk"
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_a_phone_sends_by_itself_opens_nothing_and_takes_nothing_that_is_typed(
    visitor: Visitor, walker: Walker
) -> None:
    """Somebody else's answers are open when the walk of the first person is sent at last."""
    first = walker.state()["record"]
    visitor.begin()
    second = walker.state()["record"]
    page = visitor.open("/about/age")
    visitor.post("/settings", {**page.data({"age": "83"}), "text": "larger"})

    walker.say((1, RUG, "yes"), record=first)
    walker.show(RUG, picture(), record=first)

    assert walker.state()["record"] == second
    assert visitor.open("/about/age").chosen("age") == ["83"]
    assert store().get_draft(first).data["lists"]["home"] == {RUG: "yes"}


def test_what_one_person_typed_is_not_shown_to_the_next(visitor: Visitor, walker: Walker) -> None:
    page = visitor.open("/about/age")
    visitor.post("/settings", {**page.data({"age": "83"}), "text": "larger"})
    assert visitor.open("/about/age").chosen("age") == ["83"]
    visitor.begin()

    assert visitor.open("/about/age").chosen("age") == [""]


@pytest.mark.parametrize("ago", ["²", "-1", "", "1e3", "9" * 11, "٣"])
def test_a_time_that_is_none_is_refused_before_a_photo_is_kept(walker: Walker, ago: str) -> None:
    walker.show(RUG, picture(), status=400, ago=ago)

    assert walker.state()["photos"] == {}
    assert rows_of_photos() == 0


def rows_of_photos() -> int:
    with store().engine.reading() as rows:  # type: ignore[attr-defined]
        return rows.count(PHOTOS)


def test_a_photo_whose_draft_cannot_be_written_is_not_left_behind(
    walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise StoreBusy("somebody else writes")

    with monkeypatch.context() as patched:
        patched.setattr("web.asking.walk.change", busy)
        walker.show(RUG, picture(), status=503)

    assert rows_of_photos() == 0
    walker.show(RUG, picture())
    assert rows_of_photos() == 1


def test_a_photo_that_was_removed_does_not_come_back_when_the_phone_repeats_it(
    visitor: Visitor, walker: Walker
) -> None:
    walker.say((1, RUG, "yes"))
    walker.show(RUG, picture())
    address = walker.state()["photos"][RUG].removesuffix("/picture")
    visitor.open(address).send({})
    walker.show(RUG, picture(), ago="60000")

    assert walker.state()["photos"] == {}
    assert rows_of_photos() == 0
    walker.show(RUG, picture(), number=2)
    assert list(walker.state()["photos"]) == [RUG]


def test_the_same_key_for_another_thing_is_another_photo(walker: Walker) -> None:
    walker.say((1, RUG, "yes"), (2, BAR, "yes"))
    walker.show(RUG, picture())
    walker.show(BAR, picture(color="#393"))

    assert rows_of_photos() == 2
    assert len(set(walker.state()["photos"].values())) == 2


def test_a_photo_that_was_not_looked_at_is_neither_refused_nor_kept_and_can_be_sent_again(
    walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> bytes:
        raise PictureWaits

    with monkeypatch.context() as patch:
        patch.setattr("web.asking.walk.cleaned", busy)
        walker.show(RUG, picture(), status=503)  # on which the phone keeps it (static/outbox.js)
    assert rows_of_photos() == 0
    assert walker.show(RUG, picture())["address"]


def test_there_is_an_end_to_photos(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.store.store.MOST_PHOTOS", 1)
    walker.show(RUG, picture())

    walker.show(BAR, picture(), status=409)


def test_a_choice_made_while_a_photo_is_on_its_way_stands(app: Flask, visitor: Visitor, walker: Walker) -> None:
    """Two requests at once: the one that ends last writes only what it changed."""
    with app.test_request_context(headers={"Cookie": visitor.cookie}):
        slow = app.session_interface.open_session(app, request)
        visitor.post("/settings", {**visitor.open("/").settings(), "text": "largest", "language": "es"})
        assert isinstance(slow, ServerSession)
        slow["used"] = "2026-01-01"
        keep(slow)

    page = visitor.open("/")
    assert page.tree.get("lang") == "es"
    assert page.tree.get("data-text") == "largest"
