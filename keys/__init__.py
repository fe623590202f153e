"""Whose key, for what, until when: sealing, signing, key ring, rotation."""
