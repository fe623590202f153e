"""RFC 6962 Merkle trees: roots and proofs, as pure functions."""
