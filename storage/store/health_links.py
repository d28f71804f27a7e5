"""Files for a clinic's computer, as verbs."""

from datetime import date, timedelta

from storage.health_link_model import HealthLink
from storage.model import RecordNotFound, StoreFull
from storage.repeating import repeated
from storage.rows import health_links
from storage.rows.links_and_codes import hash_of_link
from storage.store.transactions import Transactions


class HealthLinks(Transactions):
    """Part of the store; `Store` says what each verb owes."""

    @repeated
    def make_health_link(
        self, record_id: str, *, token: str, file: bytes, plan_of: date, made: int, ends: int
    ) -> HealthLink:
        link = HealthLink(link_id=hash_of_link(token), record_id=record_id, made=made, ends=ends, plan_of=plan_of)
        expires = self._today() + timedelta(seconds=ends - made)
        with self._writing(self._record_to_change(record_id)) as rows:
            record = self._get_record(rows, record_id)
            if self.engine.is_short_of_room():
                raise StoreFull("the room that is left is kept for answers and for erasing")
            self._keep_alive(rows, record)
            return health_links.make(rows, link, expires, file)

    def list_health_links(self, record_id: str, now: int) -> tuple[HealthLink, ...]:
        with self._reading(self._record(record_id)) as rows:
            self._get_record(rows, record_id)
            return tuple(each for each in health_links.all_of(rows, record_id) if each.ends > now)

    @repeated
    def take_back_health_link(self, record_id: str, link_id: str) -> None:
        with self._writing(self._record_to_change(record_id)) as rows:
            self._get_record(rows, record_id)
            health_links.take_back(rows, record_id, link_id, self._today())

    def get_health_file(self, token: str, now: int) -> bytes:
        with self._reading() as rows:
            found = health_links.find(rows, hash_of_link(token))
            if found is None or found[0].ends <= now:
                raise RecordNotFound("this link opens nothing")
            self._get_record(rows, found[0].record_id)
        return found[1]
