"""Files of people and their faults: everything wrong is named where it stands, and nothing is guessed."""

import json
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from itertools import islice

import pytest

from checklists import PersonError, read_person
from checklists.people.records import LONGEST, Record
from checklists.people.records import read_records as read_file

ONE = b'{"warning-signs": []}'


def read_records(data: bytes) -> Iterator[Record]:
    return read_file(BytesIO(data))


def lines_and_faults(data: bytes) -> list[tuple[int, str | None]]:
    return [(record.line, record.fault) for record in read_records(data)]


# Where a record starts ------------------------------------------------------------------------------------------------

WHERE = {
    "one line": (ONE, [1]),
    "one line with an end": (ONE + b"\n", [1]),
    "one object over many lines": (b'{\n "warning-signs":\n  []\n}\n', [1]),
    "one object over many lines after blank lines": (b'\n\n{\n "warning-signs": []\n}', [3]),
    "one object whose inner object fills a line": (b'{"answers":\n{"falls": {}}\n}', [1]),
    "one object a line": (ONE + b"\n" + ONE + b"\n" + ONE, [1, 2, 3]),
    "blank lines are skipped and counted": (b"\n" + ONE + b"\n \t\n\r\n" + ONE + b"\n\n", [2, 5]),
    "lines ended as on Windows": (ONE + b"\r\n" + ONE + b"\r\n", [1, 2]),
    "a byte order mark": (b"\xef\xbb\xbf" + ONE + b"\n" + ONE, [1, 2]),
    "a byte order mark and one object over many lines": (b'\xef\xbb\xbf{\n"warning-signs": []}', [1]),
    "white space around": (b"   " + ONE + b"  \n", [1]),
}


@pytest.mark.parametrize(("data", "lines"), WHERE.values(), ids=WHERE)
def test_a_record_is_named_by_the_line_on_which_it_starts(data, lines) -> None:
    assert lines_and_faults(data) == [(line, None) for line in lines]


@pytest.mark.parametrize("data", [b"", b"\n\n", b" \t\r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_an_empty_file_has_nobody_in_it(data) -> None:
    assert lines_and_faults(data) == []


# What is no record -----------------------------------------------------------------------------------------------------

NO_RECORDS = {
    "a word": (b"hello", "not JSON"),
    "an object that does not end": (b'{"warning-signs": []', "not JSON"),
    "a comma too many": (b'{"warning-signs": [],}', "not JSON"),
    "single quotes": (b"{'warning-signs': []}", "not JSON"),
    "a comment": (b'{"warning-signs": []} // none', "not JSON"),
    "two objects on one line": (ONE + b" " + ONE, "not JSON"),
    "a tab inside a string": (b'{"today": "2026\t"}', "not JSON"),
    "a zero byte": (b'{"warning-signs": []}\x00', "not JSON"),
    "NaN": (b'{"measures": {"tug-seconds": NaN}}', "NaN is not a number"),
    "Infinity": (b'{"measures": {"tug-seconds": Infinity}}', "Infinity is not a number"),
    "-Infinity": (b'{"measures": {"tug-seconds": -Infinity}}', "-Infinity is not a number"),
    "an exponent beyond every number": (
        b'{"measures": {"tug-seconds": 1e99999999999999999999}}',
        "too large or too small",
    ),
    "a list": (b"[" + ONE + b"]", "not a JSON object"),
    "a number": (b"72", "not a JSON object"),
    "null": (b"null", "not a JSON object"),
    "a text": (b'"falls"', "not a JSON object"),
    "bytes that are not UTF-8": (b'{"today": "\xff"}', "not UTF-8"),
    "UTF-16": ('{"warning-signs": []}'.encode("utf-16-le"), "not JSON"),
    "a key twice": (b'{"warning-signs": [], "warning-signs": []}', "warning-signs: stands twice"),
    "an inner key twice": (
        b'{"answers": {"falls": {"numb-feet": "no", "numb-feet": "yes"}}}',
        "numb-feet: stands twice",
    ),
    "a key three times": (b'{"today": null, "today": null, "today": null}', "today: stands twice"),
}


@pytest.mark.parametrize(("data", "says"), NO_RECORDS.values(), ids=NO_RECORDS)
def test_what_is_no_record_is_one_fault_and_the_others_still_stand(data, says) -> None:
    (first, fault), (second, none) = lines_and_faults(data + b"\n" + ONE)
    assert (first, second, none) == (1, 2, None)
    assert says in fault


def test_two_different_keys_that_stand_twice_are_both_named() -> None:
    ((_, fault),) = lines_and_faults(b'{"today": null, "today": null, "answers": {"home": {}, "home": {}}}')
    assert "today: stands twice" in fault
    assert "home: stands twice" in fault
    assert "; " in fault


def test_a_broken_object_over_many_lines_is_one_fault_on_its_first_line() -> None:
    ((line, fault),) = lines_and_faults(b'{\n "warning-signs": [],\n "answers": {"falls": maybe}\n}\n')
    assert line == 1
    assert "not JSON" in fault
    assert "on line 3" in fault


def test_the_line_inside_a_broken_object_counts_the_blank_lines_before_it() -> None:
    ((line, fault),) = lines_and_faults(b'\n\n{\n "warning-signs": [],\n "answers": maybe\n}\n')
    assert line == 3
    assert "on line 5" in fault


@pytest.mark.parametrize("depth", [10, 500, *range(900, 1010, 3), 5_000, 100_000])
def test_deep_nesting_is_a_fault_and_never_a_crash(definitions, depth) -> None:
    nested = b'{"answers": {"falls": ' + b"[" * depth + b"]" * depth + b"}}"
    (record,) = read_records(nested)
    if record.fault is None:
        with pytest.raises(PersonError):
            read_person(definitions, record.value)
    else:
        assert "nested too deeply" in record.fault


# One person ----------------------------------------------------------------------------------------------------------


def faults_of(definitions, text: str) -> str:
    (record,) = read_records(text.encode("utf-8", "surrogatepass"))
    assert record.fault is None
    with pytest.raises(PersonError) as caught:
        read_person(definitions, record.value)
    assert str(caught.value) == "; ".join(caught.value.faults)
    return str(caught.value)


def falls(answers: str) -> str:
    return '{"answers": {"falls": {' + answers + "}}}"


def bone(answers: str, about: str = "") -> str:
    return '{"answers": {"about": {' + about + '}, "bone": {' + answers + "}}}"


def about(answers: str) -> str:
    return '{"warning-signs": [], "answers": {"about": {' + answers + "}}}"


def measures(given: str) -> str:
    return '{"answers": {"falls": {}}, "measures": {' + given + "}}"


FAULTS = {
    # unknown keys, at each level
    "a key of no meaning": ('{"warning-signs": [], "name": "Ann"}', ["name"]),
    "a checklist that does not exist": ('{"answers": {"feet": {}, "falls": {}}}', ["answers.feet"]),
    "a question that does not exist": (falls('"fell": "yes"'), ["answers.falls.fell"]),
    "a question about the person that does not exist": (about('"years": 72'), ["answers.about.years"]),
    "a measure that does not exist": (measures('"tug": 12'), ["measures.tug"]),
    "a pressure that does not exist": (
        measures('"bp": {"lying": [120, 80], "min1": [118, 78], "min2": [118, 78]}'),
        ["measures.bp.min2"],
    ),
    "a key that no text can hold": ('{"warning-signs": [], "\\ud800": 1}', ["no such key"]),
    # wrong types
    "answers are a list": ('{"answers": []}', ["answers"]),
    "a checklist is a text": ('{"answers": {"falls": "yes"}}', ["answers.falls"]),
    "a checklist is true": ('{"answers": {"falls": true}}', ["answers.falls"]),
    "about is a list": ('{"warning-signs": [], "answers": {"about": []}}', ["answers.about"]),
    "measures are a list": ('{"answers": {"falls": {}}, "measures": []}', ["measures"]),
    "warning signs are a text": ('{"warning-signs": "none"}', ["warning-signs"]),
    "warning signs are an object": ('{"warning-signs": {}}', ["warning-signs"]),
    "a yes that is true": (falls('"numb-feet": true'), ["answers.falls.numb-feet", "yes, no, unsure"]),
    "a yes that is a number": (falls('"numb-feet": 1'), ["answers.falls.numb-feet", "yes, no, unsure"]),
    "a yes that is a list": (falls('"numb-feet": ["yes"]'), ["answers.falls.numb-feet"]),
    "an age that is a text": (about('"age": "72"'), ["answers.about.age", "72"]),
    "an age that is true": (about('"age": true'), ["answers.about.age"]),
    "a measure that is true": (measures('"tug-seconds": true'), ["measures.tug-seconds"]),
    "a measure that is a list": (measures('"tug-seconds": [12]'), ["measures.tug-seconds"]),
    "a measure that is a word": (measures('"tug-seconds": "fast"'), ["measures.tug-seconds", "unable"]),
    # impossible values
    "maybe": (falls('"fell-past-year": "maybe"'), ['answers.falls.fell-past-year: "maybe"', "yes, no, unsure"]),
    "Yes with a capital": (falls('"fell-past-year": "Yes"'), ["answers.falls.fell-past-year"]),
    "an empty answer": (falls('"fell-past-year": ""'), ["answers.falls.fell-past-year"]),
    "not-here outside the home": (falls('"numb-feet": "not-here"'), ["answers.falls.numb-feet"]),
    "not-here for a habit of posture": (
        '{"answers": {"posture": {"lift-twisting": "not-here"}}}',
        ["answers.posture.lift-twisting"],
    ),
    "a sex we do not know": (about('"sex": "woman"'), ["answers.about.sex", "female, male, unsure"]),
    "a bone medicine we do not know": (bone('"bone-medicine": "yes"'), ["answers.bone.bone-medicine", "none"]),
    "age 17": (about('"age": 17'), ["answers.about.age", "18", "120"]),
    "age 121": (about('"age": 121'), ["answers.about.age", "18", "120"]),
    "age 72.0": (about('"age": 72.0'), ["answers.about.age", "72.0", "whole number"]),
    "age 7.2e1": (about('"age": 7.2e1'), ["answers.about.age", "whole number"]),
    "age 72e0": (about('"age": 72e0'), ["answers.about.age", "whole number"]),
    "an age of a hundred digits": (about(f'"age": {"9" * 100}'), ["answers.about.age"]),
    "an age of ten thousand digits": (about(f'"age": {"9" * 10_000}'), ["answers.about.age"]),
    "weight 24.9": (bone('"weight-kg": 24.9'), ["answers.bone.weight-kg", "25", "300"]),
    "weight 300.1": (bone('"weight-kg": 300.1'), ["answers.bone.weight-kg", "25", "300"]),
    "weight with two decimals": (bone('"weight-kg": 58.25'), ["answers.bone.weight-kg", "decimal"]),
    "weight with a hundredth in an exponent": (bone('"weight-kg": 5825e-2'), ["answers.bone.weight-kg"]),
    "weight with forty decimals": (
        bone('"weight-kg": 58.' + "0" * 39 + "1"),
        ["answers.bone.weight-kg", "decimal"],
    ),
    "a huge exponent": (bone('"weight-kg": 1e999999999'), ["answers.bone.weight-kg"]),
    "a tiny exponent": (bone('"weight-kg": 1e-999999999'), ["answers.bone.weight-kg"]),
    "height 99.9": (bone('"height-cm": 99.9'), ["answers.bone.height-cm"]),
    "height 230.1": (bone('"height-cm": 230.1'), ["answers.bone.height-cm"]),
    "height with two decimals": (bone('"height-cm": 160.05'), ["answers.bone.height-cm", "decimal"]),
    "tallest height 99": (bone('"tallest-height-cm": 99'), ["answers.bone.tallest-height-cm"]),
    "TUG 0.9": (measures('"tug-seconds": 0.9'), ["measures.tug-seconds"]),
    "TUG 600.1": (measures('"tug-seconds": 600.1'), ["measures.tug-seconds"]),
    "tandem 10.1": (measures('"tandem-seconds": 10.1'), ["measures.tandem-seconds"]),
    "tandem below zero": (measures('"tandem-seconds": -0.1'), ["measures.tandem-seconds"]),
    "gait 0.04": (measures('"gait-speed-m-s": 0.04'), ["measures.gait-speed-m-s"]),
    "gait 3.01": (measures('"gait-speed-m-s": 3.01'), ["measures.gait-speed-m-s"]),
    "chair stands 61": (measures('"chair-stands": 61'), ["measures.chair-stands"]),
    "chair stands -1": (measures('"chair-stands": -1'), ["measures.chair-stands"]),
    "chair stands 9.0": (measures('"chair-stands": 9.0'), ["measures.chair-stands", "whole number"]),
    "frailty unsure": (measures('"frailty": "unsure"'), ["measures.frailty", "yes, no"]),
    "arms unsure": (measures('"chair-used-arms": "unsure"'), ["measures.chair-used-arms", "yes, no"]),
    "arms unable": (measures('"chair-used-arms": "unable"'), ["measures.chair-used-arms", "yes, no"]),
    "frailty true": (measures('"frailty": true'), ["measures.frailty"]),
    "measures are checked without falls": (
        '{"warning-signs": [], "measures": {"tug-seconds": 0}}',
        ["measures.tug-seconds"],
    ),
    "today is yesterday": ('{"warning-signs": [], "today": "yesterday"}', ["today"]),
    "today is a day that never was": ('{"warning-signs": [], "today": "2026-02-30"}', ["today"]),
    "today in another order": ('{"warning-signs": [], "today": "11/22/2026"}', ["today"]),
    "today as a number": ('{"warning-signs": [], "today": 20261122}', ["today"]),
    "today with a time": ('{"warning-signs": [], "today": "2026-11-22T08:00"}', ["today"]),
    # blood pressure
    "bp is a pair": (measures('"bp": [120, 80]'), ["measures.bp"]),
    "bp without lying": (measures('"bp": {"min1": [120, 80]}'), ["measures.bp", "lying"]),
    "bp without a standing pair": (measures('"bp": {"lying": [120, 80]}'), ["measures.bp", "min1", "min3"]),
    "bp with null pairs": (measures('"bp": {"lying": [120, 80], "min1": null}'), ["measures.bp", "min3"]),
    "bp of one number": (measures('"bp": {"lying": [120], "min1": [118, 78]}'), ["measures.bp.lying"]),
    "bp of three numbers": (measures('"bp": {"lying": [120, 80, 60], "min1": [118, 78]}'), ["measures.bp.lying"]),
    "bp as text": (measures('"bp": {"lying": "120/80", "min1": [118, 78]}'), ["measures.bp.lying"]),
    "bp with a point": (measures('"bp": {"lying": [120.0, 80], "min1": [118, 78]}'), ["measures.bp.lying"]),
    "bp unable": (measures('"bp": "unable"'), ["measures.bp"]),
    "systolic 49": (measures('"bp": {"lying": [49, 20], "min1": [118, 78]}'), ["measures.bp.lying", "50"]),
    "systolic 301": (measures('"bp": {"lying": [120, 80], "min1": [301, 78]}'), ["measures.bp.min1", "300"]),
    "diastolic 19": (measures('"bp": {"lying": [120, 80], "min3": [118, 19]}'), ["measures.bp.min3", "20"]),
    "diastolic 201": (measures('"bp": {"lying": [250, 201], "min3": [118, 78]}'), ["measures.bp.lying", "200"]),
    "diastolic as high as systolic": (
        measures('"bp": {"lying": [80, 80], "min1": [118, 78]}'),
        ["measures.bp.lying", "lower"],
    ),
    "dizzy unsure": (
        measures('"bp": {"lying": [120, 80], "min1": [118, 78], "dizzy": "unsure"}'),
        ["measures.bp.dizzy", "yes, no"],
    ),
    "dizzy true": (
        measures('"bp": {"lying": [120, 80], "min1": [118, 78], "dizzy": true}'),
        ["measures.bp.dizzy"],
    ),
    # warning signs
    "a sign we do not know": ('{"warning-signs": ["headache"]}', ["warning-signs", "headache"]),
    "a soon sign cannot be ticked": ('{"warning-signs": ["falls-review"]}', ["warning-signs", "falls-review"]),
    "a sign that is no text": ('{"warning-signs": [["blackout"]]}', ["warning-signs"]),
    "a sign that is null": ('{"warning-signs": [null]}', ["warning-signs"]),
    # records of nothing
    "nothing at all": ("{}", ["neither", "warning-signs"]),
    "only a day": ('{"today": "2026-11-22"}', ["neither"]),
    "only about": ('{"answers": {"about": {"age": 72}}}', ["neither"]),
    "only measures": ('{"measures": {"tug-seconds": 12}}', ["neither"]),
    "every list null": ('{"answers": {"falls": null, "bone": null}, "warning-signs": null}', ["neither"]),
    # answers that contradict, each naming both keys
    "two falls without a fall": (
        falls('"fell-past-year": "no", "fell-twice": "yes"'),
        ["answers.falls.fell-twice", "answers.falls.fell-past-year"],
    ),
    "a blackout without a fall": (
        falls('"fall-blackout": "yes", "fell-past-year": "no"'),
        ["answers.falls.fall-blackout", "answers.falls.fell-past-year"],
    ),
    "a man past menopause": (
        bone('"postmenopausal": "yes"', '"sex": "male"'),
        ["answers.bone.postmenopausal", "answers.about.sex"],
    ),
    "a man with early menopause": (
        bone('"menopause-before-45": "yes"', '"sex": "male"'),
        ["answers.bone.menopause-before-45", "answers.about.sex"],
    ),
    "a man on estrogen": (
        bone('"on-estrogen": "yes"', '"sex": "male"'),
        ["answers.bone.on-estrogen", "answers.about.sex"],
    ),
    "a break after 50 at 49": (
        bone('"broke-bone-after-50": "yes"', '"age": 49'),
        ["answers.bone.broke-bone-after-50", "answers.about.age"],
    ),
    "a late injection of somebody on tablets": (
        bone('"bone-medicine": "tablet-or-drip", "bone-injection-late": "yes"'),
        ["answers.bone.bone-injection-late", "answers.bone.bone-medicine"],
    ),
    "a result without a test": (
        bone('"had-dexa": "no", "dexa-result": "normal"'),
        ["answers.bone.dexa-result", "answers.bone.had-dexa"],
    ),
    "a recent test without a test": (
        bone('"had-dexa": "no", "dexa-past-2-years": "yes"'),
        ["answers.bone.dexa-past-2-years", "answers.bone.had-dexa"],
    ),
    "a tallest height 2.1 cm below the height now": (
        bone('"height-cm": 162.1, "tallest-height-cm": 160'),
        ["answers.bone.tallest-height-cm", "answers.bone.height-cm"],
    ),
}


@pytest.mark.parametrize(("text", "named"), FAULTS.values(), ids=FAULTS)
def test_a_fault_names_its_place_and_what_may_stand_there(definitions, text, named) -> None:
    fault = faults_of(definitions, text)
    for word in named:
        assert word in fault


FINE = {
    "an answer that is null was not given": falls('"numb-feet": null'),
    "a checklist that is null was not taken": '{"answers": {"bone": null, "falls": {}}}',
    "about that is null": '{"answers": {"about": null, "falls": {}}}',
    "answers that are null": '{"answers": null, "warning-signs": []}',
    "measures that are null": '{"answers": {"falls": {}}, "measures": null}',
    "a measure that is null": measures('"tug-seconds": null, "bp": null'),
    "a day that is null": '{"warning-signs": [], "today": null}',
    "a checklist without any answer": '{"answers": {"home": {}}}',
    "only signs": '{"warning-signs": []}',
    "a sign twice": '{"warning-signs": ["blackout", "blackout"]}',
    "age 18 and 120": about('"age": 18'),
    "age 120": about('"age": 120'),
    "one decimal": bone('"weight-kg": 58.3'),
    "one decimal by value": bone('"weight-kg": 58.30000000000000000000000000000000000000'),
    "one decimal as an exponent": bone('"weight-kg": 583e-1, "height-cm": 1.6e2'),
    "the least and the most": bone('"weight-kg": 25, "height-cm": 100, "tallest-height-cm": 230.0'),
    "a tallest height 2.0 cm below the height now": bone('"height-cm": 162, "tallest-height-cm": 160'),
    "measures at their ends": measures(
        '"tug-seconds": 1, "tandem-seconds": 10, "gait-speed-m-s": 0.05, "chair-stands": 60'
    ),
    "measures at their other ends": measures(
        '"tug-seconds": 600, "tandem-seconds": 0, "gait-speed-m-s": 3, "chair-stands": 0'
    ),
    "measures unable": measures(
        '"tug-seconds": "unable", "tandem-seconds": "unable", "gait-speed-m-s": "unable", "chair-stands": "unable"'
    ),
    "the lowest and highest pressures": measures('"bp": {"lying": [300, 200], "min3": [50, 20]}'),
    "follow-ups that are no or unsure without a fall": falls(
        '"fell-past-year": "no", "fell-twice": "no", "fall-injury": "unsure"'
    ),
    "questions for women that a man answers with no": bone(
        '"postmenopausal": "no", "on-estrogen": "unsure"', '"sex": "male"'
    ),
    "an unsure result without a test": bone('"had-dexa": "no", "dexa-result": "unsure"'),
    "a break after 50 at an unknown age": bone('"broke-bone-after-50": "yes"'),
    "a break after 50 at 50": bone('"broke-bone-after-50": "yes"', '"age": 50'),
    "a late injection while the medicine is unsure": bone('"bone-medicine": "unsure", "bone-injection-late": "yes"'),
    "a late injection that was stopped": bone('"bone-medicine": "stopped", "bone-injection-late": "yes"'),
}


@pytest.mark.parametrize("text", FINE.values(), ids=FINE)
def test_what_the_contract_allows_is_read(definitions, text) -> None:
    (record,) = read_records(text.encode())
    assert record.fault is None
    read_person(definitions, record.value)


def test_every_fault_of_a_record_is_named_in_one_line(definitions) -> None:
    fault = faults_of(
        definitions,
        '{"today": "soon", "nonsense": 1, "warning-signs": ["none"], "answers": {"about": {"age": 7},'
        ' "falls": {"numb-feet": "maybe"}, "bone": {"weight-kg": 58.25}}, "measures": {"tug-seconds": 0}}',
    )
    for place in (
        "today",
        "nonsense",
        "warning-signs",
        "answers.about.age",
        "answers.falls.numb-feet",
        "answers.bone.weight-kg",
        "measures.tug-seconds",
    ):
        assert place in fault
    assert fault.count("; ") >= 6


def test_a_contradiction_is_named_beside_other_faults(definitions) -> None:
    fault = faults_of(definitions, falls('"fell-past-year": "no", "fell-twice": "yes", "numb-feet": "maybe"'))
    assert "answers.falls.numb-feet" in fault
    assert "answers.falls.fell-twice" in fault


def test_a_record_of_nothing_with_a_wrong_day_names_both(definitions) -> None:
    fault = faults_of(definitions, '{"today": "yesterday"}')
    assert "today" in fault
    assert "neither" in fault


def test_a_repeated_sign_counts_once(judged) -> None:
    found = judged({"warning-signs": ["blackout", "blackout"]})
    assert found["warnings"] == [{"id": "blackout", "urgency": "today"}]


def test_numbers_are_read_as_exact_decimals() -> None:
    (record,) = read_records(b'{"a": 0.1, "b": 81.0, "c": 72, "d": 1e2, "e": -0}')
    assert record.value == {"a": Decimal("0.1"), "b": Decimal("81.0"), "c": 72, "d": Decimal(100), "e": 0}
    assert [type(record.value[key]) for key in "abcde"] == [Decimal, Decimal, int, Decimal, int]


@pytest.mark.parametrize("value", [None, [], "falls", 72, True, [{}], Decimal(1)])
def test_a_record_that_is_no_object_is_refused(definitions, value) -> None:
    with pytest.raises(PersonError, match="object"):
        read_person(definitions, value)


def test_a_long_wrong_answer_is_cut_in_the_message(definitions) -> None:
    fault = faults_of(definitions, falls(f'"numb-feet": {json.dumps("x" * 5000)}'))
    assert len(fault) < 300


# What is quoted, how much of it, and what is no JSON at all ---------------------------------------------------------------

HOSTILE = "\x1b[2J\x07\x9b31m\r\nline 9: now: Stroke signs\u2028\u202e5550-100-155\u200b"
QUOTED = {
    "a key": {HOSTILE: 1, "warning-signs": []},
    "a key of answers": {"answers": {HOSTILE: 1}},
    "a key of a list": {"answers": {"falls": {HOSTILE: "yes"}}},
    "a key of measures": {"answers": {"falls": {}}, "measures": {HOSTILE: 1}},
    "a key of blood pressure": {"answers": {"falls": {}}, "measures": {"bp": {HOSTILE: 1}}},
    "an answer": {"answers": {"falls": {"numb-feet": HOSTILE}}},
    "an answer that should be a number": {"answers": {"about": {"age": HOSTILE}, "falls": {}}},
    "an answer that is a list": {"answers": {"falls": {"numb-feet": [HOSTILE, {HOSTILE: HOSTILE}]}}},
    "a measure": {"answers": {"falls": {}}, "measures": {"tug-seconds": HOSTILE}},
    "a sign": {"warning-signs": [HOSTILE]},
    "signs": {"warning-signs": HOSTILE},
    "a day": {"today": HOSTILE, "warning-signs": []},
    "a list": {"answers": {"falls": HOSTILE}},
    "a kind of FHIR": {"resourceType": HOSTILE},
}


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("record", QUOTED.values(), ids=QUOTED)
def test_what_is_quoted_does_no_harm_and_is_short(definitions, record, ascii_only) -> None:
    fault = faults_of(definitions, json.dumps(record, ensure_ascii=ascii_only).replace("\x7f", "\\u007f"))
    assert fault.isprintable()
    assert "\\u001b[2J" in fault
    assert len(fault) < 400


def test_a_key_that_stands_twice_and_a_huge_number_are_quoted_short() -> None:
    twice = json.dumps(HOSTILE * 50)
    for data in (f"{{{twice}: 1, {twice}: 2}}", f'{{"a": 1e{"9" * 5000}}}'):
        ((_, fault),) = lines_and_faults(data.encode())
        assert fault is not None
        assert fault.isprintable()
        assert len(fault) < 120


def test_of_very_many_faults_the_rest_is_counted(definitions) -> None:
    with pytest.raises(PersonError) as caught:
        read_person(definitions, {"warning-signs": ["x"] * 1_203})
    assert str(caught.value).endswith("; and 1003 more")
    assert str(caught.value).count("; ") == 200


NO_JSON_LINES = {
    "a list over many lines": (b"[\n" + ONE + b",\n" + ONE + b"\n]\n", "one JSON list"),
    "a list on one line": (b"[" + ONE + b"," + ONE + b"]\n", "one JSON list"),
}


@pytest.mark.parametrize(("data", "what"), NO_JSON_LINES.values(), ids=NO_JSON_LINES)
def test_another_format_is_one_sentence_that_says_what_it_is(data, what) -> None:
    ((_, fault),) = lines_and_faults(data)
    assert fault is not None
    assert what in fault
    assert "one JSON object on a line" in fault


def test_fhir_is_one_sentence_that_says_what_it_is(definitions) -> None:
    fault = faults_of(definitions, json.dumps({"resourceType": "Bundle", "type": "document", "entry": [{}]}, indent=1))
    assert fault.startswith('this is FHIR ("Bundle")')
    assert fault.endswith("; flask people import makes a record of its answers")


# One at a time ------------------------------------------------------------------------------------------------------------


class Endless(BytesIO):
    """A file that never ends, of one line again and again; it counts what was read of it."""

    def __init__(self, line: bytes, first: bytes = b"") -> None:
        super().__init__()
        self.line, self.left, self.read_of_it = line, first, 0

    def readline(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size > 0, "a line may be as long as it likes"
        text = (self.left or self.line)[:size]
        self.left = (self.left or self.line)[size:]
        self.read_of_it += len(text)
        return text


def test_a_person_is_read_before_the_next(definitions) -> None:
    file = Endless(ONE + b"\n")
    for number, record in enumerate(islice(read_file(file), 5), start=1):
        assert (record.line, record.fault) == (number, None)
        assert file.read_of_it == number * (len(ONE) + 1)


@pytest.mark.parametrize("first", [b"{broken\n", b"broken\n", b"\n\n{\n"], ids=repr)
def test_a_first_line_that_is_no_record_takes_no_more_than_one_record_may(first) -> None:
    file = Endless(ONE + b"\n", first)
    record = next(read_file(file))
    assert record.fault is not None
    assert file.read_of_it < 2 * LONGEST


def test_an_object_over_many_lines_that_never_ends_is_one_fault() -> None:
    file = Endless(b'"xxxxxxxx",\n', b'{"warning-signs": [\n')
    (record,) = read_file(file)
    assert "longer than a record may be" in str(record.fault)
    assert file.read_of_it < 2 * LONGEST


def test_a_line_that_is_too_long_is_one_fault_and_the_next_still_stands() -> None:
    long = b'{"warning-signs": ["' + b"x" * LONGEST + b'"]}'
    (first, fault), (second, none) = lines_and_faults(long + b"\n" + ONE)
    assert (first, second, none) == (1, 2, None)
    assert "longer than a record may be" in str(fault)
