"""Proofs that Certificate Transparency's implementations publish for their eight entries, and what their tests do to spoil them.

Good ones are accepted and every spoilt one is refused: another entry, size or root, a hash too many or too few, in any place.
Source: the test trees of google/certificate-transparency and transparency-dev/merkle; RFC 6962 2.1, RFC 9162 2.1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest

from gateway.domain.ledger.proofs import consistency_spans, hashes_of, inclusion_spans, verify_consistency, verify_inclusion
from gateway.domain.ledger.tree import EMPTY_ROOT, grown, leaf_hash
from gateway.errors import TamperError
from tests.domain.ledger.test_tree import CT_CONSISTENCY, CT_ENTRIES, CT_INCLUSION, CT_ROOTS

SIZES = range(1, 9)
LEAVES = [leaf_hash(entry) for entry in CT_ENTRIES]
ROOTS = [EMPTY_ROOT, *map(bytes.fromhex, CT_ROOTS)]
NODES = grown(0, {}, LEAVES)
OTHER = hashlib.sha256(b"another").digest()
INCLUSION = CT_INCLUSION | {   # (index, size): proof
    (0, 1): [],
    (1, 5): ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"],
}
CONSISTENCY = CT_CONSISTENCY | {   # (old, size): proof
    (1, 1): [],
    (1, 8): ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"],
}

Inclusion = tuple[bytes, int, int, list[bytes], bytes]
Consistency = tuple[int, int, bytes, bytes, list[bytes]]


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_published_inclusion_proofs_are_ours_and_verify(index: int, size: int) -> None:
    proof = [bytes.fromhex(step) for step in INCLUSION[index, size]]
    assert hashes_of(inclusion_spans(index, size), NODES) == proof
    verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])


@pytest.mark.parametrize(("old", "size"), CONSISTENCY)
def test_published_consistency_proofs_are_ours_and_verify(old: int, size: int) -> None:
    proof = [bytes.fromhex(step) for step in CONSISTENCY[old, size]]
    assert hashes_of(consistency_spans(old, size), NODES) == proof
    verify_consistency(old, size, ROOTS[old], ROOTS[size], proof)


def spoilt_proofs(proof: list[bytes], root: bytes) -> Iterator[list[bytes]]:
    """A hash too many or too few, or another, in every place."""
    for more in (root, b"", bytes(32), OTHER):
        yield [*proof, more]
        yield [more, *proof]
    for place in range(len(proof)):
        yield proof[:place] + proof[place + 1:]
        yield [*proof[:place], OTHER, *proof[place + 1:]]
        yield [*proof[:place], OTHER, *proof[place:]]
        yield [*proof[:place], proof[place][:-1], *proof[place + 1:]]
        for bit in range(0, 256, 37):
            bent = bytearray(proof[place])
            bent[bit // 8] ^= 1 << bit % 8
            yield [*proof[:place], bytes(bent), *proof[place + 1:]]
    if len(proof) > 1:
        yield proof[::-1]


def spoilt_inclusions(index: int, size: int) -> Iterator[Inclusion]:
    leaf, root, proof = LEAVES[index], ROOTS[size], hashes_of(inclusion_spans(index, size), NODES)
    for other in {index - 1, index + 1, index ^ 1, index ^ 2, index + size, size, 1 << 62, -1} - {index}:
        yield leaf, other, size, proof, root
    # Not one more or fewer: a path may have the same shape in both, and it is the signed checkpoint that binds size and root.
    for other in {size * 2, size // 2, 0} - {size}:
        yield leaf, index, other, proof, root
    for other_root in {OTHER, b"", EMPTY_ROOT, root[:-1], *ROOTS} - {root}:
        yield leaf, index, size, proof, other_root
    for other_leaf in {OTHER, b"", *LEAVES} - {leaf}:
        yield other_leaf, index, size, proof, root
    for bent in spoilt_proofs(proof, root):
        yield leaf, index, size, bent, root


def spoilt_consistencies(old: int, size: int) -> Iterator[Consistency]:
    before, after, proof = ROOTS[old], ROOTS[size], hashes_of(consistency_spans(old, size), NODES)
    for other in {old - 1, old + 1, old ^ 2, size + 1, 0, -1} - {old}:
        yield other, size, before, after, proof
    for other in {size * 2, size // 2, 0} - {size}:
        yield old, other, before, after, proof
    if before != after:
        yield old, size, after, before, proof
    for root in {OTHER, b"", EMPTY_ROOT, *ROOTS} - {before, after}:
        yield old, size, root, after, proof
        yield old, size, before, root, proof
    for bent in spoilt_proofs(proof, after):
        yield old, size, before, after, bent


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0)])
def test_nothing_proves_an_entry_that_is_not_in_the_tree(index: int, size: int) -> None:
    with pytest.raises(TamperError):
        inclusion_spans(index, size)


@pytest.mark.parametrize("size", SIZES)
def test_every_spoilt_inclusion_proof_is_refused(size: int) -> None:
    tried = 0
    for index in range(size):
        verify_inclusion(LEAVES[index], index, size, hashes_of(inclusion_spans(index, size), NODES), ROOTS[size])
        for spoilt in spoilt_inclusions(index, size):
            tried += 1
            with pytest.raises(TamperError):
                verify_inclusion(*spoilt)
    assert tried >= 20 * size


@pytest.mark.parametrize("size", SIZES)
def test_every_spoilt_consistency_proof_is_refused(size: int) -> None:
    tried = 0
    for old in range(1, size + 1):
        verify_consistency(old, size, ROOTS[old], ROOTS[size], hashes_of(consistency_spans(old, size), NODES))
        for spoilt in spoilt_consistencies(old, size):
            tried += 1
            with pytest.raises(TamperError):
                verify_consistency(*spoilt)
    assert tried >= 15 * size
