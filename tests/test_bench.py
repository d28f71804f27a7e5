"""How the bench judges what it has measured; `./run bench` measures it."""

import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import FrameType, SimpleNamespace

import pytest
from flask import Flask

from lab.bench import paper_in_chromium, run
from lab.bench.clinic import print_workers, walking
from lab.bench.clinic.print_workers import Rate
from lab.bench.figures import Figure
from lab.drill.server import people_at
from lab.servers import beside_file

MOST_CALLS_A_PAGE = 2850


@pytest.mark.parametrize("rounds", [[1.0, 1.1, 1.3, 1.3, 1.3], [1.0, 1.0, 1.3, 1.4, 9.0]])
def test_many_records_are_judged_by_the_middle_round_and_not_by_the_best(rounds: list[float]) -> None:
    figure = beside_file.judged("adding a tick", 1_000_000, [(2.0, 2 * ratio) for ratio in rounds])
    assert figure.value == pytest.approx(1.3)
    assert not figure.holds
    assert f"(2.60 ms / 2.00 ms; rounds from 1.00 to {rounds[-1]:.2f})" in figure.name


def test_paper_is_judged_by_the_full_chromium_where_there_is_one_and_both_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    windowless, full = (put(tmp_path / name) for name in ("chromium-headless-shell", "chromium"))
    monkeypatch.setattr(paper_in_chromium, "BROWSER", windowless)
    assert paper_in_chromium.browsers() == [full, windowless]
    theirs = {full: 100.0, windowless: 60.0}
    figures = paper_in_chromium.judged(150, 45, theirs)
    assert [each.value for each in figures] == [1.5, 0.45, 45]
    assert figures[0].name == "a plan's paper / warm chromium, same HTML (2.50 of chromium-headless-shell)"
    assert figures[1].name == "prepared paper, tap to PDF / warm chromium (0.75 of chromium-headless-shell)"
    said = paper_in_chromium.figures_beside(150, 45, theirs)
    assert "in warm chromium: 100 ms, of which these are 1.50 and 0.45 (this one judges)" in said
    assert "in warm chromium-headless-shell: 60 ms, of which these are 2.50 and 0.75" in said
    assert "not installed" not in said


def test_without_the_full_chromium_the_bench_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(paper_in_chromium, "BROWSER", put(tmp_path / "chromium-headless-shell"))
    (only,) = paper_in_chromium.browsers()
    assert paper_in_chromium.judged(150, 45, {only: 60})[0].value == 2.5
    said = paper_in_chromium.figures_beside(150, 45, {only: 60})
    assert "chromium-headless-shell: 60 ms, of which these are 2.50 and 0.75 (this one judges)" in said
    assert "chromium is not installed" in said


def test_two_workers_are_judged_by_the_clock_too() -> None:
    pairs = [(Rate(by_clock=8, without_waits=9), Rate(by_clock=two, without_waits=17.1)) for two in (8, 9.6, 16)]
    by_clock, without_waits = print_workers.judged(pairs)
    assert by_clock.value == pytest.approx(1.2)
    assert not by_clock.holds
    assert without_waits.value == pytest.approx(1.9)
    assert without_waits.holds


def test_what_a_worker_holds_as_it_binds_a_file_counts_for_the_plans_of_that_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moments = [(0, 200.0), (0, 340.0), (120, 260.0), (120, 350.0), (600, 260.0), (600, 345.0), (1020, 260.0)]
    bound, held = (iter(each) for each in zip(*moments, strict=True))
    work = SimpleNamespace(bound=lambda: next(bound), processes=[1])
    monkeypatch.setattr(print_workers, "_working", lambda *_: nullcontext(work))
    monkeypatch.setattr(print_workers, "resident_megabytes", lambda _: next(held))
    monkeypatch.setattr(print_workers, "LOOK_SECONDS", 0)
    to_500, to_1000 = print_workers.measure_memory()
    assert (to_500.value, to_1000.value) == (350 / 340, 345 / 340)


def test_parts_are_measured_as_they_are_named_and_the_long_ones_only_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("signal.signal", lambda *_: None)
    missed = Figure(name="many", value=3, limit=2)
    monkeypatch.setattr(run, "PARTS", {"paper": lambda _: [Figure(name="paper", value=1, limit=2)]})
    monkeypatch.setattr(run, "ONLY_NAMED", {"scale": lambda options: [missed] * options.records, "way": lambda _: []})
    for typed, ends, says in (
        ([], 0, "1 figures, 0 beyond their limit"),
        (["scale", "paper", "--records", "2"], 1, "3 figures, 2 beyond their limit"),
    ):
        monkeypatch.setattr("sys.argv", ["run.py", *typed])
        assert run.main() == ends
        assert capsys.readouterr().out.splitlines()[-1] == says
    with pytest.raises(SystemExit):
        run.options_of(["nothing"])


def put(program: Path) -> str:
    program.touch(0o755)
    return str(program)


def test_the_page_that_is_measured_is_a_question_for_everybody(folder: Path, restart: Callable[[], Flask]) -> None:
    people, _ = people_at(folder, 12)
    client = restart().test_client(use_cookies=False)
    answers = [client.get(walking.PAGE, headers={"Cookie": each.cookie}) for each in people]
    assert {each.status_code for each in answers} == {200}
    assert all(b'name="fell-past-year"' in each.data for each in answers)


def test_a_question_page_makes_no_more_calls_than_it_needs(folder: Path, restart: Callable[[], Flask]) -> None:
    """By calls, as no clock of a busy machine tells what the bench tells of an idle one: 2,710 in November 2026."""
    (person,), _ = people_at(folder, 1)
    client = restart().test_client(use_cookies=False)
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    for profile in (None, None, count):  # what is made once is made before
        sys.setprofile(profile)
        try:
            answer = client.get(walking.PAGE, headers={"Cookie": person.cookie})
        finally:
            sys.setprofile(None)
        assert answer.status_code == 200
    assert 2000 < calls < MOST_CALLS_A_PAGE, calls
