"""One photo of a hazard: seen whole, and removed for good."""

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklists.files.model import Question
from reports.printing.photos import size_of
from web.core.speaking import gettext as _
from web.core.speaking import spoken
from web.core.stores import store
from web.visitor.must_go_first import get_led
from web.visitor.open_record import OpenRecord, change, get_open_record, now_ms, posted

pages = Blueprint("photos", __name__, url_prefix="/photos")


@pages.get("/<photo_id>")
def photo(photo_id: str) -> str:
    """The photo as large as the screen, with a button that removes it."""
    open_record = get_led()
    question = _shown_by(open_record, photo_id)
    back, back_text = _back(question.link_id)
    width, height = size_of(store().get_photo(open_record.record_id, photo_id))
    return render_template(
        "plan/photo.html",
        open_record=open_record,
        photo_id=photo_id,
        width=width,
        height=height,
        name=question.name,
        back=back,
        back_text=back_text,
        coming_from=request.args.get("from", ""),
    )


@pages.get("/<photo_id>/picture")
def picture(photo_id: str) -> Response:
    """The JPEG itself."""
    open_record = get_open_record()
    return current_app.response_class(store().get_photo(open_record.record_id, photo_id), content_type="image/jpeg")


@pages.post("/<photo_id>/remove")
def remove(photo_id: str) -> Response:
    """Removes it for good; sent again after a fault that came between hiding it and removing it, it removes it too."""
    open_record = posted()
    if photo_id not in open_record.draft.photo_ids.values():
        store().delete_photo(open_record.record_id, photo_id)
    question = _shown_by(open_record, photo_id)

    change(open_record, lambda draft: draft.without_photo(question.link_id, now_ms()))
    store().delete_photo(open_record.record_id, photo_id)
    return redirect(_back(question.link_id)[0], 303)


def _shown_by(open_record: OpenRecord, photo_id: str) -> Question:
    """What the photo shows; a photo of another record is not found."""
    for link_id, each in open_record.draft.photo_ids.items():
        fact = f"{spoken().rooms.id}.{link_id}"
        if each == photo_id and fact in spoken().question_of:
            return spoken().question_of[fact]
    abort(404)


def _back(link_id: str) -> tuple[str, str]:
    """Where the person came from: the plan, or the room."""
    if request.values.get("from") == "plan":
        return url_for("plan.plan"), _("Back to your plan")
    room = next(
        each for each in spoken().rooms.sections if any(question.link_id == link_id for question in each.questions)
    )
    return url_for("sections.room", section_id=room.id), _("Back to: %(room)s", room=room.title)
