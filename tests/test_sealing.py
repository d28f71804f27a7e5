"""Sealed rows and the key's file."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import SealBroken, StoreRefused
from storage.rows.sealing import KeyFiles, Sealer, _Key, canonical, key_id_of, load_key, load_or_create_key, write_key

KEY, OTHER_KEY = bytes(32), bytes(31) + b"\1"
BOUND = {"content_hash": "c0ffee", "revision": 3, "expires": "2027-02-20"}
PLAIN = b'{"fell-past-year":"yes"}'
plain_columns = st.dictionaries(st.text(), st.none() | st.integers() | st.text())


def sealed(plain: bytes = PLAIN) -> bytes:
    return Sealer(KEY).seal("records", "r1", BOUND, plain)


@given(st.binary(), st.text(), plain_columns)
def test_what_was_sealed_opens_again(plain: bytes, row_id: str, bound: dict[str, object]) -> None:
    sealer = Sealer(KEY)
    assert sealer.open("records", row_id, bound, sealer.seal("records", row_id, bound, plain)) == plain


def test_every_flipped_bit_of_a_sealed_row_is_noticed() -> None:
    blob = sealed()
    for position in range(len(blob) * 8):
        flipped = bytearray(blob)
        flipped[position // 8] ^= 1 << position % 8
        with pytest.raises(SealBroken):
            Sealer(KEY).open("records", "r1", BOUND, bytes(flipped))


def test_every_shortened_row_is_noticed() -> None:
    for length in range(len(sealed())):
        with pytest.raises(SealBroken):
            Sealer(KEY).open("records", "r1", BOUND, sealed()[:length])


@pytest.mark.parametrize(
    "open_elsewhere",
    [
        pytest.param(lambda blob: Sealer(OTHER_KEY).open("records", "r1", BOUND, blob), id="another key"),
        pytest.param(lambda blob: Sealer(KEY).open("submissions", "r1", BOUND, blob), id="another table"),
        pytest.param(lambda blob: Sealer(KEY).open("records", "r2", BOUND, blob), id="another row"),
        *(
            pytest.param(
                lambda blob, bound=BOUND | change: Sealer(KEY).open("records", "r1", bound, blob),
                id=f"another {next(iter(change))}: {change}",
            )
            for change in (
                {"content_hash": "c0ffef"},
                {"revision": 4},
                {"revision": "3"},
                {"revision": b"3"},
                {"revision": float("nan")},
                {"expires": "2027-02-21"},
                {"expires": None},
                {"latest_submission_id": None},
            )
        ),
    ],
)
def test_a_row_opens_only_where_it_was_sealed(open_elsewhere: Callable[[bytes], bytes]) -> None:
    with pytest.raises(SealBroken, match="damaged or was changed"):
        open_elsewhere(sealed())


@pytest.mark.parametrize("found", [None, 7, 7.5, "text", b""])
def test_a_column_that_is_no_blob_any_more_is_noticed(found: bytes) -> None:
    with pytest.raises(SealBroken):
        Sealer(KEY).open("records", "r1", BOUND, found)


def test_the_same_answers_never_look_the_same() -> None:
    assert sealed() != sealed()


def test_a_sealer_knows_the_rows_of_its_own_key() -> None:
    assert Sealer(KEY).has_key_of(sealed())
    assert not Sealer(OTHER_KEY).has_key_of(sealed())


def test_who_turns_to_a_new_key_goes_on_opening_what_the_one_before_sealed(tmp_path: Path) -> None:
    """Also between the two steps, and where the file of that one was taken away meanwhile."""
    files = KeyFiles(tmp_path / "key")
    write_key(files.new, OTHER_KEY)
    sealer = Sealer(KEY, files)
    assert sealer.turn_to(Sealer(OTHER_KEY).seal("records", "r2", BOUND, PLAIN))
    assert sealer.open("records", "r1", BOUND, sealed()) == PLAIN
    sealer.accept_earlier([key_id_of(KEY)])
    assert sealer.open("records", "r1", BOUND, sealed()) == PLAIN
    sealer.accept_earlier([])
    with pytest.raises(SealBroken):
        sealer.open("records", "r1", BOUND, sealed())


def test_each_purpose_and_each_key_has_its_own_secret() -> None:
    secrets = [Sealer(key).derive(purpose) for key in (KEY, OTHER_KEY) for purpose in ("csrf", "session")]
    assert len(set(secrets)) == 4
    assert {len(secret) for secret in secrets} == {32}
    assert Sealer(KEY).derive("csrf") == secrets[0]


def test_equal_objects_have_one_text() -> None:
    assert canonical({"b": "ñ", "a": [1, True]}) == canonical({"a": [1, True], "b": "ñ"})
    assert canonical({"a": 1}) != canonical({"a": True})


def test_a_new_key_is_random_and_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    key = load_or_create_key(folder / "a.key")
    assert len(key) == 32
    assert key != load_or_create_key(folder / "b.key")
    assert stat.S_IMODE((folder / "a.key").stat().st_mode) == 0o400
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_key_is_made_once(tmp_path: Path) -> None:
    assert load_or_create_key(tmp_path / "a.key") == load_or_create_key(tmp_path / "a.key")
    assert [path.name for path in tmp_path.iterdir()] == ["a.key"]


def test_a_crash_while_the_key_was_written_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "a.key.half").write_text("01ab")
    assert len(load_or_create_key(tmp_path / "a.key")) == 32
    assert [path.name for path in tmp_path.iterdir()] == ["a.key"]


def test_a_key_copied_back_for_everyone_is_closed_again(tmp_path: Path) -> None:
    (tmp_path / "a.key").write_text("0" * 64)
    (tmp_path / "a.key").chmod(0o644)
    assert load_key(tmp_path / "a.key") == KEY
    assert stat.S_IMODE((tmp_path / "a.key").stat().st_mode) == 0o400


@pytest.mark.parametrize("text", ["", "0" * 63, "0" * 62, "0" * 66, "g" * 64, "ñ" * 64])
def test_a_damaged_key_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.key").write_text(text, encoding="utf-8")
    with pytest.raises(StoreRefused, match="put back the copy"):
        load_key(tmp_path / "a.key")


@pytest.mark.parametrize("text", ["", "a", 'quo"ted', "back\\slash", "ñ 😀 \ud800", "\x00\n\x1f\x7f", "</a>"])
def test_a_row_is_bound_to_the_canonical_text_of_where_it_lies_however_that_is_put_together(text: str) -> None:
    """What is sealed with one text opens with no other: a byte more or less, and no row of any store opens again."""
    key = _Key(bytes(range(32)))
    for bound in ({}, {"z": text, "a": None}, {text: 1, "number": 2, "done": True}):
        assert key.binding(text, text, bound) == key.head + canonical([text, text, bound])
