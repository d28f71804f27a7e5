"""The short form of the drills; `./run drill` cuts and kills far more often."""

from drill.power_cut import cut_power


def test_no_power_cut_loses_an_acknowledged_answer() -> None:
    cost = cut_power(30)
    assert (cost.lost, cost.broken) == (0, 0)
    assert cost.acknowledged > 100


def test_the_drill_notices_a_store_that_does_not_wait_for_the_disk() -> None:
    assert cut_power(30, "NORMAL").lost > 0
