"""The shape of what arrives and leaves."""
