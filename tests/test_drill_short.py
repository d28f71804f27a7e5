"""The short form of the drills; `./run drill` cuts, kills and guesses far more often."""

from typing import cast

import pytest

from lab.drill.kill import kill_early_acknowledgers, kill_writers
from lab.drill.load import abuse, beside
from lab.drill.load.crowd import crowd_one_store
from lab.drill.load.guessing import guess, guess_with_short_hashes, press, press_without_pace
from lab.drill.load.slow_connections import TWINS, stand_beside
from lab.drill.power_cut import cut_power
from lab.drill.print_queue import finish_in_two_steps, kill_print_workers
from lab.drill.server import Sender, kill_servers
from lab.drill.tampering import TAMPERINGS, tamper
from lab.people.stock import StoredRecord
from web.plan.ticks import MOST_OWN


def test_no_power_cut_loses_an_acknowledged_answer() -> None:
    cost = cut_power(30)
    assert (cost.lost, cost.broken) == (0, 0)
    assert cost.acknowledged > 100


def test_the_drill_notices_a_store_that_does_not_wait_for_the_disk() -> None:
    assert cut_power(30, "NORMAL").lost > 0


def test_no_killed_writer_loses_doubles_or_halves_what_it_acknowledged() -> None:
    cost = kill_writers(20, longest_seconds=0.4).cost
    assert (cost.lost, cost.doubled, cost.halved) == (0, 0, 0)
    assert cost.acknowledged > 50


def test_the_drill_notices_a_store_that_acknowledges_before_it_commits() -> None:
    assert kill_early_acknowledgers(12).cost.lost > 0


def test_no_killed_print_worker_loses_a_job_or_delivers_one_twice() -> None:
    seen = kill_print_workers(60, 12)
    assert (seen.lost, seen.doubled) == (0, 0)


def test_the_drill_notices_a_job_that_is_finished_outside_the_transaction() -> None:
    assert kill_print_workers(150, 20, finish=finish_in_two_steps).doubled > 0


def test_somebody_whose_plan_takes_no_more_of_their_own_goes_on_with_answers() -> None:
    who = Sender(cast(StoredRecord, None), cookie="", port=0)
    for _ in range(90):
        who.waiting = who.next_form()
        who.note_answered()
    assert len(who.notes) == MOST_OWN
    assert len(who.values) == 90 - MOST_OWN
    assert who.values[-2] != who.values[-1]


def test_a_killed_server_has_kept_every_form_that_it_answered() -> None:
    cost = kill_servers(1).cost
    assert (cost.lost, cost.doubled, cost.halved) == (0, 0, 0)
    assert cost.acknowledged > 0


def test_the_drill_notices_a_server_that_answers_before_it_commits() -> None:
    assert kill_servers(1, early=True).cost.lost > 0


def test_writers_that_take_turns_are_not_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.sqlite.connecting.TURN_SECONDS", 20)  # a busy machine's disk may take a second
    told = crowd_one_store(8, 1)
    assert told.refused == 0
    assert len(told.stored) >= 8


def test_the_drill_notices_writers_that_take_no_turns() -> None:
    assert crowd_one_store(32, 1.5, turns=False).refused > 0


def test_every_row_put_back_or_cut_out_is_noticed_and_others_go_on() -> None:
    told = tamper()
    assert {what: each.noticed for what, each in told.items()} == {what: when for what, (when, _) in TAMPERINGS.items()}
    assert all(each.others_read for each in told.values())


def test_a_store_that_does_not_look_notices_no_row_put_back() -> None:
    assert {each.noticed for each in tamper(looking=False).values()} == {"never"}


def test_a_person_is_answered_beside_silent_and_slow_connections() -> None:
    seen = stand_beside(220, 5, patience_seconds=10)
    assert (seen.were_there, seen.share) == (True, 1)


def test_the_drill_notices_a_server_whose_threads_wait_for_slow_connections() -> None:
    assert stand_beside(20, 1, TWINS["a thread for each connection"], patience_seconds=1).share == 0


def test_no_guess_opens_anything_and_what_should_open_does() -> None:
    told = guess(20_000)
    assert (told.reached, told.shut) == (0, 0)
    assert told.links > 20_000 < told.codes


def test_the_drill_notices_hashes_that_are_too_short() -> None:
    assert guess_with_short_hashes(4_000, records=200, nearly=1).reached > 0  # some 25 of them; none once in 10^10


def test_codes_are_answered_in_their_turn_and_a_right_one_at_once_whoever_guesses() -> None:
    told = press(0.5)
    assert 50 < told.wrong_a_second < 230
    assert told.reached == told.right > 5


def test_the_drill_notices_codes_that_are_answered_as_fast_as_they_come() -> None:
    assert press_without_pace(0.3).wrong_a_second > 230


def test_a_right_code_gets_in_beside_a_guesser_at_a_real_server() -> None:
    assert abuse.guess_codes(1.5).let_in >= 0.99


def test_the_drill_notices_a_server_that_counts_wrong_codes() -> None:
    assert abuse.guess_codes(1.5, abuse.COUNTS_WRONG_CODES).let_in < 0.99


def test_an_abuser_beside_nobody_shows_neither_that_people_get_in_nor_that_they_do_not() -> None:
    seen = abuse.BesideAbuse(abused=100)
    for share in (seen.let_in, seen.success):
        assert not share >= 0.99
        assert not share < 0.99
    assert "0 of 0 soon and right, nan times" in beside._beside(seen)
