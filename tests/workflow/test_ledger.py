import hashlib
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bando.states import CallState
from workflow.ledger import canonical, digest, inclusion_proof, is_included, merkle_root, seal_hash

# The leaves and roots that the reference implementation of RFC 6962 is tested with (Certificate Transparency).
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATHS = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None, "è «sì»\n"]}, '{"a":[true,null,"è «sì»\\n"],"b":1}'),
        ({"z": 1, "Z": 2, "é": 3}, '{"Z":2,"z":1,"é":3}'),
        (Decimal("1E+3"), '"1000"'),
        (Decimal("0.70"), '"0.70"'),
        (datetime(2021, 10, 18, 12, 0, tzinfo=timezone(timedelta(hours=2))), '"2021-10-18T10:00:00.000000Z"'),
        (datetime(2021, 10, 18, 10, 0, 0, 1, tzinfo=UTC), '"2021-10-18T10:00:00.000001Z"'),
        (date(2021, 10, 18), '"2021-10-18"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        ((1, 2), "[1,2]"),
        (CallState.DRAFT, '"draft"'),
    ],
)
def test_a_value_has_one_text(value, text):
    assert canonical(value) == text


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (0.1, "float has no canonical form"),
        ({"a": [1.0]}, "float has no canonical form"),
        (Decimal("NaN"), "NaN is not a number that can be written"),
        (Decimal("Infinity"), "Infinity is not a number that can be written"),
        (datetime(2021, 10, 18, 12), "2021-10-18 12:00:00 has no zone"),  # noqa: DTZ001 - the fault under test
        ({1: "a"}, "keys must be text: 1"),
        ({"a", "b"}, "set has no canonical form"),
        (b"abc", "bytes has no canonical form"),
    ],
)
def test_what_two_machines_may_write_differently_is_refused(value, why):
    with pytest.raises(TypeError) as refused:
        canonical(value)
    assert str(refused.value) == why


def test_the_digest_of_a_text_is_that_of_its_utf8():
    assert digest("è") == digest("è".encode()) == hashlib.sha256(b"\xc3\xa8").hexdigest()


@pytest.mark.parametrize("count", range(1, 9))
def test_roots_are_those_of_rfc_6962(count):
    assert merkle_root(LEAVES[:count]) == ROOTS[count - 1]


@pytest.mark.parametrize(("index", "count"), PATHS)
def test_proofs_are_those_of_rfc_6962(index, count):
    path = inclusion_proof(LEAVES[:count], index)
    assert path == PATHS[index, count]
    assert is_included(LEAVES[index], index, count, path, ROOTS[count - 1])


@settings(deadline=None)  # a busy machine is not a fault
@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70, unique=True), st.data())
def test_every_entry_is_proved_and_nothing_else_is(entries, data):
    hashes = [entry.hex() for entry in entries]
    index = data.draw(st.integers(0, len(hashes) - 1))
    root, path = merkle_root(hashes), inclusion_proof(hashes, index)
    assert is_included(hashes[index], index, len(hashes), path, root)
    assert not is_included(digest("another"), index, len(hashes), path, root)
    assert not is_included(hashes[index], index, len(hashes), [*path, root], root)
    assert not is_included(hashes[index], index, len(hashes), path, digest("another root"))
    for elsewhere in {*range(len(hashes))} - {index}:
        assert not is_included(hashes[index], elsewhere, len(hashes), path, root)
    if path:
        assert not is_included(hashes[index], index, len(hashes), path[:-1], root)


@pytest.mark.parametrize(("index", "count"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_proof_outside_the_tree(index, count):
    assert not is_included(LEAVES[0], index, count, [], ROOTS[0])
    with pytest.raises(IndexError):
        inclusion_proof(LEAVES[:count], index)


def test_nothing_is_sealed_out_of_nothing():
    with pytest.raises(ValueError, match="at least one entry"):
        merkle_root([])


def test_a_seal_hangs_on_the_one_before_it():
    at = datetime(2026, 6, 30, 10, tzinfo=UTC)
    sealed = {"number": 2, "previous": "a" * 64, "root": ROOTS[0], "count": 1, "at": at}
    text = f'{{"at":"2026-06-30T10:00:00.000000Z","count":1,"number":2,"previous":"{"a" * 64}","root":"{ROOTS[0]}"}}'
    assert seal_hash(**sealed) == digest(text)
    changed = [{"number": 3}, {"previous": "b" * 64}, {"root": ROOTS[1]}, {"count": 2}, {"at": at + timedelta(microseconds=1)}]
    assert len({seal_hash(**sealed), *(seal_hash(**{**sealed, **change}) for change in changed)}) == 6
