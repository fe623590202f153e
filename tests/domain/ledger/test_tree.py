from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.ledger.proofs import (
    consistency_spans,
    hashes_of,
    inclusion_spans,
    nodes_for,
    verify_consistency,
    verify_inclusion,
)
from gateway.domain.ledger.tree import EMPTY_ROOT, Node, frontier, grown, leaf_hash, node_hash, root_of, root_over
from gateway.errors import TamperError

# The eight entries and roots that Certificate Transparency's implementations share.
CT_ENTRIES = [bytes.fromhex(h) for h in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]
CT_ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
CT_INCLUSION = {   # (index, size): proof
    (0, 8): ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"],
    (5, 8): ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
             "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
}
CT_CONSISTENCY = {
    (6, 8): ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
             "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
    (2, 5): ["5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"],
}


def tree(count: int) -> tuple[list[bytes], dict[Node, bytes]]:
    leaves = [leaf_hash(str(n).encode()) for n in range(count)]
    return leaves, grown(0, {}, leaves)


def by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962 2.1, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(by_definition(leaves[:k]), by_definition(leaves[k:]))


def test_the_empty_tree_has_the_root_of_nothing() -> None:
    assert root_of(0, {}) == EMPTY_ROOT == hashlib.sha256(b"").digest() == root_over([])[1]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    leaves = [leaf_hash(entry) for entry in CT_ENTRIES[:size]]
    assert root_of(size, grown(0, {}, leaves)).hex() == CT_ROOTS[size - 1]
    assert root_over(leaves) == (size, bytes.fromhex(CT_ROOTS[size - 1]))


@pytest.mark.parametrize(("index", "size"), CT_INCLUSION)
def test_inclusion_proofs_are_those_of_certificate_transparency(index: int, size: int) -> None:
    nodes = grown(0, {}, [leaf_hash(entry) for entry in CT_ENTRIES])
    assert [h.hex() for h in hashes_of(inclusion_spans(index, size), nodes)] == CT_INCLUSION[index, size]


@pytest.mark.parametrize(("old", "size"), CT_CONSISTENCY)
def test_consistency_proofs_are_those_of_certificate_transparency(old: int, size: int) -> None:
    nodes = grown(0, {}, [leaf_hash(entry) for entry in CT_ENTRIES])
    assert [h.hex() for h in hashes_of(consistency_spans(old, size), nodes)] == CT_CONSISTENCY[old, size]


def test_every_root_up_to_seventy_is_the_definition() -> None:
    leaves, nodes = tree(70)
    for size in range(1, 71):
        assert root_of(size, nodes) == by_definition(leaves[:size]) == root_over(leaves[:size])[1]


@given(st.lists(st.integers(0, 40), min_size=1, max_size=8))
def test_growing_in_any_steps_gives_the_same_tree(steps: list[int]) -> None:
    leaves, at_once = tree(sum(steps))
    nodes: dict[Node, bytes] = {}
    size = 0
    for step in steps:
        known = {node: nodes[node] for node in frontier(size)}
        nodes |= grown(size, known, leaves[size:size + step])
        size += step
    assert nodes == at_once


@given(st.data())
def test_every_inclusion_proof_verifies_and_every_flipped_bit_fails(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    index = data.draw(st.integers(0, size - 1))
    leaves, nodes = tree(size)
    spans = inclusion_spans(index, size)
    proof = hashes_of(spans, {node: nodes[node] for node in nodes_for(spans)})
    root = root_of(size, nodes)
    verify_inclusion(leaves[index], index, size, proof, root)
    whole = [leaves[index], *proof, root]
    which, bit = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 255))
    bent = bytearray(whole[which])
    bent[bit // 8] ^= 1 << bit % 8
    whole[which] = bytes(bent)
    with pytest.raises(TamperError):
        verify_inclusion(whole[0], index, size, whole[1:-1], whole[-1])


@given(st.data())
def test_every_consistency_proof_verifies_and_every_flipped_bit_fails(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    old = data.draw(st.integers(1, size))
    _, nodes = tree(size)
    spans = consistency_spans(old, size)
    proof = hashes_of(spans, {node: nodes[node] for node in nodes_for(spans)})
    roots = root_of(old, nodes), root_of(size, nodes)
    verify_consistency(old, size, *roots, proof)
    whole = [*roots, *proof]
    which, bit = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 255))
    bent = bytearray(whole[which])
    bent[bit // 8] ^= 1 << bit % 8
    whole[which] = bytes(bent)
    with pytest.raises(TamperError):
        verify_consistency(old, size, whole[0], whole[1], whole[2:])


def test_a_proof_for_another_place_size_or_length_fails() -> None:
    leaves, nodes = tree(13)
    root = root_of(13, nodes)
    proof = hashes_of(inclusion_spans(6, 13), nodes)
    for index in range(-1, 15):
        for size in (12, 13, 14):
            if (index, size) != (6, 13):
                with pytest.raises(TamperError):
                    verify_inclusion(leaves[6], index, size, proof, root if size == 13 else bytes(32))
    for bent in (proof[:-1], [*proof, proof[0]], proof[::-1], []):
        with pytest.raises(TamperError):
            verify_inclusion(leaves[6], 6, 13, bent, root)


def test_a_rewritten_history_is_found() -> None:
    _, nodes = tree(9)
    other = grown(0, {}, [leaf_hash(b"another" if n == 2 else str(n).encode()) for n in range(20)])
    with pytest.raises(TamperError):
        verify_consistency(9, 20, root_of(9, nodes), root_of(20, other), hashes_of(consistency_spans(9, 20), other))


@pytest.mark.parametrize(("old", "size"), [(0, 5), (6, 5), (-1, 5)])
def test_a_tree_does_not_grow_from_nothing_or_from_a_larger_one(old: int, size: int) -> None:
    with pytest.raises(TamperError):
        consistency_spans(old, size)
    with pytest.raises(TamperError):
        verify_consistency(old, size, bytes(32), bytes(32), [])


def test_a_missing_node_is_named() -> None:
    _, nodes = tree(8)
    del nodes[2, 1]
    with pytest.raises(TamperError, match="level 2, index 1"):
        hashes_of(inclusion_spans(0, 8), nodes)
