"""How the bench judges what it has measured; `./run bench` measures it."""

import pytest

from lab.servers import beside_file


@pytest.mark.parametrize("rounds", [[1.0, 1.1, 1.3, 1.3, 1.3], [1.0, 1.0, 1.3, 1.4, 9.0]])
def test_many_records_are_judged_by_the_middle_round_and_not_by_the_best(rounds: list[float]) -> None:
    figure = beside_file.judged("adding a tick", 1_000_000, [(2.0, 2 * ratio) for ratio in rounds])
    assert figure.value == pytest.approx(1.3)
    assert not figure.holds
    assert f"(2.60 ms / 2.00 ms; rounds from 1.00 to {rounds[-1]:.2f})" in figure.name
