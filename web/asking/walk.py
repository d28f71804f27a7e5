"""Walking through the home with a phone that may have no network: the page, its service worker, answers and photos."""

import re

from flask import Blueprint, abort, current_app, jsonify, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from answers.draft import Draft
from answers.home_walk import NotSent, WalkBatch, heard, read_sent
from answers.photos import Photo
from answers.typed_numbers import answers_to_json
from checklists.files.model import Question
from reports.printing.photos import NotAPicture, PictureWaits, cleaned
from storage import StorageError
from web.asking.sections import thing_of
from web.core.speaking import explained, spoken
from web.core.speaking import gettext as _
from web.core.static_files import read_static, versioned
from web.core.stores import store
from web.visitor.askers import asker
from web.visitor.budgets import spend_bytes
from web.visitor.must_go_first import get_led
from web.visitor.open_record import change, get_open_record, now_ms, sent_for

pages = Blueprint("walk", __name__)
MODULES = ("walk.js", "outbox.js", "zone.js")
_MILLISECONDS = re.compile("[0-9]{1,10}")


@pages.get("/walk")
def walk() -> str:
    """Every room on one page, which a phone can keep; no answer stands in it."""
    open_record = get_led()
    rooms = spoken().rooms.sections
    return render_template(
        "asking/walk.html",
        open_record=open_record,
        checklist=spoken().rooms.id,
        rooms=rooms,
        shown_by_photo=[each.link_id for room in rooms for each in room.questions if _is_shown_by_photo(each)],
        thing_of=thing_of,
        helping=open_record.draft.helping,
        words=explained(text for room in rooms for each in room.questions for text in (each.ask, each.help, each.name)),
        files=files_to_store(),
    )


@pages.get("/walk/state")
def state() -> Response:
    """What is saved of this record's home list, and the token with which to send more."""
    open_record = get_open_record()
    return jsonify(
        record=open_record.record_id,
        token=generate_csrf(),
        answers=answers_to_json(open_record.draft.answers(spoken().rooms.id)),
        absent=open_record.draft.absent,
        photos={name: url_for("photos.picture", photo_id=each) for name, each in open_record.draft.photo_ids.items()},
    )


@pages.post("/walk/answers")
def answers() -> Response:
    """Hears what a phone remembered; what was heard before changes nothing."""
    try:
        sent: WalkBatch = read_sent(request.get_data())
    except NotSent:
        abort(400)
    open_record = sent_for(sent.record)
    change(open_record, lambda draft: heard(spoken(), draft, sent, now_ms()))
    return jsonify(heard=max((entry.sequence for entry in sent.entries), default=0))


@pages.post("/walk/photos")
def send_photo() -> tuple[Response, int] | Response:
    """Keeps a photo of a hazard, made small and stripped; what is no photo is refused with a sentence."""
    open_record = sent_for(request.form.get("record", ""))
    link_id, key, ago = request.form.get("link_id", ""), request.form.get("key", ""), request.form.get("ago", "0")
    file = request.files.get("photo")
    question = spoken().question_of.get(f"{spoken().rooms.id}.{link_id}")
    if (
        question is None
        or not _is_shown_by_photo(question)
        or not 16 <= len(key) <= 80
        or file is None
        or not _MILLISECONDS.fullmatch(ago)
    ):
        abort(400)
    try:
        picture = cleaned(file.read(), asker())
    except NotAPicture as error:
        return jsonify(problem=_(str(error))), 422
    except PictureWaits:  # the phone keeps it, and sends it again
        abort(503)
    spend_bytes(len(picture))
    photo_id = store().keep_photo(open_record.record_id, submit_key=f"photo:{link_id}:{key}", picture=picture)
    gone: list[str] = []

    def add(draft: Draft) -> Draft:
        draft, unseen = draft.with_photo(link_id, Photo(id=photo_id, at=now_ms() - int(ago)), now_ms())
        gone.extend([unseen] if unseen else [])
        return draft

    try:
        change(open_record, add)
    except StorageError:  # the phone sends it again; until then no photo lies about that nobody can see
        store().delete_photo(open_record.record_id, photo_id)
        raise
    for each in gone:
        store().delete_photo(open_record.record_id, each)
    return jsonify(address=url_for("photos.picture", photo_id=photo_id))


@pages.get("/sw.js")
def service_worker() -> Response:
    """The script that serves the walk while there is no network; always the newest."""
    response = current_app.response_class(read_static("sw.js"), content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = "/walk"
    return response


def _is_shown_by_photo(question: Question) -> bool:
    """Whether something at home can be changed about it: a photo then stands beside that."""
    actions = spoken().action_of
    return any(actions[each].kind == "home" for each in question.calls_for.get("yes", ()))


def files_to_store() -> list[str]:
    """What the walk needs besides its page, in the versions that stand in it."""
    fonts = "fonts/atkinson-hyperlegible-next@5.3.0/atkinson-hyperlegible-next-latin-{}-normal.woff2"
    plain = [url_for("static", filename=fonts.format(weight)) for weight in (400, 700)]
    return [
        versioned("site.css"),
        versioned("read-aloud.js"),
        versioned("keep-typed.js"),
        *(versioned(name) for name in MODULES),
        *plain,
    ]
