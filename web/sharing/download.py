"""Everything of the open record in one file that a person can keep: answers, plans, ticks and photos, in a zip."""

import json
import re
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any

from flask import Blueprint, render_template, send_file, url_for
from werkzeug.wrappers import Response

from answers.person import person_of
from checklists import PersonError, read_person
from reports.exports.personal_export import is_exact, plan_of, record_of, touched_steps, without_private
from reports.plan.progress import standings
from reports.printing.renderer import RenderFailed
from reports.printing.turns import TurnRefused, Turns
from storage import HealthLink, RecordNotFound, SealBroken, Share, Submission
from web.core.settings import definitions
from web.core.speaking import gettext as _
from web.core.speaking import language, spoken, wording
from web.core.stores import store
from web.plan.page import plan_as_it_stands
from web.plan.plan_to_show import get_plan_to_show
from web.plan.warnings_in_words import WarningInWords, warnings_on_top
from web.sharing.for_a_clinic import bundle_of, note_of
from web.visitor.askers import asker
from web.visitor.must_go_first import get_led
from web.visitor.open_record import OpenRecord, now_ms, posted, today
from web.visitor.paper import options_for, render
from web.visitor.stored_plan import PlanData, StoredPlan, read_plan, standings_of

if TYPE_CHECKING:
    from zipfile import ZipFile

pages = Blueprint("download", __name__)

MOST_WAITING = 2  # besides the one that is made
_SAFE = re.compile(r"[a-z0-9-]{1,80}")
_one_at_a_time = Turns(MOST_WAITING)


class DownloadWaits(Exception):
    """The file cannot be made at this moment; nothing is lost."""


@pages.get("/download")
def ask() -> str:
    """What is in the file, and one button."""
    open_record = get_led()
    planned = _newest_plan(open_record) is not None
    back = url_for("plan.plan" if planned else "hub.checklists")
    return render_template("sharing/download.html", open_record=open_record, planned=planned, back=back)


@pages.post("/download")
def download() -> Response:
    """The file. It is made on the disk under no name, so that nothing of it can be left there."""
    posted()
    open_record = get_led()
    file = _made(open_record, _newest_plan(open_record))
    response = send_file(
        file, mimetype="application/zip", as_attachment=True, download_name=f"firm-footing-{today()}.zip"
    )
    response.content_length = file.seek(0, 2)
    file.seek(0)
    response.call_on_close(file.close)
    return response


def _newest_plan(open_record: OpenRecord) -> StoredPlan | None:
    """The newest plan, or None before the first. :raises Elsewhere: it does not know a sign that stands today"""
    return get_plan_to_show(open_record) if store().find_latest_submission(open_record.record_id) else None


def _made(open_record: OpenRecord, newest: StoredPlan | None) -> IO[bytes]:
    """:raises DownloadWaits: others go first, paper is not made now, or the disk has no room"""
    from zipfile import ZIP_DEFLATED, ZipFile

    try:
        with _one_at_a_time.turn(asker()), ExitStack() as until_made:
            file = until_made.enter_context(tempfile.TemporaryFile())
            with ZipFile(file, "w", ZIP_DEFLATED) as archive:
                _fill(archive, open_record, newest)
            until_made.pop_all()  # closed when it has been sent
    except (TurnRefused, RenderFailed, OSError) as error:
        raise DownloadWaits from error
    return file


def _fill(archive: "ZipFile", open_record: OpenRecord, newest: StoredPlan | None) -> None:
    pdf = render(newest, plan_as_it_stands(open_record, newest), options_for(newest, {})) if newest else None
    names = _add_photos(archive, open_record)
    record = _record(open_record)
    archive.writestr("READ-ME.txt", _read_me(open_record, newest, names, record))
    if record is not None:
        archive.writestr("answers.json", _text(record))
    archive.writestr("everything.json", _text(_everything(open_record, newest, names)))
    if newest and pdf is not None:
        archive.writestr(f"plan-{newest.issued.made_on}.pdf", pdf)
        now = standings_of(open_record)
        archive.writestr(f"plan-{newest.issued.made_on}.fhir.json", _text(bundle_of(newest, now)))
        archive.writestr("note.txt", note_of(newest, now).replace("\n", "\r\n") + "\r\n")


def _add_photos(archive: "ZipFile", open_record: OpenRecord) -> dict[str, str]:
    """One at a time, as they are. The name of each by what it shows: its room and the thing, as our codes say it."""
    from zipfile import ZIP_STORED

    names = {}
    for link_id, photo_id in open_record.draft.photo_ids.items():
        if not _SAFE.fullmatch(link_id):
            continue
        try:
            picture = store().get_photo(open_record.record_id, photo_id)
        except (RecordNotFound, SealBroken):  # taken away at this moment, or damaged: the others can be had
            continue
        names[link_id] = f"photos/{link_id}.jpg"
        archive.writestr(names[link_id], picture, ZIP_STORED)  # a photo does not become smaller
    return names


def _record(open_record: OpenRecord) -> dict[str, Any] | None:
    """The answers as `flask assess` reads them; None where there is nothing to assess."""
    known = definitions()
    record = record_of(known, person_of(known, open_record.draft, today()), today())
    try:
        read_person(known, json.loads(json.dumps(record), parse_float=Decimal))
    except PersonError:
        return None
    return record


def _everything(open_record: OpenRecord, newest: StoredPlan | None, names: dict[str, str]) -> dict[str, Any]:
    ticks = store().list_ticks(open_record.record_id)
    everything = {
        "app": "Firm Footing",
        "made_on": today().isoformat(),
        "language": language(),
        "warnings": [_warning(each) for each in _warnings(open_record)],
        "plans": [_plan(each) for each in store().list_submissions(open_record.record_id)],
        "steps": touched_steps(newest.words, newest.issued, standings(ticks)) if newest else [],
        "ticks": list(ticks),
        "shared_with": [_share(each) for each in store().list_shares(open_record.record_id)],
        "handed_to_clinics": [
            _handed_over(each) for each in store().list_health_links(open_record.record_id, now_ms() // 1000)
        ],
        "photos": [{"file": name, "shows": _shown(link_id)} for link_id, name in names.items()],
        "answers_as_typed": open_record.draft.as_typed(),
    }
    found: dict[str, Any] = without_private(spoken(), everything)
    return found


def _share(share: Share) -> dict[str, Any]:
    """With whom it is shared, without what opens it."""
    looked_at = share.last_opened.isoformat() if share.last_opened else None
    days = {"from": share.made.isoformat(), "until": share.until.isoformat(), "opened": looked_at}
    return {"name": share.name, "right": share.right, **days}


def _handed_over(link: HealthLink) -> dict[str, Any]:
    """What a clinic's computer may fetch still: until when, and of which day the plan in it is."""
    return {"plan_of": link.plan_of.isoformat(), "until": datetime.fromtimestamp(link.ends, UTC).isoformat()}


def _plan(submission: Submission) -> dict[str, Any]:
    """A plan in this browser's language, from the words it was made from; its codes alone where those are damaged."""
    data = PlanData.of(submission)
    head = {"content": submission.content_hash, "answered_by": data.answered_by}
    try:
        stored = read_plan(submission)
    except (RecordNotFound, SealBroken):
        return {**head, "as_kept": data.codes}
    return {**head, **plan_of(stored.words, stored.issued)}


def _warnings(open_record: OpenRecord) -> list[WarningInWords]:
    """What stands today, by the names that paper gives."""
    sign_of = spoken().sign_of
    found = warnings_on_top(wording(), open_record.draft)
    return [replace(each, name=sign_of[each.id].paper_says or each.name) for each in found]


def _warning(each: WarningInWords) -> dict[str, str]:
    return {"urgency": each.urgency, "name": each.name, "do": each.do, "number": each.number}


def _shown(link_id: str) -> str:
    question = spoken().question_of.get(f"{spoken().rooms.id}.{link_id}")
    return (question.name or question.finding or "") if question else ""


def _read_me(
    open_record: OpenRecord, newest: StoredPlan | None, names: dict[str, str], record: dict[str, Any] | None
) -> str:
    """Warnings first, then what each file is, a line each."""
    words = wording()
    urgent = [f"{words.urgency(each.urgency)}: {each.name}. {each.do}" for each in _warnings(open_record)]
    lines = [_("Firm Footing"), words.day(today()), "", *urgent, *([""] if urgent else [])]
    lines += [_("This is everything that this app keeps of these answers.")]
    lines += [_("Keep it in a safe place. It is not sealed, so whoever opens it can read it."), ""]
    if newest:
        lines.append(_("%(file)s: the newest plan, to read or print.", file=f"plan-{newest.issued.made_on}.pdf"))
        lines.append(_("%(file)s: the same for a clinic’s records.", file=f"plan-{newest.issued.made_on}.fhir.json"))
        lines.append(_("%(file)s: a note that a clinic can paste into its records.", file="note.txt"))
    if names:
        lines.append(_("%(file)s: the photos. Each name says the room and the thing.", file="photos"))
    if record is not None:
        lines.append(_("%(file)s: the answers, for a computer at a clinic (flask assess).", file="answers.json"))
    lines.append(_("%(file)s: answers as typed, every plan, and what was done.", file="everything.json"))
    private = [each.paper_says for each in spoken().warning_signs.signs if each.paper_says]
    if record is not None and not is_exact(definitions(), person_of(definitions(), open_record.draft, today())):
        lines += ["", _("“%(name)s” is left out of answers.json.", name=private[0])]
    if spoken().is_draft:
        lines += ["", _("This is a draft. No clinician has reviewed its words yet.")]
    return "\r\n".join((*lines, ""))


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
